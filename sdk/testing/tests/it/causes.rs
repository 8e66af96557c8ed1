//! However a contract ends, the test is told its name, the rule and the cause.

use crate::trials::failing::failing::CONTRACT;
use crate::{failure, says, trial};
use marque_testing::{Refused, World};

/// Observes with a business step, by which the contract fails.
fn observed(step: &str) -> Refused {
    let mut world = World::new();
    let code = trial("failing", CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let watch = world.product("alice", "Watch", rules);
    world.by("alice").commission([watch.items(1, 10)]).happens();
    let observe = world.by("alice").observe([watch.items(1, 1)]).step(step);
    *observe.ends().expect_err("it fails")
}

/// The refusal names contract and rule, the trace what led there.
#[track_caller]
fn ended(step: &str, name: &str, cause: &str, last: &str) {
    let refused = observed(step);
    assert_eq!(refused.refusal.name.as_str(), name);
    says(
        &refused.refusal.message,
        &["contract failing (0x", "stopped in rule_observe", cause],
    );
    let trace = refused.trace.to_string();
    says(
        &trace,
        &[
            "failing (0x",
            "rule_observe",
            "observe by alice",
            "read fields: (asked) = [0]",
            last,
        ],
    );
}

#[test]
fn a_panic() {
    ended(
        "panicking",
        "Trapped",
        "panicked: nothing was captured at tests/contracts/examples/failing.rs:",
        "stopped: panicked: nothing was captured at",
    );
}

#[test]
fn an_overflow() {
    ended(
        "overflowing",
        "Trapped",
        "panicked: attempt to add with overflow at tests/contracts/examples/failing.rs:",
        "stopped: panicked: attempt to add with overflow",
    );
}

#[test]
fn out_of_gas() {
    ended("endless", "OutOfGas", "outOfGas", "not run natively");
}

#[test]
fn stack_exhaustion() {
    ended("deep", "Trapped", "stackOverflow", "not run natively");
}

#[test]
fn a_refusal_that_the_interface_does_not_list() {
    ended(
        "unlisted",
        "Trapped",
        "unlistedRefusal: the interface does not list the refusal ",
        "include its enum: #[contract(refusals(path::to::Refuse))]",
    );
}

#[test]
fn a_refusal() {
    let refused = observed("refusing")
        .saying("refusing is refused")
        .at_field("step");
    assert!(refused.refusal.contract.is_some(), "it names the contract");
    says(
        &refused.trace.to_string(),
        &[
            "failing (0x",
            "rule_observe",
            "refused Refused: refusing is refused",
        ],
    );
}

#[test]
fn a_step_that_fails_its_test_prints_refusal_and_trace() {
    let mut world = World::new();
    let code = trial("failing", CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let watch = world.product("alice", "Watch", rules);
    let step = || {
        world.by("alice").commission([watch.items(1, 1)]).happens();
        world
            .by("alice")
            .observe([watch.items(1, 1)])
            .step("panicking")
            .happens()
    };
    says(
        &failure(step),
        &[
            "alice's step was refused, ",
            "stopped in rule_observe: panicked",
            "with observe by alice; 1 of",
            "read fields: (asked) = [0] (",
            " gas",
        ],
    );
}
