//! Every public item shows an example of its use; `cargo test --doc` runs them.

mod public;
mod source;

use std::path::Path;

/// The least that a crate shows: a walk that finds nothing would pass otherwise.
fn every_item_shows_one(sources: &str, least: usize) {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    let items = public::items(&source::modules(&sources));
    assert!(items.len() >= least, "only {} public items", items.len());
    let lacking: Vec<String> = items
        .iter()
        .filter(|item| !source::shows_an_example(&item.docs))
        .map(|item| format!("{}: {}", item.file, item.name))
        .collect();
    assert!(
        lacking.is_empty(),
        "without an example:\n{}",
        lacking.join("\n")
    );
}

#[test]
fn every_item_of_the_sdk_shows_an_example() {
    every_item_shows_one("src", 170);
}

#[test]
fn every_macro_shows_an_example() {
    every_item_shows_one("../macros/src", 10);
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
