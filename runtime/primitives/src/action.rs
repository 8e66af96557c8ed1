//! What can be asked of the ledger.
//!
//! An [`Action::Intent`] happens or is refused. An [`Action::Fact`] is a captured report
//! of something past: it moves custody where rights and rules allow, else it is kept as an
//! observation that names why. Variants and field order are the encoding: final.

mod contract;
mod kind;
mod operation;
mod registration;
mod report;

pub use contract::{CodeSource, ContractAction};
pub use kind::Kind;
pub use operation::{Operation, Parent};
pub use registration::{LicenceKey, Registration, Scope};
pub use report::{Capture, ErrorDeclaration, EventType, MAX_ATTEMPTS, Report};

use crate::Address;
use crate::bounded::{List, Text};
use crate::detail::{Detail, Place};
use crate::gs1::{Gln, Gtin};
use crate::thing::{LotId, Thing, ThingId};
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
