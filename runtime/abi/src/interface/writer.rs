//! The interface's encoding, written by the compiler.

use super::describe::{FieldPart, NamedBody, Shape};
use super::parts::{EventPart, FunctionPart, LayoutPart, RefusalPart, SlotPart};
use super::registry::Registry;
use super::sink::Sink;

/// Writes parts of an interface.
pub(super) struct Writer<const N: usize> {
    pub sink: Sink<N>,
    pub types: Registry,
}

#[allow(
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler: what goes wrong here does not compile"
)]
impl<const N: usize> Writer<N> {
    pub(super) const fn shape(&mut self, shape: &Shape) {
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

    pub(super) const fn field(&mut self, field: &FieldPart) {
        self.sink.text(field.name);
        self.sink.text(field.docs);
        self.shape(&field.shape);
    }

    pub(super) const fn fields(&mut self, mut fields: &[FieldPart]) {
        self.sink.len(fields.len());
        while let [field, tail @ ..] = fields {
            self.field(field);
            fields = tail;
        }
    }

    pub(super) const fn type_defs(&mut self) {
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

    pub(super) const fn slots(&mut self, mut slots: &[SlotPart], docs: bool) {
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

    pub(super) const fn layout(&mut self, index: u8, shape: &Shape) {
        self.sink.byte(index);
        self.shape(shape);
    }

    pub(super) const fn function(&mut self, function: &FunctionPart) {
        self.sink.text(function.name);
        self.sink.text(function.docs);
        self.fields(function.args);
        self.shape(&function.returns);
    }

    pub(super) const fn maybe_function(&mut self, function: &Option<FunctionPart>) {
        self.sink.flag(function.is_some());
        if let Some(function) = function {
            self.function(function);
        }
    }

    pub(super) const fn functions(&mut self, mut functions: &[FunctionPart]) {
        self.sink.len(functions.len());
        while let [function, tail @ ..] = functions {
            self.function(function);
            functions = tail;
        }
    }

    pub(super) const fn events(&mut self, mut events: &[EventPart]) {
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

    pub(super) const fn refusals(&mut self, groups: &[&[RefusalPart]]) {
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
                self.sink.word(refusal.code);
                self.sink.text(refusal.name);
                self.sink.text(refusal.message);
                self.sink.maybe_text(refusal.field);
                self.sink.maybe_text(refusal.expected);
                self.sink.maybe_text(refusal.remedy);
                self.fields(refusal.fields);
                refusals = others;
            }
            rest = tail;
        }
    }
}

impl<const N: usize> Writer<N> {
    /// The named types without names of their own and docs: what their encoding depends on,
    /// and the names of fields and variants, which readers go by.
    pub(super) const fn type_bodies(&mut self) {
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

    pub(super) const fn bare_fields(&mut self, mut fields: &[FieldPart]) {
        self.sink.len(fields.len());
        while let [field, tail @ ..] = fields {
            self.sink.text(field.name);
            self.shape(&field.shape);
            fields = tail;
        }
    }
}
