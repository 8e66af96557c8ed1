//! Admission: the child is this test's own program, run once more as the child.

use crate::contract;
use marque_vm::admission::{Admission, ChildLimits, NotAdmitted, Trials, compile_child};
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

/// A program that notes its start in a file, takes a moment, and says yes.
fn counting(folder: &std::path::Path, seconds: &str) -> Admission {
    let note = folder.join("started").display().to_string();
    let script = format!("echo x >> {note}; sleep {seconds}; exit 0");
    Admission::new(
        "/bin/sh".into(),
        vec!["-c".into(), script],
        ChildLimits::default(),
    )
}

/// A module of its own for each number.
fn numbered(at: usize) -> Vec<u8> {
    contract(&format!(
        r#"(module (memory (export "memory") 1) (func (export "query") (drop (i32.const {at}))))"#
    ))
}

#[test]
fn a_module_is_tried_once_however_many_bring_it() {
    let folder = std::env::temp_dir().join(format!("marque-trials-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let trials = Trials::new(counting(&folder, "0.2"));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| trials.admit(&numbered(1)).unwrap());
        }
    });
    trials.admit(&numbered(1)).unwrap();
    trials.admit(&numbered(1)).unwrap();
    let started = std::fs::read_to_string(folder.join("started")).unwrap();
    // The two that came together may both have found a child free.
    assert!(started.lines().count() <= 2, "{started}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
#[allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "that two run at once is seen by the time it takes"
)]
fn a_flood_of_modules_waits_in_a_short_queue() {
    let folder = std::env::temp_dir().join(format!("marque-flood-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let trials = Trials::new(counting(&folder, "0.3"));
    let start = std::time::Instant::now();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..40)
            .map(|at| {
                scope.spawn({
                    let trials = &trials;
                    move || trials.admit(&numbered(at))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let busy = answers
        .iter()
        .filter(|answer| matches!(answer, Err(NotAdmitted::Busy(16))))
        .count();
    let admitted = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(busy + admitted, 40, "{answers:?}");
    assert!(busy > 0 && admitted >= 16, "{answers:?}");
    // Two at a time.
    assert!(start.elapsed().as_millis() >= 300 * admitted as u128 / 2);
    // The queue is free again, and what was kept out for want of room is tried anew.
    for at in 0..40 {
        trials.admit(&numbered(at)).unwrap();
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_nodes_own_trouble_is_not_held_against_the_module() {
    let nowhere = Trials::new(Admission::new(
        "/nonexistent".into(),
        Vec::new(),
        ChildLimits::default(),
    ));
    let refused = nowhere.admit(&contract(PLAIN)).unwrap_err();
    assert_eq!(
        (refused.code(), refused.name(), refused.retryable()),
        (6097, "CompilerUnavailable", true)
    );
    let float = contract(
        r#"(module (memory (export "memory") 1) (func (export "query") (drop (f32.const 1))))"#,
    );
    let refused = nowhere.admit(&float).unwrap_err();
    assert_eq!(
        (refused.code(), refused.name(), refused.retryable()),
        (6041, "Float", false)
    );
}
