//! Every table, declared once. A number is never given another meaning.

use crate::table::{Raw, Table, TableId};
use crate::tip::Tip;
use crate::undo::Undo;

macro_rules! tables {
    ($($(#[doc = $doc:literal])+ $number:literal $name:ident $text:literal: $key:ty => $value:ty;)+) => {
        $($(#[doc = $doc])+ pub const $name: Table<$key, $value> = Table::new($number, $text);)+

        /// All tables, for engines to make and for tools to walk.
        pub const ALL: &[TableId] = &[$($name.id()),+];
    };
}

tables! {
    /// The live state: a key's value, then the index of its leaf (u64, big endian). The empty key
    /// is the sentinel's.
    0x01 STATE "state": Vec<u8> => Raw;
    /// Nodes of the mountain range by (layer, page): see `mountain.rs`.
    0x02 MOUNTAIN "mountain": (u8, u64) => Raw;
    /// The live bitmap in pages of 4 KiB, each as of at most 64 blocks ago: see `bitmap.rs`.
    0x03 BITMAP "bitmap": u64 => Raw;
    /// What the block at a height replaced, for the last 256 blocks.
    0x04 UNDO "undo": u64 => Undo;
    /// The last block's state.
    0x05 TIP "tip": () => Tip;
}
