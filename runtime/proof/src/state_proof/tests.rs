//! The encoding and the hashes of a proof, computed elsewhere, and what decoding refuses.

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::verified::Answer;

/// The state with a = 70 times "1" and b = "", after one block: leaves for the sentinel, a and b.
const ROOT: &str = "fd195719eacbd7dc8e5a1afe5e33f3c4bcbf99aef427d21b51699772b932e390";

/// Its proof of a.
const PROOF: &str = concat!(
    "0c0404046119013131313131313131313131313131313131313131313131313131313131313131313131313131",
    "313131313131313131313131313131313131313131313131313131313131313101046208b83c6247b20898ed3c",
    "e06fddd9a55b5842b4f5e0c231968b3191692980b2a9c27254afba7c46224377e24a4456b59ada0151e3909694",
    "bc1810fe261cced655530407000000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000000000",
);

fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn root() -> Hash {
    hex(ROOT).try_into().unwrap()
}

fn proof() -> StateProof {
    StateProof {
        leaf_count: 3,
        leaves: vec![ProvedLeaf {
            index: 1,
            key: b"a".to_vec(),
            value: vec![b'1'; 70],
            next: Some(b"b".to_vec()),
        }],
        mountain: vec![
            hash::leaf(b"", b"", Some(b"a")),
            hash::leaf(b"b", b"", None),
        ],
        chunks: vec![[[7].as_slice(), &[0; 63]].concat().try_into().unwrap()],
        bitmap: vec![],
    }
}

#[test]
fn hashes_are_these() {
    let leaves = [
        (
            hash::leaf(b"", b"", Some(b"a")),
            "b83c6247b20898ed3ce06fddd9a55b5842b4f5e0c231968b3191692980b2a9c2",
        ),
        (
            hash::leaf(b"a", &[b'1'; 70], Some(b"b")),
            "84b712472bf9049ee676de3fb925ab6575c8b84fead56128ab6407f891813c29",
        ),
        (
            hash::leaf(b"b", b"", None),
            "7254afba7c46224377e24a4456b59ada0151e3909694bc1810fe261cced65553",
        ),
    ];
    let node = hash::node(&leaves[0].0, &leaves[1].0);
    let bag = hash::bag(&node, &leaves[2].0);
    let chunk = hash::chunk(&proof().chunks[0]);
    let above = [
        (
            node,
            "78527746c1c63c634e5a01b52cb28c10078772ba6fdc1f87a6aabda26c1a0194",
        ),
        (
            bag,
            "e3c01b7dbdafa24b6855b81a2ce6b2d8793135ff41405dd955cadbce552ba99d",
        ),
        (
            chunk,
            "dfff3f14d6d8d55708e1c84d08857cfc0d5ebd32e1f2f33fe94fffeac120fc56",
        ),
        (
            hash::bitmap_node(&chunk, &chunk),
            "79a6e91adb207733d0db1897fa24777c96392901af4baf80e18d8c199a12e886",
        ),
        (hash::root(&bag, &chunk, 3), ROOT),
    ];
    for (hash, expected) in leaves.into_iter().chain(above) {
        assert_eq!(hash.as_slice(), hex(expected));
    }
}

#[test]
fn the_encoding_is_this() {
    assert_eq!(proof().encode(), hex(PROOF));
    let read = StateProof::from_bytes(&hex(PROOF), &Limits::default()).unwrap();
    let verified = read.verify(&root()).unwrap();
    assert_eq!(verified.root(), &root());
    assert_eq!(verified.get(b"a"), Answer::Present([b'1'; 70].as_slice()));
    assert_eq!(verified.get(b"a1"), Answer::Absent);
    assert_eq!(
        verified.at_or_before(b"a1"),
        Answer::Present((b"a".as_slice(), [b'1'; 70].as_slice()))
    );
    assert_eq!(verified.after(b"a"), Answer::Present(b"b".as_slice()));
    for key in [b"".as_slice(), b"Z", b"b", b"c"] {
        assert_eq!(verified.get(key), Answer::NotProved);
        assert_eq!(verified.at_or_before(key), Answer::NotProved);
        assert_eq!(verified.after(key), Answer::NotProved);
    }
}

#[test]
fn the_sentinel_and_the_last_leaf_bound_the_keys() {
    let mut proof = proof();
    let sentinel = ProvedLeaf {
        index: 0,
        key: vec![],
        value: vec![],
        next: Some(b"a".to_vec()),
    };
    let last = ProvedLeaf {
        index: 2,
        key: b"b".to_vec(),
        value: vec![],
        next: None,
    };
    proof.leaves.insert(0, sentinel);
    proof.leaves.push(last);
    proof.mountain.clear();
    let verified = proof.verify(&root()).unwrap();
    assert_eq!(verified.get(b"Z"), Answer::Absent);
    assert_eq!(verified.at_or_before(b"Z"), Answer::Absent);
    assert_eq!(
        verified.get(b""),
        Answer::Absent,
        "the sentinel is no entry"
    );
    assert_eq!(verified.after(b""), Answer::Present(b"a".as_slice()));
    assert_eq!(
        (verified.get(b"c"), verified.after(b"c")),
        (Answer::Absent, Answer::Absent)
    );
}

#[test]
fn each_fault_has_its_name() {
    type Change = fn(&mut StateProof);
    let faults: [(Change, ProofError); 11] = [
        (|proof| proof.leaf_count = 0, ProofError::LeafCount),
        (|proof| proof.leaf_count = u64::MAX, ProofError::LeafCount),
        (
            |proof| proof.leaves.clear(),
            ProofError::Chunks {
                expected: 0,
                given: 1,
            },
        ),
        (
            |proof| (proof.leaves.clear(), proof.chunks.clear()).1,
            ProofError::Empty,
        ),
        (
            |proof| proof.leaves.push(proof.leaves[0].clone()),
            ProofError::Order,
        ),
        (
            |proof| proof.leaves[0].index = 3,
            ProofError::OutOfRange { index: 3 },
        ),
        (
            |proof| proof.chunks[0][0] = 0b101,
            ProofError::NotLive { index: 1 },
        ),
        (
            |proof| proof.chunks.clear(),
            ProofError::Chunks {
                expected: 1,
                given: 0,
            },
        ),
        (
            |proof| proof.mountain.truncate(1),
            ProofError::PathTooShort {
                tree: Tree::Mountain,
            },
        ),
        (
            |proof| proof.bitmap.push([0; 32]),
            ProofError::PathTooLong { tree: Tree::Bitmap },
        ),
        (|proof| proof.leaves[0].value.push(0), ProofError::Root),
    ];
    for (change, error) in faults {
        let mut proof = proof();
        change(&mut proof);
        assert_eq!(proof.verify(&root()), Err(error));
    }
}

#[test]
fn decoding_keeps_to_its_limits() {
    let bytes = hex(PROOF);
    let read = |limits| StateProof::from_bytes(&bytes, &limits);
    let exact = Limits {
        bytes: bytes.len(),
        leaves: 1,
        key: 1,
        value: 70,
    };
    assert_eq!(read(exact), Ok(proof()));
    let too_large = [
        Limits {
            bytes: bytes.len() - 1,
            ..exact
        },
        Limits { leaves: 0, ..exact },
        Limits { key: 0, ..exact },
        Limits { value: 69, ..exact },
    ];
    for limits in too_large {
        assert!(
            matches!(read(limits), Err(ProofError::TooLarge { .. })),
            "{limits:?}"
        );
    }
    // A length that promises more than there is.
    let mut huge = vec![0x0c];
    huge.extend([0xfe, 0xff, 0xff, 0xff]);
    assert_eq!(
        StateProof::from_bytes(&huge, &Limits::default()),
        Err(ProofError::Malformed)
    );
}
