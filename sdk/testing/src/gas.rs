//! What steps cost, kept in a file.

use crate::outcome::Done;
use core::fmt::Write as _;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

const HEAD: &str = "\
# Gas of steps: of the transaction, then of each contract's call in it.
# Written by MARQUE_BLESS=1 cargo test; a difference fails the test.
";

/// Gas of named steps against a file in the package, the same on every machine: gas is
/// counted in the code itself.
///
/// With `MARQUE_BLESS=1` the file is written instead. A difference fails with both numbers.
///
/// ```
/// use marque_testing::{GasSnapshot, World, compile_example};
/// let mut world = World::new();
/// let code = compile_example("marque-sdk", "dealers");
/// let rules = world.by("alice").deploy(&code, &()).contract();
/// let watch = world.product("alice", "Watch", rules);
/// let bob = world.address("bob");
/// let mut gas = GasSnapshot::new();
/// gas.add("a dealer is listed", &world.by("alice").tell(rules, "list", &bob).happens());
/// world.by("alice").commission([watch.items(1, 10)]).happens();
/// gas.add("ten are offered", &world.by("alice").offer([watch.items(1, 10)], "bob").happens());
/// let text = gas.to_string();
/// assert!(text.contains("\n  dealers, rule_offer: "), "{text}");
/// // gas.check("tests/gas.snap");
/// ```
#[derive(Clone, Debug, Default)]
pub struct GasSnapshot {
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    name: String,
    gas: u64,
    calls: Vec<(String, u64)>,
}

impl GasSnapshot {
    /// Of no step yet.
    ///
    /// ```
    /// use marque_testing::GasSnapshot;
    ///
    /// assert!(GasSnapshot::new().to_string().starts_with("# Gas of steps"));
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step under a name of its own.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let done = world.by("alice").commission([drill.items(1, 10)]).happens();
    /// let mut gas = marque_testing::GasSnapshot::new();
    /// gas.add("ten are made", &done);
    /// assert!(gas.to_string().contains(&format!("ten are made: {}", done.gas())));
    /// ```
    ///
    /// # Panics
    /// When the name was used.
    #[track_caller]
    pub fn add(&mut self, name: &str, done: &Done) {
        let used = self.steps.iter().any(|step| step.name == name);
        assert!(!used, "two steps are named {name:?}");
        let calls = done.trace.gas().into_iter();
        let calls = calls.map(|(contract, entry, gas)| (format!("{contract}, {entry}"), gas));
        self.steps.push(Step {
            name: name.into(),
            gas: done.gas(),
            calls: calls.collect(),
        });
    }

    /// Compares with a file in the package, such as `tests/gas.snap`.
    ///
    /// ```no_run
    /// // The file is another package's.
    /// # let gas = marque_testing::GasSnapshot::new();
    /// gas.check("tests/gas.snap");
    /// ```
    ///
    /// # Panics
    /// When they differ: with each line's old and new number.
    #[track_caller]
    pub fn check(&self, file: &str) {
        let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from);
        let bless = env::var_os("MARQUE_BLESS").is_some_and(|bless| bless == "1");
        self.check_at(&package.join(file), bless);
    }

    #[track_caller]
    fn check_at(&self, path: &Path, bless: bool) {
        let new = self.to_string();
        if bless {
            fs::write(path, &new).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            return;
        }
        let old = fs::read_to_string(path)
            .unwrap_or_default()
            .replace('\r', "");
        let differences = differences(&old, &new);
        assert!(
            old == new,
            "gas differs from {}\n{differences}where it is meant: MARQUE_BLESS=1 cargo test",
            path.display()
        );
    }
}

impl core::fmt::Display for GasSnapshot {
    /// The file's text.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(HEAD)?;
        for Step { name, gas, calls } in &self.steps {
            writeln!(f, "{name}: {gas}")?;
            for (call, gas) in calls {
                writeln!(f, "  {call}: {gas}")?;
            }
        }
        Ok(())
    }
}

/// Lines with their numbers, by the step and the call and how often it came before.
fn numbers(text: &str) -> BTreeMap<(String, String, usize), u64> {
    let mut step = "";
    let mut numbers = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, gas)) = line.rsplit_once(": ") else {
            continue;
        };
        let call = name.strip_prefix("  ");
        if call.is_none() {
            step = name;
        }
        let call = call.unwrap_or_default();
        let gas = gas.parse().unwrap_or(0);
        let mut again = 0;
        while numbers.contains_key(&(step.to_owned(), call.to_owned(), again)) {
            again += 1;
        }
        numbers.insert((step.into(), call.into(), again), gas);
    }
    numbers
}

fn differences(old: &str, new: &str) -> String {
    let (old, new) = (numbers(old), numbers(new));
    let mut names: Vec<_> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let mut out = String::new();
    let shown = |gas: Option<&u64>| gas.map_or("none".into(), u64::to_string);
    for name in names {
        let (was, is) = (old.get(name), new.get(name));
        if was == is {
            continue;
        }
        let (step, call, _) = name;
        let place = if call.is_empty() { "" } else { ", " };
        let _ = writeln!(
            out,
            "  {step}{place}{call}: {} before, {} now",
            shown(was),
            shown(is)
        );
    }
    out
}

#[cfg(test)]
mod tests;
