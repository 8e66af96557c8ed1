//! What is done to JSON: to its values, and then to its text.

use crate::{Random, bytes};
use serde_json::{Map, Value, json};

/// Pieces of text that mean something to JSON, JSON-LD, EPCIS or GS1, or should not.
pub const PIECES: [&[u8]; 24] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"1e400",
    b"-0",
    b"18446744073709551616",
    b"\xff",
    b"\xc0\x80",
    b"\xef\xbb\xbf",
    b"@context",
    b"urn:epc:id:sgtin:",
    b"https://id.gs1.org/01/",
    b"9",
    "\u{fe0f}".as_bytes(),
    "\u{ff10}".as_bytes(),
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":",
];

/// Changes one of the corpus, which are JSON, at a few places; sometimes its text as well.
#[must_use]
pub fn mutate(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut text = random.one_of(corpus).clone();
    if let Ok(mut value) = serde_json::from_slice::<Value>(&text) {
        for _ in 0..random.few() {
            let graft = serde_json::from_slice(random.one_of::<Vec<u8>>(corpus)).ok();
            change(random, &mut value, graft.as_ref());
        }
        text = value.to_string().into_bytes();
    }
    if random.one_in(3) {
        for _ in 0..random.few() {
            bytes::change(random, &mut text, corpus, &PIECES);
        }
    }
    text
}

/// One change, to one value somewhere inside.
pub fn change(random: &mut Random, value: &mut Value, graft: Option<&Value>) {
    let all = count(value);
    let Some(target) = nth(value, &mut random.below(all)) else {
        return;
    };
    match random.below(5) {
        0 | 1 => *target = odd(random),
        2 => {
            if let Some(graft) = graft {
                let mut graft = graft.clone();
                let mut at = random.below(count(&graft));
                if let Some(part) = nth(&mut graft, &mut at) {
                    *target = part.take();
                }
            }
        }
        3 => twist(random, target),
        _ => match target {
            Value::String(text) => {
                let mut changed = std::mem::take(text).into_bytes();
                let own = [changed.clone()];
                bytes::change(random, &mut changed, &own, &PIECES);
                *text = String::from_utf8_lossy(&changed).into_owned();
            }
            Value::Number(_) => *target = odd(random),
            other => twist(random, other),
        },
    }
}

/// Takes from a list or object, adds to it, or renames what it has.
fn twist(random: &mut Random, value: &mut Value) {
    match value {
        Value::Array(list) if !list.is_empty() => {
            let at = random.below(list.len());
            match random.below(3) {
                0 => drop(list.remove(at)),
                1 => list.extend(vec![list[at].clone(); 1 + random.below(8)]),
                _ => list.swap(0, at),
            }
        }
        Value::Object(members) if !members.is_empty() => {
            let at = random.below(members.len());
            let Some((name, taken)) = members.iter().nth(at) else {
                return;
            };
            let (name, taken) = (name.clone(), taken.clone());
            match random.below(3) {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert(format!("{name}{}", random.below(3)), taken)),
                _ => {
                    members.remove(&name);
                    members.insert(name.to_uppercase(), taken);
                }
            }
        }
        other => *other = odd(random),
    }
}

/// A value that is hardly expected.
fn odd(random: &mut Random) -> Value {
    match random.below(16) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(u64::MAX),
        5 => json!(1.5),
        6 => serde_json::from_str("1e400").unwrap_or_default(),
        7 => json!(""),
        8 => json!("0x"),
        9 => json!(format!("0x{}", "f".repeat(random.below(140)))),
        10 => json!("9".repeat(1 + random.below(400))),
        11 => json!("\u{0}\u{7f}\u{fe0f}\u{202e}"),
        12 => json!([]),
        13 => json!({}),
        14 => {
            let nest = |inner, _| {
                if random.one_in(2) {
                    json!([inner])
                } else {
                    json!({"a": inner})
                }
            };
            (0..100).fold(Value::Null, nest)
        }
        _ => json!("x".repeat(1 << random.below(16))),
    }
}

/// Values in a value, itself included.
fn count(value: &Value) -> usize {
    let inside: usize = match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    };
    inside + 1
}

/// The value at a place in the order of writing.
fn nth<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|inner| nth(inner, left)),
        Value::Object(members) => members_of(members).find_map(|inner| nth(inner, left)),
        _ => None,
    }
}

fn members_of(members: &mut Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    members.iter_mut().map(|(_, value)| value)
}
