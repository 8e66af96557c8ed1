//! Contracts to WebAssembly, as the chain is given them.

use marque_abi::module::{FLAGS, FLAGS_END, LINK, OUTER, PROFILE, TARGET};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

/// A folder of modules that were built for this run (`marque contract test`): those are
/// tested, not others of the same source.
const MODULES: &str = "MARQUE_MODULES";

/// What this process compiled already.
static COMPILED: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::new(BTreeMap::new());

/// The WebAssembly of a package of the workspace that the test belongs to: its library,
/// compiled with the profile `contract` into `target/contracts`, without the sections that
/// the chain does not read. Compiled once in a process; cargo knows when again.
///
/// ```
/// let wasm = marque_testing::compile("marque-fresh-food");
/// assert!(wasm.starts_with(b"\0asm"));
/// assert_eq!(marque_testing::strip(&wasm), wasm);
/// ```
///
/// # Panics
/// When it does not compile; cargo has said why.
pub fn compile(package: &str) -> Vec<u8> {
    build(package, &["--lib"], &package.replace('-', "_"))
}

/// The same of an example of a package.
///
/// ```
/// let wasm = marque_testing::compile_example("marque-sdk", "smallest");
/// assert!(wasm.starts_with(b"\0asm"));
/// ```
///
/// # Panics
/// When it does not compile; cargo has said why.
pub fn compile_example(package: &str, example: &str) -> Vec<u8> {
    build(
        package,
        &["--example", example],
        &format!("examples/{example}"),
    )
}

fn build(package: &str, what: &[&str], file: &str) -> Vec<u8> {
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let name = format!("{package} {file}");
    if let Some(code) = compiled.get(&name) {
        return code.clone();
    }
    let ready = env::var_os(MODULES).map(|folder| Path::new(&folder).join(format!("{file}.wasm")));
    if let Some(built) = ready.and_then(|path| fs::read(path).ok()) {
        let code = strip(&built);
        compiled.insert(name, code.clone());
        return code;
    }
    let root = workspace();
    let target = root.join("target/contracts");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&root);
    // A library is optimised as a whole only when nothing but the module is made of it.
    cargo.args(["rustc", "--quiet", "-p", package]).args(what);
    cargo.args([
        "--crate-type",
        "cdylib",
        "--target",
        TARGET,
        "--profile",
        PROFILE,
    ]);
    cargo.arg("--target-dir").arg(&target);
    for name in OUTER {
        cargo.env_remove(name);
    }
    cargo.env(FLAGS, LINK.join(FLAGS_END));
    let status = cargo.status().expect("cargo runs");
    assert!(
        status.success(),
        "{package} does not compile to {TARGET}; where the target is missing: rustup target add {TARGET}"
    );
    let path = target
        .join(TARGET)
        .join(PROFILE)
        .join(format!("{file}.wasm"));
    let built = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let code = strip(&built);
    compiled.insert(name, code.clone());
    code
}

/// The folder above the running test's package that holds the lock file.
fn workspace() -> PathBuf {
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo runs the test");
    let root = Path::new(&package)
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file());
    root.expect("the package belongs to a workspace with a lock file")
        .to_path_buf()
}

/// A module without custom sections other than the contract's metadata: what names the
/// compiler or its features is nothing that the chain stores. What is no module comes back
/// as it is, for the chain's check to refuse.
///
/// ```
/// let module = b"\0asm\x01\0\0\0";
/// let named = [&module[..], &[0, 5, 4, b'n', b'a', b'm', b'e']].concat();
/// assert_eq!(marque_testing::strip(&named), module);
/// ```
pub fn strip(module: &[u8]) -> Vec<u8> {
    let Some((header, mut rest)) = module.split_at_checked(8) else {
        return module.to_vec();
    };
    let mut out = header.to_vec();
    while let Some((section, after)) = section(rest) {
        let kept = match section.name() {
            Some(name) => name == marque_abi::meta::SECTION.as_bytes(),
            None => true,
        };
        if kept {
            out.extend_from_slice(section.whole);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

struct Section<'m> {
    id: u8,
    content: &'m [u8],
    whole: &'m [u8],
}

impl<'m> Section<'m> {
    /// The name of a custom section.
    fn name(&self) -> Option<&'m [u8]> {
        let (len, rest) = leb(self.content)?;
        (self.id == 0).then(|| rest.get(..len))?
    }
}

fn section(bytes: &[u8]) -> Option<(Section<'_>, &[u8])> {
    let (id, rest) = bytes.split_first()?;
    let (len, rest) = leb(rest)?;
    let (content, after) = rest.split_at_checked(len)?;
    let whole = bytes.get(..bytes.len().checked_sub(after.len())?)?;
    Some((
        Section {
            id: *id,
            content,
            whole,
        },
        after,
    ))
}

/// An unsigned LEB128 number of at most 32 bits.
fn leb(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, bytes.get(at + 1..)?));
        }
    }
    None
}
