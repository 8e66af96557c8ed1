//! What a test is shown of a step: rules, storage by field, calls, gas.

use crate::scene::{Scene, harvest, scene};

#[track_caller]
fn shows(trace: &str, lines: &[&str]) {
    for line in lines {
        assert!(trace.contains(line), "no {line:?} in\n{trace}");
    }
}

#[test]
fn a_rule_shows_what_it_read_and_wrote() {
    let mut scene = scene();
    let done = harvest(&mut scene.world, &scene.spinach, "L7").happens();
    let trace = done.trace.to_string();
    println!("{trace}");
    shows(
        &trace,
        &[
            "fresh-food (0x",
            "rule_commission",
            "with commission by alice",
            "100 of Product(Gtin(09506100000014)) from 000001, lot L7",
            "read fields: (limit, tolerance) = [\"5\",30]",
            "read stages[https://id.gs1.org/01/09506100000014]: harvested",
            "write origins[",
            " gas)",
            "allowed",
        ],
    );
}

#[test]
fn a_message_shows_its_command_and_event() {
    let mut scene = Scene::received();
    let (world, rules) = (&mut scene.world, scene.rules);
    let lot = scene.bags.lot("B1");
    world
        .by("grace")
        .tell(rules, "holdLot", &(lot.clone(), "odd"))
        .happens();
    let release = world.by("grace").tell(rules, "releaseLot", &(lot, "fine"));
    let trace = release.happens().trace.to_string();
    println!("{trace}");
    shows(
        &trace,
        &[
            "message releaseLot",
            "with by grace: ",
            "read inspectors[grace]: member",
            "remove warmth[",
            "command Release",
            "emit Released { lot: ",
            "done",
        ],
    );
}
