//! One value of each encoded type, every field filled.

pub mod actions;
pub mod history;
pub mod state;

use marque_primitives::gs1::{Gln, GlnExtension, Gtin, LotNumber, Serial, Sscc};
use marque_primitives::thing::{Line, LotId, Run, Thing, ThingId};
use marque_primitives::{Address, Hash, List, Text};

pub fn address(byte: u8) -> Address {
    Address([byte; 20])
}

pub fn hash(byte: u8) -> Hash {
    Hash([byte; 32])
}

pub fn gtin() -> Gtin {
    Gtin::new("09506000134352").unwrap()
}

pub fn gln() -> Gln {
    Gln::new("9506000134376").unwrap()
}

pub fn extension() -> GlnExtension {
    GlnExtension::new("D3").unwrap()
}

pub fn lot_number() -> LotNumber {
    LotNumber::new("B/7").unwrap()
}

pub fn lot() -> LotId {
    LotId {
        gtin: gtin(),
        lot: lot_number(),
    }
}

pub fn serial(text: &str) -> Serial {
    Serial::new(text).unwrap()
}

pub fn item() -> ThingId {
    ThingId::Item {
        line: Line::Product(gtin()),
        serial: serial("A1"),
    }
}

pub fn unit() -> ThingId {
    ThingId::Unit(Sscc::new("095060001343500019").unwrap())
}

pub fn range() -> Thing {
    let run = Run::new(Line::Product(gtin()), serial("000001"), 10_000).unwrap();
    Thing::Run {
        run,
        lot: Some(lot_number()),
    }
}

pub fn text<const N: usize>(text: &str) -> Text<N> {
    Text::new(text).unwrap()
}

pub fn list<T, const N: usize>(items: Vec<T>) -> List<T, N> {
    List::new(items).unwrap()
}
