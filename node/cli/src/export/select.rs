//! Which events are exported, page after page.

use super::tidy::tidied;
use super::whole::whole;
use crate::failure::Failure;
use crate::node::{Node, PAGE};
use marque_client::api::{self, EventQuery, ItemTrace, Method, Recorded, TimeSpan};
use marque_primitives::{Position, TimeMs};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What was asked for.
#[derive(Default)]
pub struct Selection {
    pub item: Option<String>,
    pub lot: Option<String>,
    pub party: Option<String>,
    pub since: Option<TimeMs>,
    pub until: Option<TimeMs>,
}

/// A document and how many records it has no event of.
pub struct Found {
    pub document: Value,
    pub omitted: usize,
}

/// EPCIS events by their place in the ledger's sequence.
#[derive(Default)]
pub struct Events {
    pub by_position: BTreeMap<Position, Map<String, Value>>,
    pub omitted: usize,
}

impl Selection {
    /// All of it as one document.
    pub fn document(&self, node: &Node) -> Result<Found, Failure> {
        match &self.item {
            Some(id) => gather(node, |cursor| journey(id, cursor), |_| ()),
            None => gather(node, |cursor| self.query(cursor), |_| ()),
        }
    }

    /// All of it, each event by its position.
    pub fn events(&self, node: &Node) -> Result<Events, Failure> {
        let mut events = Events::default();
        let found = gather(
            node,
            |cursor| match &self.item {
                Some(id) => naming(id, cursor),
                None => self.query(cursor),
            },
            |page| events.add(page),
        )?;
        events.omitted = found.omitted;
        Ok(events)
    }

    fn query(&self, cursor: Option<String>) -> EventQuery {
        let span = TimeSpan {
            from: self.since,
            to: self.until,
        };
        EventQuery {
            lot: self.lot.clone(),
            party: self.party.clone(),
            event_time: (span != TimeSpan::default()).then_some(span),
            ..all(cursor)
        }
    }
}

impl Events {
    fn add(&mut self, page: &Recorded<api::Event>) {
        // What the document leaves out is named, so the others are its events in order.
        let told = page
            .items
            .iter()
            .map(|event| event.position)
            .filter(|position| !page.omitted.contains(position));
        self.by_position.extend(told.zip(list(page).cloned()));
    }
}

/// Events of a lot, or of items of it.
pub fn lot_events(node: &Node, lot: &str) -> Result<Events, Failure> {
    let mut events = Events::default();
    let of_lot = |cursor| EventQuery {
        lot: Some(lot.to_owned()),
        ..all(cursor)
    };
    gather(node, of_lot, |page| events.add(page))?;
    Ok(events)
}

/// Events that name a thing.
pub fn naming_events(node: &Node, id: &str) -> Result<Events, Failure> {
    let mut events = Events::default();
    gather(node, |cursor| naming(id, cursor), |page| events.add(page))?;
    Ok(events)
}

fn naming(id: &str, cursor: Option<String>) -> EventQuery {
    EventQuery {
        epc: Some(id.into()),
        ..all(cursor)
    }
}

fn journey(id: &str, cursor: Option<String>) -> ItemTrace {
    ItemTrace {
        id: id.into(),
        cursor,
        limit: Some(PAGE),
        include_refused: Some(false),
        epcis: Some(true),
    }
}

fn all(cursor: Option<String>) -> EventQuery {
    EventQuery {
        epc: None,
        lot: None,
        party: None,
        place: None,
        biz_step: None,
        disposition: None,
        action: None,
        document: None,
        contract: None,
        event_time: None,
        record_time: None,
        error_declared: None,
        cursor,
        limit: Some(PAGE),
        epcis: Some(true),
    }
}

/// The first page's document with the events of all. An event that is two entries of a
/// journey (an unpacking and what it was for) stands once.
fn gather<M, T>(
    node: &Node,
    page: impl Fn(Option<String>) -> M,
    mut each: impl FnMut(&Recorded<T>),
) -> Result<Found, Failure>
where
    M: Method<Output = Recorded<T>>,
{
    let (mut document, mut events, mut omitted, mut cursor) =
        (Value::Null, Vec::<Map<String, Value>>::new(), 0_usize, None);
    loop {
        let next = node.call(&page(cursor))?;
        each(&next);
        omitted = omitted.saturating_add(next.omitted.len());
        for event in list(&next).map(tidied) {
            if events.last() != Some(&event) {
                events.push(event);
            }
        }
        if document.is_null() {
            document = next.epcis.unwrap_or_default();
        }
        match next.cursor {
            Some(more) => cursor = Some(more),
            None => break,
        }
    }
    if let Some(body) = document.get_mut("epcisBody") {
        let events = whole(events).into_iter().map(Value::Object);
        body["eventList"] = events.collect();
    }
    Ok(Found { document, omitted })
}

fn list<T>(page: &Recorded<T>) -> impl Iterator<Item = &Map<String, Value>> {
    let body = page.epcis.as_ref().and_then(|it| it.get("epcisBody"));
    let list = body.and_then(|body| body.get("eventList")?.as_array());
    list.into_iter().flatten().filter_map(Value::as_object)
}
