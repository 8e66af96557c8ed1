//! A contract's interface as the SDK's macros hand it to the compiler, and its encoding.

use super::describe::{FieldPart, Named, NamedBody, Shape};
use super::names::{FIRST_REFUSAL, LAST_REFUSAL, fnv1a_64};
use super::sink::Sink;

/// See [`Interface`](super::Interface); the types are gathered from what uses them.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// See the field of the same name.
    pub docs: &'static str,
    /// See the field of the same name.
    pub storage: &'static [SlotPart],
    /// See the field of the same name.
    pub init: Option<FunctionPart>,
    /// See the field of the same name.
    pub migrate: Option<FunctionPart>,
    /// Kinds and docs of the rules.
    pub rules: &'static [(&'static str, &'static str)],
    /// See the field of the same name.
    pub messages: &'static [FunctionPart],
    /// See the field of the same name.
    pub queries: &'static [FunctionPart],
    /// See the field of the same name.
    pub events: &'static [EventPart],
    /// The refusals of each enum.
    pub refusals: &'static [&'static [RefusalPart]],
}

/// See [`Function`](super::Function).
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each field is the one of the same name")]
pub struct FunctionPart {
    pub name: &'static str,
    pub docs: &'static str,
    pub args: &'static [FieldPart],
    pub returns: Shape,
}

/// See [`EventDef`](super::EventDef): the fields, each with whether it is indexed.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each field is the one of the same name")]
pub struct EventPart {
    pub name: &'static str,
    pub docs: &'static str,
    pub fields: &'static [(FieldPart, bool)],
}

/// See [`RefusalDef`](super::RefusalDef).
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each field is the one of the same name")]
pub struct RefusalPart {
    pub texts: RefusalTexts,
    pub fields: &'static [FieldPart],
}

/// The part of a refusal's description that a running contract needs.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each field is the one of the same name")]
pub struct RefusalTexts {
    pub code: u32,
    pub name: &'static str,
    pub message: &'static str,
    pub field: Option<&'static str>,
    pub expected: Option<&'static str>,
    pub remedy: Option<&'static str>,
}

/// See [`Slot`](super::Slot).
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each field is the one of the same name")]
pub struct SlotPart {
    pub name: &'static str,
    pub docs: &'static str,
    pub layout: LayoutPart,
}

/// See [`Layout`](super::Layout).
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each variant is the one of the same name")]
pub enum LayoutPart {
    Plain(Shape),
    Value(Shape),
    Map(Shape, Shape),
    Set(Shape),
    List(Shape),
    Group(&'static [SlotPart]),
}

/// Named types that one interface may have.
const MAX_TYPES: usize = 128;

/// Levels of types within types.
const MAX_DEPTH: usize = 8;

/// The named types met so far.
struct Registry {
    types: [Option<&'static Named>; MAX_TYPES],
    len: usize,
}

#[allow(
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler: what goes wrong here does not compile"
)]
impl Registry {
    const fn number(&self, named: &Named) -> Option<usize> {
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

    const fn add(&mut self, shape: &'static Shape, depth: usize) {
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

    const fn fields(&mut self, mut fields: &'static [FieldPart], depth: usize) {
        while let [field, tail @ ..] = fields {
            self.add(&field.shape, depth + 1);
            fields = tail;
        }
    }

    const fn functions(&mut self, mut functions: &'static [FunctionPart]) {
        while let [function, tail @ ..] = functions {
            self.fields(function.args, 0);
            self.add(&function.returns, 0);
            functions = tail;
        }
    }

    const fn slots(&mut self, mut slots: &'static [SlotPart]) {
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

    const fn of(parts: &'static Parts) -> Self {
        let mut registry = Self {
            types: [None; MAX_TYPES],
            len: 0,
        };
        registry.slots(parts.storage);
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

/// Writes parts of an interface.
struct Writer<const N: usize> {
    sink: Sink<N>,
    types: Registry,
}

#[allow(
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler: what goes wrong here does not compile"
)]
impl<const N: usize> Writer<N> {
    const fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Builtin(builtin) => {
                self.sink.byte(0);
                self.sink.byte(*builtin as u8);
            }
            Shape::Text(max) => {
                self.sink.byte(1);
                self.sink.word(*max);
            }
            Shape::Bytes(max) => {
                self.sink.byte(2);
                self.sink.word(*max);
            }
            Shape::Option(inner) => {
                self.sink.byte(3);
                self.shape(inner);
            }
            Shape::List(inner, max) => {
                self.sink.byte(4);
                self.shape(inner);
                self.sink.word(*max);
            }
            Shape::Array(inner, len) => {
                self.sink.byte(5);
                self.shape(inner);
                self.sink.word(*len);
            }
            Shape::Tuple(items) => {
                self.sink.byte(6);
                self.sink.len(items.len());
                let mut rest: &[Shape] = items;
                while let [item, tail @ ..] = rest {
                    self.shape(item);
                    rest = tail;
                }
            }
            Shape::Named(named) => {
                self.sink.byte(7);
                let number = match self.types.number(named) {
                    Some(number) => number,
                    None => panic!("a type was not gathered"),
                };
                self.sink.word(number as u32);
            }
        }
    }

    const fn field(&mut self, field: &FieldPart) {
        self.sink.text(field.name);
        self.sink.text(field.docs);
        self.shape(&field.shape);
    }

    const fn fields(&mut self, mut fields: &[FieldPart]) {
        self.sink.len(fields.len());
        while let [field, tail @ ..] = fields {
            self.field(field);
            fields = tail;
        }
    }

    const fn type_defs(&mut self) {
        self.sink.len(self.types.len);
        let mut at = 0;
        while at < self.types.len {
            if let Some(named) = self.types.types[at] {
                self.sink.text(named.name);
                self.sink.text(named.docs);
                match named.body {
                    NamedBody::Struct(fields) => {
                        self.sink.byte(0);
                        self.fields(fields);
                    }
                    NamedBody::Enum(mut variants) => {
                        self.sink.byte(1);
                        self.sink.len(variants.len());
                        while let [variant, tail @ ..] = variants {
                            self.sink.byte(variant.index);
                            self.sink.text(variant.name);
                            self.sink.text(variant.docs);
                            self.fields(variant.fields);
                            variants = tail;
                        }
                    }
                }
            }
            at += 1;
        }
    }

    const fn slots(&mut self, mut slots: &[SlotPart], docs: bool) {
        self.sink.len(slots.len());
        while let [slot, tail @ ..] = slots {
            self.sink.text(slot.name);
            self.sink.text(if docs { slot.docs } else { "" });
            match &slot.layout {
                LayoutPart::Plain(shape) => self.layout(0, shape),
                LayoutPart::Value(shape) => self.layout(1, shape),
                LayoutPart::Map(key, value) => {
                    self.layout(2, key);
                    self.shape(value);
                }
                LayoutPart::Set(shape) => self.layout(3, shape),
                LayoutPart::List(shape) => self.layout(4, shape),
                LayoutPart::Group(group) => {
                    self.sink.byte(5);
                    self.slots(group, docs);
                }
            }
            slots = tail;
        }
    }

    const fn layout(&mut self, index: u8, shape: &Shape) {
        self.sink.byte(index);
        self.shape(shape);
    }

    const fn function(&mut self, function: &FunctionPart) {
        self.sink.text(function.name);
        self.sink.text(function.docs);
        self.fields(function.args);
        self.shape(&function.returns);
    }

    const fn maybe_function(&mut self, function: &Option<FunctionPart>) {
        self.sink.flag(function.is_some());
        if let Some(function) = function {
            self.function(function);
        }
    }

    const fn functions(&mut self, mut functions: &[FunctionPart]) {
        self.sink.len(functions.len());
        while let [function, tail @ ..] = functions {
            self.function(function);
            functions = tail;
        }
    }

    const fn events(&mut self, mut events: &[EventPart]) {
        self.sink.len(events.len());
        while let [event, tail @ ..] = events {
            self.sink.text(event.name);
            self.sink.text(event.docs);
            self.sink.len(event.fields.len());
            let mut fields = event.fields;
            while let [(field, indexed), rest @ ..] = fields {
                self.field(field);
                self.sink.flag(*indexed);
                fields = rest;
            }
            events = tail;
        }
    }

    const fn refusals(&mut self, groups: &[&[RefusalPart]]) {
        let mut count = 0;
        let mut rest = groups;
        while let [group, tail @ ..] = rest {
            count += group.len();
            rest = tail;
        }
        self.sink.len(count);
        let mut rest = groups;
        while let [group, tail @ ..] = rest {
            let mut refusals: &[RefusalPart] = group;
            while let [refusal, others @ ..] = refusals {
                self.sink.word(refusal.texts.code);
                self.sink.text(refusal.texts.name);
                self.sink.text(refusal.texts.message);
                self.sink.maybe_text(refusal.texts.field);
                self.sink.maybe_text(refusal.texts.expected);
                self.sink.maybe_text(refusal.texts.remedy);
                self.fields(refusal.fields);
                refusals = others;
            }
            rest = tail;
        }
    }
}

#[allow(
    clippy::panic,
    reason = "evaluated by the compiler: what goes wrong here does not compile"
)]
impl Parts {
    const fn write<const N: usize>(&'static self) -> Sink<N> {
        let mut to = Writer::<N> {
            sink: Sink::new(),
            types: Registry::of(self),
        };
        to.sink.byte(super::VERSION);
        to.sink.text(self.docs);
        to.type_defs();
        to.slots(self.storage, true);
        to.maybe_function(&self.init);
        to.maybe_function(&self.migrate);
        to.sink.len(self.rules.len());
        let mut rules = self.rules;
        while let [(kind, docs), tail @ ..] = rules {
            to.sink.text(kind);
            to.sink.text(docs);
            rules = tail;
        }
        to.functions(self.messages);
        to.functions(self.queries);
        to.events(self.events);
        to.refusals(self.refusals);
        to.sink
    }

    /// How many bytes [`encode`](Self::encode) fills. Does not compile where two refusals
    /// have one code.
    pub const fn encoded_len(&'static self) -> usize {
        self.check_refusals();
        self.write::<0>().at
    }

    /// The interface's bytes; `N` is [`encoded_len`](Self::encoded_len).
    pub const fn encode<const N: usize>(&'static self) -> [u8; N] {
        self.write::<N>().bytes
    }

    const fn check_refusals(&self) {
        let mut groups = self.refusals;
        while let [group, later_groups @ ..] = groups {
            let mut refusals: &[RefusalPart] = group;
            while let [refusal, later @ ..] = refusals {
                assert!(
                    refusal.texts.code >= FIRST_REFUSAL && refusal.texts.code <= LAST_REFUSAL,
                    "the code of a refusal is 5010 to 5999"
                );
                no_other(refusal.texts.code, later);
                let mut others = later_groups;
                while let [other, tail @ ..] = others {
                    no_other(refusal.texts.code, other);
                    others = tail;
                }
                refusals = later;
            }
            groups = later_groups;
        }
    }
}

/// Tells storage layouts apart: FNV-1a of the slots' encoding without their docs, and of
/// the types that they name.
pub const fn layout(slots: &'static [SlotPart]) -> u64 {
    const ROOM: usize = 16 * 1024;
    let mut to = Writer::<ROOM> {
        sink: Sink::new(),
        types: Registry {
            types: [None; MAX_TYPES],
            len: 0,
        },
    };
    to.types.slots(slots);
    to.type_bodies();
    to.slots(slots, false);
    assert!(
        to.sink.at <= ROOM,
        "the storage's description is longer than 16 KiB"
    );
    let (bytes, _) = to.sink.bytes.split_at(to.sink.at);
    fnv1a_64(bytes)
}

#[allow(
    clippy::panic,
    reason = "evaluated by the compiler: what goes wrong here does not compile"
)]
const fn no_other(code: u32, mut refusals: &[RefusalPart]) {
    while let [refusal, tail @ ..] = refusals {
        assert!(
            refusal.texts.code != code,
            "two refusals of the contract have one code: put #[refusal(code = …)] with a free number from 5010 to 5999 on the newer one"
        );
        refusals = tail;
    }
}

impl<const N: usize> Writer<N> {
    /// The named types without names of their own and docs: what their encoding depends on,
    /// and the names of fields and variants, which readers go by.
    const fn type_bodies(&mut self) {
        let mut at = 0;
        while at < self.types.len {
            if let Some(named) = self.types.types[at] {
                match named.body {
                    NamedBody::Struct(fields) => self.bare_fields(fields),
                    NamedBody::Enum(mut variants) => {
                        while let [variant, tail @ ..] = variants {
                            self.sink.byte(variant.index);
                            self.sink.text(variant.name);
                            self.bare_fields(variant.fields);
                            variants = tail;
                        }
                    }
                }
            }
            at += 1;
        }
    }

    const fn bare_fields(&mut self, mut fields: &[FieldPart]) {
        self.sink.len(fields.len());
        while let [field, tail @ ..] = fields {
            self.sink.text(field.name);
            self.shape(&field.shape);
            fields = tail;
        }
    }
}
