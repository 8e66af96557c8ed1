//! What `marque contract new` writes is a Rust project like any other.

use crate::widget::{ok, target, type_in};
use std::process::Command;

#[test]
fn a_new_project_is_formatted_whatever_its_name_is() {
    let folder = tempfile::tempdir().unwrap();
    let longest = "w".repeat(32);
    for name in ["a", "widget", "fresh-fish-and-fruit", &longest] {
        ok(type_in(folder.path(), &format!("contract new {name}")));
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.current_dir(folder.path().join(name));
        rustfmt.args(["--check", "--edition", "2024"]);
        rustfmt.args(["src/lib.rs", "tests/it/main.rs"]);
        ok(rustfmt);
    }
}

#[test]
fn cargo_tests_a_new_project_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    ok(type_in(folder.path(), "contract new widget"));
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder.path().join("widget")).arg("test");
    cargo.env("CARGO_TARGET_DIR", target());
    let told = String::from_utf8(ok(cargo).stdout).unwrap();
    assert!(told.contains("3 passed; 0 failed"), "{told}");
}
