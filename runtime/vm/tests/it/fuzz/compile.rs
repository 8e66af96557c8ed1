//! Modules made to be slow: random patterns of code, grown until the static check refuses
//! them. What it still takes must compile within a second of CPU.

use super::budget::{Budget, Random};
use crate::attacks::{Family, largest, module};
use crate::cpu::thread_cpu_ms;
use marque_vm::{OptLevel, Vm, VmConfig, check};
use std::cell::RefCell;
use wasm_encoder::{BlockType, Function, Instruction as I, MemArg, ValType};

/// Milliseconds of CPU that a module may take. Other programs push this one out of its caches
/// and make it slower, never faster: who is over the bound is compiled again, and the least counts.
const MOST_MS: u64 = 1_000;
const TRIES: usize = 4;

thread_local! {
    /// The pattern that [`body`] repeats: a family's function takes no more than its size.
    static PATTERN: RefCell<Vec<I<'static>>> = const { RefCell::new(Vec::new()) };
}

/// The pattern, `n` times.
fn body(n: u32, locals: u32) -> Function {
    let mut function = Function::new([(locals, ValType::I64)]);
    PATTERN.with_borrow(|pattern| {
        for _ in 0..n {
            for instruction in pattern {
                function.instruction(instruction);
            }
        }
    });
    function.instruction(&I::End);
    function
}

/// Statements on i64 locals, properly nested.
struct Writer<'r> {
    random: &'r mut Random,
    locals: u32,
    /// The blocks that are open, loops marked.
    open: Vec<bool>,
    left: u32,
    out: Vec<I<'static>>,
}

impl Writer<'_> {
    fn local(&mut self) -> u32 {
        u32::try_from(self.random.below(self.locals as usize)).unwrap()
    }

    fn label(&mut self) -> u32 {
        u32::try_from(self.random.below(self.open.len())).unwrap()
    }

    fn memory(&mut self) -> MemArg {
        MemArg {
            offset: self.random.word() % 60_000,
            align: 0,
            memory_index: 0,
        }
    }

    fn condition(&mut self) {
        let local = self.local();
        self.out.extend([I::LocalGet(local), I::I32WrapI64]);
    }

    /// A value: as deep as the dice say.
    fn value(&mut self, depth: u32) {
        let local = self.local();
        if depth == 0 || self.random.one_in(3) {
            return self.out.push(I::LocalGet(local));
        }
        match self.random.below(7) {
            0 => {
                let memory = self.memory();
                self.condition();
                self.out.push(I::I64Load(memory));
            }
            1 => {
                for step in 0..8 {
                    self.out.push(I::LocalGet((local + step) % self.locals));
                }
                self.out.push(I::Call(1));
            }
            2 => {
                self.value(depth - 1);
                self.value(depth - 1);
                self.condition();
                self.out.push(I::Select);
            }
            3 => {
                self.value(depth - 1);
                self.out.push(I::LocalTee(local));
            }
            4 => {
                let constant = self.random.word().cast_signed();
                self.out.push(I::I64Const(constant));
            }
            _ => {
                self.value(depth - 1);
                self.value(depth - 1);
                let operators = [
                    I::I64Add,
                    I::I64Mul,
                    I::I64Xor,
                    I::I64Rotl,
                    I::I64DivU,
                    I::I64RemS,
                    I::I64ShrS,
                    I::I64Popcnt,
                ];
                let operator = self.random.pick(&operators).clone();
                if matches!(operator, I::I64Popcnt) {
                    self.out.push(I::I64And);
                }
                self.out.push(operator);
            }
        }
    }

    fn statement(&mut self) {
        self.left = self.left.saturating_sub(1);
        let local = self.local();
        match self.random.below(10) {
            0 | 1 if self.open.len() < 10 => self.block(false),
            2 if self.open.len() < 10 => self.block(true),
            3 if self.open.len() < 10 => self.arms(),
            4 if !self.open.is_empty() => {
                self.condition();
                let label = self.label();
                self.out.push(I::BrIf(label));
            }
            5 if !self.open.is_empty() => {
                self.out.push(I::Block(BlockType::Empty));
                self.open.push(false);
                self.condition();
                let targets = 1 + self.random.below(12);
                let targets: Vec<u32> = (0..targets).map(|_| self.label()).collect();
                self.out.extend([I::BrTable(targets.into(), 0), I::End]);
                self.open.pop();
            }
            6 => {
                let memory = self.memory();
                self.condition();
                self.value(2);
                self.out.push(I::I64Store(memory));
            }
            7 => {
                let global = self.local() % 60;
                self.value(2);
                self.out.push(I::GlobalSet(global));
            }
            _ => {
                self.value(3);
                self.out.push(I::LocalSet(local));
            }
        }
    }

    fn block(&mut self, is_loop: bool) {
        let empty = BlockType::Empty;
        self.out.push(if is_loop {
            I::Loop(empty)
        } else {
            I::Block(empty)
        });
        self.inside(is_loop);
        self.out.push(I::End);
    }

    fn arms(&mut self) {
        self.condition();
        self.out.push(I::If(BlockType::Empty));
        self.inside(false);
        if self.random.one_in(2) {
            self.out.push(I::Else);
            self.inside(false);
        }
        self.out.push(I::End);
    }

    fn inside(&mut self, is_loop: bool) {
        self.open.push(is_loop);
        for _ in 0..self.random.below(6) {
            if self.left > 0 {
                self.statement();
            }
        }
        self.open.pop();
    }
}

fn pattern(random: &mut Random, locals: u32) -> Vec<I<'static>> {
    let left = u32::try_from(1 + random.below(60)).unwrap();
    let mut writer = Writer {
        random,
        locals,
        open: Vec::new(),
        left,
        out: Vec::new(),
    };
    while writer.left > 0 {
        writer.statement();
    }
    writer.out
}

#[test]
fn what_passes_the_check_at_its_largest_compiles_in_time() {
    let vm = Vm::new(&VmConfig {
        opt_level: OptLevel::Speed,
        instances: 64,
        parallel_compilation: false,
        ..VmConfig::default()
    })
    .unwrap();
    let family = Family {
        name: "random",
        body,
        locals: &[],
    };
    let mut budget = Budget::new("compile time", 12);
    let (mut worst, mut tried) = ((0, 0), 0);
    for seed in &mut budget {
        let mut random = Random::new(seed);
        let locals = *random.pick(&[1, 8, 64, 128, 255, 256]);
        PATTERN.set(pattern(&mut random, locals));
        let whole = largest(|n| module(&family, n, locals, 1));
        if whole == 0 {
            continue;
        }
        let size = whole.div_ceil(*random.pick(&[1, 1, 2, 8, 64]));
        let copies = largest(|copies| module(&family, size, locals, copies));
        let code = module(&family, size, locals, copies);
        let checked = check(&code).unwrap();
        let compile = || {
            let start = thread_cpu_ms();
            vm.compile_checked(&checked).unwrap();
            thread_cpu_ms() - start
        };
        let mut took = compile();
        for _ in 1..TRIES {
            if took >= MOST_MS {
                took = took.min(compile());
            }
        }
        assert!(
            took < MOST_MS,
            "seed {seed}: {copies} bodies of {size} patterns with {locals} locals took {took} ms"
        );
        worst = worst.max((took, seed));
        tried += 1;
    }
    budget.report(&(tried, "the worst took ms, seed", worst));
    assert!(tried > 0);
}
