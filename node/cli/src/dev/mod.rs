//! `marque dev`: one command, one local chain, with accounts, the reference contracts and a
//! sample that is traced at once.

pub mod accounts;
mod chain;
pub mod contracts;
mod sample;
mod welcome;

use crate::db::StoreEngine;
use crate::failure::Failure;
use crate::output::Output;
use crate::ready;
use crate::run::ending::outlive_the_size_limit;
use crate::run::files;
use chain::DevChain;
use clap::Args;
use marque_client::Client;
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Runs a local chain until it is interrupted
///
/// Ten accounts with known keys, the reference contracts deployed, a sample product on its
/// way. Everything is gone when it ends, unless `--data` names a folder.
/// `MARQUE_LOG=info` (or debug, or marque_chain=debug) makes it say more of itself.
///
/// Examples:
///   marque dev
///   marque dev --data ./ledger --rpc 127.0.0.1:0 --ready-file ready.json
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct DevArgs {
    /// Keep the ledger in this folder, and go on from what it holds
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Keep a new ledger with this engine [default: that of the folder, else redb]
    #[arg(long, value_name = "ENGINE")]
    store: Option<StoreEngine>,
    /// Remember in this file what was signed, to notice an older copy of the data
    /// [default: HIGHEST in the data folder; another disk notices more]
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    mark: Option<PathBuf>,
    /// Go on with an older copy of the data: blocks above its newest are lost
    #[arg(long)]
    accept_older_copy: bool,
    /// Where to answer JSON-RPC; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9944")]
    rpc: SocketAddr,
    /// Write one JSON object {rpc, web, chainId, accounts} here once the node answers
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
    /// Begin with an empty ledger: no parties, no contracts, no sample
    #[arg(long)]
    no_sample: bool,
}

/// Runs the chain, its server and the sample, then waits for an interrupt.
pub fn run(args: &DevArgs, output: &Output) -> Result<(), Failure> {
    // Where there are too few files, the runtime would say so less well.
    files::connections(1, 1)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(
                format!("the node cannot start its threads: {error}"),
                "free some memory",
            )
        })?;
    log();
    runtime.block_on(serve(args, output))
}

/// What the node says of itself, on stderr: warnings, or what `MARQUE_LOG` asks for.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MARQUE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter);
    // A second subscriber is refused: the first one stays.
    let _ = subscriber.with_writer(std::io::stderr).try_init();
}

async fn serve(args: &DevArgs, output: &Output) -> Result<(), Failure> {
    // Removed when the command ends, however it ends but by a kill.
    let temporary = match &args.data {
        Some(_) => None,
        None => Some(
            tempfile::tempdir().map_err(|error| Failure::file(&std::env::temp_dir(), &error))?,
        ),
    };
    let folder = match (&args.data, &temporary) {
        (Some(folder), _) => folder.as_path(),
        (None, Some(folder)) => folder.path(),
        (None, None) => Path::new("."),
    };
    let interrupt = interrupted()?;
    if let Some(path) = &args.ready_file {
        ready::forget(path)?;
    }
    let node = DevChain::start(folder, args).await?;
    let url = format!("http://{}", node.address());
    let client = Client::new(&url).map_err(sample::failed)?;
    let fresh = node.is_new();
    if !args.no_sample && fresh {
        sample::play(&client, output).await?;
    }
    if let Some(path) = &args.ready_file {
        write_ready(path, &url, node.chain_id())?;
    }
    welcome::print(&client, &url, args, fresh && !args.no_sample, output).await?;
    tokio::select! {
        () = interrupt => output.note("ending: finishing the block in work"),
        () = node.ended() => {}
    }
    node.stop().await
}

/// Ends on Ctrl-C and, where there is one, SIGTERM.
fn interrupted() -> Result<impl Future<Output = ()>, Failure> {
    let signal = |error: std::io::Error| {
        Failure::new(format!("signals cannot be listened for: {error}"), "")
    };
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(signal)?;
    outlive_the_size_limit()?;
    Ok(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn write_ready(path: &Path, url: &str, chain_id: u64) -> Result<(), Failure> {
    let accounts: serde_json::Map<String, serde_json::Value> = accounts::NAMES
        .iter()
        .map(|(name, _)| {
            (
                (*name).to_owned(),
                accounts::secret(name).address().to_string().into(),
            )
        })
        .collect();
    let ready = json!({ "rpc": url, "web": null, "chainId": chain_id, "accounts": accounts });
    ready::write(path, &ready)
}
