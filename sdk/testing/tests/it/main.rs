//! The tester on contracts that go wrong: what a test is told of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod both_ways;
mod causes;
mod cookbook;
mod examples;
mod invariants;
mod pages;
mod properties;
mod recipes;
mod trials;

/// A contract of `tests/contracts` both ways.
fn trial(name: &str, native: marque_sdk::native::Contract) -> marque_testing::Code {
    marque_testing::Code::both(
        &marque_testing::compile_example("marque-trials", name),
        native,
    )
}

/// With what a step fails its test.
#[track_caller]
fn failure<T>(step: impl FnOnce() -> T) -> String {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(step));
    let payload = caught.map(drop).expect_err("it was to fail");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast::<&str>().expect("a message").to_string(),
    }
}

/// A failure says all of these.
#[track_caller]
fn says(failure: &str, words: &[&str]) {
    for word in words {
        assert!(failure.contains(word), "no {word:?} in\n{failure}");
    }
}
