//! `lot_*` and `recall_reach`: lots, where they came from and went.

use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::names;
use crate::register::{Module, Register as _, Registered};
use crate::view;
use marque_chain::ChainError;
use marque_chain::reads::{self, Reader, Way};
use marque_client::api::{
    self, Held, Lot, LotGet, LotItems, LotLink, LotOrigins, Page, Reached, RecallReach, Status,
};
use marque_ledger::read;
use marque_primitives::hash::{sha256, to_hex};
use marque_primitives::record::{self, Balance, LotRecord};
use marque_primitives::thing::{LotId, Thing};
use marque_primitives::{Amount, Unit};
use parity_scale_codec::Encode as _;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<LotGet>(get)?;
    module.work::<LotItems>(items)?;
    module.work::<LotOrigins>(origins)?;
    module.work::<RecallReach>(reach)
}

/// The lot of that name, if it has begun.
fn known(reader: &Reader, name: &str) -> Result<(LotId, LotRecord), RpcError> {
    let id = names::lot("lot", name)?;
    match read::lot(reader.view(), &id)? {
        Some(record) => Ok((id, record)),
        None => Err(RpcError::Missing {
            missing: Missing::Lot,
            what: name.into(),
        }),
    }
}

fn get(context: &Context, asked: LotGet) -> Result<Lot, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let (lot, record) = known(&reader, &asked.lot)?;
    let product = read::product(reader.view(), lot.gtin)?;
    let mut recalls = record.recalls.to_vec();
    recalls.extend(
        product
            .iter()
            .flat_map(|product| product.recalls.iter().copied()),
    );
    recalls.sort_unstable();
    recalls.dedup();
    let status = match record.status {
        record::Status::Ended => Status::Ended,
        _ if !recalls.is_empty() => Status::Recalled,
        record::Status::Quarantined => Status::Quarantined,
        record::Status::Active => Status::Active,
    };
    let unit = record.unit.clone();
    let balances = reader.balances(&lot, &request)?;
    let holdings = balances.map(|balance| held(&lot, unit.clone().unwrap_or(Unit::Each), balance));
    Ok(Lot {
        brand: record.brand,
        expiry: record.expiry,
        unit: record.unit,
        status,
        recalls,
        created: record.created,
        history: api::History {
            length: record.history.length,
            head: record.history.hash,
        },
        holdings: view::page(holdings),
        lot,
    })
}

fn held(lot: &LotId, unit: Unit, balance: Balance) -> Held {
    let amount = Amount {
        value: balance.value,
        unit,
    };
    view::held(reads::Held {
        thing: Thing::Lot {
            id: lot.clone(),
            amount,
        },
        inside: balance.holding.parent.clone(),
        record: None,
        balance: Some(balance),
    })
}

fn items(context: &Context, asked: LotItems) -> Result<Page<Held>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let (lot, _) = known(&reader, &asked.lot)?;
    Ok(view::page(
        reader.lot_items(&lot, &request)?.map(view::held),
    ))
}

fn origins(context: &Context, asked: LotOrigins) -> Result<Page<LotLink>, RpcError> {
    let reader = context.reader()?;
    let (lot, _) = known(&reader, &asked.lot)?;
    // The whole graph is followed for every page. It may have grown since the last one, so that
    // the cursor names the step to go on after, not how many there were.
    let request = page(None, asked.limit)?;
    let limit = request.limit.unwrap_or(usize::MAX);
    let links = reader.lot_links(&lot, Way::Upstream)?;
    let from = match &asked.cursor {
        None => 0,
        Some(cursor) => links
            .iter()
            .position(|link| step(link) == *cursor)
            .ok_or(ChainError::BadCursor)?
            .saturating_add(1),
    };
    let next = from.saturating_add(limit);
    let last = next.checked_sub(1).filter(|_| next < links.len());
    let cursor = last.and_then(|last| links.get(last)).map(step);
    let items = links
        .into_iter()
        .skip(from)
        .take(limit)
        .map(|link| LotLink {
            from: link.from,
            lot: link.lot,
            thing: link.thing,
            event: link.event,
            depth: link.depth,
        });
    Ok(Page {
        items: items.collect(),
        cursor,
    })
}

/// The name of a step in cursors: what it is, wherever it stands in the list.
fn step(link: &reads::LotLink) -> String {
    let bytes = (&link.from, &link.thing, link.event).encode();
    to_hex(&sha256(&[&bytes]).0)
}

fn reach(context: &Context, asked: RecallReach) -> Result<Page<Reached>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let (lot, _) = known(&reader, &asked.lot)?;
    let reached = reader.lot_reach(&lot, &request)?.map(|reached| Reached {
        lot: reached.lot,
        thing: reached.held.thing,
        holder: reached.holder,
        parents: reached.parents,
    });
    Ok(view::page(reached))
}
