//! JSON of every action and of what the ledger answers, fixed.

use crate::golden;
use crate::samples::{actions, history, state};
use marque_primitives::action::Action;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Written as the fixture has it, and read again as the same value.
fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, value: &T) {
    let mut text = serde_json::to_string_pretty(value).unwrap();
    text.push('\n');
    golden::check(&format!("json/{name}.json"), &text);
    assert_eq!(
        &serde_json::from_str::<T>(&text).unwrap(),
        value,
        "{name} from text"
    );
    let value_of = serde_json::to_value(value).unwrap();
    assert_eq!(
        &serde_json::from_value::<T>(value_of).unwrap(),
        value,
        "{name} from a value"
    );
}

#[test]
fn actions_keep_their_json() {
    for (name, action) in actions::actions() {
        check(&format!("action/{name}"), &action);
        if let Action::Intent(operation, _) = &action {
            // Two operations that a scope or a rule knows by the name of another.
            let named = match name.trim_end_matches("-committed") {
                "liftOf" => "lift",
                "endHold" => "govern",
                named => named,
            };
            assert_eq!(
                operation.kind().name(),
                named,
                "one name in scopes and rules"
            );
        }
    }
}

#[test]
fn answers_keep_their_json() {
    let [applied, refused] = history::receipts();
    check("receipt-applied", &applied);
    check("receipt-refused", &refused);
    check("header", &history::header());
    check("event", &history::event());
    for (name, terms) in history::terms() {
        check(&format!("terms/{name}"), &terms);
    }
    check("entry", &history::entry());
    check("genesis", &history::genesis());
    check("record", &state::record());
    check("lot", &state::lot_record());
    check("balance", &state::balance());
    check("contents", &state::contents());
    check("product", &state::product());
    check("party", &state::party());
    check("offer", &state::offer());
    check("recall", &state::recall());
    check("contract", &state::contract());
}

#[test]
fn a_body_is_its_actions_in_order() {
    let body = history::body();
    let json = serde_json::to_value(&body).unwrap();
    assert_eq!(
        json["actions"].as_array().unwrap().len(),
        body.actions.len()
    );
    assert_eq!(
        serde_json::from_value::<marque_primitives::transaction::Body>(json).unwrap(),
        body
    );
}
