//! What the static check does not take, and what it says about it.

use crate::build::append_meta;
use crate::cpu::thread_cpu_ms;
use crate::{contract, contract_with};
use marque_vm::{Limit, Rejection, VmError, check};
use wasm_encoder::{
    CodeSection, CustomSection, ExportKind, ExportSection, Function, FunctionSection,
    ImportSection, Instruction as I, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// A module around one body of `query`, with so many further functions and types.
fn module(body: &Function, functions: u32, types: u32) -> Vec<u8> {
    let mut kinds = TypeSection::new();
    for _ in 0..types {
        kinds.ty().function([], []);
    }
    let mut declared = FunctionSection::new();
    let mut code = CodeSection::new();
    declared.function(0);
    code.function(body);
    let mut empty = Function::new([]);
    empty.instruction(&I::End);
    for _ in 0..functions {
        declared.function(0);
        code.function(&empty);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports
        .export("memory", ExportKind::Memory, 0)
        .export("query", ExportKind::Func, 0);
    let mut module = Module::new();
    module
        .section(&kinds)
        .section(&declared)
        .section(&memories)
        .section(&exports)
        .section(&code);
    let mut bytes = module.finish();
    append_meta(&mut bytes, &["query"]);
    bytes
}

fn body(locals: u32, instructions: &[I<'_>]) -> Function {
    let mut function = Function::new([(locals, ValType::I64)]);
    for instruction in instructions {
        function.instruction(instruction);
    }
    function.instruction(&I::End);
    function
}

fn repeated(locals: u32, times: u32, instructions: &[I<'_>], after: &[I<'_>]) -> Function {
    let mut function = Function::new([(locals, ValType::I64)]);
    for _ in 0..times {
        instructions.iter().for_each(|instruction| {
            function.instruction(instruction);
        });
    }
    for _ in 0..times {
        after.iter().for_each(|instruction| {
            function.instruction(instruction);
        });
    }
    function.instruction(&I::End);
    function
}

/// `query` with this body, in a module with a page and this before it.
fn text(before: &str, body: &str) -> Vec<u8> {
    contract(&format!(
        r#"(module {before} (memory (export "memory") 1) (func (export "query") {body}))"#
    ))
}

const EMPTY: wasm_encoder::BlockType = wasm_encoder::BlockType::Empty;

/// Every module that is refused, with the limit and the section that it must name.
fn refused() -> Vec<(&'static str, Vec<u8>, Limit, &'static str)> {
    let nothing = body(0, &[]);
    let long_name = "n".repeat(90_000);
    let nested = |times| {
        repeated(
            200,
            times,
            &[I::Loop(EMPTY)],
            &[I::LocalGet(7), I::I64Eqz, I::BrIf(0), I::End],
        )
    };
    let table = |targets| body(0, &[I::I32Const(0), I::BrTable(vec![0; targets].into(), 0)]);
    vec![
        (
            "60,000 functions",
            module(&nothing, 60_000, 1),
            Limit::Functions,
            "function",
        ),
        (
            "60,000 types",
            module(&nothing, 0, 60_000),
            Limit::Types,
            "type",
        ),
        (
            "20,000 loops",
            module(&repeated(0, 20_000, &[I::Loop(EMPTY), I::End], &[]), 0, 1),
            Limit::BodyBytes,
            "code",
        ),
        (
            "9,000 loops",
            module(&repeated(0, 9_000, &[I::Loop(EMPTY), I::End], &[]), 0, 1),
            Limit::Blocks,
            "code",
        ),
        (
            "nested loops over many locals",
            module(&nested(1_000), 0, 1),
            Limit::LoopNesting,
            "code",
        ),
        (
            "100,000-way br_table",
            module(&table(100_000), 0, 1),
            Limit::BodyBytes,
            "code",
        ),
        (
            "10,000-way br_table",
            module(&table(10_000), 0, 1),
            Limit::BranchTargets,
            "code",
        ),
        (
            "50,000 locals",
            module(&body(50_000, &[]), 0, 1),
            Limit::Locals,
            "code",
        ),
        (
            "2^32 - 1 locals",
            module(&body(u32::MAX, &[]), 0, 1),
            Limit::Locals,
            "code",
        ),
        (
            "blocks nested 1,000 deep",
            module(&repeated(0, 1_000, &[I::Block(EMPTY)], &[I::End]), 0, 1),
            Limit::Nesting,
            "code",
        ),
        (
            "a deep operand stack",
            module(&repeated(0, 5_000, &[I::I64Const(1)], &[I::Drop]), 0, 1),
            Limit::OperandHeight,
            "code",
        ),
        (
            "a float type",
            text("(type (func (param f32)))", ""),
            Limit::Float,
            "type",
        ),
        (
            "a float local",
            text("", "(local f64)"),
            Limit::Float,
            "code",
        ),
        (
            "a float constant",
            text("", "(drop (f64.const 1))"),
            Limit::Float,
            "code",
        ),
        (
            "a float global",
            text("(global f32 (f32.const 1))", ""),
            Limit::Float,
            "global",
        ),
        (
            "a float load",
            text("", "(drop (i64.reinterpret_f64 (f64.load (i32.const 0))))"),
            Limit::Float,
            "code",
        ),
        (
            "a saturating conversion",
            text("", "(drop (i32.trunc_sat_f32_s (f32.const 1)))"),
            Limit::Float,
            "code",
        ),
        (
            "SIMD",
            text("", "(drop (i32x4.extract_lane 0 (v128.const i64x2 0 0)))"),
            Limit::Simd,
            "code",
        ),
        (
            "bulk memory",
            text(
                "",
                "(memory.copy (i32.const 0) (i32.const 0) (i32.const 1))",
            ),
            Limit::BulkMemory,
            "code",
        ),
        (
            "a passive segment",
            text(r#"(data "x")"#, ""),
            Limit::BulkMemory,
            "data",
        ),
        (
            "a shared memory",
            contract(r#"(module (memory (export "memory") 1 1 shared) (func (export "query")))"#),
            Limit::Threads,
            "memory",
        ),
        (
            "an atomic",
            text("", "(drop (i32.atomic.load (i32.const 0)))"),
            Limit::Threads,
            "code",
        ),
        (
            "a 64-bit memory",
            contract(r#"(module (memory (export "memory") i64 1) (func (export "query")))"#),
            Limit::Memory64,
            "memory",
        ),
        (
            "a sign extension",
            text("", "(drop (i32.extend8_s (i32.const 0)))"),
            Limit::SignExtension,
            "code",
        ),
        (
            "several results",
            text("(type (func (result i32 i32)))", ""),
            Limit::MultiValue,
            "type",
        ),
        (
            "a block with parameters",
            text("", "(i32.const 1) (block (param i32) drop)"),
            Limit::MultiValue,
            "code",
        ),
        (
            "a tail call",
            text("(func $f)", "(return_call $f)"),
            Limit::TailCall,
            "code",
        ),
        ("an exception", text("(tag)", ""), Limit::Exceptions, "tag"),
        (
            "a handler",
            text("", "(block $b (try_table (catch_all $b)))"),
            Limit::Exceptions,
            "code",
        ),
        (
            "a struct",
            text("(type (struct (field i32)))", ""),
            Limit::GarbageCollection,
            "type",
        ),
        (
            "an external reference",
            text("", "(drop (ref.null extern))"),
            Limit::ReferenceTypes,
            "code",
        ),
        (
            "a table of references",
            text("(table 1 externref)", ""),
            Limit::ReferenceTypes,
            "table",
        ),
        (
            "growing a table",
            text(
                "(table 1 funcref)",
                "(drop (table.grow (ref.null func) (i32.const 1)))",
            ),
            Limit::ReferenceTypes,
            "code",
        ),
        (
            "two tables",
            text("(table 1 funcref) (table 1 funcref)", ""),
            Limit::Tables,
            "table",
        ),
        (
            "a large table",
            text("(table 100000 funcref)", ""),
            Limit::TableEntries,
            "table",
        ),
        (
            "two memories",
            text("(memory 1)", ""),
            Limit::Memories,
            "memory",
        ),
        (
            "an extended constant",
            text("(global i32 (i32.add (i32.const 1) (i32.const 1)))", ""),
            Limit::Segment,
            "global",
        ),
        (
            "a large memory",
            contract(r#"(module (memory (export "memory") 1000) (func (export "query")))"#),
            Limit::InitialPages,
            "memory",
        ),
        (
            "an empty memory",
            contract(r#"(module (memory (export "memory") 0) (func (export "query")))"#),
            Limit::NoMemory,
            "memory",
        ),
        (
            "no memory",
            contract(r#"(module (func (export "query")))"#),
            Limit::NoMemory,
            "export",
        ),
        (
            "a start function that loops",
            text("(func $f (loop (br 0))) (start $f)", ""),
            Limit::StartFunction,
            "start",
        ),
        (
            "a component",
            b"\0asm\x0d\0\x01\0".to_vec(),
            Limit::Component,
            "header",
        ),
        (
            "an unknown import",
            text(r#"(import "marque" "steal" (func))"#, ""),
            Limit::UnknownImport,
            "import",
        ),
        (
            "an unknown module",
            text(
                r#"(import "env" "input" (func (param i32 i32) (result i32)))"#,
                "",
            ),
            Limit::UnknownImport,
            "import",
        ),
        (
            "an imported memory",
            text(r#"(import "marque" "input" (global i32))"#, ""),
            Limit::UnknownImport,
            "import",
        ),
        (
            "an import of the wrong type",
            text(r#"(import "marque" "input" (func (param i32)))"#, ""),
            Limit::ImportType,
            "import",
        ),
        (
            "a long import",
            text(&format!(r#"(import "marque" "{long_name}" (func))"#), ""),
            Limit::NameBytes,
            "import",
        ),
        (
            "a long export",
            text(&format!(r#"(func (export "{long_name}"))"#), ""),
            Limit::NameBytes,
            "export",
        ),
        (
            "thousands of exports",
            text(
                &(0..3_000)
                    .map(|at| format!(r#"(func (export "rule_{at}"))"#))
                    .collect::<String>(),
                "",
            ),
            Limit::Exports,
            "export",
        ),
        (
            "an export that is no entry",
            text(r#"(func (export "selfdestruct"))"#, ""),
            Limit::UnknownExport,
            "export",
        ),
        (
            "a reserved export",
            text(r#"(global (export "marque.gas") i64 (i64.const 0))"#, ""),
            Limit::UnknownExport,
            "export",
        ),
        (
            "an exported table",
            text(r#"(table (export "t") 1 funcref)"#, ""),
            Limit::UnknownExport,
            "export",
        ),
        (
            "an entry with parameters",
            text(r#"(func (export "init") (param i32))"#, ""),
            Limit::ExportType,
            "export",
        ),
        (
            "an entry that the metadata do not list",
            text(r#"(func (export "init"))"#, ""),
            Limit::MetadataEntries,
            "custom",
        ),
        (
            "an entry that is not exported",
            contract_with(
                r#"(module (memory (export "memory") 1) (func (export "query")))"#,
                &["message", "query"],
            ),
            Limit::MetadataEntries,
            "custom",
        ),
        (
            "no entry",
            contract_with(r#"(module (memory (export "memory") 1))"#, &[]),
            Limit::NoEntry,
            "export",
        ),
        (
            "elements outside the table",
            text("(table 2 funcref) (elem (i32.const 1) 0 0)", ""),
            Limit::Segment,
            "element",
        ),
        (
            "elements at -1",
            text("(table 2 funcref) (elem (i32.const -1) 0)", ""),
            Limit::Segment,
            "element",
        ),
        (
            "data outside the memory",
            text(r#"(data (i32.const 65535) "ab")"#, ""),
            Limit::Segment,
            "data",
        ),
        (
            "data at -1",
            text(r#"(data (i32.const -1) "a")"#, ""),
            Limit::DataEnd,
            "data",
        ),
        (
            "data at a global's place",
            text(
                r#"(global $g i32 (i32.const 1)) (data (global.get $g) "a")"#,
                "",
            ),
            Limit::Segment,
            "data",
        ),
        (
            "a module over its size",
            vec![0; 1 << 20],
            Limit::CodeBytes,
            "header",
        ),
        ("nothing", Vec::new(), Limit::Malformed, ""),
        (
            "another file",
            b"GIF89a; definitely no module".to_vec(),
            Limit::Malformed,
            "",
        ),
        (
            "types that do not fit",
            text("", "(drop (i32.add (i64.const 1) (i32.const 1)))"),
            Limit::Malformed,
            "code",
        ),
    ]
}

/// Modules that have one thing too many, and what only many bodies together break.
fn counted() -> Vec<(&'static str, Vec<u8>, Limit, &'static str)> {
    let many = |count: usize, what: &str| text(&what.repeat(count), "");
    let mut customs = text("", "");
    for _ in 0..16 {
        let section = CustomSection {
            name: "n".into(),
            data: (&[]).into(),
        };
        wasm_encoder::Section::append_to(&section, &mut customs);
    }
    // A body over the work limit alone: branches out of the innermost of ten loops.
    let branches = {
        let mut all = vec![I::Loop(EMPTY); 9];
        all.push(I::Block(EMPTY));
        for _ in 0..600 {
            all.extend([I::I32Const(0), I::BrIf(0)]);
        }
        all.extend(vec![I::End; 10]);
        body(0, &all)
    };
    let bodies = |count: usize, body: &str| many(count, &format!("(func {body})"));
    vec![
        (
            "17 custom sections",
            customs,
            Limit::CustomSections,
            "custom",
        ),
        (
            "25 parameters",
            many(1, &format!("(type (func (param {})))", "i32 ".repeat(25))),
            Limit::Params,
            "type",
        ),
        (
            "65 imports",
            many(65, r#"(import "marque" "output" (func (param i32 i32)))"#),
            Limit::Imports,
            "import",
        ),
        (
            "65 globals",
            many(65, "(global i32 (i32.const 0))"),
            Limit::Globals,
            "global",
        ),
        (
            "65 element segments",
            text(
                &format!("(table 1 funcref) {}", "(elem (i32.const 0) 0)".repeat(65)),
                "",
            ),
            Limit::ElementSegments,
            "element",
        ),
        (
            "4,097 listed functions",
            text(
                &format!(
                    "(table 4096 funcref) (elem (i32.const 0) {}) (elem (i32.const 0) 0)",
                    "0 ".repeat(4_096)
                ),
                "",
            ),
            Limit::Elements,
            "element",
        ),
        (
            "257 data segments",
            text(&r#"(data (i32.const 0) "a")"#.repeat(257), ""),
            Limit::DataSegments,
            "data",
        ),
        (
            "branches out of many loops",
            module(&branches, 0, 1),
            Limit::BodyWork,
            "code",
        ),
        (
            "a thousand blocks in each of 40 bodies",
            bodies(40, &"block end ".repeat(510)),
            Limit::ModuleBlocks,
            "code",
        ),
        (
            "work in each of many bodies",
            bodies(
                8,
                &format!(
                    "{} block {} end {}",
                    "loop ".repeat(9),
                    "(br_if 0 (i32.const 0))".repeat(450),
                    "end ".repeat(9)
                ),
            ),
            Limit::ModuleWork,
            "code",
        ),
        (
            "pages of one byte",
            contract(
                r#"(module (memory (export "memory") 1 (pagesize 1)) (func (export "query")))"#,
            ),
            Limit::OtherFeature,
            "memory",
        ),
        (
            "no metadata",
            wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "query")))"#)
                .unwrap(),
            Limit::Metadata,
            "custom",
        ),
    ]
}

#[track_caller]
fn rejection(code: &[u8]) -> Rejection {
    check(code).expect_err("the module passed")
}

#[test]
fn every_refusal_names_its_limit_section_and_place() {
    let mut wrong = Vec::new();
    for (name, code, limit, section) in refused().into_iter().chain(counted()) {
        let start = thread_cpu_ms();
        let rejection = rejection(&code);
        let took = thread_cpu_ms() - start;
        assert!(took < 1_000, "{name} took {took} ms");
        if (rejection.limit, rejection.section) != (limit, section) {
            wrong.push(format!("{name}: {rejection}"));
        }
        assert!(rejection.offset <= code.len(), "{name}: {rejection}");
        assert!(rejection.found > rejection.allowed(), "{name}: {rejection}");
        let said = rejection.to_string();
        assert!(
            said.contains(rejection.name()) && said.contains(rejection.remedy()),
            "{said}"
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let all = refused().into_iter().chain(counted());
    let driven: Vec<Limit> = all.map(|(_, _, limit, _)| limit).collect();
    let known = Limit::ALL.iter();
    let missing: Vec<_> = known.filter(|limit| !driven.contains(limit)).collect();
    assert!(missing.is_empty(), "no module breaks {missing:?}");
}

#[test]
fn codes_and_names_are_distinct() {
    let mut codes: Vec<_> = Limit::ALL.iter().map(|limit| limit.code()).collect();
    let mut names: Vec<_> = Limit::ALL.iter().map(|limit| limit.name()).collect();
    codes.sort_unstable();
    codes.dedup();
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        (codes.len(), names.len()),
        (Limit::ALL.len(), Limit::ALL.len())
    );
    assert!(codes.iter().all(|code| (6001..6100).contains(code)));
}

/// Peak memory is a process's, so each module is checked in a process of its own: this
/// test's, run once more for that module alone.
#[test]
fn no_refusal_takes_200_mib() {
    if let Ok(at) = std::env::var("MARQUE_REFUSAL") {
        let (_, code, ..) = refused().swap_remove(at.parse().unwrap());
        assert!(check(&code).is_err());
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap();
        let kib: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert!(kib < 200 * 1024, "{kib} KiB");
        return;
    }
    for (at, (name, ..)) in refused().iter().enumerate() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", "refusals::no_refusal_takes_200_mib"])
            .env("MARQUE_REFUSAL", at.to_string());
        let output = child.output().unwrap();
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}

#[test]
fn metadata_are_checked_before_anything_is_linked() {
    let plain =
        wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "query")))"#).unwrap();
    assert_eq!(rejection(&plain).limit, Limit::Metadata);

    let mut twice = plain.clone();
    append_meta(&mut twice, &["query"]);
    append_meta(&mut twice, &["query"]);
    assert_eq!(rejection(&twice).limit, Limit::Metadata);

    let with = |change: fn(&mut Vec<u8>)| {
        let mut code = plain.clone();
        append_meta(&mut code, &["query"]);
        let start = plain.len() + 2 + 1 + marque_abi::meta::SECTION.len();
        let mut meta = code.split_off(start);
        change(&mut meta);
        let mut code = plain.clone();
        wasm_encoder::Section::append_to(
            &CustomSection {
                name: marque_abi::meta::SECTION.into(),
                data: meta.into(),
            },
            &mut code,
        );
        rejection(&code).to_string()
    };
    assert!(with(|meta| meta[0] = 9).contains("version 9"));
    assert!(with(|meta| meta[1] = 7).contains("host calls of version 7"));
    assert!(with(|meta| meta.push(0)).contains("cannot be read"));
    assert!(with(|meta| meta.truncate(meta.len() - 1)).contains("cannot be read"));
    assert!(with(Vec::clear).contains("cannot be read"));
}

#[test]
fn damaged_modules_are_refused_or_taken_but_never_break_the_check() {
    let imports = ImportSection::new();
    assert!(imports.is_empty());
    let code = text(
        r#"(import "marque" "output" (func $output (param i32 i32)))
           (table 4 funcref) (global $g (mut i64) (i64.const 5)) (elem (i32.const 1) $f)
           (func $f (param i32) (result i32) (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))
           (data (i32.const 8) "hello")"#,
        "(call $output (i32.const 8) (call_indirect (param i32) (result i32) (i32.const 3) (i32.const 1)))",
    );
    let vm = crate::vm(marque_vm::OptLevel::None);
    assert!(check(&code).is_ok());
    for end in 0..code.len() {
        assert!(check(&code[..end]).is_err(), "truncated at {end}");
    }
    let mut taken = 0;
    for at in 0..code.len() {
        for bit in 0..8 {
            let mut damaged = code.clone();
            damaged[at] ^= 1 << bit;
            match vm.compile(&damaged) {
                Ok(_) => taken += 1,
                Err(VmError::Rejected(_)) => {}
                Err(other) => panic!("bit {bit} of byte {at}: {other}"),
            }
        }
    }
    assert!(taken > 0, "some bits are data");
}
