//! What runs contracts for the ledger.

use crate::callee::Callee;
use marque_abi::{Entry, Host};
use marque_primitives::action::Kind;
use marque_vm::{CallOutcome, Vm, VmError};

/// The virtual machine, or what stands in front of it and watches the calls.
pub trait Machine {
    /// The virtual machine that compiles code and keeps it.
    fn vm(&self) -> &Vm;

    /// Whether a contract is asked about a kind of movement: its record says so.
    fn rules_on(&self, callee: &Callee, kind: Kind) -> bool {
        callee.record.rules_on(kind)
    }

    /// Whether a contract is to be asked at an entry.
    fn has(&self, callee: &Callee, entry: Entry<'_>) -> bool {
        callee.module.has(entry)
    }

    /// Runs one entry of a contract with at most `gas`. The answer decides receipts: it depends
    /// on nothing but the code, the input and what the host answers.
    ///
    /// # Errors
    /// As [`Vm::run`].
    fn run(
        &self,
        callee: &Callee,
        entry: Entry<'_>,
        input: Vec<u8>,
        gas: u64,
        host: &mut dyn Host,
    ) -> Result<CallOutcome, VmError> {
        self.vm().run(&callee.module, entry, input, gas, host)
    }
}

impl Machine for Vm {
    fn vm(&self) -> &Vm {
        self
    }
}
