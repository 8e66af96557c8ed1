//! `event_*` and `refusal_query`: what was recorded, and what was refused.

use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::names;
use crate::register::{Module, Register as _, Registered};
use crate::view::{self, Exporter};
use marque_chain::reads::{self, EventAt, Reader, Span};
use marque_client::api::{
    Event, EventGet, EventQuery, Page, Recorded, RefusalQuery, Refused, TimeSpan,
};
use marque_primitives::bounded::TooLong;
use marque_primitives::gs1::Gtin;
use marque_primitives::hash::from_hex;
use marque_primitives::json::naming;
use marque_primitives::thing::{Thing, ThingId, Uri};
use marque_primitives::{Hash, Position, Text};

pub(super) fn register(module: &mut Module) -> Registered {
    module.answer::<EventGet>(get)?;
    module.work::<EventQuery>(query)?;
    module.work::<RefusalQuery>(refusals)
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
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let word = |field: &str, error: TooLong| RpcError::params(field, error.to_string());
    let (thing, product, class) = about(asked.epc)?;
    let filter = reads::EventQuery {
        thing,
        product,
        class,
        lot: asked.lot.map(|name| names::lot("lot", &name)).transpose()?,
        party: asked
            .party
            .map(|name| names::account(&reader, "party", &name))
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
    };
    let found = reader.events(&filter, &request)?;
    let mut exporter = asked.epcis.unwrap_or(false).then(|| Exporter::new(&reader));
    if let Some(exporter) = &mut exporter {
        for event in &found.items {
            exporter.add(event, None);
        }
    }
    let page = view::page(found.map(view::event));
    Ok(view::recorded(page, exporter))
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
