//! `item_trace`: journeys.

use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::names;
use crate::register::{Module, Register as _, Registered};
use crate::view::{self, Exporter};
use marque_chain::reads::{self, Reader, TraceOf};
use marque_client::api::{ItemTrace, Recorded, TraceLine};
use marque_ledger::read;
use marque_primitives::json::naming;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<ItemTrace>(trace)
}

fn trace(context: &Context, asked: ItemTrace) -> Result<Recorded<TraceLine>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let (of, missing) = match naming::lot(&asked.id) {
        Ok(lot) => {
            let known = read::lot(reader.view(), &lot)?.is_some();
            (TraceOf::Lot(lot), (!known).then_some(Missing::Lot))
        }
        Err(_) => (TraceOf::Thing(names::thing("id", &asked.id)?), None),
    };
    let lines = reader.trace(&of, asked.include_refused.unwrap_or(false), &request)?;
    // Sightings beside the history may exist of what has no record.
    let missing = match &of {
        TraceOf::Thing(id) if lines.items.is_empty() && request.cursor.is_none() => {
            read::record_at(reader.view(), id)?
                .is_none()
                .then_some(Missing::Item)
        }
        _ => missing,
    };
    match missing {
        Some(missing) => Err(RpcError::Missing {
            missing,
            what: asked.id,
        }),
        None => recorded(&reader, &of, lines, asked.epcis.unwrap_or(false)),
    }
}

fn recorded(
    reader: &Reader,
    of: &TraceOf,
    lines: reads::Page<reads::TraceLine>,
    epcis: bool,
) -> Result<Recorded<TraceLine>, RpcError> {
    let subject = match of {
        TraceOf::Thing(id) => Some(id),
        TraceOf::Lot(_) => None,
    };
    let mut exporter = epcis.then(|| Exporter::new(reader));
    if let Some(exporter) = &mut exporter {
        for line in &lines.items {
            if let reads::TraceLine::Recorded { event, entry, .. } = line {
                let role = entry.as_ref().map(|(_, entry)| &entry.role);
                exporter.add(event, subject.map(|subject| (subject, role)));
            }
        }
    }
    let page = view::page(lines.map(view::line));
    Ok(view::recorded(page, exporter))
}
