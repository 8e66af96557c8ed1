//! An EPCIS document from the manufacturer over the wholesaler to the pharmacy, with a pack
//! on which another lot is printed.

use crate::scene::{Role, code, day};
use marque_testing::World;

#[test]
fn a_document_tells_the_whole_journey() {
    let mut world = World::new();
    world.party_at("maker", "9506000134352");
    let rules = world.by("maker").deploy(code(), &()).contract();
    let pills = world.product_of("maker", "Pills, 20", "09506000134352", rules);
    for (name, gln) in [
        ("wholesaler", "9506000140445"),
        ("pharmacy", "9506000151861"),
    ] {
        let account = world.party_at(name, gln).account;
        let args = (Role::Trade, account, day("2027-06-30"));
        world.by("maker").tell(rules, "license", &args).happens();
    }
    let mut events = world.capture(include_str!("../fixtures/journey.json"));
    let end = events.pop().expect("an end");
    let look = events.pop().expect("a look");
    assert_eq!(events.len(), 5);
    for event in events {
        event.happens().is_accepted().without_notes();
    }
    look.happens()
        .is_held()
        .notes_that("Mismatch: The lotNumber was commissioned as L7, not L8");
    end.happens().is_accepted().without_notes();
    let pharmacy = world.address("pharmacy");
    assert_eq!(world.custodian(&pills.item(3)), Some(pharmacy));
    assert!(world.is_free(&pills.item(3)));
    assert!(!world.is_free(&pills.item(2)));
    let packs = [pills.items(1, 1)];
    let undo = world.by("pharmacy").reinstate(packs).at("pharmacy");
    undo.happens().without_notes();
    assert!(world.is_free(&pills.item(1)));
}
