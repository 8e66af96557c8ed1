//! A movement's lines, read where they lie.

use super::{Movement, Quantity, decoded};
use crate::bytes::{MAYBE, PLACE, Reader, SHORT, THING, foreign};
use marque_abi::movement::Part;
use marque_primitives::date::Date;
use marque_primitives::detail::Place;
use marque_primitives::gs1::{Gtin, LotNumber};
use marque_primitives::record::Status;
use marque_primitives::thing::{LotId, Run, ThingId};
use marque_primitives::{Address, Decimal, TimeMs};

/// Things of one product, lot and state that move together: a run of items, a quantity of
/// a lot, or what a unit holds of them; see [`marque_abi::movement::MovedLine`].
#[derive(Clone, Copy, Debug)]
pub struct Line<'m> {
    index: u32,
    part: Part,
    /// The product or asset type: a tag and its number.
    product: (u8, u64),
    lot: Option<&'m [u8]>,
    expiry: Option<Date>,
    run: Option<(&'m [u8], u64)>,
    within: &'m [u8],
    value: Decimal,
    amount: &'m [u8],
    status: Status,
    recalled: bool,
    held: Decimal,
    custodian: Option<Address>,
    owner: Option<Address>,
    place: &'m [u8],
    disposition: &'m str,
    moved: TimeMs,
}

fn read<'m>(index: u32, reader: &mut Reader<'m>) -> Line<'m> {
    let part = match reader.byte() {
        0 => Part::Subject,
        1 => Part::Input,
        2 => Part::Output,
        _ => foreign(),
    };
    let product = (reader.byte(), reader.long());
    let lot = reader.maybe(Reader::short);
    let expiry = reader.maybe(|reader| decoded(Reader(reader.take(4))));
    let run = reader.maybe(|reader| {
        let mut count = 0;
        let span = reader.span(|reader| {
            reader.pass(&[9, SHORT]);
            count = reader.long();
        });
        (span, count)
    });
    let within = reader.span(|reader| reader.pass(&[MAYBE, THING]));
    let mut value = Decimal::ZERO;
    let amount = reader.span(|reader| {
        value = reader.decimal();
        reader.skip_unit();
    });
    Line {
        index,
        part,
        product,
        lot,
        expiry,
        run,
        within,
        value,
        amount,
        status: match reader.byte() {
            0 => Status::Active,
            1 => Status::Quarantined,
            2 => Status::Ended,
            _ => foreign(),
        },
        recalled: reader.byte() != 0,
        held: reader.decimal(),
        custodian: reader.maybe(Reader::address),
        owner: reader.maybe(Reader::address),
        place: reader.span(|reader| reader.pass(&[MAYBE, PLACE])),
        disposition: reader.maybe(Reader::text).unwrap_or_default(),
        moved: reader.time(),
    }
}

impl Line<'_> {
    /// Which of the movement's lines, from 0.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Its part in the movement.
    pub fn part(&self) -> Part {
        self.part
    }

    /// The product; `None` for returnable assets.
    pub fn product(&self) -> Option<Gtin> {
        let (tag, number) = self.product;
        Gtin::try_u64(number).filter(|_| tag == 0)
    }

    /// The lot of the product.
    pub fn lot(&self) -> Option<LotId> {
        Some(LotId {
            gtin: self.product()?,
            lot: LotNumber::try_bytes(self.lot?)?,
        })
    }

    /// The lot's number alone; empty if it has none.
    pub fn lot_number(&self) -> &str {
        crate::host::trusted(self.lot.unwrap_or_default())
    }

    /// Whether it has a lot.
    pub fn has_lot(&self) -> bool {
        self.lot.is_some()
    }

    /// Whether both are of one lot of one product.
    pub fn same_lot(&self, other: &Line<'_>) -> bool {
        self.lot.is_some() && self.lot == other.lot && self.product == other.product
    }

    /// The last good day.
    pub fn expiry(&self) -> Option<Date> {
        self.expiry
    }

    /// The serials, where items are named themselves.
    pub fn run(&self) -> Option<Run> {
        self.run.map(|(run, _)| decoded(Reader(run)))
    }

    /// How many items, where they are named themselves.
    pub fn count(&self) -> Option<u64> {
        self.run.map(|(_, count)| count)
    }

    /// The unit in which they move, where a unit is named.
    pub fn within(&self) -> Option<ThingId> {
        decoded(Reader(self.within))
    }

    /// How many or how much, with the unit.
    pub fn quantity(&self) -> Quantity {
        Quantity::of(self.amount)
    }

    /// How many or how much, in its base unit.
    pub fn value(&self) -> Decimal {
        self.value
    }

    /// The worst of its own and its lot's status.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Whether a recall of it is open.
    pub fn recalled(&self) -> bool {
        self.recalled
    }

    /// In a unit: how many are held on their own.
    pub fn held(&self) -> Decimal {
        self.held
    }

    /// Who has it.
    pub fn custodian(&self) -> Option<Address> {
        self.custodian
    }

    /// Who owns it.
    pub fn owner(&self) -> Option<Address> {
        self.owner
    }

    /// Where it was last said to be.
    pub fn place(&self) -> Option<Place> {
        decoded(Reader(self.place))
    }

    /// Whether it was last said to be where the movement was seen: far less code than comparing
    /// [`place`](Self::place) with the movement's.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// fn moved_elsewhere(movement: &Movement) -> bool {
    ///     movement.has_place() && movement.lines().any(|line| !line.is_at(movement))
    /// }
    /// ```
    pub fn is_at(&self, movement: &Movement) -> bool {
        // One encoding of a place, absent being one zero byte, and each value has one spelling.
        self.place.len() > 1 && self.place == movement.place_bytes()
    }

    /// Its CBV disposition before; empty if none is known.
    pub fn disposition(&self) -> &str {
        self.disposition
    }

    /// When its custody last changed; for what ended, when it did.
    pub fn moved(&self) -> TimeMs {
        self.moved
    }
}

/// The lines of a movement.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'m> {
    reader: Reader<'m>,
    next: u32,
    count: u32,
}

impl<'m> Lines<'m> {
    pub(super) fn new(mut reader: Reader<'m>) -> Self {
        let count = u32::try_from(reader.len()).unwrap_or(u32::MAX);
        Self {
            reader,
            next: 0,
            count,
        }
    }

    /// How many lines in all.
    pub fn count_all(&self) -> u32 {
        self.count
    }
}

impl<'m> Iterator for Lines<'m> {
    type Item = Line<'m>;

    fn next(&mut self) -> Option<Line<'m>> {
        let index = self.next;
        (index < self.count).then(|| {
            self.next = index.saturating_add(1);
            read(index, &mut self.reader)
        })
    }
}
