//! Modules that no chain takes: `contract check` says which limit, in which section, at
//! which offset, in under a second and 200 MiB each.

use crate::node::marque;
use marque_abi::meta::{Meta, SECTION, VERSION};
use parity_scale_codec::Encode as _;
use serde_json::Value;
use std::borrow::Cow;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use wasm_encoder::{
    BlockType, CodeSection, CustomSection, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, Ieee32, ImportSection, Instruction as I, MemArg, MemorySection, MemoryType,
    Module, StartSection, TypeSection, ValType,
};

/// Less address space than this, and the binary could not start its own threads either: what
/// it may use beyond its own size is far below the 200 MiB that a check may take.
const ADDRESS_SPACE_KIB: u64 = 200 * 1024;

/// What differs from the smallest contract.
struct Shape {
    types: u32,
    functions: u32,
    body: Function,
    memory64: bool,
    shared: bool,
    import: Option<&'static str>,
    start: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            types: 1,
            functions: 0,
            body: body(0, 1, &[I::Nop], &[]),
            memory64: false,
            shared: false,
            import: None,
            start: false,
        }
    }
}

/// `first` so many times, then `last` as often.
fn body(locals: u32, times: u32, first: &[I<'_>], last: &[I<'_>]) -> Function {
    let mut function = Function::new((locals > 0).then_some((locals, ValType::I64)));
    for part in [first, last] {
        for instruction in (0..times).flat_map(|_| part) {
            function.instruction(instruction);
        }
    }
    function.instruction(&I::End);
    function
}

fn with(instructions: &[I<'_>]) -> Shape {
    Shape {
        body: body(0, 1, instructions, &[]),
        ..Shape::default()
    }
}

/// A contract that does nothing.
pub fn harmless() -> Vec<u8> {
    Shape::default().module()
}

impl Shape {
    fn module(&self) -> Vec<u8> {
        let mut types = TypeSection::new();
        let mut imports = ImportSection::new();
        let mut functions = FunctionSection::new();
        let mut memories = MemorySection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        for _ in 0..self.types {
            types.ty().function([], []);
        }
        if let Some(name) = self.import {
            imports.import("marque", name, EntityType::Function(0));
        }
        functions.function(0);
        code.function(&self.body);
        for _ in 0..self.functions {
            functions.function(0);
            code.function(&body(0, 0, &[], &[]));
        }
        memories.memory(MemoryType {
            minimum: 1,
            maximum: self.shared.then_some(1),
            memory64: self.memory64,
            shared: self.shared,
            page_size_log2: None,
        });
        let own = u32::from(self.import.is_some());
        exports
            .export("memory", ExportKind::Memory, 0)
            .export("query", ExportKind::Func, own);
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.section(&functions).section(&memories);
        module.section(&exports);
        if self.start {
            module.section(&StartSection {
                function_index: own,
            });
        }
        module.section(&code);
        module.section(&CustomSection {
            name: Cow::Borrowed(SECTION),
            data: Cow::Owned(meta()),
        });
        module.finish()
    }
}

fn meta() -> Vec<u8> {
    let meta = Meta {
        version: VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "hostile".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: vec!["query".try_into().unwrap()].try_into().unwrap(),
        interface: Default::default(),
    };
    meta.encode()
}

fn shapes() -> Vec<(&'static str, Shape)> {
    let loops = |times| body(0, times, &[I::Loop(BlockType::Empty), I::End], &[]);
    let nested = body(
        200,
        1_000,
        &[I::Loop(BlockType::Empty)],
        &[I::LocalGet(7), I::I64Eqz, I::BrIf(0), I::End],
    );
    let table = [I::I32Const(0), I::BrTable(vec![0; 100_000].into(), 0)];
    let fill = [
        I::I32Const(0),
        I::I32Const(0),
        I::I32Const(0),
        I::MemoryFill(0),
    ];
    let place = MemArg {
        offset: 0,
        align: 2,
        memory_index: 0,
    };
    let atomic = [I::I32Const(0), I::I32AtomicLoad(place), I::Drop];
    let of = |body| Shape {
        body,
        ..Shape::default()
    };
    let endless = [I::Loop(BlockType::Empty), I::Br(0), I::End];
    vec![
        (
            "functions",
            Shape {
                functions: 60_000,
                ..Shape::default()
            },
        ),
        (
            "types",
            Shape {
                types: 60_000,
                ..Shape::default()
            },
        ),
        ("loops", of(loops(20_000))),
        ("nested-loops", of(nested)),
        ("br-table", with(&table)),
        ("locals", of(body(50_000, 0, &[], &[]))),
        (
            "floats",
            with(&[I::F32Const(Ieee32::from(1.5f32)), I::Drop]),
        ),
        ("simd", with(&[I::V128Const(7), I::Drop])),
        ("bulk-memory", with(&fill)),
        ("threads", with(&atomic)),
        (
            "shared-memory",
            Shape {
                shared: true,
                ..Shape::default()
            },
        ),
        (
            "memory64",
            Shape {
                memory64: true,
                ..Shape::default()
            },
        ),
        (
            "unknown-import",
            Shape {
                import: Some("clock"),
                ..Shape::default()
            },
        ),
        (
            "start",
            Shape {
                start: true,
                ..with(&endless)
            },
        ),
    ]
}

/// The check of one module, in so much address space.
fn check(file: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("ulimit -v {ADDRESS_SPACE_KIB}; exec \"$0\" \"$@\""))
        .arg(marque().get_program())
        .args(["contract", "check", "--json"])
        .arg(file);
    command
}

#[test]
fn each_is_refused_by_name_in_little_time_and_memory() {
    let folder = tempfile::tempdir().unwrap();
    for (name, shape) in shapes() {
        let file = folder.path().join(name).with_extension("wasm");
        std::fs::write(&file, shape.module()).unwrap();
        // The machine may be busy: the quickest of three is the module's own time.
        let mut quickest = Duration::MAX;
        let mut output = None;
        for _ in 0..3 {
            let begin = Instant::now();
            output = Some(check(&file).output().unwrap());
            quickest = quickest.min(begin.elapsed());
        }
        let output = output.unwrap();
        let said: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert_eq!(said["accepted"], false, "{name}");
        let error = &said["error"];
        for field in ["name", "section", "remedy"] {
            assert!(
                error[field].as_str().is_some_and(|words| !words.is_empty()),
                "{name}: {said}"
            );
        }
        assert!(
            error["offset"].as_u64().is_some_and(|at| at > 0),
            "{name}: {said}"
        );
        assert!(
            quickest < Duration::from_secs(1),
            "{name} took {quickest:?}"
        );
        println!(
            "{name}: {} in {} at {}",
            error["name"], error["section"], error["offset"]
        );
    }
}

#[test]
fn the_smallest_contract_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.wasm");
    std::fs::write(&file, Shape::default().module()).unwrap();
    let output = marque()
        .args(["contract", "check", "--json"])
        .arg(&file)
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["accepted"], true, "{said}");
}
