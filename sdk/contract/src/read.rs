//! Records of the ledger that a contract may read.

use marque_abi::invocation::Read;
use marque_primitives::Address;
use marque_primitives::gs1::{Gln, Gtin};
use marque_primitives::record::{Contents, LotRecord, Party, Product, Record};
use marque_primitives::thing::{LotId, ThingId};
use parity_scale_codec::{Decode, Encode};

/// What the ledger has; its encoding is the ledger's own, so it decodes.
fn get<T: Decode>(kind: Read, id: &impl Encode) -> Option<T> {
    let bytes = crate::host::read(kind as u32, &crate::bytes::encoded(id))?;
    T::decode(&mut &*bytes).ok()
}

/// The record of the run that holds a thing.
pub fn record(id: &ThingId) -> Option<Record> {
    get(Read::Record, id)
}

/// A lot's record.
pub fn lot(id: &LotId) -> Option<LotRecord> {
    get(Read::Lot, id)
}

/// A product's record.
pub fn product(gtin: Gtin) -> Option<Product> {
    get(Read::Product, &gtin)
}

/// The brand of one of the contract's products: the first field of its record.
pub fn brand_of(gtin: Gtin) -> Option<Address> {
    let bytes = crate::host::read(Read::Product as u32, &crate::bytes::encoded(&gtin))?;
    bytes.first_chunk().map(|brand| Address(*brand))
}

/// A registered party.
pub fn party(account: Address) -> Option<Party> {
    get(Read::Party, &account)
}

/// The party that registered a location.
pub fn location(gln: Gln) -> Option<Address> {
    get(Read::Location, &gln)
}

/// What a unit holds.
pub fn contents(unit: &ThingId) -> Option<Contents> {
    get(Read::Contents, unit)
}
