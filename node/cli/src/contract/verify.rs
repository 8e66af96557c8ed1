//! `marque contract verify`: whether the chain runs a source.

use super::project::{Project, toolchain};
use super::{build, code, find};
use crate::failure::Failure;
use crate::node::{Node, NodeArgs};
use crate::output::{Cell, Output, Style, Table};
use clap::Args;
use marque_client::api::ContractGet;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Builds the source as `marque contract build` does and compares hashes: yes ends with 0, no with 1.

Examples:
  marque contract verify 0x… .
  marque contract verify widget ./widget --json";

/// What to look at, in the order in which it is likely.
const CHECK: [&str; 4] = [
    "source: is it the commit of that release?",
    "Cargo.lock: is it the one that the release was built with?",
    "rust-toolchain.toml: is it the same version of Rust, on the same kind of machine?",
    "SDK: is it the same version, and by path in the same folder?",
];

/// Build a contract's source and say whether the chain runs exactly that
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArgs {
    /// The contract: address, name, or a product that it governs
    #[arg(value_name = "ADDRESS")]
    contract: String,
    /// The contract's folder
    #[arg(value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

/// `marque contract verify`.
pub fn run(args: &VerifyArgs, output: &Output) -> Result<(), Failure> {
    let node = Node::new(&args.node)?;
    let address = find(&node, &args.contract)?;
    let chain = node.call(&ContractGet { address })?;
    let project = Project::read(&args.path)?;
    let bytes = build::module(&project)?;
    let built = code::hash(&bytes);
    let same = built == chain.code;
    let release = match marque_vm::check(&bytes) {
        Ok(checked) => checked.meta().release.to_string(),
        Err(_) => String::new(),
    };
    let running = chain.interface.map(|interface| interface.release);
    let running = running.unwrap_or_default();
    let toolchain = toolchain(&project.manifest)?;
    if output.json {
        let check: &[&str] = if same { &[] } else { &CHECK };
        output.value(&json!({
            "same": same,
            "contract": chain.address,
            "name": chain.name,
            "chain": { "codeHash": chain.code, "release": running, "version": chain.version },
            "source": { "codeHash": built, "release": release, "bytes": bytes.len() },
            "toolchain": toolchain,
            "check": check,
        }))?;
    } else {
        let answer = match same {
            true => Cell::new(Style::Good, "yes: the chain runs this source"),
            false => Cell::new(Style::Bad, "no: the chain runs other code"),
        };
        let mut table = Table::pairs();
        table.pair("answer", answer);
        table.pair("contract", format!("{} {}", chain.name, chain.address));
        let version = chain.version;
        let of = format!("{}, release {running}, version {version}", chain.code);
        table.pair("chain", of);
        let size = bytes.len();
        table.pair(
            "source",
            format!("{built}, release {release}, {size} bytes"),
        );
        table.pair("toolchain", toolchain);
        for (at, what) in CHECK.iter().filter(|_| !same).enumerate() {
            table.pair(if at == 0 { "check" } else { "" }, *what);
        }
        output.table(&table)?;
    }
    match same {
        true => Ok(()),
        false => Err(Failure::new("the chain runs other code", "see above")),
    }
}
