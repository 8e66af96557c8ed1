//! What methods work with.

use crate::config::{Config, PAGE, PAGE_MAX};
use crate::error::{Missing, RpcError};
use crate::listen::Guests;
use marque_abi::interface::Interface;
use marque_chain::Chain;
use marque_chain::reads::{PageRequest, Reader};
use marque_ledger::read;
use marque_primitives::record::Contract;
use marque_primitives::{Address, Hash, Height};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// A running node, as its RPC sees it.
#[derive(Clone)]
pub struct Node {
    /// The chain.
    pub chain: Chain,
    /// The software's version.
    pub version: String,
    /// The storage engine's name.
    pub store: String,
    /// How blocks are agreed on.
    pub consensus: String,
    /// Copies the data into a new folder while the node runs, where that can be.
    pub backup: Option<Backup>,
}

/// Copies a node's data as of one block, whose height it gives, or says why not.
pub type Backup = Arc<dyn Fn(&Path) -> Result<Height, String> + Send + Sync>;

/// Interfaces kept at most; contracts are few.
const INTERFACES: usize = 256;

/// What methods work with.
pub(crate) struct Context {
    pub node: Node,
    pub config: Config,
    pub guests: Arc<Guests>,
    /// Places for calls that read much or run contracts.
    desk: Arc<Semaphore>,
    interfaces: Mutex<BTreeMap<Hash, Arc<Described>>>,
}

/// What a contract says of itself.
pub(crate) struct Described {
    pub release: String,
    pub interface: Interface,
}

impl Context {
    pub fn new(node: Node, config: Config, guests: Arc<Guests>) -> Self {
        let work = usize::try_from(config.work.max(1)).unwrap_or(1);
        Self {
            node,
            guests,
            desk: Arc::new(Semaphore::new(work)),
            config,
            interfaces: Mutex::default(),
        }
    }

    /// Does what reads much or runs contracts on a thread of its own, when its turn comes. Who
    /// gives up waiting leaves its place only when the work is done.
    pub async fn at_work<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, RpcError> + Send + 'static,
    ) -> Result<T, RpcError> {
        let place = self.desk.clone().acquire_owned().await;
        let place = place.map_err(|_| RpcError::Stopped)?;
        let work = move || {
            let _place = place;
            work(&self)
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| RpcError::Stopped)?
    }

    pub fn chain(&self) -> &Chain {
        &self.node.chain
    }

    pub fn reader(&self) -> Result<Reader, RpcError> {
        Ok(self.node.chain.reader()?)
    }

    /// A reader of the state after the block at `height`; of the newest unless given.
    pub fn reader_at(&self, height: Option<Height>) -> Result<Reader, RpcError> {
        match height {
            None => self.reader(),
            Some(height) => Ok(self.node.chain.reader_at(height)?),
        }
    }

    pub fn contract(&self, reader: &Reader, address: &Address) -> Result<Contract, RpcError> {
        read::contract(reader.view(), address)?.ok_or_else(|| RpcError::Missing {
            missing: Missing::Contract,
            what: address.to_string(),
        })
    }

    /// What a contract's code says of itself; none if it can't be read any more. The first time
    /// the code is checked: not for an async task.
    pub fn described(
        &self,
        reader: &Reader,
        code: &Hash,
    ) -> Result<Option<Arc<Described>>, RpcError> {
        let known = || {
            self.interfaces
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(described) = known().get(code) {
            return Ok(Some(described.clone()));
        }
        let Some(stored) = read::code(reader.view(), code)? else {
            return Ok(None);
        };
        // The check takes its time: nobody waits for it but who asked.
        let Some(described) = describe(&stored.wasm).map(Arc::new) else {
            return Ok(None);
        };
        let mut known = known();
        if known.len() >= INTERFACES {
            known.clear();
        }
        known.insert(*code, described.clone());
        Ok(Some(described))
    }
}

fn describe(code: &[u8]) -> Option<Described> {
    let checked = marque_vm::check(code).ok()?;
    let interface = Interface::read(&checked.meta().interface).ok()?;
    Some(Described {
        release: checked.meta().release.to_string(),
        interface,
    })
}

/// A list's next part: its limit checked, its cursor read.
pub(crate) fn page(cursor: Option<String>, limit: Option<u32>) -> Result<PageRequest, RpcError> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(RpcError::Params {
            field: Some("limit".into()),
            message: format!("a list has from 1 to {PAGE_MAX} items, not {limit}"),
            expected: Some(format!("1 to {PAGE_MAX}")),
        });
    }
    let cursor = cursor
        .map(|text| {
            text.parse()
                .map_err(|_| RpcError::params("cursor", "the cursor is not one that a list gave"))
        })
        .transpose()?;
    Ok(PageRequest {
        cursor,
        limit: usize::try_from(limit).ok(),
    })
}
