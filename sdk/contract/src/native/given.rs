//! What a test gives a rule: movements, lots and records with nothing in them but what they
//! cannot be without. The test sets the fields that matter to it.

use super::{Memory, stop};
use alloc::vec::Vec;
use marque_abi::movement::{MovedLine, Movement, Part};
use marque_primitives::action::Kind;
use marque_primitives::bounded::List;
use marque_primitives::detail::{
    Detail, Document, Evidence, Fact, FactValue, Facts, OpenEvidence, Sensor,
};
use marque_primitives::gs1::{Gtin, LotNumber, Serial};
use marque_primitives::history::Head;
use marque_primitives::record::{LotRecord, Product, Record, Status};
use marque_primitives::thing::{Line, LotId, Run};
use marque_primitives::{Amount, Decimal, Unit};

/// A movement of this kind: the caller's own, at [`Memory::NOW`], of nothing yet.
///
/// ```
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// let mut offer = given::movement(Kind::Offer);
/// offer.to = Some(Address([7; 20]));
/// let offer = given::read(&offer);
/// assert_eq!((offer.account(), offer.lines().count()), (Memory::CALLER, 0));
/// ```
pub fn movement(kind: Kind) -> Movement {
    Movement {
        kind,
        captured: false,
        account: Memory::CALLER,
        signer: Memory::CALLER,
        from: None,
        to: None,
        what: None,
        parent: None,
        height: Memory::HEIGHT,
        now: Memory::NOW,
        time: Memory::NOW,
        detail: Detail::default(),
        lines: Vec::new(),
    }
}

/// A movement as a rule reads it.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut offer = given::movement(Kind::Offer);
/// offer.detail.step = "shipping".try_into().ok();
/// assert_eq!(given::read(&offer).step(), "shipping");
/// ```
pub fn read(movement: &Movement) -> crate::Movement {
    movement.into()
}

/// Evidence of these facts alone.
///
/// ```
/// use marque_sdk::primitives::detail::FactValue;
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut harvest = given::movement(Kind::Commission);
/// harvest.detail.evidence = given::facts(&[("harvestDate", FactValue::Time(TimeMs(5)))]);
/// assert_eq!(given::read(&harvest).fact("harvestDate"), Some(Fact::Time(TimeMs(5))));
/// ```
///
/// # Panics
/// When a name stands twice, is longer than 64 bytes, or they are more than 64.
pub fn facts(facts: &[(&str, FactValue)]) -> Evidence {
    let named = facts.iter().map(|(name, value)| {
        let name = (*name).try_into().ok()?;
        let value = value.clone();
        Some(Fact { name, value })
    });
    match named.collect::<Option<Vec<Fact>>>().and_then(Facts::new) {
        Some(facts) => Evidence::Open(OpenEvidence {
            facts,
            ..OpenEvidence::default()
        }),
        None => stop("a movement has 64 facts of different names"),
    }
}

/// Evidence of these sensor reports alone.
///
/// ```
/// use marque_sdk::primitives::detail::Sensor;
/// use marque_sdk::{native::given, prelude::*};
///
/// let alarm = Sensor { kind: "Temperature".try_into().unwrap(), alarm: true, ..Sensor::default() };
/// let mut receipt = given::movement(Kind::Accept);
/// receipt.detail.evidence = given::sensors(&[alarm]);
/// assert!(given::read(&receipt).sensors().any(|sensor| sensor.alarm));
/// ```
///
/// # Panics
/// When they are more than 256.
pub fn sensors(reports: &[Sensor]) -> Evidence {
    match List::new(reports.to_vec()) {
        Ok(sensors) => Evidence::Open(OpenEvidence {
            sensors,
            ..OpenEvidence::default()
        }),
        Err(_) => stop("a movement has 256 sensor reports"),
    }
}

/// Evidence of these documents alone: each its CBV type and its URI.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut offer = given::movement(Kind::Offer);
/// offer.detail.evidence = given::documents(&[("po", "urn:x:1"), ("desadv", "urn:x:2")]);
/// assert_eq!(given::read(&offer).documents().count(), 2);
/// ```
///
/// # Panics
/// When one of them is longer than 255 bytes, or they are more than 64.
pub fn documents(documents: &[(&str, &str)]) -> Evidence {
    let named = documents.iter().map(|(kind, id)| {
        let (kind, id) = ((*kind).try_into().ok()?, (*id).try_into().ok()?);
        Some(Document { kind, id })
    });
    let named = named.collect::<Option<Vec<Document>>>();
    match named.and_then(|named| List::new(named).ok()) {
        Some(documents) => Evidence::Open(OpenEvidence {
            documents,
            ..OpenEvidence::default()
        }),
        None => stop("a movement has 64 documents with names of 255 bytes"),
    }
}

/// A lot of the product with this GTIN.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let spinach = given::lot("09506000134352", "L7");
/// assert_eq!(spinach.gtin, Gtin::new("09506000134352").unwrap());
/// assert_eq!(spinach.lot.as_str(), "L7");
/// ```
///
/// # Panics
/// When one of them is none.
pub fn lot(gtin: &str, number: &str) -> LotId {
    match (Gtin::new(gtin), LotNumber::new(number)) {
        (Ok(gtin), Ok(lot)) => LotId { gtin, lot },
        (Err(_), _) => stop("a GTIN has 14 digits, the last its check digit"),
        (_, Err(_)) => stop("a lot number has 1 to 20 characters of GS1's"),
    }
}

/// A line of a lot's items: `count` of them, with serials from `000001` on, which the caller
/// has and owns.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut milk = given::line(&given::lot("09506000134352", "L7"), 12);
/// milk.expiry = Date::from_ymd(2026, 5, 8);
/// let mut offer = given::movement(Kind::Offer);
/// offer.lines = vec![milk];
/// let offer = given::read(&offer);
/// assert!(offer.lines().all(|line| line.count() == Some(12) && line.expiry().is_some()));
/// ```
///
/// # Panics
/// When `count` is 0 or has more than six digits.
pub fn line(lot: &LotId, count: u64) -> MovedLine {
    let line = Line::Product(lot.gtin);
    let first = Serial::from_numeric(6, 1).ok();
    let Some(run) = first.and_then(|first| Run::new(line, first, count)) else {
        stop("a line of items has 1 to 999999 of them")
    };
    MovedLine {
        part: Part::Subject,
        line,
        lot: Some(lot.lot),
        expiry: None,
        run: Some(run),
        within: None,
        amount: Amount::count(count),
        status: Status::Active,
        recalled: false,
        held: Decimal::ZERO,
        custodian: Some(Memory::CALLER),
        owner: Some(Memory::CALLER),
        place: None,
        disposition: None,
        moved: Memory::NOW,
    }
}

/// The record of one item of the brand's, which the caller has and owns.
///
/// ```
/// use marque_sdk::native::{Memory, given};
///
/// let mut stray = given::record();
/// assert_eq!(stray.custodian, Some(Memory::CALLER));
/// (stray.brand, stray.external) = (None, true);
/// assert_ne!(stray, given::record());
/// ```
pub fn record() -> Record {
    Record {
        count: 1,
        brand: Some(Memory::BRAND),
        external: false,
        lot: None,
        expiry: None,
        custodian: Some(Memory::CALLER),
        owner: Some(Memory::CALLER),
        offer: None,
        parent: None,
        owned_with_parent: false,
        is_parent: false,
        place: None,
        disposition: None,
        persistent: List::default(),
        ended: false,
        holders: List::default(),
        cleared: 0,
        recalls: List::default(),
        moved: Memory::NOW,
        seen: Memory::NOW,
        history: Head::EMPTY,
    }
}

/// The record of a lot of the brand's, counted in items.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut lot = given::lot_record();
/// lot.expiry = Date::from_ymd(2026, 5, 8);
/// assert_eq!((lot.status, lot.unit), (Status::Active, Some(Unit::Each)));
/// ```
pub fn lot_record() -> LotRecord {
    LotRecord {
        brand: Some(Memory::BRAND),
        expiry: None,
        unit: Some(Unit::Each),
        status: Status::Active,
        quarantines: 0,
        recalls: List::default(),
        created: Memory::NOW,
        history: Head::EMPTY,
    }
}

/// The record of a product of the brand's that [`Memory::CONTRACT`] rules.
///
/// ```
/// use marque_sdk::native::{Memory, given};
///
/// let watch = given::product();
/// assert_eq!((watch.brand, watch.contract), (Memory::BRAND, Some(Memory::CONTRACT)));
/// ```
pub fn product() -> Product {
    Product {
        brand: Memory::BRAND,
        name: Default::default(),
        contract: Some(Memory::CONTRACT),
        commissioners: List::default(),
        recalls: List::default(),
    }
}
