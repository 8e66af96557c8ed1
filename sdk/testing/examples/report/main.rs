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

mod cheap;

use cheap::{SUBJECTS, Subject, grouped};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Set where this program is called as the compiler.
const COUNTING: &str = "MARQUE_REPORT_COUNTS";

fn main() {
    if env::var_os(COUNTING).is_some() {
        return compile_counting();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().unwrap();
    let mut table = String::from(
        "| contract | WebAssembly, bytes | gas of a movement | its rule's share | tests | calls both ways, alike | lines run |\n\
         |---|---|---|---|---|---|---|\n",
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
    let cheap = cheap::columns(root, subject);
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
    assert_eq!(count, cheap::count(root, subject), "tests that are written");
    said(
        Command::new(&tests)
            .arg(subject.filter)
            .current_dir(manifest(root, subject.package))
            .env("CARGO_MANIFEST_DIR", manifest(root, subject.package))
            .env("MARQUE_CALLS", &calls)
            .env("LLVM_PROFILE_FILE", folder.join("%p.profraw")),
    );
    let (alike, all) = called(&fs::read_to_string(&calls).unwrap());
    let lines = covered(root, &folder, &tests, subject.sources);
    format!(
        "{cheap} {} of {} | {lines} |\n",
        grouped(alike),
        grouped(all)
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
    messages.lines().rev().find_map(of_tests).unwrap()
}

fn manifest(root: &Path, package: &str) -> PathBuf {
    match package.strip_prefix("marque-") {
        Some("testing") => root.join("sdk/testing"),
        name => root.join("contracts").join(name.unwrap_or(package)),
    }
}

/// How many calls ran both ways and were alike, of all; a difference would have failed its
/// test.
fn called(lines: &str) -> (u64, u64) {
    let (mut alike, mut all) = (0, 0);
    for call in lines.lines() {
        all += 1;
        alike += u64::from(call.ends_with("\talike"));
    }
    (alike, all)
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
    let report: Value = serde_json::from_str(&report).unwrap();
    let sources = root.join(sources);
    let files = report["data"][0]["files"].as_array().unwrap();
    // A module that a test takes in by a path has that path, dots and all, for a name.
    let own = files.iter().filter(|file| {
        let name = Path::new(file["filename"].as_str().unwrap()).canonicalize();
        name.is_ok_and(|name| name.starts_with(&sources))
    });
    let (mut count, mut covered) = (0_u64, 0_u64);
    for file in own {
        let lines = &file["summary"]["lines"];
        count += lines["count"].as_u64().unwrap();
        covered += lines["covered"].as_u64().unwrap();
    }
    let percent = (covered * 100).checked_div(count);
    let percent = percent.unwrap_or_else(|| panic!("no line of {}", sources.display()));
    format!("{} of {}, {percent} %", grouped(covered), grouped(count))
}
