//! Compiled modules by the digest of their code: in memory, at most so many and so large; and
//! in a folder, where the machine has one.
//!
//! The key is the code's digest alone because a cache lives and dies with its [`Vm`], whose
//! limits, schedule and compiler settings never change; [`Vm::version`] names those, and the
//! folder's files carry it. Nothing here decides a result: what is not at hand is compiled.

use crate::artifacts;
use crate::engine::Vm;
use crate::error::VmError;
use crate::module::Module;
use marque_primitives::hash::{Hash, keccak256};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where modules came from, since the machine began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CacheCounts {
    /// In memory.
    pub at_hand: u64,
    /// Read from the folder.
    pub read: u64,
    /// Compiled.
    pub compiled: u64,
    /// Compiled for good, and not kept: the folder is full, or the disk.
    pub not_kept: u64,
}

/// A bounded cache; the least recently used module goes first.
pub(crate) struct Cache {
    most: usize,
    most_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    clock: u64,
    bytes: usize,
    modules: BTreeMap<Hash, (u64, Module)>,
    counts: CacheCounts,
}

impl Cache {
    pub fn new(most: usize, most_bytes: usize) -> Self {
        Self {
            most,
            most_bytes,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, code: &Hash) -> Option<Module> {
        let mut kept = self.kept();
        kept.clock = kept.clock.saturating_add(1);
        let now = kept.clock;
        let (used, module) = kept.modules.get_mut(code)?;
        *used = now;
        let module = module.clone();
        kept.counts.at_hand = kept.counts.at_hand.saturating_add(1);
        Some(module)
    }

    fn put(&self, code: Hash, module: Module) {
        let mut kept = self.kept();
        let (now, size) = (kept.clock, module.size());
        if self.most == 0 || size > self.most_bytes {
            return;
        }
        kept.bytes = kept.bytes.saturating_add(size);
        if let Some((_, before)) = kept.modules.insert(code, (now, module)) {
            kept.bytes = kept.bytes.saturating_sub(before.size());
        }
        while kept.modules.len() > self.most || kept.bytes > self.most_bytes {
            let others = kept.modules.iter().filter(|(other, _)| **other != code);
            let oldest = others
                .min_by_key(|(_, (used, _))| *used)
                .map(|(code, _)| *code);
            let Some((_, gone)) = oldest.and_then(|code| kept.modules.remove(&code)) else {
                return;
            };
            kept.bytes = kept.bytes.saturating_sub(gone.size());
        }
    }

    fn count(&self, which: fn(&mut CacheCounts) -> &mut u64) {
        let mut kept = self.kept();
        let count = which(&mut kept.counts);
        *count = count.saturating_add(1);
    }
}

impl Vm {
    /// The compiled module of the code with this Keccak-256 digest; `code` is asked for its
    /// bytes only if the module is not at hand, and what it gives is checked against the
    /// digest. What is compiled `for_good`, for code that is on chain and not only tried, goes
    /// to the folder too.
    ///
    /// # Errors
    /// As [`Vm::compile`]; [`VmError::NodeFault`] also if the bytes have another digest.
    pub fn load<Bytes: AsRef<[u8]>>(
        &self,
        digest: &Hash,
        for_good: bool,
        code: impl FnOnce() -> Result<Bytes, VmError>,
    ) -> Result<Module, VmError> {
        if let Some(module) = self.cache.get(digest) {
            return Ok(module);
        }
        let module = match self.read(digest) {
            Some(module) => module,
            None => self.compile_stored(digest, for_good, code()?.as_ref())?,
        };
        self.cache.put(*digest, module.clone());
        Ok(module)
    }

    /// Where modules came from.
    pub fn cache_counts(&self) -> CacheCounts {
        self.cache.kept().counts
    }

    /// Bytes of compiled code in memory.
    pub fn cached_bytes(&self) -> usize {
        self.cache.kept().bytes
    }

    fn read(&self, digest: &Hash) -> Option<Module> {
        let (facts, artifact) = self.artifacts.as_ref()?.read(digest)?;
        let compiled = artifacts::module(&self.engine, &artifact)?;
        let module = self.link(facts, &compiled).ok()?;
        self.cache.count(|counts| &mut counts.read);
        Some(module)
    }

    fn compile_stored(&self, digest: &Hash, keep: bool, code: &[u8]) -> Result<Module, VmError> {
        let found = keccak256(&[code]);
        if found != *digest {
            return Err(VmError::NodeFault(format!(
                "stored code has digest {found} instead of {digest}"
            )));
        }
        let module = self.compile(code)?;
        self.cache.count(|counts| &mut counts.compiled);
        if let Some(artifacts) = self.artifacts.as_ref().filter(|_| keep) {
            let artifact = module
                .linked()
                .module()
                .serialize()
                .map_err(VmError::fault)?;
            if !artifacts.write(digest, module.facts(), &artifact) {
                self.cache.count(|counts| &mut counts.not_kept);
            }
        }
        Ok(module)
    }
}
