//! The tree that the hash is defined on: that of the XML binding, where a list has named
//! members (`epcList` holds `epc`) and names are `{namespace}local`.

use crate::context::Context;
use serde_json::{Map, Value};

/// A name with a text, or with further elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// `epcList`, or `{https://ns.example.com/epcis/}myField`; empty for an array's items within an array.
    pub name: String,
    /// A scalar's text as it was written.
    pub text: Option<String>,
    /// Members.
    pub children: Vec<Element>,
}

/// Keys that are comments in the reference vectors.
const COMMENTS: [&str; 2] = ["rdfs:comment", "comment"];

impl Element {
    /// The members of an object.
    pub fn members(object: &Map<String, Value>, context: &Context) -> Vec<Self> {
        object
            .iter()
            .filter(|(key, _)| !COMMENTS.contains(&key.as_str()))
            .flat_map(|(key, value)| Self::of_member(name(key, context), value, context))
            .collect()
    }

    /// Whether this is no field of EPCIS but a user's own.
    pub fn is_extension(&self) -> bool {
        self.name.starts_with('{')
    }

    fn of_member(name: String, value: &Value, context: &Context) -> Vec<Self> {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let member = match member_name(&name) {
            Some(member) => member,
            None => {
                return values
                    .iter()
                    .filter_map(|v| Self::of_value(name.clone(), v, context))
                    .collect();
            }
        };
        let children: Vec<_> = values
            .iter()
            .filter_map(|v| Self::of_value(member.clone(), v, context))
            .collect();
        if children.is_empty() {
            Vec::new()
        } else {
            vec![Self {
                name,
                text: None,
                children,
            }]
        }
    }

    fn of_value(name: String, value: &Value, context: &Context) -> Option<Self> {
        let (text, children) = match value {
            Value::Null => return None,
            Value::Bool(truth) => (Some(truth.to_string()), Vec::new()),
            Value::Number(number) => (Some(number.to_string()), Vec::new()),
            Value::String(text) => (Some(text.clone()), Vec::new()),
            Value::Array(items) => (
                None,
                items
                    .iter()
                    .filter_map(|item| Self::of_value(String::new(), item, context))
                    .collect(),
            ),
            Value::Object(members) => (None, Self::members(members, context)),
        };
        Some(Self {
            name,
            text,
            children,
        })
    }
}

/// How the members of a list are named in XML, if `name` is that of a list.
fn member_name(name: &str) -> Option<String> {
    Some(match name {
        "childEPCs" | "epcList" | "inputEPCList" | "outputEPCList" => "epc".into(),
        "quantityList" | "childQuantityList" | "inputQuantityList" | "outputQuantityList" => {
            "quantityElement".into()
        }
        _ => name.strip_suffix("List")?.into(),
    })
}

/// `{namespace}local` of a CURIE or an address; any other key as it is.
pub fn name(key: &str, context: &Context) -> String {
    if let Some((namespace, local)) = context.split(key) {
        return format!("{{{namespace}}}{local}");
    }
    let end = key.rfind(['/', '#']).filter(|_| key.contains("://"));
    if let Some((namespace, local)) = end.and_then(|at| key.split_at_checked(at.saturating_add(1)))
    {
        return format!("{{{namespace}}}{local}");
    }
    key.into()
}
