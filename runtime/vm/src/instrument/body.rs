//! One body, taken apart by [`Flow`] and put together with the counting in it.

use super::flow::{Flow, Piece};
use super::{Added, InjectorError, emit};
use crate::check::{Body, Checked};
use crate::schedule;
use marque_abi::WasmType;
use wasm_encoder::{BlockType, Encode, Instruction, ValType};
use wasmparser::{BinaryReader, FunctionBody};

/// The new body: the same locals, the same instructions, and the counting.
pub(super) fn instrument(
    checked: &Checked<'_>,
    body: &Body,
    added: Added,
) -> Result<Vec<u8>, InjectorError> {
    let failed = |error: wasmparser::Error| InjectorError(error.offset());
    let bytes = checked
        .code
        .get(body.content.clone())
        .ok_or(InjectorError(body.content.start))?;
    let reader = FunctionBody::new(BinaryReader::new(bytes, body.content.start));
    let mut operators = reader.get_operators_reader().map_err(failed)?;
    let first = operators.original_position();
    let mut flow = Flow::new(body.locals);
    while !operators.eof() {
        let start = operators.original_position();
        let operator = operators.read().map_err(failed)?;
        flow.operator(&operator, start..operators.original_position())?;
    }
    let locals = checked
        .code
        .get(body.content.start..first)
        .ok_or(InjectorError(first))?;
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(3));
    out.extend_from_slice(locals);
    let frame = body
        .calls
        .then(|| schedule::frame(body.locals, body.operands, bytes.len()));
    if let Some(frame) = frame {
        emit::enter_frame(added, frame, &mut out);
        // A block around the body: what returned or branched to its end gives the frame back.
        Instruction::Block(block_type(checked, body)?).encode(&mut out);
    }
    for piece in flow.finish() {
        put(checked, &piece, frame.is_some(), added, &mut out)?;
    }
    if let Some(frame) = frame {
        Instruction::End.encode(&mut out);
        emit::leave_frame(added, frame, &mut out);
    }
    Instruction::End.encode(&mut out);
    Ok(out)
}

fn put(
    checked: &Checked<'_>,
    piece: &Piece,
    framed: bool,
    added: Added,
    out: &mut Vec<u8>,
) -> Result<(), InjectorError> {
    match piece {
        Piece::Keep(range) => {
            out.extend_from_slice(
                checked
                    .code
                    .get(range.clone())
                    .ok_or(InjectorError(range.start))?,
            );
        }
        Piece::Charge(0) => {}
        Piece::Charge(operators) => emit::charge(added, schedule::block(*operators), out),
        Piece::Return(depth) if framed => Instruction::Br(*depth).encode(out),
        Piece::Return(_) => Instruction::Return.encode(out),
        Piece::Grow => Instruction::Call(added.grow).encode(out),
        Piece::Unreachable => Instruction::Unreachable.encode(out),
    }
    Ok(())
}

fn block_type(checked: &Checked<'_>, body: &Body) -> Result<BlockType, InjectorError> {
    let at = usize::try_from(body.type_index).map_err(|_| InjectorError(body.content.start))?;
    let result = checked
        .shape
        .results
        .get(at)
        .ok_or(InjectorError(body.content.start))?;
    Ok(match result {
        None => BlockType::Empty,
        Some(WasmType::I32) => BlockType::Result(ValType::I32),
        Some(WasmType::I64) => BlockType::Result(ValType::I64),
    })
}
