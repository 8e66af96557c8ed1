//! From bytes to events.

use crate::context::Context;
use crate::event::{Event, EventType};
use crate::hash::{self, EventHash};
use crate::json;
use crate::{Error, Invalid};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a document may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes, checked before anything is read.
    pub bytes: usize,
    /// Objects and arrays within each other.
    pub depth: usize,
    /// Events.
    pub events: usize,
}

impl Default for Limits {
    /// 32 MiB, 64 levels, 100,000 events.
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            depth: 64,
            events: 100_000,
        }
    }
}

/// The events of an EPCISDocument, an EPCISQueryDocument, a bare event or a list of events.
#[derive(Clone, Debug)]
pub struct Document {
    /// Contexts that are not built in, each once; what they would expand stays as it is written.
    pub unresolved: Vec<String>,
    /// The events in their order, those with errors included.
    pub events: Vec<Captured>,
}

/// An event as it came and what could be read of it.
#[derive(Clone, Debug)]
pub struct Captured {
    /// Its place in the document, from 0.
    pub index: usize,
    /// Its members as they came, without those that the document itself tells to ignore
    /// (`ignoreFields`); empty if it is no object.
    pub raw: Map<String, Value>,
    /// The context that it was read under.
    pub context: Arc<Context>,
    /// eventID, if it is a text.
    pub id: Option<String>,
    /// The CBV hash, if its type is known.
    pub hash: Option<EventHash>,
    /// The event, or what is wrong with its form.
    pub event: Result<Event, Invalid>,
}

impl Document {
    /// Reads a document within limits.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        if bytes.len() > limits.bytes {
            return Err(Error::TooLarge {
                size: bytes.len(),
                limit: limits.bytes,
            });
        }
        let value = json::read(bytes, limits.depth)?;
        Self::of(&value, limits)
    }

    /// Takes the events out of a value that [`json::read`] has read.
    pub fn of(value: &Value, limits: &Limits) -> Result<Self, Error> {
        let base = Context::epcis();
        let (context, events, ignored) = match value {
            Value::Array(events) => (Arc::clone(base), events.as_slice(), BTreeSet::new()),
            Value::Object(top) => {
                let context = base.with(top.get("@context").unwrap_or(&Value::Null));
                if EventType::of(top, context.as_ref().unwrap_or(base)).is_some() {
                    // The event brings its own context along.
                    (
                        Arc::clone(base),
                        std::slice::from_ref(value),
                        BTreeSet::new(),
                    )
                } else {
                    let context = context?;
                    let (events, holders) = body(top)?;
                    let ignored = ignored(&holders, &context);
                    (context, events, ignored)
                }
            }
            _ => {
                return Err(Error::NotEpcis {
                    what: "neither an object nor a list of events",
                });
            }
        };
        if events.len() > limits.events {
            return Err(Error::TooManyEvents {
                count: events.len(),
                limit: limits.events,
            });
        }
        let captured = events
            .iter()
            .enumerate()
            .map(|(index, event)| Captured::read(index, event, &context, &ignored));
        let events: Vec<Captured> = captured.collect();
        // An event without a context of its own shares the document's.
        let own = events
            .iter()
            .map(|event| &event.context)
            .filter(|own| !Arc::ptr_eq(own, &context));
        let unresolved: BTreeSet<&str> = std::iter::once(&context)
            .chain(own)
            .flat_map(|context| context.unresolved())
            .collect();
        let unresolved = unresolved.into_iter().map(str::to_owned).collect();
        Ok(Self { unresolved, events })
    }
}

/// The events of a document, and the objects that may say which fields the hash ignores.
type Body<'a> = (&'a [Value], Vec<&'a Map<String, Value>>);

/// Takes a document apart.
fn body(top: &Map<String, Value>) -> Result<Body<'_>, Error> {
    let missing = |what| Error::NotEpcis { what };
    let body = top.get("epcisBody").and_then(Value::as_object);
    let body = body.ok_or(missing(
        "it has no epcisBody and is no event (its type is none of EPCIS 2.0)",
    ))?;
    let results = body.get("queryResults").and_then(Value::as_object);
    let list = match results {
        Some(results) => results.get("resultsBody").and_then(|r| r.get("eventList")),
        None => body.get("eventList").or_else(|| body.get("event")),
    };
    let events = match list.ok_or(missing("its epcisBody has no eventList"))? {
        Value::Array(events) => events.as_slice(),
        one @ Value::Object(_) => std::slice::from_ref(one),
        _ => return Err(missing("its eventList is no list")),
    };
    Ok((events, [Some(top), results].into_iter().flatten().collect()))
}

/// The names of extensions that are given by extensions called `ignoreFields`, which the reference vectors
/// know in the document and in the query's results.
fn ignored(holders: &[&Map<String, Value>], context: &Context) -> BTreeSet<String> {
    holders
        .iter()
        .flat_map(|holder| holder.iter())
        .filter(|(key, _)| {
            context
                .split(key)
                .is_some_and(|(_, local)| local == "ignoreFields")
        })
        .filter_map(|(_, names)| names.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .map(|name| hash::extension_name(name, context))
        .filter(|name| name.starts_with('{'))
        .collect()
}

impl Captured {
    fn read(
        index: usize,
        event: &Value,
        document: &Arc<Context>,
        ignored: &BTreeSet<String>,
    ) -> Self {
        let unread = |raw, invalid| Self {
            index,
            raw,
            context: Arc::clone(document),
            id: None,
            hash: None,
            event: Err(invalid),
        };
        let Value::Object(members) = event else {
            let invalid = Invalid::new("", "the event is no object", "write { … }");
            return unread(Map::new(), invalid);
        };
        let context = match members.get("@context").map(|local| document.with(local)) {
            None => Arc::clone(document),
            Some(Ok(context)) => context,
            Some(Err(error)) => {
                let remedy = "mend the event's own context, or leave it out";
                let invalid = Invalid::new("@context", error.to_string(), remedy);
                return unread(members.clone(), invalid);
            }
        };
        let mut raw = members.clone();
        raw.retain(|key, _| !ignored.contains(&hash::extension_name(key, &context)));
        let kind = EventType::of(&raw, &context);
        Self {
            index,
            id: raw
                .get("eventID")
                .and_then(Value::as_str)
                .map(|id| id.trim().to_owned()),
            hash: kind.map(|kind| EventHash::of(&hash::prehash(kind.name(), &raw, &context))),
            event: Event::read(&raw, &context),
            raw,
            context,
        }
    }
}
