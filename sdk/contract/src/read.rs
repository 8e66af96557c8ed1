//! Records of the ledger that a contract may read.

use crate::bytes::{LIST, MAYBE, PLACE, Reader, THING};
use crate::words::Words;
use marque_abi::invocation::Read;
use marque_primitives::date::Date;
use marque_primitives::gs1::{Gln, Gtin, Serial};
use marque_primitives::record::{Contents, LotRecord, Party, Product, Record};
use marque_primitives::thing::{LotId, ThingId};
use marque_primitives::{Address, TimeMs};
use parity_scale_codec::{Decode, Encode};

/// What the ledger has; its encoding is the ledger's own, so it decodes.
fn get<T: Decode>(kind: Read, id: &impl Encode) -> Option<T> {
    let bytes = crate::host::read(kind as u32, &crate::bytes::encoded(id))?;
    T::decode(&mut &*bytes).ok()
}

/// The record of the run that holds a thing.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// let pallet = ThingId::Unit(Sscc::from_body(9_506_000_000_000_001).unwrap());
/// let mut memory = Memory::new();
/// memory.know(Read::Record, &pallet, &given::record());
/// assert_eq!(memory.call(|| record(&pallet)), Some(given::record()));
/// ```
pub fn record(id: &ThingId) -> Option<Record> {
    get(Read::Record, id)
}

/// What an item began as and how it stands, of its record: far less code than decoding all
/// of it.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::primitives::thing::Line;
/// use marque_sdk::{identity, prelude::*};
///
/// # let (product, serial) = (Gtin::from_body(950_600_013_435).unwrap(), Serial::new("7").unwrap());
/// # let pack = ThingId::Item { line: Line::Product(product), serial };
/// let mut memory = Memory::new();
/// memory.know(Read::Record, &pack, &given::record());
/// let known = memory.call(|| identity(product, &serial)).unwrap();
/// assert!(!known.external && !known.ended && known.lot.is_empty() && known.expiry.is_none());
/// ```
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

/// The identity of a product's item, read from the record of the run that holds it.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::primitives::thing::Line;
/// use marque_sdk::{identity, prelude::*};
///
/// /// Whether a pack that comes back is one that was handed out.
/// fn was_sold(product: Gtin, serial: &Serial) -> bool {
///     identity(product, serial).is_some_and(|pack| pack.disposition.as_str() == "retail_sold")
/// }
/// # let (product, serial) = (Gtin::from_body(950_600_013_435).unwrap(), Serial::new("7").unwrap());
/// # let pack = ThingId::Item { line: Line::Product(product), serial };
/// let (mut memory, mut sold) = (Memory::new(), given::record());
/// sold.disposition = "retail_sold".try_into().ok();
/// assert!(!memory.call(|| was_sold(product, &serial)), "nobody knows it");
/// memory.know(Read::Record, &pack, &sold);
/// assert!(memory.call(|| was_sold(product, &serial)));
/// ```
pub fn identity(product: Gtin, serial: &Serial) -> Option<Identity> {
    // `ThingId::Item` of `Line::Product`.
    let mut id = crate::buf::Buf::copy(&[0, 0]);
    product.encode_to(&mut id);
    serial.encode_to(&mut id);
    let bytes = crate::host::read(Read::Record as u32, &id)?;
    let mut reader = Reader(&bytes);
    // The fields of `Record` in their order.
    reader.pass(&[8, MAYBE, 20]);
    let external = reader.byte() != 0;
    let lot = crate::host::trusted(reader.maybe(Reader::short).unwrap_or_default()).into();
    let expiry = reader.maybe(|reader| Date::decode(&mut Reader(reader.take(4))).ok());
    reader.pass(&[
        MAYBE, 20, MAYBE, 20, MAYBE, 8, MAYBE, THING, 2, MAYBE, PLACE,
    ]);
    let disposition = reader.maybe(Reader::text).unwrap_or_default().into();
    reader.pass(&[LIST]);
    Some(Identity {
        external,
        lot,
        expiry: expiry.flatten(),
        disposition,
        ended: reader.byte() != 0,
    })
}

/// A lot's record.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// let (spinach, mut held) = (given::lot("09506000134352", "L7"), given::lot_record());
/// held.status = Status::Quarantined;
/// let mut memory = Memory::new();
/// memory.know(Read::Lot, &spinach, &held);
/// let status = memory.call(|| lot(&spinach)).map(|lot| lot.status);
/// assert_eq!(status, Some(Status::Quarantined));
/// ```
pub fn lot(id: &LotId) -> Option<LotRecord> {
    get(Read::Lot, id)
}

/// A product's record.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// let (gtin, mut watch) = (Gtin::new("09506000134352").unwrap(), given::product());
/// watch.name = "Watch".try_into().unwrap();
/// let mut memory = Memory::new();
/// memory.know(Read::Product, &gtin, &watch);
/// assert_eq!(memory.call(|| product(gtin)).map(|watch| watch.brand), Some(Memory::BRAND));
/// ```
pub fn product(gtin: Gtin) -> Option<Product> {
    get(Read::Product, &gtin)
}

/// The brand of one of the contract's products: the first field of its record.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// let gtin = Gtin::new("09506000134352").unwrap();
/// let mut memory = Memory::new();
/// memory.know(Read::Product, &gtin, &given::product());
/// // Where a rule cannot ask `brand()`.
/// let returned = |movement: &Movement| movement.to() == brand_of(gtin);
/// let mut offer = given::movement(Kind::Offer);
/// offer.to = Some(Memory::BRAND);
/// assert!(memory.judge(&offer, returned));
/// ```
pub fn brand_of(gtin: Gtin) -> Option<Address> {
    let bytes = crate::host::read(Read::Product as u32, &crate::bytes::encoded(&gtin))?;
    bytes.first_chunk().map(|brand| Address(*brand))
}

/// A registered party.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::primitives::record::Party;
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let shop = Party { name: "Corner Shop".try_into().unwrap(), locations: Default::default() };
/// let (account, stranger) = (Address([7; 20]), Address([8; 20]));
/// let mut memory = Memory::new();
/// memory.know(Read::Party, &account, &shop);
/// assert_eq!(memory.call(|| party(account)), Some(shop));
/// assert_eq!(memory.call(|| party(stranger)), None, "nobody registered it");
/// ```
pub fn party(account: Address) -> Option<Party> {
    get(Read::Party, &account)
}

/// The party that registered a location.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let (dock, warehouse) = (Gln::new("9506000134352").unwrap(), Address([7; 20]));
/// let mut memory = Memory::new();
/// memory.know(Read::Location, &dock, &warehouse);
/// assert_eq!(memory.call(|| location(dock)), Some(warehouse));
/// ```
pub fn location(gln: Gln) -> Option<Address> {
    get(Read::Location, &gln)
}

/// What an issuer last said of a party under one kind, such as its licence. Whose word counts
/// is the contract's to say: anyone who is registered can issue anything.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// /// A rule's check that the receiver has what an authority gives.
/// fn is_distributor(receiver: Address, authority: Address) -> bool {
///     credential(receiver, authority, "wholesale-distribution")
///         .is_some_and(|credential| credential.valid_at(now()))
/// }
/// # use marque_sdk::native::{Memory, given};
/// let judged = Memory::new().judge(&given::movement(Kind::Offer), |offer| {
///     is_distributor(offer.account(), Address([9; 20]))
/// });
/// assert!(!judged, "nobody has issued a licence");
/// ```
///
/// The kind is spelled as the ledger spells it: small letters, digits and single hyphens; any
/// other text ends the call as a trap.
pub fn credential(subject: Address, issuer: Address, kind: &str) -> Option<Credential> {
    let mut id = crate::buf::Buf::new();
    id.add(&subject.0);
    id.add(&issuer.0);
    crate::bytes::put_sized(kind.as_bytes(), &mut id);
    let bytes = crate::host::read(Read::Credential as u32, &id)?;
    let mut reader = Reader(&bytes);
    // The fields of the ledger's record in their order.
    Some(Credential {
        from: reader.time(),
        until: reader.maybe(Reader::time),
        revoked: reader.maybe(Reader::time),
        number: reader.text().into(),
    })
}

/// A credential: the span in which it holds, and what its issuer knows it by.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let licence = Credential {
///     from: Date::from_ymd(2026, 1, 1).unwrap().start(),
///     until: Date::from_ymd(2026, 12, 31).map(Date::end),
///     revoked: None,
///     number: "WDA(H) 12345".into(),
/// };
/// assert!(licence.valid_at(TimeMs(1_777_622_400_000)), "in May 2026");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credential {
    /// The first moment at which it holds.
    pub from: TimeMs,
    /// The last one; none: until it is revoked.
    pub until: Option<TimeMs>,
    /// From when on it was revoked.
    pub revoked: Option<TimeMs>,
    /// What the issuer knows it by, such as a licence's number.
    pub number: Words,
}

impl Credential {
    /// Whether it holds at a moment.
    ///
    /// ```
    /// use marque_sdk::Credential;
    /// use marque_sdk::prelude::*;
    ///
    /// let licence = Credential {
    ///     from: TimeMs(10),
    ///     until: Some(TimeMs(20)),
    ///     revoked: None,
    ///     number: Words::default(),
    /// };
    /// assert!(licence.valid_at(TimeMs(10)) && licence.valid_at(TimeMs(20)));
    /// assert!(!licence.valid_at(TimeMs(9)) && !licence.valid_at(TimeMs(21)));
    /// let revoked = Credential { revoked: Some(TimeMs(15)), ..licence };
    /// assert!(revoked.valid_at(TimeMs(14)) && !revoked.valid_at(TimeMs(15)));
    /// ```
    pub fn valid_at(&self, time: TimeMs) -> bool {
        self.from <= time && self.end().is_none_or(|end| time <= end)
    }

    /// The last moment at which it holds, or held before it was revoked; none: it has no end.
    ///
    /// ```
    /// # use marque_sdk::Credential;
    /// # use marque_sdk::prelude::*;
    /// # let (from, until, number) = (TimeMs(10), Some(TimeMs(20)), Words::default());
    /// let licence = Credential { from, until, revoked: None, number };
    /// assert_eq!(licence.end(), Some(TimeMs(20)));
    /// let revoked = Credential { revoked: Some(TimeMs(15)), ..licence };
    /// assert_eq!(revoked.end(), Some(TimeMs(14)));
    /// ```
    pub fn end(&self) -> Option<TimeMs> {
        // What is revoked had not ended before.
        let before = |revoked: TimeMs| TimeMs(revoked.0.saturating_sub(1));
        self.revoked.map(before).or(self.until)
    }
}

/// What a unit holds.
///
/// ```
/// use marque_sdk::abi::invocation::Read;
/// use marque_sdk::primitives::record::Contents;
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let pallet = ThingId::Unit(Sscc::from_body(9_506_000_000_000_001).unwrap());
/// let mut memory = Memory::new();
/// memory.know(Read::Contents, &pallet, &Contents { held: 2, height: 1, ..Contents::default() });
/// let held = memory.call(|| contents(&pallet)).map(|inside| inside.held);
/// assert_eq!(held, Some(2), "two cases are held on their own");
/// ```
pub fn contents(unit: &ThingId) -> Option<Contents> {
    get(Read::Contents, unit)
}
