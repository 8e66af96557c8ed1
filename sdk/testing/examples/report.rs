//! Measures the reference contracts and writes the table of `docs/contracts/reference.md`:
//!
//! `cargo run -p marque-testing --example report`
//!
//! Needs `rustup component add llvm-tools`. The tests run once more, with the workspace's own
//! crates compiled so that they count the lines that run; while they do, this program stands in
//! for the compiler and asks it for that.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a measurement says no by panicking"
)]

use marque_testing::{compile, compile_example};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Set where this program is called as the compiler.
const COUNTING: &str = "MARQUE_REPORT_COUNTS";

/// What is a row: where its tests are, and which of them; its modules and its sources.
struct Subject {
    name: &'static str,
    package: &'static str,
    filter: &'static str,
    contracts: &'static [&'static str],
    modules: fn() -> Vec<Vec<u8>>,
    sources: &'static str,
}

const SUBJECTS: [Subject; 3] = [
    Subject {
        name: "[fresh food](../../contracts/fresh-food/src/lib.rs)",
        package: "marque-fresh-food",
        filter: "",
        contracts: &["fresh-food"],
        modules: || vec![compile("marque-fresh-food")],
        sources: "contracts/fresh-food/src",
    },
    Subject {
        name: "[pharmaceuticals](../../contracts/pharmaceuticals/src/lib.rs)",
        package: "marque-pharmaceuticals",
        filter: "",
        contracts: &["pharmaceuticals"],
        modules: || vec![compile("marque-pharmaceuticals")],
        sources: "contracts/pharmaceuticals/src",
    },
    Subject {
        name: "[cookbook](../../contracts/cookbook/examples)",
        package: "marque-testing",
        filter: "recipes::",
        contracts: &[
            "dealers-by-day",
            "inspected",
            "quota",
            "shared-list",
            "warranty",
        ],
        modules: || {
            let all = [
                "dealers_by_day",
                "inspected",
                "quota",
                "shared_list",
                "warranty",
            ];
            let compiled = all.map(|name| compile_example("marque-cookbook", name));
            compiled.to_vec()
        },
        sources: "contracts/cookbook/examples",
    },
];

fn main() {
    if env::var_os(COUNTING).is_some() {
        return compile_counting();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().unwrap();
    let mut table = String::from(
        "| contract | WebAssembly, bytes | gas of a rule, least, median, most | tests | calls in both ways, alike | lines run |\n\
         |---|---|---|---|---|---|\n",
    );
    for subject in &SUBJECTS {
        eprintln!("measuring {}", subject.package);
        table.push_str(&measured(&root, subject));
    }
    let page = root.join("docs/contracts/reference.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once("<!-- table -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let text = format!("{before}<!-- table -->\n{table}<!-- end -->{after}");
    fs::write(&page, text).unwrap();
    print!("{table}");
}

/// A row of the table.
fn measured(root: &Path, subject: &Subject) -> String {
    let sizes: Vec<usize> = (subject.modules)().iter().map(Vec::len).collect();
    let tests = built(root, subject.package);
    let folder = root.join("target/report").join(subject.package);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let calls = folder.join("calls");
    let listed = said(Command::new(&tests).args(["--list", subject.filter]));
    let count = listed
        .lines()
        .filter(|line| line.ends_with(": test"))
        .count();
    said(
        Command::new(&tests)
            .arg(subject.filter)
            .current_dir(manifest(root, subject.package))
            .env("CARGO_MANIFEST_DIR", manifest(root, subject.package))
            .env("MARQUE_CALLS", &calls)
            .env("LLVM_PROFILE_FILE", folder.join("%p.profraw")),
    );
    let (gas, compared) = called(&fs::read_to_string(&calls).unwrap(), subject.contracts);
    let lines = covered(root, &folder, &tests, subject.sources);
    let sizes = match (sizes.iter().min(), sizes.iter().max()) {
        (Some(least), Some(most)) if least != most => format!("{least} to {most}"),
        (least, _) => least.map_or_else(String::new, usize::to_string),
    };
    format!(
        "| {} | {sizes} | {gas} | {count} | {compared} | {lines} |\n",
        subject.name
    )
}

/// The compiler, asked to count lines of what is not WebAssembly.
fn compile_counting() {
    let mut arguments = env::args_os().skip(1);
    let mut compiler = Command::new(arguments.next().unwrap());
    let arguments: Vec<_> = arguments.collect();
    let wasm = arguments.iter().any(|word| word == "wasm32v1-none");
    compiler.args(arguments);
    if !wasm {
        compiler.arg("-Cinstrument-coverage");
    }
    let status = compiler.status().unwrap();
    std::process::exit(status.code().unwrap_or(1));
}

fn said(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let error = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{command:?}: {error}");
    String::from_utf8(stdout).unwrap()
}

/// The package's tests, which count lines.
fn built(root: &Path, package: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let messages = said(
        Command::new(cargo)
            .current_dir(root)
            .args(["test", "--locked", "--no-run", "--quiet", "-p", package])
            .args(["--test", "it", "--message-format", "json"])
            .env("RUSTC_WORKSPACE_WRAPPER", env::current_exe().unwrap())
            .env(COUNTING, "1"),
    );
    let of_tests = |message: &str| {
        let (_, path) = message.split_once("\"executable\":\"")?;
        let (path, _) = path.split_once('"')?;
        Some(PathBuf::from(path))
    };
    messages.lines().filter_map(of_tests).next_back().unwrap()
}

fn manifest(root: &Path, package: &str) -> PathBuf {
    match package.strip_prefix("marque-") {
        Some("testing") => root.join("sdk/testing"),
        name => root.join("contracts").join(name.unwrap_or(package)),
    }
}

/// Gas of rules, and how many calls ran both ways; a difference would have failed its test.
fn called(lines: &str, contracts: &[&str]) -> (String, String) {
    let calls = lines
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let calls = calls.filter(|call| call.first().is_some_and(|name| contracts.contains(name)));
    let (mut gas, mut alike, mut all) = (Vec::new(), 0_usize, 0_usize);
    for call in calls {
        let [_, entry, units, how] = call.as_slice() else {
            panic!("{call:?}")
        };
        if entry.starts_with("rule_") {
            gas.push(units.parse::<u64>().unwrap());
        }
        all = all.saturating_add(1);
        alike = alike.saturating_add(usize::from(*how == "alike"));
    }
    gas.sort_unstable();
    let at = |part: usize| gas.get(part).copied().unwrap_or_default();
    let (median, most) = (gas.len() / 2, gas.len().saturating_sub(1));
    (
        format!("{}, {}, {}", at(0), at(median), at(most)),
        format!("{alike} of {all}"),
    )
}

/// The share of the sources' lines that ran.
fn covered(root: &Path, folder: &Path, tests: &Path, sources: &str) -> String {
    let compiler = said(Command::new("rustc").current_dir(root).arg("-vV"));
    let host = compiler
        .lines()
        .find_map(|line| line.strip_prefix("host: "));
    let sysroot = said(
        Command::new("rustc")
            .current_dir(root)
            .args(["--print", "sysroot"]),
    );
    let tools = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(host.unwrap())
        .join("bin");
    let profile = folder.join("profile");
    let raw = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let raw = raw.filter(|path| path.extension().is_some_and(|end| end == "profraw"));
    let merge = tools.join("llvm-profdata");
    said(
        Command::new(merge)
            .args(["merge", "-sparse", "-o"])
            .arg(&profile)
            .args(raw),
    );
    let report = said(
        Command::new(tools.join("llvm-cov"))
            .args(["export", "-summary-only", "-format=text", "-instr-profile"])
            .arg(&profile)
            .arg(tests),
    );
    // {"data":[{"files":[{"filename":"…","summary":{…,"lines":{"count":N,"covered":M,…},…}},…
    let (mut count, mut covered) = (0_u64, 0_u64);
    for file in report.split("\"filename\":\"").skip(1) {
        let (name, summary) = file.split_once('"').unwrap();
        if !name.contains(sources) {
            continue;
        }
        let (_, lines) = summary.split_once("\"lines\":").unwrap();
        let number = |name: &str| -> u64 {
            let (_, rest) = lines.split_once(&format!("\"{name}\":")).unwrap();
            let digits = rest.split(|sign: char| !sign.is_ascii_digit()).next();
            digits.unwrap().parse().unwrap()
        };
        count = count.saturating_add(number("count"));
        covered = covered.saturating_add(number("covered"));
    }
    let percent = covered.saturating_mul(100).checked_div(count);
    format!("{covered} of {count}, {} %", percent.unwrap_or_default())
}
