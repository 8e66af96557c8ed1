//! `marque contract check`: whether the chain would take code, and why not.

use super::code;
use crate::failure::Failure;
use crate::output::{Cell, Output, Style, Table};
use clap::Args;
use marque_vm::admission::{Admission, ChildLimits, NotAdmitted, compile_child as child};
use marque_vm::{Checked, Rejection, check};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The hidden subcommand that the child is started with.
pub const CHILD: &str = "compile-child";

const EXAMPLES: &str = "\
Works offline: the same static check that decides on chain, then a trial of the compiler in a child process.

Examples:
  marque contract check fresh_food.wasm
  marque contract check *.wasm --json";

/// Say whether the chain would take code, and if not which limit it breaks, where
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// WebAssembly modules
    #[arg(required = true, value_name = "FILE.wasm")]
    files: Vec<PathBuf>,
}

/// The life of the child: reads a module from stdin, compiles it within limits.
pub fn compile_child() -> ExitCode {
    ExitCode::from(child(ChildLimits::default()))
}

/// `marque contract check`.
pub fn run(args: &CheckArgs, output: &Output) -> Result<(), Failure> {
    let mut refused = 0usize;
    for (at, file) in args.files.iter().enumerate() {
        let bytes = code::read(file)?;
        let admitted = admit(&bytes)?;
        refused = refused.saturating_add(usize::from(admitted.is_err()));
        if output.json {
            output.value_line(&match &admitted {
                Ok(checked) => taken(file, &bytes, checked),
                Err(why) => not_taken(file, &bytes, why),
            })?;
            continue;
        }
        if at > 0 {
            output.line("")?;
        }
        output.table(&match &admitted {
            Ok(checked) => taken_table(file, &bytes, checked),
            Err(why) => not_taken_table(file, &bytes, why),
        })?;
    }
    match (refused, args.files.len()) {
        (0, _) => Ok(()),
        (_, 1) => Err(Failure::new("the chain does not take it", "see above")),
        (some, all) => Err(Failure::new(
            format!("the chain does not take {some} of {all}"),
            "see above",
        )),
    }
}

/// Checks code here, then has a child compile it. A trouble of this machine is a failure,
/// the code's own is the answer.
pub fn admit(bytes: &[u8]) -> Result<Result<Checked<'_>, NotAdmitted>, Failure> {
    // Without the child first: most refusals need none.
    if let Err(rejection) = check(bytes) {
        return Ok(Err(rejection.into()));
    }
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(format!("this program cannot find itself: {error}"), ""))?;
    let admission = Admission::new(program, vec![CHILD.into()], ChildLimits::default());
    match admission.admit(bytes) {
        Err(NotAdmitted::Child(cause)) => Err(Failure::new(
            format!("the compiler's child process could not be run: {cause}"),
            "look at the limits on processes and memory",
        )),
        answer => Ok(answer),
    }
}

pub(super) fn taken(file: &Path, bytes: &[u8], checked: &Checked<'_>) -> Value {
    let meta = checked.meta();
    let imports: Vec<String> = checked
        .imports()
        .iter()
        .map(|call| format!("{call:?}"))
        .collect();
    json!({
        "file": file,
        "accepted": true,
        "name": meta.name,
        "release": meta.release,
        "abi": meta.abi,
        "codeHash": code::hash(bytes),
        "bytes": bytes.len(),
        "functions": checked.functions(),
        "pages": checked.initial_pages(),
        "work": checked.work(),
        "entries": checked.entries().collect::<Vec<_>>(),
        "imports": imports,
    })
}

pub(super) fn taken_table(file: &Path, bytes: &[u8], checked: &Checked<'_>) -> Table {
    let meta = checked.meta();
    let mut table = Table::pairs();
    table.pair("file", file.display().to_string());
    table.pair("answer", Cell::new(Style::Good, "the chain takes it"));
    table.pair("contract", format!("{} {}", meta.name, meta.release));
    table.pair("code hash", code::hash(bytes).to_string());
    let (size, functions) = (bytes.len(), checked.functions());
    table.pair("size", format!("{size} bytes, {functions} functions"));
    let entries: Vec<&str> = checked.entries().collect();
    table.pair("entries", entries.join(", "));
    table
}

/// Which limit, where, found and allowed; the compiler's own refusals have no place.
fn limit(rejection: &Rejection) -> Value {
    json!({
        "code": rejection.code(),
        "name": rejection.name(),
        "section": rejection.section,
        "offset": rejection.offset,
        "found": rejection.found,
        "allowed": rejection.allowed(),
        "detail": rejection.detail,
        "remedy": rejection.remedy(),
    })
}

pub(super) fn not_taken(file: &Path, bytes: &[u8], why: &NotAdmitted) -> Value {
    let error = match why {
        NotAdmitted::Rejected(rejection) => limit(rejection),
        other => json!({
            "code": other.code(),
            "name": other.name(),
            "detail": other.to_string(),
            "remedy": other.remedy(),
        }),
    };
    json!({ "file": file, "accepted": false, "bytes": bytes.len(), "error": error })
}

pub(super) fn not_taken_table(file: &Path, bytes: &[u8], why: &NotAdmitted) -> Table {
    let mut table = Table::pairs();
    table.pair("file", file.display().to_string());
    table.pair("size", format!("{} bytes", bytes.len()));
    table.pair(
        "answer",
        Cell::new(Style::Bad, "the chain does not take it"),
    );
    let NotAdmitted::Rejected(rejection) = why else {
        table.pair("why", why.to_string());
        return table;
    };
    let name = format!("{} ({})", rejection.name(), rejection.code());
    table.pair("limit", name);
    table.pair("section", rejection.section);
    table.pair("offset", rejection.offset.to_string());
    if rejection.allowed() > 0 {
        table.pair("found", rejection.found.to_string());
        table.pair("allowed", rejection.allowed().to_string());
    }
    table.pair("detail", rejection.detail.as_str());
    table.pair("remedy", rejection.remedy());
    table
}
