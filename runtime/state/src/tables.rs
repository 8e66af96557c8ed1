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
    /// The chain's headers with their certificates, by height; typed, as the tables below, in `marque-chain`.
    0x10 HEADERS "headers": u64 => Raw;
    /// Transactions of the block at a height, as on the wire.
    0x11 BODIES "bodies": u64 => Raw;
    /// Blocks that may yet be signed, by height and header hash.
    0x12 PROPOSALS "proposals": (u64, [u8; 32]) => Raw;
    /// Heights by header hash.
    0x13 HEIGHTS "heights": [u8; 32] => Raw;
    /// Receipts by height and index.
    0x14 RECEIPTS "receipts": (u64, u32) => Raw;
    /// Places of transactions by id, in pages by (first height of the segment, first id).
    0x15 TRANSACTIONS "transactions": (u64, u64) => Raw;
    /// Events by position.
    0x16 EVENTS "events": u64 => Raw;
    /// History entries by position.
    0x17 ENTRIES "entries": u64 => Raw;
    /// Height and index of refused transactions, in their order.
    0x18 REFUSALS "refusals": u64 => Raw;
    /// Where the sequences of a block begin and end.
    0x19 SPANS "spans": u64 => Raw;
    /// Segments of the transactions' ids, by first height.
    0x1a SEGMENTS "segments": u64 => Raw;
    /// Secondary: leaf to leaf, by relation.
    0x20 LINKS "links": (u8, Vec<u8>, Vec<u8>) => Raw;
    /// Secondary: positions by term.
    0x21 POSTINGS "postings": (u8, Vec<u8>, u64) => Raw;
    /// Secondary: positions by aligned block of serials.
    0x22 STABS "stabs": Vec<u8> => Raw;
}
