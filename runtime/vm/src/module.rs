//! A compiled contract.

use crate::check::Checked;
use crate::error::VmError;
use crate::instrument::{GAS_EXPORT, STACK_EXPORT};
use crate::run::Call;
use marque_abi::entry::MEMORY;
use marque_abi::interface::Interface;
use marque_abi::{Entry, Meta};
use parity_scale_codec::{Decode, Encode};
use std::sync::{Arc, OnceLock};
use wasmtime::{InstancePre, ModuleExport};

/// A contract that was checked, instrumented, compiled and linked. Cheap to clone.
#[derive(Clone)]
pub struct Module {
    inner: Arc<Inner>,
}

/// What is known of a module beside its compiled code.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub(crate) struct Facts {
    pub meta: Meta,
    /// Bytes of the WebAssembly.
    pub code: u32,
    /// Pages that the memory begins with.
    pub pages: u32,
}

impl Facts {
    pub fn of(checked: &Checked<'_>) -> Self {
        Self {
            meta: checked.meta().clone(),
            code: u32::try_from(checked.code.len()).unwrap_or(u32::MAX),
            pages: checked.initial_pages(),
        }
    }
}

struct Inner {
    linked: InstancePre<Call>,
    memory: ModuleExport,
    gas: ModuleExport,
    stack: ModuleExport,
    entries: Vec<(String, ModuleExport)>,
    facts: Facts,
    interface: OnceLock<Interface>,
}

impl core::fmt::Debug for Module {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Module")
            .field("meta", &self.inner.facts.meta)
            .finish_non_exhaustive()
    }
}

impl Module {
    /// The entries are those that the metadata list: the check compares the two.
    pub(crate) fn new(facts: Facts, linked: InstancePre<Call>) -> Result<Self, VmError> {
        let compiled = linked.module();
        let find = |name: &str| {
            compiled.get_export_index(name).ok_or_else(|| {
                VmError::NodeFault(format!("the compiled module lacks its export {name}"))
            })
        };
        let entries = facts
            .meta
            .entries
            .iter()
            .map(|name| Ok((name.to_string(), find(name)?)))
            .collect::<Result<_, VmError>>()?;
        let inner = Inner {
            memory: find(MEMORY)?,
            gas: find(GAS_EXPORT)?,
            stack: find(STACK_EXPORT)?,
            entries,
            facts,
            linked,
            interface: OnceLock::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// What the contract says about itself.
    pub fn meta(&self) -> &Meta {
        &self.inner.facts.meta
    }

    /// Its interface, read when it is first asked for; of one that cannot be read, an empty one.
    pub(crate) fn interface(&self) -> &Interface {
        let bytes = &self.inner.facts.meta.interface;
        let read = || Interface::read(bytes).unwrap_or_default();
        self.inner.interface.get_or_init(read)
    }

    /// Bytes of the WebAssembly that it was compiled from.
    pub fn code_bytes(&self) -> u32 {
        self.inner.facts.code
    }

    /// Bytes of memory that the compiled code takes.
    pub(crate) fn size(&self) -> usize {
        let image = self.inner.linked.module().image_range();
        image.end.addr().saturating_sub(image.start.addr())
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.inner.facts
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
        self.inner.facts.pages
    }
}
