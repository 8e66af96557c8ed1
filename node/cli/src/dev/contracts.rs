//! The reference contracts, compiled by the build and carried in the binary.

/// Name and WebAssembly of each.
pub const ALL: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/contracts.rs"));

/// The code of a reference contract.
pub fn code(name: &str) -> Option<&'static [u8]> {
    ALL.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, code)| *code)
}
