use super::{canonical, read};
use crate::Error;
use serde_json::Value;

fn parse(text: &str) -> Value {
    read(text.as_bytes(), 16).unwrap()
}

fn fault(text: &str) -> String {
    read(text.as_bytes(), 16).unwrap_err().to_string()
}

#[test]
fn agrees_with_serde_json_where_that_is_unambiguous() {
    for text in [
        "null",
        " true ",
        "[]",
        "{}",
        "[1,2,[3]]",
        r#"{"a":{"b":"c\nd\u00e9\ud83d\ude00\/"},"e":[false,null]}"#,
        "-0.5e+10",
        "\"\u{e9}\"",
    ] {
        assert_eq!(
            parse(text),
            serde_json::from_str::<Value>(text).unwrap(),
            "{text}"
        );
    }
}

#[test]
fn numbers_keep_every_digit() {
    for digits in [
        "0.10",
        "1e+400",
        "2e-7",
        "123456789012345678901234567890.000",
        "-0",
        "452.0",
    ] {
        assert_eq!(parse(digits).to_string(), digits);
        assert_eq!(canonical(&parse(digits)), digits);
    }
    assert_eq!(
        canonical(&parse("1E400")),
        "1e+400",
        "only an exponent has one spelling"
    );
}

#[test]
fn a_magic_key_of_serde_json_is_a_key_like_any_other() {
    let value = parse(r#"{"$serde_json::private::Number":"1"}"#);
    assert_eq!(value.as_object().unwrap().len(), 1);
}

#[test]
fn a_duplicate_key_is_refused_by_name_and_place() {
    assert_eq!(
        fault("{\"a\": 1,\n  \"b\": 2, \"a\": 3}"),
        "the key \"a\" stands twice in one object at line 2, column 11; keep one of them"
    );
    assert!(
        fault(r#"{"a":1,"\u0061":2}"#).contains("twice"),
        "an escape does not hide it"
    );
}

#[test]
fn refusals_name_the_place() {
    for (text, at) in [
        ("", "line 1, column 1"),
        ("{\"a\":1,}", "line 1, column 8"),
        ("[1 2]", "line 1, column 4"),
        ("[01]", "line 1, column 4"),
        ("[1.]", "line 1, column 4"),
        ("[1e]", "line 1, column 4"),
        ("[+1]", "line 1, column 2"),
        ("[-]", "line 1, column 3"),
        ("\"a", "line 1, column 3"),
        ("\"\t\"", "line 1, column 2"),
        ("\"\\x\"", "line 1, column 3"),
        ("\"\\ud800\"", "line 1, column 8"),
        ("\"\\ud800\\u0041\"", "line 1, column 14"),
        ("\"\\u00g0\"", "line 1, column 4"),
        ("{\"\u{e9}\u{e9}\" 1}", "line 1, column 7"),
        ("[]\n[]", "line 2, column 1"),
        ("nul", "line 1, column 1"),
    ] {
        assert!(fault(text).contains(at), "{text:?}: {}", fault(text));
    }
}

#[test]
fn bytes_that_are_not_plain_utf8_are_refused() {
    assert_eq!(read(b"\xEF\xBB\xBF{}", 4), Err(Error::ByteOrderMark));
    assert_eq!(read(b"\xFF\xFE{\0}\0", 4), Err(Error::ByteOrderMark));
    assert_eq!(
        read(b"{\"a\":\"\xC3\x28\"}", 4),
        Err(Error::NotUtf8 { offset: 6 })
    );
    assert_eq!(
        read(b"\"\xED\xA0\x80\"", 4),
        Err(Error::NotUtf8 { offset: 1 })
    );
}

#[test]
fn depth_is_limited() {
    assert!(
        read("[".repeat(16).as_bytes(), 16)
            .unwrap_err()
            .to_string()
            .contains("does not end")
            || matches!(
                read("[".repeat(16).as_bytes(), 16),
                Err(Error::NotJson { .. })
            )
    );
    assert!(
        read(
            format!("{}{}", "[".repeat(16), "]".repeat(16)).as_bytes(),
            16
        )
        .is_ok()
    );
    assert!(matches!(
        read("[".repeat(100_000).as_bytes(), 16),
        Err(Error::TooDeep { limit: 16, .. })
    ));
}

#[test]
fn canonical_text_is_that_of_rfc_8785() {
    // The sorting example of RFC 8785, 3.2.3.
    let value = parse(
        r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
    );
    assert_eq!(
        canonical(&value),
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
    );
    assert_eq!(
        canonical(&parse(r#"{"b":[1, 2.50],"a":"\u0007\b\/"}"#)),
        r#"{"a":"\u0007\b/","b":[1,2.50]}"#
    );
}
