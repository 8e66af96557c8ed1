//! Compiles the reference contracts to WebAssembly and hands them to the binary, so that
//! `marque dev` can deploy them wherever the binary is carried.
//!
//! The contracts have a target folder and profile of their own: sharing the outer build's
//! folder would wait for the lock that the outer build holds.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const TARGET: &str = "wasm32v1-none";

/// Contracts have 64 KiB of stack, since the linker's own default is a megabyte of memory; and
/// calls and addresses in as few bytes as they need. As `marque contract build` links them.
const LINK: &str = "target.wasm32v1-none.rustflags=[\"-Clink-arg=-zstack-size=65536\",\"-Clink-arg=--compress-relocations\"]";

/// Package, and the name under which the binary knows it.
const CONTRACTS: &[(&str, &str)] = &[("marque-fresh-food", "fresh-food")];

/// What the outer build sets for itself and must not reach the contracts' build.
const OUTER: &[&str] = &[
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
];

fn main() -> Result<(), String> {
    let root = workspace()?;
    for path in [
        "contracts",
        "sdk/contract",
        "sdk/macros",
        "runtime/abi",
        "runtime/primitives",
        "Cargo.lock",
    ] {
        println!("cargo::rerun-if-changed={}", root.join(path).display());
    }
    ensure_target()?;
    let out = PathBuf::from(variable("OUT_DIR")?);
    // <target>/<profile>/build/<package>/out
    let target = out
        .ancestors()
        .nth(4)
        .ok_or("the build folder has no target folder above it")?
        .join("contracts");
    compile(&root, &target)?;
    let mut table = String::from("&[\n");
    for (package, name) in CONTRACTS {
        let file = format!("{}.wasm", package.replace('-', "_"));
        let built = target.join(TARGET).join("contract").join(&file);
        fs::copy(&built, out.join(&file))
            .map_err(|error| format!("{}: {error}", built.display()))?;
        table.push_str(&format!(
            "    ({name:?}, include_bytes!({:?})),\n",
            out.join(&file)
        ));
    }
    table.push(']');
    fs::write(out.join("contracts.rs"), table).map_err(|error| error.to_string())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set; build with cargo"))
}

fn workspace() -> Result<PathBuf, String> {
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    manifest
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .ok_or_else(|| "the package is not inside its workspace".into())
}

fn compile(root: &Path, target: &Path) -> Result<(), String> {
    for (package, _) in CONTRACTS {
        let mut cargo = Command::new(variable("CARGO")?);
        cargo.current_dir(root);
        // A crate that is a plain library too is optimised as a whole only when nothing
        // else is made of it.
        cargo.args([
            "rustc",
            "--locked",
            "-p",
            package,
            "--lib",
            "--crate-type",
            "cdylib",
        ]);
        cargo.args([
            "--target",
            TARGET,
            "--profile",
            "contract",
            "--config",
            LINK,
        ]);
        cargo.arg("--target-dir").arg(target);
        for name in OUTER {
            cargo.env_remove(name);
        }
        run(&mut cargo, "a contract does not compile")?;
    }
    Ok(())
}

/// A toolchain that was installed before does not gain the target by itself.
fn ensure_target() -> Result<(), String> {
    let output = Command::new(variable("RUSTC")?)
        .args(["--print", "sysroot"])
        .output();
    let sysroot = output
        .map_err(|error| format!("rustc --print sysroot: {error}"))?
        .stdout;
    let sysroot = String::from_utf8_lossy(&sysroot);
    if Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .is_dir()
    {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]);
    if let Ok(toolchain) = env::var("RUSTUP_TOOLCHAIN") {
        rustup.args(["--toolchain", &toolchain]);
    }
    run(
        &mut rustup,
        "contracts need the standard library of wasm32v1-none: run `rustup target add wasm32v1-none`, or where there \
         is no rustup install your distribution's package of it for this version of Rust",
    )
}

fn run(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} ({status})")),
        Err(error) => Err(format!("{what} ({error})")),
    }
}
