//! One call: a fresh instance, an entry, and how it ended.

mod dispatch;
mod local;
mod view;

use crate::engine::{NATIVE_STACK, Vm};
use crate::error::VmError;
use crate::instrument::GROWTH_FAILED;
use crate::limits::STACK_BYTES;
use crate::module::Module;
use crate::outcome::{CallOutcome, CallResult, Trap, TrapKind};
use crate::schedule;
use marque_abi::{Entry, Host};
use wasmtime::{Engine, Global, Linker, Memory, Store, Val};

/// Stack for the host's own work in a call, beside [`NATIVE_STACK`] for the contract's.
const HOST_STACK: usize = 1024 * 1024;

/// The stack that one call needs, nested calls not counted. A thread with less left still
/// runs it, on a stack that is made for the call (some 10 µs); threads that run many
/// calls are best made with a multiple of this.
pub const CALL_STACK: usize = NATIVE_STACK + HOST_STACK;

// Lends the host to the calls below it on this thread, since wasmtime's stores take no
// borrowed data. Nested calls stack up; each sees its own host.
environmental::environmental!(lent: trait Host);

/// What a running call has at hand: the data of its store.
pub(crate) struct Call {
    module: Module,
    input: Vec<u8>,
    output: Vec<u8>,
    /// The last variable-length result, whole.
    answer: Vec<u8>,
    handles: Option<Handles>,
    stopped: Option<Stop>,
}

/// The instance's own memory and meters.
#[derive(Clone, Copy)]
struct Handles {
    memory: Memory,
    gas: Global,
    stack: Global,
}

/// Why a host call ended the call.
enum Stop {
    OutOfGas,
    Refused(Vec<u8>),
    Trap(TrapKind, String),
    Node(String),
}

/// The error that carries no more than that [`Call::stopped`] says why.
#[derive(Debug, thiserror::Error)]
#[error("the host ended the call")]
struct Stopped;

/// The linker with every host call.
pub(crate) fn link(engine: &Engine) -> wasmtime::Result<Linker<Call>> {
    let mut linker = Linker::new(engine);
    local::link(&mut linker)?;
    dispatch::link(&mut linker)?;
    Ok(linker)
}

impl Vm {
    /// Runs one entry in a fresh instance with at most `gas` (2^63 - 1 at most).
    ///
    /// A host's method may run another module with what its meter has left, and charge
    /// the meter what that used.
    ///
    /// # Errors
    /// [`VmError::NoEntry`] if the module does not have the entry, [`VmError::NodeFault`] if
    /// the node failed. What the contract does wrong is an outcome.
    pub fn run(
        &self,
        module: &Module,
        entry: Entry<'_>,
        input: Vec<u8>,
        gas: u64,
        host: &mut dyn Host,
    ) -> Result<CallOutcome, VmError> {
        let Some(export) = module.entry(entry) else {
            return Err(VmError::NoEntry(entry.to_string()));
        };
        let limit = gas.min(i64::MAX.cast_unsigned());
        let Some(left) = limit.checked_sub(entry_price(module, input.len())) else {
            return Ok(out_of_gas(limit));
        };
        // Whatever thread asks: the contract and the host's work below it have their stack.
        stacker::maybe_grow(CALL_STACK, CALL_STACK.saturating_mul(2), || {
            lent::using(host, || run(self, module, export, input, limit, left))
        })
    }
}

fn entry_price(module: &Module, input: usize) -> u64 {
    let pages = module
        .initial_pages()
        .saturating_sub(schedule::RESIDENT_PAGES);
    let pages = schedule::PAGE.saturating_mul(u64::from(pages));
    let bytes = schedule::INPUT_BYTE.saturating_mul(u64::try_from(input).unwrap_or(u64::MAX));
    schedule::ENTRY.saturating_add(pages).saturating_add(bytes)
}

fn out_of_gas(limit: u64) -> CallOutcome {
    let trap = Trap {
        kind: TrapKind::OutOfGas,
        message: String::new(),
    };
    CallOutcome {
        gas_used: limit,
        result: CallResult::Trapped(trap),
    }
}

fn run(
    vm: &Vm,
    module: &Module,
    export: wasmtime::ModuleExport,
    input: Vec<u8>,
    limit: u64,
    left: u64,
) -> Result<CallOutcome, VmError> {
    let data = Call {
        module: module.clone(),
        input,
        output: Vec::new(),
        answer: Vec::new(),
        handles: None,
        stopped: None,
    };
    let mut store = Store::new(&vm.engine, data);
    let instance = module
        .linked()
        .instantiate(&mut store)
        .map_err(VmError::fault)?;
    let missing = || VmError::NodeFault("the compiled module lacks an export".to_owned());
    let handles = Handles {
        memory: instance
            .get_module_export(&mut store, module.memory())
            .and_then(|e| e.into_memory())
            .ok_or_else(missing)?,
        gas: instance
            .get_module_export(&mut store, module.gas())
            .and_then(|e| e.into_global())
            .ok_or_else(missing)?,
        stack: instance
            .get_module_export(&mut store, module.stack())
            .and_then(|e| e.into_global())
            .ok_or_else(missing)?,
    };
    let function = instance
        .get_module_export(&mut store, &export)
        .and_then(|e| e.into_func())
        .ok_or_else(missing)?;
    let function = function.typed::<(), ()>(&store).map_err(VmError::fault)?;
    handles
        .gas
        .set(&mut store, Val::I64(left.cast_signed()))
        .map_err(VmError::fault)?;
    handles
        .stack
        .set(&mut store, Val::I32(STACK_BYTES.cast_signed()))
        .map_err(VmError::fault)?;
    store.data_mut().handles = Some(handles);
    let ended = function.call(&mut store, ());
    let gas = handles.gas.get(&mut store).i64().ok_or_else(missing)?;
    let stack = handles.stack.get(&mut store).i32().ok_or_else(missing)?;
    let used = |left: i64| limit.saturating_sub(u64::try_from(left).unwrap_or(0));
    let result = match ended {
        Ok(()) => CallResult::Returned(core::mem::take(&mut store.data_mut().output)),
        Err(error) => match store.data_mut().stopped.take() {
            Some(Stop::OutOfGas) => return Ok(out_of_gas(limit)),
            Some(Stop::Refused(refusal)) => CallResult::Refused(refusal),
            Some(Stop::Trap(kind, message)) => CallResult::Trapped(Trap { kind, message }),
            Some(Stop::Node(what)) => return Err(VmError::NodeFault(what)),
            None => match trap_kind(&error, gas, stack)? {
                TrapKind::OutOfGas => return Ok(out_of_gas(limit)),
                kind => CallResult::Trapped(Trap {
                    kind,
                    message: String::new(),
                }),
            },
        },
    };
    Ok(CallOutcome {
        gas_used: used(gas),
        result,
    })
}

/// What a trap of the code means, by wasmtime's kind and the two meters.
fn trap_kind(error: &wasmtime::Error, gas: i64, stack: i32) -> Result<TrapKind, VmError> {
    use wasmtime::Trap as Wasm;
    Ok(match error.downcast_ref::<Wasm>() {
        Some(Wasm::UnreachableCodeReached) if gas == GROWTH_FAILED => {
            return Err(VmError::NodeFault(
                "a memory could not grow within its limit".to_owned(),
            ));
        }
        Some(Wasm::MemoryOutOfBounds) if gas < 0 => TrapKind::OutOfGas,
        Some(Wasm::MemoryOutOfBounds) if stack < 0 => TrapKind::StackOverflow,
        Some(Wasm::UnreachableCodeReached) => TrapKind::Unreachable,
        Some(Wasm::MemoryOutOfBounds) => TrapKind::MemoryOutOfBounds,
        Some(Wasm::IntegerDivisionByZero) => TrapKind::DivisionByZero,
        Some(Wasm::IntegerOverflow) => TrapKind::IntegerOverflow,
        Some(Wasm::TableOutOfBounds) => TrapKind::TableOutOfBounds,
        Some(Wasm::IndirectCallToNull) => TrapKind::IndirectCallToNull,
        Some(Wasm::BadSignature) => TrapKind::IndirectCallType,
        // A native stack overflow among them: the counted stack should have ended the call.
        _ => return Err(VmError::fault(format!("{error:?}"))),
    })
}
