//! Golden files, and the metadata that makes a text a contract. For tests alone.

use marque_abi::Meta;
use wasm_encoder::{CustomSection, Encode as _, Section as _};

/// Compares with `tests/golden/<file>`, or writes it where `MARQUE_BLESS` is set.
#[track_caller]
pub(crate) fn same(file: &str, found: &str, meaning: &str) {
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("MARQUE_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    let differing: Vec<_> = golden
        .lines()
        .zip(found.lines())
        .filter(|(a, b)| a != b)
        .collect();
    assert!(
        golden == found,
        "{file}: {meaning}, then MARQUE_BLESS=1; golden and found: {differing:?}"
    );
}

/// Appends metadata that list a `query`.
pub(crate) fn append_meta(code: &mut Vec<u8>) {
    let meta = Meta {
        version: marque_abi::meta::VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "random".try_into().unwrap(),
        release: "1".try_into().unwrap(),
        entries: vec!["query".try_into().unwrap()].try_into().unwrap(),
        interface: Default::default(),
    };
    let section = CustomSection {
        name: marque_abi::meta::SECTION.into(),
        data: parity_scale_codec::Encode::encode(&meta).into(),
    };
    code.push(section.id());
    section.encode(code);
}
