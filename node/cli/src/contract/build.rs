//! `marque contract build`: a contract's crate to WebAssembly that the chain takes, the same
//! bytes wherever it stands.

use super::project::{Project, ensure_target, no_cargo};
use super::{check, code};
use crate::failure::Failure;
use crate::output::Output;
use clap::Args;
use marque_abi::module::{CONFIG, FLAGS, FLAGS_END, LINK, PROFILE, TARGET};
use std::path::PathBuf;

const EXAMPLES: &str = "\
The same source, Cargo.lock and toolchain make the same bytes in any folder and under any user.

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

/// `marque contract build`.
pub fn run(args: &BuildArgs, output: &Output) -> Result<(), Failure> {
    let project = Project::read(&args.path)?;
    let bytes = module(&project)?;
    let admitted = check::admit(&bytes)?;
    let out = args.out.clone().unwrap_or_else(|| project.module());
    std::fs::write(&out, &bytes).map_err(|error| Failure::file(&out, &error))?;
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

impl Project {
    /// Where its module is put.
    pub fn module(&self) -> PathBuf {
        self.folder.join(format!("{}.wasm", self.library))
    }
}

/// Compiles a contract; nothing of the folder, the user or the shell is in the bytes.
pub fn module(project: &Project) -> Result<Vec<u8>, Failure> {
    ensure_target(&project.manifest)?;
    // Apart from what tests compile with other flags, which would have it built again.
    let folder = project.folder.join("build");
    let mut flags: Vec<String> = LINK.map(String::from).into();
    flags.extend(project.remapped()?);
    let mut cargo = project.cargo();
    cargo.args(["rustc", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--target", TARGET, "--profile", PROFILE]);
    cargo.arg("--manifest-path").arg(&project.manifest);
    cargo.arg("--target-dir").arg(&folder);
    cargo.env(FLAGS, flags.join(FLAGS_END));
    for config in CONFIG {
        cargo.args(["--config", config]);
    }
    // The answer is on stdout; what cargo says goes to stderr by itself.
    let status = cargo.status().map_err(|error| no_cargo(&error))?;
    if !status.success() {
        return Err(Failure::new("the contract does not compile", "see above"));
    }
    let file = format!("{}.wasm", project.library);
    let built = folder.join(TARGET).join(PROFILE).join(file);
    code::read(&built).map(Into::into)
}
