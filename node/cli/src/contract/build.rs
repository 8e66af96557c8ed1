//! `marque contract build`: a contract's crate to WebAssembly that the chain takes.

use super::{check, code};
use crate::failure::Failure;
use crate::output::Output;
use clap::Args;
use serde::Deserialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32v1-none";
const PROFILE: &str = "contract";

/// The contract profile and a stack of 64 KiB, whatever the workspace says.
const CONFIG: [&str; 9] = [
    "profile.contract.inherits=\"release\"",
    "profile.contract.opt-level=\"z\"",
    "profile.contract.lto=true",
    "profile.contract.codegen-units=1",
    "profile.contract.panic=\"abort\"",
    "profile.contract.strip=true",
    "profile.contract.debug=false",
    "profile.contract.overflow-checks=true",
    "target.wasm32v1-none.rustflags=[\"-Clink-arg=-zstack-size=65536\"]",
];

/// What an outer build, or the user's shell, sets for other builds.
const OUTER: [&str; 7] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
];

const EXAMPLES: &str = "\
Examples:
  marque contract build
  marque contract build contracts/fresh-food --out fresh_food.wasm";

/// Compile a contract and check what comes out
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct BuildArgs {
    /// The contract's folder
    #[arg(default_value = ".", value_name = "PATH")]
    path: PathBuf,
    /// Where to put the module; target/contracts/NAME.wasm unless given
    #[arg(long, value_name = "FILE.wasm")]
    out: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// `marque contract build`.
pub fn run(args: &BuildArgs, output: &Output) -> Result<(), Failure> {
    let manifest = args.path.join("Cargo.toml");
    let manifest = manifest
        .canonicalize()
        .map_err(|error| Failure::file(&manifest, &error))?;
    let metadata = metadata(&manifest)?;
    let library = library(&metadata, &manifest)?;
    ensure_target(&manifest)?;
    let folder = metadata.target_directory.join("contracts");
    compile(&manifest, &folder)?;
    let built = folder
        .join(TARGET)
        .join(PROFILE)
        .join(format!("{library}.wasm"));
    let bytes = code::read(&built)?;
    let admitted = check::admit(&bytes)?;
    let out = match &args.out {
        Some(out) => out.clone(),
        None => folder.join(format!("{library}.wasm")),
    };
    std::fs::copy(&built, &out).map_err(|error| Failure::file(&out, &error))?;
    match (&admitted, output.json) {
        (Ok(checked), true) => output.value(&check::taken(&out, &bytes, checked))?,
        (Ok(checked), false) => output.table(&check::taken_table(&out, &bytes, checked))?,
        (Err(why), true) => output.value(&check::not_taken(&out, &bytes, why))?,
        (Err(why), false) => output.table(&check::not_taken_table(&out, &bytes, why))?,
    }
    match admitted {
        Ok(_) => Ok(()),
        Err(_) => Err(Failure::new(
            "it compiles, but the chain does not take it",
            "see above",
        )),
    }
}

/// Cargo as the user's shell would run it in the contract's folder, without what other
/// builds have set for themselves.
fn cargo(manifest: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut cargo = Command::new(program);
    cargo.current_dir(manifest.parent().unwrap_or(Path::new(".")));
    for name in OUTER {
        cargo.env_remove(name);
    }
    cargo
}

fn metadata(manifest: &Path) -> Result<Metadata, Failure> {
    let mut cargo = cargo(manifest);
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    cargo.arg("--manifest-path").arg(manifest);
    let done = cargo.output().map_err(|error| no_cargo(&error))?;
    if !done.status.success() {
        return Err(Failure::new(
            String::from_utf8_lossy(&done.stderr).trim(),
            "mend the manifest",
        ));
    }
    serde_json::from_slice(&done.stdout)
        .map_err(|error| Failure::new(format!("cargo's metadata is not understood: {error}"), ""))
}

fn no_cargo(error: &std::io::Error) -> Failure {
    Failure::new(
        format!("cargo does not run: {error}"),
        "install Rust from https://rustup.rs",
    )
}

/// The name that the module's file gets.
fn library(metadata: &Metadata, manifest: &Path) -> Result<String, Failure> {
    let package = metadata
        .packages
        .iter()
        .find(|package| package.manifest_path == manifest)
        .ok_or_else(|| {
            Failure::usage(
                format!("{} has no package", manifest.display()),
                "name the folder of the contract's own Cargo.toml",
            )
        })?;
    let library = package.targets.iter().find(|target| {
        let library = |kind: &String| kind == "lib" || kind == "cdylib";
        target.kind.iter().any(library)
    });
    match library {
        Some(target) => Ok(target.name.replace('-', "_")),
        None => Err(Failure::usage(
            format!("{} has no library", package.name),
            "a contract is a library crate: write src/lib.rs",
        )),
    }
}

/// A toolchain that was installed before does not gain the target by itself.
fn ensure_target(manifest: &Path) -> Result<(), Failure> {
    let missing = || {
        Failure::new(
            format!("the standard library of {TARGET} is missing"),
            format!(
                "run `rustup target add {TARGET}`, or install your distribution's package of it"
            ),
        )
    };
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let sysroot = Command::new("rustc")
        .current_dir(folder)
        .args(["--print", "sysroot"])
        .output()
        .map_err(|error| no_cargo(&error))?;
    let sysroot = String::from_utf8_lossy(&sysroot.stdout);
    let installed = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET);
    if installed.is_dir() {
        return Ok(());
    }
    let added = Command::new("rustup")
        .current_dir(folder)
        .args(["target", "add", TARGET])
        .status();
    match added {
        Ok(status) if status.success() => Ok(()),
        _ => Err(missing()),
    }
}

fn compile(manifest: &Path, folder: &Path) -> Result<(), Failure> {
    let mut cargo = cargo(manifest);
    cargo.args(["rustc", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--target", TARGET, "--profile", PROFILE]);
    cargo.arg("--manifest-path").arg(manifest);
    cargo.arg("--target-dir").arg(folder);
    for config in CONFIG {
        cargo.args(["--config", config]);
    }
    // The answer is on stdout; what cargo says goes to stderr by itself.
    let status = cargo.status().map_err(|error| no_cargo(&error))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new("the contract does not compile", "see above")),
    }
}
