use super::*;
use alloc::vec;

fn list(length: u8) -> Vec<Hash> {
    (0..length).map(|byte| [byte; 32]).collect()
}

/// The tree by its definition: split at the largest power of two below the length.
fn slow(list: &[Hash]) -> Hash {
    match list {
        [single] => Sha256::digest([&[b'l'][..], single].concat()).into(),
        _ => {
            let half = list.len().next_power_of_two() / 2;
            let (left, right) = list.split_at(half);
            Sha256::digest([&[b'n'][..], &slow(left), &slow(right)].concat()).into()
        }
    }
}

#[test]
fn roots_are_those_of_the_definition() {
    for length in 1..=33 {
        let list = list(length);
        let expected = [&[b'r'][..], &u64::from(length).to_le_bytes(), &slow(&list)].concat();
        assert_eq!(
            root(&list),
            <Hash>::from(Sha256::digest(expected)),
            "{length} entries"
        );
    }
}

#[test]
fn fixture() {
    let hex = |hash: Hash| {
        hash.iter()
            .map(|byte| alloc::format!("{byte:02x}"))
            .collect::<alloc::string::String>()
    };
    assert_eq!(
        hex(root(&[])),
        "fb36f26d666ecd996b6432afa5206b0326adef6575ac63a948cbcdfb7af7142a"
    );
    assert_eq!(
        hex(root(&list(3))),
        "cca0cf1cc792cf0abf5154dd535d6df9fe34982f61f31495fa7f8a5f7ccf93cf"
    );
}

#[test]
fn every_entry_of_every_length_has_a_path_and_no_other_place_takes_it() {
    for length in 1..=20u8 {
        let list = list(length);
        let root = root(&list);
        for (index, hash) in list.iter().enumerate() {
            let path = path(&list, index).unwrap();
            for place in 0..u64::from(length) {
                let right = place == index as u64;
                assert_eq!(
                    verify(&root, u64::from(length), place, hash, &path).is_ok(),
                    right
                );
            }
            for other in (0..=21).filter(|other| *other != u64::from(length)) {
                assert!(verify(&root, other, index as u64, hash, &path).is_err());
            }
            assert!(verify(&root, u64::from(length), index as u64, &[99; 32], &path).is_err());
            let longer = [path.clone(), vec![[0; 32]]].concat();
            assert!(verify(&root, u64::from(length), index as u64, hash, &longer).is_err());
        }
        assert_eq!(path(&list, usize::from(length)), None);
    }
}
