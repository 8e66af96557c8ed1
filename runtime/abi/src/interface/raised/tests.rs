//! What a refusal reads like, by its interface alone.

#![allow(clippy::expect_used, reason = "tests")]
use super::Unraised;
use crate::interface::describe::{Describe, FieldPart, Named, NamedBody, Shape, VariantPart};
use crate::interface::parts::{Parts, RefusalPart};
use crate::interface::{Field, Interface, RefusalDef, Type};
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;
use marque_primitives::bounded::{List, Text};
use marque_primitives::date::Date;
use marque_primitives::gs1::{Gtin, LotNumber, Serial};
use marque_primitives::thing::LotId;
use marque_primitives::{Address, Amount, Decimal, Height, TimeMs, Unit};
use parity_scale_codec::Encode;

enum Stage {}

impl Describe for Stage {
    const SHAPE: Shape = Shape::Named(&Named {
        path: "tests::Stage",
        name: "Stage",
        args: &[],
        docs: "",
        body: NamedBody::Enum(&[
            VariantPart {
                index: 0,
                name: "harvested",
                docs: "",
                fields: &[],
            },
            VariantPart {
                index: 4,
                name: "packed",
                docs: "",
                fields: &[part("", u8::SHAPE), part("", bool::SHAPE)],
            },
        ]),
    });
}

const fn part(name: &'static str, shape: Shape) -> FieldPart {
    FieldPart {
        name,
        docs: "",
        shape,
    }
}

static PARTS: Parts = Parts::of_refusals(&[&[RefusalPart {
    code: 5_100,
    name: "TooWarm",
    message: "{lot} was above {limit} °C for {minutes} minutes, {limit} being the limit",
    field: Some("{field}"),
    expected: Some("at most {tolerance} minutes"),
    remedy: Some("observe it"),
    fields: &[
        part("lot", LotId::SHAPE),
        part("minutes", u64::SHAPE),
        part("limit", Decimal::SHAPE),
        part("tolerance", u32::SHAPE),
        part("field", str::SHAPE),
        part("unused", Address::SHAPE),
    ],
}]]);

fn lot() -> LotId {
    LotId {
        gtin: Gtin::from_body(950_600_013_435).expect("a GTIN"),
        lot: LotNumber::new("L7").expect("a lot"),
    }
}

fn values() -> Vec<u8> {
    let limit = Decimal::parse("4.5").expect("a decimal");
    (lot(), 31u64, limit, 30u32, "sensors", Address([7; 20])).encode()
}

#[test]
fn texts_are_filled_by_the_fields_names() {
    let refusal = PARTS
        .interface()
        .raised(5_100, &values())
        .expect("a refusal");
    assert_eq!((refusal.code, refusal.name.as_str()), (5_100, "TooWarm"));
    assert_eq!(
        refusal.message.as_str(),
        "L7 of 09506000134352 was above 4.5 °C for 31 minutes, 4.5 being the limit"
    );
    assert_eq!(refusal.field.as_deref(), Some("sensors"));
    assert_eq!(refusal.expected.as_deref(), Some("at most 30 minutes"));
    assert_eq!(refusal.remedy.as_deref(), Some("observe it"));
    assert_eq!((refusal.contract, refusal.items.len()), (None, 0));
}

#[test]
fn bytes_that_are_not_the_values_raise_nothing() {
    let interface = PARTS.interface();
    let values = values();
    for end in 0..values.len() {
        assert_eq!(
            interface.raised(5_100, &values[..end]),
            Err(Unraised::Values),
            "{end}"
        );
    }
    let longer = [&values[..], &[0]].concat();
    assert_eq!(interface.raised(5_100, &longer), Err(Unraised::Values));
}

#[test]
fn a_code_that_is_not_listed_raises_nothing_and_says_how_to_list_it() {
    let interface = PARTS.interface();
    for code in [0, 4_999, 5_006, 5_099, 5_101, u32::MAX] {
        assert_eq!(
            interface.raised(code, &[]),
            Err(Unraised::Unlisted(code)),
            "{code}"
        );
    }
    let said = Unraised::Unlisted(5_101).to_string();
    assert!(said.contains("#[contract(refusals("), "{said}");
}

#[test]
fn every_contract_has_the_sdks_own() {
    let interface = Interface::default();
    let refusal = interface
        .raised(5_001, &"receiver".encode())
        .expect("a refusal");
    assert_eq!(refusal.name.as_str(), "BadArgument");
    assert_eq!(refusal.field.as_deref(), Some("receiver"));
    let cause = "there is no contract at the address";
    let refusal = interface.raised(5_005, &cause.encode()).expect("a refusal");
    assert_eq!(refusal.message.as_str(), cause);
    for code in [5_002, 5_003, 5_004] {
        assert!(interface.raised(code, &[]).is_ok(), "{code}");
    }
}

/// A value in the words of a message that shows nothing else.
fn shown(types: &Interface, ty: Type, value: &[u8]) -> Option<String> {
    let field = Field {
        name: "value".into(),
        docs: String::new(),
        ty,
    };
    let def = RefusalDef {
        code: 5_200,
        name: "Odd".into(),
        message: "{value}".into(),
        field: None,
        expected: None,
        remedy: None,
        fields: vec![field],
    };
    let interface = Interface {
        refusals: vec![def],
        types: types.types.clone(),
        ..Interface::default()
    };
    let refusal = interface.raised(5_200, value).ok()?;
    Some(refusal.message.as_str().into())
}

/// The type that a shape is read as.
fn typed<T: Describe + ?Sized>() -> (Interface, Type) {
    struct Of<T: ?Sized>(core::marker::PhantomData<T>);
    impl<T: Describe + ?Sized> Of<T> {
        const PARTS: &'static Parts = &Parts::of_refusals(&[&[RefusalPart {
            code: 5_200,
            name: "Odd",
            message: "",
            field: None,
            expected: None,
            remedy: None,
            fields: &[part("value", T::SHAPE)],
        }]]);
    }
    let interface = Of::<T>::PARTS.interface();
    let ty = interface.refusals[0].fields[0].ty.clone();
    (interface, ty)
}

fn reads<T: Describe + Encode + ?Sized>(value: &T) -> String {
    let (interface, ty) = typed::<T>();
    shown(&interface, ty, &value.encode()).expect("words")
}

#[test]
fn values_read_as_everywhere_on_the_ledger() {
    for value in [0, 1, 9, 10, u128::MAX] {
        assert_eq!(reads(&value), value.to_string());
    }
    assert_eq!(reads(&i128::MIN), i128::MIN.to_string());
    assert_eq!(reads(&i8::MIN), "-128");
    for text in ["0", "-0.000000001", "4.5", "100", "-7.25"] {
        assert_eq!(reads(&Decimal::parse(text).expect("a decimal")), text);
    }
    // The example of EIP-55.
    let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    assert_eq!(
        reads(&address.parse::<Address>().expect("an address")),
        address
    );
    assert_eq!(
        reads(&Date::from_ymd(2_026, 5, 9).expect("a day")),
        "2026-05-09"
    );
    assert_eq!(reads(&TimeMs(1_777_622_461_999)), "2026-05-01T08:01:01Z");
    assert_eq!(reads(&lot()), "L7 of 09506000134352");
    assert_eq!(reads(&lot().gtin), "09506000134352");
    let serial = Serial::new("a\"%1").expect("a serial");
    assert_eq!(reads(&serial), "a\"%1");
    assert_eq!(reads(&Height(7)), "7");
    let amount = Amount::new(Decimal::from_integer(2), Some("KGM")).expect("an amount");
    assert_eq!(
        (reads(&amount), reads(&amount.unit)),
        ("2000 GRM".into(), "GRM".into())
    );
    assert_eq!(reads(&Unit::Each), "EA");
    assert_eq!(reads(&true), "true");
}

#[test]
fn what_is_made_of_values_reads_as_they_do() {
    assert_eq!(reads("words, \u{e9}"), "words, \u{e9}");
    assert_eq!(reads(&None::<u8>), "nothing");
    assert_eq!(reads(&Some(7u8)), "7");
    assert_eq!(reads(&vec![1u16, 2, 3]), "1, 2, 3");
    assert_eq!(reads(&(7u8, true)), "7, true");
    assert_eq!(reads(&[1u16, 2]), "1, 2");
    assert_eq!(reads(&()), "");
    let texts = List::<Text<8>, 4>::new(vec![Text::new("a").expect("short")]).expect("few");
    assert_eq!(reads(&texts), "a");
    let (interface, ty) = typed::<Stage>();
    let stage = |bytes: &[u8]| shown(&interface, ty.clone(), bytes);
    assert_eq!(stage(&[0]).as_deref(), Some("harvested"));
    assert_eq!(stage(&[4, 9, 1]).as_deref(), Some("packed 9, true"));
    assert_eq!(stage(&[1]), None);
}

#[test]
fn long_values_are_cut_and_bombs_are_refused() {
    // 600 bytes of two-byte characters: whole characters stay.
    let long = "\u{e9}".repeat(300);
    assert_eq!(reads(long.as_str()), "\u{e9}".repeat(256));
    let (interface, ty) = typed::<Vec<()>>();
    let many = |count: u32| {
        let bytes = parity_scale_codec::Compact(count).encode();
        shown(&interface, ty.clone(), &bytes)
    };
    assert!(many(1_000).is_some());
    assert_eq!(many(1_025), None);
    assert_eq!(many(u32::MAX), None);
    // A length that is not there.
    let (interface, ty) = typed::<str>();
    assert_eq!(shown(&interface, ty.clone(), &[2, 0, 0, 4]), None);
    // No UTF-8.
    assert_eq!(shown(&interface, ty, &[4, 0xff]), None);
}
