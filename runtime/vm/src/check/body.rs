//! One function body: its size, flow and stack.

use super::Body;
use super::reject::Place;
use super::work::Work;
use crate::error::Rejection;
use crate::limits::Limit;
use wasmparser::{FuncValidator, FunctionBody, Operator, ValidatorResources};

const CODE: Place = Place("code");

/// The work that a body makes by being there.
const BODY: u64 = 50;

/// What all bodies together came to.
#[derive(Debug, Default)]
pub(super) struct Sums {
    blocks: u64,
    pub work: u64,
}

pub(super) fn check(
    checker: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    type_index: u32,
    sums: &mut Sums,
) -> Result<Body, Rejection> {
    let content = body.range();
    let start = content.start;
    CODE.at_most(Limit::BodyBytes, start, content.len())?;
    let locals = check_locals(checker, body)?;
    let mut reader = body
        .get_operators_reader()
        .map_err(|error| CODE.invalid(&error))?;
    let mut facts = Body {
        content,
        locals,
        operands: 0,
        type_index,
        calls: false,
        grows: false,
    };
    let mut blocks = 0u64;
    let mut work = Work::new(locals);
    while !reader.eof() {
        let offset = reader.original_position();
        let operator = reader.read().map_err(|error| CODE.invalid(&error))?;
        if let Operator::BrTable { targets } = &operator {
            CODE.at_most(Limit::BranchTargets, offset, targets.len())?;
        }
        checker
            .op(offset, &operator)
            .map_err(|error| CODE.invalid(&error))?;
        CODE.at_most(Limit::Nesting, offset, checker.control_stack_height())?;
        CODE.at_most(Limit::OperandHeight, offset, checker.operand_stack_height())?;
        facts.operands = facts.operands.max(checker.operand_stack_height());
        facts.calls |= matches!(
            operator,
            Operator::Call { .. } | Operator::CallIndirect { .. } | Operator::MemoryGrow { .. }
        );
        facts.grows |= matches!(operator, Operator::MemoryGrow { .. });
        let places = flow(&operator);
        let length = reader.original_position().saturating_sub(offset);
        work.operator(&operator, length, checker.operand_stack_height(), places);
        blocks = blocks.saturating_add(places);
        CODE.at_most(Limit::LoopNesting, offset, work.loops())?;
        CODE.at_most(Limit::Blocks, offset, blocks)?;
        CODE.at_most(Limit::BodyWork, offset, work.total())?;
    }
    reader.finish().map_err(|error| CODE.invalid(&error))?;
    sums.blocks = sums.blocks.saturating_add(blocks);
    sums.work = sums.work.saturating_add(work.total()).saturating_add(BODY);
    CODE.at_most(Limit::ModuleBlocks, start, sums.blocks)?;
    CODE.at_most(Limit::ModuleWork, start, sums.work)?;
    Ok(facts)
}

/// Counts the locals, parameters included, before the validator holds them.
fn check_locals(
    checker: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
) -> Result<u32, Rejection> {
    let mut total = u64::from(checker.len_locals());
    let mut reader = body
        .get_locals_reader()
        .map_err(|error| CODE.invalid(&error))?;
    for _ in 0..reader.get_count() {
        let offset = reader.original_position();
        let (count, kind) = reader.read().map_err(|error| CODE.invalid(&error))?;
        total = total.saturating_add(u64::from(count));
        CODE.at_most(Limit::Locals, offset, total)?;
        checker
            .define_locals(offset, count, kind)
            .map_err(|error| CODE.invalid(&error))?;
    }
    Ok(checker.len_locals())
}

/// How many blocks and edges of control flow an instruction makes.
fn flow(operator: &Operator<'_>) -> u64 {
    match operator {
        Operator::BrTable { targets } => u64::from(targets.len()).saturating_add(1),
        Operator::Block { .. }
        | Operator::Loop { .. }
        | Operator::If { .. }
        | Operator::Else
        | Operator::End
        | Operator::Br { .. }
        | Operator::BrIf { .. }
        | Operator::Return
        | Operator::Unreachable => 1,
        _ => 0,
    }
}
