//! The static check on damaged and foreign modules: it says yes or no, soon, and what it
//! takes compiles soon.

use super::budget::{Budget, Random};
use crate::build::append_meta;
use crate::cpu::thread_cpu_ms;
use crate::vm;
use arbitrary::Unstructured;
use marque_vm::{Limit, OptLevel, VmError, check};
use std::collections::BTreeMap;

/// Milliseconds of CPU that checking may take, and compiling what passed.
const MOST_MS: u64 = 1_000;

/// Every module of the corpus, with the metadata of its `query`.
fn corpus() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/modules");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let mut code = wat::parse_file(file).unwrap();
            append_meta(&mut code, &["query"]);
            code
        })
        .collect()
}

/// A module with every proposal that the generator knows.
fn foreign(random: &mut Random) -> Vec<u8> {
    let bytes = random.bytes(2_048);
    let config = wasm_smith::Config {
        max_instructions: 200,
        max_funcs: 12,
        ..wasm_smith::Config::default()
    };
    let mut code = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes))
        .unwrap()
        .to_bytes();
    append_meta(&mut code, &["query"]);
    code
}

/// Numbers that lengths and counts are replaced by, in LEB128.
const LIES: &[&[u8]] = &[
    &[0],
    &[0x7f],
    &[0x80, 0x01],
    &[0xff, 0xff, 0x03],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
];

/// Damages a module in one to eight places.
fn damage(code: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Random) {
    for _ in 0..=random.below(8) {
        if code.len() < 9 {
            return;
        }
        let at = random.below(code.len());
        let end = at + random.below((code.len() - at).min(64)) + 1;
        match random.below(8) {
            0 => code[at] ^= 1 << random.below(8),
            1 => code[at] = random.word().to_le_bytes()[0],
            2 => code.truncate(at),
            3 => drop(code.drain(at..end)),
            4 => {
                let again = code[at..end].repeat(1 + random.below(40));
                code.splice(at..at, again);
            }
            5 => drop(code.splice(at..=at, random.pick(LIES).iter().copied())),
            6 => {
                let other = random.pick(others);
                let from = random.below(other.len());
                let to = (from + random.below(200)).min(other.len());
                code.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let count = random.below(16);
                let bytes = random.bytes(count);
                code.splice(at..at, bytes);
            }
        }
    }
}

#[test]
fn damaged_and_foreign_modules_are_judged_in_time() {
    let corpus = corpus();
    let vm = vm(OptLevel::Speed);
    let mut budget = Budget::new("static check", 6_000);
    let mut refused: BTreeMap<Limit, u32> = BTreeMap::new();
    let (mut taken, mut slowest) = (0u32, 0);
    for seed in &mut budget {
        let mut random = Random::new(seed);
        let mut code = match random.one_in(4) {
            true => foreign(&mut random),
            false => random.pick(&corpus).clone(),
        };
        if !random.one_in(8) {
            damage(&mut code, &corpus, &mut random);
        }
        let start = thread_cpu_ms();
        let judged = check(&code);
        let took = thread_cpu_ms() - start;
        assert!(took < MOST_MS, "seed {seed}: checking took {took} ms");
        match judged {
            Err(rejection) => {
                assert!(rejection.offset <= code.len(), "seed {seed}: {rejection}");
                *refused.entry(rejection.limit).or_default() += 1;
            }
            Ok(checked) => {
                let start = thread_cpu_ms();
                let compiled = vm.compile_checked(&checked);
                let took = thread_cpu_ms() - start;
                if let Err(VmError::Rejected(_) | VmError::NodeFault(_) | VmError::NoEntry(_)) =
                    compiled
                {
                    panic!("seed {seed}: passed, and does not compile: {compiled:?}");
                }
                assert!(took < MOST_MS, "seed {seed}: compiling took {took} ms");
                slowest = slowest.max(took);
                taken += 1;
            }
        }
    }
    budget.report(&(taken, slowest, &refused));
    assert!(
        !budget.is_whole() || taken > 0 && refused.len() > 10,
        "{taken}, {refused:?} tests too little"
    );
}
