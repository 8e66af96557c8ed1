//! Admission: the child is this test's own program, run once more as the child.

use crate::contract;
use marque_vm::admission::{Admission, ChildLimits, NotAdmitted, compile_child};
use marque_vm::{Limit, check};

/// Run by the tests below as their child, told by its environment of arguments.
#[test]
fn child() {
    if !std::env::args().any(|argument| argument == "child_of_a_test") {
        return;
    }
    let no_time = std::env::args().any(|argument| argument == "no_time");
    let limits = ChildLimits {
        cpu_seconds: if no_time { 0 } else { 20 },
        memory: 1 << 30,
    };
    std::process::exit(compile_child(limits).into());
}

fn admission(extra: &[&str]) -> Admission {
    let mut arguments: Vec<String> = [
        "--exact",
        "admission::child",
        "--nocapture",
        "--test-threads=1",
        "--skip",
        "child_of_a_test",
    ]
    .map(String::from)
    .to_vec();
    for extra in extra {
        arguments.extend(["--skip".to_owned(), (*extra).to_owned()]);
    }
    let program = std::env::current_exe().unwrap();
    Admission::new(
        program,
        arguments,
        ChildLimits {
            cpu_seconds: 20,
            memory: 1 << 30,
        },
    )
}

const PLAIN: &str = r#"(module (memory (export "memory") 1) (func (export "query")))"#;

#[test]
fn a_module_that_compiles_is_admitted() {
    let code = contract(PLAIN);
    let admitted = admission(&[]).admit(&code).unwrap();
    assert_eq!(admitted.entries().collect::<Vec<_>>(), ["query"]);
}

#[test]
fn a_module_that_the_check_refuses_starts_no_child() {
    let nowhere = Admission::new("/nonexistent".into(), Vec::new(), ChildLimits::default());
    let code = contract(
        r#"(module (memory (export "memory") 1) (func (export "query") (drop (f32.const 1))))"#,
    );
    match nowhere.admit(&code) {
        Err(NotAdmitted::Rejected(rejection)) => assert_eq!(rejection.limit, Limit::Float),
        other => panic!("{:?}", other.map(drop)),
    }
    let code = contract(PLAIN);
    assert!(check(&code).is_ok());
    assert!(matches!(nowhere.admit(&code), Err(NotAdmitted::Child(_))));
}

#[test]
fn a_child_without_time_keeps_the_module_out() {
    let family = &crate::attacks::FAMILIES[0];
    let code = crate::attacks::module(family, 30, 64, 5);
    admission(&[]).admit(&code).unwrap();
    match admission(&["no_time"]).admit(&code) {
        Err(NotAdmitted::TooHard { status, .. }) => assert!(status.contains("signal"), "{status}"),
        other => panic!("{:?}", other.map(drop)),
    }
}

#[test]
fn a_child_that_never_answers_is_ended() {
    let limits = ChildLimits {
        cpu_seconds: 1,
        memory: 1 << 30,
    };
    let sleeper = Admission::new("/bin/sleep".into(), vec!["1000".to_owned()], limits);
    match sleeper.admit(&contract(PLAIN)) {
        Err(NotAdmitted::TooHard { status, .. }) => assert_eq!(status, "ended by the node"),
        other => panic!("{:?}", other.map(drop)),
    }
}
