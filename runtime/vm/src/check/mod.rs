//! The static check: whether the chain takes a module, decided by its bytes alone.
//!
//! One pass over the bytes, stopped at the first thing that is not taken; every count is
//! compared with its limit before anything is allocated for it. Nothing here compiles or
//! runs code, so the answer is the same on every node and every machine.

mod body;
mod interface;
mod reject;
mod sections;
mod work;

use crate::error::Rejection;
use crate::limits::Limit;
use core::ops::Range;
use marque_abi::{HostCall, Meta, WasmType};
use reject::Place;
use wasmparser::{
    FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator, WasmFeatures,
};

/// What contracts may use beyond WebAssembly's first version without its floats; what
/// `wasm32v1-none` emits. Nothing is on unless it is named here.
pub(crate) const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL;

/// A module that passed, with what the injector needs to know about it. Only a checked
/// module can be instrumented, and only an instrumented one compiled.
#[derive(Clone)]
pub struct Checked<'a> {
    pub(crate) code: &'a [u8],
    pub(crate) sections: Vec<Section>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) shape: Shape,
    pub(crate) exports: Vec<EntryExport>,
    meta: Meta,
}

/// A section as it lies in the module: its id, and its content after the length.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub id: u8,
    pub content: Range<usize>,
}

/// A function body as it lies in the module.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// Everything after the body's length: locals, then instructions.
    pub content: Range<usize>,
    /// Parameters and locals.
    pub locals: u32,
    /// The most values on the operand stack at once.
    pub operands: u32,
    /// The index of the function's type.
    pub type_index: u32,
    /// Whether it calls anything, host calls and memory growth included.
    pub calls: bool,
    /// Whether it grows the memory.
    pub grows: bool,
}

/// The module's counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub types: u32,
    pub imports: Vec<HostCall>,
    /// The result of each function type.
    pub results: Vec<Option<WasmType>>,
    pub globals: u32,
    pub work: u64,
    pub initial_pages: u32,
    pub maximum_pages: Option<u32>,
}

/// An exported entry.
#[derive(Clone, Debug)]
pub(crate) struct EntryExport {
    pub name: String,
    pub function: u32,
}

impl core::fmt::Debug for Checked<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Checked")
            .field("bytes", &self.code.len())
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

impl Checked<'_> {
    /// What the contract says about itself.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The exported entries, ascending. What is not here costs no call.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &str> {
        self.exports.iter().map(|export| export.name.as_str())
    }

    /// The host calls that the contract imports.
    pub fn imports(&self) -> &[HostCall] {
        &self.shape.imports
    }

    /// How many functions the module defines.
    pub fn functions(&self) -> usize {
        self.bodies.len()
    }

    /// The work that the module makes for a compiler, in the measure of [`Limit::ModuleWork`].
    pub fn work(&self) -> u64 {
        self.shape.work
    }

    /// The pages that the memory begins with.
    pub fn initial_pages(&self) -> u32 {
        self.shape.initial_pages
    }
}

/// Checks a module. Takes under a second and under 200 MiB whatever the bytes are.
///
/// # Errors
/// The first limit that the module breaks, in the order of its bytes.
pub fn check(code: &[u8]) -> Result<Checked<'_>, Rejection> {
    Place::HEADER.at_most(Limit::CodeBytes, 0, code.len())?;
    let mut parser = Parser::new(0);
    // The parser reads every proposal so that the validator can name the one that is not taken.
    parser.set_features(WasmFeatures::all());
    let mut validator = Validator::new_with_features(FEATURES);
    let mut state = sections::Sections::default();
    let mut allocations = FuncValidatorAllocations::default();
    for payload in parser.parse_all(code) {
        let payload = payload.map_err(|error| Place(state.section).invalid(&error))?;
        state.enter(&payload)?;
        let place = Place(state.section);
        match validator
            .payload(&payload)
            .map_err(|error| place.invalid(&error))?
        {
            ValidPayload::Func(function, body) => {
                let type_index = function.ty;
                let mut checker = function.into_validator(allocations);
                let body = body::check(&mut checker, &body, type_index, &mut state.sums)?;
                state.bodies.push(body);
                allocations = checker.into_allocations();
            }
            ValidPayload::End(_) | ValidPayload::Ok | ValidPayload::Parser(_) => {}
        }
        if let Payload::End(_) = payload {
            break;
        }
    }
    state.finish(code)
}

#[cfg(test)]
mod tests;
