//! Building modules.

use marque_abi::Meta;

/// Appends the metadata section to a module's bytes.
pub fn append_meta(code: &mut Vec<u8>, entries: &[&str]) {
    let meta = Meta {
        version: marque_abi::meta::VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "test".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: entries
            .iter()
            .map(|e| (*e).try_into().unwrap())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
        interface: Default::default(),
    };
    *code = meta.seal(core::mem::take(code));
}
