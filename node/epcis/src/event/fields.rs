//! Access to an object's members by kind, with errors that name the path.

use crate::Invalid;
use crate::context::Context;
use crate::decimal::Decimal;
use crate::timestamp::Timestamp;
use crate::vocabulary::{Term, Vocabulary};
use serde_json::{Map, Value};

/// The members of an object, and the path before them.
pub type Object<'a> = (&'a Map<String, Value>, String);

/// An object within an event and where it stands.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    context: &'a Context,
    path: &'a str,
}

impl<'a> Fields<'a> {
    pub fn new(members: &'a Map<String, Value>, context: &'a Context, path: &'a str) -> Self {
        Self {
            members,
            context,
            path,
        }
    }

    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// The member; `null` says as much as nothing (JSON-LD 1.1, 5.1).
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key).filter(|value| !value.is_null())
    }

    pub fn path(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    pub fn invalid(
        &self,
        key: &str,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Invalid {
        Invalid::new(self.path(key), reason, remedy)
    }

    pub fn missing(&self, key: &str, remedy: &str) -> Invalid {
        self.invalid(key, "is missing", remedy)
    }

    pub fn text(&self, key: &str) -> Result<Option<&'a str>, Invalid> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => {
                Err(self.invalid(key, "is empty", "give a value or leave the field out"))
            }
            Some(Value::String(text)) => Ok(Some(text.trim())),
            Some(other) => Err(self.invalid(
                key,
                format!("is {}, not a text", kind(other)),
                "write it in quotes",
            )),
        }
    }

    /// A text or a list of texts.
    pub fn texts(&self, key: &str) -> Result<Vec<String>, Invalid> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let values = items(value);
        let mut texts = Vec::with_capacity(values.len());
        for (i, value) in values.iter().enumerate() {
            let at = || format!("{key}[{i}]");
            let text = value.as_str().ok_or_else(|| {
                self.invalid(
                    &at(),
                    format!("is {}, not a text", kind(value)),
                    "list texts",
                )
            })?;
            if text.trim().is_empty() {
                return Err(self.invalid(&at(), "is empty", "leave it out"));
            }
            texts.push(text.trim().to_owned());
        }
        Ok(texts)
    }

    /// An object or a list of objects, each with its path.
    pub fn objects(&self, key: &str) -> Result<Vec<Object<'a>>, Invalid> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let listed = value.is_array();
        items(value)
            .iter()
            .enumerate()
            .map(|(i, value)| {
                let at = if listed {
                    format!("{key}[{i}]")
                } else {
                    key.to_owned()
                };
                match value {
                    Value::Object(members) => Ok((members, format!("{}.", self.path(&at)))),
                    other => Err(self.invalid(
                        &at,
                        format!("is {}, not an object", kind(other)),
                        "write { … }",
                    )),
                }
            })
            .collect()
    }

    pub fn time(&self, key: &str) -> Result<Option<Timestamp>, Invalid> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        Timestamp::parse(text).map(Some).ok_or_else(|| {
            self.invalid(
                key,
                format!("{text:?} is no moment since 1970"),
                "write date, time and offset from UTC, such as 2026-05-30T07:00:00.000+02:00",
            )
        })
    }

    pub fn term(&self, key: &str, vocabulary: Vocabulary) -> Result<Option<Term>, Invalid> {
        Ok(self
            .text(key)?
            .map(|text| Term::read(text, vocabulary, self.context)))
    }

    pub fn terms(&self, key: &str, vocabulary: Vocabulary) -> Result<Vec<Term>, Invalid> {
        Ok(self
            .texts(key)?
            .iter()
            .map(|text| Term::read(text, vocabulary, self.context))
            .collect())
    }

    /// A number, or a text that is one.
    pub fn decimal(&self, key: &str) -> Result<Option<Decimal>, Invalid> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        self.decimal_if_any(key).map(Some).ok_or_else(|| {
            self.invalid(
                key,
                format!("{value} is no decimal number"),
                "write digits with at most one point, such as 12.5",
            )
        })
    }

    /// The number if there is one.
    pub fn decimal_if_any(&self, key: &str) -> Option<Decimal> {
        match self.get(key)? {
            Value::Number(number) => Decimal::parse(&number.to_string()),
            Value::String(text) => Decimal::parse(text),
            _ => None,
        }
    }
}

fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
