//! JSON-LD contexts, as far as capture needs them: which prefix stands for which
//! namespace. What a term means beyond its name is left to those who read the document.
//!
//! The prefixes of the EPCIS context are protected (JSON-LD 1.1, 4.1.11): other contexts
//! add to them and cannot give them another meaning, so that `cbv:` and `gs1:` mean the
//! same in every document.
//!
//! An event's context lies above its document's, which lies above the EPCIS context; each
//! holds only what it adds, so that contexts take no more room than they took in the
//! document.

mod builtin;
mod needed;
#[cfg(test)]
mod tests;

pub(crate) use builtin::epcis;
pub use needed::MAX_NEEDED;

use crate::Error;
use builtin::BuiltIn;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// Contexts that name contexts, at most so deep.
const MAX_DEPTH: usize = 8;
/// Addresses that are not built in, in one `@context`.
const MAX_UNRESOLVED: usize = 64;
/// Bytes of an address or a namespace: an event may use either many times.
const MAX_IRI: usize = 255;

/// The prefixes in force in a document or event.
#[derive(Clone, Debug, Default)]
pub struct Context {
    below: Option<Arc<Context>>,
    /// In the order in which they were named; a later one wins.
    layers: Vec<Layer>,
    unresolved: BTreeSet<String>,
}

#[derive(Clone, Debug)]
enum Layer {
    BuiltIn(&'static BuiltIn),
    Own(BTreeMap<String, Term>),
}

#[derive(Clone, Debug)]
struct Term {
    /// What the term stands for as a prefix, if it is one.
    namespace: Option<String>,
    /// As it was written, a prefix without other prefixes; none in a built-in context, which goes by its address.
    definition: Option<Value>,
    /// Bytes of the definition.
    size: usize,
}

static EPCIS: LazyLock<Arc<Context>> = LazyLock::new(|| {
    let mut context = Context::default();
    if let Value::Object(terms) = builtin::epcis() {
        // The namespaces of a file of ours are short.
        context.define(terms, Origin::BuiltIn).unwrap_or_default();
    }
    Arc::new(context)
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
    pub fn epcis() -> &'static Arc<Self> {
        &EPCIS
    }

    /// This context and, above it, the `@context` of a document or event.
    pub fn with(self: &Arc<Self>, local: &Value) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self::above(self, local, Origin::Document)?))
    }

    fn above(below: &Arc<Self>, local: &Value, origin: Origin) -> Result<Self, Error> {
        let mut context = Self {
            below: Some(Arc::clone(below)),
            ..Self::default()
        };
        context.add(local, origin, MAX_DEPTH)?;
        Ok(context)
    }

    fn add(&mut self, local: &Value, origin: Origin, levels: usize) -> Result<(), Error> {
        let wrong = |what| Err(Error::Context { what });
        let Some(levels) = levels.checked_sub(1) else {
            return wrong("contexts name each other more than 8 deep");
        };
        match local {
            Value::Null => Ok(()),
            Value::Array(parts) => parts
                .iter()
                .try_for_each(|part| self.add(part, origin, levels)),
            Value::String(address) if builtin::is_epcis(address) => Ok(()),
            Value::String(address) => match builtin::find(address) {
                Some(known) => {
                    self.name(known);
                    Ok(())
                }
                None if address.len() > MAX_IRI => wrong("an address has more than 255 bytes"),
                None => {
                    self.unresolved.insert(address.clone());
                    match self.unresolved.len() {
                        0..=MAX_UNRESOLVED => Ok(()),
                        _ => wrong("it names more than 64 contexts that are not built in"),
                    }
                }
            },
            Value::Object(terms) => self.define(terms, origin),
            _ => wrong("neither an address nor an object nor a list of them"),
        }
    }

    /// Puts a built-in context on top, once.
    fn name(&mut self, known: &'static BuiltIn) {
        let same =
            |layer: &Layer| matches!(layer, Layer::BuiltIn(it) if it.address == known.address);
        if let Some(at) = self.layers.iter().position(same) {
            let later = self.layers.split_off(at);
            for layer in later.into_iter().skip(1) {
                match (self.layers.last_mut(), layer) {
                    (Some(Layer::Own(terms)), Layer::Own(more)) => terms.extend(more),
                    (_, layer) => self.layers.push(layer),
                }
            }
        }
        self.layers.push(Layer::BuiltIn(known));
    }

    fn define(&mut self, terms: &Map<String, Value>, origin: Origin) -> Result<(), Error> {
        if !matches!(self.layers.last(), Some(Layer::Own(_))) {
            self.layers.push(Layer::Own(BTreeMap::new()));
        }
        let protects = self.below.is_some();
        for (name, definition) in terms {
            if protects && EPCIS.namespace(name).is_some() {
                continue;
            }
            let namespace = self.prefix(name, definition, origin);
            if namespace.as_ref().is_some_and(|iri| iri.len() > MAX_IRI) {
                return Err(Error::Context {
                    what: "a namespace has more than 255 bytes",
                });
            }
            let written =
                (origin == Origin::Document).then(|| independent(definition, namespace.as_deref()));
            let term = Term {
                namespace,
                size: written.as_ref().map_or(0, |it| it.to_string().len()),
                definition: written,
            };
            if let Some(Layer::Own(own)) = self.layers.last_mut() {
                own.insert(name.clone(), term);
            }
        }
        Ok(())
    }

    /// The namespace that a definition makes a term the prefix of.
    fn prefix(&self, name: &str, definition: &Value, origin: Origin) -> Option<String> {
        let (iri, declared) = match definition {
            Value::String(iri) => (iri.as_str(), false),
            Value::Object(expanded) if expanded.get("@prefix") == Some(&Value::Bool(true)) => {
                (expanded.get("@id")?.as_str()?, true)
            }
            _ => return None,
        };
        let iri = self.expand(iri);
        let delimited = iri.ends_with([':', '/', '?', '#', '[', ']', '@']);
        let is_prefix = iri.contains(':')
            && !iri.starts_with('@')
            && !name.contains(':')
            && (delimited || declared || origin == Origin::Document);
        is_prefix.then(|| iri.into_owned())
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
        Some((self.namespace(prefix)?, local))
    }

    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.find(prefix)?.1.namespace.as_deref()
    }

    /// The definition in force of a term.
    fn find(&self, name: &str) -> Option<(&str, &Term)> {
        self.own(name).or_else(|| self.below.as_ref()?.find(name))
    }

    fn own(&self, name: &str) -> Option<(&str, &Term)> {
        self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Own(terms) => terms
                .get_key_value(name)
                .map(|(name, term)| (name.as_str(), term)),
            Layer::BuiltIn(known) => known.context.own(name),
        })
    }

    /// The contexts that this one names and that are not built in; their prefixes stay as
    /// they are written.
    pub fn unresolved(&self) -> impl Iterator<Item = &str> {
        self.unresolved.iter().map(String::as_str)
    }
}

/// A definition that needs no other prefix to say what its own stands for.
fn independent(definition: &Value, namespace: Option<&str>) -> Value {
    let mut definition = definition.clone();
    if let Some(namespace) = namespace {
        match &mut definition {
            Value::Object(expanded) => expanded.insert("@id".into(), namespace.into()),
            one => Some(std::mem::replace(one, namespace.into())),
        };
    }
    definition
}
