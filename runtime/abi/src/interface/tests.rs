//! What the compiler writes into a contract is what a reader gets.

#![allow(clippy::expect_used, reason = "tests")]
use super::describe::{Describe, FieldPart, Named, NamedBody, Shape, VariantPart};
use super::json::{decode_event, decode_result, encode_args, signature};
use super::parts::{EventPart, FunctionPart, LayoutPart, Parts, RefusalPart, SlotPart, layout};
use super::*;
use alloc::string::ToString as _;
use alloc::vec;
use marque_primitives::bounded::{Bytes, List, Text};
use marque_primitives::thing::LotId;
use marque_primitives::{Address, Decimal};
use parity_scale_codec::Encode;
use serde_json::{Value, json};

struct Point;

impl Describe for Point {
    const SHAPE: Shape = Shape::Named(&Named {
        path: "tests::Point",
        name: "Point",
        args: &[],
        docs: "Where it is.",
        body: NamedBody::Struct(&[field("x", i32::SHAPE), field("far", Option::<u64>::SHAPE)]),
    });
}

struct Shade;

impl Describe for Shade {
    const SHAPE: Shape = Shape::Named(&Named {
        path: "tests::Shade",
        name: "Shade",
        args: &[],
        docs: "",
        body: NamedBody::Enum(&[
            VariantPart {
                index: 0,
                name: "dark",
                docs: "",
                fields: &[],
            },
            VariantPart {
                index: 1,
                name: "grey",
                docs: "",
                fields: &[field("", u8::SHAPE)],
            },
            VariantPart {
                index: 2,
                name: "at",
                docs: "",
                fields: &[field("point", Point::SHAPE)],
            },
        ]),
    });
}

const fn field(name: &'static str, shape: Shape) -> FieldPart {
    FieldPart {
        name,
        docs: "",
        shape,
    }
}

const PARTS: &Parts = &Parts {
    docs: "A test's.",
    storage: &[
        SlotPart {
            name: "limit",
            docs: "How far.",
            layout: LayoutPart::Plain(Decimal::SHAPE),
        },
        SlotPart {
            name: "points",
            docs: "",
            layout: LayoutPart::Map(Address::SHAPE, Point::SHAPE),
        },
    ],
    init: None,
    migrate: Some(FunctionPart {
        name: "migrate",
        docs: "",
        args: &[],
        returns: <()>::SHAPE,
    }),
    rules: &[("offer", "Not there.")],
    messages: &[
        FunctionPart {
            name: "draw",
            docs: "Draws.",
            args: &[
                field("lot", LotId::SHAPE),
                field("shades", List::<Shade, 3>::SHAPE),
                field("note", Option::<Text<8>>::SHAPE),
            ],
            returns: <()>::SHAPE,
        },
        FunctionPart {
            name: "mix",
            docs: "",
            args: &[
                field("pair", <(bool, [u8; 4])>::SHAPE),
                field("wide", u128::SHAPE),
                field("raw", Bytes::<4>::SHAPE),
                field("by", Address::SHAPE),
            ],
            returns: <Vec<Shade>>::SHAPE,
        },
    ],
    queries: &[FunctionPart {
        name: "at",
        docs: "",
        args: &[],
        returns: Point::SHAPE,
    }],
    events: &[EventPart {
        name: "Drawn",
        docs: "",
        fields: &[
            (field("by", Address::SHAPE), true),
            (field("count", u64::SHAPE), false),
        ],
    }],
    refusals: &[
        &[refusal(5010, "TooFar")],
        &[refusal(5011, "TooDark"), refusal(5999, "Closed")],
    ],
};

const fn refusal(code: u32, name: &'static str) -> RefusalPart {
    RefusalPart {
        code,
        name,
        message: "{x} is too much",
        field: Some("x"),
        expected: None,
        remedy: Some("less"),
        fields: const { &[field("x", i32::SHAPE)] },
    }
}

const LEN: usize = PARTS.encoded_len();
const ENCODED: [u8; LEN] = PARTS.encode();

fn interface() -> Interface {
    Interface::read(&ENCODED).expect("the compiler's encoding")
}

#[test]
fn what_the_compiler_wrote_is_what_a_reader_gets() {
    let interface = interface();
    assert_eq!(interface.encode(), ENCODED, "one spelling");
    assert_eq!(interface.docs, "A test's.");
    let names: Vec<&str> = interface
        .types
        .iter()
        .map(|def| def.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["Point", "Shade"],
        "each once, in the order of their use"
    );
    assert_eq!(
        interface.storage[1].layout,
        Layout::Map(Type::Builtin(Builtin::Address), Type::Named(0))
    );
    assert_eq!(
        interface.messages[0].args[1].ty,
        Type::List(Type::Named(1).into(), 3)
    );
    assert_eq!(interface.refusals.len(), 3);
    assert_eq!(
        interface.refusal(5011).map(|refusal| refusal.name.as_str()),
        Some("TooDark")
    );
    assert!(
        interface
            .event("Drawn")
            .is_some_and(|event| event.fields[0].indexed)
    );
    assert_eq!(interface.init, None);
    assert_eq!(
        interface.migrate.as_ref().map(|migrate| &migrate.returns),
        Some(&Type::UNIT)
    );
}

/// The encoding's fixture: changing it breaks every contract's section.
#[test]
fn the_encoding_is_final() {
    let digest = marque_primitives::hash::sha256(&[&ENCODED]).to_string();
    assert_eq!(
        digest,
        "0xd38de029634af99ee42b706ae8772fe89bb2ffc96347d029e662033316154fe7"
    );
}

#[test]
fn layouts_differ_by_names_types_and_kinds_and_not_by_docs() {
    const fn slots(name: &'static str, layout: LayoutPart, docs: &'static str) -> [SlotPart; 1] {
        [SlotPart { name, docs, layout }]
    }
    const A: &[SlotPart] = &slots("a", LayoutPart::Plain(u8::SHAPE), "");
    const DOCUMENTED: &[SlotPart] = &slots("a", LayoutPart::Plain(u8::SHAPE), "What a is.");
    const RENAMED: &[SlotPart] = &slots("b", LayoutPart::Plain(u8::SHAPE), "");
    const WIDER: &[SlotPart] = &slots("a", LayoutPart::Plain(u16::SHAPE), "");
    const APART: &[SlotPart] = &slots("a", LayoutPart::Value(u8::SHAPE), "");
    const POINT: &[SlotPart] = &slots("a", LayoutPart::Plain(Point::SHAPE), "");
    const SHADE: &[SlotPart] = &slots("a", LayoutPart::Plain(Shade::SHAPE), "");
    assert_eq!(layout(A), layout(DOCUMENTED));
    let others = [A, RENAMED, WIDER, APART, POINT, SHADE].map(layout);
    for (at, one) in others.iter().enumerate() {
        assert!(!others[..at].contains(one), "layout {at}");
    }
}

#[test]
fn arguments_encode_by_name_or_place() {
    let interface = interface();
    let draw = interface.message("draw").expect("a message");
    let lot = "https://id.gs1.org/01/09506000134352/10/L7";
    let by_name =
        json!({"lot": lot, "shades": ["dark", {"grey": 7}, {"at": {"point": {"x": -1}}}]});
    let encoded = encode_args(&interface, draw, &by_name).expect("arguments");
    let gtin = 9_506_000_134_352u64;
    let shades = [3u8 << 2, 0, 1, 7, 2, 0xff, 0xff, 0xff, 0xff, 0];
    let expected = [gtin.encode(), vec![2, b'L', b'7'], shades.to_vec(), vec![0]].concat();
    assert_eq!(encoded, expected);
    let by_place =
        json!([lot, ["dark", {"grey": 7}, {"at": {"point": {"x": -1, "far": null}}}], null]);
    assert_eq!(encode_args(&interface, draw, &by_place), Ok(encoded));
    let mix = interface.message("mix").expect("a message");
    let args = json!({"pair": [true, "0x01020304"], "wide": u128::MAX.to_string(), "raw": "0x", "by": Address([7; 20]).to_string()});
    let expected = (
        true,
        [1u8, 2, 3, 4],
        u128::MAX,
        Vec::<u8>::new(),
        Address([7; 20]),
    )
        .encode();
    assert_eq!(encode_args(&interface, mix, &args), Ok(expected));
}

#[test]
fn errors_name_the_argument_and_what_was_expected() {
    let interface = interface();
    let says = |name: &str, args: Value| {
        let function = interface.message(name).expect("a message");
        encode_args(&interface, function, &args)
            .expect_err("refused")
            .to_string()
    };
    let lot = "https://id.gs1.org/01/09506000134352/10/L7";
    let takes = "draw(lot: LotId, shades: [Shade; at most 3], note: text of at most 8 bytes?)";
    assert_eq!(
        signature(&interface, interface.message("draw").expect("a message")),
        takes
    );
    assert_eq!(
        says("draw", json!({})),
        alloc::format!("`lot`: missing; {takes}")
    );
    assert_eq!(
        says("draw", json!({"lots": 1})),
        alloc::format!("`lots`: no such argument; {takes}")
    );
    assert_eq!(
        says("draw", json!([1])),
        alloc::format!("1 arguments given, 3 expected: {takes}")
    );
    assert_eq!(
        says("draw", json!(7)),
        alloc::format!("arguments are an object or an array; {takes}")
    );
    let shades = |shades: Value| says("draw", json!({"lot": lot, "shades": shades}));
    assert_eq!(
        shades(json!(["red"])),
        "`shades[0]`: `red` is no Shade; one of: dark, grey, at"
    );
    assert_eq!(
        shades(json!(["dark", {"grey": 300}])),
        "`shades[1].grey`: invalid number (expected U8)"
    );
    assert_eq!(
        shades(json!([{"at": {"point": {"far": 1}}}])),
        "`shades[0].at.point.x`: missing"
    );
    assert_eq!(
        shades(json!([{"at": {"point": {"x": 1, "y": 2}}}])),
        "`shades[0].at.point.y`: no such field"
    );
    assert_eq!(
        shades(json!(["dark", "dark", "dark", "dark"])),
        "`shades`: 4 items, 3 at most"
    );
    assert_eq!(
        says("draw", json!([lot, [], "ninebytes"])),
        "`note`: 9 bytes of UTF-8, 8 at most"
    );
    assert!(
        says(
            "draw",
            json!({"lot": "https://id.gs1.org/01/09506000134353/10/L7", "shades": []})
        )
        .starts_with("`lot`: ")
    );
    let by = Address([0; 20]).to_string();
    let mix = |pair: Value, wide: Value, raw: Value| says("mix", json!([pair, wide, raw, by]));
    assert_eq!(
        mix(json!([true]), json!(1), json!("0x")),
        "`pair`: 1 items, exactly 2 expected"
    );
    assert_eq!(
        mix(json!([true, "0x01"]), json!(1), json!("0x")),
        "`pair[1]`: 1 bytes, exactly 4 expected"
    );
    assert_eq!(
        mix(json!([true, "0x01020304"]), json!(-1), json!("0x")),
        "`wide`: expected U128, as a number or its decimal text, found -1"
    );
    assert_eq!(
        mix(json!([true, "0x01020304"]), json!(1), json!("0x0102030405")),
        "`raw`: 5 bytes, 4 at most"
    );
    assert_eq!(
        mix(json!([true, "0x01020304"]), json!(1), json!("07")),
        "`raw`: expected 0x and hexadecimal digits, two for each byte, found \"07\""
    );
}

#[test]
fn answers_decode_to_json() {
    let interface = interface();
    let at = interface.query("at").expect("a query");
    let far = (1u64 << 53) - 1;
    let decoded = decode_result(&interface, at, &(-3i32, Some(far)).encode());
    assert_eq!(decoded, Ok(json!({"x": -3, "far": far})));
    let decoded = decode_result(&interface, at, &(-3i32, Some(far + 1)).encode());
    assert_eq!(decoded, Ok(json!({"x": -3, "far": "9007199254740992"})));
    let mix = interface.message("mix").expect("a message");
    let bytes = [3u8 << 2, 0, 1, 9, 2, 1, 0, 0, 0, 0];
    let decoded = decode_result(&interface, mix, &bytes);
    assert_eq!(
        decoded,
        Ok(json!(["dark", {"grey": 9}, {"at": {"point": {"x": 1, "far": null}}}]))
    );
    let draw = interface.message("draw").expect("a message");
    assert_eq!(decode_result(&interface, draw, &[]), Ok(Value::Null));
}

#[test]
fn bytes_of_another_type_are_refused_where_they_differ() {
    let interface = interface();
    let says = |bytes: &[u8]| {
        let mix = interface.message("mix").expect("a message");
        decode_result(&interface, mix, bytes)
            .expect_err("refused")
            .to_string()
    };
    assert_eq!(says(&[1 << 2, 9]), "`[0]`: Shade has no variant 9");
    assert_eq!(says(&[1 << 2, 1]), "`[0].grey`: the bytes are no U8");
    assert_eq!(says(&[1 << 2, 0, 0]), "1 bytes more than the type has");
    assert_eq!(
        says(&[1 << 2, 2, 0, 0, 0, 0, 2]),
        "`[0].at.point.far`: an option's flag is 0 or 1"
    );
    // A length far beyond the bytes is no reason to reserve anything.
    assert_eq!(
        says(&[0xfe, 0xff, 0xff, 0xff]),
        "1073741823 long, 65536 at most"
    );
}

#[test]
fn events_decode_by_their_name() {
    let interface = interface();
    let bytes = ("Drawn", Address([7; 20]), 5u64).encode();
    let (event, fields) = decode_event(&interface, &bytes).expect("an event");
    assert_eq!(event.name, "Drawn");
    let fields = Value::Object(fields);
    assert_eq!(
        fields,
        json!({"by": Address([7; 20]).to_string(), "count": 5})
    );
    let unknown = decode_event(&interface, &("Erased", 1u8).encode());
    assert_eq!(
        unknown.expect_err("refused").to_string(),
        "the contract has no event Erased"
    );
}

/// An interface with these types and a query that answers the first.
fn with_types(types: Vec<TypeDef>) -> Result<Interface, InterfaceError> {
    let hostile = Interface {
        types,
        queries: vec![Function {
            name: "at".into(),
            docs: String::new(),
            args: Vec::new(),
            returns: Type::Named(0),
        }],
        ..interface()
    };
    Interface::read(
        &Interface {
            storage: vec![],
            messages: vec![],
            ..hostile
        }
        .encode(),
    )
}

fn def(ty: Type) -> TypeDef {
    let only = Field {
        name: String::new(),
        docs: String::new(),
        ty,
    };
    TypeDef {
        name: "T".into(),
        docs: String::new(),
        body: Body::Struct(vec![only]),
    }
}

#[test]
fn types_that_cannot_be_walked_are_refused() {
    assert_eq!(with_types(vec![]), Err(InterfaceError::UnknownType(0)));
    assert_eq!(
        with_types(vec![def(Type::Named(0))]),
        Err(InterfaceError::Nesting)
    );
    let mutual = vec![
        def(Type::Named(1)),
        def(Type::Option(Type::Named(0).into())),
    ];
    assert_eq!(with_types(mutual), Err(InterfaceError::Nesting));
    let deep = (1..40).map(|next| def(Type::Named(next))).collect();
    assert_eq!(with_types(deep), Err(InterfaceError::Nesting));
    assert_eq!(Interface::read(&[2]), Err(InterfaceError::Version(2)));
    let truncated = &ENCODED[..LEN - 1];
    assert!(matches!(
        Interface::read(truncated),
        Err(InterfaceError::Encoding(_))
    ));
}

#[test]
fn values_that_take_no_bytes_do_not_multiply_without_end() {
    // Pairs of pairs of pairs …: 2^13 values a level, from no bytes at all.
    let mut types: Vec<TypeDef> = (1..6)
        .map(|next| def(Type::Tuple(vec![Type::Named(next); 64])))
        .collect();
    types.push(def(Type::UNIT));
    let interface = with_types(types).expect("types that can be walked");
    let at = interface.query("at").expect("a query");
    let error = decode_result(&interface, at, &[])
        .expect_err("refused")
        .to_string();
    assert!(error.ends_with("more values than a call holds"), "{error}");
    let endless = with_types(vec![def(Type::Array(Type::UNIT.into(), u32::MAX))]).expect("walked");
    let at = endless.query("at").expect("a query");
    assert!(decode_result(&endless, at, &[]).is_err());
}

#[test]
fn codes_come_from_names_within_their_range() {
    for name in ["NotListed", "Expired", "", "a name of some length"] {
        let code = names::refusal_code(name);
        assert!((names::FIRST_REFUSAL..=names::LAST_REFUSAL).contains(&code));
    }
    // FNV-1a's published values, through the folding.
    assert_eq!(names::refusal_code(""), 5010 + 0x811c_9dc5 % 990);
    assert_eq!(names::refusal_code("foobar"), 5010 + 0xbf9c_f968 % 990);
    assert_eq!(names::fnv1a_64(b"foobar"), 0x8594_4171_f739_67e8);
}
