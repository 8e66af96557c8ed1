//! The stored form of a state, byte for byte: other versions of the program read it, so a change
//! here is a new `marque_store::FORMAT`. `MARQUE_BLESS=1` writes the fixture anew.

use std::ops::Bound;

use marque_state::{Changes, Direction, Store, tables};

use crate::{apply, empty};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn rows_are_these() {
    let (store, state) = empty();
    let change = |key: &[u8], value: Option<&[u8]>| (key.to_vec(), value.map(<[u8]>::to_vec));
    let first = Changes::from_iter([change(b"a", Some(&[b'1'; 70])), change(b"b", Some(b""))]);
    let state = apply(&store, &state, first);
    let root = "fd195719eacbd7dc8e5a1afe5e33f3c4bcbf99aef427d21b51699772b932e390";
    assert_eq!(
        hex(&state.tip().unwrap().root),
        root,
        "as in marque-proof's tests"
    );
    apply(
        &store,
        &state,
        Changes::from_iter([change(b"b", None), change(b"c", Some(b"3"))]),
    );
    let snapshot = store.snapshot().unwrap();
    let mut rows = Vec::new();
    for table in tables::ALL {
        let all = snapshot.range(
            *table,
            Bound::Unbounded,
            Bound::Unbounded,
            Direction::Ascending,
        );
        for row in all.unwrap() {
            let (key, value) = row.unwrap();
            rows.push(format!("{} {}: {}", table.name, hex(&key), hex(&value)));
        }
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rows.txt");
    if std::env::var_os("MARQUE_BLESS").is_some() {
        std::fs::write(file, rows.join("\n") + "\n").unwrap();
    }
    let fixture = std::fs::read_to_string(file).unwrap();
    assert_eq!(
        rows,
        fixture.lines().collect::<Vec<_>>(),
        "the stored format has changed"
    );
}
