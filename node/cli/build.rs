//! Compiles the reference contracts to WebAssembly and hands them to the binary, so that
//! `marque dev` can deploy them wherever the binary is carried.
//!
//! The contracts have a target folder and profile of their own: sharing the outer build's
//! folder would wait for the lock that the outer build holds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The same source that the binary's `marque contract build` compiles contracts by, so that
/// both make the same bytes.
#[path = "../../runtime/abi/src/module.rs"]
mod module;

use module::{
    AS_PROJECT, AS_REGISTRY, AS_RUST, AS_TARGET, CONFIG, FLAGS, FLAGS_END, LINK, OUTER, PROFILE,
    REMAP, TARGET,
};

/// Package, and the name under which the binary knows it.
const CONTRACTS: &[(&str, &str)] = &[("marque-fresh-food", "fresh-food")];

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
    let sysroot = sysroot()?;
    ensure_target(&sysroot)?;
    let out = PathBuf::from(variable("OUT_DIR")?);
    // <target>/<profile>/build/<package>/out
    let target = out
        .ancestors()
        .nth(4)
        .ok_or("the build folder has no target folder above it")?;
    // Where `marque contract build` compiles, too.
    let folder = target.join("contracts/build");
    compile(&root, &folder, &remapped(&sysroot, &root, target)?)?;
    let mut table = String::from("&[\n");
    for (package, name) in CONTRACTS {
        let file = format!("{}.wasm", package.replace('-', "_"));
        let built = folder.join(TARGET).join(PROFILE).join(&file);
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

/// Flags that put one name in the place of each folder that sources come from, outer ones
/// first. The workspace's crates are in its folder, all others in registries'.
fn remapped(sysroot: &Path, root: &Path, target: &Path) -> Result<Vec<String>, String> {
    let mut names = BTreeSet::from([
        (root.to_path_buf(), AS_PROJECT),
        (target.to_path_buf(), AS_TARGET),
    ]);
    let sources = home()?.join("registry/src");
    for registry in fs::read_dir(&sources).into_iter().flatten() {
        let registry = registry.map_err(|error| format!("{}: {error}", sources.display()))?;
        names.insert((registry.path(), AS_REGISTRY));
    }
    let names = [(sysroot.to_path_buf(), AS_RUST)].into_iter().chain(names);
    let flag = |(folder, name): (PathBuf, &str)| format!("{REMAP}={}={name}", folder.display());
    Ok(names.map(flag).collect())
}

/// Cargo's own folder.
fn home() -> Result<PathBuf, String> {
    match env::var_os("CARGO_HOME") {
        Some(home) => Ok(home.into()),
        None => env::home_dir()
            .map(|home| home.join(".cargo"))
            .ok_or_else(|| "there is no home folder; set CARGO_HOME".into()),
    }
}

fn compile(root: &Path, folder: &Path, remapped: &[String]) -> Result<(), String> {
    let flags = LINK
        .iter()
        .copied()
        .chain(remapped.iter().map(String::as_str));
    let flags = flags.collect::<Vec<_>>().join(FLAGS_END);
    for (package, _) in CONTRACTS {
        let mut cargo = Command::new(variable("CARGO")?);
        cargo.current_dir(root);
        // A crate that is a plain library too is optimised as a whole only when nothing
        // else is made of it.
        cargo.args(["rustc", "--locked", "-p", package]);
        cargo.args(["--lib", "--crate-type", "cdylib"]);
        cargo.args(["--target", TARGET, "--profile", PROFILE]);
        cargo.arg("--target-dir").arg(folder);
        for config in CONFIG {
            cargo.args(["--config", config]);
        }
        for name in OUTER {
            cargo.env_remove(name);
        }
        cargo.env(FLAGS, &flags);
        run(&mut cargo, "a contract does not compile")?;
    }
    Ok(())
}

fn sysroot() -> Result<PathBuf, String> {
    let output = Command::new(variable("RUSTC")?)
        .args(["--print", "sysroot"])
        .output();
    let printed = output
        .map_err(|error| format!("rustc --print sysroot: {error}"))?
        .stdout;
    Ok(String::from_utf8_lossy(&printed).trim().into())
}

/// A toolchain that was installed before does not gain the target by itself.
fn ensure_target(sysroot: &Path) -> Result<(), String> {
    if sysroot.join("lib/rustlib").join(TARGET).is_dir() {
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
