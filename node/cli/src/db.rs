//! `marque db`: what a node has stored, without the node.
//!
//! A data folder holds `genesis.json` and, in `db`, the store. A folder with the store itself is
//! taken too; the genesis is then named.

mod check;
pub mod copies;
mod export;
mod mark;
mod place;

pub use mark::KeptMark;
pub use place::MARK;

use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand, ValueEnum};
use marque_store::Engine;
use std::path::PathBuf;

/// An engine, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StoreEngine {
    /// Survives a power cut; for validators
    Redb,
    /// Survives a kill, but perhaps no power cut
    Sled,
}

impl From<StoreEngine> for Engine {
    fn from(engine: StoreEngine) -> Self {
        match engine {
            StoreEngine::Redb => Self::Redb,
            StoreEngine::Sled => Self::Sled,
        }
    }
}

const EXAMPLES: &str = "\
A node that runs copies itself: admin_backup on its admin address. These commands are for one that was stopped.

Examples:
  marque db check --data ./ledger
  marque db backup --data ./ledger ./backup-monday
  marque db restore ./backup-monday --data ./ledger-again --store sled
  marque db export --data ./ledger > ledger.jsonl";

/// `marque db …`
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, disable_help_subcommand = true, after_help = EXAMPLES)]
pub struct DbArgs {
    #[command(subcommand)]
    command: DbCommand,
}

/// Where the data is.
#[derive(Args, Debug)]
pub struct Data {
    /// The node's data folder; no node may have it open
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The chain's genesis, where it is not `genesis.json` in the folder
    #[arg(long, value_name = "FILE")]
    genesis: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum DbCommand {
    /// Verify every stored block, record, root and index row
    ///
    /// Exit code 0 if all is as it has to be. A redb folder is not written to.
    ///
    /// Examples:
    ///   marque db check --data ./ledger
    ///   marque db check --data ./ledger --json
    #[command(verbatim_doc_comment)]
    Check(Data),
    /// Copy the data into a new folder that a node can open
    ///
    /// Examples:
    ///   marque db backup --data ./ledger ./backup-monday
    ///   marque db backup --data ./ledger --store sled ./ledger-sled
    #[command(verbatim_doc_comment)]
    Backup {
        #[command(flatten)]
        data: Data,
        /// A new or empty folder
        to: PathBuf,
        /// Write the copy for this engine; else that of the data
        #[arg(long, value_name = "ENGINE")]
        store: Option<StoreEngine>,
    },
    /// Bring a backup back into a new data folder, and verify it there
    ///
    /// A validator that had signed more than the backup holds is refused by `marque dev` and
    /// `marque run` unless --accept-older-copy is given: two blocks of one height prove fraud.
    ///
    /// Examples:
    ///   marque db restore ./backup-monday --data ./ledger
    ///   marque db restore ./backup-monday --data ./ledger --store redb
    #[command(verbatim_doc_comment)]
    Restore {
        /// A folder that `marque db backup` wrote
        from: PathBuf,
        /// A new or empty folder
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Keep the data with this engine; else that of the backup
        #[arg(long, value_name = "ENGINE")]
        store: Option<StoreEngine>,
    },
    /// Write blocks, receipts and events as JSON, one object a line
    ///
    /// Each line is {"kind": "block" | "transaction" | "receipt" | "event" | "entry", …}, in the
    /// order of the chain: a block, then each of its transactions with its receipt, then its
    /// events and history entries, which say their position. Bytes are 0x hex.
    ///
    /// Examples:
    ///   marque db export --data ./ledger > ledger.jsonl
    ///   marque db export --data ./ledger --kind event --from 100 | jq .event
    #[command(verbatim_doc_comment)]
    Export(export::ExportArgs),
}

/// Runs one of them.
pub fn run(args: &DbArgs, output: &Output) -> Result<(), Failure> {
    match &args.command {
        DbCommand::Check(data) => check::run(data, output),
        DbCommand::Backup { data, to, store } => copies::backup(data, to, *store, output),
        DbCommand::Restore { from, data, store } => copies::restore(from, data, *store, output),
        DbCommand::Export(args) => export::run(args, output),
    }
}

fn failed(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(error.to_string(), "")
}

/// Runs what reads an engine's file: an engine that meets what it never wrote may panic, and that
/// is damage like any other.
fn guarded<T: Send>(work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::thread::scope(|scope| scope.spawn(work).join());
    std::panic::set_hook(hook);
    done.unwrap_or_else(|_| {
        Err(Failure::new(
            "the engine cannot make sense of its own file: it is damaged",
            "restore it from a backup or resync",
        ))
    })
}
