//! A movement's lines, read where they lie.

use super::{Movement, Quantity, decoded};
use crate::bytes::{MAYBE, PLACE, Reader, SHORT, THING, foreign};
use marque_abi::movement::Part;
use marque_primitives::date::Date;
use marque_primitives::detail::Place;
use marque_primitives::gs1::{Gtin, LotNumber, Serial};
use marque_primitives::record::Status;
use marque_primitives::thing::{LotId, Run, ThingId};
use marque_primitives::{Address, Decimal, TimeMs};

/// Things of one product, lot and state that move together: a run of items, a quantity of
/// a lot, or what a unit holds of them; see [`marque_abi::movement::MovedLine`].
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// /// What can be sold: neither held nor recalled, and good for a week more.
/// fn sells(line: &Line<'_>, now: TimeMs) -> bool {
///     let week = now.plus(7 * 24 * 60 * 60 * 1000);
///     line.status() == Status::Active
///         && !line.recalled()
///         && line.expiry().is_none_or(|day| day.end() >= week)
/// }
/// let mut milk = given::line(&given::lot("09506000134352", "L7"), 12);
/// milk.expiry = Date::from_ymd(2026, 5, 20);
/// let mut offer = given::movement(Kind::Offer);
/// offer.lines = vec![milk];
/// let offer = given::read(&offer);
/// assert!(offer.lines().all(|line| sells(&line, offer.now())));
/// assert!(!offer.lines().any(|line| sells(&line, Date::from_ymd(2026, 5, 14).unwrap().start())));
/// ```
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
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let lot = given::lot("09506000134352", "L7");
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&lot, 12), given::line(&lot, 30)];
    /// let offer = given::read(&offer);
    /// let large = offer.lines().find(|line| line.count() > Some(20));
    /// assert_eq!(large.map(|line| line.index()), Some(1));
    /// ```
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Its part in the movement.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut salad = given::movement(Kind::Transform);
    /// salad.lines = ["L7", "L8"].map(|lot| given::line(&given::lot("09506000134352", lot), 1)).into();
    /// salad.lines[0].part = Part::Input;
    /// salad.lines[1].part = Part::Output;
    /// let salad = given::read(&salad);
    /// let made = salad.lines().find(|line| line.part() == Part::Output);
    /// assert_eq!(made.unwrap().lot_number(), "L8");
    /// ```
    pub fn part(&self) -> Part {
        self.part
    }

    /// The product; `None` for returnable assets.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let spinach = given::lot("09506000134352", "L7");
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&spinach, 12)];
    /// let offer = given::read(&offer);
    /// assert!(offer.lines().all(|line| line.product() == Some(spinach.gtin)));
    /// assert_eq!(offer.lines().count(), 1);
    /// ```
    pub fn product(&self) -> Option<Gtin> {
        let (tag, number) = self.product;
        Gtin::try_u64(number).filter(|_| tag == 0)
    }

    /// The lot of the product.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let spinach = given::lot("09506000134352", "L7");
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&spinach, 12)];
    /// let lots: Vec<LotId> = given::read(&offer).lines().filter_map(|line| line.lot()).collect();
    /// assert_eq!(lots, [spinach]);
    /// ```
    pub fn lot(&self) -> Option<LotId> {
        Some(LotId {
            gtin: self.product()?,
            lot: LotNumber::try_bytes(self.lot?)?,
        })
    }

    /// The lot's number alone; empty if it has none.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = ["24-A1", "23-Z9"].map(|lot| given::line(&given::lot("09506000134352", lot), 1)).into();
    /// let offer = given::read(&offer);
    /// // The brand writes the year in front.
    /// let old = offer.lines().filter(|line| !line.lot_number().starts_with("24-"));
    /// assert_eq!(old.map(|line| line.index()).collect::<Vec<_>>(), [1]);
    /// ```
    pub fn lot_number(&self) -> &str {
        crate::host::trusted(self.lot.unwrap_or_default())
    }

    /// Whether it has a lot.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// assert!(given::read(&offer).lines().all(|line| line.has_lot()));
    /// offer.lines[0].lot = None;
    /// assert!(!given::read(&offer).lines().any(|line| line.has_lot()));
    /// ```
    pub fn has_lot(&self) -> bool {
        self.lot.is_some()
    }

    /// Whether both are of one lot of one product.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// /// A case is packed of one lot alone.
    /// fn unmixed(movement: &Movement) -> bool {
    ///     let first = movement.lines().next();
    ///     first.is_none_or(|first| movement.lines().all(|line| line.same_lot(&first)))
    /// }
    /// let lines = |lots: &[&str]| {
    ///     let mut pack = given::movement(Kind::Pack);
    ///     pack.lines = lots.iter().map(|lot| given::line(&given::lot("09506000134352", lot), 1)).collect();
    ///     given::read(&pack)
    /// };
    /// assert!(unmixed(&lines(&["L7", "L7"])) && !unmixed(&lines(&["L7", "L8"])));
    /// ```
    pub fn same_lot(&self, other: &Line<'_>) -> bool {
        self.lot.is_some() && self.lot == other.lot && self.product == other.product
    }

    /// The last good day.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut milk = given::line(&given::lot("09506000134352", "L7"), 12);
    /// milk.expiry = Date::from_ymd(2026, 4, 30);
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![milk];
    /// let offer = given::read(&offer);
    /// let stale = offer.lines().any(|line| line.expiry().is_some_and(|day| day.end() < offer.now()));
    /// assert!(stale, "the offer is of the first of May");
    /// ```
    pub fn expiry(&self) -> Option<Date> {
        self.expiry
    }

    /// The serials, where items are named themselves.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// let offer = given::read(&offer);
    /// let run = offer.lines().next().and_then(|line| line.run()).unwrap();
    /// assert_eq!((run.first().as_str(), run.count()), ("000001", 12));
    /// ```
    pub fn run(&self) -> Option<Run> {
        self.run.map(|(run, _)| decoded(Reader(run)))
    }

    /// The first of the serials, where items are named themselves: what an alert names, for
    /// far less code than all of the run.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// let offer = given::read(&offer);
    /// let first = offer.lines().next().and_then(|line| line.first_serial()).unwrap();
    /// assert_eq!(first.as_str(), "000001");
    /// ```
    pub fn first_serial(&self) -> Option<Serial> {
        // Behind the run's line, whose variants are of one length.
        self.run.map(|(run, _)| decoded(Reader::at(run, 9)))
    }

    /// How many items, where they are named themselves.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut line = given::line(&given::lot("09506000134352", "L7"), 12);
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![line.clone()];
    /// assert_eq!(given::read(&offer).lines().next().unwrap().count(), Some(12));
    /// line.run = None;
    /// offer.lines = vec![line];
    /// assert_eq!(given::read(&offer).lines().next().unwrap().count(), None, "a quantity");
    /// ```
    pub fn count(&self) -> Option<u64> {
        self.run.map(|(_, count)| count)
    }

    /// The unit in which they move, where a unit is named.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let pallet = ThingId::Unit(Sscc::from_body(9_506_000_000_000_001).unwrap());
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// offer.lines[0].within = Some(pallet.clone());
    /// assert_eq!(given::read(&offer).lines().next().unwrap().within(), Some(pallet));
    /// ```
    pub fn within(&self) -> Option<ThingId> {
        decoded(Reader(self.within))
    }

    /// How many or how much, with the unit.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut milk = given::line(&given::lot("09506000134352", "L7"), 1);
    /// (milk.run, milk.amount) = (None, Amount::new(decimal("12.5"), Some("LTR")).unwrap());
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![milk];
    /// let quantity = given::read(&offer).lines().next().unwrap().quantity();
    /// assert_eq!(Some(quantity.amount()), Amount::new(decimal("12.5"), Some("LTR")).ok());
    /// ```
    pub fn quantity(&self) -> Quantity {
        Quantity::of(self.amount)
    }

    /// How many or how much, in its base unit.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// /// At least a dozen of each.
    /// fn by_the_dozen(movement: &Movement) -> bool {
    ///     movement.lines().all(|line| line.value() >= decimal("12"))
    /// }
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// assert!(by_the_dozen(&given::read(&offer)));
    /// offer.lines[0].amount = Amount::count(11);
    /// assert!(!by_the_dozen(&given::read(&offer)));
    /// ```
    pub fn value(&self) -> Decimal {
        self.value
    }

    /// The worst of its own and its lot's status.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// offer.lines[0].status = Status::Quarantined;
    /// let held = |line: &Line<'_>| line.status() == Status::Quarantined;
    /// assert!(given::read(&offer).lines().all(|line| held(&line)));
    /// ```
    pub fn status(&self) -> Status {
        self.status
    }

    /// Whether a recall of it is open.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = ["L7", "L8"].map(|lot| given::line(&given::lot("09506000134352", lot), 1)).into();
    /// offer.lines[1].recalled = true;
    /// let offer = given::read(&offer);
    /// let back: Vec<&str> = offer.lines().filter(Line::recalled).map(|_| "to the brand").collect();
    /// assert_eq!(back, ["to the brand"]);
    /// ```
    pub fn recalled(&self) -> bool {
        self.recalled
    }

    /// In a unit: how many are held on their own.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// /// A pallet goes on only if nothing in it is held.
    /// fn is_free(movement: &Movement) -> bool {
    ///     movement.lines().all(|line| line.held() == Decimal::ZERO)
    /// }
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// assert!(is_free(&given::read(&offer)));
    /// offer.lines[0].held = decimal("2");
    /// assert!(!is_free(&given::read(&offer)));
    /// ```
    pub fn held(&self) -> Decimal {
        self.held
    }

    /// Who has it.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let carrier = Address([7; 20]);
    /// let mut observation = given::movement(Kind::Observe);
    /// observation.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// observation.lines[0].custodian = Some(carrier);
    /// let seen = given::read(&observation);
    /// let elsewhere = seen.lines().any(|line| line.custodian() != Some(seen.account()));
    /// assert!(elsewhere, "who observes is not who has it");
    /// ```
    pub fn custodian(&self) -> Option<Address> {
        self.custodian
    }

    /// Who owns it.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let bank = Address([7; 20]);
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// offer.lines[0].owner = Some(bank);
    /// let offer = given::read(&offer);
    /// assert!(offer.lines().any(|line| line.owner() != line.custodian()), "stock that is pledged");
    /// ```
    pub fn owner(&self) -> Option<Address> {
        self.owner
    }

    /// Where it was last said to be.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let cellar = Place::Uri("geo:50.08,14.42".try_into().unwrap());
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// offer.lines[0].place = Some(cellar.clone());
    /// assert_eq!(given::read(&offer).lines().next().unwrap().place(), Some(cellar));
    /// ```
    pub fn place(&self) -> Option<Place> {
        decoded(Reader(self.place))
    }

    /// Whether it was last said to be where the movement was seen: far less code than comparing
    /// [`place`](Self::place) with the movement's.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// fn moved_elsewhere(movement: &Movement) -> bool {
    ///     movement.has_place() && movement.lines().any(|line| !line.is_at(movement))
    /// }
    /// let cellar = Some(Place::Uri("geo:50.08,14.42".try_into().unwrap()));
    /// let mut seen = given::movement(Kind::Observe);
    /// seen.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// seen.detail.place = cellar.clone();
    /// assert!(moved_elsewhere(&given::read(&seen)));
    /// seen.lines[0].place = cellar;
    /// assert!(!moved_elsewhere(&given::read(&seen)));
    /// ```
    pub fn is_at(&self, movement: &Movement) -> bool {
        // One encoding of a place, absent being one zero byte, and each value has one spelling.
        self.place.len() > 1 && self.place == movement.place_bytes()
    }

    /// Its CBV disposition before; empty if none is known.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// offer.lines[0].disposition = "damaged".try_into().ok();
    /// assert!(given::read(&offer).lines().any(|line| line.disposition() == "damaged"));
    /// ```
    pub fn disposition(&self) -> &str {
        self.disposition
    }

    /// When its custody last changed; for what ended, when it did.
    ///
    /// ```
    /// # use marque_sdk::{native::given, prelude::*};
    /// /// Two days on the road at most.
    /// fn in_time(movement: &Movement) -> bool {
    ///     movement.lines().all(|line| movement.time() <= line.moved().plus(2 * 24 * 60 * 60 * 1000))
    /// }
    /// let mut receipt = given::movement(Kind::Accept);
    /// receipt.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// assert!(in_time(&given::read(&receipt)));
    /// receipt.lines[0].moved = TimeMs(receipt.time.0 - 172_800_001);
    /// assert!(!in_time(&given::read(&receipt)));
    /// ```
    pub fn moved(&self) -> TimeMs {
        self.moved
    }
}

/// The lines of a movement.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut offer = given::movement(Kind::Offer);
/// offer.lines = ["L7", "L8"].map(|lot| given::line(&given::lot("09506000134352", lot), 1)).into();
/// let offer = given::read(&offer);
/// let lots: Vec<String> = offer.lines().map(|line| line.lot_number().into()).collect();
/// assert_eq!(lots, ["L7", "L8"]);
/// ```
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
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12); 3];
    /// let offer = given::read(&offer);
    /// let mut rest = offer.lines();
    /// rest.next();
    /// assert_eq!((rest.count_all(), rest.count()), (3, 2), "in all, and still to come");
    /// ```
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
