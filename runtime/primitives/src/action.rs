//! What can be asked of the ledger.
//!
//! An [`Action::Intent`] happens or is refused. An [`Action::Fact`] is a captured report
//! of something past: it moves custody where rights and rules allow, else it is kept as an
//! observation that names why. Variants and field order are the encoding: final.

use crate::bounded::{Bytes, List, Text};
use crate::credential::{CredentialKind, CredentialNumber};
use crate::date::Date;
use crate::detail::{Detail, Place, Term};
use crate::gs1::{CompanyPrefix, Giai, Gln, GraiType, Gtin, LotNumber};
use crate::hash::Hash;
use crate::thing::{LotId, Thing, ThingId, Uri};
use crate::{Address, TimeMs};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};

/// Things in one action at most.
pub const MAX_THINGS: usize = 1_000;
/// Bytes of a contract's code at most.
pub const MAX_CODE: usize = 524_288;
/// The things that an action names.
pub type Things = List<Thing, MAX_THINGS>;
/// A person's or company's name.
pub type Name = Text<128>;
/// Words of explanation.
pub type Note = Text<1024>;

/// The number of an offer, from 1.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, MaxEncodedLen,
)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(transparent))]
pub struct OfferId(pub u64);

/// The number of a recall, from 1.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, MaxEncodedLen,
)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(transparent))]
pub struct RecallId(pub u64);

/// A party, by its account or by a registered GLN or PGLN.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum PartyRef {
    /// Its account.
    #[codec(index = 0)]
    Account(Address),
    /// A location or party number that it registered.
    #[codec(index = 1)]
    Location(Gln),
}

/// Which right an offer gives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub enum Right {
    /// Having it.
    #[codec(index = 0)]
    Possession,
    /// Owning it.
    #[codec(index = 1)]
    Ownership,
    /// Both together.
    #[codec(index = 2)]
    Both,
}

impl Right {
    /// Whether possession is part of it.
    pub fn possession(self) -> bool {
        self != Self::Ownership
    }

    /// Whether ownership is part of it.
    pub fn ownership(self) -> bool {
        self != Self::Possession
    }
}

/// What a recall reaches.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub enum RecallTarget {
    /// Everything of a product, now and later.
    #[codec(index = 0)]
    Product(Gtin),
    /// Everything of a lot.
    #[codec(index = 1)]
    Lot(LotId),
    /// These things.
    #[codec(index = 2)]
    Items(Things),
}

/// What a hold is put on or taken from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(rename_all = "camelCase", rename_all_fields = "camelCase")
)]
pub enum Target {
    /// All of a lot.
    #[codec(index = 0)]
    Lot(LotId),
    /// Items by their serials, and quantities of lots that `holder` has.
    #[codec(index = 1)]
    Things {
        /// Which.
        items: Things,
        /// Whose quantities; needed only for quantities.
        #[cfg_attr(feature = "host", serde(default))]
        holder: Option<Address>,
    },
}

/// What an association hangs on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum Anchor {
    /// A thing.
    #[codec(index = 0)]
    Thing(ThingId),
    /// A place.
    #[codec(index = 1)]
    Place(Place),
}

/// A movement of things, or something said about them.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(
        rename_all = "camelCase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )
)]
pub enum Operation {
    /// Brings things into being, or adds to a lot; adopts external records of the licensee's key.
    #[codec(index = 0)]
    Commission {
        /// New items, or quantities of a lot.
        items: Things,
        /// The lot of the items.
        #[cfg_attr(feature = "host", serde(default))]
        lot: Option<LotNumber>,
        /// The last day on which they are good.
        #[cfg_attr(feature = "host", serde(default))]
        expiry: Option<Date>,
        /// Their owner, if not the one who commissions.
        #[cfg_attr(feature = "host", serde(default))]
        owner: Option<PartyRef>,
    },
    /// Ends things: destroyed, dispensed, sold out of the ledger's sight.
    #[codec(index = 1)]
    Decommission {
        /// Which.
        items: Things,
    },
    /// Undoes a decommission where the contract allows it.
    #[codec(index = 2)]
    Reinstate {
        /// Which.
        items: Things,
    },
    /// Offers a right to a party, who alone may accept.
    #[codec(index = 3)]
    Offer {
        /// Which.
        items: Things,
        /// The receiver.
        to: PartyRef,
        /// Which right.
        #[cfg_attr(feature = "host", serde(default = "possession"))]
        what: Right,
        /// Until when it can be accepted, by block time.
        #[cfg_attr(feature = "host", serde(default))]
        deadline: Option<TimeMs>,
    },
    /// Takes what is offered to the account, all or part.
    #[codec(index = 4)]
    Accept {
        /// Which.
        items: Things,
    },
    /// Declines what is offered to the account, all or part.
    #[codec(index = 5)]
    Reject {
        /// Which.
        items: Things,
    },
    /// Takes back the account's own offer, all or part.
    #[codec(index = 6)]
    Withdraw {
        /// Which.
        items: Things,
    },
    /// Says "I have it": takes what no one holds; of another's things it stays a claim
    /// that an offer by the custodian completes.
    #[codec(index = 7)]
    Claim {
        /// Which.
        items: Things,
        /// Which right.
        #[cfg_attr(feature = "host", serde(default = "possession"))]
        what: Right,
    },
    /// Hands things to someone without an account, such as a consumer.
    #[codec(index = 8)]
    Release {
        /// Which.
        items: Things,
    },
    /// Puts things into a parent, which begins with its first pack.
    #[codec(index = 9)]
    Pack {
        /// What holds them from now on.
        parent: ThingId,
        /// What goes in.
        children: Things,
    },
    /// Takes things out of a parent.
    #[codec(index = 10)]
    Unpack {
        /// What held them.
        parent: ThingId,
        /// What comes out; none named: everything.
        #[cfg_attr(feature = "host", serde(default))]
        children: Things,
    },
    /// Writes down a sighting, check or measurement.
    #[codec(index = 11)]
    Observe {
        /// Of what; none: of a place or device.
        #[cfg_attr(feature = "host", serde(default))]
        items: Things,
        /// The parent under which they were seen.
        #[cfg_attr(feature = "host", serde(default))]
        parent: Option<ThingId>,
    },
    /// Attaches things to a thing or place without putting them inside.
    #[codec(index = 12)]
    Associate {
        /// What they hang on.
        parent: Anchor,
        /// What hangs on it.
        children: Things,
    },
    /// Detaches things; none named: everything.
    #[codec(index = 13)]
    Dissociate {
        /// What they hung on.
        parent: Anchor,
        /// What comes off.
        #[cfg_attr(feature = "host", serde(default))]
        children: Things,
    },
    /// Uses up inputs and brings outputs into being.
    #[codec(index = 14)]
    Transform {
        /// Joins inputs and outputs that are reported apart.
        #[cfg_attr(feature = "host", serde(default))]
        id: Option<Uri>,
        /// Used up; one that is an output too survives.
        #[cfg_attr(feature = "host", serde(default))]
        inputs: Things,
        /// Brought into being.
        #[cfg_attr(feature = "host", serde(default))]
        outputs: Things,
        /// The lot of serialised outputs.
        #[cfg_attr(feature = "host", serde(default))]
        lot: Option<LotNumber>,
        /// The outputs' last good day.
        #[cfg_attr(feature = "host", serde(default))]
        expiry: Option<Date>,
    },
    /// Calls things back.
    #[codec(index = 15)]
    Recall {
        /// What is recalled.
        target: RecallTarget,
        /// Why.
        reason: Note,
        /// What holders are to do.
        #[cfg_attr(feature = "host", serde(default))]
        instructions: Note,
        /// Who may receive recalled things beside the brand.
        #[cfg_attr(feature = "host", serde(default))]
        collectors: List<PartyRef, 64>,
    },
    /// Ends a recall.
    #[codec(index = 16)]
    Lift {
        /// Which.
        recall: RecallId,
    },
    /// Ties things to a document (EPCIS transaction event).
    #[codec(index = 17)]
    Link {
        /// The documents stand in the evidence.
        #[cfg_attr(feature = "host", serde(default))]
        items: Things,
        /// The unit that holds them, if named.
        #[cfg_attr(feature = "host", serde(default))]
        parent: Option<ThingId>,
        /// Ends the tie instead.
        #[cfg_attr(feature = "host", serde(default))]
        unlink: bool,
    },
    /// Declares a recorded event to be an error; state is mended by new actions alone.
    #[codec(index = 18)]
    DeclareError {
        /// The captured event's CBV hash.
        event: Hash,
        /// Its id, where it had one.
        #[cfg_attr(feature = "host", serde(default))]
        event_id: Option<Uri>,
        /// CBV error reason.
        #[cfg_attr(feature = "host", serde(default))]
        reason: Option<Term>,
        /// Ids of the events that put it right.
        #[cfg_attr(feature = "host", serde(default))]
        corrective: List<Uri, 16>,
    },
    /// Ends the account's recalls of what is named, whatever their numbers. A list is lifted
    /// in parts: its recall ends with the last of its things.
    #[codec(index = 19)]
    LiftOf {
        /// What is recalled no more.
        target: RecallTarget,
    },
    /// By the brand: frees things of every hold but that of the contract that rules them,
    /// which releases them itself.
    #[codec(index = 20)]
    EndHold {
        /// What is held.
        target: Target,
    },
}

#[cfg(feature = "host")]
fn possession() -> Right {
    Right::Possession
}

/// An operation's kind: its name in JSON, in scopes, in history and in rules' exports.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, MaxEncodedLen,
)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
#[repr(u8)]
#[allow(missing_docs)] // each is the operation of the same name
pub enum Kind {
    Commission = 0,
    Decommission = 1,
    Reinstate = 2,
    Offer = 3,
    Accept = 4,
    Reject = 5,
    Withdraw = 6,
    Claim = 7,
    Release = 8,
    Pack = 9,
    Unpack = 10,
    Observe = 11,
    Associate = 12,
    Dissociate = 13,
    Transform = 14,
    Recall = 15,
    Lift = 16,
    Link = 17,
    DeclareError = 18,
    /// What a contract's message, or a brand without one, did to its products.
    Govern = 19,
    /// What the registry recorded.
    Register = 20,
    /// Deployment and messages of contracts.
    Contract = 21,
    /// What parties say of one another.
    Credential = 22,
}

impl Kind {
    /// All kinds of operations, by their numbers.
    pub const ALL: [Self; 23] = [
        Self::Commission,
        Self::Decommission,
        Self::Reinstate,
        Self::Offer,
        Self::Accept,
        Self::Reject,
        Self::Withdraw,
        Self::Claim,
        Self::Release,
        Self::Pack,
        Self::Unpack,
        Self::Observe,
        Self::Associate,
        Self::Dissociate,
        Self::Transform,
        Self::Recall,
        Self::Lift,
        Self::Link,
        Self::DeclareError,
        Self::Govern,
        Self::Register,
        Self::Contract,
        Self::Credential,
    ];

    /// Whether a contract may have a rule for it: whatever moves things or says something
    /// of them, recalls and corrections excepted.
    pub fn has_rule(self) -> bool {
        self as u8 <= Self::Transform as u8
    }

    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Commission => "commission",
            Self::Decommission => "decommission",
            Self::Reinstate => "reinstate",
            Self::Offer => "offer",
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Pack => "pack",
            Self::Unpack => "unpack",
            Self::Observe => "observe",
            Self::Associate => "associate",
            Self::Dissociate => "dissociate",
            Self::Transform => "transform",
            Self::Recall => "recall",
            Self::Lift => "lift",
            Self::Link => "link",
            Self::DeclareError => "declareError",
            Self::Govern => "govern",
            Self::Register => "register",
            Self::Contract => "contract",
            Self::Credential => "credential",
        }
    }
}

/// What an operation names as a parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parent<'o> {
    /// A unit, an asset, an item.
    Thing(&'o ThingId),
    /// A place that things hang on.
    Place(&'o Place),
}

impl Operation {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Commission { .. } => Kind::Commission,
            Self::Decommission { .. } => Kind::Decommission,
            Self::Reinstate { .. } => Kind::Reinstate,
            Self::Offer { .. } => Kind::Offer,
            Self::Accept { .. } => Kind::Accept,
            Self::Reject { .. } => Kind::Reject,
            Self::Withdraw { .. } => Kind::Withdraw,
            Self::Claim { .. } => Kind::Claim,
            Self::Release { .. } => Kind::Release,
            Self::Pack { .. } => Kind::Pack,
            Self::Unpack { .. } => Kind::Unpack,
            Self::Observe { .. } => Kind::Observe,
            Self::Associate { .. } => Kind::Associate,
            Self::Dissociate { .. } => Kind::Dissociate,
            Self::Transform { .. } => Kind::Transform,
            Self::Recall { .. } => Kind::Recall,
            Self::Lift { .. } => Kind::Lift,
            Self::Link { .. } => Kind::Link,
            Self::DeclareError { .. } => Kind::DeclareError,
            Self::LiftOf { .. } => Kind::Lift,
            Self::EndHold { .. } => Kind::Govern,
        }
    }

    /// Everything that it names beside a parent; what a transformation uses up comes first.
    pub fn things(&self) -> impl Iterator<Item = &Thing> {
        let (named, more): (&[Thing], &[Thing]) = match self {
            Self::Commission { items, .. }
            | Self::Decommission { items }
            | Self::Reinstate { items }
            | Self::Offer { items, .. }
            | Self::Accept { items }
            | Self::Reject { items }
            | Self::Withdraw { items }
            | Self::Claim { items, .. }
            | Self::Release { items }
            | Self::Observe { items, .. }
            | Self::Link { items, .. }
            | Self::Recall {
                target: RecallTarget::Items(items),
                ..
            }
            | Self::LiftOf {
                target: RecallTarget::Items(items),
            }
            | Self::EndHold {
                target: Target::Things { items, .. },
            } => (items, &[]),
            Self::Pack { children, .. }
            | Self::Unpack { children, .. }
            | Self::Associate { children, .. }
            | Self::Dissociate { children, .. } => (children, &[]),
            Self::Transform {
                inputs, outputs, ..
            } => (inputs, outputs),
            Self::Recall { .. }
            | Self::Lift { .. }
            | Self::LiftOf { .. }
            | Self::EndHold { .. }
            | Self::DeclareError { .. } => (&[], &[]),
        };
        named.iter().chain(more)
    }

    /// What it names as a parent.
    pub fn parent(&self) -> Option<Parent<'_>> {
        match self {
            Self::Pack { parent, .. } | Self::Unpack { parent, .. } => Some(Parent::Thing(parent)),
            Self::Observe { parent, .. } | Self::Link { parent, .. } => {
                parent.as_ref().map(Parent::Thing)
            }
            Self::Associate { parent, .. } | Self::Dissociate { parent, .. } => {
                Some(match parent {
                    Anchor::Thing(id) => Parent::Thing(id),
                    Anchor::Place(place) => Parent::Place(place),
                })
            }
            _ => None,
        }
    }
}

/// The five EPCIS event types.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, MaxEncodedLen,
)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(missing_docs)] // EPCIS 2.0 section 7.4
pub enum EventType {
    #[codec(index = 0)]
    ObjectEvent,
    #[codec(index = 1)]
    AggregationEvent,
    #[codec(index = 2)]
    TransactionEvent,
    #[codec(index = 3)]
    TransformationEvent,
    #[codec(index = 4)]
    AssociationEvent,
}

/// What a captured event is known by.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CaptureKey"))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct Capture {
    /// The document's event type.
    pub event_type: EventType,
    /// CBV 2.0 event hash (SHA-256).
    pub hash: Hash,
    /// The event's own id.
    pub event_id: Option<Uri>,
    /// Present in an event that declares a recorded one to be an error.
    pub declaration: Option<ErrorDeclaration>,
}

/// EPCIS errorDeclaration (EPCIS 2.0 section 7.4.1.4).
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct ErrorDeclaration {
    /// SHA-256 of its pre-hash text (CBV 2.0 section 8.9.2): with the event hash it tells duplicates.
    pub digest: Hash,
    /// When it was declared.
    pub time: TimeMs,
    /// CBV error reason.
    pub reason: Option<Term>,
    /// Ids of the events that put it right.
    pub corrective: List<Uri, 16>,
}

/// Operations of a captured event at most.
pub const MAX_ATTEMPTS: usize = 16;

/// A captured event: the operations that it may stand for, in order of preference, and
/// what is kept in any case.
///
/// The first operation is tried; where it does not apply (nothing is offered, the receiver
/// is unknown), the next. If none is allowed, the things are observed and the first
/// operation's refusal is the reason. Recalls and lifts of recalls are no alternatives: each
/// is done after what else the event stands for, as far as it is allowed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct Report {
    /// What it is known by.
    pub capture: Capture,
    /// In order of preference; none: an observation from the start.
    #[cfg_attr(feature = "host", serde(default))]
    pub attempts: List<Operation, MAX_ATTEMPTS>,
    /// Everything that the event names, for its observation.
    #[cfg_attr(feature = "host", serde(default))]
    pub items: Things,
    /// The parent that it names.
    #[cfg_attr(feature = "host", serde(default))]
    pub parent: Option<ThingId>,
    /// When, where, why and with what evidence.
    #[cfg_attr(feature = "host", serde(default))]
    pub detail: Detail,
}

/// What the registrar licenses to a brand.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum LicenceKey {
    /// All keys that begin with a GS1 Company Prefix.
    #[codec(index = 0)]
    Prefix(CompanyPrefix),
    /// One product.
    #[codec(index = 1)]
    Product(Gtin),
    /// One type of returnable asset.
    #[codec(index = 2)]
    Returnable(GraiType),
    /// One asset.
    #[codec(index = 3)]
    Asset(Giai),
}

/// What a key may sign for its account. An absent list is no restriction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct Scope {
    /// Whether it may add and revoke keys, never beyond its own scope.
    pub administer: bool,
    /// Kinds of actions.
    pub kinds: Option<List<Kind, 32>>,
    /// Contract messages by name.
    pub messages: Option<List<Text<64>, 32>>,
    /// Products.
    pub products: Option<List<Gtin, 64>>,
    /// Locations that a movement may name as its place.
    pub places: Option<List<Gln, 64>>,
    /// The last moment at which it may sign.
    pub expires: Option<TimeMs>,
}

/// What the registry records.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(
        rename_all = "camelCase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )
)]
pub enum Registration {
    /// By the registrar: a party and the locations that stand for it.
    #[codec(index = 0)]
    RegisterParty {
        /// Its account.
        account: Address,
        /// Its name.
        name: Name,
        /// Its GLNs and PGLNs, none of which another party holds.
        #[cfg_attr(feature = "host", serde(default))]
        locations: List<Gln, 64>,
    },
    /// By the registrar: a brand's right to a prefix or key.
    #[codec(index = 1)]
    License {
        /// The brand's account.
        brand: Address,
        /// What it may use.
        key: LicenceKey,
    },
    /// By the licensee: a product and the contract that governs it.
    #[codec(index = 2)]
    RegisterProduct {
        /// The product.
        gtin: Gtin,
        /// Its name.
        name: Name,
        /// The contract that rules its movements; none: the kernel alone.
        #[cfg_attr(feature = "host", serde(default))]
        contract: Option<Address>,
    },
    /// By the licensee: who may commission a product.
    #[codec(index = 3)]
    Appoint {
        /// The product.
        gtin: Gtin,
        /// The commissioner.
        party: PartyRef,
        /// Ends the appointment instead.
        #[cfg_attr(feature = "host", serde(default))]
        dismiss: bool,
    },
    /// By an administer key: another key for the account.
    #[codec(index = 4)]
    AuthorizeKey {
        /// The key's address.
        key: Address,
        /// What it may sign.
        #[cfg_attr(feature = "host", serde(default))]
        scope: Scope,
    },
    /// By an administer key: ends a key at once.
    #[codec(index = 5)]
    RevokeKey {
        /// The key's address.
        key: Address,
    },
    /// By custodian or brand: who may write observations into things' own history.
    #[codec(index = 6)]
    GrantObserver {
        /// The observer.
        party: PartyRef,
        /// Of the brand's product; none: of all that the account holds.
        #[cfg_attr(feature = "host", serde(default))]
        gtin: Option<Gtin>,
        /// Ends the grant instead.
        #[cfg_attr(feature = "host", serde(default))]
        revoke: bool,
    },
    /// By a holder: a recall was seen and acted on.
    #[codec(index = 7)]
    Acknowledge {
        /// Which recall.
        recall: RecallId,
        /// What was done.
        #[cfg_attr(feature = "host", serde(default))]
        note: Note,
    },
    /// By a party: what it says of another, such as its licence; said again, it is renewed.
    #[codec(index = 8)]
    IssueCredential {
        /// Of whom.
        subject: PartyRef,
        /// What it is.
        kind: CredentialKind,
        /// What the issuer knows it by; a company's number, never a person's.
        number: CredentialNumber,
        /// From when on, not before block time; none: from block time on.
        #[cfg_attr(feature = "host", serde(default))]
        from: Option<TimeMs>,
        /// The last moment; none: until it is revoked.
        #[cfg_attr(feature = "host", serde(default))]
        until: Option<TimeMs>,
    },
    /// By its issuer: ends a credential with block time.
    #[codec(index = 9)]
    RevokeCredential {
        /// Whose.
        subject: PartyRef,
        /// Which.
        kind: CredentialKind,
    },
}

/// What is done with contracts.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(
        rename_all = "camelCase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )
)]
pub enum ContractAction {
    /// A new contract of the account.
    #[codec(index = 0)]
    Deploy {
        /// Its code.
        code: CodeSource,
        /// With the account it makes the address.
        #[cfg_attr(feature = "host", serde(default))]
        salt: u64,
        /// Encoded arguments of `init`.
        #[cfg_attr(feature = "host", serde(default))]
        args: Bytes<65536>,
    },
    /// New code for the account's contract; storage moves through its `migrate`.
    #[codec(index = 1)]
    Upgrade {
        /// The contract.
        contract: Address,
        /// Its next code.
        code: CodeSource,
        /// Encoded arguments of `migrate`.
        #[cfg_attr(feature = "host", serde(default))]
        args: Bytes<65536>,
    },
    /// A message to a contract.
    #[codec(index = 2)]
    Message {
        /// The contract.
        contract: Address,
        /// The message's name.
        name: Text<64>,
        /// Its encoded arguments.
        #[cfg_attr(feature = "host", serde(default))]
        args: Bytes<65536>,
    },
    /// Keeps code, so that it can be deployed by its hash, by anyone and any number of times,
    /// once the blocks have passed that genesis names, which is time to compile it.
    #[codec(index = 3)]
    Store {
        /// WebAssembly.
        code: Bytes<MAX_CODE>,
    },
}

/// Where code comes from; as JSON its bytes in hexadecimal, or `{"hash": "0x…"}`.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(untagged))]
pub enum CodeSource {
    /// WebAssembly, which is kept at once; enough where genesis sets no delay.
    #[codec(index = 0)]
    Inline(Bytes<MAX_CODE>),
    /// Code that the ledger has.
    #[codec(index = 1)]
    Known {
        /// Keccak-256 of it.
        hash: Hash,
    },
}

/// One step of a transaction.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Action {
    /// It happens or is refused.
    #[codec(index = 0)]
    Intent(Operation, Detail),
    /// It is kept in any case.
    #[codec(index = 1)]
    Fact(Report),
    /// The registry.
    #[codec(index = 2)]
    Registry(Registration),
    /// Contracts.
    #[codec(index = 3)]
    Contract(ContractAction),
}

impl Action {
    /// Its kind, for scopes; a fact's is that of its first attempt.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Intent(operation, _) => operation.kind(),
            Self::Fact(report) => report
                .attempts
                .first()
                .map_or(Kind::Observe, Operation::kind),
            Self::Registry(
                Registration::IssueCredential { .. } | Registration::RevokeCredential { .. },
            ) => Kind::Credential,
            Self::Registry(_) => Kind::Register,
            Self::Contract(_) => Kind::Contract,
        }
    }
}
