//! The contract on the project's first page is the example that is compiled.

const PAGE: &str = include_str!("../../../../README.md");
const EXAMPLE: &str = include_str!("../../examples/dealers.rs");

#[test]
fn the_contract_on_the_first_page_is_the_example() {
    let (_, shown) = PAGE.split_once("```rust\n").expect("a contract is shown");
    let (shown, _) = shown.split_once("```").expect("to its end");
    assert_eq!(shown, EXAMPLE);
}
