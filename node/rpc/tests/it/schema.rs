//! The node's own document as a yardstick: every answer, parameter and error that crosses the
//! wire in these tests is held to it.

use marque_rpc::document;
use marque_schema::Schema;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// References of every schema lead into the document.
static DOCUMENT: LazyLock<Schema> = LazyLock::new(|| Schema::new(document().clone()));

fn fault(schema: &Value, value: &Value) -> Option<String> {
    let faults = DOCUMENT.faults_by(schema, value);
    (!faults.is_empty()).then(|| faults.join("\n"))
}

fn method(name: &str) -> Option<&'static Value> {
    let methods = document()["methods"].as_array().unwrap();
    methods.iter().find(|method| method["name"] == name)
}

/// What contradicts a method's parameters as the document has them.
pub fn params_fault(name: &str, params: &Value) -> Option<String> {
    let method = method(name)?;
    let order = method["params"].as_array().unwrap();
    let named = match params {
        Value::Array(values) => {
            let names = order.iter().map(|param| param["name"].as_str().unwrap());
            Value::Object(names.map(Into::into).zip(values.iter().cloned()).collect())
        }
        named => named.clone(),
    };
    let whole = {
        let pair = |param: &Value| {
            let name = param["name"].as_str().unwrap().to_owned();
            (name, param["schema"].clone())
        };
        let required = order.iter().filter(|param| param["required"] == true);
        json!({
            "type": "object",
            "properties": order.iter().map(pair).collect::<Map<_, _>>(),
            "required": required.map(|param| &param["name"]).collect::<Vec<_>>(),
            "additionalProperties": false,
        })
    };
    fault(&whole, &named)
}

/// What contradicts a method's result as the document has it.
pub fn result_fault(name: &str, result: &Value) -> Option<String> {
    fault(&method(name)?["result"]["schema"], result)
}

/// Fails unless the error stands in the document. Contracts bring their own from 5001 on.
pub fn check_error(code: i64, data: &Value) {
    let (Some(name), false) = (data["name"].as_str(), (5000..6000).contains(&code)) else {
        return;
    };
    let known = &document()["components"]["errors"][format!("{code}-{name}")];
    assert_eq!(
        known["code"],
        json!(code),
        "the document lacks {code} {name}"
    );
    let schema = json!({"$ref": "#/components/schemas/ErrorData"});
    let found = fault(&schema, data);
    assert_eq!(found, None, "{code} {name}: {data}");
}
