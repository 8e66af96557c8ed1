//! The contract as a module.

use crate::scene::code;

#[test]
fn the_chain_takes_it() {
    let code = code();
    let code = code.wasm();
    let checked = marque_vm::check(code).expect("taken code");
    assert_eq!(checked.meta().name.as_str(), "pharmaceuticals");
    println!("pharmaceuticals: {} bytes", code.len());
    assert!(code.len() < 62 * 1024, "{} bytes", code.len());
}
