//! The machine that tests run on: the virtual machine, watched, with the native contract
//! behind it.
//!
//! A call runs in wasm first, against the ledger; what it asked and was answered is kept on
//! a tape. Then the native contract runs against the tape. So both see one and the same
//! ledger, nothing is undone between them, and the first question in which they differ is
//! known. Calls inside a call are calls of their own and compared on their own.

mod compare;
mod tape;

use crate::trace::{Call, Native};
use marque_abi::interface::Interface;
use marque_abi::{Entry, Host};
use marque_ledger::{Callee, Machine};
use marque_primitives::Hash;
use marque_primitives::hash::keccak256;
use marque_sdk::native::Contract;
use marque_vm::{CallOutcome, OptLevel, Vm, VmConfig, VmError};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use tape::Tape;

/// One machine for all worlds of a process, so that code is compiled once.
/// It compiles fast rather than well: results and gas are the same, and calls are few.
static VM: LazyLock<Vm> = LazyLock::new(|| {
    let config = VmConfig {
        opt_level: OptLevel::None,
        ..VmConfig::default()
    };
    Vm::new(&config).expect("a virtual machine")
});

/// Runs contracts in the virtual machine, and natively where it can.
#[derive(Default)]
pub(crate) struct Watched(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    natives: BTreeMap<Hash, Contract>,
    interfaces: BTreeMap<Hash, Arc<Interface>>,
    /// Calls that ended, in order; those inside another stand with it.
    calls: Vec<Call>,
    /// In what native and wasm differed.
    differences: Vec<String>,
}

impl Watched {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The native contract behind code. That they are one contract is looked at once in a
    /// process: each test may deploy it anew.
    #[track_caller]
    pub fn know(&self, wasm: &[u8], native: Contract) {
        static PAIRS: Mutex<BTreeSet<(Hash, &'static [u8])>> = Mutex::new(BTreeSet::new());
        let hash = keccak256(&[wasm]);
        let mut pairs = PAIRS.lock().unwrap_or_else(PoisonError::into_inner);
        if !pairs.contains(&(hash, native.interface)) {
            // What the chain does not take, it refuses itself.
            let Ok(checked) = marque_vm::check(wasm) else {
                return;
            };
            assert!(
                *checked.meta().interface == *native.interface,
                "the native contract {} is not the one in the WebAssembly: their interfaces differ",
                native.name
            );
            pairs.insert((hash, native.interface));
        }
        self.inner().natives.insert(hash, native);
    }

    /// The calls since it was last asked, and how native and wasm differed in them.
    pub fn take(&self) -> (Vec<Call>, Vec<String>) {
        let mut inner = self.inner();
        let calls = core::mem::take(&mut inner.calls);
        (calls, core::mem::take(&mut inner.differences))
    }

    fn interface(&self, callee: &Callee) -> Arc<Interface> {
        let mut inner = self.inner();
        let known = inner.interfaces.entry(callee.record.code);
        let read = || Interface::read(&callee.module.meta().interface).expect("an interface");
        Arc::clone(known.or_insert_with(|| Arc::new(read())))
    }
}

/// Appends a call to the file that `MARQUE_CALLS` names: contract, entry, gas, and whether
/// both ways were alike. The report of the reference contracts counts them.
fn note(call: &Call) {
    static FILE: LazyLock<Option<File>> = LazyLock::new(|| {
        let path = std::env::var_os("MARQUE_CALLS")?;
        let file = File::options().create(true).append(true).open(path);
        Some(file.expect("the file that MARQUE_CALLS names"))
    });
    let Some(mut file) = FILE.as_ref() else {
        return;
    };
    let how = match call.native {
        Some(Native::Alike) => "alike",
        Some(Native::Otherwise(_)) => "otherwise",
        Some(Native::NotRun) | None => "one way",
    };
    let line = format!("{}\t{}\t{}\t{how}\n", call.name, call.entry, call.gas);
    file.write_all(line.as_bytes()).expect("room for calls");
}

impl Machine for Watched {
    fn vm(&self) -> &Vm {
        &VM
    }

    fn run(
        &self,
        callee: &Callee,
        entry: Entry<'_>,
        input: Vec<u8>,
        gas: u64,
        host: &mut dyn Host,
    ) -> Result<CallOutcome, VmError> {
        let mut tape = Tape::new(host, self);
        let outcome = VM.run(&callee.module, entry, input.clone(), gas, &mut tape)?;
        let mut call = Call {
            contract: callee.address,
            name: callee.record.name.as_str().into(),
            interface: self.interface(callee),
            entry: entry.to_string(),
            input,
            gas: outcome.gas_used,
            asked: tape.into_asked(),
            ended: outcome.result.clone(),
            native: None,
        };
        let native = self.inner().natives.get(&callee.record.code).copied();
        if let Some(native) = native {
            call.native = Some(compare::natively(&native, &call));
            if let Some(Native::Otherwise(how)) = &call.native {
                self.inner().differences.push(how.clone());
            }
        }
        note(&call);
        self.inner().calls.push(call);
        Ok(outcome)
    }
}

impl Watched {
    fn ended(&self) -> usize {
        self.inner().calls.len()
    }

    /// The calls that ended since there were `before`: they ran inside a host call.
    fn inside(&self, before: usize) -> Vec<Call> {
        let mut inner = self.inner();
        let from = before.min(inner.calls.len());
        inner.calls.split_off(from)
    }
}
