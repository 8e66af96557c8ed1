//! The movement that a rule judges.

mod evidence;
mod judge;
mod line;
mod quantity;

use crate::buf::Buf;
use crate::bytes::{LIST, MAYBE, PLACE, Reader, SIZED, THING, encoded, foreign};
use crate::shared::{Shared, shared};
use crate::show::Words;
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
    pub fn kind(&self) -> Kind {
        let kind = Kind::ALL.get(usize::from(self.at(KIND).byte()));
        *kind.unwrap_or_else(|| foreign())
    }

    /// Whether it is a report of something past: the goods have moved already, and a refusal
    /// only keeps custody from following them.
    pub fn captured(&self) -> bool {
        self.at(CAPTURED).byte() != 0
    }

    /// On whose behalf.
    pub fn account(&self) -> Address {
        self.at(ACCOUNT).address()
    }

    /// The key that signed.
    pub fn signer(&self) -> Address {
        self.at(SIGNER).address()
    }

    /// Who gives: the custodian or owner before.
    pub fn from(&self) -> Option<Address> {
        self.at(FROM).maybe(Reader::address)
    }

    /// Who is to receive.
    pub fn to(&self) -> Option<Address> {
        let mut head = self.at(FROM);
        head.maybe(Reader::address);
        head.maybe(Reader::address)
    }

    /// Which right, for offers and claims and what follows them.
    pub fn what(&self) -> Option<Right> {
        let mut head = self.at(FROM);
        head.maybe(Reader::address);
        head.maybe(Reader::address);
        head.maybe(right)
    }

    /// The unit that is packed or unpacked.
    pub fn parent(&self) -> Option<ThingId> {
        decoded(self.at(self.marks().parent))
    }

    /// The block's height.
    pub fn height(&self) -> Height {
        Height(self.at(self.marks().times).long())
    }

    /// The block's time.
    pub fn now(&self) -> TimeMs {
        self.at(self.marks().times.saturating_add(8)).time()
    }

    /// When it happened; the block's time for an intent that names none.
    pub fn time(&self) -> TimeMs {
        self.at(self.marks().times.saturating_add(16)).time()
    }

    /// All of when, where, why and with what evidence, decoded: larger code than the
    /// methods below, which read one part each.
    pub fn detail(&self) -> Detail {
        decoded(self.at(self.marks().times.saturating_add(24)))
    }

    /// The CBV business step; empty if none is named.
    pub fn step(&self) -> &str {
        self.at(self.marks().step)
            .maybe(Reader::text)
            .unwrap_or_default()
    }

    /// The CBV disposition that the movement claims; empty if none is named.
    pub fn disposition(&self) -> &str {
        self.at(self.marks().disposition)
            .maybe(Reader::text)
            .unwrap_or_default()
    }

    /// Where it was seen (EPCIS readPoint).
    pub fn place(&self) -> Option<Place> {
        decoded(self.at(self.marks().place))
    }

    /// The place's encoding.
    fn place_bytes(&self) -> &[u8] {
        let mut reader = self.at(self.marks().place);
        reader.span(|reader| reader.pass(&[MAYBE, PLACE]))
    }

    /// Whether it says where it was seen.
    pub fn has_place(&self) -> bool {
        self.at(self.marks().place).byte() != 0
    }

    /// Where it was seen, in words: the 13 digits of a GLN, or the URI.
    pub fn place_name(&self) -> Option<Words> {
        self.at(self.marks().place).maybe(place_name)
    }

    /// Where it is thereafter (EPCIS bizLocation).
    pub fn location(&self) -> Option<Place> {
        decoded(self.at(self.marks().location))
    }

    /// Where it is thereafter, in words: the 13 digits of a GLN, or the URI.
    pub fn location_name(&self) -> Option<Words> {
        self.at(self.marks().location).maybe(place_name)
    }

    /// Whether it says where it is thereafter.
    pub fn has_location(&self) -> bool {
        self.at(self.marks().location).byte() != 0
    }

    /// A key data element or other fact; none where the evidence is a commitment.
    pub fn fact(&self, name: &str) -> Option<Fact<'_>> {
        let marks = self.marks();
        (marks.sensors > 0).then(|| evidence::find(self.at(marks.evidence), name))?
    }

    /// Whether there is a fact of this name.
    pub fn has_fact(&self, name: &str) -> bool {
        self.fact(name).is_some()
    }

    /// What sensors reported; nothing where the evidence is a commitment.
    pub fn sensors(&self) -> Sensors<'_> {
        Sensors::new(self.listed(self.marks().sensors))
    }

    /// The documents that it belongs to; none where the evidence is a commitment.
    pub fn documents(&self) -> Documents<'_> {
        Documents::new(self.listed(self.marks().documents))
    }

    /// A list of the evidence; 0 where it is a commitment.
    fn listed(&self, at: usize) -> Option<Reader<'_>> {
        (at > 0).then(|| self.at(at))
    }

    /// The contract's products in it: runs, quantities and summary lines of units, never
    /// one by one.
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
