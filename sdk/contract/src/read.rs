//! Records of the ledger that a contract may read.

use crate::bytes::Reader;
use crate::show::Words;
use marque_abi::invocation::Read;
use marque_primitives::Address;
use marque_primitives::date::Date;
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

/// What a thing began as and how it stands, of its record: far less code than decoding all
/// of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// Never commissioned here.
    pub external: bool,
    /// Its lot's number; empty if it has none.
    pub lot: Words,
    /// Its last good day.
    pub expiry: Option<Date>,
    /// Its CBV disposition; empty if none is known.
    pub disposition: Words,
    /// Decommissioned or used up.
    pub ended: bool,
}

/// The identity of a thing, read from the record of the run that holds it.
pub fn identity(id: &ThingId) -> Option<Identity> {
    let bytes = crate::host::read(Read::Record as u32, &crate::bytes::encoded(id))?;
    let mut reader = Reader(&bytes);
    // The fields of `Record` in their order.
    reader.long();
    reader.maybe(Reader::address);
    let external = reader.byte() != 0;
    let lot = crate::host::trusted(reader.maybe(Reader::short).unwrap_or_default()).into();
    let expiry = reader.maybe(|reader| Date::decode(&mut Reader(reader.take(4))).ok());
    reader.maybe(Reader::address);
    reader.maybe(Reader::address);
    reader.maybe(Reader::long);
    reader.maybe(Reader::skip_thing_id);
    reader.take(2);
    reader.maybe(Reader::skip_place);
    let disposition = reader.maybe(Reader::text).unwrap_or_default().into();
    for _ in 0..reader.len() {
        reader.sized();
    }
    Some(Identity {
        external,
        lot,
        expiry: expiry.flatten(),
        disposition,
        ended: reader.byte() != 0,
    })
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
