//! `marque contract test`: a contract's module, and its tests on exactly that module.

use super::project::{Project, no_cargo};
use super::{build, check, code};
use crate::failure::Failure;
use crate::output::{Cell, Output, Style, Table};
use clap::Args;
use serde_json::json;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

/// Tells `marque_testing::compile` where the modules are that were built for it.
const MODULES: &str = "MARQUE_MODULES";

const EXAMPLES: &str = "\
Builds the module as `marque contract build` does and runs `cargo test` on those bytes; fails where a test fails.

Examples:
  marque contract test
  marque contract test contracts/fresh-food
  marque contract test . -- refused --nocapture";

/// Build a contract and run its tests on what was built
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct TestArgs {
    /// The contract's folder
    #[arg(default_value = ".", value_name = "PATH")]
    path: PathBuf,
    /// For the tests, as after `cargo test --`: a part of their names, --nocapture
    #[arg(last = true, value_name = "ARGS")]
    args: Vec<String>,
}

/// Tests of all of the crate's test programs together.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) ignored: u64,
}

impl Counts {
    /// Counts what a line of a test program says of itself:
    /// `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
    pub(super) fn read(&mut self, line: &str) {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split("; ") {
            let Some((number, what)) = part.split_once(' ') else {
                continue;
            };
            let count = match what {
                "passed" => &mut self.passed,
                "failed" => &mut self.failed,
                "ignored" => &mut self.ignored,
                _ => continue,
            };
            *count = count.saturating_add(number.parse().unwrap_or(0));
        }
    }
}

/// `marque contract test`.
pub fn run(args: &TestArgs, output: &Output) -> Result<(), Failure> {
    let begin = Instant::now();
    let project = Project::read(&args.path)?;
    let bytes = build::module(&project)?;
    if let Err(why) = check::admit(&bytes)? {
        return Err(Failure::new(
            format!("the chain does not take the contract: {why}"),
            "see `marque contract build`",
        ));
    }
    let module = project.module();
    std::fs::write(&module, &bytes).map_err(|error| Failure::file(&module, &error))?;
    let mut cargo = project.cargo();
    cargo.arg("test").arg("--manifest-path");
    cargo.arg(&project.manifest).arg("--").args(&args.args);
    cargo.env(MODULES, &project.folder).stdout(Stdio::piped());
    let mut child = cargo.spawn().map_err(|error| no_cargo(&error))?;
    let mut counts = Counts::default();
    for line in child.stdout.take().into_iter().flat_map(lines) {
        counts.read(&line);
        // The summary is the answer; what the tests say stands beside it.
        output.note(line);
    }
    let status = child.wait().map_err(|error| no_cargo(&error))?;
    let took = begin.elapsed();
    if output.json {
        output.value(&json!({
            "passed": counts.passed,
            "failed": counts.failed,
            "ignored": counts.ignored,
            "ok": status.success(),
            "file": module,
            "bytes": bytes.len(),
            "codeHash": code::hash(&bytes),
            "milliseconds": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }))?;
    } else {
        let style = if status.success() {
            Style::Good
        } else {
            Style::Bad
        };
        let mut told = format!("{} passed, {} failed", counts.passed, counts.failed);
        if counts.ignored > 0 {
            told.push_str(&format!(", {} ignored", counts.ignored));
        }
        let mut table = Table::pairs();
        table.pair("tests", Cell::new(style, told));
        table.pair("module", module.display().to_string());
        table.pair("size", format!("{} bytes", bytes.len()));
        table.pair("time", format!("{:.1} s", took.as_secs_f64()));
        output.table(&table)?;
    }
    match status.success() {
        true => Ok(()),
        false if counts.failed > 0 => Err(Failure::new("tests failed", "see above")),
        false => Err(Failure::new(
            "the tests did not run to their end",
            "see above",
        )),
    }
}

/// Lines as they come, whatever bytes a test prints.
fn lines(from: impl std::io::Read) -> impl Iterator<Item = String> {
    let lines = BufReader::new(from).split(b'\n');
    lines.map_while(|line| Some(String::from_utf8_lossy(&line.ok()?).into_owned()))
}
