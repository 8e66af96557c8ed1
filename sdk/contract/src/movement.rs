//! The movement that a rule judges.

mod judge;
#[cfg(test)]
mod tests;

use crate::buf::Buf;
use crate::bytes::{Reader, encoded, foreign};
use crate::refusal::{Refused, Result};
use crate::shared::{Shared, shared};
use crate::verdict::{Verdict, allow, quarantine};
use alloc::vec::Vec;
use core::cell::OnceCell;
use marque_primitives::action::{Kind, Right};
use marque_primitives::detail::{Detail, Document, FactValue, Place, Sensor};
use marque_primitives::thing::ThingId;
use marque_primitives::{Address, Height, TimeMs};
use parity_scale_codec::Decode;

/// Things of one product, lot and state that move together.
pub use marque_abi::movement::MovedLine as Line;

/// One movement, with the lines of this contract's products.
///
/// Its parts are decoded when they are first asked for, in three steps: who and what; when,
/// where and with what evidence; the lines. A rule that only looks at the receiver pays for
/// nothing else.
#[derive(Clone)]
pub struct Movement(Shared<Parts>);

struct Parts {
    bytes: Buf,
    body: OnceCell<(Body, usize)>,
    lines: OnceCell<Vec<Line>>,
}

/// Where the fields of [`marque_abi::movement::Movement`] begin: kind and flag of a byte,
/// account and signer of 20; then giver, receiver and right, each present or not.
const KIND: usize = 0;
const CAPTURED: usize = 1;
const ACCOUNT: usize = 2;
const SIGNER: usize = 22;
const FROM: usize = 42;

/// Those that follow, but for the lines.
#[derive(Decode)]
struct Body {
    parent: Option<ThingId>,
    height: Height,
    now: TimeMs,
    time: TimeMs,
    detail: Detail,
}

/// Decodes a part and says where it ends.
fn part<T: Decode>(bytes: &[u8], from: usize) -> (T, usize) {
    let mut input = bytes.get(from..).unwrap_or_default();
    match T::decode(&mut input) {
        Ok(value) => (value, bytes.len().saturating_sub(input.len())),
        Err(_) => foreign(),
    }
}

/// What is kept in `cell`, made if it is the first time.
fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> T) -> &T {
    if cell.get().is_none() {
        let _ = cell.set(make());
    }
    match cell.get() {
        Some(value) => value,
        None => foreign(),
    }
}

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
            body: OnceCell::new(),
            lines: OnceCell::new(),
        }))
    }

    fn at(&self, at: usize) -> Reader<'_> {
        Reader(self.0.bytes.get(at..).unwrap_or_default())
    }

    fn address(&self, at: usize) -> Address {
        Address(self.at(at).array())
    }

    /// An address that may be absent, and where what follows it begins.
    fn maybe_address(&self, at: usize) -> (Option<Address>, usize) {
        if self.at(at).byte() == 0 {
            (None, at.saturating_add(1))
        } else {
            (
                Some(self.address(at.saturating_add(1))),
                at.saturating_add(21),
            )
        }
    }

    fn right(&self) -> (Option<Right>, usize) {
        let at = self.maybe_address(self.maybe_address(FROM).1).1;
        let mut input = self.at(at);
        if input.byte() == 0 {
            return (None, at.saturating_add(1));
        }
        let right = match input.byte() {
            0 => Right::Possession,
            1 => Right::Ownership,
            2 => Right::Both,
            _ => foreign(),
        };
        (Some(right), at.saturating_add(2))
    }

    fn body(&self) -> &(Body, usize) {
        once(&self.0.body, || part(&self.0.bytes, self.right().1))
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
        self.address(ACCOUNT)
    }

    /// The key that signed.
    pub fn signer(&self) -> Address {
        self.address(SIGNER)
    }

    /// Who gives: the custodian or owner before.
    pub fn from(&self) -> Option<Address> {
        self.maybe_address(FROM).0
    }

    /// Who is to receive.
    pub fn to(&self) -> Option<Address> {
        self.maybe_address(self.maybe_address(FROM).1).0
    }

    /// Which right, for offers and claims and what follows them.
    pub fn what(&self) -> Option<Right> {
        self.right().0
    }

    /// The unit that is packed or unpacked.
    pub fn parent(&self) -> Option<&ThingId> {
        self.body().0.parent.as_ref()
    }

    /// The block's height.
    pub fn height(&self) -> Height {
        self.body().0.height
    }

    /// The block's time.
    pub fn now(&self) -> TimeMs {
        self.body().0.now
    }

    /// When it happened; the block's time for an intent that names none.
    pub fn time(&self) -> TimeMs {
        self.body().0.time
    }

    /// When, where, why and with what evidence.
    pub fn detail(&self) -> &Detail {
        &self.body().0.detail
    }

    /// The CBV business step; empty if none is named.
    pub fn step(&self) -> &str {
        self.detail().step.as_deref().unwrap_or_default()
    }

    /// The CBV disposition that the movement claims; empty if none is named.
    pub fn disposition(&self) -> &str {
        self.detail().disposition.as_deref().unwrap_or_default()
    }

    /// Where it was seen (EPCIS readPoint).
    pub fn place(&self) -> Option<&Place> {
        self.detail().place.as_ref()
    }

    /// Where it is thereafter (EPCIS bizLocation).
    pub fn location(&self) -> Option<&Place> {
        self.detail().location.as_ref()
    }

    /// A key data element or other fact; none where the evidence is a commitment.
    pub fn fact(&self, name: &str) -> Option<&FactValue> {
        self.detail().open()?.facts.get(name)
    }

    /// What sensors reported; nothing where the evidence is a commitment.
    pub fn sensors(&self) -> &[Sensor] {
        self.detail().open().map_or(&[], |open| &open.sensors)
    }

    /// The documents that it belongs to; none where the evidence is a commitment.
    pub fn documents(&self) -> &[Document] {
        self.detail().open().map_or(&[], |open| &open.documents)
    }

    /// The contract's products in it: runs, quantities and summary lines of units, never
    /// one by one.
    pub fn lines(&self) -> &[Line] {
        let from = self.body().1;
        once::<Vec<Line>>(&self.0.lines, || part(&self.0.bytes, from).0)
    }

    /// A broken rule whose goods must stop: an intent is refused; of a captured fact, which
    /// has happened already, what moved is held, and the note names the rule.
    ///
    /// # Errors
    /// The reason, if the movement is an intent.
    pub fn refuse_or_hold(&self, reason: impl Into<Refused>) -> Result<Verdict> {
        let reason = reason.into();
        if self.captured() {
            return Ok(quarantine(&reason.note()));
        }
        Err(reason)
    }

    /// A broken rule that leaves the goods good: an intent is refused; a captured fact is
    /// kept, and the note names the rule.
    ///
    /// # Errors
    /// The reason, if the movement is an intent.
    pub fn refuse_or_note(&self, reason: impl Into<Refused>) -> Result<Verdict> {
        let reason = reason.into();
        if self.captured() {
            return Ok(allow().note(&reason.note()));
        }
        Err(reason)
    }
}
