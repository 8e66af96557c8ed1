//! Calling a contract: its module, its entry in a fresh instance, and how that ended.

use crate::gas;
use crate::host::{Access, ContractHost};
use crate::kernel::Kernel;
use crate::state::decode;
use crate::stop::Do;
use marque_abi::{Entry, Reply};
use marque_primitives::record::{Code, Contract};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::{Address, codec, key};
use marque_vm::limits::MAX_CALL_DEPTH;
use marque_vm::{CallResult, Module, TrapKind};
use parity_scale_codec::Encode;

/// The most bytes of an answer that are decoded.
pub(crate) const MAX_ANSWER: usize = 65_536;

/// A contract, ready to be called.
#[derive(Debug)]
pub struct Callee {
    /// Where it is.
    pub address: Address,
    /// Its record: name, brand and code.
    pub record: Contract,
    /// Its code.
    pub module: Module,
}

impl Kernel<'_, '_> {
    /// A contract's record and module.
    pub(crate) fn callee(&mut self, address: Address) -> Do<Option<Callee>> {
        let Some(record) = self
            .state
            .get::<Contract>("contract", &key::contract(&address))?
        else {
            return Ok(None);
        };
        let module = self.module(&record)?;
        Ok(Some(Callee {
            address,
            record,
            module,
        }))
    }

    pub(crate) fn module(&mut self, record: &Contract) -> Do<Module> {
        // What is only tried leaves nothing behind on this node.
        let for_good = self.log.is_none();
        let state = &mut *self.state;
        let module = self.machine.vm().load(&record.code, for_good, || {
            state
                .unmetered(&key::code(&record.code))
                .and_then(|leaf| {
                    let leaf = leaf.ok_or("a contract's code is missing from the state")?;
                    let code: Code = decode("code", &leaf).map_err(|error| error.to_string())?;
                    Ok(code.wasm.into_vec())
                })
                .map_err(marque_vm::VmError::NodeFault)
        })?;
        // A leaf that is read, whether or not the module is at hand: that is the node's matter,
        // and the price bears the node that has to read it.
        let bytes = u64::from(module.code_bytes());
        let price = gas::READ.saturating_add(bytes.saturating_mul(gas::BYTE_READ));
        self.state.charge(price)?;
        Ok(module)
    }

    /// Runs an entry, with the gas that is left; a refusal, trap or empty meter refuses the
    /// action by name.
    pub(crate) fn enter(
        &mut self,
        callee: &Callee,
        entry: Entry<'_>,
        input: Vec<u8>,
        access: Access,
    ) -> Do<Vec<u8>> {
        match self.call(callee, entry, input, access)? {
            Reply::Returned(answer) => Ok(answer),
            Reply::Refused(bytes) => Err(callee.own_refusal(&bytes).into()),
            Reply::Trapped(message) => {
                let invariant = if self.state.meter.left() == 0 {
                    Invariant::OutOfGas
                } else {
                    Invariant::Trapped
                };
                let message = format!("{} stopped in {entry}: {message}", callee.name());
                Err(callee.refusal(invariant, &message).into())
            }
            Reply::Absent => {
                let message = format!("{} has no {entry}", callee.name());
                Err(callee.refusal(Invariant::UnknownContract, &message).into())
            }
        }
    }

    /// Runs an entry in a fresh instance. What it wrote is undone unless it returned.
    pub(crate) fn call(
        &mut self,
        callee: &Callee,
        entry: Entry<'_>,
        input: Vec<u8>,
        access: Access,
    ) -> Do<Reply> {
        if self.stack.contains(&callee.address) {
            return Err(callee
                .refusal(Invariant::Reentered, "the contract is running already")
                .into());
        }
        if self.stack.len() >= MAX_CALL_DEPTH {
            let message = format!("{MAX_CALL_DEPTH} contracts run inside one another already");
            return Err(callee.refusal(Invariant::CallDepth, &message).into());
        }
        if !self.machine.has(callee, entry) {
            return Ok(Reply::Absent);
        }
        let checkpoint = self.state.checkpoint();
        let emitted = self.emitted.len();
        let machine = self.machine;
        let gas = self.state.meter.left();
        self.stack.push(callee.address);
        let mut host = ContractHost::new(self, callee, access);
        let outcome = machine.run(callee, entry, input, gas, &mut host);
        self.stack.pop();
        let outcome = outcome?;
        let charged = self.state.charge(outcome.gas_used);
        if !matches!(outcome.result, CallResult::Returned(_)) {
            self.state.undo(checkpoint);
            self.emitted.truncate(emitted);
        }
        match outcome.result {
            CallResult::Returned(answer) => charged.map(|()| Reply::Returned(answer)),
            CallResult::Refused(bytes) => Ok(Reply::Refused(bytes)),
            CallResult::Trapped(trap) => {
                if trap.kind == TrapKind::OutOfGas {
                    // Whatever the VM's own bound was, an empty meter ends the transaction.
                    let _ = self.state.charge(u64::MAX);
                }
                Ok(Reply::Trapped(trap.to_string()))
            }
        }
    }
}

impl Callee {
    pub(crate) fn name(&self) -> String {
        format!("contract {} ({})", self.record.name, self.address)
    }

    /// The kernel's refusal, with the contract that caused it.
    pub(crate) fn refusal(&self, invariant: Invariant, message: &str) -> Refusal {
        let mut refusal = Refusal::kernel(invariant, message);
        refusal.contract = Some(self.address);
        refusal
    }

    /// A contract's refusal as it reaches the caller: its own words, under its own address.
    pub(crate) fn sign(&self, mut refusal: Refusal) -> Refusal {
        // The kernel's codes are the kernel's alone.
        if !(5_000..6_000).contains(&refusal.code) {
            refusal.code = 5_000;
        }
        refusal.contract = Some(self.address);
        refusal
    }

    fn own_refusal(&self, bytes: &[u8]) -> Refusal {
        match codec::decode::<Refusal>(bytes, MAX_ANSWER) {
            Ok(refusal) => self.sign(refusal),
            Err(error) => self.refusal(
                Invariant::Trapped,
                &format!("{} refused with no refusal: {error}", self.name()),
            ),
        }
    }
}

/// Decodes what a contract handed over.
pub(crate) fn from_contract<T: parity_scale_codec::Decode + Encode>(bytes: &[u8]) -> Option<T> {
    codec::decode(bytes, MAX_ANSWER).ok()
}
