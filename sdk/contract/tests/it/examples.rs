//! Every public item shows an example of its use; `cargo test --doc` runs them.

mod public;
mod source;

#[test]
fn every_item_of_the_sdk_shows_an_example() {
    public::every_item_shows_an_example("src", 170);
}

#[test]
fn every_macro_shows_an_example() {
    public::every_item_shows_an_example("../macros/src", 10);
}

#[test]
fn an_example_is_what_runs() {
    for docs in [" Text.\n\n ```\n f();\n ```", " ```no_run\n f();\n ```"] {
        assert!(source::shows_an_example(docs), "{docs}");
    }
    // Behind a block that is closed there may be a second one that runs.
    assert!(source::shows_an_example(
        " ```text\n a\n ```\n ```\n f();\n ```"
    ));
    for docs in [
        "",
        " `f();`",
        " ```text\n f();\n ```",
        " ```ignore\n f();\n ```",
    ] {
        assert!(!source::shows_an_example(docs), "{docs}");
    }
}
