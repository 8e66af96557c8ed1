//! How long a fuzz test runs, and what it draws from.
//!
//! By itself a test runs a fixed number of cases, the same ones each time.
//! `MARQUE_FUZZ_SECONDS` lets it run as long as that, `MARQUE_FUZZ_CASES` as many cases, and
//! `MARQUE_FUZZ_SEED` begins elsewhere. Each case is made of its seed alone, so that the seed
//! in a failure's message makes the case again.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "how long to run is no result"
)]

use std::time::{Duration, Instant};

/// The seeds of one run.
pub struct Budget {
    name: &'static str,
    next: u64,
    left: u64,
    until: Option<Instant>,
    began: Instant,
    done: u64,
    usual: u64,
}

fn set(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name}={value} is no number")),
    )
}

impl Budget {
    /// `cases` of them, unless the environment says otherwise.
    pub fn new(name: &'static str, cases: u64) -> Self {
        let began = Instant::now();
        let seconds = set("MARQUE_FUZZ_SECONDS");
        let all = if seconds.is_some() { u64::MAX } else { cases };
        Self {
            name,
            next: set("MARQUE_FUZZ_SEED").unwrap_or(0),
            left: set("MARQUE_FUZZ_CASES").unwrap_or(all),
            until: seconds.map(|seconds| began + Duration::from_secs(seconds)),
            began,
            done: 0,
            usual: cases,
        }
    }

    /// Whether so much was run that every kind of end has to be among it.
    pub fn is_whole(&self) -> bool {
        self.done >= self.usual
    }

    /// Says what was run.
    pub fn report(&self, tally: &dyn std::fmt::Debug) {
        let seconds = self.began.elapsed().as_secs_f32();
        println!(
            "{}: {} cases in {seconds:.1} s: {tally:?}",
            self.name, self.done
        );
    }
}

impl Iterator for &mut Budget {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.until.is_some_and(|until| Instant::now() >= until) {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let seed = self.next;
        self.next += 1;
        self.done += 1;
        Some(seed)
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a case's numbers, from its seed alone.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.word() % u64::try_from(end).unwrap()).unwrap()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.word().to_le_bytes()[0]).collect()
    }
}
