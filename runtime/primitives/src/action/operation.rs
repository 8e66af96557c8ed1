//! What happens to things: the operations, and what each names.

use super::{Anchor, Kind, Note, PartyRef, RecallId, RecallTarget, Right, Target, Things};
use crate::TimeMs;
use crate::bounded::List;
use crate::date::Date;
use crate::detail::{Place, Term};
use crate::gs1::LotNumber;
use crate::hash::Hash;
use crate::thing::{Thing, ThingId, Uri};
use parity_scale_codec::{Decode, Encode};

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
