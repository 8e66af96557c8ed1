//! Every table, declared once. A number is never given another meaning.

use crate::table::{Raw, Table, TableId};

macro_rules! tables {
    ($($(#[doc = $doc:literal])+ $number:literal $name:ident $text:literal: $key:ty => $value:ty;)+) => {
        $($(#[doc = $doc])+ pub const $name: Table<$key, $value> = Table::new($number, $text);)+

        /// All tables, for engines to make and for tools to walk.
        pub const ALL: &[TableId] = &[$($name.id()),+];
    };
}

tables! {
    /// The live state: a key's value, then the position of its leaf (u64, big endian). The empty
    /// key is the sentinel.
    0x01 STATE "state": Vec<u8> => Raw;
}
