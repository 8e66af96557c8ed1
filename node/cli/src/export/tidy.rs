//! What EPCIS 2.0 has one spelling for. Others wrote the events, and each is given back as it
//! came; words of the vocabulary and numbers of sensors take the form that the standard's
//! schema knows, wherever that leaves the event's hash as it is.

use marque_epcis::context::Context;
use marque_epcis::export::hash_of;
use marque_epcis::vocabulary::written;
use marque_epcis::{Term, Vocabulary};
use serde_json::{Map, Number, Value};

/// Lists whose members have a type, and where its words come from.
const TYPED: [(&str, Vocabulary); 3] = [
    ("bizTransactionList", Vocabulary::BusinessTransaction),
    ("sourceList", Vocabulary::SourceDestination),
    ("destinationList", Vocabulary::SourceDestination),
];
/// Members of a sensor's report that are numbers.
const NUMBERS: [&str; 7] = [
    "value",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
];

/// The event in that form.
pub fn tidied(event: &Map<String, Value>) -> Map<String, Value> {
    let mut tidy = event.clone();
    word(tidy.get_mut("bizStep"), Vocabulary::BizStep);
    word(tidy.get_mut("disposition"), Vocabulary::Disposition);
    for kind in ["set", "unset"] {
        let lasting = tidy.get_mut("persistentDisposition");
        for one in list(lasting.and_then(|lasting| lasting.get_mut(kind))) {
            word(Some(one), Vocabulary::Disposition);
        }
    }
    for (name, vocabulary) in TYPED {
        for one in list(tidy.get_mut(name)) {
            word(one.get_mut("type"), vocabulary);
        }
    }
    if let Some(error) = tidy.get_mut("errorDeclaration") {
        word(error.get_mut("reason"), Vocabulary::ErrorReason);
    }
    for element in list(tidy.get_mut("sensorElementList")) {
        for report in list(element.get_mut("sensorReport")) {
            for name in NUMBERS {
                number(report.get_mut(name));
            }
        }
    }
    if hash_of(&tidy) == hash_of(event) {
        tidy
    } else {
        event.clone()
    }
}

fn list(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_array_mut).into_iter().flatten()
}

/// The bare word, where the vocabulary has it.
fn word(value: Option<&mut Value>, vocabulary: Vocabulary) {
    if let Some(Value::String(text)) = value {
        let term = Term::read(text, vocabulary, Context::epcis());
        if let Some(word) = term
            .word()
            .filter(|word| written(word, vocabulary) == *word)
        {
            *text = word.to_owned();
        }
    }
}

fn number(value: Option<&mut Value>) {
    if let Some(value) = value
        && let Some(number) = value.as_str().and_then(|text| text.parse::<Number>().ok())
    {
        *value = Value::Number(number);
    }
}
