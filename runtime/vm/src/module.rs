//! A compiled contract.

use crate::check::Checked;
use crate::error::VmError;
use crate::instrument::{GAS_EXPORT, STACK_EXPORT};
use crate::run::Call;
use marque_abi::entry::MEMORY;
use marque_abi::{Entry, Meta};
use std::sync::Arc;
use wasmtime::{InstancePre, ModuleExport};

/// A contract that was checked, instrumented, compiled and linked. Cheap to clone.
#[derive(Clone)]
pub struct Module {
    inner: Arc<Inner>,
}

struct Inner {
    linked: InstancePre<Call>,
    memory: ModuleExport,
    gas: ModuleExport,
    stack: ModuleExport,
    entries: Vec<(String, ModuleExport)>,
    pages: u32,
    meta: Meta,
}

impl core::fmt::Debug for Module {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Module")
            .field("meta", &self.inner.meta)
            .finish_non_exhaustive()
    }
}

impl Module {
    pub(crate) fn new(checked: &Checked<'_>, linked: InstancePre<Call>) -> Result<Self, VmError> {
        let compiled = linked.module();
        let find = |name: &str| {
            compiled.get_export_index(name).ok_or_else(|| {
                VmError::NodeFault(format!("the compiled module lacks its export {name}"))
            })
        };
        let entries = checked
            .entries()
            .map(|name| Ok((name.to_owned(), find(name)?)))
            .collect::<Result<_, VmError>>()?;
        let inner = Inner {
            memory: find(MEMORY)?,
            gas: find(GAS_EXPORT)?,
            stack: find(STACK_EXPORT)?,
            entries,
            pages: checked.initial_pages(),
            meta: checked.meta().clone(),
            linked,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// What the contract says about itself.
    pub fn meta(&self) -> &Meta {
        &self.inner.meta
    }

    /// Whether the contract has the entry; what it does not have is not called.
    pub fn has(&self, entry: Entry<'_>) -> bool {
        self.entry(entry).is_some()
    }

    pub(crate) fn entry(&self, entry: Entry<'_>) -> Option<ModuleExport> {
        self.inner
            .entries
            .iter()
            .find(|(name, _)| entry.is_export(name))
            .map(|(_, export)| *export)
    }

    pub(crate) fn linked(&self) -> &InstancePre<Call> {
        &self.inner.linked
    }

    pub(crate) fn memory(&self) -> &ModuleExport {
        &self.inner.memory
    }

    pub(crate) fn gas(&self) -> &ModuleExport {
        &self.inner.gas
    }

    pub(crate) fn stack(&self) -> &ModuleExport {
        &self.inner.stack
    }

    pub(crate) fn initial_pages(&self) -> u32 {
        self.inner.pages
    }
}
