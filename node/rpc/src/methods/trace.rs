//! `item_trace`: journeys.

use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::names;
use crate::register::{Module, Register as _, Registered};
use crate::view;
use marque_chain::reads::TraceOf;
use marque_client::api::{ItemTrace, Page, TraceLine};
use marque_ledger::read;
use marque_primitives::json::naming;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<ItemTrace>(trace)
}

fn trace(context: &Context, asked: ItemTrace) -> Result<Page<TraceLine>, RpcError> {
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
        None => Ok(view::page(lines.map(view::line))),
    }
}
