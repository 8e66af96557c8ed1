//! What contracts did in a step: their calls, what each asked of the ledger and was
//! answered, what it cost and how it ended.

mod show;
mod stored;

use marque_abi::interface::Interface;
use marque_abi::{HostFault, Reply};
use marque_primitives::Address;
use marque_vm::CallResult;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use show::shown_refusal;

/// The calls of contracts in one step, in order.
///
/// What fails a test prints it. It names the contract and its entry, storage by field and
/// key, parties by their names, and gas:
///
/// ```
/// use marque_testing::{World, compile_example};
/// let mut world = World::new();
/// let code = compile_example("marque-sdk", "dealers");
/// let rules = world.by("alice").deploy(&code, &()).contract();
/// let watch = world.product("alice", "Watch", rules);
/// world.by("alice").commission([watch.items(1, 10)]).happens();
/// let refused = world.by("alice").offer([watch.items(1, 1)], "mallory").is_refused("NotListed");
/// let shown = refused.trace.to_string();
/// assert!(shown.contains("rule_offer"), "{shown}");
/// assert!(shown.contains("read listed[mallory]: nothing"), "{shown}");
/// assert!(shown.contains("refused NotListed"), "{shown}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub(crate) calls: Vec<Call>,
    /// Names that are shown instead of addresses.
    pub(crate) names: BTreeMap<String, String>,
}

impl Trace {
    /// Each call with the gas that it took, calls inside others behind them: contract, entry
    /// with the message's name, gas.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "dealers"), &()).contract();
    /// let bob = world.address("bob");
    /// let done = world.by("alice").tell(rules, "list", &bob).happens();
    /// let [(contract, entry, gas)] = &done.trace.gas()[..] else { panic!("one call") };
    /// assert!(contract == "dealers" && entry.contains("list") && *gas < done.gas());
    /// ```
    pub fn gas(&self) -> Vec<(String, String, u64)> {
        fn add(calls: &[Call], out: &mut Vec<(String, String, u64)>) {
            for call in calls {
                out.push((call.name.clone(), call.what(), call.gas));
                for asked in &call.asked {
                    add(&asked.calls, out);
                }
            }
        }
        let mut out = Vec::new();
        add(&self.calls, &mut out);
        out
    }
}

/// One call of a contract.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub contract: Address,
    pub name: String,
    pub interface: Arc<Interface>,
    pub entry: String,
    pub input: Vec<u8>,
    pub gas: u64,
    pub asked: Vec<Asked>,
    pub ended: CallResult,
    /// How it went natively, where there is a native contract.
    pub native: Option<Native>,
}

/// How the native run of a call went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Native {
    /// As in wasm.
    Alike,
    /// It was not run: only the virtual machine measures what ended the call.
    NotRun,
    /// Another way, in words.
    Otherwise(String),
}

/// One host call.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub question: Question,
    pub answer: Result<Answer, HostFault>,
    /// Gas that the ledger took for its work.
    pub gas: u64,
    /// Calls of contracts inside it.
    pub calls: Vec<Call>,
}

/// What a contract asks of the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Question {
    StorageRead {
        key: Vec<u8>,
    },
    StorageWrite {
        key: Vec<u8>,
        value: Vec<u8>,
    },
    StorageRemove {
        key: Vec<u8>,
    },
    StorageAfter {
        key: Vec<u8>,
        prefix_len: u32,
    },
    Emit {
        event: Vec<u8>,
    },
    Log {
        line: String,
    },
    Read {
        kind: u32,
        id: Vec<u8>,
    },
    Command {
        command: Vec<u8>,
    },
    Call {
        address: [u8; 20],
        input: Vec<u8>,
        gas_limit: u64,
    },
}

/// What the ledger answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    Nothing,
    Flag(bool),
    Maybe(Option<Vec<u8>>),
    Reply(Reply),
}
