//! Things, holdings and offers.

use crate::error::RpcError;
use marque_chain::reads::{self, Reader};
use marque_client::api::{Held, History, Item, Offer, Status, Why};
use marque_ledger::{Effective, Judgement, Source, Standing, read};
use marque_primitives::Amount;
use marque_primitives::action::OfferId;
use marque_primitives::history::Head;
use marque_primitives::record::{self, Record};
use marque_primitives::thing::{Run, Thing, ThingId};

pub(crate) fn item(
    id: ThingId,
    first: &ThingId,
    record: Record,
    standing: Standing,
    offer: Option<Offer>,
) -> Item {
    let (status, why) = judgement(&standing.judgement);
    Item {
        run: run(first, &record).unwrap_or_else(|| id.clone().into()),
        id,
        external: record.external,
        brand: record.brand,
        custodian: standing.custodian,
        owner: standing.owner,
        offer,
        parent: record.parent,
        parents: standing.parents.into_iter().map(|(id, _)| id).collect(),
        place: record.place,
        lot: record.lot,
        expiry: record.expiry,
        disposition: record.disposition.map(|word| word.to_string()),
        persistent: record.persistent.iter().map(ToString::to_string).collect(),
        status,
        why,
        recalls: standing.judgement.recalls,
        moved: record.moved,
        history: history(record.history),
    }
}

/// All that shares a record.
fn run(first: &ThingId, record: &Record) -> Option<Thing> {
    match first {
        ThingId::Item { line, serial } => {
            let run = Run::new(*line, *serial, record.count)?;
            Some(Thing::Run { run, lot: None })
        }
        other => Some(other.clone().into()),
    }
}

pub(crate) fn judgement(judgement: &Judgement) -> (Status, Why) {
    let status = match judgement.status {
        Effective::Active => Status::Active,
        Effective::Quarantined => Status::Quarantined,
        Effective::Recalled => Status::Recalled,
        Effective::Ended => Status::Ended,
    };
    let why = match &judgement.source {
        Source::Own => Why::Own,
        Source::Lot => Why::Lot,
        Source::Product => Why::Product,
        Source::Parent(id) => Why::Parent(id.clone()),
    };
    (status, why)
}

pub(crate) fn history(head: Head) -> History {
    History {
        length: head.length,
        head: head.hash,
    }
}

pub(crate) fn held(held: reads::Held) -> Held {
    let empty = Held {
        thing: held.thing,
        custodian: None,
        owner: None,
        parent: held.inside,
        offer: None,
        status: record::Status::Active,
        lot: None,
        expiry: None,
        disposition: None,
    };
    match (held.record, held.balance) {
        (Some(record), _) => Held {
            custodian: record.custodian,
            owner: record.owner,
            offer: record.offer,
            status: record.status(),
            lot: record.lot,
            expiry: record.expiry,
            disposition: record.disposition.map(|word| word.to_string()),
            ..empty
        },
        (None, Some(balance)) => Held {
            custodian: balance.holding.custodian,
            owner: balance.holding.owner,
            offer: balance.holding.offer.map(|offer| offer.id),
            status: match balance.holding.holders.is_empty() {
                true => record::Status::Active,
                false => record::Status::Quarantined,
            },
            ..empty
        },
        (None, None) => empty,
    }
}

pub(crate) fn offer(reader: &Reader, id: OfferId, offer: record::Offer) -> Result<Offer, RpcError> {
    let mut open_lots = Vec::new();
    for open in offer.open_lots.into_vec() {
        let unit = read::lot(reader.view(), &open.id)?.and_then(|lot| lot.unit);
        if let Some(unit) = unit {
            open_lots.push(Thing::Lot {
                id: open.id,
                amount: Amount {
                    value: open.value,
                    unit,
                },
            });
        }
    }
    let made = reader.event_there(offer.event)?.event;
    let documents = made.detail.open().map(|open| open.documents.to_vec());
    Ok(Offer {
        id,
        from: offer.from,
        to: offer.to,
        what: offer.what,
        deadline: offer.deadline,
        expired: offer
            .deadline
            .is_some_and(|deadline| deadline < reader.head().time()),
        made: offer.made,
        items: made.items.into_vec(),
        open: offer.open,
        open_lots,
        documents: documents.unwrap_or_default(),
        event: offer.event,
    })
}
