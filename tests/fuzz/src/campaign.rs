//! One target's run: inputs, bounds, and what is said of it.

use crate::watch::Watch;
use crate::{Random, bytes};
use peak_alloc::PeakAlloc;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long a target runs unless told otherwise.
const SECONDS: u64 = 4;

/// What one execution may take.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Bytes of memory for each byte of input.
    pub per_byte: usize,
    /// Bytes of memory beside that.
    pub base: usize,
    /// Time. A busy machine takes many times what a quiet one does: this is far above both.
    pub time: Duration,
}

/// Makes an input of the corpus.
pub type Mutate = fn(&mut Random, &[Vec<u8>]) -> Vec<u8>;

/// A target.
pub struct Campaign<'a> {
    /// Its name in what is printed and written.
    pub name: &'static str,
    /// Inputs to begin with; each is run as it is first.
    pub corpus: Vec<Vec<u8>>,
    /// Makes an input of the corpus.
    pub mutate: Mutate,
    /// What an execution may take.
    pub bound: Bound,
    /// Where inputs that fail are written.
    pub folder: &'a Path,
    /// The process's allocator, if this is the only thing that runs in it.
    pub memory: Option<&'a PeakAlloc>,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Summary {
    /// Executions by what they came to.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Executions.
    pub executions: u64,
    /// How long it took.
    pub time: Duration,
    /// The longest execution.
    pub slowest: Duration,
    /// The most memory of one execution, and the length of its input.
    pub largest: (usize, usize),
}

/// Where an input comes from.
enum Source {
    Corpus(usize),
    Seed(u64),
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Corpus(at) => write!(out, "number {at} of the corpus"),
            Self::Seed(seed) => write!(out, "MARQUE_FUZZ_SEED={seed:#018x}"),
            Self::File(path) => write!(out, "MARQUE_FUZZ_INPUT={}", path.display()),
        }
    }
}

impl Campaign<'_> {
    /// Runs inputs until the time is over, and prints what it came to.
    ///
    /// # Panics
    /// As soon as an execution panics or goes beyond its bound, with the words that repeat it.
    pub fn run(&self, mut execute: impl FnMut(&[u8]) -> &'static str) -> Summary {
        let hangs = self.bound.time.saturating_mul(4);
        let watch = Watch::begin(hangs, self.folder.join(format!("{}.hang", self.name)));
        if self.memory.is_some() {
            // A backtrace takes more memory than any input.
            std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
        }
        let mut summary = Summary::default();
        let begin = Instant::now();
        let mut one = |source: &Source, input: &[u8], summary: &mut Summary| {
            watch.start(format!("{}: {source}", self.name), input);
            self.execute(source, input, &mut execute, summary);
            watch.stop();
        };
        if let Some(source) = asked() {
            let input = match &source {
                Source::File(path) => fs::read(path).unwrap_or_default(),
                Source::Seed(seed) => self.input(*seed),
                Source::Corpus(_) => Vec::new(),
            };
            one(&source, &input, &mut summary);
        } else {
            for (at, input) in self.corpus.iter().enumerate() {
                one(&Source::Corpus(at), input, &mut summary);
            }
            let (base, time) = span();
            let mut seeds = Random::new(base);
            while begin.elapsed() < time {
                let seed = seeds.next();
                one(&Source::Seed(seed), &self.input(seed), &mut summary);
            }
        }
        summary.time = begin.elapsed();
        println!("{}: {summary}", self.name);
        summary
    }

    fn input(&self, seed: u64) -> Vec<u8> {
        let mut input = (self.mutate)(&mut Random::new(seed), &self.corpus);
        input.truncate(bytes::LONGEST);
        input
    }

    fn execute(
        &self,
        source: &Source,
        input: &[u8],
        execute: &mut dyn FnMut(&[u8]) -> &'static str,
        summary: &mut Summary,
    ) {
        let before = self.memory.map(|memory| {
            memory.reset_peak_usage();
            memory.current_usage()
        });
        let begin = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| execute(input)));
        let took = begin.elapsed();
        let peak = self.memory.map_or(0, PeakAlloc::peak_usage);
        let memory = before.map_or(0, |before| peak.saturating_sub(before));
        let allowed = input.len().saturating_mul(self.bound.per_byte) + self.bound.base;
        let Ok(outcome) = done else {
            self.fail(source, input, "panics");
        };
        if took > self.bound.time {
            self.fail(source, input, &format!("takes {took:?} ({outcome})"));
        }
        if memory > allowed {
            let words = format!("takes {memory} bytes where {allowed} are allowed ({outcome})");
            self.fail(source, input, &words);
        }
        summary.executions += 1;
        *summary.outcomes.entry(outcome).or_default() += 1;
        summary.slowest = summary.slowest.max(took);
        summary.largest = summary.largest.max((memory, input.len()));
    }

    fn fail(&self, source: &Source, input: &[u8], what: &str) -> ! {
        let file = self.folder.join(format!("{}.failed", self.name));
        let written = fs::write(&file, input);
        let place = written.map_or_else(|e| e.to_string(), |()| file.display().to_string());
        #[allow(clippy::panic, reason = "this is how a test fails")]
        {
            panic!(
                "{}: {source}: {} bytes: {what}; the input is in {place}",
                self.name,
                input.len()
            )
        }
    }
}

/// The one input that the environment asks for.
fn asked() -> Option<Source> {
    if let Some(path) = std::env::var_os("MARQUE_FUZZ_INPUT") {
        return Some(Source::File(path.into()));
    }
    let text = std::env::var("MARQUE_FUZZ_SEED").ok()?;
    let digits = text.strip_prefix("0x").unwrap_or(&text);
    u64::from_str_radix(digits, 16).ok().map(Source::Seed)
}

/// The first seed, and how long to run: the same inputs in every short run, others in a long one.
fn span() -> (u64, Duration) {
    let asked = std::env::var("MARQUE_FUZZ_SECONDS").ok();
    match asked.and_then(|seconds| seconds.parse().ok()) {
        Some(seconds) => {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let base = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
            (base, Duration::from_secs(seconds))
        }
        None => (1, Duration::from_secs(SECONDS)),
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} executions in {:.1} s; the slowest {:.1} ms, the largest {} bytes for {} of input;",
            self.executions,
            self.time.as_secs_f64(),
            self.slowest.as_secs_f64() * 1e3,
            self.largest.0,
            self.largest.1
        )?;
        for (outcome, count) in &self.outcomes {
            write!(out, " {outcome} {count}")?;
        }
        Ok(())
    }
}
