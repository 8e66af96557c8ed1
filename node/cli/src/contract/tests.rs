use super::arguments::read;
use super::check::{not_taken, not_taken_table};
use super::test::Counts;
use marque_vm::admission::NotAdmitted;
use marque_vm::check;
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn arguments_are_texts_or_json() {
    let read = |typed: &[&str]| read(&typed.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(read(&[]).unwrap(), Value::Null);
    assert_eq!(
        read(&[
            "gtin=09506000134352",
            "limit:=5.5",
            "open:=true",
            "note=a=b",
            "list:=[1, 2]"
        ])
        .unwrap(),
        json!({"gtin": "09506000134352", "limit": 5.5, "open": true, "note": "a=b", "list": [1, 2]})
    );
    assert!(
        read(&["alone"])
            .unwrap_err()
            .to_string()
            .contains("NAME=TEXT")
    );
    assert!(read(&["a:=x"]).unwrap_err().to_string().contains("no JSON"));
    assert!(
        read(&["a=1", "a=2"])
            .unwrap_err()
            .to_string()
            .contains("twice")
    );
}

/// A module of one section, and 600 empty types in it.
fn many_types() -> Vec<u8> {
    let mut content = vec![0xd8, 0x04];
    content.extend([0x60, 0, 0].repeat(600));
    let mut module = b"\0asm\x01\0\0\0\x01".to_vec();
    module.extend([0x8a, 0x0e]);
    assert_eq!(content.len(), 0x0e << 7 | 0x0a);
    module.extend(content);
    module
}

#[test]
fn a_refusal_names_limit_section_offset_and_remedy() {
    let module = many_types();
    let why: NotAdmitted = check(&module).unwrap_err().into();
    let told = not_taken(Path::new("types.wasm"), &module, &why);
    assert_eq!(
        (&told["accepted"], &told["bytes"]),
        (&json!(false), &json!(module.len()))
    );
    let error = &told["error"];
    assert_eq!(
        (&error["name"], &error["code"]),
        (&json!("Types"), &json!(6005))
    );
    assert_eq!(
        (&error["section"], &error["found"], &error["allowed"]),
        (&json!("type"), &json!(600), &json!(512))
    );
    assert!(error["offset"].as_u64().unwrap() >= 8);
    let table = not_taken_table(Path::new("types.wasm"), &module, &why).render(None, false);
    for words in [
        "Types (6005)",
        "type",
        "600",
        "512",
        "use fewer distinct function signatures",
    ] {
        assert!(table.contains(words), "{words} is missing in:\n{table}");
    }
}

#[test]
fn tests_of_all_programs_are_counted() {
    let mut counts = Counts::default();
    for line in [
        "running 4 tests",
        "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        "test result: FAILED. 2 passed; 5 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        "test result: as a test would print it",
    ] {
        counts.read(line);
    }
    let expected = Counts {
        passed: 5,
        failed: 5,
        ignored: 1,
    };
    assert_eq!(counts, expected);
}
