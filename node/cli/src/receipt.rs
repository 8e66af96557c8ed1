//! What a transaction did, as people read it.

use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::Node;
use crate::output::{Cell, Output, Style, Table};
use crate::words;
use marque_client::api::{ActionReceipt, LogLine, Outcome, Receipt};
use marque_primitives::Address;
use marque_primitives::action::Action;

/// Prints a receipt; a refusal is the command's failure.
pub fn show(
    receipt: &Receipt,
    actions: &[Action],
    node: &Node,
    output: &Output,
) -> Result<(), Failure> {
    let wanted = Wanted::contracts(contracts(receipt));
    let names = node.wait(Names::of(node.client(), wanted))?;
    if output.json {
        output.value(receipt)?;
    } else if receipt.applied() {
        let mut table = Table::pairs();
        table.pair("transaction", receipt.transaction.to_string());
        table.pair("block", receipt.height.0.to_string());
        table.pair("gas", receipt.gas_used.0.to_string());
        rows(receipt, actions, &names, &mut table);
        output.table(&table)?;
    }
    refused(receipt, actions, &names)
}

/// Prints what a transaction would do.
pub fn show_dry(
    receipt: &Receipt,
    log: &[LogLine],
    actions: &[Action],
    node: &Node,
    output: &Output,
) -> Result<(), Failure> {
    let spoken = log.iter().map(|line| line.contract);
    let wanted = Wanted::contracts(contracts(receipt).chain(spoken));
    let names = node.wait(Names::of(node.client(), wanted))?;
    if output.json {
        output.value(&dry(receipt, log))?;
    } else {
        let mut table = Table::pairs();
        if receipt.applied() {
            table.pair("dry run", "it would happen; nothing was sent");
            table.pair("gas", receipt.gas_used.0.to_string());
            rows(receipt, actions, &names, &mut table);
        }
        for line in log {
            let said = format!("{}: {}", names.contract(line.contract), line.line);
            table.pair("log", Cell::new(Style::Faint, said));
        }
        output.table(&table)?;
    }
    refused(receipt, actions, &names)
}

/// What a transaction would do, for programs.
pub fn dry(receipt: &Receipt, log: &[LogLine]) -> serde_json::Value {
    serde_json::json!({"dryRun": true, "receipt": receipt, "log": log})
}

/// A refusal is a failure, in words.
pub fn check(receipt: &Receipt, actions: &[Action], node: &Node) -> Result<(), Failure> {
    let names = node.wait(Names::of(
        node.client(),
        Wanted::contracts(contracts(receipt)),
    ))?;
    refused(receipt, actions, &names)
}

/// The contracts that a receipt speaks of.
fn contracts(receipt: &Receipt) -> impl Iterator<Item = Address> {
    let emitted = receipt.actions.iter().flat_map(|action| &action.events);
    let refused = receipt
        .refusal
        .iter()
        .filter_map(|refusal| refusal.contract);
    emitted.map(|event| event.contract).chain(refused)
}

fn rows(receipt: &Receipt, actions: &[Action], names: &Names, table: &mut Table) {
    for (at, action) in receipt.actions.iter().enumerate() {
        let kind = actions
            .get(at)
            .map_or("action", |action| action.kind().name());
        table.pair(kind, outcome(action));
        table.pair("", extras(action));
        for note in &action.notes {
            table.pair("note", Cell::new(Style::Warn, note.as_str()));
        }
        for emitted in &action.events {
            let contract = names.contract(emitted.contract);
            let name = emitted.name.as_deref().unwrap_or("an event");
            let fields = emitted.fields.as_ref().map(ToString::to_string);
            table.pair(
                "event",
                format!("{contract}: {name} {}", fields.unwrap_or_default()),
            );
        }
    }
}

/// How an action went.
fn outcome(action: &ActionReceipt) -> Cell {
    match (action.outcome, &action.refusal) {
        (Outcome::Accepted, _) => Cell::new(Style::Good, "accepted"),
        (Outcome::Duplicate, _) => Cell::new(Style::Faint, "duplicate: it is recorded already"),
        (Outcome::Observed, None) => Cell::new(Style::Good, "observed"),
        (Outcome::Observed, Some(refusal)) => {
            Cell::new(Style::Warn, format!("observed only: {refusal}"))
        }
    }
}

/// What it opened or made.
fn extras(action: &ActionReceipt) -> String {
    let mut made = Vec::new();
    made.extend(action.offer.map(|offer| format!("offer {}", offer.0)));
    made.extend(action.recall.map(|recall| format!("recall {}", recall.0)));
    made.extend(
        action
            .contract
            .map(|contract| format!("contract {contract}")),
    );
    made.extend(action.event.map(|event| format!("event {}", event.0)));
    made.join(", ")
}

/// The failure that a refused transaction is.
fn refused(receipt: &Receipt, actions: &[Action], names: &Names) -> Result<(), Failure> {
    let Some(refusal) = &receipt.refusal else {
        return Ok(());
    };
    let at = receipt.refused_action.unwrap_or(0);
    let action = usize::try_from(at).ok().and_then(|at| actions.get(at));
    let kind = action.map_or("action", |action| action.kind().name());
    let by = match refusal.contract {
        Some(contract) => format!(" by {}", names.contract(contract)),
        None => String::new(),
    };
    let which = match actions.len() {
        0 | 1 => format!("the {kind} is refused{by}"),
        _ => format!(
            "action {} ({kind}) is refused{by}, and nothing happened",
            at + 1
        ),
    };
    let remedy = refusal.remedy.as_ref().map_or("", |remedy| remedy.as_str());
    Err(Failure::new(
        format!("{which}: {}", words::refusal(refusal)),
        remedy,
    ))
}
