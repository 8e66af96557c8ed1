//! A difference between native and wasm fails the test, both sides shown.

use crate::trials::width::width::CONTRACT;
use crate::{failure, says, trial};
use marque_primitives::Address;
use marque_testing::{Code, World, compile_example};

fn deployed() -> (World, Address) {
    let mut world = World::new();
    let code = trial("width", CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    (world, rules)
}

fn told(message: &str) -> String {
    let (mut world, rules) = deployed();
    failure(|| world.by("alice").tell(rules, message, &()).happens())
}

#[test]
fn another_answer_is_caught() {
    let (world, rules) = deployed();
    let failure = failure(|| world.query::<u32>(rules, "bits", &()));
    says(
        &failure,
        &[
            "width, query: native and wasm differ",
            "wasm:   answered 32",
            "native: answered 64",
        ],
    );
}

#[test]
fn another_field_is_caught() {
    says(
        &told("keep"),
        &[
            "wasm:   write fields: (kept) = [32]",
            "native: write fields: (kept) = [64]",
        ],
    );
}

#[test]
fn another_key_is_caught() {
    says(
        &told("note"),
        &[
            "wasm:   write noted[32]: true",
            "native: write noted[64]: true",
        ],
    );
}

#[test]
fn another_event_is_caught() {
    says(
        &told("say"),
        &[
            "wasm:   emit Said { bits: 32 }",
            "native: emit Said { bits: 64 }",
        ],
    );
}

#[test]
fn a_panic_on_one_side_is_caught() {
    let (mut world, rules) = deployed();
    let insist = world.by("alice").tell(rules, "insist", &64u32);
    says(
        &failure(|| insist.happens()),
        &[
            "wasm:   stopped: panicked: assertion failed",
            "native: done",
        ],
    );
}

#[test]
fn another_refusal_is_caught() {
    let (mut world, rules) = deployed();
    let watch = world.product("alice", "Watch", rules);
    world.by("alice").commission([watch.items(1, 10)]).happens();
    let offer = world.by("alice").offer([watch.items(1, 1)], "bob");
    says(
        &failure(|| offer.is_refused("Narrow")),
        &[
            "width, rule_offer: native and wasm differ",
            "wasm:   refused Narrow",
            "native: allowed",
        ],
    );
}

#[test]
fn what_it_tells_its_developer_may_differ() {
    let (mut world, rules) = deployed();
    let done = world.by("alice").tell(rules, "tell", &()).happens();
    assert!(done.trace.to_string().contains("log \"narrow\""));
}

#[test]
fn wasm_alone_is_not_compared() {
    let mut world = World::new();
    let code: Code = (&compile_example("marque-trials", "width")).into();
    let rules = world.by("alice").deploy(code, &()).contract();
    assert_eq!(world.query(rules, "bits", &()), Ok(32u32));
}

#[test]
fn another_contract_is_not_taken_for_the_native_one() {
    let wasm = compile_example("marque-trials", "leaky");
    let mut world = World::new();
    let code = Code::both(&wasm, CONTRACT);
    let failure = failure(|| world.by("alice").deploy(code, &()));
    says(&failure, &["their interfaces differ"]);
}

#[test]
fn a_call_inside_a_call_is_compared_on_its_own() {
    let (mut world, width) = deployed();
    let asking = trial("asking", crate::trials::asking::asking::CONTRACT);
    let asking = world.by("alice").deploy(asking, &()).contract();
    let ask = |query: &str| world.query::<u32>(asking, "ask", &(width, query));
    let failure = failure(|| ask("bits"));
    says(
        &failure,
        &[
            "width, query: native and wasm differ",
            "query ask, ",
            "bits, at most 1000000000 gas: 0x20000000",
            "    width (0x",
        ],
    );
    assert!(
        !failure.contains("asking, query: native"),
        "what asked is alike: {failure}"
    );
    let refused = ask("nothing").expect_err("there is no such query");
    assert_eq!(refused.name.as_str(), "NoSuchMessage");
}
