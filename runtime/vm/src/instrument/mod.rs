//! The injector: puts the counting of gas and stack into a checked module.
//!
//! Two globals are added, exported under names that no contract can have. Each metered
//! block takes its price from the first before it runs; each function that calls takes its
//! frame from the second while it runs. Either below zero ends the call, and tells which:
//! so both ends are the same whatever compiles the code. Growing memory goes through an
//! added function that bounds and prices it. Indices of the contract's own types, functions
//! and globals do not change, since everything is added behind them; the contract was
//! validated before, so it cannot name what is added.
//!
//! Code that cannot be reached is dropped. The model is finite-wasm's, as NEAR runs it.

mod body;
mod emit;
mod flow;

use crate::check::Checked;
use crate::limits::MAX_PAGES;
use marque_abi::entry::MEMORY;
use wasm_encoder::{
    CodeSection, ConstExpr, Encode, ExportKind, ExportSection, GlobalSection, GlobalType,
    MemorySection, MemoryType, Module, RawSection, SectionId, ValType,
};
use wasmparser::BinaryReader;

/// The export name of the gas global (i64): what is left; below zero once it ran out, and
/// [`GROWTH_FAILED`] if the host could not grow a memory that may grow.
pub(crate) const GAS_EXPORT: &str = "marque.gas";
/// The export name of the stack global (i32): the bytes left; below zero on overflow.
pub(crate) const STACK_EXPORT: &str = "marque.stack";
/// What the gas global holds when the host failed to grow a memory within its limits.
pub(crate) const GROWTH_FAILED: i64 = i64::MIN;

/// The injector met bytes that the check should not have passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the injector cannot read a module that passed the check, at offset {0}")]
pub(crate) struct InjectorError(pub usize);

/// Indices of what is added.
#[derive(Clone, Copy, Debug)]
struct Added {
    gas: u32,
    stack: u32,
    grow: u32,
}

/// The instrumented module's bytes.
pub(crate) fn instrument(checked: &Checked<'_>) -> Result<Vec<u8>, InjectorError> {
    let imported = u32::try_from(checked.shape.imports.len()).unwrap_or(u32::MAX);
    let defined = u32::try_from(checked.bodies.len()).unwrap_or(u32::MAX);
    let added = Added {
        gas: checked.shape.globals,
        stack: checked.shape.globals.saturating_add(1),
        grow: imported.saturating_add(defined),
    };
    let mut injector = Injector {
        checked,
        added,
        module: Module::new(),
        globals_done: false,
    };
    for section in &checked.sections {
        injector.section(section.id, section.content.clone())?;
    }
    Ok(injector.module.finish())
}

struct Injector<'a> {
    checked: &'a Checked<'a>,
    added: Added,
    module: Module,
    globals_done: bool,
}

impl Injector<'_> {
    fn section(&mut self, id: u8, content: core::ops::Range<usize>) -> Result<(), InjectorError> {
        let data = self
            .checked
            .code
            .get(content.clone())
            .ok_or(InjectorError(content.start))?;
        match id {
            id if id == SectionId::Custom as u8 => {}
            id if id == SectionId::Type as u8 => {
                self.extended(id, data, content.start, emit::grow_type())?
            }
            id if id == SectionId::Function as u8 => {
                let mut function = Vec::new();
                self.checked.shape.types.encode(&mut function);
                self.extended(id, data, content.start, function)?;
            }
            id if id == SectionId::Memory as u8 => self.memory(),
            id if id == SectionId::Global as u8 => {
                let mut globals = Vec::new();
                for (kind, initial) in [meters().0, meters().1] {
                    kind.encode(&mut globals);
                    initial.encode(&mut globals);
                }
                self.extended_by(id, data, content.start, 2, globals)?;
                self.globals_done = true;
            }
            id if id == SectionId::Export as u8 => {
                self.globals();
                self.exports();
            }
            id if id == SectionId::Code as u8 => self.code()?,
            _ => {
                self.module.section(&RawSection { id, data });
            }
        }
        Ok(())
    }

    /// A section with one item more at its end.
    fn extended(
        &mut self,
        id: u8,
        data: &[u8],
        offset: usize,
        item: Vec<u8>,
    ) -> Result<(), InjectorError> {
        self.extended_by(id, data, offset, 1, item)
    }

    fn extended_by(
        &mut self,
        id: u8,
        data: &[u8],
        offset: usize,
        items: u32,
        encoded: Vec<u8>,
    ) -> Result<(), InjectorError> {
        let mut reader = BinaryReader::new(data, offset);
        let count = reader
            .read_var_u32()
            .map_err(|error| InjectorError(error.offset()))?;
        let rest = data.get(reader.current_position()..).unwrap_or_default();
        let mut out =
            Vec::with_capacity(data.len().saturating_add(encoded.len()).saturating_add(5));
        count.saturating_add(items).encode(&mut out);
        out.extend_from_slice(rest);
        out.extend_from_slice(&encoded);
        self.module.section(&RawSection { id, data: &out });
        Ok(())
    }

    fn memory(&mut self) {
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: u64::from(self.checked.shape.initial_pages),
            maximum: Some(u64::from(self.checked.max_pages())),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        self.module.section(&memories);
    }

    /// The two meters, where the contract has no globals of its own.
    fn globals(&mut self) {
        if self.globals_done {
            return;
        }
        let mut globals = GlobalSection::new();
        let (gas, stack) = meters();
        globals.global(gas.0, &gas.1);
        globals.global(stack.0, &stack.1);
        self.module.section(&globals);
        self.globals_done = true;
    }

    fn exports(&mut self) {
        let mut exports = ExportSection::new();
        exports.export(MEMORY, ExportKind::Memory, 0);
        exports.export(GAS_EXPORT, ExportKind::Global, self.added.gas);
        exports.export(STACK_EXPORT, ExportKind::Global, self.added.stack);
        for entry in &self.checked.exports {
            exports.export(&entry.name, ExportKind::Func, entry.function);
        }
        self.module.section(&exports);
    }

    fn code(&mut self) -> Result<(), InjectorError> {
        let mut code = CodeSection::new();
        for body in &self.checked.bodies {
            code.raw(&body::instrument(self.checked, body, self.added)?);
        }
        code.raw(&emit::grow_body(self.added, self.checked.max_pages()));
        self.module.section(&code);
        Ok(())
    }
}

type Meter = (GlobalType, ConstExpr);

/// The gas and stack globals; the host sets them before each call.
fn meters() -> (Meter, Meter) {
    let mutable = |val_type| GlobalType {
        val_type,
        mutable: true,
        shared: false,
    };
    (
        (mutable(ValType::I64), ConstExpr::i64_const(0)),
        (mutable(ValType::I32), ConstExpr::i32_const(0)),
    )
}

impl Checked<'_> {
    /// The pages that the memory may grow to.
    pub(crate) fn max_pages(&self) -> u32 {
        self.shape.maximum_pages.unwrap_or(MAX_PAGES).min(MAX_PAGES)
    }
}

#[cfg(test)]
mod tests;
