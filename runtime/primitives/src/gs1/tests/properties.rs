//! Any identifier survives every form, and any text is answered without a panic.

use std::string::String;
use std::vec;

use parity_scale_codec::{DecodeAll, Encode};
use proptest::collection::vec as vec_of;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{identifier, parse};
use crate::gs1::*;

const SET_82: &str =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

fn text(max: usize) -> impl Strategy<Value = String> {
    let characters: std::vec::Vec<char> = SET_82.chars().collect();
    vec_of(select(characters), 1..=max).prop_map(|characters| characters.into_iter().collect())
}

fn typed<T>(max: usize) -> impl Strategy<Value = T>
where
    T: core::str::FromStr<Err = Gs1Error> + core::fmt::Debug,
{
    text(max).prop_filter_map("held by the type", |text| text.parse().ok())
}

fn gtin() -> impl Strategy<Value = Gtin> {
    (0..10u64.pow(13)).prop_map(|body| Gtin::from_body(body).unwrap())
}

fn gln() -> impl Strategy<Value = Gln> {
    (0..10u64.pow(12)).prop_map(|body| Gln::from_body(body).unwrap())
}

fn gsrn() -> impl Strategy<Value = Gsrn> {
    (0..10u64.pow(17)).prop_map(|body| Gsrn::from_body(body).unwrap())
}

fn prefixed(max: usize) -> impl Strategy<Value = String> {
    (0..10_000u32, text(max - 4)).prop_map(|(digits, text)| std::format!("{digits:04}{text}"))
}

fn any_identifier() -> impl Strategy<Value = Identifier> {
    let variant = || option::of(typed::<Variant>(20));
    let lot = || option::of(typed::<LotNumber>(20));
    let class = || (0..10u64.pow(12)).prop_map(|body| GraiType::from_body(body).unwrap());
    prop_oneof![
        (gtin(), variant()).prop_map(|(gtin, variant)| Identifier::Gtin { gtin, variant }),
        (gtin(), typed(20), variant()).prop_map(|(gtin, lot, variant)| Identifier::Lgtin {
            gtin,
            lot,
            variant
        }),
        (gtin(), typed(20), lot(), variant()).prop_map(|(gtin, serial, lot, variant)| {
            Identifier::Sgtin {
                gtin,
                serial,
                lot,
                variant,
            }
        }),
        (gtin(), typed(28)).prop_map(|(gtin, tpx)| Identifier::Upui { gtin, tpx }),
        (
            gtin(),
            1..=99u8,
            1..=99u8,
            option::of(typed(20)),
            lot(),
            variant()
        )
            .prop_map(|(gtin, a, b, serial, lot, variant)| {
                let itip = Itip::from_parts(gtin, a.min(b), a.max(b)).unwrap();
                Identifier::Itip {
                    itip,
                    serial,
                    lot,
                    variant,
                }
            }),
        (0..10u64.pow(17)).prop_map(|body| Identifier::Sscc(Sscc::from_body(body).unwrap())),
        (class(), option::of(text(16))).prop_map(|(class, serial)| {
            let grai = Grai::from(class);
            Identifier::Grai(serial.map_or(grai, |serial| grai.with_serial(&serial).unwrap()))
        }),
        prefixed(30).prop_map(|text| Identifier::Giai(Giai::new(&text).unwrap())),
        (gln(), option::of(typed(20)))
            .prop_map(|(gln, extension)| Identifier::Sgln { gln, extension }),
        gln().prop_map(Identifier::Pgln),
        (gsrn(), option::of("[0-9]{1,10}")).prop_map(|(gsrn, instance)| {
            let instance = instance.map(|digits| Srin::new(&digits).unwrap());
            Identifier::Gsrnp { gsrn, instance }
        }),
        gsrn().prop_map(|gsrn| Identifier::Gsrn {
            gsrn,
            instance: None
        }),
        (class(), option::of(text(17))).prop_map(|(class, serial)| {
            let gdti = Gdti::new(&std::format!("{class}")).unwrap();
            Identifier::Gdti(serial.map_or(gdti, |serial| gdti.with_serial(&serial).unwrap()))
        }),
        prefixed(30).prop_map(|text| Identifier::Ginc(Ginc::new(&text).unwrap())),
        (class(), option::of("[0-9]{1,12}")).prop_map(|(class, serial)| {
            let gcn = Gcn::new(&std::format!("{class}")).unwrap();
            Identifier::Gcn(serial.map_or(gcn, |serial| gcn.with_serial(&serial).unwrap()))
        }),
        ("[0-9]{4}[0-9A-Z#/-]{1,26}", option::of("[1-9][0-9]{0,11}")).prop_map(|(cpid, serial)| {
            let serial = serial.map(|serial| CpiSerial::new(&serial).unwrap());
            Identifier::Cpi {
                cpid: Cpid::new(&cpid).unwrap(),
                serial,
            }
        }),
        (prefixed(30), "[0-9][A-Z+]{2}[0-9a-z_-]").prop_map(|(giai, uic)| Identifier::Mid {
            giai: Giai::new(&giai).unwrap(),
            uic: Uic::new(&uic).unwrap(),
        }),
        (0..10u64.pow(16)).prop_map(|body| Identifier::Gsin(Gsin::from_body(body).unwrap())),
        (gln(), typed(25))
            .prop_map(|(payee, reference)| Identifier::PaymentSlip { payee, reference }),
    ]
}

proptest! {
    #[test]
    fn identifiers_survive_every_form(key in any_identifier()) {
        prop_assert_eq!(&identifier(&key.to_canonical()), &key);
        prop_assert_eq!(&identifier(&key.to_element_string().unwrap()), &key);
        prop_assert_eq!(&identifier(&key.to_raw_element_string().unwrap()), &key);
        let encoded = key.encode();
        prop_assert_eq!(Identifier::decode_all(&mut encoded.as_slice()).unwrap(), key);
    }

    #[test]
    fn epc_urns_name_what_they_were_written_from(key in any_identifier(), prefix_len in 6..=12u8) {
        if let Ok(urn) = key.to_epc_urn(prefix_len) {
            prop_assert_eq!(identifier(&urn), key.constrained(), "{}", urn);
        }
    }

    #[test]
    fn no_identifier_is_also_an_opaque_uri(key in any_identifier()) {
        prop_assert!(OpaqueUri::new(&key.to_canonical()).is_err());
        let elsewhere = key.to_canonical().replace("id.gs1.org", "brand.example");
        // On other hosts four digits must begin the value, as they do in every key.
        prop_assert!(OpaqueUri::new(&elsewhere).is_err());
        prop_assert_eq!(identifier(&elsewhere), key);
    }

    #[test]
    fn the_order_of_texts_is_that_of_their_bytes(a in text(20), b in text(20)) {
        let (x, y) = (Serial::new(&a).unwrap(), Serial::new(&b).unwrap());
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
    }

    #[test]
    fn numeric_serials_survive(digits in 1..=20u8, value in any::<u128>()) {
        let value = value % 10u128.pow(u32::from(digits));
        let serial = Serial::from_numeric(digits, value).unwrap();
        prop_assert_eq!(serial.numeric(), Some((digits, value)));
        prop_assert_eq!(Serial::new(serial.as_str()).unwrap(), serial);
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = parse(&text);
        let _ = OpaqueUri::new(&text);
    }

    #[test]
    fn any_text_of_identifiers_alphabet_is_answered(
        start in select(vec!["", "(", "]d2", "https://x.example/", "/", "urn:epc:id:", "urn:epc:idpat:", "urn:epc:class:"]),
        rest in "[0-9A-Za-z()/%.*?&=:\\\\\u{1d}#]{0,80}",
    ) {
        if let Ok(parsed) = parse(&std::format!("{start}{rest}")) {
            let canonical = parsed.identifier.to_canonical();
            prop_assert_eq!(identifier(&canonical), parsed.identifier);
        }
    }

    #[test]
    fn a_mutated_identifier_is_refused_or_read_again_as_written(
        key in any_identifier(),
        position in any::<prop::sample::Index>(),
        character in any::<char>(),
    ) {
        let link = key.to_canonical();
        let mut characters: std::vec::Vec<char> = link.chars().collect();
        let at = position.index(characters.len());
        characters[at] = character;
        let mutated: String = characters.into_iter().collect();
        if let Ok(parsed) = parse(&mutated) {
            let again = identifier(&parsed.identifier.to_canonical());
            prop_assert_eq!(again, parsed.identifier);
        }
    }

    #[test]
    fn any_bytes_are_decoded_to_what_they_encode_or_refused(bytes in vec_of(any::<u8>(), 0..64)) {
        if let Ok(key) = Identifier::decode_all(&mut bytes.as_slice()) {
            prop_assert_eq!(identifier(&key.to_canonical()), key);
        }
    }
}

proptest! {
    /// What a contract decodes with takes what the constructors take, and nothing else.
    #[test]
    fn the_short_checks_agree_with_those_that_say_why(bytes in vec_of(any::<u8>(), 0..24), good in text(24), cut in 0usize..24, value: u64) {
        for bytes in [&*bytes, good.as_bytes(), good.get(..cut).unwrap_or(&good).as_bytes()] {
            let said = core::str::from_utf8(bytes).ok();
            prop_assert_eq!(LotNumber::try_bytes(bytes), said.and_then(|text| LotNumber::new(text).ok()));
            prop_assert_eq!(Serial::try_bytes(bytes), said.and_then(|text| Serial::new(text).ok()));
            prop_assert_eq!(GlnExtension::try_bytes(bytes), said.and_then(|text| GlnExtension::new(text).ok()));
        }
        for value in [value, value % 10u64.pow(15), value % 10u64.pow(14), value % 1_000] {
            prop_assert_eq!(Gtin::try_u64(value), Gtin::from_u64(value).ok());
            prop_assert_eq!(Sscc::try_u64(value), Sscc::from_u64(value).ok());
        }
        let whole = Gtin::from_body(value % 10u64.pow(13)).unwrap();
        prop_assert_eq!(Gtin::try_u64(whole.as_u64()), Some(whole));
    }
}
