//! What can go wrong, and whose fault it is.

use crate::limits::Limit;

/// A module that the chain does not take: which limit, where, what was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejection {
    /// The limit that was broken.
    pub limit: Limit,
    /// The section's name: `header`, `type`, `import`, … `code`, `data`, or `custom`.
    pub section: &'static str,
    /// Where in the module, in bytes from its start.
    pub offset: usize,
    /// How many or how much was found.
    pub found: u64,
    /// What exactly was found, in words: for people, never part of a receipt.
    pub detail: String,
}

impl Rejection {
    /// The stable number, 6001 to 6099.
    pub const fn code(&self) -> u16 {
        self.limit.code()
    }

    /// The stable name.
    pub const fn name(&self) -> &'static str {
        self.limit.name()
    }

    /// The most that is taken; 0 for what is not taken at all.
    pub const fn allowed(&self) -> u64 {
        self.limit.allowed()
    }

    /// What to do about it.
    pub const fn remedy(&self) -> &'static str {
        self.limit.remedy()
    }
}

impl core::fmt::Display for Rejection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "{} in the {} section at offset {}",
            self.name(),
            self.section,
            self.offset
        )?;
        if self.allowed() > 0 {
            write!(f, ": {} where {} is the most", self.found, self.allowed())?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        write!(f, "; {}", self.remedy())
    }
}

impl core::error::Error for Rejection {}

/// What the virtual machine cannot answer with an outcome.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VmError {
    /// The code is not taken: the same on every node.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The contract does not have the entry; ask [`crate::Module::has`] first.
    #[error("the contract has no entry {0}; ask it only what its metadata lists")]
    NoEntry(String),
    /// The node failed: no memory, no native stack, a compiler's or store's error. It says
    /// nothing about the contract; the node must stop before it answers or votes.
    #[error("the node failed while running a contract: {0}; it must not answer or vote")]
    NodeFault(String),
}

impl VmError {
    pub(crate) fn fault(what: impl core::fmt::Display) -> Self {
        Self::NodeFault(what.to_string())
    }
}
