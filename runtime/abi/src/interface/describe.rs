//! How types describe themselves, known to the compiler.

use super::names::same;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use words::*;

/// The Rust types of the builtins.
pub(super) mod words {
    pub use marque_primitives::action::{Kind, PartyRef, Right};
    pub use marque_primitives::date::Date;
    pub use marque_primitives::detail::Place;
    pub use marque_primitives::gs1::{Gln, Gtin, LotNumber, Serial};
    pub use marque_primitives::record::Status;
    pub use marque_primitives::thing::{Line, LotId, Thing, ThingId};
    pub use marque_primitives::{Address, Amount, Decimal, Hash, Height, TimeMs, Unit};
}
use marque_primitives::bounded::{Bytes, List, Text};

/// A type that can be an argument, an answer, a stored value, or part of one.
///
/// `#[data]` of the SDK derives it. The shape must be that of the SCALE encoding.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored, sent or answered by a contract",
    label = "this type has no description for the contract's ABI",
    note = "put `#[data]` on the struct or enum, or use a number, Text<N>, List<T, N>, Option, a tuple or one of the SDK's types"
)]
pub trait Describe {
    /// Its shape.
    const SHAPE: Shape;
}

/// What a function may answer: a value, or a result whose error is its refusal.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be answered by a contract",
    note = "answer `()`, a described value, or a `Result` of one"
)]
pub trait Returns {
    /// The value.
    type Value: Describe;
    /// Why there is none.
    type Refusal;
    /// One or the other.
    ///
    /// # Errors
    /// The refusal.
    fn split(self) -> Result<Self::Value, Self::Refusal>;
}

impl<T: Describe> Returns for T {
    type Value = T;
    type Refusal = core::convert::Infallible;
    fn split(self) -> Result<T, Self::Refusal> {
        Ok(self)
    }
}

impl<T: Describe, E> Returns for Result<T, E> {
    type Value = T;
    type Refusal = E;
    fn split(self) -> Self {
        self
    }
}

/// A type's shape; what [`Type`](super::Type) is to a reader.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// See [`Type::Builtin`](super::Type::Builtin).
    Builtin(Builtin),
    /// See [`Type::Text`](super::Type::Text).
    Text(u32),
    /// See [`Type::Bytes`](super::Type::Bytes).
    Bytes(u32),
    /// See [`Type::Option`](super::Type::Option).
    Option(&'static Shape),
    /// See [`Type::List`](super::Type::List).
    List(&'static Shape, u32),
    /// See [`Type::Array`](super::Type::Array).
    Array(&'static Shape, u32),
    /// See [`Type::Tuple`](super::Type::Tuple).
    Tuple(&'static [Shape]),
    /// A struct or enum.
    Named(&'static Named),
}

/// A struct's or enum's description; what [`TypeDef`](super::TypeDef) is to a reader.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// Module and name: tells types of one name apart.
    pub path: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its type arguments, which tell it apart too.
    pub args: &'static [Shape],
    /// What it means.
    pub docs: &'static str,
    /// What it consists of.
    pub body: NamedBody,
}

/// What a named type consists of.
#[derive(Clone, Copy, Debug)]
pub enum NamedBody {
    /// All of these.
    Struct(&'static [FieldPart]),
    /// One of these.
    Enum(&'static [VariantPart]),
}

/// See [`Field`](super::Field).
#[derive(Clone, Copy, Debug)]
pub struct FieldPart {
    /// Its name; empty by position.
    pub name: &'static str,
    /// What it means.
    pub docs: &'static str,
    /// Its type.
    pub shape: Shape,
}

/// See [`Variant`](super::Variant).
#[derive(Clone, Copy, Debug)]
pub struct VariantPart {
    /// The byte that stands for it.
    pub index: u8,
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub docs: &'static str,
    /// What comes with it.
    pub fields: &'static [FieldPart],
}

/// Calls `$callback!` with every builtin: number, name, Rust type, and its form in JSON
/// (`plain`: as the type's own; `digits`: the number, or its text beyond 2^53).
macro_rules! builtins {
    ($callback:ident) => {
        $callback! {
            /// True or false.
            0 Bool = bool, plain;
            /// An unsigned number of 8 bits.
            1 U8 = u8, plain;
            /// An unsigned number of 16 bits.
            2 U16 = u16, plain;
            /// An unsigned number of 32 bits.
            3 U32 = u32, plain;
            /// An unsigned number of 64 bits; as text above 2^53 - 1.
            4 U64 = u64, digits;
            /// An unsigned number of 128 bits; as text above 2^53 - 1.
            5 U128 = u128, digits;
            /// A signed number of 8 bits.
            6 I8 = i8, plain;
            /// A signed number of 16 bits.
            7 I16 = i16, plain;
            /// A signed number of 32 bits.
            8 I32 = i32, plain;
            /// A signed number of 64 bits; as text above 2^53 - 1.
            9 I64 = i64, digits;
            /// A signed number of 128 bits; as text above 2^53 - 1.
            10 I128 = i128, digits;
            /// An account or contract.
            20 Address = Address, plain;
            /// 32 bytes.
            21 Hash = Hash, plain;
            /// A product.
            22 Gtin = Gtin, plain;
            /// A location or party.
            23 Gln = Gln, plain;
            /// A lot or batch number.
            24 LotNumber = LotNumber, plain;
            /// A serial number.
            25 Serial = Serial, plain;
            /// A product or type of returnable asset.
            26 Line = Line, plain;
            /// A lot of a product.
            27 LotId = LotId, plain;
            /// A thing with a record.
            28 ThingId = ThingId, plain;
            /// Things that an action names: one, a range, a quantity.
            29 Thing = Thing, plain;
            /// A location, or a place that a URI names.
            30 Place = Place, plain;
            /// A party, by its account or a location.
            31 PartyRef = PartyRef, plain;
            /// A calendar day.
            40 Date = Date, plain;
            /// Milliseconds since 1970.
            41 TimeMs = TimeMs, plain;
            /// A block's place in the chain.
            42 Height = Height, plain;
            /// A number with nine fraction digits, as text.
            43 Decimal = Decimal, plain;
            /// A quantity with its unit.
            44 Amount = Amount, plain;
            /// A unit of measure.
            45 Unit = Unit, plain;
            /// A kind of movement.
            50 Kind = Kind, plain;
            /// Possession, ownership or both.
            51 Right = Right, plain;
            /// Active, quarantined or ended.
            52 Status = Status, plain;
        }
    };
}
#[cfg(feature = "host")]
pub(super) use builtins;

macro_rules! declare {
    ($( $(#[$doc:meta])* $index:literal $name:ident = $ty:ty, $form:ident; )*) => {
        /// The types that every contract knows.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, parity_scale_codec::Encode, parity_scale_codec::Decode)]
        #[repr(u8)]
        pub enum Builtin {
            $( $(#[$doc])* #[codec(index = $index)] $name = $index, )*
        }

        impl Builtin {
            /// The name, as documentation shows it.
            pub fn name(self) -> &'static str {
                match self { $( Self::$name => stringify!($name), )* }
            }
        }

        $( impl Describe for $ty {
            const SHAPE: Shape = Shape::Builtin(Builtin::$name);
        } )*
    };
}
builtins!(declare);

/// A limit as the description states it; 0 stands for none, so nothing may state it.
const fn limit(n: usize) -> u32 {
    assert!(n > 0 && n < u32::MAX as usize, "a limit is 1 to 2^32 - 2");
    #[allow(clippy::cast_possible_truncation, reason = "checked above")]
    let limit = n as u32;
    limit
}

impl<const N: usize> Describe for Text<N> {
    const SHAPE: Shape = Shape::Text(limit(N));
}
impl Describe for String {
    const SHAPE: Shape = Shape::Text(0);
}
impl<const N: usize> Describe for Bytes<N> {
    const SHAPE: Shape = Shape::Bytes(limit(N));
}
impl<T: Describe, const N: usize> Describe for List<T, N> {
    const SHAPE: Shape = Shape::List(&T::SHAPE, limit(N));
}
impl<T: Describe> Describe for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE, 0);
}
impl<T: Describe, const N: usize> Describe for [T; N] {
    const SHAPE: Shape = Shape::Array(&T::SHAPE, limit(N));
}
impl<T: Describe> Describe for Option<T> {
    const SHAPE: Shape = Shape::Option(&T::SHAPE);
}
impl<T: Describe> Describe for Box<T> {
    const SHAPE: Shape = T::SHAPE;
}
impl<T: Describe + ?Sized> Describe for &T {
    const SHAPE: Shape = T::SHAPE;
}
impl Describe for str {
    const SHAPE: Shape = Shape::Text(0);
}
impl Describe for () {
    const SHAPE: Shape = Shape::Tuple(&[]);
}

macro_rules! tuples {
    ($(($($name:ident),+))*) => {
        $( impl<$($name: Describe),+> Describe for ($($name,)+) {
            const SHAPE: Shape = Shape::Tuple(&[$($name::SHAPE),+]);
        } )*
    };
}
tuples! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) }

impl Named {
    /// Whether both describe one type.
    pub(super) const fn is(&self, other: &Self) -> bool {
        same(self.path, other.path) && all_same(self.args, other.args)
    }
}

impl Shape {
    const fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Builtin(a), Self::Builtin(b)) => *a as u8 == *b as u8,
            (Self::Text(a), Self::Text(b)) | (Self::Bytes(a), Self::Bytes(b)) => *a == *b,
            (Self::Option(a), Self::Option(b)) => a.is(b),
            (Self::List(a, x), Self::List(b, y)) | (Self::Array(a, x), Self::Array(b, y)) => {
                *x == *y && a.is(b)
            }
            (Self::Tuple(a), Self::Tuple(b)) => all_same(a, b),
            (Self::Named(a), Self::Named(b)) => a.is(b),
            _ => false,
        }
    }
}

const fn all_same(mut a: &[Shape], mut b: &[Shape]) -> bool {
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        if !x.is(y) {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    a.is_empty() && b.is_empty()
}
