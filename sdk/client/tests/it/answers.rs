//! Types that are written in more than one way.

use marque_client::api::{At, ErrorData, OneOrMany};
use marque_primitives::{Hash, Height};
use serde_json::json;

#[test]
fn blocks_are_named_by_word_height_or_hash() {
    let hash = Hash([7; 32]);
    for (json, at) in [
        (json!("latest"), At::Latest),
        (json!(7), At::Height(Height(7))),
        (json!(hash), At::Hash(hash)),
    ] {
        assert_eq!(serde_json::from_value::<At>(json.clone()).unwrap(), at);
        assert_eq!(serde_json::to_value(at).unwrap(), json);
    }
    assert_eq!(
        serde_json::from_value::<At>(json!("finalized")).unwrap(),
        At::Latest
    );
    assert_eq!(
        serde_json::from_value::<At>(json!("7")).unwrap(),
        At::Height(Height(7))
    );
    for wrong in [
        json!("newest"),
        json!("0x12"),
        json!(-1),
        json!(null),
        json!(1.5),
    ] {
        assert!(
            serde_json::from_value::<At>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn names_come_alone_or_in_a_list() {
    let one = serde_json::from_value::<OneOrMany>(json!("a")).unwrap();
    assert_eq!(one, OneOrMany::One("a".into()));
    let many = serde_json::from_value::<OneOrMany>(json!(["a", "b"])).unwrap();
    assert_eq!(many, OneOrMany::Many(vec!["a".into(), "b".into()]));
    assert_eq!(serde_json::to_value(&many).unwrap(), json!(["a", "b"]));
    assert!(serde_json::from_value::<OneOrMany>(json!(["a", 1])).is_err());
    assert!(serde_json::from_value::<OneOrMany>(json!(1)).is_err());
}

#[test]
fn an_error_leaves_out_what_is_not_known() {
    let data: ErrorData =
        serde_json::from_value(json!({"name": "PoolFull", "retryable": true})).unwrap();
    assert!(data.retryable && data.items.is_empty() && data.field.is_none());
    assert_eq!(
        serde_json::to_value(&data).unwrap(),
        json!({"name": "PoolFull", "retryable": true})
    );
}
