//! The inputs of a contract's other exports, what a message may command, and what any of
//! them may read.

use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::detail::Term;
use marque_primitives::{Address, Height, TimeMs};
use parity_scale_codec::{Decode, Encode};

/// What a command reaches.
pub use marque_primitives::action::Target;

/// The input of `init`, `migrate`, `message` and `query`.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Invocation {
    /// The contract's own address.
    pub contract: Address,
    /// Its brand.
    pub brand: Address,
    /// Who calls: the account behind a transaction, the contract behind a call, or zero for
    /// a query from outside.
    pub caller: Address,
    /// The key that signed; the caller where nothing was signed.
    pub signer: Address,
    /// The block.
    pub height: Height,
    /// The block's time.
    pub now: TimeMs,
    /// The message or query; empty for `init` and `migrate`.
    pub name: Text<64>,
    /// The encoded arguments.
    pub args: Bytes<65536>,
}

/// What a contract's message may do to its own products. No rule runs for it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Command {
    /// Holds things until they are released.
    #[codec(index = 0)]
    Quarantine {
        /// What.
        target: Target,
        /// Why; shown with the event.
        note: Text<255>,
    },
    /// Ends the hold of things, or of a part of a held lot.
    #[codec(index = 1)]
    Release {
        /// What.
        target: Target,
        /// Why; shown with the event.
        note: Text<255>,
    },
    /// Says what they are good for now.
    #[codec(index = 2)]
    Dispose {
        /// What; not a lot as a whole.
        target: Target,
        /// CBV disposition.
        disposition: Term,
    },
}

/// What the host call `read` reads; the id's and the answer's encodings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Read {
    /// `ThingId` → [`marque_primitives::record::Record`] of the run that holds it.
    Record = 0,
    /// `LotId` → [`marque_primitives::record::LotRecord`].
    Lot = 1,
    /// `Gtin` → [`marque_primitives::record::Product`].
    Product = 2,
    /// `Address` → [`marque_primitives::record::Party`].
    Party = 3,
    /// `Gln` → `Address` of the party that registered it.
    Location = 4,
    /// `ThingId` → [`marque_primitives::record::Contents`] of a unit.
    Contents = 5,
    /// Subject and issuer, each an `Address`, and `CredentialKind` →
    /// [`marque_primitives::record::Credential`].
    Credential = 6,
}

impl Read {
    /// The kind of a number.
    pub fn from_u32(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Record,
            1 => Self::Lot,
            2 => Self::Product,
            3 => Self::Party,
            4 => Self::Location,
            5 => Self::Contents,
            6 => Self::Credential,
            _ => return None,
        })
    }
}
