//! Random modules: instrumented and plain agree on results, and the meters agree at both
//! optimisation levels. How long the fuzz target runs, its `budget` says.

#[allow(dead_code, reason = "the other targets draw more kinds of numbers")]
#[path = "../../tests/it/fuzz/budget.rs"]
mod budget;

use super::{GAS_EXPORT, GROWTH_FAILED, STACK_EXPORT, instrument};
use crate::check::{Checked, check};
use crate::limits::{MAX_PAGES, STACK_BYTES};
use arbitrary::Unstructured;
use budget::Budget;
use marque_abi::{HostCall, WasmType};
use wasmtime::{
    Config, Engine, FuncType, Linker, Module, OptLevel, Store, StoreLimits, StoreLimitsBuilder,
    Trap, Val, ValType,
};

/// What was asked of the host: the call and its arguments.
type Asked = Vec<(&'static str, Vec<i64>)>;

/// What a run left behind.
#[derive(PartialEq, Debug)]
struct Left {
    ended: Result<(), Trap>,
    memory: Vec<u8>,
    asked: Asked,
    gas: Option<i64>,
    stack: Option<i32>,
}

const GAS: i64 = 200_000;

fn engine(opt_level: OptLevel) -> Engine {
    let mut config = Config::new();
    config
        .cranelift_opt_level(opt_level)
        .max_wasm_stack(32 << 20)
        .async_stack_size(32 << 20);
    Engine::new(&config).unwrap()
}

/// What a store holds: what was asked, and the bound on memory, which the plain module has from
/// its host and the counting one in itself.
struct Data {
    asked: Asked,
    limits: StoreLimits,
}

/// A linker whose host calls write down what they are asked and answer by what was asked before.
fn linker(engine: &Engine) -> Linker<Data> {
    let mut linker = Linker::new(engine);
    let kind = |wasm: &WasmType| match wasm {
        WasmType::I32 => ValType::I32,
        WasmType::I64 => ValType::I64,
    };
    for row in HostCall::ALL {
        let signature = FuncType::new(
            engine,
            row.params().iter().map(kind),
            row.result().iter().map(kind),
        );
        linker
            .func_new(
                marque_abi::IMPORT_MODULE,
                row.name(),
                signature,
                move |mut caller: wasmtime::Caller<'_, Data>, params, results| {
                    let asked = &mut caller.data_mut().asked;
                    let word = |value: &Val| value.i64().or(value.i32().map(i64::from)).unwrap();
                    asked.push((row.name(), params.iter().map(word).collect()));
                    let count = i64::try_from(asked.len()).unwrap();
                    for result in results {
                        *result = match row.result() {
                            Some(WasmType::I64) => Val::I64(count - 3),
                            _ => Val::I32(i32::try_from(count % 5).unwrap()),
                        };
                    }
                    Ok(())
                },
            )
            .unwrap();
    }
    linker
}

fn run(engine: &Engine, code: &[u8], metered: bool) -> Left {
    let module = Module::from_binary(engine, code).unwrap();
    let most = usize::try_from(MAX_PAGES).unwrap() * 65_536;
    let data = Data {
        asked: Asked::new(),
        limits: StoreLimitsBuilder::new().memory_size(most).build(),
    };
    let mut store = Store::new(engine, data);
    store.limiter(|data| &mut data.limits);
    let instance = linker(engine).instantiate(&mut store, &module).unwrap();
    let meters = metered.then(|| {
        let gas = instance.get_global(&mut store, GAS_EXPORT).unwrap();
        let stack = instance.get_global(&mut store, STACK_EXPORT).unwrap();
        gas.set(&mut store, Val::I64(GAS)).unwrap();
        stack
            .set(&mut store, Val::I32(STACK_BYTES.cast_signed()))
            .unwrap();
        (gas, stack)
    });
    let entry = instance
        .get_typed_func::<(), ()>(&mut store, "query")
        .unwrap();
    let ended = stacker::grow(64 << 20, || entry.call(&mut store, ()));
    Left {
        ended: ended.map_err(|error| error.downcast::<Trap>().unwrap()),
        memory: instance
            .get_memory(&mut store, "memory")
            .unwrap()
            .data(&store)
            .to_vec(),
        asked: store.data().asked.clone(),
        gas: meters.map(|(gas, _)| gas.get(&mut store).unwrap_i64()),
        stack: meters.map(|(_, stack)| stack.get(&mut store).unwrap_i32()),
    }
}

/// A module of the allowed kind from random bytes, with a `query` and every host call on offer.
fn random_module(seed: u64) -> Vec<u8> {
    let bytes = budget::Random::new(seed).bytes(4_096);
    let config = wasm_smith::Config {
        exports: Some(
            wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "query")))"#)
                .unwrap(),
        ),
        available_imports: Some(wat::parse_str(all_imports()).unwrap()),
        allow_start_export: false,
        allow_floats: false,
        bulk_memory_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        multi_value_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        sign_extension_ops_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        extended_const_enabled: false,
        max_memories: 0,
        max_type_size: 10_000,
        min_funcs: 2,
        max_funcs: 24,
        max_memory32_bytes: 16 << 20,
        memory_max_size_required: true,
        max_table_elements: 64,
        table_max_size_required: true,
        max_tables: 1,
        max_instructions: 120,
        ..wasm_smith::Config::default()
    };
    let module = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes)).unwrap();
    let mut code = module.to_bytes();
    crate::golden::append_meta(&mut code);
    code
}

fn all_imports() -> String {
    let kind = |wasm: &WasmType| match wasm {
        WasmType::I32 => " i32",
        WasmType::I64 => " i64",
    };
    let rows: String = HostCall::ALL
        .iter()
        .map(|row| {
            let params: String = row.params().iter().map(kind).collect();
            let result: String = row.result().iter().map(kind).collect();
            format!(
                r#"(import "marque" "{}" (func (param{params}) (result{result})))"#,
                row.name()
            )
        })
        .collect();
    format!("(module {rows})")
}

/// How the random modules ended.
#[derive(Default, Debug)]
struct Tally {
    refused: u32,
    out_of_gas: u32,
    overflowed: u32,
    trapped: u32,
    returned: u32,
    asked: usize,
}

fn agree(seed: u64, checked: &Checked<'_>, engines: &[Engine; 2], tally: &mut Tally) {
    let metered = instrument(checked).unwrap();
    assert_eq!(metered, instrument(checked).unwrap(), "seed {seed}");
    let [none, speed] = engines.each_ref().map(|engine| run(engine, &metered, true));
    assert_eq!(
        none, speed,
        "seed {seed}: the optimisation level changed a result, the gas or the stack"
    );
    assert_ne!(none.gas, Some(GROWTH_FAILED));
    if none.gas.unwrap() < 0 {
        tally.out_of_gas += 1;
        assert_eq!(none.ended, Err(Trap::MemoryOutOfBounds));
        return;
    }
    if none.stack.unwrap() < 0 {
        tally.overflowed += 1;
        assert_eq!(none.ended, Err(Trap::MemoryOutOfBounds));
        return;
    }
    if none.ended.is_ok() {
        tally.returned += 1;
        assert_eq!(
            none.stack,
            Some(STACK_BYTES.cast_signed()),
            "a frame was not given back"
        );
    } else {
        tally.trapped += 1;
    }
    tally.asked += none.asked.len();
    let plain = run(&engines[1], checked.code, false);
    let ends = |left: &Left| (left.ended, left.asked.clone());
    assert_eq!(
        ends(&plain),
        ends(&none),
        "seed {seed}: counting changed a result"
    );
    assert!(
        plain.memory == none.memory,
        "seed {seed}: counting changed the memory"
    );
}

/// Seeds that once found something. 6274: a memory without a maximum, which the plain module
/// could grow above the chain's limit; the target now bounds both.
const PAST: &[u64] = &[6_274];

#[test]
fn random_modules_run_alike_with_and_without_counting() {
    let engines = [engine(OptLevel::None), engine(OptLevel::Speed)];
    let mut tally = Tally::default();
    let mut budget = Budget::new("injector", 300);
    for seed in PAST.iter().copied().chain(&mut budget) {
        let code = random_module(seed);
        match check(&code) {
            Ok(checked) => agree(seed, &checked, &engines, &mut tally),
            Err(_) => tally.refused += 1,
        }
    }
    budget.report(&tally);
    if !budget.is_whole() {
        return;
    }
    assert!(
        tally.returned > 0 && tally.trapped > 0 && tally.out_of_gas > 0 && tally.overflowed > 0,
        "{tally:?} tests too little"
    );
}
