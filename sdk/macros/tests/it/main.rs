//! What misuse of the macros says. `TRYBUILD=overwrite cargo test -p marque-macros` blesses
//! changed messages; read them before.

#[test]
fn misuse_says_what_to_do() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
