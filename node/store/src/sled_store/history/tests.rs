#![allow(clippy::unwrap_used)]

use super::{History, Replaced};
use std::ops::Bound;

fn rows(rows: &[(&[u8], Option<&[u8]>)]) -> Replaced {
    rows.iter()
        .map(|(key, row)| (key.to_vec(), row.map(<[u8]>::to_vec)))
        .collect()
}

fn commit(history: &History, replaced: &[(&[u8], Option<&[u8]>)]) {
    history.announce(rows(replaced));
    history.publish();
}

#[test]
fn nothing_is_kept_for_nobody() {
    let history = History::default();
    for _ in 0..10 {
        commit(&history, &[(b"a", Some(b"1")), (b"b", None)]);
        assert_eq!(history.kept(), 0);
    }
}

#[test]
fn a_long_snapshot_costs_each_changed_row_once() {
    let history = History::default();
    let long = history.enter();
    for number in 0..100_u8 {
        // Others come and go, each a version later.
        let short = history.enter();
        commit(&history, &[(b"a", Some(&[number])), (b"b", None)]);
        history.leave(short);
    }
    assert_eq!(history.kept(), 2, "the first rows, and nothing in between");
    assert_eq!(history.at(long, b"a"), Some(Some(vec![0])));
    history.leave(long);
    assert_eq!(history.kept(), 0);
}

#[test]
fn each_version_has_its_own_rows() {
    let history = History::default();
    let first = history.enter();
    commit(&history, &[(b"a", None)]);
    let second = history.enter();
    commit(&history, &[(b"a", Some(b"1")), (b"c", Some(b"0"))]);
    let third = history.enter();
    history.announce(rows(&[(b"a", Some(b"2"))]));
    // Not durable, and so not to be seen, but the tree may hold it already.
    assert_eq!(history.enter(), third);
    assert_eq!(history.at(first, b"a"), Some(None));
    assert_eq!(history.at(second, b"a"), Some(Some(b"1".to_vec())));
    assert_eq!(history.at(third, b"a"), Some(Some(b"2".to_vec())));
    assert_eq!(history.at(third, b"c"), None);
    history.publish();
    let all = (Bound::Unbounded, Bound::Unbounded);
    assert_eq!(
        history.within(first, all.0, all.1),
        rows(&[(b"a", None), (b"c", Some(b"0"))])
    );
    history.leave(second);
    assert_eq!(
        history.at(first, b"a"),
        Some(None),
        "merging keeps the oldest"
    );
    assert_eq!(history.at(third, b"a"), Some(Some(b"2".to_vec())));
}
