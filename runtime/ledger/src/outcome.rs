//! What goes into the transition, and what comes out.

use marque_primitives::history::{Entry, Event};
use marque_primitives::receipt::Receipt;
use marque_primitives::{Hash, Height, Nonce, Position, TimeMs};
use marque_state::Changes;

/// The block in which transactions are executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockInfo {
    /// Its height.
    pub height: Height,
    /// Its time.
    pub time: TimeMs,
}

/// Who asks for the execution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// A proposer: invalid transactions are left out and named.
    Propose,
    /// Anyone else: an invalid transaction makes the block invalid.
    Validate,
}

/// What a block did.
#[derive(Debug)]
pub struct Execution {
    /// What the block writes into the state, ascending; also what is written as it was.
    pub changes: Changes,
    /// A receipt for each transaction that is part of the block, in order.
    pub receipts: Vec<Receipt>,
    /// The indices, within what was given, of the transactions that are part of the block.
    pub included: Vec<usize>,
    /// What a proposer left out: index and cause.
    pub left_out: Vec<(usize, Invalid)>,
    /// History entries in order of their positions.
    pub entries: Vec<(Position, Entry)>,
    /// Events in order of their positions.
    pub events: Vec<(Position, Event)>,
}

/// Why a transaction cannot be part of a block at its place: the pool's and the RPC's 1xxx
/// errors. It leaves no receipt.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Invalid {
    /// Signed for another chain or another genesis.
    #[error("the transaction is for chain {chain_id} with genesis {genesis}")]
    WrongChain {
        /// What it names.
        chain_id: u64,
        /// What it names.
        genesis: Hash,
    },
    /// The nonce was used.
    #[error("nonce {found} was used; the next is {next}")]
    NonceTooLow {
        /// The lane's next nonce.
        next: Nonce,
        /// The transaction's.
        found: Nonce,
    },
    /// Nonces before it are missing.
    #[error("nonce {found} leaves a gap; the next is {next}")]
    NonceGap {
        /// The lane's next nonce.
        next: Nonce,
        /// The transaction's.
        found: Nonce,
    },
    /// Its expiry has passed.
    #[error("the transaction expired")]
    Expired,
    /// The key was never authorised by the account, was revoked, or has expired.
    #[error("the key is not authorised by the account")]
    KeyUnknown,
    /// The gas limit is above the block's.
    #[error("the gas limit is above the block's limit of {allowed}")]
    GasLimit {
        /// The block's limit.
        allowed: u64,
    },
    /// The gas limit does not pay for the transaction and its bytes.
    #[error("the gas limit is below {needed}, the price of the transaction and its bytes")]
    GasTooLow {
        /// The least limit that can be.
        needed: u64,
    },
    /// The gas limit is above what is left of the account's quota.
    #[error("{left} gas is left of the account's quota until block {until}")]
    QuotaSpent {
        /// What is left.
        left: u64,
        /// The first block of the next window.
        until: Height,
    },
    /// The block has no gas left for it; the next one may.
    #[error("the block is full")]
    BlockFull,
}

impl Invalid {
    /// Its stable number in RPC errors.
    pub fn code(self) -> u32 {
        match self {
            Self::WrongChain { .. } => 1002,
            Self::NonceTooLow { .. } => 1003,
            Self::NonceGap { .. } => 1004,
            Self::Expired => 1006,
            Self::KeyUnknown => 1008,
            Self::GasLimit { .. } => 1009,
            Self::GasTooLow { .. } => 1014,
            Self::QuotaSpent { .. } => 1015,
            Self::BlockFull => 1010,
        }
    }

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongChain { .. } => "WrongChain",
            Self::NonceTooLow { .. } => "NonceTooLow",
            Self::NonceGap { .. } => "NonceGap",
            Self::Expired => "Expired",
            Self::KeyUnknown => "KeyUnknown",
            Self::GasLimit { .. } => "GasLimit",
            Self::GasTooLow { .. } => "GasTooLow",
            Self::QuotaSpent { .. } => "QuotaSpent",
            Self::BlockFull => "BlockFull",
        }
    }
}

/// What a transaction would do now.
#[derive(Debug)]
pub struct DryRun {
    /// The receipt that it would get.
    pub receipt: Receipt,
    /// What contracts said to their developers, in order: contract and line.
    pub log: Vec<(marque_primitives::Address, String)>,
}
