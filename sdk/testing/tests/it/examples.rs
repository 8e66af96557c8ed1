//! Every public item shows an example, as those of the SDK do.

#[path = "../../../contract/tests/it/examples/public.rs"]
mod public;
#[path = "../../../contract/tests/it/examples/source.rs"]
mod source;

#[test]
fn every_item_shows_an_example() {
    public::every_item_shows_an_example("src", 120);
}
