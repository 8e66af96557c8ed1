use super::{GasSnapshot, Step, differences};

fn snapshot(offer: u64) -> GasSnapshot {
    let step = |name: &str, gas, calls| Step {
        name: name.into(),
        gas,
        calls,
    };
    let calls = vec![("dealers, rule_offer".to_owned(), offer)];
    GasSnapshot {
        steps: vec![
            step("listed", 7, Vec::new()),
            step("offered", offer + 50, calls),
        ],
    }
}

#[test]
fn a_difference_shows_old_and_new() {
    let shown = differences(&snapshot(100).to_string(), &snapshot(110).to_string());
    assert_eq!(
        shown,
        "  offered: 150 before, 160 now\n  offered, dealers, rule_offer: 100 before, 110 now\n"
    );
}

#[test]
fn what_is_new_or_gone_is_shown() {
    let shown = differences("gone: 1\n", "new: 2\n");
    assert_eq!(
        shown,
        "  gone: 1 before, none now\n  new: none before, 2 now\n"
    );
}

#[test]
fn a_blessed_file_passes_and_another_fails() {
    let path = std::env::temp_dir().join(format!("marque-gas-{}.snap", std::process::id()));
    snapshot(100).check_at(&path, true);
    snapshot(100).check_at(&path, false);
    let failed = std::panic::catch_unwind(|| snapshot(101).check_at(&path, false));
    std::fs::remove_file(&path).expect("written before");
    let message = failed.expect_err("it differs");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(
        message.contains("offered: 150 before, 151 now"),
        "{message}"
    );
    assert!(message.contains("MARQUE_BLESS=1"), "{message}");
}
