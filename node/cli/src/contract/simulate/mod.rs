//! `marque contract simulate`: what would have been decided otherwise, had the new code been in
//! force.
//!
//! The recorded chain is executed once more in this process. Wherever it asks the contract, the
//! new code is asked the same, as if the contract had been upgraded right before: its `migrate`
//! runs on the storage as it was then. The recorded code decides on, so that each difference
//! stands for itself.

mod replay;
mod ruling;
mod shadow;

use self::ruling::Difference;
use self::shadow::Shadow;
use super::{arguments, check, code, find};
use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::{Node, NodeArgs};
use crate::output::{Column, Output, Style, Table};
use crate::words;
use clap::Args;
use marque_ledger::Ledger;
use marque_vm::{Vm, VmConfig};
use serde_json::json;
use std::path::PathBuf;

/// Rows that are printed unless --all is given.
const ROWS: usize = 50;

/// Replay the recorded movements under new rules, and list what they would decide otherwise
#[derive(Args)]
#[command(
    after_help = "Example:\n  marque contract simulate fresh-food new_rules.wasm\n\nThe chain is fetched and executed once more here, so that it takes about as long as its blocks took together. Nothing is sent."
)]
pub struct SimulateArgs {
    /// The contract: address, name, or a product that it governs
    contract: String,
    /// The new code: a WebAssembly module, or the name of a reference contract
    #[arg(value_name = "FILE.wasm")]
    file: PathBuf,
    /// Arguments of its migrate: NAME=TEXT or NAME:=JSON
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// Print every difference instead of the first 50
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    node: NodeArgs,
}

/// `marque contract simulate`.
pub fn run(args: &SimulateArgs, output: &Output) -> Result<(), Failure> {
    let bytes = code::read(&args.file)?;
    let checked = check::admit(&bytes)?.map_err(|why| {
        Failure::new(
            format!("the chain does not take the code: {why}"),
            "see `marque contract check`",
        )
    })?;
    let interface = code::interface(checked.meta())?;
    let migration = arguments::encode(&interface, interface.migrate.as_ref(), &args.args)?;
    let node = Node::new(&args.node)?;
    let contract = find(&node, &args.contract)?;
    let vm = Vm::new(&VmConfig::default()).map_err(machine)?;
    let module = vm.compile_checked(&checked).map_err(machine)?;
    let ledger = Ledger::new(Shadow::new(vm, contract, module, migration));
    let blocks = replay::replay(&node, &ledger, output)?;
    let judged = ledger.into_machine().into_judged();
    if let Some((height, why)) = judged.unfit {
        return Err(Failure::new(
            format!(
                "the new code does not take over the storage as it was at block {height}: {why}"
            ),
            "give it a migrate for that storage, with its arguments after the file",
        ));
    }
    if output.json {
        return output.value(&json!({
            "contract": contract,
            "code": code::hash(&bytes),
            "blocks": blocks,
            "movements": judged.asked,
            "differences": judged.differences,
        }));
    }
    show(&judged.differences, args.all, &node, output)?;
    output.line(format!(
        "{} of {} movements in {blocks} blocks would have been decided otherwise",
        judged.differences.len(),
        judged.asked,
    ))
}

fn machine(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the virtual machine cannot be used: {error}"), "")
}

fn show(found: &[Difference], all: bool, node: &Node, output: &Output) -> Result<(), Failure> {
    if found.is_empty() {
        return Ok(());
    }
    let shown = found.get(..ROWS).filter(|_| !all).unwrap_or(found);
    let parties = shown
        .iter()
        .flat_map(|one| [Some(one.account), one.from, one.to])
        .flatten();
    let names = node.wait(Names::of(node.client(), Wanted::parties(parties)))?;
    let mut table = Table::new([
        Column::number("block"),
        Column::fixed("when"),
        Column::fixed("movement"),
        Column::new("of"),
        Column::new("recorded"),
        Column::new("new"),
    ]);
    for one in shown {
        let to = one.to.map(|to| format!(" to {}", names.party(to)));
        let who = format!(
            "{} by {}{}",
            one.kind,
            names.party(one.account),
            to.unwrap_or_default()
        );
        table.row([
            one.height.0.to_string().into(),
            words::moment(one.time, None).into(),
            who.into(),
            one.things.join(", ").into(),
            one.recorded.as_str().into(),
            crate::output::Cell::new(Style::Warn, one.new.as_str()),
        ]);
    }
    output.table(&table)?;
    if shown.len() < found.len() {
        output.note(format!(
            "the first {ROWS} are shown; --all or --json gives every one"
        ));
    }
    Ok(())
}
