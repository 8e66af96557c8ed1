//! The contract as a module: what it is taken for, and what it says of itself.

use crate::scene::{Scene, code, scene};

#[test]
fn the_chain_takes_it() {
    let code = code();
    let code = code.wasm();
    let checked = marque_vm::check(code).expect("taken code");
    assert_eq!(checked.meta().name.as_str(), "fresh-food");
    println!("fresh-food: {} bytes", code.len());
    assert!(code.len() < 40_000, "{} bytes", code.len());
}

#[test]
fn refusals_keep_their_numbers() {
    let scene = scene();
    let interface = scene.world.interface(scene.rules);
    let mut codes: Vec<(u32, &str)> = interface
        .refusals
        .iter()
        .map(|refusal| (refusal.code, refusal.name.as_str()))
        .collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            (5153, "NotListed"),
            (5216, "SensorAlarm"),
            (5258, "TooWarm"),
            (5449, "NotInspector"),
            (5597, "BeginsOtherwise"),
            (5736, "MissingElements"),
            (5778, "UnreadableTemperature"),
            (5880, "Expired"),
        ]
    );
}

#[test]
fn an_unknown_message_and_bad_arguments_are_refused_by_name() {
    let mut scene = Scene::harvested();
    let refused = scene
        .world
        .by("alice")
        .tell(scene.rules, "enlist", &())
        .is_refused("NoSuchMessage");
    assert_eq!(
        (refused.refusal.code, refused.refusal.field.as_deref()),
        (5000, Some("enlist"))
    );
    let refused = scene
        .world
        .by("alice")
        .tell(scene.rules, "list", &7u8)
        .is_refused("BadArgument");
    assert_eq!(
        (refused.refusal.code, refused.refusal.field.as_deref()),
        (5001, Some("receiver"))
    );
    let bob = scene.world.address("bob");
    let refused = scene
        .world
        .by("alice")
        .tell(scene.rules, "list", &(bob, 1u8))
        .is_refused("BadArgument");
    assert_eq!(refused.refusal.field.as_deref(), Some("args"));
}

#[test]
fn an_upgrade_to_the_same_layout_keeps_the_storage() {
    let mut scene = Scene::harvested();
    let code = code();
    scene
        .world
        .by("alice")
        .upgrade(scene.rules, &code, &())
        .happens();
    let bob = scene.world.address("bob");
    assert_eq!(scene.world.query(scene.rules, "listed", &bob), Ok(true));
    scene
        .world
        .by("bob")
        .upgrade(scene.rules, &code, &())
        .is_refused("NotBrand");
}
