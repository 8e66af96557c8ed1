//! `marque db export`: the chain as JSON lines, read block by block.

use super::place::Place;
use super::{Data, failed, guarded};
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, ValueEnum};
use marque_chain::export::{self, Exported};
use serde_json::{Value, json};

#[derive(Args, Debug)]
pub struct ExportArgs {
    #[command(flatten)]
    data: Data,
    /// Only lines of these kinds
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<Kind>,
    /// From this height on
    #[arg(long, value_name = "HEIGHT", default_value_t = 0)]
    from: u64,
    /// Up to this height; else to the newest block
    #[arg(long, value_name = "HEIGHT")]
    to: Option<u64>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Block,
    Transaction,
    Receipt,
    Event,
    Entry,
}

pub fn run(args: &ExportArgs, output: &Output) -> Result<(), Failure> {
    let place = Place::of(&args.data);
    guarded(|| {
        let opened = place.open()?;
        let snapshot = opened.store.snapshot().map_err(|error| failed(&error))?;
        let tip = export::height(&*snapshot).map_err(|error| failed(&error))?;
        let last = args.to.unwrap_or(tip);
        if args.from > tip || last > tip {
            return Err(Failure::usage(
                format!("the newest block is {tip}"),
                "ask for heights up to that",
            ));
        }
        for height in args.from..=last {
            let mut written = Ok(());
            export::block(&*snapshot, height, &mut |exported| {
                let (kind, line) = line(height, exported);
                if written.is_ok() && (args.kind.is_empty() || args.kind.contains(&kind)) {
                    written = output.value_line(&line);
                }
            })
            .map_err(|error| failed(&error))?;
            written?;
        }
        Ok(())
    })
}

fn line(height: u64, exported: Exported<'_>) -> (Kind, Value) {
    match exported {
        Exported::Block(signed) => (
            Kind::Block,
            json!({
                "kind": "block",
                "height": height,
                "hash": signed.header.hash(),
                "header": signed.header,
                "certificate": {
                    "round": signed.certificate.round,
                    "signatures": signed.certificate.signatures.iter().map(|one| json!({
                        "signer": one.signer,
                        "signature": hex(&one.signature),
                    })).collect::<Vec<_>>(),
                },
            }),
        ),
        Exported::Transaction { index, transaction } => (
            Kind::Transaction,
            json!({
                "kind": "transaction",
                "height": height,
                "index": index,
                "id": transaction.id(),
                "bytes": hex(transaction.bytes()),
            }),
        ),
        Exported::Receipt { index, receipt } => (
            Kind::Receipt,
            json!({ "kind": "receipt", "height": height, "index": index, "receipt": receipt }),
        ),
        Exported::Event { position, event } => (
            Kind::Event,
            json!({
                "kind": "event",
                "height": height,
                "position": position,
                "hash": event.hash(),
                "event": event,
            }),
        ),
        Exported::Entry { position, entry } => (
            Kind::Entry,
            json!({
                "kind": "entry",
                "height": height,
                "position": position,
                "hash": entry.hash(),
                "entry": entry,
            }),
        ),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    std::iter::once("0x".to_owned()).chain(digits).collect()
}
