//! The rows of the table, and the columns that a test can hold without running everything:
//! sizes, gas out of the snapshots, and how many tests there are.

use marque_testing::{compile, compile_example};
use std::fs;
use std::path::{Path, PathBuf};

/// What is a row.
pub struct Subject {
    /// As the table links it.
    pub name: &'static str,
    /// Whose tests they are.
    pub package: &'static str,
    /// Which of them.
    pub filter: &'static str,
    /// Where they are written: a file, and a folder of its name.
    pub tests: &'static str,
    /// What its steps cost; a test of the package holds it.
    pub snapshot: &'static str,
    /// The contracts' own sources.
    pub sources: &'static str,
    /// Each module's package, and which example of it.
    pub modules: &'static [(&'static str, Option<&'static str>)],
}

const COOKBOOK: &str = "marque-cookbook";

pub const SUBJECTS: [Subject; 3] = [
    Subject {
        name: "[fresh food](../../contracts/fresh-food/src/lib.rs)",
        package: "marque-fresh-food",
        filter: "",
        tests: "contracts/fresh-food/tests/it",
        snapshot: "contracts/fresh-food/tests/gas.snap",
        sources: "contracts/fresh-food/src",
        modules: &[("marque-fresh-food", None)],
    },
    Subject {
        name: "[pharmaceuticals](../../contracts/pharmaceuticals/src/lib.rs)",
        package: "marque-pharmaceuticals",
        filter: "",
        tests: "contracts/pharmaceuticals/tests/it",
        snapshot: "contracts/pharmaceuticals/tests/gas.snap",
        sources: "contracts/pharmaceuticals/src",
        modules: &[("marque-pharmaceuticals", None)],
    },
    Subject {
        name: "[the cookbook's ten](../../contracts/cookbook/examples)",
        package: "marque-testing",
        filter: "recipes::",
        tests: "sdk/testing/tests/it/recipes",
        snapshot: "sdk/testing/tests/recipes.snap",
        sources: "contracts/cookbook/examples",
        modules: &[
            (COOKBOOK, Some("by_weight")),
            (COOKBOOK, Some("complaints")),
            (COOKBOOK, Some("dealers_by_day")),
            (COOKBOOK, Some("dealers_by_terms")),
            (COOKBOOK, Some("inspected")),
            (COOKBOOK, Some("one_region")),
            (COOKBOOK, Some("printed")),
            (COOKBOOK, Some("quota")),
            (COOKBOOK, Some("shared_list")),
            (COOKBOOK, Some("warranty")),
        ],
    },
];

/// The beginning of a row: name, sizes, gas of movements and of their rules, tests.
pub fn columns(root: &Path, subject: &Subject) -> String {
    let sizes = subject.modules.iter().map(|module| match module {
        (package, None) => compile(package).len(),
        (package, Some(example)) => compile_example(package, example).len(),
    });
    let sizes = span(sizes.map(|size| size as u64).collect());
    let snapshot = fs::read_to_string(root.join(subject.snapshot)).unwrap();
    let (movements, rules) = gas(&snapshot);
    let count = count(root, subject);
    format!(
        "| {} | {sizes} | {} | {} | {count} |",
        subject.name,
        span(movements),
        span(rules)
    )
}

/// How many tests are written.
pub fn count(root: &Path, subject: &Subject) -> usize {
    let folder = root.join(subject.tests);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.push(folder.with_extension("rs"));
    let texts = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok());
    texts
        .map(|text| text.lines().filter(|line| line.trim() == "#[test]").count())
        .sum()
}

/// Of each movement that a rule judged: all of its gas, and its rules'.
fn gas(snapshot: &str) -> (Vec<u64>, Vec<u64>) {
    let (mut movements, mut rules) = (Vec::new(), Vec::new());
    let mut whole = 0;
    for line in snapshot.lines().filter(|line| !line.starts_with('#')) {
        let (name, gas) = line.rsplit_once(": ").unwrap();
        let gas: u64 = gas.parse().unwrap();
        if !name.starts_with("  ") {
            whole = gas;
        } else if name.contains(", rule_") {
            movements.push(whole);
            rules.push(gas);
        }
    }
    (movements, rules)
}

fn span(mut numbers: Vec<u64>) -> String {
    numbers.sort_unstable();
    match (numbers.first(), numbers.last()) {
        (Some(least), Some(most)) if least != most => {
            format!("{} to {}", grouped(*least), grouped(*most))
        }
        (Some(one), _) => grouped(*one),
        (None, _) => String::from("–"),
    }
}

/// With commas between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
