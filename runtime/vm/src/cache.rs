//! Compiled modules by the digest of their code, at most so many.
//!
//! The key is the code's digest alone because a cache lives and dies with its [`Vm`], whose
//! limits, schedule and compiler settings never change; [`Vm::version`] names those.

use crate::engine::Vm;
use crate::error::VmError;
use crate::module::Module;
use marque_primitives::hash::{Hash, keccak256};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A bounded cache; the least recently used module goes first.
pub(crate) struct Cache {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    clock: u64,
    modules: BTreeMap<Hash, (u64, Module)>,
}

impl Cache {
    pub fn new(most: usize) -> Self {
        Self {
            most,
            kept: Mutex::default(),
        }
    }

    fn get(&self, code: &Hash) -> Option<Module> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock = kept.clock.saturating_add(1);
        let now = kept.clock;
        let (used, module) = kept.modules.get_mut(code)?;
        *used = now;
        Some(module.clone())
    }

    fn put(&self, code: Hash, module: Module) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.modules.len() >= self.most {
            let oldest = kept
                .modules
                .iter()
                .min_by_key(|(_, (used, _))| *used)
                .map(|(code, _)| *code);
            if let Some(oldest) = oldest {
                kept.modules.remove(&oldest);
            }
        }
        let now = kept.clock;
        if self.most > 0 {
            kept.modules.insert(code, (now, module));
        }
    }
}

impl Vm {
    /// The compiled module of the code with this Keccak-256 digest; `code` is asked for its
    /// bytes only if the module is not at hand, and what it gives is checked against the digest.
    ///
    /// # Errors
    /// As [`Vm::compile`]; [`VmError::NodeFault`] also if the bytes have another digest.
    pub fn load<Bytes: AsRef<[u8]>>(
        &self,
        digest: &Hash,
        code: impl FnOnce() -> Result<Bytes, VmError>,
    ) -> Result<Module, VmError> {
        if let Some(module) = self.cache.get(digest) {
            return Ok(module);
        }
        let code = code()?;
        let found = keccak256(&[code.as_ref()]);
        if found != *digest {
            return Err(VmError::NodeFault(format!(
                "stored code has digest {found} instead of {digest}"
            )));
        }
        let module = self.compile(code.as_ref())?;
        self.cache.put(*digest, module.clone());
        Ok(module)
    }
}
