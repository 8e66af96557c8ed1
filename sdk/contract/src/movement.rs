//! The movement that a rule judges.

mod evidence;
mod judge;
mod line;
mod quantity;

use crate::buf::Buf;
use crate::bytes::{LIST, MAYBE, PLACE, Reader, SIZED, THING, encoded, foreign};
use crate::shared::{Shared, shared};
use crate::words::Words;
use core::cell::OnceCell;
use marque_primitives::action::{Kind, Right};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::thing::ThingId;
use marque_primitives::{Address, Height, TimeMs};
use parity_scale_codec::Decode;

pub use evidence::{Document, Documents, Fact, Sensor, Sensors};
pub use line::{Line, Lines};
pub use quantity::Quantity;

/// One movement, with the lines of this contract's products.
///
/// It is read where it lies, part by part and only as far as a rule asks: decoding all of
/// it would be more code than most contracts have. The encoding is that of
/// [`marque_abi::movement::Movement`].
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// /// Goods go to listed parties only, and only while nothing of them is held.
/// fn may_leave(movement: &Movement, listed: &Set<Address>) -> bool {
///     movement.kind() == Kind::Offer
///         && movement.to().is_some_and(|to| listed.contains(&to))
///         && movement.lines().all(|line| line.status() == Status::Active)
/// }
/// let listed = Set::from_iter([Address([7; 20])]);
/// let mut offer = given::movement(Kind::Offer);
/// assert!(!may_leave(&given::read(&offer), &listed));
/// offer.to = Some(Address([7; 20]));
/// assert!(may_leave(&given::read(&offer), &listed));
/// ```
#[derive(Clone)]
pub struct Movement(Shared<Parts>);

struct Parts {
    bytes: Buf,
    marks: OnceCell<Marks>,
}

/// Where parts of variable length begin.
struct Marks {
    parent: usize,
    /// Height, block time and time of the movement, eight bytes each.
    times: usize,
    place: usize,
    location: usize,
    step: usize,
    disposition: usize,
    evidence: usize,
    sensors: usize,
    documents: usize,
    lines: usize,
}

/// Where fields of the head begin: kind and flag of a byte, account and signer of 20; then
/// giver, receiver and right, each present or not.
const KIND: usize = 0;
const CAPTURED: usize = 1;
const ACCOUNT: usize = 2;
const SIGNER: usize = 22;
const FROM: usize = 42;

impl From<&marque_abi::movement::Movement> for Movement {
    fn from(movement: &marque_abi::movement::Movement) -> Self {
        Self::new(encoded(movement))
    }
}

impl core::fmt::Debug for Movement {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Movement")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

impl Movement {
    pub(crate) fn new(bytes: Buf) -> Self {
        Self(shared(Parts {
            bytes,
            marks: OnceCell::new(),
        }))
    }

    fn at(&self, at: usize) -> Reader<'_> {
        Reader::at(&self.0.bytes, at)
    }

    #[inline(never)]
    fn marks(&self) -> &Marks {
        let known = &self.0.marks;
        if known.get().is_none() {
            let _ = known.set(marks(&self.0.bytes));
        }
        known.get().unwrap_or_else(|| foreign())
    }

    /// What is to happen.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let pack = given::read(&given::movement(Kind::Pack));
    /// assert!(pack.kind() == Kind::Pack && pack.kind().has_rule());
    /// ```
    pub fn kind(&self) -> Kind {
        let kind = Kind::ALL.get(usize::from(self.at(KIND).byte()));
        *kind.unwrap_or_else(|| foreign())
    }

    /// Whether it is a report of something past: the goods have moved already, and a refusal
    /// only keeps custody from following them.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut receipt = given::movement(Kind::Accept);
    /// assert!(!given::read(&receipt).captured(), "an intent can still be refused");
    /// receipt.captured = true;
    /// assert!(given::read(&receipt).captured());
    /// ```
    pub fn captured(&self) -> bool {
        self.at(CAPTURED).byte() != 0
    }

    /// On whose behalf.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut commission = given::movement(Kind::Commission);
    /// commission.account = Address([7; 20]);
    /// assert_eq!(given::read(&commission).account(), Address([7; 20]));
    /// ```
    pub fn account(&self) -> Address {
        self.at(ACCOUNT).address()
    }

    /// The key that signed.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// /// Whether the account's own key signed, and no scanner's.
    /// fn in_person(movement: &Movement) -> bool {
    ///     movement.signer() == movement.account()
    /// }
    /// let mut offer = given::movement(Kind::Offer);
    /// assert!(in_person(&given::read(&offer)));
    /// offer.signer = Address([8; 20]);
    /// assert!(!in_person(&given::read(&offer)));
    /// ```
    pub fn signer(&self) -> Address {
        self.at(SIGNER).address()
    }

    /// Who gives: the custodian or owner before.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let farm = Address([7; 20]);
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.from = Some(farm);
    /// assert_eq!(given::read(&offer).from(), Some(farm));
    /// ```
    pub fn from(&self) -> Option<Address> {
        self.at(FROM).maybe(Reader::address)
    }

    /// Who is to receive.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// #[refusals]
    /// enum Refuse {
    ///     /// The receiver is not a listed dealer.
    ///     NotListed,
    /// }
    /// fn listed_only(movement: &Movement, listed: &Set<Address>) -> Result {
    ///     ensure!(movement.to().is_some_and(|to| listed.contains(&to)), Refuse::NotListed);
    ///     Ok(())
    /// }
    /// let (dealer, stranger) = (Address([7; 20]), Address([8; 20]));
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.to = Some(stranger);
    /// assert!(listed_only(&given::read(&offer), &Set::from_iter([dealer])).is_err());
    /// offer.to = Some(dealer);
    /// assert!(listed_only(&given::read(&offer), &Set::from_iter([dealer])).is_ok());
    /// ```
    pub fn to(&self) -> Option<Address> {
        let mut head = self.at(FROM);
        head.maybe(Reader::address);
        head.maybe(Reader::address)
    }

    /// Which right, for offers and claims and what follows them.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut to_a_carrier = given::movement(Kind::Offer);
    /// to_a_carrier.what = Some(Right::Possession);
    /// let changes_owner = given::read(&to_a_carrier).what().is_some_and(Right::ownership);
    /// assert!(!changes_owner, "a carrier has the goods and does not own them");
    /// ```
    pub fn what(&self) -> Option<Right> {
        let mut head = self.at(FROM);
        head.maybe(Reader::address);
        head.maybe(Reader::address);
        head.maybe(right)
    }

    /// The unit that is packed or unpacked.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let pallet = ThingId::Unit(Sscc::from_body(9_506_000_000_000_001).unwrap());
    /// let mut pack = given::movement(Kind::Pack);
    /// pack.parent = Some(pallet.clone());
    /// assert_eq!(given::read(&pack).parent(), Some(pallet));
    /// ```
    pub fn parent(&self) -> Option<ThingId> {
        decoded(self.at(self.marks().parent))
    }

    /// The block's height.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.height = Height(120);
    /// assert_eq!(given::read(&offer).height(), Height(120));
    /// ```
    pub fn height(&self) -> Height {
        Height(self.at(self.marks().times).long())
    }

    /// The block's time.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// /// An hour to accept an offer, whatever it says.
    /// fn within_the_hour(movement: &Movement) -> Verdict {
    ///     allow().deadline(movement.now().plus(60 * 60 * 1000))
    /// }
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.now = TimeMs(5);
    /// assert_eq!(within_the_hour(&given::read(&offer)), allow().deadline(TimeMs(3_600_005)));
    /// ```
    pub fn now(&self) -> TimeMs {
        self.at(self.marks().times.saturating_add(8)).time()
    }

    /// When it happened; the block's time for an intent that names none.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// /// Whether something is reported more than two days after it happened.
    /// fn is_late(movement: &Movement) -> bool {
    ///     movement.time().plus(2 * 24 * 60 * 60 * 1000) < movement.now()
    /// }
    /// let mut receipt = given::movement(Kind::Accept);
    /// assert!(!is_late(&given::read(&receipt)));
    /// receipt.time = TimeMs(receipt.now.0 - 172_800_001);
    /// assert!(is_late(&given::read(&receipt)));
    /// ```
    pub fn time(&self) -> TimeMs {
        self.at(self.marks().times.saturating_add(16)).time()
    }

    /// All of when, where, why and with what evidence, decoded: larger code than the
    /// methods below, which read one part each.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.detail.offset = Some(120);
    /// offer.detail.step = "shipping".try_into().ok();
    /// assert_eq!(given::read(&offer).detail(), offer.detail);
    /// ```
    pub fn detail(&self) -> Detail {
        decoded(self.at(self.marks().times.saturating_add(24)))
    }

    /// The CBV business step; empty if none is named.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// assert_eq!(given::read(&offer).step(), "");
    /// offer.detail.step = "shipping".try_into().ok();
    /// assert_eq!(given::read(&offer).step(), "shipping");
    /// ```
    pub fn step(&self) -> &str {
        self.at(self.marks().step)
            .maybe(Reader::text)
            .unwrap_or_default()
    }

    /// The CBV disposition that the movement claims; empty if none is named.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut observation = given::movement(Kind::Observe);
    /// observation.detail.disposition = "damaged".try_into().ok();
    /// let seen = given::read(&observation);
    /// let verdict = if seen.disposition() == "damaged" { quarantine("reported") } else { allow() };
    /// assert!(verdict.is_quarantine());
    /// ```
    pub fn disposition(&self) -> &str {
        self.at(self.marks().disposition)
            .maybe(Reader::text)
            .unwrap_or_default()
    }

    /// Where it was seen (EPCIS readPoint).
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let shed = Place::Gln { gln: Gln::new("9506000134352").unwrap(), extension: None };
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.detail.place = Some(shed.clone());
    /// assert_eq!(given::read(&offer).place(), Some(shed));
    /// ```
    pub fn place(&self) -> Option<Place> {
        decoded(self.at(self.marks().place))
    }

    /// The place's encoding.
    fn place_bytes(&self) -> &[u8] {
        let mut reader = self.at(self.marks().place);
        reader.span(|reader| reader.pass(&[MAYBE, PLACE]))
    }

    /// Whether it says where it was seen.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// assert!(!given::read(&offer).has_place());
    /// offer.detail.place = Some(Place::Uri("geo:50.08,14.42".try_into().unwrap()));
    /// assert!(given::read(&offer).has_place());
    /// ```
    pub fn has_place(&self) -> bool {
        self.at(self.marks().place).byte() != 0
    }

    /// Where it was seen, in words: the 13 digits of a GLN, or the URI.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let gln = Gln::new("9506000134352").unwrap();
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.detail.place = Some(Place::Gln { gln, extension: None });
    /// assert_eq!(given::read(&offer).place_name(), Some("9506000134352".into()));
    /// ```
    pub fn place_name(&self) -> Option<Words> {
        self.at(self.marks().place).maybe(place_name)
    }

    /// Where it is thereafter (EPCIS bizLocation).
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let cellar = Place::Uri("geo:50.08,14.42".try_into().unwrap());
    /// let mut receipt = given::movement(Kind::Accept);
    /// receipt.detail.location = Some(cellar.clone());
    /// assert_eq!(given::read(&receipt).location(), Some(cellar));
    /// ```
    pub fn location(&self) -> Option<Place> {
        decoded(self.at(self.marks().location))
    }

    /// Where it is thereafter, in words: the 13 digits of a GLN, or the URI.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut receipt = given::movement(Kind::Accept);
    /// receipt.detail.location = Some(Place::Uri("geo:50.08,14.42".try_into().unwrap()));
    /// assert_eq!(given::read(&receipt).location_name(), Some("geo:50.08,14.42".into()));
    /// ```
    pub fn location_name(&self) -> Option<Words> {
        self.at(self.marks().location).maybe(place_name)
    }

    /// Whether it says where it is thereafter.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut receipt = given::movement(Kind::Accept);
    /// assert!(!given::read(&receipt).has_location());
    /// receipt.detail.location = Some(Place::Uri("geo:50.08,14.42".try_into().unwrap()));
    /// assert!(given::read(&receipt).has_location());
    /// ```
    pub fn has_location(&self) -> bool {
        self.at(self.marks().location).byte() != 0
    }

    /// A key data element or other fact; none where the evidence is a commitment.
    ///
    /// ```
    /// use marque_sdk::primitives::detail::FactValue;
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut harvest = given::movement(Kind::Commission);
    /// let field = FactValue::Text("north field".try_into().unwrap());
    /// harvest.detail.evidence = given::facts(&[("growingArea", field)]);
    /// let harvest = given::read(&harvest);
    /// assert_eq!(harvest.fact("growingArea"), Some(Fact::Text("north field")));
    /// assert_eq!(harvest.fact("coolingDate"), None);
    /// ```
    pub fn fact(&self, name: &str) -> Option<Fact<'_>> {
        let marks = self.marks();
        (marks.sensors > 0).then(|| evidence::find(self.at(marks.evidence), name))?
    }

    /// Whether there is a fact of this name.
    ///
    /// ```
    /// use marque_sdk::primitives::detail::FactValue;
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut harvest = given::movement(Kind::Commission);
    /// harvest.detail.evidence = given::facts(&[("harvestDate", FactValue::Time(harvest.now))]);
    /// let harvest = given::read(&harvest);
    /// let missing = |name: &&str| !harvest.has_fact(name);
    /// assert_eq!(["harvestDate", "coolingDate"].iter().copied().find(missing), Some("coolingDate"));
    /// ```
    pub fn has_fact(&self, name: &str) -> bool {
        self.fact(name).is_some()
    }

    /// What sensors reported; nothing where the evidence is a commitment.
    ///
    /// ```
    /// use marque_sdk::primitives::detail::Sensor;
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// /// Whether it stayed cold: no report says otherwise, and there is one.
    /// fn stayed_cold(movement: &Movement) -> bool {
    ///     let mut degrees = movement.sensors().filter(|sensor| sensor.property() == "Temperature");
    ///     let cold = |max: Option<Decimal>| max.is_some_and(|max| max <= decimal("4.5"));
    ///     degrees.next().is_some_and(|first| cold(first.max)) && degrees.all(|other| cold(other.max))
    /// }
    /// let kind: &str = "Temperature";
    /// let report = |max| Sensor { kind: kind.try_into().unwrap(), max: Some(max), ..Sensor::default() };
    /// let mut receipt = given::movement(Kind::Accept);
    /// receipt.detail.evidence = given::sensors(&[report(decimal("3.9"))]);
    /// assert!(stayed_cold(&given::read(&receipt)));
    /// receipt.detail.evidence = given::sensors(&[report(decimal("3.9")), report(decimal("4.6"))]);
    /// assert!(!stayed_cold(&given::read(&receipt)));
    /// ```
    pub fn sensors(&self) -> Sensors<'_> {
        Sensors::new(self.listed(self.marks().sensors))
    }

    /// The documents that it belongs to; none where the evidence is a commitment.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.detail.evidence = given::documents(&[("desadv", "urn:epcglobal:cbv:bt:9506000134352:77")]);
    /// let advised = |movement: &Movement| movement.documents().any(|document| document.kind == "desadv");
    /// assert!(advised(&given::read(&offer)));
    /// assert!(!advised(&given::read(&given::movement(Kind::Offer))));
    /// ```
    pub fn documents(&self) -> Documents<'_> {
        Documents::new(self.listed(self.marks().documents))
    }

    /// A list of the evidence; 0 where it is a commitment.
    fn listed(&self, at: usize) -> Option<Reader<'_>> {
        (at > 0).then(|| self.at(at))
    }

    /// The contract's products in it: runs, quantities and summary lines of units, never
    /// one by one.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let spinach = given::lot("09506000134352", "L7");
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&spinach, 12), given::line(&spinach, 30)];
    /// let items: u64 = given::read(&offer).lines().filter_map(|line| line.count()).sum();
    /// assert_eq!(items, 42);
    /// ```
    pub fn lines(&self) -> Lines<'_> {
        Lines::new(self.at(self.marks().lines))
    }
}

fn right(reader: &mut Reader<'_>) -> Right {
    match reader.byte() {
        0 => Right::Possession,
        1 => Right::Ownership,
        2 => Right::Both,
        _ => foreign(),
    }
}

/// A place in words; the extension of a GLN is left out.
fn place_name(reader: &mut Reader<'_>) -> Words {
    let mut name = Words::default();
    if reader.byte() == 0 {
        name.padded(reader.long(), 13);
    } else {
        name.text(reader.text());
    }
    name
}

/// A whole value, from where it begins.
fn decoded<T: Decode>(reader: Reader<'_>) -> T {
    match T::decode(&mut Reader(reader.0)) {
        Ok(value) => value,
        Err(_) => foreign(),
    }
}

/// Walks over the movement once.
fn marks(bytes: &[u8]) -> Marks {
    let mut reader = Reader::at(bytes, FROM);
    let here = |reader: &Reader<'_>| bytes.len().saturating_sub(reader.0.len());
    // Giver, receiver, right.
    reader.pass(&[MAYBE, 20, MAYBE, 20, MAYBE, 1]);
    let parent = here(&reader);
    reader.pass(&[MAYBE, THING]);
    let times = here(&reader);
    // The three times, and the event's own with its offset.
    reader.pass(&[24, MAYBE, 8, MAYBE, 2]);
    let place = here(&reader);
    reader.pass(&[MAYBE, PLACE]);
    let location = here(&reader);
    reader.pass(&[MAYBE, PLACE]);
    let step = here(&reader);
    reader.pass(&[MAYBE, SIZED]);
    let disposition = here(&reader);
    // The persistent ones that begin, and those that end, behind it.
    reader.pass(&[MAYBE, SIZED, LIST, LIST]);
    let (mut sensors, mut documents) = (0, 0);
    let open = reader.byte() == 0;
    let evidence = here(&reader);
    if open {
        evidence::skip_facts(&mut reader);
        sensors = here(&reader);
        evidence::skip_sensors(&mut reader);
        documents = here(&reader);
        for _ in 0..reader.len() {
            reader.pass(&[SIZED, SIZED]);
        }
        // What no rule reads.
        reader.sized();
    } else {
        reader.take(32);
    }
    Marks {
        parent,
        times,
        place,
        location,
        step,
        disposition,
        evidence,
        sensors,
        documents,
        lines: here(&reader),
    }
}
