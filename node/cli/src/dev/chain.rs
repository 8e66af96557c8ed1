//! A solo chain in this process, with a key that anyone can derive.

use super::DevArgs;
use crate::config::{Engine, Settings};
use crate::failure::Failure;
use crate::run::host::{self, Begin, Host};
use crate::{genesis, keys, ready};
use ed25519_dalek::SigningKey;
use marque_primitives::Hash;
use marque_primitives::genesis::Genesis;
use marque_primitives::hash::sha256;
use std::net::SocketAddr;
use std::path::Path;

/// The number of every development chain.
const CHAIN_ID: u64 = 9_944;

/// A running development chain.
pub struct DevChain {
    host: Host,
    new: bool,
}

impl DevChain {
    /// Opens the ledger in `folder`, or begins one, and answers.
    pub async fn start(folder: &Path, args: &DevArgs) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        let (genesis, new) = genesis(folder)?;
        let mut settings = Settings {
            data: folder.to_owned(),
            ..Settings::default()
        };
        settings.rpc.address = args.rpc;
        settings.mark.clone_from(&args.mark);
        let begin = Begin {
            engine: args.store.map(Engine::from),
            accept_older_copy: args.accept_older_copy,
        };
        let key = validator(&genesis.seed);
        let host = Host::start(&settings, genesis, key, begin).await?;
        Ok(Self { host, new })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.host.address()
    }

    /// The chain's number.
    pub fn chain_id(&self) -> u64 {
        self.host.chain().genesis().chain_id
    }

    /// Whether it was begun just now.
    pub fn is_new(&self) -> bool {
        self.new
    }

    /// Waits until the chain stops by a fault.
    pub async fn ended(&self) {
        self.host.ended().await;
    }

    /// Takes no more requests, finishes the block in work, and leaves clients a moment to take
    /// their answers.
    pub async fn stop(self) -> Result<(), Failure> {
        let chain = self.host.chain().clone();
        self.host.stop().await;
        host::verdict(chain.status().fault)
    }
}

/// The genesis in the folder, or a new one.
fn genesis(folder: &Path) -> Result<(Genesis, bool), Failure> {
    let path = folder.join("genesis.json");
    if let Some(genesis) = genesis::read(&path)? {
        return Ok((genesis, false));
    }
    let seed = Hash(keys::random()?);
    let registrar = super::accounts::secret(super::accounts::REGISTRAR).address();
    let key = Hash(validator(&seed).verifying_key().to_bytes());
    let genesis = Genesis {
        development: true,
        ..genesis::of_one(CHAIN_ID, seed, registrar, key)
    };
    ready::write_whole(&path, &genesis::text(&genesis)?)?;
    Ok((genesis, true))
}

/// The validator of a development chain signs with a key that anyone can derive.
fn validator(seed: &Hash) -> SigningKey {
    SigningKey::from_bytes(&sha256(&[b"marque/development-validator/v1", &seed.0]).0)
}
