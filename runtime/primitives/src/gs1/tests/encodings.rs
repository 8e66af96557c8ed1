//! The bytes of each encoded type are fixed; decoding verifies what construction does.

use std::string::String;

use parity_scale_codec::{Decode, DecodeAll, Encode, MaxEncodedLen};

use super::identifier;
use crate::gs1::*;

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| std::format!("{byte:02x}"))
        .collect()
}

#[track_caller]
fn fixed<T: Encode + DecodeAll + PartialEq + core::fmt::Debug>(value: T, bytes: &str) {
    let encoded = value.encode();
    assert_eq!(hex(&encoded), bytes);
    assert_eq!(T::decode_all(&mut encoded.as_slice()).unwrap(), value);
    assert!(
        T::decode_all(&mut &encoded[..encoded.len() - 1]).is_err(),
        "a byte is missing"
    );
    assert!(encoded.len() >= value.size_hint() || value.size_hint() > 0);
}

#[test]
fn keys_are_little_endian_numbers_and_texts_have_one_byte_of_length() {
    fixed(Gtin::new("09506000134352").unwrap(), "d0e0c249a5080000");
    fixed(Sscc::new("340123451111111111").unwrap(), "c7f9410b7a5cb804");
    fixed(Gln::new("4012345000054").unwrap(), "76006632a6030000");
    fixed(GraiType::new("4012345000221").unwrap(), "1d016632a6030000");
    fixed(Serial::new("000001").unwrap(), "06303030303031");
    fixed(LotNumber::new("B7").unwrap(), "024237");
    fixed(CompanyPrefix::new("0614141").unwrap(), "07fd5e090000000000");
    fixed(Grai::new("4012345000221").unwrap(), "1d016632a603000000");
    fixed(
        Grai::new("4012345000221A1").unwrap(),
        "1d016632a603000001024131",
    );
    fixed(Giai::new("4012345A").unwrap(), "083430313233343541");
    fixed(
        Itip::new("040123451234560102").unwrap(),
        "80e26732a60300000102",
    );
}

#[test]
fn each_kind_of_identifier_has_its_index() {
    for (index, text) in [
        (0, "(01)09506000134352(22)V"),
        (1, "(01)09506000134352(10)L"),
        (2, "(01)09506000134352(10)L(21)S"),
        (3, "(01)09506000134352(235)X"),
        (4, "(8006)040123451234560102(21)S"),
        (5, "(00)340123451111111111"),
        (6, "(8003)04012345000221A1"),
        (7, "(8004)4012345A"),
        (8, "(414)4012345000054(254)E"),
        (9, "(417)4012345000054"),
        (10, "(8017)401234500000000074(8019)1"),
        (11, "(8018)401234500000067657"),
        (12, "(253)4012345000092PO"),
        (13, "(255)401234599999044"),
        (14, "(401)4012345333"),
        (15, "(402)40123452223334442"),
        (16, "(8010)4012345ABC(8011)123"),
        (17, "(8013)1987654Ad4X4bL5ttr2310c2K"),
        (18, "(415)4012345000054(8020)R"),
        (19, "(417)4012345000054(7040)1ABC"),
        (20, "(414)4012345000054(7040)1ABC"),
        (21, "(8004)4012345A(7040)1ABC"),
        (22, "urn:uuid:1b2c"),
    ] {
        let encoded = identifier(text).encode();
        assert_eq!(encoded.first(), Some(&index), "{text}");
        assert_eq!(
            Identifier::decode_all(&mut encoded.as_slice()).unwrap(),
            identifier(text)
        );
    }
    fixed(
        identifier("(01)09506000134352(10)L(21)A1"),
        "02d0e0c249a508000002413101014c00",
    );
    fixed(identifier("urn:uuid:1b"), "162c75726e3a757569643a3162");
}

#[test]
fn decoding_verifies() {
    let refused = |bytes: &[u8]| Gtin::decode(&mut &bytes[..]).is_err();
    assert!(refused(&9_506_000_134_353u64.encode()), "wrong check digit");
    assert!(refused(&100_000_000_000_007u64.encode()), "15 digits");
    assert!(Serial::decode(&mut &b"\x00"[..]).is_err(), "empty");
    assert!(Serial::decode(&mut &b"\x01 "[..]).is_err(), "a space");
    assert!(
        Serial::decode(&mut &[&[21], &[b'1'; 21][..]].concat()[..]).is_err(),
        "too long"
    );
    assert!(CompanyPrefix::decode(&mut &(7u8, 10_000_000u64).encode()[..]).is_err());
    assert!(CompanyPrefix::decode(&mut &(3u8, 1u64).encode()[..]).is_err());
    let serial = Serial::new(&"1".repeat(17)).unwrap();
    let grai = (GraiType::new("4012345000221").unwrap(), Some(serial)).encode();
    assert!(
        Grai::decode(&mut &grai[..]).is_err(),
        "a GRAI serial has 16 characters at most"
    );
    assert!(
        Itip::decode(&mut &(Gtin::new("04012345123456").unwrap(), 2u8, 1u8).encode()[..]).is_err()
    );
    for uri in [
        "https://id.gs1.org/01/09506000134352",
        "no uri",
        "urn:epc:id:sscc:4012345.0111111111",
    ] {
        assert!(OpaqueUri::decode(&mut &uri.encode()[..]).is_err(), "{uri}");
    }
    let long = std::format!("urn:{}", "x".repeat(252));
    assert!(
        OpaqueUri::decode(&mut &long.encode()[..]).is_err(),
        "256 bytes"
    );
}

#[test]
fn the_longest_encodings_are_stated() {
    let longest = Serial::new(&"x".repeat(20)).unwrap();
    assert_eq!(longest.encode().len(), Serial::max_encoded_len());
    let grai = Grai::new("4012345000221")
        .unwrap()
        .with_serial(&"x".repeat(16))
        .unwrap();
    assert!(grai.encode().len() <= Grai::max_encoded_len());
    assert_eq!(Gtin::max_encoded_len(), 8);
    assert_eq!(Itip::max_encoded_len(), 10);
}
