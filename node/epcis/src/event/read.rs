//! From an object to an [`Event`], or what keeps it from being one.

use super::fields::Fields;
use super::{Action, ErrorDeclaration, Event, EventType, Quantity, Reference, Things, sensor};
use crate::Invalid;
use crate::context::Context;
use crate::hash;
use crate::timestamp::offset_minutes;
use crate::vocabulary::Vocabulary;
use serde_json::{Map, Value};

/// The fields that EPCIS 2.0 gives events; any other is an extension.
const STANDARD: [&str; 30] = [
    "@context",
    "type",
    "@type",
    "eventID",
    "eventTime",
    "recordTime",
    "eventTimeZoneOffset",
    "errorDeclaration",
    "certificationInfo",
    "action",
    "bizStep",
    "disposition",
    "persistentDisposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "ilmd",
    "parentID",
    "epcList",
    "quantityList",
    "childEPCs",
    "childQuantityList",
    "inputEPCList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "transformationID",
];

impl EventType {
    /// The type that an object names, in any of its spellings.
    pub fn of(event: &Map<String, Value>, context: &Context) -> Option<Self> {
        let named = |text: &str| {
            let iri = context.expand(text.trim());
            let name = iri
                .strip_prefix("https://ref.gs1.org/epcis/")
                .unwrap_or(&iri);
            Self::ALL.into_iter().find(|kind| kind.name() == name)
        };
        match event.get("type").or_else(|| event.get("@type"))? {
            Value::String(text) => named(text),
            Value::Array(names) => names.iter().filter_map(Value::as_str).find_map(named),
            _ => None,
        }
    }
}

impl Event {
    /// Reads an event under the context of its document.
    pub fn read(members: &Map<String, Value>, context: &Context) -> Result<Self, Invalid> {
        let fields = Fields::new(members, context, "");
        let kind = EventType::of(members, context).ok_or_else(|| {
            let names = EventType::ALL.map(EventType::name).join(", ");
            fields.invalid(
                "type",
                "is no event type of EPCIS 2.0",
                format!("use one of {names}"),
            )
        })?;
        let time = fields
            .time("eventTime")?
            .ok_or_else(|| fields.missing("eventTime", "say when it happened"))?;
        let persistent = match fields.objects("persistentDisposition")?.first() {
            Some((members, path)) => {
                let fields = Fields::new(members, context, path);
                (
                    fields.terms("set", Vocabulary::Disposition)?,
                    fields.terms("unset", Vocabulary::Disposition)?,
                )
            }
            None => Default::default(),
        };
        let event = Self {
            kind,
            time,
            offset: offset(&fields)?,
            record_time: fields.time("recordTime")?,
            id: fields.text("eventID")?.map(str::to_owned),
            error: declaration(&fields)?,
            action: action(&fields, kind)?,
            step: fields.term("bizStep", Vocabulary::BizStep)?,
            disposition: fields.term("disposition", Vocabulary::Disposition)?,
            set: persistent.0,
            unset: persistent.1,
            read_point: place(&fields, "readPoint")?,
            location: place(&fields, "bizLocation")?,
            documents: references(
                &fields,
                "bizTransactionList",
                "bizTransaction",
                Vocabulary::BusinessTransaction,
            )?,
            sources: references(
                &fields,
                "sourceList",
                "source",
                Vocabulary::SourceDestination,
            )?,
            destinations: references(
                &fields,
                "destinationList",
                "destination",
                Vocabulary::SourceDestination,
            )?,
            parent: fields.text("parentID")?.map(str::to_owned),
            objects: match kind {
                EventType::Object | EventType::Transaction => {
                    things(&fields, "epcList", "quantityList")?
                }
                EventType::Aggregation | EventType::Association => {
                    things(&fields, "childEPCs", "childQuantityList")?
                }
                EventType::Transformation => Things::default(),
            },
            inputs: things(&fields, "inputEPCList", "inputQuantityList")?,
            outputs: things(&fields, "outputEPCList", "outputQuantityList")?,
            transformation: fields.text("transformationID")?.map(str::to_owned),
            sensors: sensor::read(&fields)?,
            certification: fields.texts("certificationInfo")?,
            ilmd: fields
                .objects("ilmd")?
                .into_iter()
                .next()
                .map(|(members, _)| members.clone())
                .unwrap_or_default(),
            extensions: members
                .iter()
                .filter(|(key, _)| !STANDARD.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        };
        complete(&event, &fields)?;
        Ok(event)
    }
}

fn offset(fields: &Fields<'_>) -> Result<i16, Invalid> {
    const REMEDY: &str = "write the local clock's offset from UTC, such as +02:00";
    let text = fields
        .text("eventTimeZoneOffset")?
        .ok_or_else(|| fields.missing("eventTimeZoneOffset", REMEDY))?;
    offset_minutes(text).ok_or_else(|| {
        fields.invalid(
            "eventTimeZoneOffset",
            format!("{text:?} is no offset"),
            REMEDY,
        )
    })
}

fn action(fields: &Fields<'_>, kind: EventType) -> Result<Option<Action>, Invalid> {
    const REMEDY: &str = "use ADD, OBSERVE or DELETE";
    if kind == EventType::Transformation {
        return Ok(None);
    }
    let text = fields
        .text("action")?
        .ok_or_else(|| fields.missing("action", REMEDY))?;
    let known = [Action::Add, Action::Observe, Action::Delete]
        .into_iter()
        .find(|action| action.name() == text);
    known
        .map(Some)
        .ok_or_else(|| fields.invalid("action", format!("{text:?} is no action"), REMEDY))
}

fn declaration(fields: &Fields<'_>) -> Result<Option<ErrorDeclaration>, Invalid> {
    let Some(value) = fields.get("errorDeclaration") else {
        return Ok(None);
    };
    let objects = fields.objects("errorDeclaration")?;
    let (false, [(members, path)]) = (value.is_array(), &objects[..]) else {
        return Err(fields.invalid(
            "errorDeclaration",
            "is a list, not an object",
            "declare an event wrong once, in { … }",
        ));
    };
    let inner = Fields::new(members, fields.context(), path);
    Ok(Some(ErrorDeclaration {
        time: inner
            .time("declarationTime")?
            .ok_or_else(|| inner.missing("declarationTime", "say when the error was declared"))?,
        reason: inner.term("reason", Vocabulary::ErrorReason)?,
        corrective: inner.texts("correctiveEventIDs")?,
        digest: hash::declaration_digest(value, fields.context()),
    }))
}

fn place(fields: &Fields<'_>, key: &str) -> Result<Option<String>, Invalid> {
    let objects = fields.objects(key)?;
    let Some((members, path)) = objects.first() else {
        return Ok(None);
    };
    let inner = Fields::new(members, fields.context(), path);
    let id = inner
        .text("id")?
        .ok_or_else(|| inner.missing("id", "name the place by a GLN or another URI"))?;
    Ok(Some(id.to_owned()))
}

fn references(
    fields: &Fields<'_>,
    list: &str,
    value: &str,
    types: Vocabulary,
) -> Result<Vec<Reference>, Invalid> {
    let mut references = Vec::new();
    for (members, path) in fields.objects(list)? {
        let inner = Fields::new(members, fields.context(), &path);
        let kind = inner.term("type", types)?;
        if kind.is_none() && types == Vocabulary::SourceDestination {
            return Err(inner.missing("type", "use owning_party, possessing_party or location"));
        }
        let id = inner
            .text(value)?
            .ok_or_else(|| inner.missing(value, "name it by its URI"))?;
        references.push(Reference {
            kind,
            id: id.to_owned(),
        });
    }
    Ok(references)
}

fn things(fields: &Fields<'_>, epcs: &str, quantities: &str) -> Result<Things, Invalid> {
    let mut things = Things {
        epcs: fields.texts(epcs)?,
        quantities: Vec::new(),
    };
    for (members, path) in fields.objects(quantities)? {
        let inner = Fields::new(members, fields.context(), &path);
        let class = inner
            .text("epcClass")?
            .ok_or_else(|| inner.missing("epcClass", "name the lot or product"))?;
        let amount = inner.decimal("quantity")?;
        if amount.as_ref().is_some_and(|a| a.as_str().starts_with('-')) {
            return Err(inner.invalid(
                "quantity",
                "is negative",
                "state what there is; use DELETE for what goes",
            ));
        }
        let uom = inner.text("uom")?.map(str::to_owned);
        things.quantities.push(Quantity {
            class: class.to_owned(),
            amount,
            uom,
        });
    }
    Ok(things)
}

/// What a type of event cannot do without.
fn complete(event: &Event, fields: &Fields<'_>) -> Result<(), Invalid> {
    match (event.kind, event.action) {
        (EventType::Aggregation | EventType::Association, Some(Action::Add | Action::Delete)) => {
            if event.parent.is_none() {
                return Err(fields.missing(
                    "parentID",
                    "name what the children are put into or taken from",
                ));
            }
            if event.action == Some(Action::Add) && event.objects.is_empty() {
                return Err(fields.missing(
                    "childEPCs",
                    "name the children in childEPCs or childQuantityList",
                ));
            }
        }
        (EventType::Transaction, _) if event.documents.is_empty() => {
            return Err(fields.missing(
                "bizTransactionList",
                "name the document that the objects are linked to",
            ));
        }
        (EventType::Transformation, _) => {
            let (inputs, outputs) = (!event.inputs.is_empty(), !event.outputs.is_empty());
            if !(inputs && outputs) && (event.transformation.is_none() || !(inputs || outputs)) {
                let (side, other) = if inputs {
                    ("outputEPCList", "outputs")
                } else {
                    ("inputEPCList", "inputs")
                };
                return Err(fields.missing(
                    side,
                    &format!("name the {other}, or join two events by a transformationID"),
                ));
            }
        }
        _ => {}
    }
    Ok(())
}
