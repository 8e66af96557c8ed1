//! Two codes for one contract: the recorded one decides, the new one is asked the same.
//!
//! **Invariant:** what the new code does reaches nothing: its writes stay in an overlay that
//! lives for one question, its events are dropped. So the replay stays the recorded history.

use super::ruling::{Difference, Ruling};
use marque_abi::invocation::Invocation;
use marque_abi::movement::Movement;
use marque_abi::{Entry, Host, HostFault, Meter, Reply};
use marque_ledger::{Callee, Machine};
use marque_primitives::action::Kind;
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::{Address, Height, codec};
use marque_vm::{CallOutcome, CallResult, Module, Vm, VmError};
use parity_scale_codec::Encode as _;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Gas that the new code may use for its migration and for one question, each.
const GAS: u64 = 10_000_000_000;
/// Bytes of a question at most; the ledger made it.
const MAX_QUESTION: usize = 64 << 20;

/// The machine of the replay.
pub struct Shadow {
    vm: Vm,
    contract: Address,
    code: Module,
    /// Encoded arguments of the new code's `migrate`.
    args: Bytes<65536>,
    judged: Mutex<Judged>,
}

/// What the two said.
#[derive(Default)]
pub struct Judged {
    /// Questions that the contract was asked.
    pub asked: u64,
    /// Those that were answered in two ways.
    pub differences: Vec<Difference>,
    /// Where the new code's `migrate` first refused the storage, and how.
    pub unfit: Option<(Height, String)>,
}

impl Shadow {
    /// Asks `code` beside the one that `contract` had.
    pub fn new(vm: Vm, contract: Address, code: Module, args: Bytes<65536>) -> Self {
        Self {
            vm,
            contract,
            code,
            args,
            judged: Mutex::default(),
        }
    }

    /// What was found, once the replay is over.
    pub fn into_judged(self) -> Judged {
        self.judged
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn judged(&self) -> MutexGuard<'_, Judged> {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The new code's ruling, as if the contract had been upgraded right before.
    fn ask(
        &self,
        callee: &Callee,
        entry: Entry<'_>,
        movement: &Movement,
        input: Vec<u8>,
        host: &mut dyn Host,
    ) -> Result<Ruling, VmError> {
        let mut host = Overlay {
            host,
            written: BTreeMap::new(),
        };
        if self.code.has(Entry::Migrate) {
            let migration = Invocation {
                contract: callee.address,
                brand: callee.record.brand,
                caller: callee.record.brand,
                signer: callee.record.brand,
                height: movement.height,
                now: movement.now,
                name: Text::default(),
                args: self.args.clone(),
            };
            let input = migration.encode();
            let moved = self
                .vm
                .run(&self.code, Entry::Migrate, input, GAS, &mut host)?;
            if !matches!(moved.result, CallResult::Returned(_)) {
                let unfit = (movement.height, Ruling::of(&moved.result).words());
                self.judged().unfit.get_or_insert(unfit);
            }
        }
        if !self.code.has(entry) {
            return Ok(Ruling::allowed());
        }
        let outcome = self.vm.run(&self.code, entry, input, GAS, &mut host)?;
        Ok(Ruling::of(&outcome.result))
    }
}

impl Machine for Shadow {
    fn vm(&self) -> &Vm {
        &self.vm
    }

    /// The new code may have rules for what the recorded one let happen unasked.
    fn rules_on(&self, callee: &Callee, kind: Kind) -> bool {
        let new = callee.address == self.contract && kind.has_rule();
        callee.record.rules_on(kind) || (new && self.code.has(Entry::Rule(kind.name())))
    }

    fn has(&self, callee: &Callee, entry: Entry<'_>) -> bool {
        let new = callee.address == self.contract && matches!(entry, Entry::Rule(_));
        callee.module.has(entry) || (new && self.code.has(entry))
    }

    fn run(
        &self,
        callee: &Callee,
        entry: Entry<'_>,
        input: Vec<u8>,
        gas: u64,
        host: &mut dyn Host,
    ) -> Result<CallOutcome, VmError> {
        let ours = callee.address == self.contract && matches!(entry, Entry::Rule(_));
        let asked = codec::decode::<Movement>(&input, MAX_QUESTION).ok();
        let (true, Some(movement)) = (ours, asked) else {
            return self.vm.run(&callee.module, entry, input, gas, host);
        };
        let new = self.ask(callee, entry, &movement, input.clone(), host)?;
        let outcome = match callee.module.has(entry) {
            true => self.vm.run(&callee.module, entry, input, gas, host)?,
            false => CallOutcome {
                gas_used: 0,
                result: CallResult::Returned(Vec::new()),
            },
        };
        let recorded = Ruling::of(&outcome.result);
        let mut judged = self.judged();
        judged.asked = judged.asked.saturating_add(1);
        if recorded != new {
            judged
                .differences
                .push(Difference::new(movement, recorded, new));
        }
        Ok(outcome)
    }
}

/// The contract's storage as it was, under what the new code wrote for this one question.
struct Overlay<'h> {
    host: &'h mut dyn Host,
    /// `None` where it was removed.
    written: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Host for Overlay<'_> {
    fn storage_read(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        match self.written.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.host.storage_read(meter, key),
        }
    }

    fn storage_write(&mut self, _: &mut Meter, key: &[u8], value: &[u8]) -> Result<(), HostFault> {
        self.written.insert(key.into(), Some(value.into()));
        Ok(())
    }

    fn storage_remove(&mut self, meter: &mut Meter, key: &[u8]) -> Result<bool, HostFault> {
        let present = self.storage_read(meter, key)?.is_some();
        self.written.insert(key.into(), None);
        Ok(present)
    }

    fn storage_after(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        prefix_len: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let length = usize::try_from(prefix_len).unwrap_or(usize::MAX);
        let prefix = key.get(..length.min(key.len())).unwrap_or_default();
        let after = (Bound::Excluded(key), Bound::Unbounded);
        let written = self
            .written
            .range::<[u8], _>(after)
            .take_while(|(key, _)| key.starts_with(prefix))
            .find(|(_, value)| value.is_some())
            .map(|(key, _)| key.clone());
        let mut below = self.host.storage_after(meter, key, prefix_len)?;
        while let Some(found) = &below
            && self.written.contains_key(found)
        {
            below = self.host.storage_after(meter, found, prefix_len)?;
        }
        Ok(match (written, below) {
            (Some(written), Some(below)) => Some(written.min(below)),
            (written, below) => written.or(below),
        })
    }

    fn emit(&mut self, _: &mut Meter, _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }

    fn log(&mut self, _: &mut Meter, _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }

    fn read(
        &mut self,
        meter: &mut Meter,
        kind: u32,
        id: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        self.host.read(meter, kind, id)
    }

    /// Rules and migrations have no commands: the ledger says so.
    fn command(&mut self, meter: &mut Meter, command: &[u8]) -> Result<Reply, HostFault> {
        self.host.command(meter, command)
    }

    fn call(
        &mut self,
        meter: &mut Meter,
        address: &[u8; 20],
        input: &[u8],
        gas_limit: u64,
    ) -> Result<Reply, HostFault> {
        self.host.call(meter, address, input, gas_limit)
    }
}
