//! `marque export`: what is recorded, for those who read no ledger: an EPCIS 2.0 document,
//! or the table that a food inspector asks for.

mod fsma;
mod select;
mod sheet;
#[cfg(test)]
mod tests;
mod tidy;
mod whole;

use crate::failure::Failure;
use crate::node::{Node, NodeArgs};
use crate::output::Output;
use clap::{ArgGroup, Args};
use marque_epcis::Timestamp;
use marque_primitives::TimeMs;
use select::Selection;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
--epcis writes one EPCIS 2.0 document: each event as it was captured, or as EPCIS tells it, with recordTime, the ledger's
height and the CBV event hash. Captured elsewhere, the events have the same hashes. Members that EPCIS does not know are
kept, since the hash covers them.

--fsma204 writes the electronic sortable spreadsheet of 21 CFR 1.1455(c)(3) as CSV (RFC 4180): a row for each critical
tracking event and traceability lot, with the key data elements of 21 CFR 1.1325 to 1.1350 by their names. The food that
a pallet held when it was shipped or received has rows of its own. Events that are no critical tracking events have none.
With --lot it has every event of the lot's quantities, of its serials, also where they are named alone, and of the pallets
that held them.

Examples:
  marque export --epcis --item https://id.gs1.org/01/09506000134352/21/A1 --out journey.jsonld
  marque export --epcis --party 9506000134376 --since 2026-05-01T00:00:00Z
  marque export --fsma204 --lot '(01)10860009999920(10)ABC1234' --out lot.csv";

/// Write what is recorded as an EPCIS 2.0 document or as a spreadsheet
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("form").required(true))]
#[command(group = ArgGroup::new("selection").required(true).multiple(true))]
pub struct ExportArgs {
    /// As an EPCIS 2.0 document
    #[arg(long, group = "form")]
    epcis: bool,
    /// As the spreadsheet of the food traceability rule (FSMA 204)
    #[arg(long, group = "form")]
    fsma204: bool,
    /// The journey of an item, asset or logistic unit, in any form
    #[arg(long, value_name = "ID", group = "selection", conflicts_with_all = ["lot", "party", "since", "until"])]
    item: Option<String>,
    /// Events that name a lot or items of it
    #[arg(long, value_name = "LOT", group = "selection")]
    lot: Option<String>,
    /// Events signed for, given to or received by a party: GLN, PGLN, account
    #[arg(long, value_name = "PARTY", group = "selection")]
    party: Option<String>,
    /// Events that happened at or after a moment, such as 2026-05-01T00:00:00Z
    #[arg(long, value_name = "TIME", group = "selection")]
    since: Option<String>,
    /// Events that happened at or before a moment
    #[arg(long, value_name = "TIME", group = "selection")]
    until: Option<String>,
    /// Write to a file instead of stdout; an existing one is replaced once all is written
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

/// `marque export`.
pub fn run(args: &ExportArgs, output: &Output) -> Result<(), Failure> {
    let selection = Selection {
        item: args.item.clone(),
        lot: args.lot.clone(),
        party: args.party.clone(),
        since: moment(args.since.as_deref())?,
        until: moment(args.until.as_deref())?,
    };
    let node = Node::new(&args.node)?;
    let (text, omitted) = match args.fsma204 {
        true => fsma::table(&node, &selection)?,
        false => document(&node, &selection)?,
    };
    match &args.out {
        Some(path) => write(path, &text)?,
        None => output.line(text.trim_end())?,
    }
    if omitted > 0 {
        output.note(format_args!(
            "{omitted} records are left out: EPCIS has no event for them, or they name more things than one event lists"
        ));
    }
    Ok(())
}

fn moment(text: Option<&str>) -> Result<Option<TimeMs>, Failure> {
    let read = |text: &str| {
        let time = Timestamp::parse(text).ok_or_else(|| {
            Failure::usage(
                format!("{text} is no moment"),
                "write date, time and offset from UTC, such as 2026-05-01T00:00:00Z",
            )
        })?;
        Ok(TimeMs(time.ms()))
    };
    text.map(read).transpose()
}

fn document(node: &Node, selection: &Selection) -> Result<(String, usize), Failure> {
    let found = selection.document(node)?;
    let text = serde_json::to_string_pretty(&found.document)
        .map_err(|error| Failure::new(format!("the document is no JSON: {error}"), ""))?;
    Ok((text + "\n", found.omitted))
}

/// Whole, or not at all.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| Failure::file(path, &error))
}
