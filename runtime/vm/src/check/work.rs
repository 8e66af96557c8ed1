//! How much work a body makes for a compiler, from its control flow alone.
//!
//! What makes compilers slow is not bytes but values that meet: each branch to a label
//! carries one value for every local that is assigned inside the labelled block, and each
//! loop around it multiplies the passes over them. The measure is, over all labels,
//! branches × (locals assigned inside + [`LABEL`]) × (1 + loops around), twice where the
//! label is a loop's head; for each place
//! where control divides or meets, the values that may be alive there, [`ALIVE`] to a unit;
//! [`BYTE`] for each byte and [`CALL`] for each call. A unit is about a microsecond of
//! Cranelift at its slowest; code that people write takes a third of that.

use wasmparser::Operator;

/// What a branch costs beside the values that it carries.
const LABEL: u64 = 24;
/// What a call costs: its arguments are moved, and what is alive is saved.
const CALL: u64 = 40;
/// What a byte costs.
const BYTE: u64 = 1;

/// How many values that are alive across a place where control divides or meets cost one.
const ALIVE: u64 = 3;

/// One bit for each local, as many as the limit on locals lets there be.
type Set = [u64; 4];

/// A block that is open.
#[derive(Clone, Copy, Debug)]
struct Frame {
    is_loop: bool,
    /// Branches to its label, the way in or out included.
    edges: u64,
    assigned: Set,
}

/// The work of the body so far.
#[derive(Debug)]
pub(super) struct Work {
    frames: Vec<Frame>,
    loops: u64,
    locals: u64,
    total: u64,
}

impl Work {
    /// Begins a body with so many locals.
    pub fn new(locals: u32) -> Self {
        let mut work = Self {
            frames: Vec::new(),
            loops: 0,
            locals: u64::from(locals),
            total: 0,
        };
        work.open(false);
        work
    }

    /// What was found up to now; blocks still open are not in it.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Loops open at once.
    pub fn loops(&self) -> u64 {
        self.loops
    }

    /// Takes one operator of so many bytes, which leaves so many operands on the stack and
    /// divides or joins control in so many places.
    pub fn operator(&mut self, operator: &Operator<'_>, bytes: usize, operands: u32, places: u64) {
        let alive = self.locals.saturating_add(u64::from(operands)) / ALIVE;
        self.total = self.total.saturating_add(places.saturating_mul(alive));
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.total = self.total.saturating_add(bytes.saturating_mul(BYTE));
        match operator {
            Operator::Block { .. } | Operator::If { .. } => self.open(false),
            Operator::Loop { .. } => self.open(true),
            Operator::Else => self.edge(0),
            Operator::End => self.close(),
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                self.edge(*relative_depth)
            }
            Operator::BrTable { targets } => {
                for target in targets.targets().flatten() {
                    self.edge(target);
                }
                self.edge(targets.default());
            }
            Operator::Return => {
                let outermost = self.frames.len().saturating_sub(1);
                self.edge(u32::try_from(outermost).unwrap_or(u32::MAX));
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                self.assign(*local_index)
            }
            Operator::Call { .. } | Operator::CallIndirect { .. } | Operator::MemoryGrow { .. } => {
                self.total = self.total.saturating_add(CALL);
            }
            _ => {}
        }
    }

    fn open(&mut self, is_loop: bool) {
        self.frames.push(Frame {
            is_loop,
            edges: 2,
            assigned: [0; 4],
        });
        self.loops = self.loops.saturating_add(u64::from(is_loop));
    }

    fn edge(&mut self, depth: u32) {
        let at = usize::try_from(depth).unwrap_or(usize::MAX);
        if let Some(frame) = self.frames.iter_mut().rev().nth(at) {
            frame.edges = frame.edges.saturating_add(1);
        }
    }

    fn assign(&mut self, local: u32) {
        let (word, bit) = (local / 64, local % 64);
        let word = usize::try_from(word).unwrap_or(usize::MAX);
        if let Some(word) = self
            .frames
            .last_mut()
            .and_then(|frame| frame.assigned.get_mut(word))
        {
            *word |= 1 << bit;
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let carried = frame
            .assigned
            .iter()
            .map(|word| u64::from(word.count_ones()))
            .sum::<u64>();
        let weight = carried
            .saturating_add(LABEL)
            .saturating_mul(self.loops.saturating_add(1));
        let edges = frame.edges.saturating_mul(1 + u64::from(frame.is_loop));
        self.total = self.total.saturating_add(edges.saturating_mul(weight));
        self.loops = self.loops.saturating_sub(u64::from(frame.is_loop));
        if let Some(outer) = self.frames.last_mut() {
            for (outer, inner) in outer.assigned.iter_mut().zip(frame.assigned) {
                *outer |= inner;
            }
        }
    }
}
