//! How the module meets the host: types, imports, exports.

use super::EntryExport;
use super::reject::Place;
use crate::error::Rejection;
use crate::limits::Limit;
use marque_abi::{Entry, HostCall, IMPORT_MODULE, WasmType, entry};
use wasmparser::{
    ExportSectionReader, ExternalKind, ImportSectionReader, Imports, TypeRef, TypeSectionReader,
    ValType,
};

/// A function type; a type that the table of host calls could not have is `None`.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    params: Vec<Option<WasmType>>,
    results: Vec<Option<WasmType>>,
}

impl Signature {
    fn is_call(&self, call: HostCall) -> bool {
        self.params
            .iter()
            .copied()
            .eq(call.params().iter().copied().map(Some))
            && self
                .results
                .iter()
                .copied()
                .eq(call.result().into_iter().map(Some))
    }

    /// The one result, if there is one. A type with a float passes no validation.
    pub fn result(&self) -> Option<WasmType> {
        self.results.first().copied().flatten()
    }

    fn is_entry(&self) -> bool {
        self.params.is_empty() && self.results.is_empty()
    }
}

/// Globals that linkers export to mark the ends of the static data.
const LINKER_GLOBALS: [&str; 2] = ["__data_end", "__heap_base"];

/// Functions that compilers call by name, which linkers therefore export; nobody calls them
/// from outside.
const COMPILER_FUNCTIONS: [&str; 5] = ["bcmp", "memcmp", "memcpy", "memmove", "memset"];

pub(super) fn signatures(
    reader: TypeSectionReader<'_>,
    place: Place,
) -> Result<Vec<Signature>, Rejection> {
    let start = reader.range().start;
    let mut found = Vec::new();
    for function in reader.into_iter_err_on_gc_types() {
        let function = function.map_err(|error| {
            place.refuse(Limit::GarbageCollection, error.offset(), error.message())
        })?;
        place.at_most(Limit::Params, start, function.params().len())?;
        if function.results().len() > 1 {
            return Err(place.refuse(
                Limit::MultiValue,
                start,
                "a function type with several results",
            ));
        }
        found.push(Signature {
            params: function
                .params()
                .iter()
                .map(|kind| wasm_type(*kind))
                .collect(),
            results: function
                .results()
                .iter()
                .map(|kind| wasm_type(*kind))
                .collect(),
        });
    }
    Ok(found)
}

fn wasm_type(kind: ValType) -> Option<WasmType> {
    match kind {
        ValType::I32 => Some(WasmType::I32),
        ValType::I64 => Some(WasmType::I64),
        _ => None,
    }
}

/// The imported host calls with the indices of their types.
pub(super) fn imports(
    reader: ImportSectionReader<'_>,
    signatures: &[Signature],
    place: Place,
) -> Result<Vec<(HostCall, u32)>, Rejection> {
    let mut found = Vec::new();
    for group in reader.into_iter_with_offsets() {
        let (offset, group) = group.map_err(|error| place.invalid(&error))?;
        let Imports::Single(_, import) = group else {
            return Err(place.refuse(Limit::OtherFeature, offset, "compact imports"));
        };
        place.at_most(Limit::NameBytes, offset, import.module.len())?;
        place.at_most(Limit::NameBytes, offset, import.name.len())?;
        let named = || format!("{}.{}", import.module, import.name);
        let call = HostCall::by_name(import.name).filter(|_| import.module == IMPORT_MODULE);
        let (Some(call), TypeRef::Func(type_index)) = (call, import.ty) else {
            return Err(place.refuse(Limit::UnknownImport, offset, named()));
        };
        let signature = usize::try_from(type_index)
            .ok()
            .and_then(|at| signatures.get(at));
        if !signature.is_some_and(|signature| signature.is_call(call)) {
            return Err(place.refuse(Limit::ImportType, offset, named()));
        }
        found.push((call, type_index));
    }
    Ok(found)
}

/// What the module exports.
pub(super) struct Exports {
    pub entries: Vec<EntryExport>,
    pub memory: bool,
}

pub(super) fn exports(
    reader: ExportSectionReader<'_>,
    signatures: &[Signature],
    functions: &[u32],
    place: Place,
) -> Result<Exports, Rejection> {
    let mut found = Exports {
        entries: Vec::new(),
        memory: false,
    };
    for export in reader.into_iter_with_offsets() {
        let (offset, export) = export.map_err(|error| place.invalid(&error))?;
        place.at_most(Limit::NameBytes, offset, export.name.len())?;
        match export.kind {
            ExternalKind::Memory if export.name == entry::MEMORY => found.memory = true,
            ExternalKind::Global if LINKER_GLOBALS.contains(&export.name) => {}
            ExternalKind::Func if COMPILER_FUNCTIONS.contains(&export.name) => {}
            ExternalKind::Func => {
                if Entry::from_export(export.name).is_none() {
                    return Err(place.refuse(Limit::UnknownExport, offset, export.name));
                }
                let at = usize::try_from(export.index).ok();
                let type_index = at.and_then(|at| functions.get(at)).copied();
                let signature = type_index.and_then(|at| signatures.get(usize::try_from(at).ok()?));
                if !signature.is_some_and(Signature::is_entry) {
                    return Err(place.refuse(Limit::ExportType, offset, export.name));
                }
                found.entries.push(EntryExport {
                    name: export.name.to_owned(),
                    function: export.index,
                });
            }
            _ => return Err(place.refuse(Limit::UnknownExport, offset, export.name)),
        }
    }
    Ok(found)
}
