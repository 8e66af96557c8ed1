//! JSON Schema, draft 7, as far as GS1's schema of EPCIS documents goes: a test's own, since
//! the crates for it would change the features that the whole workspace is built with. A word
//! of the schema language that is not known here fails the test instead of being passed over.

use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;

/// A schema and its definitions.
pub struct Schema(Value);

/// Words that say nothing of a value.
const SILENT: [&str; 3] = ["$id", "$schema", "definitions"];

impl Schema {
    pub fn new(text: &[u8]) -> Self {
        Self(serde_json::from_slice(text).unwrap())
    }

    /// What is wrong with a value, and where.
    pub fn faults(&self, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(&self.0, value, "", &mut faults);
        faults
    }

    fn holds(&self, schema: &Value, value: &Value) -> bool {
        let mut faults = Vec::new();
        self.check(schema, value, "", &mut faults);
        faults.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let words = match schema {
            Value::Bool(true) => return,
            Value::Bool(false) => return faults.push(format!("{at}: nothing may stand here")),
            schema => schema.as_object().unwrap(),
        };
        // Beside a reference every other word is passed over (draft 7, core 8.3).
        if let Some(reference) = words.get("$ref") {
            let path = reference.as_str().unwrap().strip_prefix('#').unwrap();
            let found = self.0.pointer(path);
            let found = found.unwrap_or_else(|| panic!("the schema has no {path}"));
            return self.check(found, value, at, faults);
        }
        for (word, says) in words {
            if !SILENT.contains(&word.as_str()) {
                self.word(word, says, words, value, at, faults);
            }
        }
    }

    fn word(
        &self,
        word: &str,
        says: &Value,
        words: &Map<String, Value>,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        let each = || says.as_array().unwrap().iter();
        let good = match word {
            "type" => is(value, says.as_str().unwrap()),
            "enum" => each().any(|one| one == value),
            "pattern" => value
                .as_str()
                .is_none_or(|text| matches(says.as_str().unwrap(), text)),
            "format" => value
                .as_str()
                .is_none_or(|text| formed(says.as_str().unwrap(), text)),
            "minItems" => value
                .as_array()
                .is_none_or(|list| list.len() as u64 >= says.as_u64().unwrap()),
            "uniqueItems" => value.as_array().is_none_or(|list| {
                let mut later = (1..).zip(list);
                later.all(|(next, one)| !list[next..].contains(one))
            }),
            "required" => value.as_object().is_none_or(|object| {
                each().all(|name| object.contains_key(name.as_str().unwrap()))
            }),
            "anyOf" => each().any(|one| self.holds(one, value)),
            "oneOf" => each().filter(|one| self.holds(one, value)).count() == 1,
            "not" => !self.holds(says, value),
            "allOf" => {
                each().for_each(|one| self.check(one, value, at, faults));
                true
            }
            "if" => {
                if self.holds(says, value) {
                    self.check(&words["then"], value, at, faults);
                }
                true
            }
            "then" => words.contains_key("if"),
            "items" => {
                for (place, one) in value.as_array().into_iter().flatten().enumerate() {
                    let says = says.as_array().map_or(Some(says), |each| each.get(place));
                    if let Some(says) = says {
                        self.check(says, one, &format!("{at}/{place}"), faults);
                    }
                }
                true
            }
            "properties" | "propertyNames" | "additionalProperties" => {
                self.members(word, says, words, value, at, faults);
                true
            }
            other => panic!("{other} is no word that this knows"),
        };
        if !good {
            faults.push(format!("{at}: {value} is not of {word} {says}"));
        }
    }

    fn members(
        &self,
        word: &str,
        says: &Value,
        words: &Map<String, Value>,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        for (name, member) in value.as_object().into_iter().flatten() {
            let below = format!("{at}/{name}");
            let named = |properties: &Value| properties.get(name).is_some();
            match word {
                "properties" => {
                    if let Some(says) = says.get(name) {
                        self.check(says, member, &below, faults);
                    }
                }
                "propertyNames" => self.check(says, &name.as_str().into(), &below, faults),
                _ if words.get("properties").is_some_and(named) => {}
                _ => self.check(says, member, &below, faults),
            }
        }
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("{other} is no type that this knows"),
    }
}

/// The schema's patterns, each by what it means.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let web = |text: &str, hosts: &[&str]| {
        let rest = text
            .strip_prefix("https://")
            .or(text.strip_prefix("http://"));
        rest.is_some_and(|rest| hosts.iter().any(|host| rest.starts_with(host)))
    };
    match pattern {
        "^([+]|[-])((0[0-9]|1[0-3]):([0-5][0-9])|14:00)$" => {
            let part = |range| text.get(range).unwrap_or_default();
            let (hours, minutes) = (part(1..3), part(4..6));
            let shape = text.len() == 6 && text.starts_with(['+', '-']) && part(3..4) == ":";
            shape
                && digits(hours)
                && digits(minutes)
                && minutes < "60"
                && (hours < "14" || (hours, minutes) == ("14", "00"))
        }
        "^ADD$" => text == "ADD",
        "^DELETE$" => text == "DELETE",
        "^OBSERVE$" => text == "OBSERVE",
        "^[A-Z0-9]{2,3}$" => {
            let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            (2..=3).contains(&text.len()) && text.bytes().all(plain)
        }
        "^\\d+(\\.\\d+)*$" => text.split('.').all(digits),
        "^[A-Fa-f0-9]+$" => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "^(?!(https?:\\/\\/gs1\\.org\\/voc\\/|https?:\\/\\/www\\.gs1\\.org\\/voc\\/))" => {
            !web(text, &["gs1.org/voc/", "www.gs1.org/voc/"])
        }
        "^(?!(urn:epcglobal:cbv|https?:\\/\\/ns\\.gs1\\.org/cbv\\/))" => {
            !text.starts_with("urn:epcglobal:cbv") && !web(text, &["ns.gs1.org/cbv/"])
        }
        other => panic!("{other} is no pattern that this knows"),
    }
}

fn formed(format: &str, text: &str) -> bool {
    match format {
        "date-time" => time::OffsetDateTime::parse(text, &Rfc3339).is_ok(),
        // RFC 3986: a scheme, a colon, and no character that a URI cannot have.
        "uri" => text.split_once(':').is_some_and(|(scheme, _)| {
            let within = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(within)
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
        }),
        other => panic!("{other} is no format that this knows"),
    }
}

#[test]
fn it_tells_what_is_wrong() {
    let schema = Schema::new(crate::export::SCHEMA);
    let good = serde_json::json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-01T08:00:00Z",
        "epcisBody": {"eventList": [{
            "type": "ObjectEvent",
            "eventTime": "2026-05-01T08:00:00.000+02:00",
            "eventTimeZoneOffset": "+02:00",
            "action": "OBSERVE",
            "bizStep": "shipping",
            "epcList": ["https://id.gs1.org/01/09506000134352/21/A1"],
        }]},
    });
    assert_eq!(schema.faults(&good), [""; 0]);
    for (pointer, wrong) in [
        ("/schemaVersion", serde_json::json!("two")),
        ("/creationDate", serde_json::json!("yesterday")),
        ("/epcisBody", serde_json::json!({})),
        (
            "/epcisBody/eventList/0/type",
            serde_json::json!("EatingEvent"),
        ),
        ("/epcisBody/eventList/0/action", serde_json::json!("ADDED")),
        (
            "/epcisBody/eventList/0/bizStep",
            serde_json::json!("flying"),
        ),
        (
            "/epcisBody/eventList/0/eventTimeZoneOffset",
            serde_json::json!("+15:00"),
        ),
        ("/epcisBody/eventList/0/epcList/0", serde_json::json!("A1")),
        (
            "/epcisBody/eventList/0/epcList",
            serde_json::json!(["urn:a:b", "urn:a:b"]),
        ),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = wrong;
        assert!(!schema.faults(&changed).is_empty(), "{pointer}");
    }
    let mut changed = good.clone();
    changed["epcisBody"]["eventList"][0]["unheardOf"] = 1.into();
    assert!(!schema.faults(&changed).is_empty());
}
