//! The chain's tables with the types of their values; numbers and names stand in
//! [`marque_state::tables`].

use marque_primitives::Address;
use marque_primitives::action::Kind;
use marque_primitives::history::Entry;
use marque_primitives::receipt::Receipt;
use marque_proof::SignedHeader;
use marque_state::{Raw, Table, TableId, tables as declared};
use parity_scale_codec::{Decode, Encode};

use crate::block::{Block, Spans};
use crate::index::Segment;

macro_rules! typed {
    ($($name:ident: $key:ty => $value:ty;)+) => {
        $(pub(crate) const $name: Table<$key, $value> = typed(declared::$name.id());)+
    };
}

const fn typed<K, V>(id: TableId) -> Table<K, V> {
    Table::new(id.number, id.name)
}

/// A transaction's place: height, and index within the block.
pub(crate) type Place = (u64, u32);

/// A refused transaction: where its receipt stands, and what the receipt does not say.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct RefusalRow {
    pub(crate) place: Place,
    pub(crate) account: Address,
    pub(crate) signer: Address,
    /// What was to happen.
    pub(crate) kind: Option<Kind>,
}

typed! {
    HEADERS: u64 => SignedHeader;
    BODIES: u64 => Vec<Vec<u8>>;
    PROPOSALS: (u64, [u8; 32]) => Block;
    HEIGHTS: [u8; 32] => u64;
    RECEIPTS: (u64, u32) => Receipt;
    TRANSACTIONS: (u64, u64) => Raw;
    SEGMENTS: u64 => Segment;
    EVENTS: u64 => marque_primitives::history::Event;
    ENTRIES: u64 => Entry;
    REFUSALS: u64 => RefusalRow;
    SPANS: u64 => Spans;
    LINKS: (u8, Vec<u8>, Vec<u8>) => ();
    POSTINGS: (u8, Vec<u8>, u64) => Raw;
}
