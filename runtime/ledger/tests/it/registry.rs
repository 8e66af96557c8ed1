//! Parties, licences and products: only what the registrar and the licensees recorded counts.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::{World, product, tx};
use marque_ledger::read;
use marque_primitives::Address;
use marque_primitives::action::{Action, LicenceKey, Registration};
use marque_primitives::gs1::{CompanyPrefix, Gln, Gtin};
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, Thing, ThingId};

fn license(brand: Address, key: LicenceKey) -> Action {
    register(Registration::License { brand, key })
}

fn prefix(digits: &str) -> LicenceKey {
    LicenceKey::Prefix(CompanyPrefix::new(digits).unwrap())
}

fn party(account: Address, locations: Vec<Gln>) -> Action {
    register(Registration::RegisterParty {
        account,
        name: "A party".try_into().unwrap(),
        locations: locations.try_into().unwrap(),
    })
}

fn appoint(gtin: Gtin, party: Address, dismiss: bool) -> Action {
    register(Registration::Appoint {
        gtin,
        party: account(party),
        dismiss,
    })
}

#[track_caller]
fn refused(world: &mut World, who: Address, action: Action, invariant: Invariant) {
    let refusal = world.refuses(tx(who, vec![action]));
    assert!(refusal.is(invariant), "{refusal}");
}

#[test]
fn only_the_registrar_licenses_and_registers() {
    let mut world = World::new();
    for who in [DAIRY, STRANGER] {
        refused(
            &mut world,
            who,
            license(who, prefix("4012345")),
            Invariant::NotRegistrar,
        );
        refused(
            &mut world,
            who,
            party(who, vec![gln(70)]),
            Invariant::NotRegistrar,
        );
    }
}

#[test]
fn licences_never_overlap() {
    let mut world = World::new();
    let taken = Invariant::LicenceOverlap;
    refused(
        &mut world,
        REGISTRAR,
        license(PHARMA, prefix(DAIRY_PREFIX)),
        taken,
    );
    // Longer or shorter, whoever asks.
    for brand in [DAIRY, PHARMA] {
        refused(
            &mut world,
            REGISTRAR,
            license(brand, prefix("95212345")),
            taken,
        );
        refused(&mut world, REGISTRAR, license(brand, prefix("9521")), taken);
    }
    // Nor a single key of another's prefix, of any kind.
    for key in [
        LicenceKey::Product(milk()),
        LicenceKey::Returnable(crates()),
        LicenceKey::Asset(tank(1)),
    ] {
        refused(&mut world, REGISTRAR, license(PHARMA, key.clone()), taken);
        world.act(REGISTRAR, license(DAIRY, key));
    }
    // The same again to the same brand is no harm.
    world.act(REGISTRAR, license(DAIRY, prefix(DAIRY_PREFIX)));
    // A key alone stands without a prefix.
    world.act(REGISTRAR, license(PHARMA, LicenceKey::Product(foreign())));
    refused(
        &mut world,
        REGISTRAR,
        license(DAIRY, LicenceKey::Product(foreign())),
        taken,
    );
    world.act(PHARMA, product(foreign(), None));
}

#[test]
fn restricted_numbers_are_no_products() {
    let mut world = World::new();
    let store_number = Gtin::from_body(200_000_000_001).unwrap();
    let restricted = Invariant::RestrictedGtin;
    refused(&mut world, DAIRY, product(store_number, None), restricted);
    let licence = license(DAIRY, LicenceKey::Product(store_number));
    refused(&mut world, REGISTRAR, licence, restricted);
}

#[test]
fn a_product_is_its_licensees_and_names_a_contract_that_is_there() {
    let mut world = World::new();
    refused(
        &mut world,
        PHARMA,
        product(butter(), None),
        Invariant::NotLicensed,
    );
    refused(
        &mut world,
        STRANGER,
        product(foreign(), None),
        Invariant::NotLicensed,
    );
    let nobody = Some(Address([99; 20]));
    refused(
        &mut world,
        DAIRY,
        product(butter(), nobody),
        Invariant::UnknownContract,
    );
    world.act(DAIRY, product(butter(), None));
    refused(
        &mut world,
        PHARMA,
        product(butter(), None),
        Invariant::NotLicensed,
    );
}

#[test]
fn commissioners_commission_until_they_are_dismissed() {
    let mut world = World::new();
    let make = |number| commission(things([one(cheese(), number)]));
    let refusal = world.refused(CARRIER, make(1));
    assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
    refused(
        &mut world,
        CARRIER,
        appoint(cheese(), CARRIER, false),
        Invariant::NotLicensed,
    );
    refused(
        &mut world,
        DAIRY,
        appoint(butter(), CARRIER, false),
        Invariant::UnknownProduct,
    );
    world.act(DAIRY, appoint(cheese(), CARRIER, false));
    world.done(CARRIER, make(1));
    assert_eq!(world.custodian(&one(cheese(), 1)), Some(CARRIER));
    assert_eq!(world.record(&one(cheese(), 1)).brand, Some(DAIRY));
    world.act(DAIRY, appoint(cheese(), CARRIER, true));
    let refusal = world.refused(CARRIER, make(2));
    assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
    for at in 0..64u8 {
        world.act(DAIRY, appoint(cheese(), Address([at + 100; 20]), false));
    }
    refused(
        &mut world,
        DAIRY,
        appoint(cheese(), CARRIER, false),
        Invariant::Shape,
    );
}

#[test]
fn assets_and_crates_are_their_licensees_to_begin() {
    let mut world = World::new();
    let crate_one = run_of(Line::Returnable(crates()), "001", 10);
    for thing in [crate_one, Thing::Asset(tank(1))] {
        let refusal = world.refused(PHARMA, commission(things([thing.clone()])));
        assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
        world.done(DAIRY, commission(things([thing])));
    }
    let unit = ThingId::Unit(dairy_sscc(1));
    let refusal = world.refused(PHARMA, commission(things([unit.clone()])));
    assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
    world.done(DAIRY, commission(things([unit])));
    world.done(PHARMA, commission(things([pallet(1)])));
    world.hand_over(DAIRY, SHOP, things([ThingId::Asset(tank(1))]));
}

#[test]
fn a_location_stands_for_one_party() {
    let mut world = World::new();
    refused(
        &mut world,
        REGISTRAR,
        party(SHOP, vec![gln(50)]),
        Invariant::LocationTaken,
    );
    // A party that is registered anew gives up what it no longer names.
    world.act(REGISTRAR, party(DEALER, vec![dealers_dock(), gln(52)]));
    assert_eq!(read::location(&world.state, &gln(50)).unwrap(), None);
    assert_eq!(
        read::location(&world.state, &gln(52)).unwrap(),
        Some(DEALER)
    );
    world.act(REGISTRAR, party(SHOP, vec![gln(60), gln(50)]));
    assert_eq!(read::location(&world.state, &gln(50)).unwrap(), Some(SHOP));
}

#[test]
fn nothing_is_inferred_from_digits() {
    let mut world = World::new();
    // The number begins with no licensed prefix: nobody may use it.
    let refusal = world.refused(DAIRY, commission(things([one(foreign(), 1)])));
    assert!(refusal.is(Invariant::UnknownProduct), "{refusal}");
    // A licensed number that is not registered as a product is none.
    let refusal = world.refused(DAIRY, commission(things([one(butter(), 1)])));
    assert!(refusal.is(Invariant::UnknownProduct), "{refusal}");
}
