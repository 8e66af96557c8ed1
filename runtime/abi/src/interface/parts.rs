//! A contract's interface as the SDK's macros hand it to the compiler, and its encoding.

use super::describe::{FieldPart, Shape};
use super::names::{FIRST_REFUSAL, LAST_REFUSAL, fnv1a_64, same};
use super::registry::Registry;
use super::sink::Sink;
use super::writer::Writer;

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
    pub code: u32,
    pub name: &'static str,
    pub message: &'static str,
    pub field: Option<&'static str>,
    pub expected: Option<&'static str>,
    pub remedy: Option<&'static str>,
    pub fields: &'static [FieldPart],
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

impl Parts {
    /// Of refusals alone.
    pub const fn of_refusals(refusals: &'static [&'static [RefusalPart]]) -> Self {
        Self {
            docs: "",
            storage: &[],
            init: None,
            migrate: None,
            rules: &[],
            messages: &[],
            queries: &[],
            events: &[],
            refusals,
        }
    }

    /// The interface, as its readers have it; nothing where it is longer than one may be.
    #[cfg(feature = "host")]
    pub fn interface(&'static self) -> super::Interface {
        let sink = self.write::<{ crate::meta::MAX_INTERFACE }>();
        let bytes = sink.bytes.get(..sink.at).unwrap_or_default();
        super::Interface::read(bytes).unwrap_or_default()
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
    /// have one code or name.
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
                    refusal.code >= FIRST_REFUSAL && refusal.code <= LAST_REFUSAL,
                    "the code of a refusal is 5010 to 5999"
                );
                no_other(refusal, later);
                let mut others = later_groups;
                while let [other, tail @ ..] = others {
                    no_other(refusal, other);
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
        types: Registry::of_slots(slots),
    };
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
const fn no_other(refusal: &RefusalPart, mut refusals: &[RefusalPart]) {
    while let [other, tail @ ..] = refusals {
        if same(refusal.name, other.name) {
            clash(
                refusal.name,
                other.name,
                " are two refusals of one name: rename one, or include the library's in place of it",
            );
        }
        if refusal.code == other.code {
            clash(
                refusal.name,
                other.name,
                " have one code: put #[refusal(code = ...)] with a free number from 5010 to 5999 on the newer one, or on the contract's own where the other is a library's",
            );
        }
        refusals = tail;
    }
}

/// Does not compile, naming the two.
#[allow(
    clippy::panic,
    reason = "evaluated by the compiler: what goes wrong here does not compile"
)]
const fn clash(one: &str, other: &str, why: &str) -> ! {
    let mut text = Sink::<512>::new();
    text.raw("`");
    text.raw(one);
    text.raw("` and `");
    text.raw(other);
    text.raw("`");
    text.raw(why);
    // A longer text than there is room for is two very long names.
    let end = if text.at < 512 { text.at } else { 512 };
    match core::str::from_utf8(text.bytes.split_at(end).0) {
        Ok(text) => panic!("{}", text),
        Err(_) => panic!("two refusals of the contract have one name or code"),
    }
}
