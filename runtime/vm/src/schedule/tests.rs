//! The frozen prices, and the frozen code that charges them.

use super::*;
use crate::check::check;
use crate::golden;
use crate::instrument::instrument;
use marque_primitives::hash::sha256;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use wasmparser::{Parser, Payload};

/// A module that holds each operator once at least.
const OPERATORS: &str = include_str!("../../tests/corpus/modules/operators.wat");

/// The name of an operator, as its variant is called.
fn name(operator: &Operator<'_>) -> String {
    let text = format!("{operator:?}");
    text.split([' ', '{', '('])
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn operators(module: &[u8]) -> BTreeMap<String, u64> {
    let mut prices = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            for found in body.get_operators_reader().unwrap() {
                let found = found.unwrap();
                prices.insert(name(&found), operator(&found));
            }
        }
    }
    prices
}

/// Every operator of WebAssembly's first version without its floats.
fn all() -> Vec<&'static str> {
    let mut names = Vec::new();
    macro_rules! gather {
        ($( @$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {
            $( if stringify!($proposal) == "mvp" { names.push(stringify!($op)); } )*
        };
    }
    wasmparser::for_each_operator!(gather);
    names.retain(|name| !name.contains("F32") && !name.contains("F64"));
    names
}

#[test]
fn prices_are_frozen() {
    let prices = operators(&wat::parse_str(OPERATORS).unwrap());
    let missing: Vec<_> = all()
        .into_iter()
        .filter(|name| !prices.contains_key(*name))
        .collect();
    assert!(missing.is_empty(), "no price is tested of {missing:?}");
    let mut text = format!("schedule {SCHEDULE_VERSION}\n");
    for (name, price) in [
        ("entry", ENTRY),
        ("input byte", INPUT_BYTE),
        ("page", PAGE),
        ("resident pages", RESIDENT_PAGES.into()),
        ("block", block(1) - 1),
        ("function", function_entry(0)),
        ("local", function_entry(1) - function_entry(0)),
        ("frame", frame(0, 0, 0).into()),
        ("frame's local", (frame(1, 0, 0) - frame(0, 0, 0)).into()),
        ("frame's operand", (frame(0, 1, 0) - frame(0, 0, 0)).into()),
        ("frame's byte", (frame(0, 0, 1) - frame(0, 0, 0)).into()),
    ] {
        writeln!(text, "{name} {price}").unwrap();
    }
    for (name, price) in prices {
        writeln!(text, "operator {name} {price}").unwrap();
    }
    for row in HostCall::ALL {
        let Price {
            base,
            word_in,
            word_out,
        } = host_call(*row);
        writeln!(text, "host {} {base} {word_in} {word_out}", row.name()).unwrap();
    }
    golden::same(
        "prices.txt",
        &text,
        "a price changed: raise SCHEDULE_VERSION",
    );
}

#[test]
fn the_injectors_output_is_frozen() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/modules");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut text = format!("schedule {SCHEDULE_VERSION}\n");
    for file in files {
        let mut code = wat::parse_file(&file).unwrap();
        golden::append_meta(&mut code);
        let name = file.file_name().unwrap().to_string_lossy();
        match check(&code) {
            Ok(checked) => {
                let metered = instrument(&checked).unwrap();
                writeln!(text, "{name} {} {}", metered.len(), sha256(&[&metered])).unwrap();
            }
            Err(refused) => writeln!(text, "{name} {}", refused.name()).unwrap(),
        }
    }
    golden::same(
        "instrumented.txt",
        &text,
        "the same module would run as other code: raise SCHEDULE_VERSION",
    );
}
