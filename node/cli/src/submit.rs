//! `marque submit`: transactions written as JSON.

use crate::act::Common;
use crate::failure::Failure;
use crate::node::Node;
use crate::output::Output;
use crate::receipt;
use crate::signing::SigningArgs;
use clap::Args;
use marque_client::Sender;
use marque_client::api::{DryRun, Receipt};
use marque_primitives::action::Action;
use marque_primitives::signature::SecretKey;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Read as _;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
A transaction is {\"actions\": [{\"offer\": {\"items\": [\"…\"], \"to\": \"…\"}}, …]}: its actions happen together or not at all.
A bundle is {\"transactions\": [{\"actions\": […]}, …]}, as `marque capture --pending` writes it: one after the other.

Examples:
  marque submit shipment.json --from alice
  marque submit shipment.json --from alice --dry-run
  marque submit - --from alice < shipment.json";

/// What to send.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct SubmitArgs {
    /// A JSON file; `-` for stdin
    #[arg(value_name = "FILE.json")]
    file: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Who signs, and whether in earnest.
pub struct Sending<'a> {
    /// Who signs.
    pub signing: &'a SigningArgs,
    /// Whether it is only tried.
    pub dry_run: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transaction {
    actions: Vec<Action>,
}

/// One transaction, or many in their order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bundle {
    /// Whose they are, for people.
    #[serde(default, rename = "party")]
    _party: Option<String>,
    transactions: Vec<Transaction>,
}

/// `marque submit`.
pub fn run(args: &SubmitArgs, output: &Output) -> Result<(), Failure> {
    let transactions = read(&args.file)?;
    let node = Node::new(&args.common.node)?;
    let sending = Sending {
        signing: &args.common.signing,
        dry_run: args.common.dry_run,
    };
    // One sender: the passphrase is asked for once.
    let sender = sending.signing.sender(&node)?;
    let total = transactions.len();
    if total == 1 || !output.json {
        for (at, transaction) in transactions.into_iter().enumerate() {
            let sent = attempt(&sender, transaction.actions, sending.dry_run, &node);
            sent.and_then(|sent| sent.show(&node, output))
                .map_err(|failure| placed(failure, at, total))?;
        }
        return Ok(());
    }
    let mut told = Vec::new();
    let mut failure = None;
    for (at, transaction) in transactions.into_iter().enumerate() {
        match attempt(&sender, transaction.actions, sending.dry_run, &node) {
            Ok(sent) => {
                told.push(sent.json());
                failure = sent.refused(&node).err();
            }
            Err(error) => failure = Some(error),
        }
        if let Some(failed) = failure.take() {
            failure = Some(placed(failed, at, total));
            break;
        }
    }
    output.value(&told)?;
    failure.map_or(Ok(()), Err)
}

fn placed(failure: Failure, at: usize, total: usize) -> Failure {
    match total {
        1 => failure,
        _ => failure.during(format_args!(
            "transaction {} of {total}",
            at.saturating_add(1)
        )),
    }
}

/// What came of one transaction.
enum Sent {
    /// It is in a block.
    Done(Receipt, Vec<Action>),
    /// It was only tried.
    Tried(DryRun, Vec<Action>),
}

fn attempt(
    sender: &Sender<SecretKey>,
    actions: Vec<Action>,
    dry_run: bool,
    node: &Node,
) -> Result<Sent, Failure> {
    if dry_run {
        let tried = node.wait(sender.dry_run(actions.clone()))?;
        return Ok(Sent::Tried(tried, actions));
    }
    let receipt = node.wait(sender.send(actions.clone()))?;
    Ok(Sent::Done(receipt, actions))
}

impl Sent {
    fn show(&self, node: &Node, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Done(receipt, actions) => receipt::show(receipt, actions, node, output),
            Self::Tried(tried, actions) => {
                receipt::show_dry(&tried.receipt, &tried.log, actions, node, output)
            }
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Done(receipt, _) => json!(receipt),
            Self::Tried(tried, _) => receipt::dry(&tried.receipt, &tried.log),
        }
    }

    fn refused(&self, node: &Node) -> Result<(), Failure> {
        match self {
            Self::Done(receipt, actions) => receipt::check(receipt, actions, node),
            Self::Tried(tried, actions) => receipt::check(&tried.receipt, actions, node),
        }
    }
}

/// Signs, sends, and prints the receipt; or says what would happen.
pub fn send(
    actions: Vec<Action>,
    sending: &Sending<'_>,
    node: &Node,
    output: &Output,
) -> Result<(), Failure> {
    let sender = sending.signing.sender(node)?;
    attempt(&sender, actions, sending.dry_run, node)?.show(node, output)
}

fn read(path: &Path) -> Result<Vec<Transaction>, Failure> {
    let mut text = Vec::new();
    let read = match path == Path::new("-") {
        true => std::io::stdin().lock().read_to_end(&mut text),
        false => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut text)),
    };
    read.map_err(|error| Failure::file(path, &error))?;
    parse(&text).map_err(|words| {
        Failure::usage(
            format!("{}: {words}", path.display()),
            "see `marque submit --help` for the form",
        )
    })
}

/// A transaction, a bundle, or a list of actions.
fn parse(text: &[u8]) -> Result<Vec<Transaction>, String> {
    let value: serde_json::Value =
        serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let words = |error: serde_json::Error| error.to_string();
    if value.is_array() {
        let actions = serde_json::from_value(value).map_err(words)?;
        return Ok(vec![Transaction { actions }]);
    }
    if value.get("transactions").is_some() {
        let bundle: Bundle = serde_json::from_value(value).map_err(words)?;
        return Ok(bundle.transactions);
    }
    Ok(vec![serde_json::from_value(value).map_err(words)?])
}

#[cfg(test)]
mod tests;
