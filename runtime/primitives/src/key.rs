//! Keys of the state's leaves.
//!
//! The first byte is the kind of leaf ([`Space`]). Numbers are big-endian, so that
//! neighbours in the world are neighbours in the store: a product's items stand together,
//! in order of their serials. A serial's key is its class (how many digits, or text) and
//! then its value: "1" and "000001" differ.

use crate::Address;
use crate::action::{LicenceKey, OfferId, RecallId, Right};
use crate::credential::CredentialKind;
use crate::gs1::{CompanyPrefix, Giai, Gln, GraiType, Gtin, LotNumber, Serial, Sscc};
use crate::hash::Hash;
use crate::record::{Holding, OnOffer};
use crate::thing::{Line, LotId, Run, Thing, ThingId, Uri};
use crate::{Lane, Position};
use alloc::vec::Vec;
use parity_scale_codec::Encode;

/// The kinds of leaves, by the first byte of their keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Space {
    /// What genesis fixed.
    Parameters = 0x01,
    /// The ledger's counters.
    Counters = 0x02,
    /// Keys of accounts.
    AccountKey = 0x10,
    /// Next nonces.
    Nonce = 0x11,
    /// Parties by account.
    Party = 0x12,
    /// Parties by location.
    Location = 0x13,
    /// Licences of prefixes.
    LicencePrefix = 0x14,
    /// Licences of single keys.
    LicenceKey = 0x15,
    /// Grants to observers.
    Observer = 0x16,
    /// What accounts used of their quotas.
    Usage = 0x17,
    /// Credentials by subject, issuer and kind.
    Credential = 0x18,
    /// Products.
    Product = 0x20,
    /// Lots.
    Lot = 0x21,
    /// Records of serialised things.
    Record = 0x22,
    /// Balances of lots.
    Balance = 0x23,
    /// Contents summaries.
    Contents = 0x24,
    /// Children by parent.
    Child = 0x25,
    /// Open offers.
    Offer = 0x26,
    /// Claims that wait for an offer.
    Claim = 0x27,
    /// Recalls.
    Recall = 0x28,
    /// Acknowledgements of recalls.
    Acknowledgement = 0x29,
    /// Associations by anchor.
    Association = 0x2a,
    /// Transformations that lack a side.
    Transformation = 0x2b,
    /// Recorded events by hash and account.
    Event = 0x30,
    /// Recorded events' ids, by account.
    EventId = 0x31,
    /// Contracts.
    Contract = 0x40,
    /// Contracts' code.
    Code = 0x41,
    /// Contracts' storage.
    Storage = 0x42,
}

/// Serial class of text; numeric serials have their number of digits.
const TEXT: u8 = 0xff;
const PRODUCT: u8 = 0;
const RETURNABLE: u8 = 1;
const ASSET: u8 = 2;
const UNIT: u8 = 3;
const OPAQUE: u8 = 4;

fn key(space: Space, parts: &[&[u8]]) -> Vec<u8> {
    let len = parts
        .iter()
        .map(|part| part.len())
        .fold(1, usize::saturating_add);
    let mut key = Vec::with_capacity(len);
    key.push(space as u8);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// What genesis fixed.
pub fn parameters() -> Vec<u8> {
    key(Space::Parameters, &[])
}

/// The ledger's counters.
pub fn counters() -> Vec<u8> {
    key(Space::Counters, &[])
}

/// A key of an account.
pub fn account_key(account: &Address, signer: &Address) -> Vec<u8> {
    key(Space::AccountKey, &[&account.0, &signer.0])
}

/// The next nonce of a key's lane for an account.
pub fn nonce(account: &Address, signer: &Address, lane: Lane) -> Vec<u8> {
    key(Space::Nonce, &[&account.0, &signer.0, &[lane.0]])
}

/// What an account used of its quota; `None`: what all accounts used that share one.
pub fn usage(account: Option<&Address>) -> Vec<u8> {
    key(
        Space::Usage,
        &[account.map_or(&[][..], |account| &account.0)],
    )
}

/// A party.
pub fn party(account: &Address) -> Vec<u8> {
    key(Space::Party, &[&account.0])
}

/// The party behind a GLN or PGLN.
pub fn location(gln: &Gln) -> Vec<u8> {
    key(Space::Location, &[&gln.as_u64().to_be_bytes()])
}

/// A licence.
pub fn licence(licensed: &LicenceKey) -> Vec<u8> {
    match licensed {
        LicenceKey::Prefix(prefix) => licence_prefix(*prefix),
        LicenceKey::Product(gtin) => key(
            Space::LicenceKey,
            &[&[PRODUCT], &gtin.as_u64().to_be_bytes()],
        ),
        LicenceKey::Returnable(grai) => key(
            Space::LicenceKey,
            &[&[RETURNABLE], &grai.as_u64().to_be_bytes()],
        ),
        LicenceKey::Asset(giai) => key(Space::LicenceKey, &[&[ASSET], giai.as_bytes()]),
    }
}

/// A licence of a prefix: its digits as text, so that a prefix stands before what it begins.
pub fn licence_prefix(prefix: CompanyPrefix) -> Vec<u8> {
    key(
        Space::LicencePrefix,
        &[alloc::string::ToString::to_string(&prefix).as_bytes()],
    )
}

/// A grant to an observer: by a holder of all that it has, or by a brand for a product.
pub fn observer(grantor: &Address, gtin: Option<Gtin>, observer: &Address) -> Vec<u8> {
    let product = gtin.map_or(0, Gtin::as_u64).to_be_bytes();
    key(Space::Observer, &[&grantor.0, &product, &observer.0])
}

/// All credentials of a party begin with this, and those of one issuer stand together.
pub fn credentials(subject: &Address, issuer: Option<&Address>) -> Vec<u8> {
    let issuer = issuer.map_or(&[][..], |issuer| &issuer.0);
    key(Space::Credential, &[&subject.0, issuer])
}

/// What an issuer says of a party, under one kind.
pub fn credential(subject: &Address, issuer: &Address, kind: &CredentialKind) -> Vec<u8> {
    key(Space::Credential, &[&subject.0, &issuer.0, kind.as_bytes()])
}

/// Issuer and kind of the credential whose key this is.
pub fn parse_credential(key: &[u8]) -> Option<(Address, CredentialKind)> {
    let rest = key.strip_prefix(&[Space::Credential as u8])?;
    let (_, rest) = rest.split_first_chunk::<20>()?;
    let (issuer, kind) = rest.split_first_chunk::<20>()?;
    let kind = CredentialKind::new(core::str::from_utf8(kind).ok()?).ok()?;
    Some((Address(*issuer), kind))
}

/// A product.
pub fn product(gtin: Gtin) -> Vec<u8> {
    key(Space::Product, &[&gtin.as_u64().to_be_bytes()])
}

/// A lot.
pub fn lot(id: &LotId) -> Vec<u8> {
    key(
        Space::Lot,
        &[&id.gtin.as_u64().to_be_bytes(), id.lot.as_bytes()],
    )
}

/// The line's part of a record's key: all items of a product begin with it.
pub fn line(line: Line) -> Vec<u8> {
    let (tag, number) = match line {
        Line::Product(gtin) => (PRODUCT, gtin.as_u64()),
        Line::Returnable(grai) => (RETURNABLE, grai.as_u64()),
    };
    key(Space::Record, &[&[tag], &number.to_be_bytes()])
}

/// The line and serial class: serials that can stand in one run begin with it.
pub fn serial_class(on: Line, serial: &Serial) -> Vec<u8> {
    let mut key = line(on);
    key.push(serial.numeric().map_or(TEXT, |(digits, _)| digits));
    key
}

/// A record: of the run that begins with this item, or of the asset, unit or thing.
pub fn record(id: &ThingId) -> Vec<u8> {
    match id {
        ThingId::Item { line, serial } => item(*line, serial),
        ThingId::Asset(giai) => key(Space::Record, &[&[ASSET], giai.as_bytes()]),
        ThingId::Unit(sscc) => key(Space::Record, &[&[UNIT], &sscc.as_u64().to_be_bytes()]),
        ThingId::Opaque(uri) => key(Space::Record, &[&[OPAQUE], uri.as_bytes()]),
    }
}

/// An item's place among the records of its line.
pub fn item(on: Line, serial: &Serial) -> Vec<u8> {
    let mut key = serial_class(on, serial);
    match serial.numeric() {
        Some((_, value)) => key.extend_from_slice(&value.to_be_bytes()),
        None => key.extend_from_slice(serial.as_bytes()),
    }
    key
}

/// The thing whose record's key this is: the first of a run.
pub fn parse_record(key: &[u8]) -> Option<ThingId> {
    let (space, rest) = key.split_first()?;
    if *space != Space::Record as u8 {
        return None;
    }
    let (tag, rest) = rest.split_first()?;
    let text = |bytes| core::str::from_utf8(bytes).ok();
    match *tag {
        PRODUCT | RETURNABLE => {
            let (number, rest) = rest.split_first_chunk::<8>()?;
            let number = u64::from_be_bytes(*number);
            let line = if *tag == PRODUCT {
                Line::Product(Gtin::from_u64(number).ok()?)
            } else {
                Line::Returnable(GraiType::from_u64(number).ok()?)
            };
            let (class, value) = rest.split_first()?;
            let serial = if *class == TEXT {
                Serial::new(text(value)?).ok()?
            } else {
                Serial::from_numeric(*class, u128::from_be_bytes(value.try_into().ok()?)).ok()?
            };
            Some(ThingId::Item { line, serial })
        }
        ASSET => Giai::new(text(rest)?).ok().map(ThingId::Asset),
        UNIT => Sscc::from_u64(u64::from_be_bytes(rest.try_into().ok()?))
            .ok()
            .map(ThingId::Unit),
        OPAQUE => Uri::new(text(rest)?).ok().map(ThingId::Opaque),
        _ => None,
    }
}

/// The thing that a record stands for: a run of `count` from the key's serial on.
pub fn record_thing(key: &[u8], count: u64) -> Option<Thing> {
    match parse_record(key)? {
        ThingId::Item { line, serial } => Some(Thing::Run {
            run: Run::new(line, serial, count)?,
            lot: None,
        }),
        other => Some(other.into()),
    }
}

/// All balances of a lot begin with this.
pub fn balances(id: &LotId) -> Vec<u8> {
    let lot = id.lot.as_bytes();
    // A lot number has at most 20 bytes.
    let len = u8::try_from(lot.len()).unwrap_or(u8::MAX);
    key(
        Space::Balance,
        &[&id.gtin.as_u64().to_be_bytes(), &[len], lot],
    )
}

/// A balance: its whole holding, what is packed apart from what is not.
pub fn balance(id: &LotId, holding: &Holding) -> Vec<u8> {
    let mut key = balances(id);
    key.push(u8::from(holding.parent.is_some()));
    holding.encode_to(&mut key);
    key
}

/// What of a lot is on no offer and in one hand begins with this.
pub fn balances_of(id: &LotId, packed: bool, custodian: Option<Address>) -> Vec<u8> {
    let mut key = balances(id);
    key.push(u8::from(packed));
    (None::<OnOffer>, custodian).encode_to(&mut key);
    key
}

/// What of a lot is on offer, to one party if it is named, begins with this.
pub fn balances_on_offer(id: &LotId, to: Option<&Address>) -> Vec<u8> {
    let mut key = balances(id);
    // Not packed, and how an offer that is there begins.
    key.extend_from_slice(&[0, 1]);
    key.extend(to.into_iter().flat_map(|to| to.0));
    key
}

/// The lot whose balance's key this is.
pub fn parse_balance(key: &[u8]) -> Option<LotId> {
    let rest = key.strip_prefix(&[Space::Balance as u8])?;
    let (gtin, rest) = rest.split_first_chunk::<8>()?;
    let (len, rest) = rest.split_first()?;
    let lot = core::str::from_utf8(rest.get(..usize::from(*len))?).ok()?;
    Some(LotId {
        gtin: Gtin::from_u64(u64::from_be_bytes(*gtin)).ok()?,
        lot: LotNumber::new(lot).ok()?,
    })
}

/// A contents summary.
pub fn contents(parent: &ThingId) -> Vec<u8> {
    key(Space::Contents, &[&record(parent)])
}

/// All children of a parent begin with this.
pub fn children(parent: &ThingId) -> Vec<u8> {
    under(Space::Child, &record(parent))
}

/// A child within its parent, by the key of its own record or balance.
pub fn child(parent: &ThingId, own: &[u8]) -> Vec<u8> {
    let mut key = children(parent);
    key.extend_from_slice(own);
    key
}

/// A key that others stand under: its length first, so that no key begins another.
fn under(space: Space, owner: &[u8]) -> Vec<u8> {
    // Keys of records have at most 257 bytes.
    let len = u16::try_from(owner.len()).unwrap_or(u16::MAX);
    key(space, &[&len.to_be_bytes(), owner])
}

/// An open offer.
pub fn offer(id: OfferId) -> Vec<u8> {
    key(Space::Offer, &[&id.0.to_be_bytes()])
}

/// A party's claims on serialised things begin with this, and the key of the first thing's
/// record follows. What goes with possession stands apart from ownership alone.
pub fn claims(by: &Address, what: Right) -> Vec<u8> {
    key(Space::Claim, &[&by.0, &[u8::from(what.possession())]])
}

/// A party's claims on quantities of a lot begin with this.
pub fn lot_claims(by: &Address, what: Right, id: &LotId) -> Vec<u8> {
    let mut key = claims(by, what);
    key.extend_from_slice(&balances(id));
    key
}

/// A claim on a quantity of a lot, by the event that made it.
pub fn lot_claim(claims: &[u8], event: Position) -> Vec<u8> {
    let mut key = claims.to_vec();
    key.extend_from_slice(&event.0.to_be_bytes());
    key
}

/// A recall.
pub fn recall(id: RecallId) -> Vec<u8> {
    key(Space::Recall, &[&id.0.to_be_bytes()])
}

/// A holder's acknowledgement of a recall.
pub fn acknowledgement(id: RecallId, by: &Address) -> Vec<u8> {
    key(Space::Acknowledgement, &[&id.0.to_be_bytes(), &by.0])
}

/// All associations of an anchor begin with this.
pub fn associations(anchor: &crate::action::Anchor) -> Vec<u8> {
    under(Space::Association, &anchor.encode())
}

/// A quantity of a lot that hangs on an anchor, by the account that attached it.
pub fn lot_association(associations: &[u8], id: &LotId, account: &Address) -> Vec<u8> {
    let mut key = associations.to_vec();
    key.extend_from_slice(&balances(id));
    key.extend_from_slice(&account.0);
    key
}

/// A transformation that lacks a side, by its id and the account that reports it: an id is
/// what a document says, so that it binds nobody else.
pub fn transformation(id: &Uri, account: &Address) -> Vec<u8> {
    let mut key = under(Space::Transformation, id.as_bytes());
    key.extend_from_slice(&account.0);
    key
}

/// All accounts' events of a hash begin with this.
pub fn events(hash: &Hash) -> Vec<u8> {
    key(Space::Event, &[&hash.0])
}

/// A recorded event by its hash and the account that recorded it: a hash is what a document
/// says of itself, so that it binds nobody else.
pub fn event(hash: &Hash, account: &Address) -> Vec<u8> {
    key(Space::Event, &[&hash.0, &account.0])
}

/// All accounts' events of an id begin with this.
pub fn event_ids(id: &Uri) -> Vec<u8> {
    under(Space::EventId, id.as_bytes())
}

/// The hash of the event to which an account gave an id.
pub fn event_id(id: &Uri, account: &Address) -> Vec<u8> {
    let mut key = event_ids(id);
    key.extend_from_slice(&account.0);
    key
}

/// A contract.
pub fn contract(address: &Address) -> Vec<u8> {
    key(Space::Contract, &[&address.0])
}

/// A contract's code by its Keccak-256.
pub fn code(hash: &Hash) -> Vec<u8> {
    key(Space::Code, &[&hash.0])
}

/// A contract's storage.
pub fn storage(address: &Address, own: &[u8]) -> Vec<u8> {
    key(Space::Storage, &[&address.0, own])
}
