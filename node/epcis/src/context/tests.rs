use super::{Context, builtin};
use serde_json::{Value, json};

#[test]
fn every_built_in_context_is_read_and_resolves_what_it_names() {
    assert!(builtin::epcis().is_object());
    for known in builtin::all() {
        let address = known.address;
        assert!(known.context.below.is_some(), "{address}");
        let context = Context::epcis()
            .with(&Value::String(address.into()))
            .unwrap();
        assert_eq!(context.unresolved().count(), 0, "{address}");
        assert_eq!(
            context.expand("oec:passportStatus"),
            "https://ref.openepcis.io/extensions/common/core/passportStatus"
        );
    }
}

#[test]
fn curies_expand_and_other_texts_stay() {
    let context = Context::epcis()
        .with(&json!([
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"example": "https://ns.example.com/epcis/", "bare": "https://ns.example.org/epcis", "sub": "example:sub/"},
            {"pre": {"@id": "urn:x:y", "@prefix": true}, "term": {"@id": "urn:x:z"}, "id": "@id"}
        ]))
        .unwrap();
    for (text, expanded) in [
        (
            "cbv:BizStep-packing",
            "https://ref.gs1.org/cbv/BizStep-packing",
        ),
        ("gs1:Temperature", "https://gs1.org/voc/Temperature"),
        ("cbvmda:lotNumber", "urn:epcglobal:cbv:mda:lotNumber"),
        ("example:a:b", "https://ns.example.com/epcis/a:b"),
        ("bare:x", "https://ns.example.org/epcisx"),
        ("sub:x", "https://ns.example.com/epcis/sub/x"),
        ("pre:x", "urn:x:yx"),
        ("term:x", "term:x"),
        ("id:x", "id:x"),
        ("example://x", "example://x"),
        ("unknown:x", "unknown:x"),
        ("plain", "plain"),
    ] {
        assert_eq!(context.expand(text), expanded, "{text}");
    }
}

#[test]
fn the_prefixes_of_the_epcis_context_are_protected() {
    let context = Context::epcis()
        .with(&json!({"cbv": "https://evil.example/", "gs1": "https://ref.gs1.org/voc/"}))
        .unwrap();
    assert_eq!(
        context.expand("cbv:Disp-active"),
        "https://ref.gs1.org/cbv/Disp-active"
    );
    assert_eq!(context.expand("gs1:Angle"), "https://gs1.org/voc/Angle");
}

#[test]
fn unknown_contexts_are_named_and_wrong_ones_refused() {
    let rail = "https://gs1-epcis-reg.org/rail/rail-context.jsonld";
    let context = Context::epcis().with(&json!([rail])).unwrap();
    assert_eq!(context.unresolved().collect::<Vec<_>>(), [rail]);
    assert_eq!(
        context.expand("rail:wheelTemperature"),
        "rail:wheelTemperature"
    );
    assert!(Context::epcis().with(&json!(7)).is_err());
    for (parts, says) in [
        (
            (0..65).map(|n| json!(n.to_string())).collect(),
            "more than 64",
        ),
        (vec![json!("x".repeat(256))], "255"),
        (
            vec![json!({"x": format!("urn:{}:", "y".repeat(255))})],
            "255",
        ),
    ] {
        let error = Context::epcis().with(&json!(parts)).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert!(
        Context::epcis()
            .with(&json!([[[[[[[[[["x"]]]]]]]]]]))
            .is_err()
    );
}

fn needed(context: &Context, members: Value) -> Value {
    json!(context.needed(members.as_object().unwrap()).unwrap())
}

#[test]
fn an_event_takes_along_what_it_uses_and_what_that_uses() {
    let core = "https://ref.openepcis.io/extensions/common/core/dpp-core-context.jsonld";
    let rail = "https://gs1-epcis-reg.org/rail/rail-context.jsonld";
    let document = Context::epcis()
        .with(&json!([
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", rail,
            {"a": "https://a.example/", "sub": "a:sub/", "b": "https://b.example/", "oec": "https://o.example/"}, core,
            {"weight": {"@id": "b:weight", "@type": "xsd:decimal"}, "unused": "https://u.example/"},
        ]))
        .unwrap();
    assert_eq!(
        needed(&document, json!({"sub:x": {"weight": 1}, "oec:y": "cbv:z"})),
        json!([core, rail, {
            "b": "https://b.example/", "sub": "https://a.example/sub/",
            "weight": {"@id": "b:weight", "@type": "xsd:decimal"},
        }])
    );
    let event = document
        .with(&json!({"a": "https://other.example/"}))
        .unwrap();
    assert_eq!(event.expand("a:x"), "https://other.example/x");
    assert_eq!(event.expand("sub:x"), "https://a.example/sub/x");
    assert_eq!(document.expand("a:x"), "https://a.example/x");
    assert_eq!(
        needed(&event, json!({"a:x": "sub:y"})),
        json!([core, rail, {"a": "https://other.example/", "sub": "https://a.example/sub/"}])
    );
}

#[test]
fn a_context_named_again_wins_again() {
    let core = "https://ref.openepcis.io/extensions/common/core/dpp-core-context.jsonld";
    let own = json!({"oec": "https://o.example/"});
    let last = |parts: Value| {
        Context::epcis()
            .with(&parts)
            .unwrap()
            .expand("oec:x")
            .into_owned()
    };
    assert_eq!(last(json!([core, own])), "https://o.example/x");
    assert_ne!(last(json!([core, own, core])), "https://o.example/x");
    assert_eq!(last(json!([core, {}, core, own])), "https://o.example/x");
}
