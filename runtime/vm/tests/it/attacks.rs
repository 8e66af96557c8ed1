//! Modules made to be slow to compile: each family as large as the static check lets it be.

use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction as I,
    MemArg, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// A family of function bodies, by size.
pub struct Family {
    pub name: &'static str,
    /// A body of size `n` with `locals` locals of type i64.
    pub body: fn(n: u32, locals: u32) -> Function,
    /// The numbers of locals worth trying.
    pub locals: &'static [u32],
}

/// Every family.
pub const FAMILIES: &[Family] = &[
    Family {
        name: "nested loops over many locals",
        body: nested_loops,
        locals: &[8, 64, 256],
    },
    Family {
        name: "loops that each touch all locals",
        body: loops_touching_locals,
        locals: &[8, 64, 256],
    },
    Family {
        name: "br_table to one block",
        body: table_to_one,
        locals: &[1, 64, 256],
    },
    Family {
        name: "br_table to nested blocks",
        body: table_to_nest,
        locals: &[1, 64, 256],
    },
    Family {
        name: "many br_tables to a loop with many locals",
        body: tables_to_loop,
        locals: &[1, 64, 256],
    },
    Family {
        name: "empty loops",
        body: empty_loops,
        locals: &[1],
    },
    Family {
        name: "diamonds that set locals",
        body: diamonds,
        locals: &[4, 64, 256],
    },
    Family {
        name: "branches back to a head with many locals",
        body: back_edges,
        locals: &[8, 64, 128, 256],
    },
    Family {
        name: "one long sum",
        body: long_sum,
        locals: &[2],
    },
    Family {
        name: "sums that fold",
        body: folding,
        locals: &[2],
    },
    Family {
        name: "multiplications and divisions",
        body: divisions,
        locals: &[4, 64],
    },
    Family {
        name: "rotations by locals",
        body: rotations,
        locals: &[4, 64, 256],
    },
    Family {
        name: "loads and stores",
        body: loads_and_stores,
        locals: &[4],
    },
    Family {
        name: "calls with all locals alive",
        body: calls_alive,
        locals: &[4, 64, 256],
    },
    Family {
        name: "a deep operand stack over calls",
        body: deep_operands,
        locals: &[1],
    },
    Family {
        name: "selects",
        body: selects,
        locals: &[4, 64, 256],
    },
    Family {
        name: "indirect calls",
        body: indirect_calls,
        locals: &[4],
    },
    Family {
        name: "nested blocks with results",
        body: nested_results,
        locals: &[4],
    },
    Family {
        name: "permuted locals in a loop",
        body: permuted,
        locals: &[8, 64, 256],
    },
    Family {
        name: "values alive across blocks",
        body: alive_across_blocks,
        locals: &[8, 64, 256],
    },
    Family {
        name: "values alive across calls in blocks",
        body: alive_across_calls,
        locals: &[8, 64, 256],
    },
    Family {
        name: "operands alive across blocks",
        body: operands_across_blocks,
        locals: &[8],
    },
    Family {
        name: "tees in branches out",
        body: tees_out,
        locals: &[8, 64, 256],
    },
    Family {
        name: "empty bodies",
        body: empty_bodies,
        locals: &[1],
    },
    Family {
        name: "wide calls",
        body: wide_calls,
        locals: &[4, 64],
    },
    Family {
        name: "globals",
        body: globals,
        locals: &[4],
    },
    Family {
        name: "irregular exits",
        body: irregular_exits,
        locals: &[8, 64, 256],
    },
];

/// The module with so many copies of the family's body.
pub fn module(family: &Family, n: u32, locals: u32, copies: u32) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I64; 8], [ValType::I64]);
    types.ty().function([ValType::I64; 24], [ValType::I64]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    functions.function(1);
    functions.function(2);
    let mut code = CodeSection::new();
    let mut entry = Function::new([]);
    for at in 0..copies {
        entry.instruction(&I::Call(3 + at));
    }
    entry.instruction(&I::End);
    code.function(&entry);
    let mut callee = Function::new([]);
    callee.instruction(&I::LocalGet(0)).instruction(&I::End);
    code.function(&callee).function(&callee);
    for _ in 0..copies {
        functions.function(0);
        code.function(&(family.body)(n, locals));
    }
    let mut tables = wasm_encoder::TableSection::new();
    tables.table(wasm_encoder::TableType {
        element_type: wasm_encoder::RefType::FUNCREF,
        minimum: 16,
        maximum: Some(16),
        table64: false,
        shared: false,
    });
    let mut globals = wasm_encoder::GlobalSection::new();
    for _ in 0..60 {
        let mutable = wasm_encoder::GlobalType {
            val_type: ValType::I64,
            mutable: true,
            shared: false,
        };
        globals.global(mutable, &wasm_encoder::ConstExpr::i64_const(1));
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
        .section(&types)
        .section(&functions)
        .section(&tables)
        .section(&memories);
    module.section(&globals).section(&exports).section(&code);
    let mut bytes = module.finish();
    super::append_meta(&mut bytes, &["query"]);
    bytes
}

/// The greatest number whose module passes the check; 0 if none does.
pub fn largest(module: impl Fn(u32) -> Vec<u8>) -> u32 {
    let passes = |n| marque_vm::check(&module(n)).is_ok();
    let mut above = 1;
    while above < 1 << 14 && passes(above) {
        above *= 2;
    }
    let mut below = above / 2;
    while above - below > 1 {
        let middle = below.midpoint(above);
        if passes(middle) {
            below = middle;
        } else {
            above = middle;
        }
    }
    below
}

fn begin(locals: u32) -> Function {
    Function::new([(locals, ValType::I64)])
}

fn end(mut function: Function) -> Function {
    function.instruction(&I::End);
    function
}

/// `local += constant`, over `step` positions.
fn bump(function: &mut Function, local: u32, by: i64) {
    function
        .instruction(&I::LocalGet(local))
        .instruction(&I::I64Const(by))
        .instruction(&I::I64Add);
    function.instruction(&I::LocalSet(local));
}

fn condition(function: &mut Function, local: u32) {
    function
        .instruction(&I::LocalGet(local))
        .instruction(&I::I64Eqz);
}

fn nested_loops(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    let depth = n.min(10);
    for round in 0..n.div_ceil(10) {
        for _ in 0..depth {
            f.instruction(&I::Loop(BlockType::Empty));
        }
        for local in 0..locals {
            bump(&mut f, local, i64::from(round) + 1);
        }
        for at in 0..depth {
            condition(&mut f, at % locals);
            f.instruction(&I::BrIf(0)).instruction(&I::End);
        }
    }
    end(f)
}

fn loops_touching_locals(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        f.instruction(&I::Loop(BlockType::Empty));
        for step in 0..locals.min(16) {
            bump(&mut f, (at * 16 + step) % locals, 3);
        }
        condition(&mut f, at % locals);
        f.instruction(&I::BrIf(0)).instruction(&I::End);
    }
    end(f)
}

fn table_to_one(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for round in 0..n.div_ceil(240) {
        f.instruction(&I::Block(BlockType::Empty));
        for local in 0..locals {
            bump(&mut f, local, i64::from(round));
        }
        f.instruction(&I::LocalGet(0)).instruction(&I::I32WrapI64);
        f.instruction(&I::BrTable(vec![0; n.min(240) as usize].into(), 0))
            .instruction(&I::End);
    }
    end(f)
}

fn table_to_nest(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    let depth = 100;
    for round in 0..n.div_ceil(240) {
        for _ in 0..depth {
            f.instruction(&I::Block(BlockType::Empty));
        }
        f.instruction(&I::LocalGet(0)).instruction(&I::I32WrapI64);
        f.instruction(&I::BrTable(
            (0..n.min(240))
                .map(|at| at % depth)
                .collect::<Vec<_>>()
                .into(),
            0,
        ));
        for at in 0..depth {
            f.instruction(&I::End);
            for step in 0..8 {
                bump(&mut f, (at * 8 + step) % locals, i64::from(round) + 7);
            }
        }
    }
    end(f)
}

fn tables_to_loop(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    f.instruction(&I::Loop(BlockType::Empty));
    for local in 0..locals {
        bump(&mut f, local, 5);
    }
    for at in 0..n {
        f.instruction(&I::Block(BlockType::Empty));
        bump(&mut f, at % locals, 9);
        f.instruction(&I::LocalGet(at % locals))
            .instruction(&I::I32WrapI64);
        f.instruction(&I::BrTable(vec![0, 1, 0, 1, 0, 1, 0, 1].into(), 0))
            .instruction(&I::End);
    }
    f.instruction(&I::End);
    end(f)
}

fn empty_loops(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for _ in 0..n {
        f.instruction(&I::Loop(BlockType::Empty))
            .instruction(&I::End);
    }
    end(f)
}

fn diamonds(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        condition(&mut f, at % locals);
        f.instruction(&I::If(BlockType::Empty));
        bump(&mut f, (at + 1) % locals, 2);
        f.instruction(&I::Else);
        bump(&mut f, (at + 2) % locals, 3);
        f.instruction(&I::End);
    }
    end(f)
}

fn back_edges(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    f.instruction(&I::Loop(BlockType::Empty));
    for local in 0..locals {
        bump(&mut f, local, 11);
    }
    for at in 0..n {
        bump(&mut f, at % locals, 13);
        condition(&mut f, (at + 1) % locals);
        f.instruction(&I::BrIf(0));
    }
    f.instruction(&I::End);
    end(f)
}

fn long_sum(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    f.instruction(&I::LocalGet(0));
    for at in 0..n {
        f.instruction(&I::LocalGet(1));
        f.instruction(if at % 3 == 0 { &I::I64Add } else { &I::I64Xor });
    }
    f.instruction(&I::LocalSet(0));
    end(f)
}

fn folding(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    f.instruction(&I::LocalGet(0));
    for at in 0..n {
        f.instruction(&I::I64Const(i64::from(at % 61) + 1));
        f.instruction(match at % 6 {
            0 => &I::I64Add,
            1 => &I::I64And,
            2 => &I::I64Or,
            3 => &I::I64Shl,
            4 => &I::I64ShrU,
            _ => &I::I64Sub,
        });
    }
    f.instruction(&I::LocalSet(0));
    end(f)
}

fn divisions(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        f.instruction(&I::LocalGet(at % locals))
            .instruction(&I::LocalGet((at + 1) % locals));
        f.instruction(match at % 4 {
            0 => &I::I64DivS,
            1 => &I::I64RemU,
            2 => &I::I64Mul,
            _ => &I::I64RemS,
        });
        f.instruction(&I::LocalSet((at + 2) % locals));
    }
    end(f)
}

fn rotations(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        f.instruction(&I::LocalGet(at % locals))
            .instruction(&I::LocalGet((at * 7 + 1) % locals));
        f.instruction(&I::I64Rotl)
            .instruction(&I::LocalSet((at * 3 + 2) % locals));
    }
    end(f)
}

fn loads_and_stores(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        let memarg = MemArg {
            offset: u64::from(at % 100),
            align: 0,
            memory_index: 0,
        };
        f.instruction(&I::LocalGet(at % locals))
            .instruction(&I::I32WrapI64);
        f.instruction(&I::LocalGet((at + 1) % locals))
            .instruction(&I::I32WrapI64)
            .instruction(&I::I64Load(memarg));
        f.instruction(&I::I64Store(memarg));
    }
    end(f)
}

fn calls_alive(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        for step in 0..8 {
            f.instruction(&I::LocalGet((at * 8 + step) % locals));
        }
        f.instruction(&I::Call(1))
            .instruction(&I::LocalSet(at % locals));
    }
    end(f)
}

fn deep_operands(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for round in 0..n.div_ceil(240) {
        for at in 0..n.min(240) {
            bump(&mut f, 0, i64::from(at + round));
            f.instruction(&I::LocalGet(0));
        }
        for _ in 1..n.min(240) {
            for _ in 0..7 {
                f.instruction(&I::LocalGet(0));
            }
            f.instruction(&I::Call(1)).instruction(&I::I64Add);
        }
        f.instruction(&I::LocalSet(0));
    }
    end(f)
}

fn selects(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        f.instruction(&I::LocalGet(at % locals))
            .instruction(&I::LocalGet((at + 1) % locals));
        condition(&mut f, (at + 2) % locals);
        f.instruction(&I::Select)
            .instruction(&I::LocalSet((at + 3) % locals));
    }
    end(f)
}

fn indirect_calls(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        for step in 0..8 {
            f.instruction(&I::LocalGet((at + step) % locals));
        }
        f.instruction(&I::LocalGet(0)).instruction(&I::I32WrapI64);
        f.instruction(&I::CallIndirect {
            type_index: 1,
            table_index: 0,
        })
        .instruction(&I::LocalSet(at % locals));
    }
    end(f)
}

fn nested_results(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for _ in 0..n.div_ceil(100) {
        for _ in 0..n.min(100) {
            f.instruction(&I::Block(BlockType::Result(ValType::I64)));
        }
        f.instruction(&I::LocalGet(0));
        for at in 0..n.min(100) {
            condition(&mut f, at % locals);
            f.instruction(&I::BrIf(0))
                .instruction(&I::LocalGet(1))
                .instruction(&I::I64Add)
                .instruction(&I::End);
        }
        f.instruction(&I::LocalSet(0));
    }
    end(f)
}

fn permuted(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for _ in 0..n {
        f.instruction(&I::Loop(BlockType::Empty))
            .instruction(&I::LocalGet(0));
        for local in 1..locals {
            f.instruction(&I::LocalGet(local))
                .instruction(&I::LocalSet(local - 1));
        }
        f.instruction(&I::LocalSet(locals - 1));
        condition(&mut f, 0);
        f.instruction(&I::BrIf(0)).instruction(&I::End);
    }
    end(f)
}

fn irregular_exits(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    let depth = 18;
    for _ in 0..n.div_ceil(depth) {
        for at in 0..depth {
            f.instruction(if at % 2 == 0 {
                &I::Loop(BlockType::Empty)
            } else {
                &I::Block(BlockType::Empty)
            });
            bump(&mut f, at % locals, 1);
        }
        for at in 0..depth {
            for jump in 1..4 {
                bump(&mut f, (at * jump) % locals, 5);
                condition(&mut f, (at + jump) % locals);
                f.instruction(&I::BrIf((at * jump * 7) % (depth - at)));
            }
            f.instruction(&I::End);
        }
    }
    end(f)
}

fn alive_across_blocks(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for local in 0..locals {
        f.instruction(&I::LocalGet(local))
            .instruction(&I::I32WrapI64);
        f.instruction(&I::I64Load(MemArg {
            offset: u64::from(local),
            align: 0,
            memory_index: 0,
        }));
        f.instruction(&I::LocalSet(local));
    }
    for at in 0..n {
        condition(&mut f, at % locals);
        f.instruction(&I::If(BlockType::Empty))
            .instruction(&I::I32Const(0))
            .instruction(&I::LocalGet(at % locals));
        f.instruction(&I::I64Store(MemArg {
            offset: 8,
            align: 0,
            memory_index: 0,
        }))
        .instruction(&I::End);
    }
    for local in 0..locals {
        f.instruction(&I::I32Const(0))
            .instruction(&I::LocalGet(local));
        f.instruction(&I::I64Store(MemArg {
            offset: 8,
            align: 0,
            memory_index: 0,
        }));
    }
    end(f)
}

fn alive_across_calls(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for local in 0..locals {
        f.instruction(&I::I32Const(0));
        f.instruction(&I::I64Load(MemArg {
            offset: u64::from(local),
            align: 0,
            memory_index: 0,
        }));
        f.instruction(&I::LocalSet(local));
    }
    for at in 0..n {
        condition(&mut f, at % locals);
        f.instruction(&I::If(BlockType::Empty));
        for step in 0..8 {
            f.instruction(&I::LocalGet((at + step) % locals));
        }
        f.instruction(&I::Call(1))
            .instruction(&I::Drop)
            .instruction(&I::End);
    }
    for local in 0..locals {
        f.instruction(&I::I32Const(0))
            .instruction(&I::LocalGet(local));
        f.instruction(&I::I64Store(MemArg {
            offset: 8,
            align: 0,
            memory_index: 0,
        }));
    }
    end(f)
}

fn operands_across_blocks(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..200 {
        f.instruction(&I::I32Const(0));
        f.instruction(&I::I64Load(MemArg {
            offset: at,
            align: 0,
            memory_index: 0,
        }));
    }
    for at in 0..n {
        condition(&mut f, at % locals);
        f.instruction(&I::If(BlockType::Empty));
        bump(&mut f, at % locals, 3);
        f.instruction(&I::End);
    }
    for _ in 1..200 {
        f.instruction(&I::I64Xor);
    }
    f.instruction(&I::LocalSet(0));
    end(f)
}

fn tees_out(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    f.instruction(&I::Block(BlockType::Empty));
    for at in 0..n {
        f.instruction(&I::LocalGet((at + 1) % locals))
            .instruction(&I::I64Const(1))
            .instruction(&I::I64Sub);
        f.instruction(&I::LocalTee(at % locals))
            .instruction(&I::I64Eqz)
            .instruction(&I::BrIf(0));
    }
    f.instruction(&I::End);
    end(f)
}

fn empty_bodies(_: u32, locals: u32) -> Function {
    end(begin(locals))
}

fn wide_calls(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        for step in 0..24 {
            f.instruction(&I::LocalGet((at + step * 5) % locals));
        }
        f.instruction(&I::Call(2))
            .instruction(&I::LocalSet(at % locals));
    }
    end(f)
}

fn globals(n: u32, locals: u32) -> Function {
    let mut f = begin(locals);
    for at in 0..n {
        f.instruction(&I::GlobalGet(at % 60))
            .instruction(&I::GlobalGet((at * 7) % 60))
            .instruction(&I::I64Mul);
        f.instruction(&I::GlobalSet((at * 3) % 60));
    }
    end(f)
}
