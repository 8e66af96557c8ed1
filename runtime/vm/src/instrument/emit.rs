//! The instructions that are added.

use super::{Added, GROWTH_FAILED};
use crate::schedule;
use wasm_encoder::{BlockType, Encode, Function, Instruction, MemArg, ValType};

/// Takes `price` from the gas global, and ends the call if that leaves less than nothing.
pub(super) fn charge(added: Added, price: u64, out: &mut Vec<u8>) {
    let price = i64::try_from(price).unwrap_or(i64::MAX);
    for instruction in [
        Instruction::GlobalGet(added.gas),
        Instruction::I64Const(price),
        Instruction::I64Sub,
        Instruction::GlobalSet(added.gas),
    ] {
        instruction.encode(out);
    }
    end_if_out_of_gas(added, out);
}

/// Takes a frame from the stack global, and ends the call if that leaves less than nothing.
pub(super) fn enter_frame(added: Added, frame: u32, out: &mut Vec<u8>) {
    for instruction in [
        Instruction::GlobalGet(added.stack),
        Instruction::I32Const(frame.cast_signed()),
        Instruction::I32Sub,
        Instruction::GlobalSet(added.stack),
        Instruction::GlobalGet(added.stack),
        Instruction::I32Const(31),
        Instruction::I32ShrS,
        touch(),
        Instruction::Drop,
    ] {
        instruction.encode(out);
    }
}

/// Gives a frame back.
pub(super) fn leave_frame(added: Added, frame: u32, out: &mut Vec<u8>) {
    for instruction in [
        Instruction::GlobalGet(added.stack),
        Instruction::I32Const(frame.cast_signed()),
        Instruction::I32Add,
        Instruction::GlobalSet(added.stack),
    ] {
        instruction.encode(out);
    }
}

fn end_if_out_of_gas(added: Added, out: &mut Vec<u8>) {
    for instruction in [
        Instruction::GlobalGet(added.gas),
        Instruction::I64Const(63),
        Instruction::I64ShrS,
        Instruction::I32WrapI64,
        touch(),
        Instruction::Drop,
    ] {
        instruction.encode(out);
    }
}

/// Loads a byte at the address on the stack: 0 while a meter has something left, which is
/// always inside the memory, and the last address once it has not, which never is. The
/// load stands for a branch to `unreachable`, but leaves the body one block: branches would
/// triple what the compiler has to work through.
fn touch() -> Instruction<'static> {
    Instruction::I32Load8U(MemArg {
        offset: 0,
        align: 0,
        memory_index: 0,
    })
}

/// The type of the added function, `(i32) -> i32`.
pub(super) fn grow_type() -> Vec<u8> {
    let mut types = wasm_encoder::TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut section = Vec::new();
    types.encode(&mut section);
    // What follows the section's length and its count of one.
    section.split_off(2)
}

/// `memory.grow`, bounded and priced: -1 beyond the limit, without charge, as WebAssembly
/// has it; within the limit it succeeds, or the node has failed.
pub(super) fn grow_body(added: Added, max_pages: u32) -> Vec<u8> {
    let mut code = Vec::new();
    for instruction in [
        Instruction::LocalGet(0),
        Instruction::I32Const(max_pages.cast_signed()),
        Instruction::MemorySize(0),
        Instruction::I32Sub,
        Instruction::I32GtU,
        Instruction::If(BlockType::Empty),
        Instruction::I32Const(-1),
        Instruction::Return,
        Instruction::End,
        Instruction::GlobalGet(added.gas),
        Instruction::LocalGet(0),
        Instruction::I64ExtendI32U,
        Instruction::I64Const(schedule::PAGE.cast_signed()),
        Instruction::I64Mul,
        Instruction::I64Sub,
        Instruction::GlobalSet(added.gas),
    ] {
        instruction.encode(&mut code);
    }
    end_if_out_of_gas(added, &mut code);
    for instruction in [
        Instruction::LocalGet(0),
        Instruction::MemoryGrow(0),
        Instruction::LocalTee(0),
        Instruction::I32Const(-1),
        Instruction::I32Eq,
        Instruction::If(BlockType::Empty),
        Instruction::I64Const(GROWTH_FAILED),
        Instruction::GlobalSet(added.gas),
        Instruction::Unreachable,
        Instruction::End,
        Instruction::LocalGet(0),
        Instruction::End,
    ] {
        instruction.encode(&mut code);
    }
    let mut function = Function::new([]);
    function.raw(code);
    function.into_raw_body()
}
