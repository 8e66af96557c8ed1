//! `marque capture`: EPCIS 2.0 documents, event by event, as signed reports.
//!
//! A file is read whole, all files are merged into one order (`gather`), each event finds
//! who answers for it (`parties`), on a development chain what it takes is registered
//! (`licences`), and then it is sent; what became of it is an `outcome`.

mod gather;
mod licences;
mod outcome;
mod parties;
mod pending;
mod send;
mod show;
#[cfg(test)]
mod tests;

use crate::failure::Failure;
use crate::node::{Node, NodeArgs};
use crate::output::Output;
use crate::signing::SigningArgs;
use clap::Args;
use gather::Gathered;
use outcome::Totals;
use parties::Parties;
use pending::Bundles;
use send::Capturing;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Each event is accepted (custody moved or structure changed), observed (kept, nothing moved), a duplicate, refused or
invalid; nothing is dropped silently. The exit code is 0 only if nothing was refused or invalid.
On a development chain parties, keys and brands that documents name are registered on the fly.

Examples:
  marque capture shipment.jsonld
  marque capture *.jsonld --as 9506000134376 --from warehouse --pending to-sign
  marque capture shipment.jsonld --dry-run --json";

/// What to capture.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct CaptureArgs {
    /// EPCIS 2.0 documents (JSON-LD); together they are taken in order of eventTime, then eventID
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Sign the events of this party alone: GLN, PGLN, account, development name
    #[arg(long = "as", value_name = "PARTY")]
    party: Option<String>,
    /// Write the events of other parties here, unsigned, a bundle for each (see `marque submit`)
    #[arg(long, value_name = "DIR")]
    pending: Option<PathBuf>,
    /// Only say what would become of each event as the ledger stands now
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    signing: SigningArgs,
    #[command(flatten)]
    node: NodeArgs,
}

/// `marque capture`.
pub fn run(args: &CaptureArgs, output: &Output) -> Result<(), Failure> {
    let mut gathered = Gathered::read(&args.files)?;
    let node = Node::new(&args.node)?;
    let mut parties = Parties::new(&node, args.party.as_deref(), &args.signing)?;
    if parties.registers() && !args.dry_run {
        parties.register_named(&gathered)?;
    }
    let mut bundles = Bundles::default();
    let mut capturing = Capturing::new(&node, &args.signing, parties, args.dry_run);
    // What was sent before a failure is told all the same.
    let mut stopped = None;
    let mut progress = output.progress("capturing", gathered.order.len());
    for at in gathered.order.clone() {
        let Some(event) = gathered.event(at) else {
            continue;
        };
        match capturing.take(event, &mut bundles) {
            Ok(told) => gathered.tell(at, told),
            Err(failure) => {
                stopped = Some(failure);
                break;
            }
        }
        progress.step();
    }
    drop(progress);
    if let Some(folder) = &args.pending {
        bundles.write(folder, output)?;
    }
    show::print(&gathered, output)?;
    if let Some(failure) = stopped {
        return Err(failure.during("what follows in the order of time was not captured"));
    }
    let totals = gathered.totals();
    match totals.bad() {
        0 => Ok(()),
        bad => Err(Failure::new(
            format!("{bad} of what was given is refused or invalid"),
            "the table says why, and what to do",
        )),
    }
}
