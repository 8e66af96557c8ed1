//! Building modules.

use marque_abi::Meta;
use marque_primitives::bounded::Bytes;

/// Appends the metadata section to a module's bytes.
pub fn append_meta(code: &mut Vec<u8>, entries: &[&str]) {
    *code = with_meta(core::mem::take(code), entries, Vec::new());
}

/// A module with the metadata section, which has these bytes as its interface.
pub fn with_meta(code: Vec<u8>, entries: &[&str], interface: Vec<u8>) -> Vec<u8> {
    let entries = entries.iter().map(|entry| (*entry).try_into().unwrap());
    let meta = Meta {
        version: marque_abi::meta::VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "test".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: entries.collect::<Vec<_>>().try_into().unwrap(),
        interface: Bytes::new(interface).unwrap(),
    };
    meta.seal(code)
}
