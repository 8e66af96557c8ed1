//! The part of a context that goes along with what is kept of an event.

use super::{Context, Layer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Bytes of the definitions that one event can take along.
pub const MAX_NEEDED: usize = 16 << 10;

impl Context {
    /// What `members` need of this context beside the EPCIS context to be understood: the
    /// contexts named by address, and of those written out the terms that are used, with
    /// what their definitions use. None if it is more than [`MAX_NEEDED`] bytes.
    pub fn needed(&self, members: &Map<String, Value>) -> Option<Vec<Value>> {
        let mut used = Used {
            context: self,
            terms: BTreeMap::new(),
            room: MAX_NEEDED,
        };
        used.members(members)?;
        let mut needed = Vec::new();
        self.addresses(&mut needed);
        if !used.terms.is_empty() {
            let terms = used.terms.into_iter();
            let terms = terms.map(|(name, definition)| (name.to_owned(), definition.clone()));
            needed.push(Value::Object(terms.collect()));
        }
        Some(needed)
    }

    /// Those of the document first. A later context wins, as it did.
    fn addresses(&self, into: &mut Vec<Value>) {
        if let Some(below) = &self.below {
            below.addresses(into);
        }
        let built_in = self.layers.iter().filter_map(|layer| match layer {
            Layer::BuiltIn(known) => Some(known.address),
            Layer::Own(_) => None,
        });
        for address in built_in.chain(self.unresolved()) {
            let address = Value::String(address.to_owned());
            into.retain(|known| *known != address);
            into.push(address);
        }
    }
}

struct Used<'a> {
    context: &'a Context,
    terms: BTreeMap<&'a str, &'a Value>,
    /// Bytes that are left.
    room: usize,
}

impl Used<'_> {
    fn members(&mut self, members: &Map<String, Value>) -> Option<()> {
        members.iter().try_for_each(|(key, value)| {
            self.text(key)?;
            self.value(value)
        })
    }

    fn value(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().try_for_each(|item| self.value(item)),
            Value::Object(members) => self.members(members),
            _ => Some(()),
        }
    }

    /// A term by itself, or a prefix.
    fn text(&mut self, text: &str) -> Option<()> {
        self.term(text)?;
        match text.split_once(':') {
            Some((prefix, _)) => self.term(prefix),
            None => Some(()),
        }
    }

    fn term(&mut self, name: &str) -> Option<()> {
        let Some((name, term)) = self.context.find(name) else {
            return Some(());
        };
        let Some(definition) = &term.definition else {
            return Some(());
        };
        if self.terms.contains_key(name) {
            return Some(());
        }
        let size = term.size.saturating_add(name.len());
        self.room = self.room.checked_sub(size)?;
        self.terms.insert(name, definition);
        self.value(definition)
    }
}
