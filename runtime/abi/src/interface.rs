//! A contract's interface: what can be asked of it, what it answers, emits, stores and
//! refuses, with the type of everything. It is what `Meta::interface` holds.
//!
//! [`describe`] says how a type describes itself; [`parts`] is the same description made by
//! the compiler inside a contract; this module's types are how a reader gets it back. With
//! the `host` feature [`json`] turns JSON into encoded arguments and answers into JSON, and
//! [`Interface::raised`] fills a refusal's texts with its values. [`own`] has the refusals that
//! stand in no interface, since every contract has them.
//!
//! Names of functions, arguments, fields and variants are in camelCase, as in JSON; names
//! of types, events and refusals in PascalCase. The encoding is SCALE in the order of the
//! fields below: final.
#![expect(
    clippy::cast_possible_truncation,
    reason = "the SCALE derive casts variant indices"
)]

mod check;
pub mod describe;
#[cfg(feature = "host")]
pub mod json;
pub mod names;
pub mod own;
pub mod parts;
#[cfg(feature = "host")]
mod raised;
mod registry;
mod sink;
#[cfg(all(test, feature = "host"))]
mod tests;
mod writer;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use marque_primitives::codec::{self, DecodeError};
use parity_scale_codec::{Decode, Encode};

pub use describe::{Builtin, Describe, Returns};
#[cfg(feature = "host")]
pub use raised::Unraised;

/// The version of the interface's encoding: its first byte.
pub const VERSION: u8 = 1;

/// A contract's whole interface. Its name and release stand beside it in the metadata.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct Interface {
    /// [`VERSION`].
    pub version: u8,
    /// What the contract is for.
    pub docs: String,
    /// The types with a name, which [`Type::Named`] counts from 0.
    pub types: Vec<TypeDef>,
    /// What it keeps, in the order of the fields.
    pub storage: Vec<Slot>,
    /// The arguments of its deployment.
    pub init: Option<Function>,
    /// The arguments of an upgrade to it.
    pub migrate: Option<Function>,
    /// The movements that it judges.
    pub rules: Vec<Rule>,
    /// What it can be told.
    pub messages: Vec<Function>,
    /// What it can be asked.
    pub queries: Vec<Function>,
    /// What it emits.
    pub events: Vec<EventDef>,
    /// Why it refuses.
    pub refusals: Vec<RefusalDef>,
}

/// A message or query, the init or the migration.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it does.
    pub docs: String,
    /// What it takes, encoded one after the other.
    pub args: Vec<Field>,
    /// What it answers.
    pub returns: Type,
}

/// A rule.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Rule {
    /// The kind of movement, as in the export's name.
    pub kind: String,
    /// What it demands.
    pub docs: String,
}

/// An argument, or a field of a struct or variant.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Field {
    /// Its name; empty for a field by position.
    pub name: String,
    /// What it means.
    pub docs: String,
    /// Its type.
    pub ty: Type,
}

/// A kind of event.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct EventDef {
    /// Its name: the first thing in an event's bytes.
    pub name: String,
    /// When it is emitted.
    pub docs: String,
    /// Its fields, encoded after the name.
    pub fields: Vec<EventField>,
}

/// A field of an event.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct EventField {
    /// The field.
    pub field: Field,
    /// Whether readers search by it.
    pub indexed: bool,
}

/// A way in which the contract refuses.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct RefusalDef {
    /// Its stable number, 5010 to 5999; see [`names::refusal_code`].
    pub code: u32,
    /// Its stable name.
    pub name: String,
    /// What happened; `{field}` stands for the field's value.
    pub message: String,
    /// The field of the movement or message at fault.
    pub field: Option<String>,
    /// What that should have been, with values as in the message.
    pub expected: Option<String>,
    /// What to do, with values as in the message.
    pub remedy: Option<String>,
    /// The values that decided.
    pub fields: Vec<Field>,
}

/// A field of the contract's storage.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Slot {
    /// Its name, which is part of its keys.
    pub name: String,
    /// What it holds.
    pub docs: String,
    /// How it is kept.
    pub layout: Layout,
}

/// How a field of the storage is kept.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Layout {
    /// In the root record, with the other plain fields.
    #[codec(index = 0)]
    Plain(Type),
    /// Under a key of its own.
    #[codec(index = 1)]
    Value(Type),
    /// A key for each entry.
    #[codec(index = 2)]
    Map(Type, Type),
    /// A key for each member.
    #[codec(index = 3)]
    Set(Type),
    /// A key for each item, by its number.
    #[codec(index = 4)]
    List(Type),
    /// Fields under this one's name.
    #[codec(index = 5)]
    Group(Vec<Slot>),
}

/// A type.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Type {
    /// A number, flag, identifier or other word of the ledger.
    #[codec(index = 0)]
    Builtin(Builtin),
    /// UTF-8 of at most so many bytes; 0: only the call's own limit.
    #[codec(index = 1)]
    Text(u32),
    /// Bytes, at most so many; 0: only the call's own limit.
    #[codec(index = 2)]
    Bytes(u32),
    /// Something or nothing.
    #[codec(index = 3)]
    Option(Box<Type>),
    /// At most so many of one type; 0: only the call's own limit.
    #[codec(index = 4)]
    List(Box<Type>, u32),
    /// Exactly so many of one type.
    #[codec(index = 5)]
    Array(Box<Type>, u32),
    /// One of each; empty: nothing.
    #[codec(index = 6)]
    Tuple(Vec<Type>),
    /// The type of that number in [`Interface::types`].
    #[codec(index = 7)]
    Named(u32),
}

impl Type {
    /// No value at all.
    pub const UNIT: Self = Self::Tuple(Vec::new());
}

/// A type with a name.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct TypeDef {
    /// Its name.
    pub name: String,
    /// What it means.
    pub docs: String,
    /// What it consists of.
    pub body: Body,
}

/// What a named type consists of.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Body {
    /// All of these.
    #[codec(index = 0)]
    Struct(Vec<Field>),
    /// One of these.
    #[codec(index = 1)]
    Enum(Vec<Variant>),
}

/// A variant of an enum.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Variant {
    /// The byte that stands for it.
    pub index: u8,
    /// Its name.
    pub name: String,
    /// What it means.
    pub docs: String,
    /// What comes with it.
    pub fields: Vec<Field>,
}

/// Why a metadata section's interface cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InterfaceError {
    /// Another version of the encoding.
    Version(u8),
    /// The bytes are not an interface.
    Encoding(DecodeError),
    /// A type names one that is not there.
    UnknownType(u32),
    /// A named type holds itself, or types are nested more than 16 deep.
    Nesting,
}

impl core::fmt::Display for InterfaceError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Version(found) => write!(
                f,
                "the contract's interface has version {found}, this program reads {VERSION}; use the release that the contract was built for"
            ),
            Self::Encoding(error) => write!(f, "the contract's interface cannot be read: {error}"),
            Self::UnknownType(number) => write!(
                f,
                "the contract's interface names type {number}, which it does not describe"
            ),
            Self::Nesting => f.write_str(
                "a type of the contract's interface holds itself, or types are nested more than 16 deep",
            ),
        }
    }
}

impl core::error::Error for InterfaceError {}

impl Interface {
    /// Reads the bytes that stand in [`Meta::interface`](crate::Meta), all of them.
    ///
    /// # Errors
    /// When the version is another, the bytes are no interface or a type is not described.
    pub fn read(bytes: &[u8]) -> Result<Self, InterfaceError> {
        if let Some(version) = bytes.first().filter(|version| **version != VERSION) {
            return Err(InterfaceError::Version(*version));
        }
        let interface: Self =
            codec::decode(bytes, crate::meta::MAX_INTERFACE).map_err(InterfaceError::Encoding)?;
        check::types(&interface)?;
        Ok(interface)
    }

    /// The message of this name.
    pub fn message(&self, name: &str) -> Option<&Function> {
        self.messages.iter().find(|message| message.name == name)
    }

    /// The query of this name.
    pub fn query(&self, name: &str) -> Option<&Function> {
        self.queries.iter().find(|query| query.name == name)
    }

    /// The event of this name.
    pub fn event(&self, name: &str) -> Option<&EventDef> {
        self.events.iter().find(|event| event.name == name)
    }

    /// The refusal with this number.
    pub fn refusal(&self, code: u32) -> Option<&RefusalDef> {
        self.refusals.iter().find(|refusal| refusal.code == code)
    }

    /// The named type of this number.
    pub fn type_def(&self, number: u32) -> Option<&TypeDef> {
        self.types.get(usize::try_from(number).ok()?)
    }

    fn all_types(&self) -> impl Iterator<Item = &Type> {
        let functions = self.messages.iter().chain(&self.queries);
        let functions = functions.chain(&self.init).chain(&self.migrate);
        let of_functions = functions.flat_map(|function| {
            let args = function.args.iter().map(|arg| &arg.ty);
            args.chain(core::iter::once(&function.returns))
        });
        let of_defs = self.types.iter().flat_map(TypeDef::fields);
        let of_events = self.events.iter().flat_map(|event| &event.fields);
        let of_refusals = self.refusals.iter().flat_map(|refusal| &refusal.fields);
        of_functions
            .chain(of_defs.map(|field| &field.ty))
            .chain(of_events.map(|field| &field.field.ty))
            .chain(of_refusals.map(|field| &field.ty))
            .chain(self.storage.iter().flat_map(Slot::types))
    }
}

impl TypeDef {
    fn fields(&self) -> Vec<&Field> {
        match &self.body {
            Body::Struct(fields) => fields.iter().collect(),
            Body::Enum(variants) => variants.iter().flat_map(|v| &v.fields).collect(),
        }
    }
}

impl Slot {
    fn types(&self) -> Vec<&Type> {
        match &self.layout {
            Layout::Plain(ty) | Layout::Value(ty) | Layout::Set(ty) | Layout::List(ty) => {
                alloc::vec![ty]
            }
            Layout::Map(key, value) => alloc::vec![key, value],
            Layout::Group(slots) => slots.iter().flat_map(Self::types).collect(),
        }
    }
}
