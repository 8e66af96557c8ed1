//! `docs/errors.md`: every error with what it means and the test that drives it.

use marque_rpc::document;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const HEAD: &str = "\
# Errors

What the node answers, in an RPC error or in a receipt: the same cause has the same code in both. `data` has the name, and where it
helps the field at fault, what would be right (`expected`), what to do (`remedy`) and whether the same request may go well later
(`retryable`). A contract's own refusals have codes from 5001 on and the names that its author gave them. The last column is the
test that drives it. Over the way to the node, -32008 (answer too large) and -32010 (batch too large) have no name.

`MARQUE_BLESS=1 cargo test -p marque-rpc --test it book` writes this table from the node's own, the tests kept.

| code | name | meaning | test |
|---|---|---|---|
";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Rows by code and name: meaning and test.
fn written(text: &str) -> BTreeMap<(i64, String), (String, String)> {
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let rows = text.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|line| match <[String; 4]>::try_from(cells(line)) {
        Ok([code, name, meaning, test]) => ((code.parse().unwrap(), name), (meaning, test)),
        Err(cells) => panic!("a row has four cells: {cells:?}"),
    })
    .collect()
}

/// The node's own table, in the order of the codes' size.
fn known() -> Vec<(i64, String, String)> {
    let errors = document()["components"]["errors"].as_object().unwrap();
    let row = |error: &Value| {
        (
            error["code"].as_i64().unwrap(),
            error["data"]["name"].as_str().unwrap().to_owned(),
            error["message"].as_str().unwrap().to_owned(),
        )
    };
    errors.values().map(row).collect()
}

#[test]
fn the_page_has_every_error_and_a_test_for_each() {
    let path = root().join("docs/errors.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut rows = written(&text);
    if std::env::var_os("MARQUE_BLESS").is_some() {
        let mut text = HEAD.to_owned();
        for (code, name, meaning) in known() {
            let test = rows.remove(&(code, name.clone())).unwrap_or_default().1;
            writeln!(text, "| {code} | {name} | {meaning} | {test} |").unwrap();
        }
        std::fs::write(path, text).unwrap();
        return;
    }
    for (code, name, meaning) in known() {
        let row = rows.remove(&(code, name.clone()));
        let Some((said, test)) = row else {
            panic!("docs/errors.md lacks {code} {name}; MARQUE_BLESS=1 adds it")
        };
        assert_eq!(said, meaning, "{code} {name}");
        driven(&test, &format!("{code} {name}"));
    }
    assert!(
        rows.is_empty(),
        "errors that the node does not know: {rows:?}"
    );
}

/// That there is such a test: `crate/…/file.rs: function`, in backquotes.
fn driven(test: &str, error: &str) {
    let named = test.trim_matches('`').split_once(": ");
    let Some((file, function)) = named else {
        panic!("docs/errors.md names no test for {error}: {test:?}")
    };
    let source = std::fs::read_to_string(root().join(Path::new(file)));
    let source = source.unwrap_or_else(|fault| panic!("{error}: {file}: {fault}"));
    let found = source.lines().any(|line| {
        line.trim_start()
            .trim_start_matches("async ")
            .starts_with(&format!("fn {function}("))
    });
    assert!(found, "{error}: {file} has no test {function}");
}
