//! What things cost: the one gas schedule.
//!
//! A unit of gas is about a nanosecond of a slow machine. Prices are charged for a whole
//! metered block (a stretch of code that is entered only at its start and left only at its
//! end) before any of it runs, so that gas depends on the code and its input alone.

use marque_abi::HostCall;
use wasmparser::Operator;

/// The version of this schedule. Part of the compiled cache's key: a change of any price
/// changes what the chain computes.
pub const SCHEDULE_VERSION: u32 = 1;

/// A call of an entry: its instance, and the way in and out.
pub const ENTRY: u64 = 5_000;
/// A byte of a call's input.
pub const INPUT_BYTE: u64 = 1;
/// A 64 KiB page of memory, at the start of a call or by growth.
pub const PAGE: u64 = 10_000;

/// Entering a metered block: the counting itself.
const BLOCK: u64 = 2;
/// Entering a function: its frame, and counting the stack.
const FUNCTION: u64 = 4;
/// A local beyond the parameters, which is set to zero on entry.
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
    match operator {
        // Structure, which compiles to nothing.
        Operator::Nop
        | Operator::Block { .. }
        | Operator::Loop { .. }
        | Operator::Else
        | Operator::End
        | Operator::Drop
        | Operator::Unreachable => 0,
        Operator::CallIndirect { .. } => 12,
        Operator::Call { .. } => 6,
        Operator::BrTable { .. } => 6,
        Operator::Br { .. } | Operator::BrIf { .. } | Operator::If { .. } | Operator::Return => 2,
        Operator::I32DivS
        | Operator::I32DivU
        | Operator::I32RemS
        | Operator::I32RemU
        | Operator::I64DivS
        | Operator::I64DivU
        | Operator::I64RemS
        | Operator::I64RemU => 12,
        Operator::I32Load { .. }
        | Operator::I64Load { .. }
        | Operator::I32Load8S { .. }
        | Operator::I32Load8U { .. }
        | Operator::I32Load16S { .. }
        | Operator::I32Load16U { .. }
        | Operator::I64Load8S { .. }
        | Operator::I64Load8U { .. }
        | Operator::I64Load16S { .. }
        | Operator::I64Load16U { .. }
        | Operator::I64Load32S { .. }
        | Operator::I64Load32U { .. }
        | Operator::I32Store { .. }
        | Operator::I64Store { .. }
        | Operator::I32Store8 { .. }
        | Operator::I32Store16 { .. }
        | Operator::I64Store8 { .. }
        | Operator::I64Store16 { .. }
        | Operator::I64Store32 { .. }
        | Operator::GlobalGet { .. }
        | Operator::GlobalSet { .. } => 2,
        // The pages are charged where the memory grows.
        Operator::MemoryGrow { .. } => 200,
        _ => 1,
    }
}

/// The price of a host call, beside what the host charges for the work itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Price {
    /// For the call.
    pub base: u64,
    /// For each byte that comes in from the contract.
    pub byte_in: u64,
    /// For each byte of the answer, whether or not it fits the contract's buffer.
    pub byte_out: u64,
}

/// The price of each row of the table of host calls.
pub const fn host_call(row: HostCall) -> Price {
    let (base, byte_in, byte_out) = match row {
        HostCall::Input | HostCall::Answer => (60, 0, 1),
        HostCall::Output | HostCall::Refuse | HostCall::Panicked => (60, 1, 0),
        HostCall::Keccak256 => (600, 8, 0),
        HostCall::Sha256 => (200, 4, 0),
        HostCall::Recover => (150_000, 0, 0),
        HostCall::StorageRead => (2_000, 2, 1),
        HostCall::StorageAfter => (4_000, 2, 1),
        HostCall::StorageWrite => (4_000, 10, 0),
        HostCall::StorageRemove => (4_000, 2, 0),
        HostCall::Emit => (500, 10, 0),
        HostCall::Log => (60, 1, 0),
        HostCall::Read => (2_000, 2, 1),
        HostCall::Command => (4_000, 4, 1),
        HostCall::Call => (8_000, 1, 1),
    };
    Price {
        base,
        byte_in,
        byte_out,
    }
}
