use super::{Meta, MetaError, Parts, VERSION};
use alloc::vec::Vec;
use marque_primitives::bounded::Bytes;
use parity_scale_codec::Encode;

const PARTS: Parts<'static> = Parts {
    name: "fresh-food",
    release: "0.1.0",
    entries: &["message", "rule_offer"],
    interface: &[7; 100],
};
const LEN: usize = PARTS.encoded_len();
const BYTES: [u8; LEN] = PARTS.encode::<LEN>();

/// The encoding is what deployed contracts carry: it never changes under one version.
#[test]
fn the_compilers_bytes_are_scale() {
    let meta = Meta::read(&BYTES).unwrap();
    assert_eq!(meta.encode(), BYTES);
    assert_eq!(&*meta.name, "fresh-food");
    assert_eq!(&*meta.release, "0.1.0");
    assert_eq!(meta.entry_names(), ["message", "rule_offer"]);
    assert_eq!(&*meta.interface, [7; 100]);
    let head = b"\x01\x01\x00\x28fresh-food\x140.1.0\x08\x1cmessage\x28rule_offer\x91\x01\x07";
    assert_eq!(&BYTES[..head.len()], head);
}

#[test]
fn lengths_of_every_size_encode() {
    for length in [0usize, 1, 63, 64, 16_383, 16_384, 65_536] {
        let interface: Vec<u8> = alloc::vec![1; length];
        let parts = Parts {
            interface: &interface,
            ..PARTS
        };
        let expected = Meta {
            interface: Bytes::new(interface.clone()).unwrap(),
            ..Meta::read(&BYTES).unwrap()
        };
        assert_eq!(parts.encoded_len(), expected.encode().len(), "{length}");
    }
}

#[test]
fn other_versions_are_told_apart_from_damage() {
    let with = |at: usize, value: u8| {
        let mut bytes = BYTES;
        bytes[at] = value;
        Meta::read(&bytes).unwrap_err()
    };
    assert_eq!(with(0, VERSION + 1), MetaError::Version(VERSION + 1));
    assert_eq!(with(1, 9), MetaError::Abi(9));
    assert!(matches!(with(3, 0xff), MetaError::Encoding(_)));
    for end in 0..BYTES.len() {
        assert!(Meta::read(&BYTES[..end]).is_err(), "truncated at {end}");
    }
    const UNSORTED: Parts<'static> = Parts {
        entries: &["rule_offer", "message"],
        interface: &[],
        ..PARTS
    };
    const UNKNOWN: Parts<'static> = Parts {
        entries: &["selfdestruct"],
        interface: &[],
        ..PARTS
    };
    assert_eq!(
        Meta::read(&UNSORTED.encode::<{ UNSORTED.encoded_len() }>()),
        Err(MetaError::Entries)
    );
    assert_eq!(
        Meta::read(&UNKNOWN.encode::<{ UNKNOWN.encoded_len() }>()),
        Err(MetaError::Entries)
    );
}
