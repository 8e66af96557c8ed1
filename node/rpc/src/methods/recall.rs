//! `recall_*`: recalls and what holders did.

use crate::config::PAGE_MAX;
use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::register::{Module, Register as _, Registered};
use marque_chain::ChainError;
use marque_chain::reads::{ListFilter, Reader};
use marque_client::api::{Acknowledgement, Page, Recall, RecallGet, RecallList};
use marque_ledger::read;
use marque_primitives::action::{Note, RecallId};
use marque_primitives::{Address, key, record};
use marque_state::prefix_end;
use parity_scale_codec::DecodeAll as _;

/// Parts of the list that are looked through for one page; it may be short then.
const LOOKED: usize = 100;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<RecallGet>(get)?;
    module.work::<RecallList>(list)
}

fn get(context: &Context, asked: RecallGet) -> Result<Recall, RpcError> {
    let reader = context.reader()?;
    let missing = || RpcError::Missing {
        missing: Missing::Recall,
        what: asked.id.0.to_string(),
    };
    let found = read::recall(reader.view(), asked.id)?.ok_or_else(missing)?;
    let mut recall = recall(asked.id, found);
    recall.acknowledgements = acknowledgements(&reader, asked.id)?;
    Ok(recall)
}

fn acknowledgements(reader: &Reader, id: RecallId) -> Result<Vec<Acknowledgement>, RpcError> {
    let first = key::acknowledgement(id, &Address::default());
    let prefix = first
        .get(..first.len().saturating_sub(Address::default().0.len()))
        .unwrap_or_default();
    let limit = usize::try_from(PAGE_MAX).unwrap_or(usize::MAX);
    let leaves = reader
        .view()
        .scan(prefix, prefix_end(prefix).as_deref(), limit)
        .map_err(ChainError::from)?;
    let read = |(key, value): (Vec<u8>, Vec<u8>)| {
        let by = Address(key.get(prefix.len()..)?.try_into().ok()?);
        let note = Note::decode_all(&mut value.as_slice()).ok()?;
        Some(Acknowledgement {
            by,
            note: note.to_string(),
        })
    };
    Ok(leaves.into_iter().filter_map(read).collect())
}

fn list(context: &Context, asked: RecallList) -> Result<Page<Recall>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let filter = ListFilter {
        brand: asked.brand,
        ..ListFilter::default()
    };
    let reader = context.reader()?;
    let wanted = request.limit.unwrap_or(usize::MAX);
    let (mut items, mut next) = (Vec::new(), request);
    for _ in 0..LOOKED {
        let found = reader.recalls(&filter, &next)?;
        let right = |recall: &record::Recall| {
            let open = recall.lifted.is_none();
            asked.open.is_none_or(|wanted| wanted == open)
        };
        let right = found.items.into_iter().filter(|(_, found)| right(found));
        items.extend(right.map(|(id, found)| recall(id, found)));
        next.cursor = found.cursor;
        next.limit = Some(wanted.saturating_sub(items.len()));
        if next.cursor.is_none() || items.len() >= wanted {
            break;
        }
    }
    Ok(Page {
        items,
        cursor: next.cursor.map(|cursor| cursor.to_string()),
    })
}

fn recall(id: RecallId, recall: record::Recall) -> Recall {
    Recall {
        id,
        by: recall.by,
        target: recall.target,
        reason: recall.reason.to_string(),
        instructions: recall.instructions.to_string(),
        collectors: recall.collectors.into_vec(),
        opened: recall.opened,
        lifted: recall.lifted,
        acknowledged: recall.acknowledged,
        acknowledgements: Vec::new(),
    }
}
