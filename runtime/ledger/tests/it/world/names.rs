//! Who and what there is in the world.

use marque_primitives::action::{PartyRef, Things};
use marque_primitives::gs1::{Giai, Gln, GraiType, Gtin, LotNumber, Serial, Sscc};
use marque_primitives::thing::{Line, LotId, Run, Thing, ThingId};
use marque_primitives::{Address, Amount, Decimal};

pub const REGISTRAR: Address = Address([1; 20]);
/// Has MILK and CHEESE.
pub const DAIRY: Address = Address([2; 20]);
/// Has PILLS.
pub const PHARMA: Address = Address([3; 20]);
pub const CARRIER: Address = Address([4; 20]);
pub const DEALER: Address = Address([5; 20]);
pub const SHOP: Address = Address([6; 20]);
/// An account that nobody knows.
pub const STRANGER: Address = Address([7; 20]);

pub const DAIRY_PREFIX: &str = "9521234";
pub const PHARMA_PREFIX: &str = "9529876";

/// Ruled by the dairy's puppet.
pub fn milk() -> Gtin {
    Gtin::from_body(952_123_400_001).unwrap()
}

/// The dairy's, without a contract.
pub fn cheese() -> Gtin {
    Gtin::from_body(952_123_400_002).unwrap()
}

/// Ruled by the pharma company's puppet.
pub fn pills() -> Gtin {
    Gtin::from_body(952_987_600_001).unwrap()
}

/// Licensed to the dairy by its prefix, not registered.
pub fn butter() -> Gtin {
    Gtin::from_body(952_123_400_099).unwrap()
}

/// Nobody's.
pub fn foreign() -> Gtin {
    Gtin::from_body(401_234_500_001).unwrap()
}

/// A type of crates of the dairy.
pub fn crates() -> GraiType {
    GraiType::from_body(952_123_400_007).unwrap()
}

pub fn gln(number: u64) -> Gln {
    Gln::from_body(952_123_400_000 + number).unwrap()
}

/// Stands for the dealer.
pub fn dealers_dock() -> Gln {
    gln(51)
}

/// A logistic unit of a prefix that nobody has licensed.
pub fn sscc(number: u64) -> Sscc {
    Sscc::from_body(7_777_777_000_000_000 + number).unwrap()
}

/// A logistic unit of the dairy's prefix.
pub fn dairy_sscc(number: u64) -> Sscc {
    Sscc::from_body(9_521_234_000_000_000 + number).unwrap()
}

pub fn pallet(number: u64) -> ThingId {
    ThingId::Unit(sscc(number))
}

/// An asset whose key begins with the dairy's prefix.
pub fn tank(number: u64) -> Giai {
    Giai::new(&format!("{DAIRY_PREFIX}T{number}")).unwrap()
}

pub fn serial(text: &str) -> Serial {
    Serial::new(text).unwrap()
}

pub fn lot_number(text: &str) -> LotNumber {
    LotNumber::new(text).unwrap()
}

pub fn lot(gtin: Gtin, text: &str) -> LotId {
    LotId {
        gtin,
        lot: lot_number(text),
    }
}

pub fn item(gtin: Gtin, text: &str) -> ThingId {
    ThingId::Item {
        line: Line::Product(gtin),
        serial: serial(text),
    }
}

/// `count` serials of six digits from `from`.
pub fn run(gtin: Gtin, from: u64, count: u64) -> Thing {
    run_of(Line::Product(gtin), &format!("{from:06}"), count)
}

pub fn run_of(line: Line, from: &str, count: u64) -> Thing {
    Thing::Run {
        run: Run::new(line, serial(from), count).unwrap(),
        lot: None,
    }
}

/// One serial of six digits.
pub fn one(gtin: Gtin, number: u64) -> ThingId {
    item(gtin, &format!("{number:06}"))
}

/// So many things of a lot.
pub fn pieces(gtin: Gtin, lot_text: &str, count: u64) -> Thing {
    Thing::Lot {
        id: lot(gtin, lot_text),
        amount: Amount::count(count),
    }
}

/// A quantity of a lot in a unit of measure.
pub fn measured(gtin: Gtin, lot_text: &str, value: &str, unit: &str) -> Thing {
    Thing::Lot {
        id: lot(gtin, lot_text),
        amount: Amount::new(value.parse().unwrap(), Some(unit)).unwrap(),
    }
}

pub fn whole(number: u64) -> Decimal {
    Decimal::from_integer(number)
}

/// What an action names: things and ids alike.
pub fn things<T: Into<Thing>>(named: impl IntoIterator<Item = T>) -> Things {
    let things: Vec<Thing> = named.into_iter().map(Into::into).collect();
    things.try_into().unwrap()
}

pub fn account(address: Address) -> PartyRef {
    PartyRef::Account(address)
}
