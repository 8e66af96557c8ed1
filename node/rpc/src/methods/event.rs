//! `event_*` and `refusal_query`: what was recorded, and what was refused.

use super::follow::{Messages, follow};
use crate::config::PAGE_MAX;
use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::names;
use crate::register::{Module, Register as _, Registered, read_params};
use crate::view::{self, Exporter};
use jsonrpsee::Extensions;
use jsonrpsee::core::server::SubscriptionCloseResponse;
use jsonrpsee::server::PendingSubscriptionSink;
use marque_chain::reads::{self, At, EventAt, Reader, Span};
use marque_client::api::{
    Event, EventGet, EventQuery, EventSubscribe, Method as _, Page, Recorded, RefusalQuery,
    Refused, TimeSpan,
};
use marque_primitives::bounded::TooLong;
use marque_primitives::gs1::Gtin;
use marque_primitives::hash::from_hex;
use marque_primitives::json::naming;
use marque_primitives::thing::{Thing, ThingId, Uri};
use marque_primitives::{Hash, Height, Position, Text};
use std::sync::Arc;

pub(super) fn register(module: &mut Module) -> Registered {
    module.answer::<EventGet>(get)?;
    module.work::<EventQuery>(query)?;
    module.work::<RefusalQuery>(refusals)?;
    module
        .register_subscription(
            EventSubscribe::NAME,
            "event",
            "event_unsubscribe",
            |params, pending, context, extensions| async move {
                match read_params(&params) {
                    Ok(asked) => subscribe(context, asked, &extensions, pending).await,
                    Err(error) => {
                        pending.reject(error).await;
                        SubscriptionCloseResponse::None
                    }
                }
            },
        )
        .map(drop)
}

fn get(context: &Context, asked: EventGet) -> Result<Event, RpcError> {
    let found = find(&context.reader()?, &asked.id)?;
    found.map(view::event).ok_or(RpcError::Missing {
        missing: Missing::Event,
        what: asked.id,
    })
}

fn find(reader: &Reader, id: &str) -> Result<Option<EventAt>, RpcError> {
    if let Some(hash) = hash(id) {
        return Ok(reader.event_by_hash(&hash)?);
    }
    if let Ok(position) = id.parse() {
        return Ok(reader.event(Position(position))?);
    }
    let id = Uri::new(id).map_err(|error| RpcError::params("id", error.to_string()))?;
    Ok(reader.event_by_id(&id)?)
}

/// A CBV event hash: `0x…`, or `ni:///sha-256;…?ver=CBV2.0` (CBV 2.0 section 8.9).
fn hash(text: &str) -> Option<Hash> {
    let digits = match text.strip_prefix("ni:///sha-256;") {
        Some(rest) => format!("0x{}", rest.split('?').next()?),
        None => text.to_owned(),
    };
    from_hex(&digits)?.try_into().ok().map(Hash)
}

fn query(context: &Context, asked: EventQuery) -> Result<Recorded<Event>, RpcError> {
    let request = page(asked.cursor.clone(), asked.limit)?;
    let reader = context.reader()?;
    let epcis = asked.epcis.unwrap_or(false);
    let filter = filter(&reader, asked)?;
    let found = reader.events(&filter, &request)?;
    let mut exporter = epcis.then(|| Exporter::new(&reader));
    if let Some(exporter) = &mut exporter {
        for event in &found.items {
            exporter.add(event, None);
        }
    }
    let page = view::page(found.map(view::event));
    Ok(view::recorded(page, exporter))
}

/// What is asked for, with everything that it names found.
fn filter(reader: &Reader, asked: EventQuery) -> Result<reads::EventQuery, RpcError> {
    let word = |field: &str, error: TooLong| RpcError::params(field, error.to_string());
    let (thing, product, class) = about(asked.epc)?;
    Ok(reads::EventQuery {
        thing,
        product,
        class,
        lot: asked.lot.map(|name| names::lot("lot", &name)).transpose()?,
        party: asked
            .party
            .map(|name| names::account(reader, "party", &name))
            .transpose()?,
        place: asked
            .place
            .map(|name| names::place("place", &name))
            .transpose()?,
        step: asked
            .biz_step
            .map(Text::new)
            .transpose()
            .map_err(|error| word("bizStep", error))?,
        disposition: asked
            .disposition
            .map(Text::new)
            .transpose()
            .map_err(|error| word("disposition", error))?,
        kinds: asked.action.into_iter().collect(),
        document: asked
            .document
            .map(Uri::new)
            .transpose()
            .map_err(|error| word("document", error))?,
        contract: asked.contract,
        time: span(asked.event_time),
        recorded: span(asked.record_time),
        declared: asked.error_declared,
        ..reads::EventQuery::default()
    })
}

/// Accepts a subscriber whose filters name what there is.
async fn subscribe(
    context: Arc<Context>,
    asked: EventSubscribe,
    extensions: &Extensions,
    pending: PendingSubscriptionSink,
) -> SubscriptionCloseResponse {
    let from = asked.from_height;
    let named = move |context: &Context| filter(&context.reader()?, asked.into());
    let wanted = match context.clone().at_work(named).await {
        Ok(wanted) => Arc::new(wanted),
        Err(error) => {
            pending.reject(error).await;
            return SubscriptionCloseResponse::None;
        }
    };
    let events = move |context: Arc<Context>, height| {
        let wanted = wanted.clone();
        context.at_work(move |context| of_block(context, &wanted, height))
    };
    follow(context, extensions, pending, from, events).await
}

/// What a subscriber wants of the block at a height.
fn of_block(context: &Context, wanted: &reads::EventQuery, height: Height) -> Messages {
    let reader = context.reader()?;
    let Some(committed) = reader.committed(At::Height(height))? else {
        return Ok(Vec::new());
    };
    let wanted = reads::EventQuery {
        positions: Some(committed.spans.events),
        ..wanted.clone()
    };
    let mut messages = Vec::new();
    let mut request = page(None, Some(PAGE_MAX))?;
    loop {
        let found = reader.events(&wanted, &request)?;
        for event in found.items {
            messages.push(view::message(&view::event(event))?);
        }
        request.cursor = found.cursor;
        if request.cursor.is_none() {
            return Ok(messages);
        }
    }
}

/// A thing, a product, or another class, as an EPC names it.
#[allow(clippy::type_complexity)] // three filters of which one is set
fn about(epc: Option<String>) -> Result<(Option<ThingId>, Option<Gtin>, Option<Uri>), RpcError> {
    let Some(text) = epc else {
        return Ok((None, None, None));
    };
    if let Ok(gtin) = naming::product(&text) {
        return Ok((None, Some(gtin), None));
    }
    match names::any_thing("epc", &text)? {
        Thing::Class { id, .. } => Ok((None, None, Some(id))),
        thing => Ok((thing.id(), None, None)),
    }
}

fn refusals(context: &Context, asked: RefusalQuery) -> Result<Page<Refused>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let filter = reads::RefusalQuery {
        contract: asked.contract,
        product: asked
            .product
            .map(|name| names::product("product", &name))
            .transpose()?,
        party: asked
            .party
            .map(|name| names::account(&reader, "party", &name))
            .transpose()?,
        rule: asked.rule,
        recorded: span(asked.time),
        ..reads::RefusalQuery::default()
    };
    Ok(view::page(
        reader.refusals(&filter, &request)?.map(view::refused),
    ))
}

fn span(time: Option<TimeSpan>) -> Span {
    let TimeSpan { from, to } = time.unwrap_or_default();
    Span { from, to }
}
