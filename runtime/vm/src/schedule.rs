//! What things cost: the one gas schedule.
//!
//! A unit of gas is about a tenth of a nanosecond of a server core of 2024, so that the
//! cheapest operators have a price at all; `examples/gas.rs` measures what each class gets
//! for it. Prices are charged for a whole metered block (a stretch of code that is entered
//! only at its start and left only at its end) before any of it runs, so that gas depends
//! on the code and its input alone. Where the processor's luck decides (a branch foretold, a
//! line in the cache), the price lies between luck and bad luck.

use marque_abi::HostCall;
use wasmparser::Operator;

/// The version of this schedule. Part of the compiled cache's key: a change of any price
/// changes what the chain computes. Frozen by `tests/golden/prices.txt`; GAS.md has the
/// measurements.
pub const SCHEDULE_VERSION: u32 = 2;

/// A call of an entry: its instance, with the first [`RESIDENT_PAGES`] of memory, and the
/// way in and out.
pub const ENTRY: u64 = 100_000;
/// A byte of a call's input.
pub const INPUT_BYTE: u64 = 1;
/// A 64 KiB page of memory beyond the resident ones, at the start of a call or by growth:
/// the system gives its parts one by one as they are touched.
pub const PAGE: u64 = 250_000;
/// Pages that come with an entry.
pub const RESIDENT_PAGES: u32 = 2;

/// Entering a metered block: the counting itself.
const BLOCK: u64 = 3;
/// Entering a function: its frame, and counting the stack.
const FUNCTION: u64 = 8;
/// A local, which is set to zero on entry or handed over.
const LOCAL: u64 = 1;

/// Bytes of counted stack that every frame takes beside its values.
const FRAME: u32 = 64;
/// Bytes of counted stack for each local and for each place on the operand stack.
const VALUE: u32 = 8;
/// Bytes of counted stack for each byte of the body: a compiler may keep a value of its own
/// for every instruction (a common subexpression is one that outlives a call), so that
/// locals and operands alone would not bound a native frame.
const BODY_BYTE: u32 = 1;

/// The gas of a function's entry.
pub(crate) fn function_entry(locals: u32) -> u64 {
    FUNCTION.saturating_add(LOCAL.saturating_mul(u64::from(locals)))
}

/// The gas of a metered block whose operators cost `operators` together.
pub(crate) fn block(operators: u64) -> u64 {
    if operators == 0 {
        0
    } else {
        operators.saturating_add(BLOCK)
    }
}

/// The counted stack of a frame, in bytes.
pub(crate) fn frame(locals: u32, operands: u32, body_bytes: usize) -> u32 {
    let body = u32::try_from(body_bytes)
        .unwrap_or(u32::MAX)
        .saturating_mul(BODY_BYTE);
    let values = VALUE.saturating_mul(locals.saturating_add(operands));
    FRAME.saturating_add(values).saturating_add(body)
}

/// The gas of one operator. What the static check does not let through has no price.
pub(crate) fn operator(operator: &Operator<'_>) -> u64 {
    use Operator as Op;
    match operator {
        // Structure, and values that compile into the instruction that takes them.
        Op::Nop
        | Op::Block { .. }
        | Op::Loop { .. }
        | Op::Else
        | Op::End
        | Op::Drop
        | Op::Unreachable
        | Op::LocalGet { .. }
        | Op::LocalSet { .. }
        | Op::LocalTee { .. }
        | Op::I32Const { .. }
        | Op::I64Const { .. } => 0,
        Op::MemorySize { .. } | Op::GlobalGet { .. } | Op::GlobalSet { .. } => 1,
        Op::I32Shl
        | Op::I32ShrS
        | Op::I32ShrU
        | Op::I32Rotl
        | Op::I32Rotr
        | Op::I64Shl
        | Op::I64ShrS
        | Op::I64ShrU
        | Op::I64Rotl
        | Op::I64Rotr => 3,
        Op::Select
        | Op::I32Clz
        | Op::I32Ctz
        | Op::I32Popcnt
        | Op::I64Clz
        | Op::I64Ctz
        | Op::I64Popcnt => 4,
        Op::I32Mul | Op::I64Mul => 8,
        Op::I32Load { .. }
        | Op::I64Load { .. }
        | Op::I32Load8S { .. }
        | Op::I32Load8U { .. }
        | Op::I32Load16S { .. }
        | Op::I32Load16U { .. }
        | Op::I64Load8S { .. }
        | Op::I64Load8U { .. }
        | Op::I64Load16S { .. }
        | Op::I64Load16U { .. }
        | Op::I64Load32S { .. }
        | Op::I64Load32U { .. } => 4,
        Op::I32Store { .. }
        | Op::I64Store { .. }
        | Op::I32Store8 { .. }
        | Op::I32Store16 { .. }
        | Op::I64Store8 { .. }
        | Op::I64Store16 { .. }
        | Op::I64Store32 { .. } => 2,
        Op::Br { .. } | Op::BrIf { .. } | Op::If { .. } | Op::Return => 2,
        Op::Call { .. } => 12,
        Op::BrTable { .. } => 20,
        Op::CallIndirect { .. } => 30,
        Op::I32DivS
        | Op::I32DivU
        | Op::I32RemS
        | Op::I32RemU
        | Op::I64DivS
        | Op::I64DivU
        | Op::I64RemS
        | Op::I64RemU => 60,
        // The pages are charged where the memory grows.
        Op::MemoryGrow { .. } => 1_000,
        // A comparison's result is moved out of the flags.
        Op::I32Eqz
        | Op::I32Eq
        | Op::I32Ne
        | Op::I32LtS
        | Op::I32LtU
        | Op::I32GtS
        | Op::I32GtU
        | Op::I32LeS
        | Op::I32LeU
        | Op::I32GeS
        | Op::I32GeU
        | Op::I64Eqz
        | Op::I64Eq
        | Op::I64Ne
        | Op::I64LtS
        | Op::I64LtU
        | Op::I64GtS
        | Op::I64GtU
        | Op::I64LeS
        | Op::I64LeU
        | Op::I64GeS
        | Op::I64GeU => 4,
        // Sums, bits, conversions.
        _ => 2,
    }
}

/// Bytes of a word, in which what host calls carry is counted.
const WORD: u64 = 8;

/// The price of a host call, beside what the host charges for the work itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Price {
    /// For the call.
    pub base: u64,
    /// For each 8 bytes, begun or whole, that come in from the contract.
    pub word_in: u64,
    /// For each 8 bytes, begun or whole, of the answer, whether or not it fits the contract's
    /// buffer.
    pub word_out: u64,
}

impl Price {
    /// For so many bytes that come in.
    pub const fn bytes_in(&self, bytes: u64) -> u64 {
        self.word_in.saturating_mul(bytes.div_ceil(WORD))
    }

    /// For so many bytes that go out.
    pub const fn bytes_out(&self, bytes: u64) -> u64 {
        self.word_out.saturating_mul(bytes.div_ceil(WORD))
    }
}

/// The price of each row of the table of host calls.
pub const fn host_call(row: HostCall) -> Price {
    let (base, word_in, word_out) = match row {
        HostCall::Input | HostCall::Answer => (1_000, 0, 2),
        HostCall::Output | HostCall::Refuse | HostCall::Panicked => (1_000, 2, 0),
        HostCall::Log => (1_000, 32, 0),
        HostCall::Keccak256 => (5_000, 400, 0),
        HostCall::Sha256 => (2_000, 80, 0),
        HostCall::Recover => (1_000_000, 0, 0),
        HostCall::StorageRead | HostCall::Read => (20_000, 160, 16),
        HostCall::StorageAfter => (30_000, 160, 16),
        HostCall::StorageWrite | HostCall::StorageRemove => (60_000, 400, 0),
        HostCall::Emit => (10_000, 400, 0),
        HostCall::Refusal => (12_000, 160, 16),
        HostCall::Command => (30_000, 160, 16),
        HostCall::Call => (30_000, 16, 16),
    };
    Price {
        base,
        word_in,
        word_out,
    }
}

#[cfg(test)]
mod tests;
