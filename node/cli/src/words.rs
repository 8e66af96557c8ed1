//! The ledger's words as tables show them: short, and still what the commands take.

use marque_primitives::TimeMs;
use marque_primitives::action::Right;
use marque_primitives::detail::{Place, Sensor};
use marque_primitives::gs1::Identifier;
use marque_primitives::json::{naming, time};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{Thing, ThingId};

/// A moment by the local clock where it was, to the second.
pub fn moment(at: TimeMs, offset: Option<i16>) -> String {
    let Some(text) = time::print(at, offset) else {
        return at.0.to_string();
    };
    // 2027-05-01T08:00:00.000+02:00
    let (Some(date), Some(clock), Some(zone)) = (text.get(..10), text.get(11..19), text.get(23..))
    else {
        return text;
    };
    let zone = if zone == "Z" { "" } else { zone };
    format!("{date} {clock}{zone}")
}

/// A right in words.
pub fn right(right: Right) -> &'static str {
    match right {
        Right::Possession => "possession",
        Right::Ownership => "ownership",
        Right::Both => "possession and ownership",
    }
}

/// A place: the number and its extension, or the URI.
pub fn place(place: &Place) -> String {
    match place {
        Place::Gln {
            gln,
            extension: None,
        } => gln.to_string(),
        Place::Gln {
            gln,
            extension: Some(extension),
        } => format!("{gln} ({extension})"),
        Place::Uri(uri) => uri.to_string(),
    }
}

/// A canonical name as an element string, where it is a key.
pub fn compact(name: &str) -> String {
    let identifier = name.parse::<Identifier>().ok();
    let element = identifier.and_then(|identifier| identifier.to_element_string());
    element.unwrap_or_else(|| name.to_string())
}

/// One thing.
pub fn thing_id(id: &ThingId) -> String {
    compact(&naming::name_of(id))
}

/// A thing as the commands take it.
pub fn thing(thing: &Thing) -> String {
    match thing {
        Thing::Run { run, .. } => {
            let first = ThingId::Item {
                line: run.line(),
                serial: *run.first(),
            };
            match run.count() {
                1 => thing_id(&first),
                count => format!("{}..+{count}", thing_id(&first)),
            }
        }
        Thing::Lot { id, amount } => {
            let unit = amount.unit.code().unwrap_or_default();
            format!("{}{unit}@{}", amount.value, compact(&naming::lot_name(id)))
        }
        Thing::Class { id, amount: None } => compact(id),
        Thing::Class {
            id,
            amount: Some(amount),
        } => {
            let unit = amount.unit.code().unwrap_or_default();
            format!("{}{unit}@{}", amount.value, compact(id))
        }
        Thing::Asset(giai) => thing_id(&ThingId::Asset(*giai)),
        Thing::Unit(sscc) => thing_id(&ThingId::Unit(*sscc)),
        Thing::Opaque(uri) => uri.to_string(),
    }
}

/// How many things a range is, and of what.
pub fn count(thing: &Thing) -> Option<u64> {
    match thing {
        Thing::Run { run, .. } if run.count() > 1 => Some(run.count()),
        _ => None,
    }
}

/// What a sensor reported.
pub fn sensor(sensor: &Sensor) -> String {
    // A private property by its name alone, without its vocabulary's address.
    let name = sensor.kind.rsplit(['/', '#']).next().unwrap_or_default();
    let mut words = name.to_string();
    let unit = sensor.unit.as_ref().map_or("", |unit| unit.as_str());
    match (sensor.min, sensor.max) {
        (Some(min), Some(max)) => words.push_str(&format!(" {min} to {max} {unit}")),
        (Some(min), None) => words.push_str(&format!(" from {min} {unit}")),
        (None, Some(max)) => words.push_str(&format!(" up to {max} {unit}")),
        (None, None) => {
            let value = sensor.value.or(sensor.mean);
            words.extend(value.map(|value| format!(" {value} {unit}")));
        }
    }
    if sensor.alarm {
        words.push_str(", alarm");
    }
    words.trim().to_string()
}

/// A refusal without its remedy: name, what decided, field and things at fault.
pub fn refusal(refusal: &Refusal) -> String {
    let message = refusal.message.trim_end_matches('.');
    let mut words = format!("{}: {message}", refusal.name);
    if let Some(field) = &refusal.field {
        words.push_str(&format!(" (field {field}"));
        if let Some(expected) = &refusal.expected {
            words.push_str(&format!(", expected {expected}"));
        }
        words.push(')');
    }
    if !refusal.items.is_empty() {
        let items: Vec<String> = refusal.items.iter().map(thing).collect();
        words.push_str(&format!(": {}", items.join(", ")));
    }
    words
}
