//! `marque id`: what an identifier is.

use crate::failure::Failure;
use crate::output::{Output, Table};
use clap::Args;

/// What to identify.
#[derive(Args)]
pub struct IdArgs {
    /// Identifiers in any form; `-` reads one a line from stdin
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
}

pub fn run(args: &IdArgs, output: &Output) -> Result<(), Failure> {
    let mut table = Table::of(&["id", "kind"]);
    for id in &args.ids {
        table.row([id.as_str().into(), "".into()]);
    }
    output.table(&table)
}
