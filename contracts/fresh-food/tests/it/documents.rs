//! EPCIS documents as they come from a warehouse.

use crate::scene::code;
use marque_primitives::Decimal;
use marque_testing::World;

const PACKING_AND_SHIPMENT: &str = include_str!("../documents/packing_and_shipment.json");

#[test]
fn a_captured_shipment_lacks_its_document_and_is_noted() {
    let mut world = World::new();
    let farm = world.party_at("farm", "9506000134369").account;
    let shop = world.party_at("shop", "9506000134376").account;
    let args = (Decimal::from_integer(5), 30u32, vec![shop], vec![farm]);
    let rules = world.by("farm").deploy(code(), &args).contract();
    let spinach = world.product_of("farm", "Spinach", "09506000134352", rules);
    let mut events = world.capture(PACKING_AND_SHIPMENT).into_iter();
    let (packing, shipment) = (events.next().unwrap(), events.next().unwrap());
    assert_eq!(
        (packing.by.as_str(), shipment.by.as_str()),
        ("farm", "farm")
    );
    packing.happens().is_accepted().without_notes();
    shipment
        .happens()
        .is_accepted()
        .notes_that("shipping lacks referenceDocument");
    let items = [spinach.items(1, 2)];
    world.by("shop").accept(items).here().captured().happens();
    assert_eq!(world.custodian(&spinach.item(2)), Some(shop));
}
