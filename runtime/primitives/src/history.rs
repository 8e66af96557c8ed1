//! What is never forgotten: events, and the hash-chained entries of each run.
//!
//! An [`Event`] is written once for an action, however many things it names. Each run that
//! it touches gets an [`Entry`], which names the event by its hash and the run's former
//! head; the newest head and the length stand in the run's record, a leaf of the state, so
//! the whole history is proved by hashing alone. The parts of a split run share the
//! entries before the split: a verifier checks that the entry's range holds the item.

use crate::action::{Capture, Kind, OfferId, RecallId, Right};
use crate::bounded::{List, Text};
use crate::credential::{CredentialKind, CredentialNumber};
use crate::date::Date;
use crate::detail::{Detail, Place, Term};
use crate::gs1::LotNumber;
use crate::hash::Hash;
use crate::refusal::Refusal;
use crate::thing::{Thing, ThingId, Uri};
use crate::{Address, Height, Position, TimeMs};
use alloc::vec::Vec;
use parity_scale_codec::{Decode, Encode};

/// Domain tag of an entry's hash: SHA-256 of the tag and the encoded entry.
pub const ENTRY_TAG: &[u8] = b"marque/entry/v1";
/// Domain tag of an event's hash: SHA-256 of the tag and the encoded event.
pub const EVENT_TAG: &[u8] = b"marque/event/v1";

/// The end of a history: its length, the hash of its newest entry, and where that stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Head {
    /// How many entries.
    pub length: u64,
    /// Hash of the newest entry; zero when there is none.
    pub hash: Hash,
    /// Position of the newest entry; meaningless when there is none.
    pub last: Position,
}

impl Head {
    /// No entry yet.
    pub const EMPTY: Self = Self {
        length: 0,
        hash: Hash::ZERO,
        last: Position(0),
    };
}

/// What an entry is about.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub enum Role {
    /// The things that moved or were seen.
    #[codec(index = 0)]
    Subject,
    /// The unit that something was packed into or taken out of.
    #[codec(index = 1)]
    Parent,
    /// Used up by a transformation.
    #[codec(index = 2)]
    Input,
    /// Made by a transformation.
    #[codec(index = 3)]
    Output,
    /// What something was attached to.
    #[codec(index = 4)]
    Anchor,
}

/// A parent's history as it stood when a child went in or came out: the child's journey in
/// between is the parent's entries from one length to the other.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParentMark {
    /// The parent.
    pub id: ThingId,
    /// Its history's head: after the entry of this pack, before the entry of this unpack.
    pub head: Head,
}

/// One line of a run's history.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Entry {
    /// The run or lot quantity that the entry is about.
    pub subject: Thing,
    /// What part it had.
    pub role: Role,
    /// What happened; an inferred unpacking is `Unpack` within an event of another kind.
    pub kind: Kind,
    /// Whether the ledger inferred it from a movement of the thing by its own name.
    pub inferred: bool,
    /// Where the event stands.
    pub event: Position,
    /// The event's hash.
    pub event_hash: Hash,
    /// The history before this entry.
    pub before: Head,
    /// For pack and unpack: the parent then.
    pub parent: Option<ParentMark>,
}

/// A party of an event: named, or a salted commitment to its address.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub enum Counterparty {
    /// By its account.
    #[codec(index = 0)]
    Account(Address),
    /// SHA-256 of salt and address.
    #[codec(index = 1)]
    Commitment(Hash),
}

/// Which rule decided, under which version of its code.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decided {
    /// The contract.
    pub contract: Address,
    /// Its code's version, from 1.
    pub version: u32,
    /// What the rule noted.
    pub note: Option<Text<255>>,
    /// Whether it held the things.
    pub held: bool,
}

/// What an operation says beyond things, parties and evidence.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(rename_all = "camelCase", rename_all_fields = "camelCase")
)]
pub enum Terms {
    /// Of a commission: what its items begin with.
    #[codec(index = 0)]
    Birth {
        /// The lot of serialised items.
        lot: Option<LotNumber>,
        /// The last day on which they are good.
        expiry: Option<Date>,
    },
    /// Of an offer.
    #[codec(index = 1)]
    Offer {
        /// Its number.
        number: OfferId,
        /// Until when it can be accepted, by block time: the sooner of giver's and rules'.
        deadline: Option<TimeMs>,
    },
    /// Of an acceptance, rejection or withdrawal: the offers that it answers.
    #[codec(index = 2)]
    Answer {
        /// In ascending order.
        offers: List<OfferId, 2_000>,
    },
    /// Of a transformation. The event's items are what was used up, what survives, and what
    /// was made, in this order.
    #[codec(index = 3)]
    Transformation {
        /// Joins inputs and outputs that are reported apart.
        id: Option<Uri>,
        /// How many of the items were used up.
        used: u16,
        /// How many of the items were made.
        made: u16,
        /// The lot of serialised outputs.
        lot: Option<LotNumber>,
        /// The outputs' last good day.
        expiry: Option<Date>,
    },
    /// Of a recall or its lifting: its number.
    #[codec(index = 4)]
    Recall(RecallId),
    /// Of an association or its end: the place, where it hangs on one.
    #[codec(index = 5)]
    Anchor(Place),
    /// A tie to documents was ended, not made.
    #[codec(index = 6)]
    Unlink,
    /// Of an error's declaration that no captured event carries.
    #[codec(index = 7)]
    Correction {
        /// The captured event's CBV hash.
        event: Hash,
        /// CBV error reason.
        reason: Option<Term>,
        /// Ids of the events that put it right.
        corrective: List<Uri, 16>,
    },
    /// What was said of the party that the event names as receiver.
    #[codec(index = 8)]
    Credential {
        /// What it is.
        kind: CredentialKind,
        /// What the issuer knows it by.
        number: CredentialNumber,
        /// The first moment at which it holds.
        from: TimeMs,
        /// The last one.
        until: Option<TimeMs>,
        /// It was ended, not issued.
        revoked: bool,
    },
}

/// What was recorded of one action.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Event {
    /// The block.
    pub height: Height,
    /// Its time.
    pub recorded: TimeMs,
    /// The transaction.
    pub transaction: Hash,
    /// Which of its actions.
    pub action: u32,
    /// What happened.
    pub kind: Kind,
    /// The key that signed.
    pub signer: Address,
    /// On whose behalf.
    pub account: Address,
    /// Who gave.
    pub from: Option<Counterparty>,
    /// Who received or was offered to.
    pub to: Option<Counterparty>,
    /// Which right.
    pub what: Option<Right>,
    /// What the action named.
    pub items: List<Thing, 2_000>,
    /// The unit it named.
    pub parent: Option<ThingId>,
    /// What it said beyond them.
    pub terms: Option<Terms>,
    /// Why a report stayed an observation, if it could have been more.
    pub withheld: Option<Refusal>,
    /// Recorded out of the order of event times.
    pub late: bool,
    /// The event of the claim that this acceptance completes.
    pub claim: Option<Position>,
    /// The rules that decided.
    pub decided: Vec<Decided>,
    /// When, where, why and with what evidence.
    pub detail: Detail,
    /// What a captured event is known by.
    pub capture: Option<Capture>,
}

#[cfg(feature = "host")]
impl Entry {
    /// The head of the history that ends with this entry.
    pub fn hash(&self) -> Hash {
        crate::hash::sha256(&[ENTRY_TAG, &self.encode()])
    }
}

impl Event {
    /// Inputs and outputs of a transformation; what survives stands on both sides.
    pub fn sides(&self) -> Option<(&[Thing], &[Thing])> {
        let Some(Terms::Transformation { used, made, .. }) = &self.terms else {
            return None;
        };
        let inputs = self.items.len().checked_sub(usize::from(*made))?;
        Some((
            self.items.get(..inputs)?,
            self.items.get(usize::from(*used)..)?,
        ))
    }
}

#[cfg(feature = "host")]
impl Event {
    /// The hash that entries and the header's events root hold.
    pub fn hash(&self) -> Hash {
        crate::hash::sha256(&[EVENT_TAG, &self.encode()])
    }
}
