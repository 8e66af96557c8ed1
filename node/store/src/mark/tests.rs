#![allow(clippy::unwrap_used)]

use super::{HighMark, Mark, STRIDE};
use crate::StoreError;

const CHAIN: [u8; 32] = [7; 32];

fn mark(height: u64) -> Mark {
    Mark {
        height,
        block: [height.to_le_bytes()[0]; 32],
    }
}

#[test]
fn the_newest_mark_is_read_again_whichever_record_it_is_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/HIGHEST");
    assert_eq!(HighMark::open(&path, CHAIN).unwrap().newest(), None);
    for height in 1..6 {
        let mut high = HighMark::open(&path, CHAIN).unwrap();
        high.set(mark(height)).unwrap();
        assert_eq!(
            HighMark::open(&path, CHAIN).unwrap().newest(),
            Some(mark(height))
        );
    }
    let mut high = HighMark::open(&path, CHAIN).unwrap();
    high.reset(mark(2)).unwrap();
    assert_eq!(
        HighMark::open(&path, CHAIN).unwrap().newest(),
        Some(mark(2))
    );
}

/// A crash may leave any part of a record; the one before it stands.
#[test]
fn a_torn_record_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("HIGHEST");
    let mut high = HighMark::open(&path, CHAIN).unwrap();
    for height in 1..=4 {
        high.set(mark(height)).unwrap();
    }
    drop(high);
    let whole = std::fs::read(&path).unwrap();
    let second = usize::try_from(STRIDE).unwrap();
    for at in second..whole.len() {
        let mut torn = whole.clone();
        torn[at] ^= 1;
        std::fs::write(&path, &torn).unwrap();
        assert_eq!(
            HighMark::open(&path, CHAIN).unwrap().newest(),
            Some(mark(3))
        );
    }
}

#[test]
fn another_chains_mark_and_other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("HIGHEST");
    HighMark::open(&path, CHAIN).unwrap().set(mark(1)).unwrap();
    let other = HighMark::open(&path, [8; 32]);
    assert!(matches!(other, Err(StoreError::OtherMark { .. })));
    std::fs::write(&path, "a letter").unwrap();
    let other = HighMark::open(&path, CHAIN);
    assert!(matches!(other, Err(StoreError::OtherMark { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), b"a letter");
}
