//! `marque run`: a node of a real chain, from its configuration, until it is asked to end.

mod check;
pub mod ending;
pub mod files;
pub mod host;
pub mod log;
mod notify;
pub mod validator;

use crate::config::{FILE, Loaded, LogFormat, Settings};
use crate::failure::Failure;
use crate::output::Output;
use crate::ready;
use clap::Args;
use ending::Ending;
use host::{Begin, Host};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// How long work beside the chain may take to end: a contract that somebody asked, a reader.
const LEFTOVERS: Duration = Duration::from_secs(2);

const EXAMPLES: &str = "\
The configuration is ./marque.toml unless --config names another. The environment goes before it (rpc.listen is
MARQUE_RPC_LISTEN), and options go before both. SIGTERM and Ctrl-C finish the block in work; a second one ends at once.
This version runs chains with one validator: several validators, and followers, are not there yet.

Examples:
  marque run --config /etc/marque/marque.toml
  marque run --check
  marque run --rpc 127.0.0.1:0 --set log.level=debug --ready-file ready.json";

/// Run a node from its configuration
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// The configuration
    #[arg(long, value_name = "FILE", env = "MARQUE_CONFIG", default_value = FILE)]
    config: PathBuf,
    /// Only say whether the node could start, and what is in force
    #[arg(long)]
    check: bool,
    /// Keep the ledger in this folder (data)
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Answer JSON-RPC here (rpc.listen); port 0 picks a free one
    #[arg(long, value_name = "ADDR")]
    rpc: Option<String>,
    /// Keep the ledger with this engine (store.engine)
    #[arg(long, value_name = "ENGINE")]
    store: Option<String>,
    /// Any other setting
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Write one JSON object {rpc, admin, chainId, genesis} here once the node answers
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
    /// Go on with an older copy of the data: blocks above its newest are lost, and those who
    /// have them take this validator for a fraud
    #[arg(long)]
    accept_older_copy: bool,
}

/// `marque run`.
pub fn run(args: &RunArgs, output: &Output) -> Result<(), Failure> {
    let loaded = load(args)?;
    if args.check {
        return check::run(loaded, output);
    }
    let settings = loaded.settings;
    log::start(settings.log_format, &settings.log_level)?;
    let ended = start(args, &settings);
    match (ended, settings.log_format) {
        // Whoever reads JSON finds the reason there.
        (Err(failure), LogFormat::Json) => {
            tracing::error!(remedy = failure.remedy, "{}", failure.message);
            Err(Failure::silent())
        }
        (ended, _) => ended,
    }
}

fn load(args: &RunArgs) -> Result<Loaded, Failure> {
    let named = [
        ("--data", "data", &args.data),
        ("--rpc", "rpc.listen", &args.rpc),
        ("--store", "store.engine", &args.store),
    ];
    let mut options = Vec::new();
    for (option, key, value) in named {
        options.extend(value.as_deref().map(|value| (option, key, value)));
    }
    for given in &args.set {
        let Some((key, value)) = given.split_once('=') else {
            return Err(Failure::usage(
                format!("--set {given} names no value"),
                "write --set KEY=VALUE, such as --set log.level=debug",
            ));
        };
        options.push(("--set", key, value));
    }
    Loaded::read(&args.config, std::env::vars_os(), &options)
}

fn start(args: &RunArgs, settings: &Settings) -> Result<(), Failure> {
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
    let ended = runtime.block_on(serve(args, settings));
    runtime.shutdown_timeout(LEFTOVERS);
    ended
}

async fn serve(args: &RunArgs, settings: &Settings) -> Result<(), Failure> {
    let mut ending = Ending::listen()?;
    if let Some(path) = &args.ready_file {
        ready::forget(path)?;
    }
    let genesis = check::genesis(settings)?;
    let file = validator::file(settings, &genesis)?;
    let key = validator::key(settings, &file)?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        chain = genesis.chain_id,
        genesis = %genesis.hash(),
        validator = %file.public(),
        data = %settings.data.display(),
        "starting"
    );
    let begin = Begin {
        engine: Some(settings.engine),
        accept_older_copy: args.accept_older_copy,
    };
    let host = Host::start(settings, genesis, key, begin).await?;
    let (chain, address) = (host.chain().clone(), host.address());
    tracing::info!(%address, height = chain.status().height.0, "answering");
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "other machines can reach JSON-RPC, which speaks no TLS");
    }
    if let Some(path) = &args.ready_file {
        let url = format!("http://{address}");
        let (chain_id, genesis) = (chain.genesis().chain_id, chain.genesis_hash());
        let admin = host.admin().map(|admin| format!("http://{admin}"));
        ready::write(
            path,
            &json!({"rpc": url, "admin": admin, "chainId": chain_id, "genesis": genesis}),
        )?;
    }
    notify::say("READY=1");
    tokio::select! {
        signal = ending.asked() => tracing::info!(signal, "ending: finishing the block in work"),
        () = host.ended() => tracing::error!("ending: the chain has stopped"),
    }
    notify::say("STOPPING=1");
    let gone = host.stop().await;
    let status = chain.status();
    tracing::info!(height = status.height.0, clients_gone = gone, "ended");
    host::verdict(status.fault)
}
