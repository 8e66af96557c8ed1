//! Methods as they are written into the document, and the schemas that they share.

use super::errors::{Cause, references};
use marque_client::api::Method;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Calls and their answers, for each method.
const EXAMPLES: &str = include_str!("examples.json");
/// Where references to shared schemas lead.
const SCHEMAS: &str = "#/components/schemas/";
/// What is read in more forms than it is written in has a second schema, with this name behind.
const GIVEN: &str = "Given";

/// A document in the making.
pub(super) struct Book {
    methods: Vec<Value>,
    /// Of what is written: results.
    written: SchemaGenerator,
    /// Of what is read: parameters.
    read: SchemaGenerator,
    examples: Map<String, Value>,
}

/// How a subscription is ended, and what its notifications are.
pub(super) struct Feed {
    /// The method of its notifications.
    pub(super) notification: &'static str,
    /// The method that ends it.
    pub(super) unsubscribe: &'static str,
}

impl Book {
    pub(super) fn new() -> Self {
        // OpenRPC's schemas are of draft 7.
        let settings = || {
            SchemaSettings::draft07().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            methods: Vec::new(),
            written: settings().for_serialize().into_generator(),
            read: settings().for_deserialize().into_generator(),
            // A test says that every method has one.
            examples: serde_json::from_str(EXAMPLES).unwrap_or_default(),
        }
    }

    /// A method that answers once.
    pub(super) fn method<M: Method + JsonSchema>(&mut self, causes: &[Cause])
    where
        M::Output: JsonSchema,
    {
        let result = self.result::<M::Output>();
        let name = M::Output::schema_name();
        let method = self.describe::<M>(&name, result, causes);
        self.methods.push(method);
    }

    /// A method that opens a subscription to a feed of `Item`s, and the one that ends it.
    pub(super) fn subscription<M, Item>(&mut self, feed: &Feed, causes: &[Cause])
    where
        M: Method + JsonSchema,
        Item: JsonSchema,
    {
        let item = self.result::<Item>();
        let id = json!({"type": ["integer", "string"]});
        let mut method = self.describe::<M>("subscription", id.clone(), causes);
        if let Some(method) = method.as_object_mut() {
            let feed = json!({
                "notification": feed.notification,
                "unsubscribe": feed.unsubscribe,
                "item": item,
            });
            method.insert("x-subscription".into(), feed);
        }
        self.methods.push(method);
        let description = format!("Ends a subscription of {}.", M::NAME);
        let examples = examples(&self.examples, feed.unsubscribe, &["subscription"]);
        self.methods.push(json!({
            "name": feed.unsubscribe,
            "description": description,
            "paramStructure": "by-position",
            "params": [{
                "name": "subscription",
                "description": "The id that opening it gave.",
                "required": true,
                "schema": id,
            }],
            "result": {
                "name": "ended",
                "description": "Whether there was such a subscription.",
                "schema": {"type": "boolean"},
            },
            "examples": examples,
        }));
    }

    /// The methods, and the schemas that they refer to.
    pub(super) fn finish(mut self) -> (Vec<Value>, Map<String, Value>) {
        let _ = self
            .written
            .subschema_for::<marque_client::api::ErrorData>();
        let mut schemas = self.written.take_definitions(true);
        let read = self.read.take_definitions(true);
        let renamed = differing(&schemas, &read);
        for (name, mut schema) in read {
            rename(&mut schema, &renamed);
            match renamed.contains(&name) {
                true => schemas.insert(format!("{name}{GIVEN}"), schema),
                false => schemas.insert(name, schema),
            };
        }
        for method in &mut self.methods {
            if let Some(params) = method.get_mut("params") {
                rename(params, &renamed);
            }
        }
        schemas.sort_keys();
        (self.methods, schemas)
    }

    fn result<T: JsonSchema>(&mut self) -> Value {
        let mut schema = self.written.subschema_for::<T>();
        transform(&mut self.written, &mut schema);
        schema.to_value()
    }

    fn describe<M: Method + JsonSchema>(
        &mut self,
        name: &str,
        result: Value,
        causes: &[Cause],
    ) -> Value {
        let mut schema = M::json_schema(&mut self.read);
        transform(&mut self.read, &mut schema);
        json!({
            "name": M::NAME,
            "description": schema.get("description").cloned().unwrap_or_default(),
            "paramStructure": "either",
            "params": params::<M>(&schema),
            "result": {"name": name, "schema": result},
            "errors": references(M::PARAMS, causes),
            "examples": examples(&self.examples, M::NAME, M::PARAMS),
        })
    }
}

fn transform(generator: &mut SchemaGenerator, schema: &mut Schema) {
    for transform in generator.transforms_mut() {
        transform.transform(schema);
    }
}

/// The parameters in their order, from the schema of the method's type.
fn params<M: Method>(schema: &Schema) -> Vec<Value> {
    let required = schema.get("required").and_then(Value::as_array);
    let properties = schema.get("properties").and_then(Value::as_object);
    let param = |name: &&str| {
        let mut schema = properties.and_then(|all| all.get(*name)).cloned()?;
        let description = schema.as_object_mut().and_then(|schema| {
            // Null is as good as nothing; it need not be said twice.
            schema.remove("default");
            schema.remove("description")
        });
        Some(json!({
            "name": name,
            "description": description.unwrap_or_default(),
            "required": required.is_some_and(|all| all.iter().any(|known| known == name)),
            "schema": schema,
        }))
    };
    M::PARAMS.iter().filter_map(param).collect()
}

/// Example calls of a method, in the words of OpenRPC.
fn examples(all: &Map<String, Value>, method: &str, order: &[&str]) -> Vec<Value> {
    let calls = all.get(method).and_then(Value::as_array);
    let pairing = |call: &Value| {
        let param = |name: &&str| {
            let value = call.get("params").and_then(|params| params.get(*name))?;
            Some(json!({"name": name, "value": value}))
        };
        json!({
            "name": call.get("name").cloned().unwrap_or_default(),
            "params": order.iter().filter_map(param).collect::<Vec<_>>(),
            "result": {"name": "answer", "value": call.get("result").cloned().unwrap_or_default()},
        })
    };
    calls.into_iter().flatten().map(pairing).collect()
}

/// Names of what is read otherwise than it is written, be it by what it refers to.
fn differing(written: &Map<String, Value>, read: &Map<String, Value>) -> BTreeSet<String> {
    let mut renamed = BTreeSet::new();
    loop {
        let before = renamed.len();
        for (name, schema) in read {
            let mut schema = schema.clone();
            rename(&mut schema, &renamed);
            if written.get(name).is_some_and(|known| *known != schema) {
                renamed.insert(name.clone());
            }
        }
        if renamed.len() == before {
            return renamed;
        }
    }
}

/// Lets references lead to the schemas of what is given.
fn rename(value: &mut Value, renamed: &BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if let (true, Value::String(to)) = (key == "$ref", &mut *value)
                    && to
                        .strip_prefix(SCHEMAS)
                        .is_some_and(|name| renamed.contains(name))
                {
                    to.push_str(GIVEN);
                } else {
                    rename(value, renamed);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        _ => {}
    }
}
