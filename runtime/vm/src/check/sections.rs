//! The module's sections: their counts before the validator reads them, and where they lie.

use super::body::Sums;
use super::interface::{self, Signature};
use super::reject::{self, Place};
use super::{Body, Checked, EntryExport, Section, Shape};
use crate::error::Rejection;
use crate::limits::{Limit, MAX_PAGES};
use marque_abi::{Meta, meta};
use wasmparser::{ConstExpr, DataKind, ElementItems, ElementKind, Encoding, Operator, Payload};

/// What has been read so far.
#[derive(Default)]
pub(super) struct Sections {
    /// The name of the section being read.
    pub section: &'static str,
    pub bodies: Vec<Body>,
    pub sums: Sums,
    custom: u64,
    sections: Vec<Section>,
    shape: Shape,
    signatures: Vec<Signature>,
    /// The types of all functions, imported ones first.
    functions: Vec<u32>,
    table_entries: u64,
    exports: Vec<EntryExport>,
    memory_exported: bool,
    meta: Option<Meta>,
    end: usize,
}

impl Sections {
    /// Takes note of a section, and refuses it if it is too large or not taken at all.
    pub fn enter(&mut self, payload: &Payload<'_>) -> Result<(), Rejection> {
        self.section = name(payload);
        let place = Place(self.section);
        if let Some((id, content)) = payload.as_section() {
            self.sections.push(Section { id, content });
        }
        match payload {
            Payload::Version {
                encoding, range, ..
            } => match encoding {
                Encoding::Module => Ok(()),
                Encoding::Component => Err(place.refuse(
                    Limit::Component,
                    range.start,
                    "a component, not a core module",
                )),
            },
            Payload::TypeSection(reader) => {
                place.at_most(Limit::Types, reader.range().start, reader.count())?;
                self.shape.types = reader.count();
                self.signatures = interface::signatures(reader.clone(), place)?;
                self.shape.results = self.signatures.iter().map(Signature::result).collect();
                Ok(())
            }
            Payload::ImportSection(reader) => {
                place.at_most(Limit::Imports, reader.range().start, reader.count())?;
                for (call, type_index) in
                    interface::imports(reader.clone(), &self.signatures, place)?
                {
                    self.shape.imports.push(call);
                    self.functions.push(type_index);
                }
                Ok(())
            }
            Payload::FunctionSection(reader) => {
                place.at_most(Limit::Functions, reader.range().start, reader.count())?;
                for type_index in reader.clone() {
                    self.functions
                        .push(type_index.map_err(|error| place.invalid(&error))?);
                }
                Ok(())
            }
            Payload::TableSection(reader) => self.table(reader, place),
            Payload::MemorySection(reader) => self.memory(reader, place),
            Payload::GlobalSection(reader) => {
                place.at_most(Limit::Globals, reader.range().start, reader.count())?;
                self.shape.globals = reader.count();
                for global in reader.clone() {
                    let global = global.map_err(|error| place.invalid(&error))?;
                    let offset = global.init_expr.get_binary_reader().original_position();
                    if let Some(limit) = reject::of_type(global.ty.content_type) {
                        return Err(place.refuse(limit, offset, "a global of this type"));
                    }
                    match constant(&global.init_expr) {
                        Some(_) => {}
                        None => {
                            return Err(place.refuse(
                                Limit::Segment,
                                offset,
                                "a global that begins with no constant",
                            ));
                        }
                    }
                }
                Ok(())
            }
            Payload::ExportSection(reader) => {
                place.at_most(Limit::Exports, reader.range().start, reader.count())?;
                let found =
                    interface::exports(reader.clone(), &self.signatures, &self.functions, place)?;
                self.exports = found.entries;
                self.memory_exported = found.memory;
                Ok(())
            }
            Payload::StartSection { range, .. } => {
                Err(place.refuse(Limit::StartFunction, range.start, "a start function"))
            }
            Payload::ElementSection(reader) => self.elements(reader, place),
            Payload::DataCountSection { range, .. } => {
                Err(place.refuse(Limit::BulkMemory, range.start, "a data count section"))
            }
            Payload::DataSection(reader) => self.data(reader, place),
            Payload::CodeSectionStart { count, range, .. } => {
                place.at_most(Limit::Functions, range.start, *count)
            }
            Payload::CustomSection(reader) => self.custom(reader, place),
            Payload::TagSection(reader) => {
                Err(place.refuse(Limit::Exceptions, reader.range().start, "a tag section"))
            }
            Payload::End(offset) => {
                self.end = *offset;
                Ok(())
            }
            Payload::UnknownSection { id, range, .. } => Err(place.refuse(
                Limit::Malformed,
                range.start,
                format!("a section of unknown kind {id}"),
            )),
            _ => Ok(()),
        }
    }

    fn table(
        &mut self,
        reader: &wasmparser::TableSectionReader<'_>,
        place: Place,
    ) -> Result<(), Rejection> {
        let start = reader.range().start;
        place.at_most(Limit::Tables, start, reader.count())?;
        for table in reader.clone() {
            let table = table.map_err(|error| place.invalid(&error))?;
            place.at_most(Limit::TableEntries, start, table.ty.initial)?;
            if let Some(maximum) = table.ty.maximum {
                place.at_most(Limit::TableEntries, start, maximum)?;
            }
            self.table_entries = table.ty.initial;
        }
        Ok(())
    }

    fn memory(
        &mut self,
        reader: &wasmparser::MemorySectionReader<'_>,
        place: Place,
    ) -> Result<(), Rejection> {
        let start = reader.range().start;
        place.at_most(Limit::Memories, start, reader.count())?;
        for memory in reader.clone() {
            let memory = memory.map_err(|error| place.invalid(&error))?;
            if memory.shared {
                return Err(place.refuse(Limit::Threads, start, "a shared memory"));
            }
            if memory.memory64 {
                return Err(place.refuse(Limit::Memory64, start, "a 64-bit memory"));
            }
            place.at_most(Limit::InitialPages, start, memory.initial)?;
            if memory.initial == 0 {
                return Err(place.refuse(
                    Limit::NoMemory,
                    start,
                    "a memory that begins with no page",
                ));
            }
            self.shape.initial_pages = u32::try_from(memory.initial).unwrap_or(u32::MAX);
            self.shape.maximum_pages = memory
                .maximum
                .map(|pages| u32::try_from(pages).unwrap_or(u32::MAX).min(MAX_PAGES));
        }
        Ok(())
    }

    fn elements(
        &mut self,
        reader: &wasmparser::ElementSectionReader<'_>,
        place: Place,
    ) -> Result<(), Rejection> {
        place.at_most(Limit::ElementSegments, reader.range().start, reader.count())?;
        let mut listed = 0u64;
        for element in reader.clone() {
            let element = element.map_err(|error| place.invalid(&error))?;
            let offset = element.range.start;
            let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(items)) =
                (&element.kind, &element.items)
            else {
                return Err(place.refuse(
                    Limit::ReferenceTypes,
                    offset,
                    "a segment that is not a list of functions at a place",
                ));
            };
            listed = listed.saturating_add(u64::from(items.count()));
            place.at_most(Limit::Elements, offset, listed)?;
            let fits = constant(offset_expr)
                .and_then(|at| at.checked_add(u64::from(items.count())))
                .is_some_and(|end| end <= self.table_entries);
            if !fits {
                return Err(place.refuse(
                    Limit::Segment,
                    offset,
                    "functions that lie outside the table",
                ));
            }
        }
        Ok(())
    }

    fn data(
        &mut self,
        reader: &wasmparser::DataSectionReader<'_>,
        place: Place,
    ) -> Result<(), Rejection> {
        place.at_most(Limit::DataSegments, reader.range().start, reader.count())?;
        for data in reader.clone() {
            let data = data.map_err(|error| place.invalid(&error))?;
            let offset = data.range.start;
            let DataKind::Active { offset_expr, .. } = &data.kind else {
                return Err(place.refuse(Limit::BulkMemory, offset, "a passive data segment"));
            };
            let length = u64::try_from(data.data.len()).unwrap_or(u64::MAX);
            let Some(end) = constant(offset_expr).and_then(|at| at.checked_add(length)) else {
                return Err(place.refuse(
                    Limit::Segment,
                    offset,
                    "data whose place is no constant",
                ));
            };
            place.at_most(Limit::DataEnd, offset, end)?;
            if end > u64::from(self.shape.initial_pages).saturating_mul(65_536) {
                return Err(place.refuse(
                    Limit::Segment,
                    offset,
                    "data that lie outside the memory",
                ));
            }
        }
        Ok(())
    }

    fn custom(
        &mut self,
        reader: &wasmparser::CustomSectionReader<'_>,
        place: Place,
    ) -> Result<(), Rejection> {
        let offset = reader.range().start;
        self.custom = self.custom.saturating_add(1);
        place.at_most(Limit::CustomSections, offset, self.custom)?;
        place.at_most(Limit::NameBytes, offset, reader.name().len())?;
        if reader.name() != meta::SECTION {
            return Ok(());
        }
        if self.meta.is_some() {
            return Err(place.refuse(Limit::Metadata, offset, "a second section marque.meta"));
        }
        let meta = Meta::read(reader.data()).map_err(|error| {
            place.refuse(Limit::Metadata, reader.data_offset(), error.to_string())
        })?;
        self.meta = Some(meta);
        Ok(())
    }

    /// The last checks, which need the whole module.
    pub fn finish(mut self, code: &[u8]) -> Result<Checked<'_>, Rejection> {
        let place = Place("export");
        if !self.memory_exported {
            return Err(place.refuse(Limit::NoMemory, self.end, "no memory"));
        }
        self.exports.sort_by(|a, b| a.name.cmp(&b.name));
        if self.exports.is_empty() {
            return Err(place.refuse(Limit::NoEntry, self.end, "no entry"));
        }
        let place = Place("custom");
        let Some(meta) = self.meta else {
            return Err(place.refuse(Limit::Metadata, self.end, "no section marque.meta"));
        };
        self.shape.work = self.sums.work;
        let listed = meta.entries.iter().map(|name| name.as_str());
        if !listed.eq(self.exports.iter().map(|export| export.name.as_str())) {
            return Err(place.refuse(
                Limit::MetadataEntries,
                self.end,
                "the entries listed are not those exported",
            ));
        }
        Ok(Checked {
            code,
            sections: self.sections,
            bodies: self.bodies,
            shape: self.shape,
            exports: self.exports,
            meta,
        })
    }
}

/// The value of an expression that is one constant, as the unsigned place that it means.
fn constant(expression: &ConstExpr<'_>) -> Option<u64> {
    let mut reader = expression.get_operators_reader();
    let value = match reader.read().ok()? {
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { value } => value.cast_unsigned(),
        _ => return None,
    };
    matches!(reader.read().ok()?, Operator::End).then_some(value)
}

fn name(payload: &Payload<'_>) -> &'static str {
    match payload {
        Payload::Version { .. } => "header",
        Payload::TypeSection(_) => "type",
        Payload::ImportSection(_) => "import",
        Payload::FunctionSection(_) => "function",
        Payload::TableSection(_) => "table",
        Payload::MemorySection(_) => "memory",
        Payload::TagSection(_) => "tag",
        Payload::GlobalSection(_) => "global",
        Payload::ExportSection(_) => "export",
        Payload::StartSection { .. } => "start",
        Payload::ElementSection(_) => "element",
        Payload::DataCountSection { .. } => "data count",
        Payload::DataSection(_) => "data",
        Payload::CodeSectionStart { .. } | Payload::CodeSectionEntry(_) => "code",
        Payload::CustomSection(_) => "custom",
        _ => "module",
    }
}
