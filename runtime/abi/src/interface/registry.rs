//! The named types that an interface uses, gathered by the compiler.

use super::describe::{FieldPart, Named, NamedBody, Shape};
use super::parts::{FunctionPart, LayoutPart, Parts, RefusalPart, SlotPart};

/// Named types that one interface may have.
const MAX_TYPES: usize = 128;

/// Levels of types within types.
const MAX_DEPTH: usize = 8;

/// The named types met so far.
pub(super) struct Registry {
    pub types: [Option<&'static Named>; MAX_TYPES],
    pub len: usize,
}

#[allow(
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler: what goes wrong here does not compile"
)]
impl Registry {
    pub(super) const fn number(&self, named: &Named) -> Option<usize> {
        let mut at = 0;
        while at < self.len {
            if let Some(known) = self.types[at]
                && known.is(named)
            {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    pub(super) const fn add(&mut self, shape: &'static Shape, depth: usize) {
        assert!(depth < MAX_DEPTH, "types are nested more than 8 deep");
        match shape {
            Shape::Builtin(_) | Shape::Text(_) | Shape::Bytes(_) => {}
            Shape::Option(inner) | Shape::List(inner, _) | Shape::Array(inner, _) => {
                self.add(inner, depth + 1);
            }
            Shape::Tuple(items) => {
                let mut rest: &'static [Shape] = items;
                while let [item, tail @ ..] = rest {
                    self.add(item, depth + 1);
                    rest = tail;
                }
            }
            Shape::Named(named) => {
                if self.number(named).is_some() {
                    return;
                }
                assert!(
                    self.len < MAX_TYPES,
                    "an interface has at most 128 named types"
                );
                self.types[self.len] = Some(named);
                self.len += 1;
                match named.body {
                    NamedBody::Struct(fields) => self.fields(fields, depth),
                    NamedBody::Enum(mut variants) => {
                        while let [variant, tail @ ..] = variants {
                            self.fields(variant.fields, depth);
                            variants = tail;
                        }
                    }
                }
            }
        }
    }

    pub(super) const fn fields(&mut self, mut fields: &'static [FieldPart], depth: usize) {
        while let [field, tail @ ..] = fields {
            self.add(&field.shape, depth + 1);
            fields = tail;
        }
    }

    pub(super) const fn functions(&mut self, mut functions: &'static [FunctionPart]) {
        while let [function, tail @ ..] = functions {
            self.fields(function.args, 0);
            self.add(&function.returns, 0);
            functions = tail;
        }
    }

    pub(super) const fn slots(&mut self, mut slots: &'static [SlotPart]) {
        while let [slot, tail @ ..] = slots {
            match &slot.layout {
                LayoutPart::Plain(shape)
                | LayoutPart::Value(shape)
                | LayoutPart::Set(shape)
                | LayoutPart::List(shape) => self.add(shape, 0),
                LayoutPart::Map(key, value) => {
                    self.add(key, 0);
                    self.add(value, 0);
                }
                LayoutPart::Group(group) => self.slots(group),
            }
            slots = tail;
        }
    }

    /// The types of a storage.
    pub(super) const fn of_slots(slots: &'static [SlotPart]) -> Self {
        let mut registry = Self {
            types: [None; MAX_TYPES],
            len: 0,
        };
        registry.slots(slots);
        registry
    }

    /// The types of a whole interface.
    pub(super) const fn of(parts: &'static Parts) -> Self {
        let mut registry = Self::of_slots(parts.storage);
        if let Some(init) = &parts.init {
            registry.fields(init.args, 0);
        }
        if let Some(migrate) = &parts.migrate {
            registry.fields(migrate.args, 0);
        }
        registry.functions(parts.messages);
        registry.functions(parts.queries);
        let mut events = parts.events;
        while let [event, tail @ ..] = events {
            let mut fields = event.fields;
            while let [(field, _), rest @ ..] = fields {
                registry.add(&field.shape, 0);
                fields = rest;
            }
            events = tail;
        }
        let mut groups = parts.refusals;
        while let [group, tail @ ..] = groups {
            let mut refusals: &'static [RefusalPart] = group;
            while let [refusal, rest @ ..] = refusals {
                registry.fields(refusal.fields, 0);
                refusals = rest;
            }
            groups = tail;
        }
        registry
    }
}
