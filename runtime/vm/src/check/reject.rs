//! Making rejections.

use crate::error::Rejection;
use crate::limits::Limit;
use wasmparser::{ValType, WasmFeatures};

/// The section that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(pub &'static str);

impl Place {
    pub const HEADER: Self = Self("header");

    /// Refuses a count above its limit.
    pub fn at_most(
        self,
        limit: Limit,
        offset: usize,
        found: impl TryInto<u64>,
    ) -> Result<(), Rejection> {
        let found = found.try_into().unwrap_or(u64::MAX);
        if found <= limit.allowed() {
            return Ok(());
        }
        Err(Rejection {
            limit,
            section: self.0,
            offset,
            found,
            detail: String::new(),
        })
    }

    /// A thing that is not taken at all.
    pub fn refuse(self, limit: Limit, offset: usize, detail: impl Into<String>) -> Rejection {
        Rejection {
            limit,
            section: self.0,
            offset,
            found: 1,
            detail: detail.into(),
        }
    }

    /// What the parser or validator did not take, under the name of the proposal that it
    /// belongs to.
    pub fn invalid(self, error: &wasmparser::Error) -> Rejection {
        let limit = error
            .missing_wasm_feature()
            .map_or(Limit::Malformed, of_feature);
        self.refuse(limit, error.offset(), error.message())
    }
}

/// The limit that a value of this type breaks by being there.
pub(super) fn of_type(kind: ValType) -> Option<Limit> {
    match kind {
        ValType::I32 | ValType::I64 => None,
        ValType::F32 | ValType::F64 => Some(Limit::Float),
        ValType::V128 => Some(Limit::Simd),
        ValType::Ref(_) => Some(Limit::ReferenceTypes),
    }
}

/// The limit that stands for a proposal.
fn of_feature(feature: WasmFeatures) -> Limit {
    const NAMED: [(WasmFeatures, Limit); 20] = [
        (WasmFeatures::FLOATS, Limit::Float),
        (WasmFeatures::SATURATING_FLOAT_TO_INT, Limit::Float),
        (WasmFeatures::SIMD, Limit::Simd),
        (WasmFeatures::RELAXED_SIMD, Limit::Simd),
        (WasmFeatures::BULK_MEMORY_OPT, Limit::BulkMemory),
        (WasmFeatures::BULK_MEMORY, Limit::BulkMemory),
        (WasmFeatures::THREADS, Limit::Threads),
        (WasmFeatures::SHARED_EVERYTHING_THREADS, Limit::Threads),
        (WasmFeatures::MEMORY64, Limit::Memory64),
        (WasmFeatures::CALL_INDIRECT_OVERLONG, Limit::ReferenceTypes),
        (WasmFeatures::REFERENCE_TYPES, Limit::ReferenceTypes),
        (WasmFeatures::SIGN_EXTENSION, Limit::SignExtension),
        (WasmFeatures::MULTI_VALUE, Limit::MultiValue),
        (WasmFeatures::TAIL_CALL, Limit::TailCall),
        (WasmFeatures::EXCEPTIONS, Limit::Exceptions),
        (WasmFeatures::LEGACY_EXCEPTIONS, Limit::Exceptions),
        (WasmFeatures::GC, Limit::GarbageCollection),
        (WasmFeatures::GC_TYPES, Limit::GarbageCollection),
        (WasmFeatures::FUNCTION_REFERENCES, Limit::GarbageCollection),
        (WasmFeatures::STACK_SWITCHING, Limit::GarbageCollection),
    ];
    NAMED
        .iter()
        .find(|(named, _)| feature.contains(*named))
        .map_or(Limit::OtherFeature, |(_, limit)| *limit)
}
