//! Movements with everything in them, from a seed.

use marque_sdk::abi::movement::{MovedLine, Movement, Part};
use marque_sdk::primitives::action::{Kind, Right};
use marque_sdk::primitives::bounded::{List, Text};
use marque_sdk::primitives::date::Date;
use marque_sdk::primitives::detail::{
    Detail, Document, Evidence, Fact, FactValue, Facts, OpenEvidence, Place, Sensor,
};
use marque_sdk::primitives::gs1::{
    Giai, Gln, GlnExtension, GraiType, Gtin, LotNumber, Serial, Sscc,
};
use marque_sdk::primitives::record::Status;
use marque_sdk::primitives::thing::{Line, Run, ThingId};
use marque_sdk::primitives::{Address, Amount, Decimal, Hash, Height, TimeMs, Unit};

/// splitmix64.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }

    fn address(&mut self) -> Address {
        Address(core::array::from_fn(|_| self.next() as u8))
    }

    pub fn words<const N: usize>(&mut self, max: u64) -> Text<N> {
        let len = self.below(max.min(N as u64 / 4) + 1);
        let text: String = (0..len)
            .map(|_| self.pick(&['a', 'Z', '0', ' ', 'ž', '馬', '🐴']))
            .collect();
        Text::new(text).unwrap()
    }

    fn decimal(&mut self) -> Decimal {
        Decimal(i128::from(self.next() as i64) * 1_000_003)
    }

    fn time(&mut self) -> TimeMs {
        TimeMs(self.next())
    }

    fn list<T, const N: usize>(
        &mut self,
        max: u64,
        mut make: impl FnMut(&mut Self) -> T,
    ) -> List<T, N> {
        let len = self.below(max + 1);
        List::new((0..len).map(|_| make(self)).collect()).unwrap()
    }

    fn serial(&mut self) -> Serial {
        let serials = ["1", "000001", "A-1", "99999999999999999999", "x%y"];
        Serial::new(serials[self.below(5) as usize]).unwrap()
    }

    fn place(&mut self) -> Place {
        if self.below(3) == 0 {
            return Place::Uri(self.words(60));
        }
        Place::Gln {
            gln: Gln::from_body(self.below(1_000_000_000_000)).unwrap(),
            extension: self.maybe(|rng| GlnExtension::new(rng.pick(&["1", "dock-7"])).unwrap()),
        }
    }

    fn gtin(&mut self) -> Gtin {
        Gtin::from_body(self.below(10_000_000_000_000)).unwrap()
    }

    fn product_line(&mut self) -> Line {
        if self.below(4) == 0 {
            Line::Returnable(GraiType::from_body(self.below(1_000_000_000_000)).unwrap())
        } else {
            Line::Product(self.gtin())
        }
    }

    fn thing_id(&mut self) -> ThingId {
        match self.below(4) {
            0 => ThingId::Item {
                line: self.product_line(),
                serial: self.serial(),
            },
            1 => ThingId::Asset(Giai::new("9506000Asset").unwrap()),
            2 => ThingId::Unit(Sscc::from_body(self.below(100_000_000_000_000_000)).unwrap()),
            _ => ThingId::Opaque(self.words(60)),
        }
    }
}

fn fact(rng: &mut Rng, at: u64) -> Fact {
    let value = match rng.below(4) {
        0 => FactValue::Text(rng.words(200)),
        1 => FactValue::Id(rng.words(50)),
        2 => FactValue::Time(rng.time()),
        _ => FactValue::Decimal {
            value: rng.decimal(),
            unit: rng.maybe(|rng| rng.words(4)),
        },
    };
    Fact {
        name: Text::new(format!("fact{at}")).unwrap(),
        value,
    }
}

fn sensor(rng: &mut Rng) -> Sensor {
    Sensor {
        kind: rng
            .pick(&[
                "Temperature",
                "gs1:Temperature",
                "https://gs1.org/voc/Humidity",
                "",
            ])
            .try_into()
            .unwrap(),
        unit: rng.maybe(|rng| rng.words(4)),
        min: rng.maybe(Rng::decimal),
        max: rng.maybe(Rng::decimal),
        mean: rng.maybe(Rng::decimal),
        value: rng.maybe(Rng::decimal),
        from: rng.maybe(Rng::time),
        to: rng.maybe(Rng::time),
        alarm: rng.below(2) == 0,
    }
}

fn evidence(rng: &mut Rng) -> Evidence {
    if rng.below(5) == 0 {
        return Evidence::Commitment(Hash([7; 32]));
    }
    let facts = rng.below(9);
    Evidence::Open(OpenEvidence {
        facts: Facts::new((0..facts).map(|at| fact(rng, at)).collect()).unwrap(),
        sensors: rng.list(5, sensor),
        documents: rng.list(64, |rng| Document {
            kind: rng.words(8),
            id: rng.words(40),
        }),
        rest: marque_sdk::primitives::bounded::Bytes::new(vec![1; rng.below(300) as usize])
            .unwrap(),
    })
}

pub fn line(rng: &mut Rng) -> MovedLine {
    let line = rng.product_line();
    MovedLine {
        part: rng.pick(&[Part::Subject, Part::Input, Part::Output]),
        line,
        lot: rng
            .maybe(|rng| LotNumber::new(rng.pick(&["L7", "A", "12345678901234567890"])).unwrap()),
        expiry: rng.maybe(|rng| Date::of(TimeMs(rng.below(u64::from(u32::MAX)) * 1000))),
        run: rng.maybe(|rng| {
            let first = Serial::from_numeric(6, u128::from(rng.below(1000))).unwrap();
            Run::new(line, first, 1 + rng.below(500)).unwrap()
        }),
        within: rng.maybe(Rng::thing_id),
        amount: Amount {
            value: rng.decimal(),
            unit: rng.pick(&[
                Unit::Each,
                Unit::Gram,
                Unit::Millilitre,
                Unit::Other("CS".try_into().unwrap()),
            ]),
        },
        status: rng.pick(&[Status::Active, Status::Quarantined, Status::Ended]),
        recalled: rng.below(2) == 0,
        held: rng.decimal(),
        custodian: rng.maybe(Rng::address),
        owner: rng.maybe(Rng::address),
        place: rng.maybe(Rng::place),
        disposition: rng.maybe(|rng| rng.words(30)),
        moved: rng.time(),
    }
}

pub fn movement(seed: u64) -> Movement {
    let rng = &mut Rng(seed);
    Movement {
        kind: rng.pick(&Kind::ALL),
        captured: rng.below(2) == 0,
        account: rng.address(),
        signer: rng.address(),
        from: rng.maybe(Rng::address),
        to: rng.maybe(Rng::address),
        what: rng.maybe(|rng| rng.pick(&[Right::Possession, Right::Ownership, Right::Both])),
        parent: rng.maybe(Rng::thing_id),
        height: Height(rng.next()),
        now: rng.time(),
        time: rng.time(),
        detail: Detail {
            time: rng.maybe(Rng::time),
            offset: rng.maybe(|rng| rng.next() as i16),
            place: rng.maybe(Rng::place),
            location: rng.maybe(Rng::place),
            step: rng.maybe(|rng| rng.words(20)),
            disposition: rng.maybe(|rng| rng.words(20)),
            set: rng.list(4, |rng| rng.words(20)),
            unset: rng.list(4, |rng| rng.words(20)),
            evidence: evidence(rng),
        },
        lines: (0..rng.below(70)).map(|_| line(rng)).collect(),
    }
}
