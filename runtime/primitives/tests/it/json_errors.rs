//! What a caller is told whose JSON is wrong.

use marque_primitives::action::Action;
use serde_json::{Value, json};

fn error(json: Value) -> String {
    serde_json::from_value::<Action>(json)
        .unwrap_err()
        .to_string()
}

fn check(json: Value, words: &[&str]) {
    let error = error(json);
    for word in words {
        assert!(error.contains(word), "\"{error}\" does not say \"{word}\"");
    }
}

#[test]
fn an_unknown_field_is_named_with_the_known_ones() {
    check(
        json!({"offer": {"items": [], "to": "9506000134376", "wat": 1}}),
        &[
            "offer: unknown field `wat`",
            "`items`, `to`, `what`, `deadline`",
            "`time`",
            "`place`",
            "`facts`",
        ],
    );
    check(
        json!({"registerProduct": {"gtin": "09506000134352", "nmae": "x"}}),
        &["unknown field `nmae`", "`name`"],
    );
    check(
        json!({"deploy": {"wasm": "0x00"}}),
        &["unknown field `wasm`", "`code`"],
    );
    check(
        json!({"deploy": {"code": {"sha": "0x00"}}}),
        &["unknown field `sha`", "`hash`"],
    );
    check(
        json!({"deploy": {"code": 7}}),
        &["code is its bytes as 0x hex", r#"{"hash": "0x…"}"#],
    );
    check(
        json!({"fact": {"what": 1}}),
        &["fact: unknown field `what`", "`capture`"],
    );
    let sensor = json!({"observe": {"sensors": [{"typ": "Temperature"}]}});
    check(sensor, &["observe: unknown field `typ`", "`type`"]);
}

#[test]
fn an_action_has_one_known_name() {
    check(
        json!({"ofer": {}}),
        &[
            "unknown action \"ofer\"",
            "offer",
            "registerParty",
            "deploy",
            "fact",
        ],
    );
    check(json!({}), &["one name", "offer"]);
    check(json!({"offer": {}, "accept": {}}), &["one name"]);
    check(json!({"accept": []}), &["accept: expected an object"]);
}

#[test]
fn a_wrong_identifier_is_quoted_with_what_is_right() {
    check(
        json!({"accept": {"items": ["https://id.gs1.org/01/09506000134353/21/A1"]}}),
        &[
            "accept:",
            "\"https://id.gs1.org/01/09506000134353/21/A1\"",
            "check digit 3",
            "expected 2",
        ],
    );
    check(
        json!({"accept": {"items": ["09506000134352"]}}),
        &["14 digits", "(01)"],
    );
    check(
        json!({"pack": {"parent": "(01)09506000134352", "children": []}}),
        &["GTIN", "one thing"],
    );
    check(
        json!({"accept": {"items": ["(8018)095060001343521224"]}}),
        &["GSRN"],
    );
    check(
        json!({"accept": {"items": [7]}}),
        &["a thing is named by its identifier"],
    );
    check(
        json!({"observe": {"place": "(414)9506000134377"}}),
        &["(414)9506000134377", "check digit"],
    );
    let to = json!({"offer": {"items": [], "to": "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046"}});
    check(to, &["checksum"]);
    check(
        json!({"offer": {"items": [], "to": "0x12"}}),
        &["0x and 40 hexadecimal digits"],
    );
    check(
        json!({"offer": {"items": [], "to": "(01)09506000134352"}}),
        &["GLN (414) or PGLN (417)"],
    );
}

#[test]
fn wrong_quantities_and_ranges_say_why() {
    let lot = "https://id.gs1.org/01/09506000134352/10/B7";
    check(
        json!({"accept": {"items": [{"lot": lot, "quantity": "1,5"}]}}),
        &["at most one point"],
    );
    check(
        json!({"accept": {"items": [{"lot": lot, "quantity": "1", "unit": "kg"}]}}),
        &["UN/ECE"],
    );
    check(json!({"accept": {"items": [{"lot": lot}]}}), &["quantity"]);
    check(
        json!({"accept": {"items": [{"lot": lot, "quantity": "1", "uom": "KGM"}]}}),
        &["uom", "unit"],
    );
    let range = |from: &str, count: u64| json!({"accept": {"items": [{"gtin": "09506000134352", "from": from, "count": count}]}});
    check(range("8", 3), &["as many digits"]);
    check(range("A8", 2), &["digits alone"]);
    check(range("1", 0), &["at least 1"]);
    check(
        json!({"accept": {"items": [{"gtin": "09506000134352", "from": "1", "count": 1, "to": 3}]}}),
        &["unknown field `to`"],
    );
}

#[test]
fn wrong_details_say_why() {
    check(
        json!({"observe": {"time": "yesterday"}}),
        &["observe:", "yesterday", "RFC 3339"],
    );
    check(
        json!({"observe": {"facts": {"x": [1]}}}),
        &["fact \"x\"", "\"id\""],
    );
    check(
        json!({"observe": {"facts": {"x": {"unit": "KGM"}}}}),
        &["fact \"x\""],
    );
    check(json!({"observe": {"rest": 7}}), &["rest"]);
    let hash = format!("0x{}", "11".repeat(32));
    check(
        json!({"observe": {"commitment": hash, "facts": {"x": "y"}}}),
        &["commitment", "leave out"],
    );
    check(
        json!({"commission": {"items": [], "expiry": "01.05.2027"}}),
        &["2027-05-01"],
    );
}
