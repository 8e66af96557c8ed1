//! Random actions, of which every one can be said.

use marque_primitives::action::{
    Action, Anchor, CodeSource, ContractAction, LicenceKey, Operation, PartyRef, RecallId,
    RecallTarget, Registration, Right, Target,
};
use marque_primitives::bounded::Bytes;
use marque_primitives::date::Date;
use marque_primitives::detail::{
    Detail, Document, Evidence, Fact, FactValue, Facts, OpenEvidence, Place, Sensor,
};
use marque_primitives::gs1::{
    CompanyPrefix, Giai, Gln, GlnExtension, GraiType, Gtin, LotNumber, Serial, Sscc,
};
use marque_primitives::thing::{Line, LotId, Run, Thing, ThingId};
use marque_primitives::{Address, Amount, Decimal, Hash, List, Text, TimeMs};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// GS1's character set 82.
const SET_82: &str = "[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]{1,20}";

fn text<const N: usize>(pattern: &'static str) -> impl Strategy<Value = Text<N>> {
    pattern.prop_map(|text| Text::new(text).unwrap())
}

fn list<T: std::fmt::Debug + Clone, const N: usize>(
    item: impl Strategy<Value = T>,
) -> impl Strategy<Value = List<T, N>> {
    vec(item, 0..4).prop_map(|items| List::new(items).unwrap())
}

fn gtin() -> impl Strategy<Value = Gtin> {
    (0..10u64.pow(13)).prop_map(|body| Gtin::from_body(body).unwrap())
}

fn gln() -> impl Strategy<Value = Gln> {
    (0..10u64.pow(12)).prop_map(|body| Gln::from_body(body).unwrap())
}

fn lot_number() -> impl Strategy<Value = LotNumber> {
    SET_82.prop_map(|text| LotNumber::new(&text).unwrap())
}

fn lot() -> impl Strategy<Value = LotId> {
    (gtin(), lot_number()).prop_map(|(gtin, lot)| LotId { gtin, lot })
}

fn serial() -> impl Strategy<Value = Serial> {
    SET_82.prop_map(|text| Serial::new(&text).unwrap())
}

fn asset_type() -> impl Strategy<Value = GraiType> {
    (0..10u64.pow(12)).prop_map(|body| GraiType::from_body(body).unwrap())
}

fn giai() -> impl Strategy<Value = Giai> {
    "[0-9]{8}[A-Z0-9/]{1,10}".prop_map(|text| Giai::new(&text).unwrap())
}

fn opaque() -> impl Strategy<Value = Text<255>> {
    text("urn:x:[a-z0-9:.-]{1,40}")
}

fn address() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address)
}

fn hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

fn time() -> impl Strategy<Value = TimeMs> {
    prop_oneof![0..253_402_300_800_000_u64, any::<u64>()].prop_map(TimeMs)
}

fn date() -> impl Strategy<Value = Date> {
    time().prop_map(Date::of)
}

fn decimal() -> impl Strategy<Value = Decimal> {
    any::<i64>().prop_map(|value| Decimal(value.into()))
}

fn amount() -> impl Strategy<Value = Amount> {
    (
        0..1_000_000_000_000_i128,
        option::of(prop_oneof!["EA", "GRM", "MLT", "CS", "KWH"]),
    )
        .prop_map(|(value, unit)| Amount::new(Decimal(value), unit.as_deref()).unwrap())
}

fn thing_id() -> impl Strategy<Value = ThingId> {
    prop_oneof![
        (gtin(), serial()).prop_map(|(gtin, serial)| ThingId::Item {
            line: Line::Product(gtin),
            serial
        }),
        (asset_type(), "[A-Z0-9/]{1,16}").prop_map(|(grai, serial)| {
            let serial = Serial::new(&serial).unwrap();
            ThingId::Item {
                line: Line::Returnable(grai),
                serial,
            }
        }),
        giai().prop_map(ThingId::Asset),
        (0..10u64.pow(17)).prop_map(|body| ThingId::Unit(Sscc::from_body(body).unwrap())),
        opaque().prop_map(ThingId::Opaque),
    ]
}

fn thing() -> impl Strategy<Value = Thing> {
    let run = (gtin(), 1..=18_u8, 1..1_000_u64, option::of(lot_number())).prop_map(
        |(gtin, digits, count, lot)| {
            let count = if digits < 4 { 1 } else { count };
            let run = Run::new(
                Line::Product(gtin),
                Serial::from_numeric(digits, 1).unwrap(),
                count,
            )
            .unwrap();
            Thing::Run { run, lot }
        },
    );
    let assets = (asset_type(), 1..1_000_u64).prop_map(|(grai, count)| {
        let run = Run::new(
            Line::Returnable(grai),
            Serial::from_numeric(9, 7).unwrap(),
            count,
        )
        .unwrap();
        Thing::Run { run, lot: None }
    });
    let class = (gtin(), option::of(amount())).prop_map(|(gtin, amount)| Thing::Class {
        id: Text::new(format!("https://id.gs1.org/01/{gtin}")).unwrap(),
        amount,
    });
    let quantity = (lot(), amount()).prop_map(|(id, amount)| Thing::Lot { id, amount });
    prop_oneof![
        thing_id().prop_map(Thing::from),
        run,
        assets,
        class,
        quantity
    ]
}

fn place() -> impl Strategy<Value = Place> {
    let extension = "[A-Z1-9]{1,20}".prop_map(|text| GlnExtension::new(&text).unwrap());
    prop_oneof![
        (gln(), option::of(extension)).prop_map(|(gln, extension)| Place::Gln { gln, extension }),
        text("geo:[0-9]{1,2}[.][0-9]{1,4},[0-9]{1,2}").prop_map(Place::Uri),
        opaque().prop_map(Place::Uri),
    ]
}

fn anchor() -> impl Strategy<Value = Anchor> {
    prop_oneof![
        thing_id().prop_map(Anchor::Thing),
        place().prop_map(Anchor::Place)
    ]
}

fn party() -> impl Strategy<Value = PartyRef> {
    prop_oneof![
        address().prop_map(PartyRef::Account),
        gln().prop_map(PartyRef::Location)
    ]
}

fn fact_value() -> impl Strategy<Value = FactValue> {
    prop_oneof![
        text("\\PC{0,40}").prop_map(FactValue::Text),
        opaque().prop_map(FactValue::Id),
        time().prop_map(FactValue::Time),
        (decimal(), option::of(text("[A-Z]{2,3}")))
            .prop_map(|(value, unit)| FactValue::Decimal { value, unit }),
    ]
}

fn facts() -> impl Strategy<Value = Facts> {
    proptest::collection::btree_map("[a-zA-Z0-9:/]{1,20}", fact_value(), 0..4).prop_map(|facts| {
        let facts = facts.into_iter().map(|(name, value)| Fact {
            name: Text::new(name).unwrap(),
            value,
        });
        Facts::new(facts.collect()).unwrap()
    })
}

fn sensor() -> impl Strategy<Value = Sensor> {
    let reading = || option::of(decimal());
    let moment = || option::of(time());
    let values = (reading(), reading(), reading(), reading());
    (
        text("[A-Za-z]{0,12}"),
        option::of(text("[A-Z]{3}")),
        values,
        moment(),
        moment(),
        any::<bool>(),
    )
        .prop_map(
            |(kind, unit, (min, max, mean, value), from, to, alarm)| Sensor {
                kind,
                unit,
                min,
                max,
                mean,
                value,
                from,
                to,
                alarm,
            },
        )
}

fn rest() -> impl Strategy<Value = Bytes<65536>> {
    prop_oneof![
        Just(Vec::new()),
        "[a-z]{1,5}".prop_map(|name| format!("{{\"{name}\":[1.50,\"é\\n\"]}}").into_bytes()),
        vec(any::<u8>(), 1..40),
    ]
    .prop_map(|bytes| Bytes::new(bytes).unwrap())
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let document = (text("[a-z]{0,6}"), opaque()).prop_map(|(kind, id)| Document { kind, id });
    prop_oneof![
        4 => (facts(), list(sensor()), list(document), rest()).prop_map(|(facts, sensors, documents, rest)| {
            Evidence::Open(OpenEvidence { facts, sensors, documents, rest })
        }),
        1 => hash().prop_map(Evidence::Commitment),
    ]
}

fn detail() -> impl Strategy<Value = Detail> {
    let term = || option::of(text("[a-z_]{1,20}"));
    let terms = || list(text("[a-z_]{1,20}"));
    let clock = (option::of(time()), option::of(any::<i16>()));
    let places = (option::of(place()), option::of(place()));
    (clock, places, term(), term(), terms(), terms(), evidence()).prop_map(
        |((time, offset), (place, location), step, disposition, set, unset, evidence)| Detail {
            time,
            offset,
            place,
            location,
            step,
            disposition,
            set,
            unset,
            evidence,
        },
    )
}

fn right() -> impl Strategy<Value = Right> {
    prop_oneof![
        Just(Right::Possession),
        Just(Right::Ownership),
        Just(Right::Both)
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let items = || list(thing());
    let target = prop_oneof![
        gtin().prop_map(RecallTarget::Product),
        lot().prop_map(RecallTarget::Lot),
        items().prop_map(RecallTarget::Items),
    ];
    let recalled = target.clone();
    let held = prop_oneof![
        lot().prop_map(Target::Lot),
        (items(), option::of(address()))
            .prop_map(|(items, holder)| Target::Things { items, holder }),
    ];
    let lot_and_expiry = || (option::of(lot_number()), option::of(date()));
    prop_oneof![
        (items(), lot_and_expiry(), option::of(party())).prop_map(
            |(items, (lot, expiry), owner)| {
                Operation::Commission {
                    items,
                    lot,
                    expiry,
                    owner,
                }
            }
        ),
        (items(), party(), right(), option::of(time())).prop_map(|(items, to, what, deadline)| {
            Operation::Offer {
                items,
                to,
                what,
                deadline,
            }
        }),
        (items(), right()).prop_map(|(items, what)| Operation::Claim { items, what }),
        items().prop_map(|items| Operation::Accept { items }),
        (thing_id(), items()).prop_map(|(parent, children)| Operation::Pack { parent, children }),
        (items(), option::of(thing_id()))
            .prop_map(|(items, parent)| Operation::Observe { items, parent }),
        (anchor(), items())
            .prop_map(|(parent, children)| Operation::Associate { parent, children }),
        (option::of(opaque()), items(), items(), lot_and_expiry()).prop_map(
            |(id, inputs, outputs, (lot, expiry))| Operation::Transform {
                id,
                inputs,
                outputs,
                lot,
                expiry
            }
        ),
        (
            target,
            text("\\PC{0,40}"),
            text("\\PC{0,40}"),
            list(party())
        )
            .prop_map(|(target, reason, instructions, collectors)| {
                Operation::Recall {
                    target,
                    reason,
                    instructions,
                    collectors,
                }
            }),
        any::<u32>().prop_map(|recall| Operation::Lift {
            recall: RecallId(recall.into())
        }),
        recalled.prop_map(|target| Operation::LiftOf { target }),
        held.prop_map(|target| Operation::EndHold { target }),
        (hash(), option::of(opaque()), list(opaque())).prop_map(|(event, event_id, corrective)| {
            Operation::DeclareError {
                event,
                event_id,
                reason: None,
                corrective,
            }
        }),
    ]
}

fn licence() -> impl Strategy<Value = LicenceKey> {
    prop_oneof![
        "[0-9]{4,12}".prop_map(|digits| LicenceKey::Prefix(CompanyPrefix::new(&digits).unwrap())),
        gtin().prop_map(LicenceKey::Product),
        asset_type().prop_map(LicenceKey::Returnable),
        giai().prop_map(LicenceKey::Asset),
    ]
}

fn bytes<const N: usize>() -> impl Strategy<Value = Bytes<N>> {
    vec(any::<u8>(), 0..20).prop_map(|bytes| Bytes::new(bytes).unwrap())
}

/// An action of most kinds; the rest differ from these in their names alone.
pub fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        8 => (operation(), detail()).prop_map(|(operation, detail)| Action::Intent(operation, detail)),
        1 => (address(), licence()).prop_map(|(brand, key)| Action::Registry(Registration::License { brand, key })),
        1 => (address(), text("\\PC{0,30}"), list(gln())).prop_map(|(account, name, locations)| {
            Action::Registry(Registration::RegisterParty { account, name, locations })
        }),
        1 => (address(), "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,3}", "[!-~]{1,20}( [!-~]{1,20}){0,2}", option::of(0..1_u64 << 40)).prop_map(
            |(subject, kind, number, until)| Action::Registry(Registration::IssueCredential {
                subject: PartyRef::Account(subject),
                kind: kind.parse().unwrap(),
                number: number.parse().unwrap(),
                from: None,
                until: until.map(TimeMs),
            })
        ),
        1 => (bytes(), any::<u64>(), bytes()).prop_map(|(code, salt, args)| {
            Action::Contract(ContractAction::Deploy { code: CodeSource::Inline(code), salt, args })
        }),
    ]
}
