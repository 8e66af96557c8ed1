use super::{ABI_VERSION, HostCall, WasmType};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Contracts on a chain import these names with these types: under one version of the
/// table rows are only ever added.
const TABLE: [&str; 18] = [
    "input(ii)i",
    "output(ii)",
    "answer(iii)i",
    "refuse(ii)",
    "panicked(ii)",
    "refusal(iiiii)i",
    "keccak256(iii)",
    "sha256(iii)",
    "recover(iii)i",
    "storage_read(iiii)I",
    "storage_write(iiii)",
    "storage_remove(ii)i",
    "storage_after(iiiii)I",
    "emit(ii)",
    "log(ii)",
    "read(iiiii)I",
    "command(iiii)I",
    "call(iiiIii)I",
];

#[test]
fn the_table_is_the_one_that_contracts_were_built_against() {
    let letter = |kind: &WasmType| match kind {
        WasmType::I32 => 'i',
        WasmType::I64 => 'I',
    };
    let found: Vec<String> = HostCall::ALL
        .iter()
        .map(|row| {
            let params: String = row.params().iter().map(letter).collect();
            let result: String = row.result().iter().map(letter).collect();
            format!("{}({params}){result}", row.name())
        })
        .collect();
    assert_eq!(ABI_VERSION, 1);
    assert_eq!(found, TABLE);
}

#[test]
fn rows_are_found_by_their_names() {
    for row in HostCall::ALL {
        assert_eq!(HostCall::by_name(row.name()), Some(*row));
    }
    assert_eq!(HostCall::by_name("steal"), None);
}
