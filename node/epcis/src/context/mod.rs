//! JSON-LD contexts, as far as capture needs them: which prefix stands for which
//! namespace. What a term means beyond its name is left to those who read the document.
//!
//! The prefixes of the EPCIS context are protected (JSON-LD 1.1, 4.1.11): other contexts
//! add to them and cannot give them another meaning, so that `cbv:` and `gs1:` mean the
//! same in every document.

mod builtin;
#[cfg(test)]
mod tests;

pub(crate) use builtin::epcis;

use crate::Error;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Contexts that name contexts, at most so deep.
const MAX_DEPTH: usize = 8;
/// Prefixes that one document can define.
const MAX_PREFIXES: usize = 4096;

/// The prefixes in force in a document or event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    prefixes: BTreeMap<String, String>,
    unresolved: BTreeSet<String>,
    /// What stands beside the EPCIS context, so that an event can take it along.
    local: Vec<Value>,
}

static EPCIS: LazyLock<Context> = LazyLock::new(|| {
    let mut context = Context::default();
    if let Value::Object(terms) = builtin::epcis() {
        context.define(terms, Origin::BuiltIn, &BTreeMap::new());
    }
    context
});

#[derive(Clone, Copy, PartialEq)]
enum Origin {
    /// Only what JSON-LD takes for a prefix: the IRI ends in a delimiter.
    BuiltIn,
    /// Any IRI: documents in use define namespaces without a delimiter at their end.
    Document,
}

impl Context {
    /// The EPCIS 2.0 context alone.
    pub fn epcis() -> &'static Self {
        &EPCIS
    }

    /// This context and the `@context` of a document or event.
    pub fn with(&self, local: &Value) -> Result<Self, Error> {
        let mut context = self.clone();
        context.add(local, Origin::Document, MAX_DEPTH)?;
        let kept = match local {
            Value::Array(parts) => parts.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        };
        let other =
            |part: &Value| !matches!(part, Value::String(address) if builtin::is_epcis(address));
        context.local.extend(kept.into_iter().filter(other));
        Ok(context)
    }

    fn add(&mut self, local: &Value, origin: Origin, levels: usize) -> Result<(), Error> {
        let levels = levels.checked_sub(1).ok_or(Error::Context {
            what: "contexts name each other too deep",
        })?;
        match local {
            Value::Null => Ok(()),
            Value::Array(parts) => parts
                .iter()
                .try_for_each(|part| self.add(part, origin, levels)),
            Value::String(address) if builtin::is_epcis(address) => Ok(()),
            Value::String(address) => match builtin::find(address) {
                Some(known) => self.add(known, Origin::BuiltIn, levels),
                None => {
                    self.unresolved.insert(address.clone());
                    Ok(())
                }
            },
            Value::Object(terms) => {
                let protected = &EPCIS_PREFIXES;
                self.define(terms, origin, protected);
                if self.prefixes.len() > MAX_PREFIXES {
                    return Err(Error::Context {
                        what: "too many prefixes",
                    });
                }
                Ok(())
            }
            _ => Err(Error::Context {
                what: "neither an address nor an object nor a list of them",
            }),
        }
    }

    fn define(
        &mut self,
        terms: &Map<String, Value>,
        origin: Origin,
        protected: &BTreeMap<String, String>,
    ) {
        for (term, definition) in terms {
            let (iri, declared) = match definition {
                Value::String(iri) => (iri.as_str(), false),
                Value::Object(expanded) => match expanded.get("@id") {
                    Some(Value::String(iri))
                        if expanded.get("@prefix") == Some(&Value::Bool(true)) =>
                    {
                        (iri.as_str(), true)
                    }
                    _ => continue,
                },
                _ => continue,
            };
            let iri = self.expand(iri);
            let delimited = iri.ends_with([':', '/', '?', '#', '[', ']', '@']);
            let is_prefix = iri.contains(':')
                && !iri.starts_with('@')
                && (delimited || declared || origin == Origin::Document);
            if is_prefix && !term.contains(':') && !protected.contains_key(term) {
                let iri = iri.into_owned();
                self.prefixes.insert(term.clone(), iri);
            }
        }
    }

    /// A CURIE in full; any other text as it is.
    pub fn expand<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.split(text) {
            Some((namespace, local)) => Cow::Owned(format!("{namespace}{local}")),
            None => Cow::Borrowed(text),
        }
    }

    /// Namespace and local name of a CURIE whose prefix is known.
    pub fn split<'a>(&self, text: &'a str) -> Option<(&str, &'a str)> {
        let (prefix, local) = text
            .split_once(':')
            .filter(|(_, local)| !local.starts_with("//"))?;
        Some((self.prefixes.get(prefix)?, local))
    }

    /// The contexts named that are not built in; their prefixes stay as they are written.
    pub fn unresolved(&self) -> impl Iterator<Item = &str> {
        self.unresolved.iter().map(String::as_str)
    }

    /// What the document's context says beside the EPCIS context, to go along with an event.
    pub fn local(&self) -> &[Value] {
        &self.local
    }
}

static EPCIS_PREFIXES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| Context::epcis().prefixes.clone());
