//! `item_*`: things as they stand.

use crate::config::PAGE_MAX;
use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::names;
use crate::register::{Module, Register as _, Registered};
use crate::view;
use marque_chain::ChainError;
use marque_chain::reads::Reader;
use marque_client::api::{
    Held, Item, ItemChildren, ItemGet, ItemProve, ItemSellable, ItemVerify, Items, Mismatch,
    OneOrMany, Page, Proof, Sellable, Verification,
};
use marque_ledger::read;
use marque_primitives::action::{Action, Operation};
use marque_primitives::bounded::Bytes;
use marque_primitives::date::Date;
use marque_primitives::detail::Detail;
use marque_primitives::gs1::{Gs1Error, LotNumber, Serial};
use marque_primitives::json::naming::{self, NameError};
use marque_primitives::receipt::Status;
use marque_primitives::record::Record;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::transaction::{Body, Expiry, Version};
use marque_primitives::{Address, Gas, Lane, List, Nonce, Text};
use parity_scale_codec::Encode as _;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<ItemGet>(get)?;
    module.answer::<ItemVerify>(verify)?;
    module.work::<ItemSellable>(sellable)?;
    module.work::<ItemProve>(prove)?;
    module.work::<ItemChildren>(children)
}

fn unknown(id: &ThingId) -> RpcError {
    RpcError::Missing {
        missing: Missing::Item,
        what: naming::name_of(id),
    }
}

fn get(context: &Context, asked: ItemGet) -> Result<Items, RpcError> {
    let reader = context.reader_at(asked.at)?;
    match asked.id {
        OneOrMany::One(name) => {
            let id = names::thing("id", &name)?;
            let item = item(&reader, &id)?.ok_or_else(|| unknown(&id))?;
            Ok(Items::One(Box::new(item)))
        }
        OneOrMany::Many(ids) => {
            if ids.len() > usize::try_from(PAGE_MAX).unwrap_or(usize::MAX) {
                return Err(RpcError::params(
                    "id",
                    format!("{} things where {PAGE_MAX} is the most", ids.len()),
                ));
            }
            let one = |(at, name): (usize, &String)| {
                let id = names::thing(&format!("id[{at}]"), name)?;
                item(&reader, &id)
            };
            Ok(Items::Many(
                ids.iter().enumerate().map(one).collect::<Result<_, _>>()?,
            ))
        }
    }
}

fn prove(context: &Context, asked: ItemProve) -> Result<Proof, RpcError> {
    let id = names::thing("id", &asked.id)?;
    let reader = context.reader_at(asked.at)?;
    let proof = reader.item_proof(&id)?;
    let part = |bytes: Vec<u8>| {
        Bytes::new(bytes)
            .map_err(|_| ChainError::TooBroad("a part of the proof is too long").into())
    };
    Ok(Proof {
        height: proof.signed.header.height,
        time: proof.signed.header.time,
        header: part(proof.signed.encode())?,
        state: part(proof.state.encode())?,
        history: proof
            .history
            .iter()
            .map(|entry| part(entry.encode()))
            .collect::<Result<_, RpcError>>()?,
    })
}

fn item(reader: &Reader, id: &ThingId) -> Result<Option<Item>, RpcError> {
    let view = reader.view();
    let (Some((first, record)), Some((_, standing))) =
        (read::record_at(view, id)?, read::standing(view, id)?)
    else {
        return Ok(None);
    };
    // What is packed is offered with what holds it.
    let offered = record
        .offer
        .or_else(|| standing.parents.iter().find_map(|(_, parent)| parent.offer));
    let offer = match offered {
        Some(number) => read::offer(view, number)?.map(|offer| (number, offer)),
        None => None,
    };
    let offer = offer
        .map(|(number, offer)| view::offer(reader, number, offer))
        .transpose()?;
    Ok(Some(view::item(
        id.clone(),
        &first,
        record,
        standing,
        offer,
    )))
}

fn verify(context: &Context, asked: ItemVerify) -> Result<Verification, RpcError> {
    let wrong = |field: &str, cause: Gs1Error| RpcError::Name {
        field: field.into(),
        cause: NameError::from(cause),
    };
    let gtin = names::product("gtin", &asked.gtin)?;
    let serial = Serial::new(&asked.serial).map_err(|error| wrong("serial", error))?;
    let lot = asked
        .lot
        .as_deref()
        .map(LotNumber::new)
        .transpose()
        .map_err(|error| wrong("lot", error))?;
    let id = ThingId::Item {
        line: Line::Product(gtin),
        serial,
    };
    let reader = context.reader()?;
    let found = read::standing(reader.view(), &id)?.filter(|(record, _)| !record.external);
    let Some((record, standing)) = found else {
        let mismatch = Mismatch {
            field: "serial".into(),
            given: asked.serial,
            recorded: None,
        };
        return Ok(Verification {
            id,
            known: false,
            matches: false,
            mismatches: vec![mismatch],
            status: None,
            why: None,
        });
    };
    let mut mismatches = Vec::new();
    if let Some(lot) = lot.filter(|lot| record.lot != Some(*lot)) {
        let recorded = record.lot.map(|lot| lot.to_string());
        mismatches.push(Mismatch {
            field: "lot".into(),
            given: lot.to_string(),
            recorded,
        });
    }
    let recorded = expiry(&reader, gtin, &record)?;
    if let Some(given) = asked.expiry.filter(|given| recorded != Some(*given)) {
        let recorded = recorded.map(|date| date.to_string());
        mismatches.push(Mismatch {
            field: "expiry".into(),
            given: given.to_string(),
            recorded,
        });
    }
    let (status, why) = view::judgement(&standing.judgement);
    Ok(Verification {
        id,
        known: true,
        matches: mismatches.is_empty(),
        mismatches,
        status: Some(status),
        why: Some(why),
    })
}

/// An item's last good day: its own, else its lot's.
fn expiry(
    reader: &Reader,
    gtin: marque_primitives::gs1::Gtin,
    record: &Record,
) -> Result<Option<Date>, RpcError> {
    match (record.expiry, record.lot) {
        (None, Some(lot)) => {
            Ok(read::lot(reader.view(), &LotId { gtin, lot })?.and_then(|lot| lot.expiry))
        }
        (own, _) => Ok(own),
    }
}

/// Asks by a release that its custodian would make now, so that every rule has its say.
fn sellable(context: &Context, asked: ItemSellable) -> Result<Sellable, RpcError> {
    let id = names::thing("id", &asked.id)?;
    let place = asked
        .place
        .map(|place| names::place("place", &place))
        .transpose()?;
    let reader = context.reader()?;
    let (_, standing) = read::standing(reader.view(), &id)?.ok_or_else(|| unknown(&id))?;
    let contract = match &id {
        ThingId::Item {
            line: Line::Product(gtin),
            ..
        } => read::product(reader.view(), *gtin)?.and_then(|product| product.contract),
        _ => None,
    };
    let Some(custodian) = standing.custodian else {
        let refusal = Refusal::kernel(
            Invariant::NotCustodian,
            "no one has it: it was released, or never commissioned",
        );
        return Ok(Sellable {
            sellable: false,
            refusal: Some(refusal),
            contract,
        });
    };
    let detail = Detail {
        place,
        step: Text::new("retail_selling").ok(),
        ..Detail::default()
    };
    let body = release(context, custodian, id.into(), detail)?;
    let receipt = context.chain().dry_run_for_account(&reader, &body)?.receipt;
    let refusal = match receipt.status {
        Status::Applied => None,
        Status::Refused { refusal, .. } => Some(refusal),
    };
    Ok(Sellable {
        sellable: refusal.is_none(),
        refusal,
        contract,
    })
}

fn release(
    context: &Context,
    custodian: Address,
    thing: Thing,
    detail: Detail,
) -> Result<Body, RpcError> {
    let shape =
        |error: marque_primitives::bounded::TooLong| RpcError::params("id", error.to_string());
    let items = List::new(vec![thing]).map_err(shape)?;
    let action = Action::Intent(Operation::Release { items }, detail);
    let genesis = context.chain().genesis();
    Ok(Body {
        version: Version::V1,
        chain_id: genesis.chain_id,
        genesis: context.chain().genesis_hash(),
        account: custodian,
        key: custodian,
        lane: Lane(0),
        nonce: Nonce(0),
        expiry: Expiry::NEVER,
        gas_limit: Gas(genesis.block_gas),
        actions: List::new(vec![action]).map_err(shape)?,
    })
}

fn children(context: &Context, asked: ItemChildren) -> Result<Page<Held>, RpcError> {
    let id = names::thing("id", &asked.id)?;
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    if read::record_at(reader.view(), &id)?.is_none() {
        return Err(unknown(&id));
    }
    Ok(view::page(reader.children(&id, &request)?.map(view::held)))
}
