//! Fixtures in `tests/fixtures`; `MARQUE_BLESS=1` writes them anew, which approves a change
//! of the public face.

use serde_json::Value;
use std::path::PathBuf;

/// Compares an answer with its fixture, digests and gas left aside.
pub fn check(name: &str, answer: &Value) {
    let mut text = serde_json::to_string_pretty(&shape(answer.clone())).unwrap();
    text.push('\n');
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(format!("{name}.json"));
    if std::env::var_os("MARQUE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; MARQUE_BLESS=1 writes it", path.display()));
    assert_eq!(text, expected, "{name} differs from its fixture");
}

/// Compares what methods answered with the examples in the node's document, digests, gas and
/// the ids of subscriptions left aside.
pub fn examples(taken: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/discover/examples.json");
    if std::env::var_os("MARQUE_BLESS").is_some() {
        let text = serde_json::to_string_pretty(taken).unwrap();
        std::fs::write(&path, text + "\n").unwrap();
        return;
    }
    let known: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for (method, calls) in taken.as_object().unwrap() {
        if method.contains("ubscribe") {
            continue;
        }
        let known = known[method].clone();
        assert_eq!(
            shape(calls.clone()),
            shape(known),
            "{method}; MARQUE_BLESS=1 takes it anew"
        );
    }
    assert_eq!(
        taken.as_object().unwrap().len(),
        known.as_object().unwrap().len()
    );
}

/// What depends on how the ledger computes, and not on what the answer says.
fn shape(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| match name.as_str() {
                "gasUsed" | "gasLimit" => (name, Value::String("<gas>".into())),
                _ => (name, shape(value)),
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(shape).collect(),
        Value::String(text) if text.len() >= 66 && text.starts_with("0x") => {
            Value::String("<bytes>".into())
        }
        Value::String(text) if text.starts_with("0x") && text.len() == 42 => {
            Value::String("<address>".into())
        }
        other => other,
    }
}
