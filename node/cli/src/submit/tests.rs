//! What a file may hold, and how it is said to be wrong.

use super::parse;

const ACCEPT: &str = r#"{"accept": {"items": ["(00)095060001343500019"]}}"#;

#[test]
fn a_transaction_a_list_and_a_bundle_are_read() {
    let count = |text: &str| {
        let read = parse(text.as_bytes()).unwrap();
        read.iter().map(|t| t.actions.len()).collect::<Vec<_>>()
    };
    assert_eq!(count(&format!("{{\"actions\": [{ACCEPT}]}}")), [1]);
    assert_eq!(count(&format!("[{ACCEPT}, {ACCEPT}]")), [2]);
    let one = format!("{{\"actions\": [{ACCEPT}]}}");
    let bundle = format!("{{\"party\": \"x\", \"transactions\": [{one}, {one}]}}");
    assert_eq!(count(&bundle), [1, 1]);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let wrong = |text: &str| parse(text.as_bytes()).err().unwrap();
    assert!(wrong("{").contains("line 1"));
    let digit = ACCEPT.replace("019\"", "018\"");
    let words = wrong(&format!("{{\"actions\": [{digit}]}}"));
    assert!(
        words.contains("accept") && words.contains("check digit"),
        "{words}"
    );
    assert!(wrong("{\"action\": []}").contains("unknown field `action`"));
}
