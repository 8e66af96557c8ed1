//! What the state holds: the value of each kind of leaf. Keys are made in [`crate::key`].

use crate::action::{Name, Note, OfferId, RecallId, RecallTarget, Right, Scope};
use crate::amount::Decimal;
use crate::bounded::{Bytes, List, Text};
use crate::date::Date;
use crate::detail::{Place, Term};
use crate::gs1::{Gln, LotNumber};
use crate::hash::Hash;
use crate::history::Head;
use crate::thing::{Line, LotId, ThingId, Uri};
use crate::{Address, Amount, Height, Position, TimeMs, Unit};
use parity_scale_codec::{Decode, Encode};

pub use crate::credential::Credential;

/// Open recalls on one record at most.
pub const MAX_RECALLS: usize = 16;
/// Contracts that hold one thing at most.
pub const MAX_HOLDERS: usize = 16;
/// The contracts that hold something, a sorted set: it is held while one is left. Each ends
/// its own hold alone, wherever that has come to stand.
pub type Holders = List<Address, MAX_HOLDERS>;

/// A thing's own state, apart from its lot's, product's and parents'.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "OwnStatus"))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub enum Status {
    /// Moves freely.
    #[codec(index = 0)]
    Active,
    /// Held until those that hold it release it.
    #[codec(index = 1)]
    Quarantined,
    /// Decommissioned or used up.
    #[codec(index = 2)]
    Ended,
}

/// The record of a run of serialised things, of an asset, a unit or an external thing.
///
/// Invariants: `parent` is set or `offer` is, never both; what is packed has its parent's
/// custodian whatever `custodian` says; what is external has no brand, custodian or owner;
/// what is packed bears no recall that was lifted.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Record {
    /// How many neighbouring serials, from the key's.
    pub count: u64,
    /// Who answers for it: the licensee; none for units of an unlicensed prefix.
    pub brand: Option<Address>,
    /// Never commissioned here: shown as unverified until its licensee adopts it.
    pub external: bool,
    /// The lot of an item.
    pub lot: Option<LotNumber>,
    /// Its last good day.
    pub expiry: Option<Date>,
    /// Who has it; none: released, or external.
    pub custodian: Option<Address>,
    /// Who owns it; none: someone without an account, or external.
    pub owner: Option<Address>,
    /// The open offer on it.
    pub offer: Option<OfferId>,
    /// What it is packed in.
    pub parent: Option<ThingId>,
    /// While packed: whether its owner is its parent's.
    pub owned_with_parent: bool,
    /// Whether anything was ever packed into it: what else has no contents to ask for.
    pub is_parent: bool,
    /// Where it was last said to be.
    pub place: Option<Place>,
    /// CBV disposition.
    pub disposition: Option<Term>,
    /// Persistent dispositions, a sorted set.
    pub persistent: List<Term, 16>,
    /// Decommissioned or used up.
    pub ended: bool,
    /// Who holds it: its product's contract, and those whose holds it took along out of a
    /// unit. What no contract rules, its brand may free of any; an end leaves them.
    pub holders: Holders,
    /// The quarantine of its lot, by number, from which it was released; 0: none.
    pub cleared: u32,
    /// List recalls, its own and those of units that it came out of, a sorted set. Of the
    /// latter a lifted one stands here until the thing is next written, and counts no more.
    pub recalls: List<RecallId, MAX_RECALLS>,
    /// Event time of its last change of custody or of what holds it.
    pub moved: TimeMs,
    /// The latest event time that place and dispositions were taken from.
    pub seen: TimeMs,
    /// The end of its history.
    pub history: Head,
}

/// One line of a unit's contents, nested units included.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct ContentLine {
    /// Of which product or asset type.
    pub line: Line,
    /// Of which lot.
    pub lot: Option<LotNumber>,
    /// Good until.
    pub expiry: Option<Date>,
    /// The quarantine of the lot from which it was released; 0: none.
    pub cleared: u32,
    /// Counted in.
    pub unit: Unit,
    /// How much, above zero.
    pub amount: Decimal,
    /// How many things of it are quarantined, recalled by list, or ended on their own.
    pub held: Decimal,
}

/// Lines that packing puts into a contents summary at most.
pub const MAX_CONTENT_LINES: usize = 64;
/// Lines that it has at most: what is released of a held lot stands apart from the rest.
pub const MAX_SPLIT_LINES: usize = 128;

/// What a thing holds: a line per product, lot, expiry and release.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Contents {
    /// In ascending order of (line, lot, expiry, cleared, unit), each once.
    pub lines: List<ContentLine, MAX_SPLIT_LINES>,
    /// How many things without a line in it (units, assets) are held on their own.
    pub held: u64,
    /// How many levels of things stand inside one another here at most, since it was last
    /// empty; 0: nothing is inside.
    pub height: u8,
}

/// A lot, from its first commission.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct LotRecord {
    /// The licensee; none: external.
    pub brand: Option<Address>,
    /// Its last good day.
    pub expiry: Option<Date>,
    /// The dimension of its balances, once it has one.
    pub unit: Option<Unit>,
    /// Quarantined or active, for all of it that was not released from this quarantine.
    pub status: Status,
    /// How many quarantines it has had: the number of the newest.
    pub quarantines: u32,
    /// Open recalls, a sorted set.
    pub recalls: List<RecallId, MAX_RECALLS>,
    /// Event time of its first commission.
    pub created: TimeMs,
    /// The end of its history: the movements of its quantities.
    pub history: Head,
}

/// Whose quantity of a lot a balance is; with the lot it is the balance's key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Holding {
    /// The open offer on it; first, so that what a party is offered stands together.
    pub offer: Option<OnOffer>,
    /// Who has it; within a parent, the parent's custodian counts.
    pub custodian: Option<Address>,
    /// Who owns it.
    pub owner: Option<Address>,
    /// What it is packed in.
    pub parent: Option<ThingId>,
    /// While packed: whether its owner is its parent's.
    pub owned_with_parent: bool,
    /// Who holds it on its own.
    pub holders: Holders,
    /// The quarantine of the lot from which it was released; 0: none.
    pub cleared: u32,
}

/// An open offer on a quantity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct OnOffer {
    /// Who alone may accept.
    pub to: Address,
    /// Its number.
    pub id: OfferId,
}

/// How much is held so; the leaf is removed at zero.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Balance {
    /// Whose it is.
    pub holding: Holding,
    /// How much, above zero, in the lot's unit.
    pub value: Decimal,
}

/// A product, from its registration.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Product {
    /// The licensee.
    pub brand: Address,
    /// Its name.
    pub name: Name,
    /// The contract that rules its movements.
    pub contract: Option<Address>,
    /// Who may commission it beside the brand, a sorted set.
    pub commissioners: List<Address, 64>,
    /// Open recalls, a sorted set.
    pub recalls: List<RecallId, MAX_RECALLS>,
}

/// A party.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Party {
    /// Its name.
    pub name: Name,
    /// Its GLNs and PGLNs, a sorted set.
    pub locations: List<Gln, 64>,
}

/// An open offer; the leaf is removed when nothing of it is left.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Offer {
    /// Who offers.
    pub from: Address,
    /// Who alone may accept.
    pub to: Address,
    /// Which right.
    pub what: Right,
    /// Until when, by block time.
    pub deadline: Option<TimeMs>,
    /// When it was made, by block time.
    pub made: TimeMs,
    /// Items and units that are still open.
    pub open: u64,
    /// Quantities that are still open, by lot.
    pub open_lots: List<OpenLot, 1000>,
    /// The event that made it, which says what was offered, with which documents.
    pub event: Position,
}

/// How much of a lot an offer still holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct OpenLot {
    /// The lot.
    pub id: LotId,
    /// In the lot's unit, above zero.
    pub value: Decimal,
}

/// The most parties whose offer could complete a claim.
pub const MAX_GIVERS: usize = 64;

/// A signed "I have it" that an offer by the custodian completes.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Claim {
    /// How many serials from the key's.
    pub count: u64,
    /// Of a lot: how much.
    pub amount: Option<Amount>,
    /// Who had the right then, a sorted set: no one else's offer completes it.
    pub of: List<Address, MAX_GIVERS>,
    /// Which right.
    pub what: Right,
    /// The event that made it.
    pub event: Position,
    /// The key that signed it.
    pub signer: Address,
    /// When it was made, by block time.
    pub made: TimeMs,
    /// When the things were received, if it says so; this and the rest is what the
    /// acceptance will say.
    pub time: Option<TimeMs>,
    /// Where.
    pub place: Option<Place>,
    /// Where they are thereafter.
    pub location: Option<Place>,
    /// Their disposition thereafter.
    pub disposition: Option<Term>,
}

/// A recall; kept after it is lifted.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Recall {
    /// The brand.
    pub by: Address,
    /// What is recalled.
    pub target: RecallTarget,
    /// Why.
    pub reason: Note,
    /// What holders are to do.
    pub instructions: Note,
    /// Who may receive recalled things beside the brand, a sorted set.
    pub collectors: List<Address, 64>,
    /// When it was opened, by block time.
    pub opened: TimeMs,
    /// When it was lifted.
    pub lifted: Option<TimeMs>,
    /// How many holders have acknowledged it.
    pub acknowledged: u64,
    /// Of a list: how many of its things still bear it.
    pub bearing: u64,
}

/// What is known of an event that an account recorded, by its hash.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct KnownEvent {
    /// Where it stands.
    pub event: Position,
    /// Its id.
    pub event_id: Option<Uri>,
    /// The event that declared it to be an error, and that declaration's digest.
    pub declared: Option<(Position, Hash)>,
}

/// A transformation that lacks a side.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct OpenTransformation {
    /// The events that named inputs.
    pub inputs: List<Position, 64>,
    /// The events that named outputs.
    pub outputs: List<Position, 64>,
}

/// A key of an account other than the account's own, or the own key's revocation.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct KeyRecord {
    /// What it may sign.
    pub scope: Scope,
    /// Whether it was revoked; its nonces stay.
    pub revoked: bool,
}

/// A contract.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Contract {
    /// Who deployed it and may upgrade it.
    pub brand: Address,
    /// Its name, from its metadata.
    pub name: Text<64>,
    /// Keccak-256 of the code.
    pub code: Hash,
    /// Counts its upgrades, from 1.
    pub version: u32,
    /// A bit for each [`crate::action::Kind`] that it has a rule for.
    pub rules: u32,
}

/// The code of contracts, by its hash: a leaf, so that a snapshot can run rules.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Code {
    /// In which block it was stored.
    pub stored: Height,
    /// WebAssembly.
    pub wasm: Bytes<{ crate::action::MAX_CODE }>,
}

/// The ledger's counters; one leaf.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Counters {
    /// History entries written.
    pub entries: u64,
    /// Events written.
    pub events: u64,
    /// Offers made.
    pub offers: u64,
    /// Recalls opened.
    pub recalls: u64,
}

/// How much gas accounts may use: what bounds them where nobody pays for what they record.
///
/// Gas prices every record that is made, so that a bound in gas is one on records. Accounts
/// that the registrar registered as parties have a bound each; all others share one, since
/// anyone makes as many of those as he likes. The registrar itself has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(deny_unknown_fields, rename_all = "camelCase"))]
pub struct Quota {
    /// Blocks of a window, which begins at every height that they divide; 0: there are no
    /// quotas.
    pub blocks: u64,
    /// Gas of each registered party's account in a window.
    pub party: u64,
    /// Gas of all other accounts together in a window.
    pub others: u64,
}

/// What was used of a quota.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Usage {
    /// In which window: its first height divided by [`Quota::blocks`]. In a later one nothing
    /// is used yet.
    pub window: u64,
    /// Gas.
    pub gas: u64,
}

/// What genesis fixed; one leaf.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Parameters {
    /// The chain's number.
    pub chain_id: u64,
    /// Who licenses prefixes and registers parties.
    pub registrar: Address,
    /// Gas of a block at most.
    pub block_gas: u64,
    /// Blocks from the storing of code until contracts can have it.
    pub contract_delay: u64,
    /// What accounts may use.
    pub quota: Quota,
}

/// A licence of a key or prefix.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Licence {
    /// The licensee.
    pub brand: Address,
}

/// An attachment of things to an anchor.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Association {
    /// How many serials from the key's.
    pub count: u64,
    /// Of a lot: how much.
    pub amount: Option<Amount>,
    /// The event that did it.
    pub event: Position,
}

impl Record {
    /// Its own status.
    pub fn status(&self) -> Status {
        match (self.ended, self.holders.is_empty()) {
            (true, _) => Status::Ended,
            (false, false) => Status::Quarantined,
            (false, true) => Status::Active,
        }
    }
}

impl Contract {
    /// Whether it has a rule for a kind of movement.
    pub fn rules_on(&self, kind: crate::action::Kind) -> bool {
        self.rules & rule_bit(kind) != 0
    }
}

/// The bit of a kind in [`Contract::rules`].
pub fn rule_bit(kind: crate::action::Kind) -> u32 {
    1u32.checked_shl(u32::from(kind as u8)).unwrap_or(0)
}
