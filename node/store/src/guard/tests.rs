use super::guarded;

/// What fuzzing of damaged files found: redb's cursor takes an unknown kind of page for
/// impossible and panics while a row is read.
#[test]
fn an_engine_that_panics_is_an_error_that_says_what_to_do() {
    let panicking = || panic!("internal error: entered unreachable code");
    let error = guarded::<()>("redb", "reading a row", panicking).unwrap_err();
    let words = format!("{error}: {:?}", std::error::Error::source(&error));
    assert!(words.contains("reading a row"), "{words}");
    assert!(words.contains("unreachable"), "{words}");
    assert_eq!(guarded("redb", "reading a row", || Ok(7)).unwrap(), 7);
}
