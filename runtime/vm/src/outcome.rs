//! What a call ended in, the same on every node.

/// A call's end and price.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallOutcome {
    /// Gas used, nested calls included; all of the limit if it ran out.
    pub gas_used: u64,
    /// How it ended.
    pub result: CallResult,
}

/// How a call ended. What it wrote stands only if it returned; undoing is the ledger's work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CallResult {
    /// It came to its end; the bytes of its last `output`, or none.
    Returned(Vec<u8>),
    /// It refused, with these bytes.
    Refused(Vec<u8>),
    /// It was stopped.
    Trapped(Trap),
}

/// Why a call was stopped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trap {
    /// What happened.
    pub kind: TrapKind,
    /// A panic's or denial's text; empty where the kind says it all.
    pub message: String,
}

impl core::fmt::Display for Trap {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.kind.name())?;
        if self.message.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.message)
    }
}

/// The causes that stop a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TrapKind {
    /// The gas limit was used up.
    OutOfGas,
    /// The counted stack was used up: recursion too deep.
    StackOverflow,
    /// The contract panicked; the message is its own.
    Panicked,
    /// An `unreachable` instruction that no panic message came with.
    Unreachable,
    /// A load or store outside the memory.
    MemoryOutOfBounds,
    /// A host call's pointer and length reach outside the memory.
    PointerOutOfBounds,
    /// A host call's argument, or an answer, is longer than is taken.
    TooLong,
    /// A division by zero.
    DivisionByZero,
    /// The least integer divided by -1.
    IntegerOverflow,
    /// An indirect call outside the function table.
    TableOutOfBounds,
    /// An indirect call to an empty entry of the function table.
    IndirectCallToNull,
    /// An indirect call to a function of another type.
    IndirectCallType,
    /// The host does not allow what was asked; the name is the ledger's.
    Denied(&'static str),
}

impl TrapKind {
    /// The stable name, in camelCase.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutOfGas => "outOfGas",
            Self::StackOverflow => "stackOverflow",
            Self::Panicked => "panicked",
            Self::Unreachable => "unreachable",
            Self::MemoryOutOfBounds => "memoryOutOfBounds",
            Self::PointerOutOfBounds => "pointerOutOfBounds",
            Self::TooLong => "tooLong",
            Self::DivisionByZero => "divisionByZero",
            Self::IntegerOverflow => "integerOverflow",
            Self::TableOutOfBounds => "tableOutOfBounds",
            Self::IndirectCallToNull => "indirectCallToNull",
            Self::IndirectCallType => "indirectCallType",
            Self::Denied(name) => name,
        }
    }

    /// The stable number, 6101 to 6199.
    pub const fn code(self) -> u16 {
        match self {
            Self::OutOfGas => 6101,
            Self::StackOverflow => 6102,
            Self::Panicked => 6103,
            Self::Unreachable => 6104,
            Self::MemoryOutOfBounds => 6105,
            Self::PointerOutOfBounds => 6106,
            Self::TooLong => 6107,
            Self::DivisionByZero => 6108,
            Self::IntegerOverflow => 6109,
            Self::TableOutOfBounds => 6110,
            Self::IndirectCallToNull => 6111,
            Self::IndirectCallType => 6112,
            Self::Denied(_) => 6113,
        }
    }
}
