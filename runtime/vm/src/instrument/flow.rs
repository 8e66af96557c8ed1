//! Cutting a body into metered blocks.
//!
//! A metered block begins where control can arrive from elsewhere (a function's start, a
//! loop's head, an arm of an `if`, the end of a block that something branches to) or where
//! it may have left (after a conditional branch). From there to the next such place each
//! instruction runs exactly once, or the call ends; so the sum is charged at its start.

use super::InjectorError;
use crate::schedule;
use core::ops::Range;
use wasmparser::{BrTable, Operator};

/// A part of an instrumented body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    /// Bytes of the module, unchanged.
    Keep(Range<usize>),
    /// The charge of the metered block that begins here.
    Charge(u64),
    /// A `return`, this many labels inside the body's own.
    Return(u32),
    /// A `memory.grow`.
    Grow,
    /// A place that cannot be reached, whose types must still fit.
    Unreachable,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Block,
    Loop,
    If,
    Else { then_falls_out: bool },
}

/// A block that is open.
#[derive(Debug)]
struct Frame {
    kind: Kind,
    /// Something branches to its end (a loop's label is its head, so never).
    targeted: bool,
}

/// Cuts one body. Feed it every operator, in order, with its bytes' range.
#[derive(Debug)]
pub(super) struct Flow {
    pieces: Vec<Piece>,
    frames: Vec<Frame>,
    /// The piece with the charge of the current metered block; `None` where control cannot be.
    current: Option<usize>,
    /// Blocks opened where control cannot be.
    dead: u32,
}

impl Flow {
    /// Begins a body with so many locals, parameters included.
    pub fn new(locals: u32) -> Self {
        Self {
            pieces: vec![Piece::Charge(schedule::function_entry(locals))],
            frames: vec![Frame {
                kind: Kind::Block,
                targeted: false,
            }],
            current: Some(0),
            dead: 0,
        }
    }

    /// The parts, without the body's last `end`.
    pub fn finish(self) -> Vec<Piece> {
        self.pieces
    }

    pub fn operator(
        &mut self,
        operator: &Operator<'_>,
        range: Range<usize>,
    ) -> Result<(), InjectorError> {
        let at = range.start;
        if self.current.is_none() && !self.comes_alive(operator) {
            return Ok(());
        }
        self.price(schedule::operator(operator));
        match operator {
            Operator::Block { .. } => {
                self.keep(range);
                self.open(Kind::Block);
            }
            Operator::Loop { .. } => {
                self.keep(range);
                self.open(Kind::Loop);
                self.begin();
            }
            Operator::If { .. } => {
                self.keep(range);
                self.open(Kind::If);
                self.begin();
            }
            Operator::Else => {
                let then_falls_out = self.current.is_some();
                let frame = self.frames.last_mut().ok_or(InjectorError(at))?;
                frame.kind = Kind::Else { then_falls_out };
                self.keep(range);
                self.begin();
            }
            Operator::End => {
                let frame = self.frames.pop().ok_or(InjectorError(at))?;
                if !self.frames.is_empty() {
                    self.keep(range);
                    self.close(&frame);
                }
            }
            Operator::Br { relative_depth } => {
                self.target(*relative_depth, at)?;
                self.keep(range);
                self.current = None;
            }
            Operator::BrIf { relative_depth } => {
                self.target(*relative_depth, at)?;
                self.keep(range);
                self.begin();
            }
            Operator::BrTable { targets } => {
                self.targets(targets, at)?;
                self.keep(range);
                self.current = None;
            }
            Operator::Return => {
                let depth = u32::try_from(self.frames.len())
                    .ok()
                    .and_then(|open| open.checked_sub(1));
                self.pieces
                    .push(Piece::Return(depth.ok_or(InjectorError(at))?));
                self.current = None;
            }
            Operator::Unreachable => {
                self.keep(range);
                self.current = None;
            }
            Operator::MemoryGrow { .. } => self.pieces.push(Piece::Grow),
            _ => self.keep(range),
        }
        Ok(())
    }

    /// Where control cannot be: whether `operator` belongs to a block that was reached.
    fn comes_alive(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.dead = self.dead.saturating_add(1);
                false
            }
            Operator::Else => self.dead == 0,
            Operator::End => match self.dead.checked_sub(1) {
                Some(dead) => {
                    self.dead = dead;
                    false
                }
                None => true,
            },
            _ => false,
        }
    }

    fn open(&mut self, kind: Kind) {
        self.frames.push(Frame {
            kind,
            targeted: false,
        });
    }

    /// After a block's `end`: whether control gets there, and whether from several places.
    fn close(&mut self, frame: &Frame) {
        let falls_out = self.current.is_some();
        let (reached, joined) = match frame.kind {
            Kind::Block => (falls_out || frame.targeted, frame.targeted),
            Kind::Loop => (falls_out, false),
            Kind::If => (true, true),
            Kind::Else { then_falls_out } => (falls_out || then_falls_out || frame.targeted, true),
        };
        if !reached {
            self.current = None;
            self.pieces.push(Piece::Unreachable);
        } else if joined {
            self.begin();
        }
    }

    fn begin(&mut self) {
        self.current = Some(self.pieces.len());
        self.pieces.push(Piece::Charge(0));
    }

    fn price(&mut self, gas: u64) {
        if let Some(Piece::Charge(sum)) = self.current.and_then(|at| self.pieces.get_mut(at)) {
            *sum = sum.saturating_add(gas);
        }
    }

    fn keep(&mut self, range: Range<usize>) {
        match self.pieces.last_mut() {
            Some(Piece::Keep(last)) if last.end == range.start => last.end = range.end,
            _ => self.pieces.push(Piece::Keep(range)),
        }
    }

    fn target(&mut self, depth: u32, at: usize) -> Result<(), InjectorError> {
        let depth = usize::try_from(depth).map_err(|_| InjectorError(at))?;
        let frame = self
            .frames
            .iter_mut()
            .rev()
            .nth(depth)
            .ok_or(InjectorError(at))?;
        frame.targeted |= frame.kind != Kind::Loop;
        Ok(())
    }

    fn targets(&mut self, table: &BrTable<'_>, at: usize) -> Result<(), InjectorError> {
        for target in table.targets() {
            self.target(target.map_err(|error| InjectorError(error.offset()))?, at)?;
        }
        self.target(table.default(), at)
    }
}
