//! A chain in this process, and its JSON-RPC.

use super::files;
use crate::config::{Engine, Settings};
use crate::db::{KeptMark, MARK, copies};
use crate::failure::Failure;
use crate::genesis;
use crate::keys::passphrase;
use ed25519_dalek::SigningKey;
use marque_chain::consensus::Solo;
use marque_chain::{Chain, SystemClock};
use marque_ledger::Ledger;
use marque_primitives::genesis::Genesis;
use marque_rpc::{Admin, Backup, Node, RpcError, Server, Token};
use marque_store::Opened;
use marque_vm::{CompiledFolder, Vm};
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// How long clients may take to leave once the chain has ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running solo node.
pub struct Host {
    chain: Chain,
    server: Server,
}

/// Where the store is, in the folder of the data.
pub fn store(settings: &Settings) -> PathBuf {
    settings.data.join("db")
}

/// How a node begins, beside its settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begin {
    /// The engine; without one that which wrote the folder, and redb for a new one.
    pub engine: Option<Engine>,
    /// Go on with data that are older than what was signed.
    pub accept_older_copy: bool,
}

/// Copies what is durable into a new folder, as `marque db backup` does, while the node goes on.
fn backup(chain: Chain, engine: Engine) -> Backup {
    Arc::new(move |folder| {
        let said = |failure: Failure| failure.message;
        let reader = chain.reader().map_err(|error| error.to_string())?;
        let genesis = genesis::text(chain.genesis()).map_err(said)?;
        copies::write(reader.snapshot(), &genesis, folder, engine, &mut |_| {}).map_err(said)?;
        tracing::info!(folder = %folder.display(), "copied the ledger");
        Ok(reader.head().height())
    })
}

/// Where administrators are answered, and what they have to show.
pub fn admin(settings: &Settings) -> Result<Option<Admin>, Failure> {
    let Some(address) = settings.admin.listen else {
        return Ok(None);
    };
    let path = &settings.admin.token_file;
    let token = Token::new(passphrase::from_file(path)?).ok_or_else(|| {
        Failure::new(
            format!("{} holds no token", path.display()),
            format!(
                "its first line is {} visible characters or more, such as `openssl rand -hex 32` prints",
                Token::SHORTEST
            ),
        )
    })?;
    Ok(Some(Admin {
        address,
        hosts: settings.admin.hosts.clone(),
        token,
    }))
}

impl Host {
    /// Opens the ledger, or begins it, and answers.
    pub async fn start(
        settings: &Settings,
        genesis: Genesis,
        key: SigningKey,
        begin: Begin,
    ) -> Result<Self, Failure> {
        let admin = admin(settings)?;
        let addresses = 1 + u32::from(admin.is_some());
        let connections = files::connections(settings.rpc.connections, addresses)?;
        let opened = marque_store::open(&store(settings), begin.engine, &settings.store);
        let Opened { store, engine } = opened.map_err(failed)?;
        let compiled = CompiledFolder {
            path: settings.data.join("compiled"),
            most: settings.compiled,
        };
        let vm = Vm::with_folder(&settings.vm, &compiled).map_err(failed)?;
        let ledger = Arc::new(Ledger::new(vm));
        let clock = Arc::new(SystemClock);
        let mark = settings.mark.clone();
        let mark = mark.unwrap_or_else(|| settings.data.join(MARK));
        let mark = KeptMark::open(&mark, genesis.hash())?;
        let driver = Solo::new(key, &genesis).map_err(failed)?;
        let driver = Box::new(driver.remembering(Box::new(mark), begin.accept_older_copy));
        let chain = Chain::with(store, genesis, ledger, clock, driver, settings.chain);
        let chain = chain.map_err(failed)?;
        chain.try_code_with(crate::contract::trial().map_err(failed)?);
        let rpc = marque_rpc::Config {
            admin,
            connections,
            ..settings.rpc.clone()
        };
        let node = Node {
            chain: chain.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            store: engine.name().to_owned(),
            consensus: "solo".to_owned(),
            backup: Some(backup(chain.clone(), engine)),
        };
        let server = marque_rpc::serve(node, rpc)
            .await
            .map_err(|error| match error {
                RpcError::Bind { address, cause } => Failure::new(
                    format!("{address} cannot be listened on: {cause}"),
                    "end what listens there, or name another address",
                ),
                error => failed(error),
            })?;
        Ok(Self { chain, server })
    }

    /// The chain.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Where administrators are answered, if they are.
    pub fn admin(&self) -> Option<SocketAddr> {
        self.server.admin()
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Says of every block that it is there, until the chain stops by a fault.
    pub async fn ended(&self) {
        let mut heads = self.chain.subscribe();
        loop {
            match heads.recv().await {
                Ok(block) => tracing::debug!(
                    height = block.height().0,
                    time = block.time().0,
                    transactions = block.spans.transactions,
                    hash = %block.hash,
                    "block"
                ),
                Err(RecvError::Lagged(blocks)) => tracing::debug!(blocks, "blocks passed unseen"),
                Err(RecvError::Closed) => return,
            }
        }
    }

    /// Takes no more requests, finishes the block in work, and leaves clients a moment to take
    /// their answers; says whether all have gone.
    pub async fn stop(self) -> bool {
        self.server.shutdown(PATIENCE).await
    }
}

/// How a node ends whose chain has, or has not, stopped by a fault.
pub fn verdict(fault: Option<String>) -> Result<(), Failure> {
    match fault {
        None => Ok(()),
        Some(fault) => Err(Failure::new(fault, "").during("the chain has stopped")),
    }
}

fn failed(error: impl Display) -> Failure {
    Failure::new(error.to_string(), "").during("the node cannot start")
}
