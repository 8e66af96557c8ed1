use super::{Context, builtin};
use serde_json::{Value, json};

#[test]
fn every_built_in_context_is_read_and_resolves_what_it_names() {
    assert!(builtin::epcis().is_object());
    for (address, value) in builtin::all() {
        assert!(value.is_object() || value.is_array(), "{address}");
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
    assert_eq!(context.local().len(), 2);
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
    assert!(
        Context::epcis()
            .with(&json!([[[[[[[[[["x"]]]]]]]]]]))
            .is_err()
    );
}
