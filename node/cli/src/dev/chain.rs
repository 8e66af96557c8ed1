//! A solo chain in this process, and its JSON-RPC.

use super::DevArgs;
use crate::db::KeptMark;
use crate::failure::Failure;
use ed25519_dalek::SigningKey;
use marque_chain::consensus::Solo;
use marque_chain::{Chain, Config, SystemClock};
use marque_ledger::Ledger;
use marque_primitives::genesis::{Genesis, Validator};
use marque_primitives::hash::sha256;
use marque_primitives::{Hash, TimeMs};
use marque_rpc::{Node, Server};
use marque_store::{Engine, Opened, Options};
use marque_vm::{Vm, VmConfig};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The number of every development chain.
const CHAIN_ID: u64 = 9_944;
/// Gas of a block: about four seconds of a server core.
const BLOCK_GAS: u64 = 40_000_000_000;
/// How long clients may take to leave once the chain has ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running development chain.
pub struct DevChain {
    chain: Chain,
    server: Server,
    new: bool,
}

impl DevChain {
    /// Opens the ledger in `folder`, or begins one, and answers on `rpc`.
    pub async fn start(folder: &Path, args: &DevArgs) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        let (genesis, new) = genesis(folder)?;
        let failed = |error: &dyn std::fmt::Display| {
            Failure::new(error.to_string(), "").during("the node cannot start")
        };
        let engine = args.store.map(Engine::from);
        let Opened { store, engine } =
            marque_store::open(&folder.join("db"), engine, &Options::default())
                .map_err(|error| failed(&error))?;
        let vm = Vm::new(&VmConfig::default()).map_err(|error| failed(&error))?;
        let key = validator(&genesis.seed);
        let ledger = Arc::new(Ledger::new(vm));
        let clock = Arc::new(SystemClock);
        let mark = args.mark.clone();
        let mark = mark.unwrap_or_else(|| folder.join("HIGHEST"));
        let mark = KeptMark::open(&mark, genesis.hash())?;
        let driver = Solo::new(key, &genesis).map_err(|error| failed(&error))?;
        let driver = driver.remembering(Box::new(mark), args.accept_older_copy);
        let chain = Chain::with(
            store,
            genesis,
            ledger,
            clock,
            Box::new(driver),
            Config::default(),
        )
        .map_err(|error| failed(&error))?;
        let node = Node {
            chain: chain.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            store: engine.name().to_owned(),
            consensus: "solo".to_owned(),
        };
        let config = marque_rpc::Config {
            address: args.rpc,
            ..marque_rpc::Config::default()
        };
        let server = marque_rpc::serve(node, config).await.map_err(|error| {
            Failure::new(
                error.to_string(),
                "end what listens there, or give --rpc another address",
            )
        })?;
        Ok(Self { chain, server, new })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The chain's number.
    pub fn chain_id(&self) -> u64 {
        self.chain.genesis().chain_id
    }

    /// Whether it was begun just now.
    pub fn is_new(&self) -> bool {
        self.new
    }

    /// Takes no more requests, finishes the block in work, and leaves clients a moment to take
    /// their answers.
    pub async fn stop(self) {
        self.server.shutdown(PATIENCE).await;
    }
}

/// The genesis in the folder, or a new one with 32 random bytes.
fn genesis(folder: &Path) -> Result<(Genesis, bool), Failure> {
    let path = folder.join("genesis.json");
    match std::fs::read(&path) {
        Ok(bytes) => {
            let genesis = serde_json::from_slice(&bytes).map_err(|error| {
                Failure::new(
                    format!("{} is not a genesis: {error}", path.display()),
                    "restore it, or begin in an empty folder",
                )
            })?;
            return Ok((genesis, false));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::file(&path, &error)),
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| Failure::new(format!("the system gives no random bytes: {error}"), ""))?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|span| span.as_millis())
        .unwrap_or_default();
    let seed = Hash(seed);
    let genesis = Genesis {
        chain_id: CHAIN_ID,
        seed,
        time: TimeMs(u64::try_from(now).unwrap_or(u64::MAX)),
        registrar: super::accounts::secret(super::accounts::REGISTRAR).address(),
        validators: vec![Validator {
            key: Hash(validator(&seed).verifying_key().to_bytes()),
            power: 1,
        }],
        block_gas: BLOCK_GAS,
        contract_delay: 0,
        heartbeat: 0,
        development: true,
    };
    let text = serde_json::to_vec_pretty(&genesis)
        .map_err(|error| Failure::new(format!("the genesis cannot be written: {error}"), ""))?;
    let new = folder.join("genesis.json.new");
    let written = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, &path));
    written.map_err(|error| Failure::file(&path, &error))?;
    Ok((genesis, true))
}

/// The validator of a development chain signs with a key that anyone can derive.
fn validator(seed: &Hash) -> SigningKey {
    SigningKey::from_bytes(&sha256(&[b"marque/development-validator/v1", &seed.0]).0)
}
