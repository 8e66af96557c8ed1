//! What the kernel's own work costs, in the same unit as the VM's schedule: about a tenth of
//! a nanosecond. Contracts' instructions and host calls are priced in `marque_vm::schedule`.

use marque_primitives::transaction::Body;
use parity_scale_codec::Encode;

/// What a transaction costs before its first action: a limit below it could pay for nothing.
pub(crate) fn intrinsic(body: &Body) -> u64 {
    let size = u64::try_from(body.encoded_size()).unwrap_or(u64::MAX);
    TRANSACTION.saturating_add(size.saturating_mul(BYTE_WRITTEN))
}

/// A transaction: its decoding, signature and nonce.
pub(crate) const TRANSACTION: u64 = 1_000_000;
/// An action, before it reads anything.
pub(crate) const ACTION: u64 = 100_000;
/// A leaf read.
pub(crate) const READ: u64 = 30_000;
/// A leaf written or removed, and its place in the state's tree.
pub(crate) const WRITE: u64 = 100_000;
/// A history entry or event.
pub(crate) const HISTORY: u64 = 100_000;
/// A byte read.
pub(crate) const BYTE_READ: u64 = 20;
/// A byte written, into a leaf, an entry or an event.
pub(crate) const BYTE_WRITTEN: u64 = 200;
/// A contract's code, for each byte: checked, instrumented and compiled.
pub(crate) const CODE_BYTE: u64 = 20_000;
