//! JSON Schema, draft 7, as far as the schemas go that tests hold answers and exports to:
//! GS1's of EPCIS documents and the node's own. The crates for it would change the features that
//! the whole workspace is built with. A word of the schema language that is not known here is
//! a fault of the schema and fails the test instead of being passed over.

use regex_lite::Regex;
use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;

/// A schema, or a document with schemas in it, to which references lead.
pub struct Schema(Value);

/// Words that say nothing of a value.
const SILENT: [&str; 6] = [
    "$id",
    "$schema",
    "definitions",
    "title",
    "description",
    "default",
];
/// Formats of numbers; what they may be is said by `minimum` and `maximum` beside them.
const NUMBERS: [&str; 8] = [
    "uint", "uint8", "uint16", "uint32", "uint64", "int16", "int64", "uint128",
];

impl Schema {
    /// A schema, or a document that has them.
    #[must_use]
    pub fn new(whole: Value) -> Self {
        Self(whole)
    }

    /// What is wrong with a value, and where.
    #[must_use]
    pub fn faults(&self, value: &Value) -> Vec<String> {
        self.faults_by(&self.0, value)
    }

    /// What is wrong with a value by a schema whose references lead into this document.
    #[must_use]
    pub fn faults_by(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(schema, value, "", &mut faults);
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
            "type" => is(value, says),
            "const" => says == value,
            "minimum" => whole(value).is_none_or(|number| number >= whole(says).unwrap()),
            "maximum" => whole(value).is_none_or(|number| number <= whole(says).unwrap()),
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
            "minLength" => length(value).is_none_or(|chars| chars >= says.as_u64().unwrap()),
            "maxLength" => length(value).is_none_or(|chars| chars <= says.as_u64().unwrap()),
            "maxProperties" => value
                .as_object()
                .is_none_or(|object| object.len() as u64 <= says.as_u64().unwrap()),
            "maxItems" => value
                .as_array()
                .is_none_or(|list| list.len() as u64 <= says.as_u64().unwrap()),
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

/// Whether a value is of a type, or of one of several.
fn is(value: &Value, kind: &Value) -> bool {
    if let Some(kinds) = kind.as_array() {
        return kinds.iter().any(|kind| is(value, kind));
    }
    match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => whole(value).is_some(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => panic!("{kind} is no type that this knows"),
    }
}

/// Characters of a text.
fn length(value: &Value) -> Option<u64> {
    Some(value.as_str()?.chars().count() as u64)
}

/// A whole number; those of the ledger reach 128 bits.
fn whole(value: &Value) -> Option<i128> {
    value.as_number()?.to_string().parse().ok()
}

fn matches(pattern: &str, text: &str) -> bool {
    // What a text must not begin with is the one look ahead that is known here.
    if let Some(not) = pattern
        .strip_prefix("^(?!")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return !matches(&format!("^{not}"), text);
    }
    match Regex::new(pattern) {
        Ok(pattern) => pattern.is_match(text),
        Err(error) => panic!("{pattern}: {error}"),
    }
}

fn formed(format: &str, text: &str) -> bool {
    match format {
        "date" => formed("date-time", &format!("{text}T00:00:00Z")),
        "date-time" => time::OffsetDateTime::parse(text, &Rfc3339).is_ok(),
        // RFC 3986: a scheme, a colon, and no character that a URI cannot have.
        "uri" => matches(r#"^[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]*$"#, text),
        other if NUMBERS.contains(&other) => true,
        other => panic!("{other} is no format that this knows"),
    }
}

#[test]
fn it_tells_what_is_wrong() {
    let schema = include_str!("../../fixtures/epcis2-js/src/schema/EPCISDocument.schema.json");
    let schema = Schema::new(serde_json::from_str(schema).unwrap());
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
