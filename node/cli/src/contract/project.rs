//! A contract's crate as cargo describes it, and cargo as it is run for it.

use crate::failure::Failure;
use marque_abi::module::{AS_PROJECT, AS_REGISTRY, AS_RUST, AS_TARGET, OUTER, REMAP, TARGET};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// A contract's crate.
pub struct Project {
    /// Its Cargo.toml, by its whole path.
    pub manifest: PathBuf,
    /// The name that its module's file has, without `.wasm`.
    pub library: String,
    /// The folder that contracts are compiled into.
    pub folder: PathBuf,
    /// Folders of sources, and what stands for each in a module.
    names: Vec<(PathBuf, String)>,
}

impl Project {
    /// Reads the crate in a folder.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let manifest = path.join("Cargo.toml");
        let manifest = manifest.canonicalize().map_err(|error| {
            let mut failure = Failure::file(&manifest, &error);
            if error.kind() == std::io::ErrorKind::NotFound {
                failure.remedy =
                    "name a contract's folder, or make one with `marque contract new NAME`".into();
            }
            failure
        })?;
        let metadata = metadata(&manifest)?;
        Ok(Self {
            library: library(&metadata, &manifest)?,
            folder: metadata.target_directory.join("contracts"),
            names: names(&metadata),
            manifest,
        })
    }

    /// Cargo in the contract's folder.
    pub fn cargo(&self) -> Command {
        cargo(&self.manifest)
    }

    /// Rustc's flags that put one name in the place of each folder.
    pub fn remapped(&self) -> Result<Vec<String>, Failure> {
        let mut flags = vec![remap(&sysroot(&self.manifest)?, AS_RUST)];
        flags.extend(self.names.iter().map(|(folder, name)| remap(folder, name)));
        Ok(flags)
    }
}

fn remap(folder: &Path, name: &str) -> String {
    format!("{REMAP}={}={name}", folder.display())
}

/// What stands for each folder that sources come from: for a registry or a checkout one name,
/// whoever's home it is in; for a crate by path its name and version.
fn names(metadata: &Metadata) -> Vec<(PathBuf, String)> {
    let (root, target) = (&metadata.workspace_root, &metadata.target_directory);
    let mut all = BTreeSet::from([
        (root.clone(), AS_PROJECT.to_string()),
        (target.clone(), AS_TARGET.to_string()),
    ]);
    for package in &metadata.packages {
        let Some(folder) = package.manifest_path.parent() else {
            continue;
        };
        if package.source.is_none() {
            if !folder.starts_with(root) {
                let name = format!("/{}-{}", package.name, package.version);
                all.insert((folder.to_path_buf(), name));
            }
        } else if let Some(above) = folder.parent() {
            all.insert((above.to_path_buf(), AS_REGISTRY.to_string()));
        }
    }
    // In order, a folder comes before those inside of it.
    all.into_iter().collect()
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
    cargo.args(["metadata", "--format-version", "1", "--quiet"]);
    cargo.args(["--filter-platform", TARGET]);
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

pub fn no_cargo(error: &std::io::Error) -> Failure {
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

fn rustc(manifest: &Path, args: &[&str]) -> Result<String, Failure> {
    let printed = Command::new("rustc")
        .current_dir(manifest.parent().unwrap_or(Path::new(".")))
        .args(args)
        .output()
        .map_err(|error| no_cargo(&error))?;
    Ok(String::from_utf8_lossy(&printed.stdout).trim().to_string())
}

fn sysroot(manifest: &Path) -> Result<PathBuf, Failure> {
    rustc(manifest, &["--print", "sysroot"]).map(PathBuf::from)
}

/// The compiler that the contract's folder asks for, as it names itself.
pub fn toolchain(manifest: &Path) -> Result<String, Failure> {
    rustc(manifest, &["--version"])
}

/// A toolchain that was installed before does not gain the target by itself.
pub fn ensure_target(manifest: &Path) -> Result<(), Failure> {
    let missing = || {
        Failure::new(
            format!("the standard library of {TARGET} is missing"),
            format!(
                "run `rustup target add {TARGET}`, or install your distribution's package of it"
            ),
        )
    };
    let installed = sysroot(manifest)?.join("lib/rustlib").join(TARGET);
    if installed.is_dir() {
        return Ok(());
    }
    let added = Command::new("rustup")
        .current_dir(manifest.parent().unwrap_or(Path::new(".")))
        .args(["target", "add", TARGET])
        .status();
    match added {
        Ok(status) if status.success() => Ok(()),
        _ => Err(missing()),
    }
}
