//! What the SDK reads and writes by hand is what the ledger's types decode and encode.

use crate::random;
use marque_sdk::abi::decision::{
    Decision as LedgersDecision, Exception, Terms, Verdict as LedgersVerdict,
};
use marque_sdk::abi::invocation::{Command, Read, Target as LedgersTarget};
use marque_sdk::abi::movement::MovedLine;
use marque_sdk::codec::Decode;
use marque_sdk::native::Memory;
use marque_sdk::prelude::*;
use marque_sdk::primitives::bounded::List;
use marque_sdk::primitives::detail::{Evidence, FactValue};
use marque_sdk::primitives::refusal::{MAX_RANGES, Refusal};
use marque_sdk::primitives::thing::Line as ProductLine;
use marque_sdk::verdict::Answer;
use marque_sdk::{Fact, Quantity};
use proptest::prelude::*;

fn same_line(line: &Line<'_>, movement: &Movement, of: &MovedLine, at: usize) {
    let seen = movement.place();
    assert_eq!(line.is_at(movement), of.place.is_some() && of.place == seen);
    assert_eq!(line.index() as usize, at);
    assert_eq!(line.part(), of.part);
    let gtin = match of.line {
        ProductLine::Product(gtin) => Some(gtin),
        ProductLine::Returnable(_) => None,
    };
    assert_eq!(line.product(), gtin);
    let lot = gtin.zip(of.lot).map(|(gtin, lot)| LotId { gtin, lot });
    assert_eq!(line.lot(), lot);
    assert_eq!(
        line.lot_number(),
        of.lot.as_ref().map_or("", |lot| lot.as_str())
    );
    assert_eq!(line.has_lot(), of.lot.is_some());
    assert_eq!(line.expiry(), of.expiry);
    assert_eq!(line.run(), of.run);
    assert_eq!(line.count(), of.run.as_ref().map(Run::count));
    assert_eq!(line.within(), of.within);
    assert_eq!(line.value(), of.amount.value);
    assert_eq!(line.quantity().amount(), of.amount);
    assert_eq!(line.status(), of.status);
    assert_eq!(line.recalled(), of.recalled);
    assert_eq!(line.held(), of.held);
    assert_eq!(line.custodian(), of.custodian);
    assert_eq!(line.owner(), of.owner);
    assert_eq!(line.place(), of.place);
    assert_eq!(
        line.disposition(),
        of.disposition.as_deref().unwrap_or_default()
    );
    assert_eq!(line.moved(), of.moved);
}

/// `Movement::from` is who gives.
fn read(of: &marque_sdk::abi::movement::Movement) -> Movement {
    of.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_movement_reads_as_the_ledger_wrote_it(seed: u64) {
        let of = random::movement(seed);
        let movement = read(&of);
        prop_assert_eq!(movement.kind(), of.kind);
        prop_assert_eq!(movement.captured(), of.captured);
        prop_assert_eq!(movement.account(), of.account);
        prop_assert_eq!(movement.signer(), of.signer);
        prop_assert_eq!(movement.from(), of.from);
        prop_assert_eq!(movement.to(), of.to);
        prop_assert_eq!(movement.what(), of.what);
        prop_assert_eq!(movement.parent(), of.parent);
        prop_assert_eq!(movement.height(), of.height);
        prop_assert_eq!(movement.now(), of.now);
        prop_assert_eq!(movement.time(), of.time);
        prop_assert_eq!(&movement.detail(), &of.detail);
        prop_assert_eq!(movement.step(), of.detail.step.as_deref().unwrap_or_default());
        prop_assert_eq!(movement.disposition(), of.detail.disposition.as_deref().unwrap_or_default());
        prop_assert_eq!(movement.has_place(), of.detail.place.is_some());
        prop_assert_eq!(movement.has_location(), of.detail.location.is_some());
        prop_assert_eq!(movement.place(), of.detail.place);
        prop_assert_eq!(movement.location(), of.detail.location);
        match &of.detail.evidence {
            Evidence::Open(open) => {
                for fact in open.facts.iter() {
                    let found = match (movement.fact(&fact.name), &fact.value) {
                        (Some(Fact::Text(words)), FactValue::Text(of)) => words == of.as_str(),
                        (Some(Fact::Id(id)), FactValue::Id(of)) => id == of.as_str(),
                        (Some(Fact::Time(time)), FactValue::Time(of)) => time == *of,
                        (Some(Fact::Decimal(value, unit)), FactValue::Decimal { value: of, unit: of_unit }) => {
                            value == *of && unit == of_unit.as_deref()
                        }
                        _ => false,
                    };
                    prop_assert!(found, "{:?}", fact);
                }
                prop_assert_eq!(movement.fact("none"), None);
                prop_assert_eq!(movement.sensors().count(), open.sensors.len());
                for (sensor, of) in movement.sensors().zip(&open.sensors) {
                    prop_assert_eq!(sensor.kind, of.kind.as_str());
                    prop_assert_eq!(sensor.unit, of.unit.as_deref());
                    prop_assert_eq!((sensor.min, sensor.max), (of.min, of.max));
                    prop_assert_eq!((sensor.mean, sensor.value), (of.mean, of.value));
                    prop_assert_eq!((sensor.from, sensor.to, sensor.alarm), (of.from, of.to, of.alarm));
                }
                prop_assert_eq!(movement.documents().is_empty(), open.documents.is_empty());
                for (document, of) in movement.documents().zip(&open.documents) {
                    prop_assert_eq!((document.kind, document.id), (of.kind.as_str(), of.id.as_str()));
                }
            }
            Evidence::Commitment(_) => {
                prop_assert_eq!(movement.fact("fact0"), None);
                prop_assert!(movement.sensors().is_empty());
                prop_assert!(movement.documents().is_empty());
            }
        }
        prop_assert_eq!(movement.lines().count(), of.lines.len());
        for (at, (line, of)) in movement.lines().zip(&of.lines).enumerate() {
            same_line(&line, &movement, of, at);
        }
    }

    #[test]
    fn decisions_decode_as_the_ledgers(seed: u64) {
        let of = random::movement(seed);
        let movement = read(&of);
        let mut rng = random::Rng(seed ^ 1);
        let mut expected = Vec::new();
        let decision = movement.judge(|_| {
            let note: Text<255> = rng.words(63);
            let (own, ledgers) = match rng.below(6) {
                0 => (quarantine(&note), LedgersVerdict::Quarantine { whole_lot: false, note, terms: Terms::default() }),
                1 => {
                    let refusal = Refusal { items: List::default(), ..Refusal::kernel(
                        marque_sdk::primitives::refusal::Invariant::Quarantined, &note,
                    ) };
                    (refuse(refusal.clone()), LedgersVerdict::Refuse(refusal))
                }
                _ => (allow(), LedgersVerdict::Allow(Terms::default())),
            };
            expected.push(ledgers);
            Ok(own)
        });
        let bytes = Vec::from(decision.answer().unwrap());
        let mut input = &*bytes;
        let decision = LedgersDecision::decode(&mut input).unwrap();
        prop_assert!(input.is_empty());
        check(&decision, &expected, &of.lines);
    }
}

/// The decision says of every line what the rule said, as far as 16 exceptions go.
fn check(decision: &LedgersDecision, expected: &[LedgersVerdict], lines: &[MovedLine]) {
    let is_refusal = |verdict: &LedgersVerdict| matches!(verdict, LedgersVerdict::Refuse(_));
    let is_hold = |verdict: &LedgersVerdict| matches!(verdict, LedgersVerdict::Quarantine { .. });
    let allowed = LedgersVerdict::Allow(Terms::default());
    let of = |at: usize| -> &LedgersVerdict {
        let own = decision
            .exceptions
            .iter()
            .find(|exception| exception.line as usize == at);
        own.map_or(&decision.verdict, |exception| &exception.verdict)
    };
    for Exception {
        line,
        offset,
        count,
        ..
    } in &decision.exceptions
    {
        let whole = lines[*line as usize].run.as_ref().map_or(1, Run::count);
        assert_eq!((*offset, *count), (0, whole));
    }
    let others = expected
        .iter()
        .filter(|verdict| **verdict != allowed)
        .count();
    if others <= MAX_RANGES || expected.iter().all(|verdict| *verdict == expected[0]) {
        for (at, verdict) in expected.iter().enumerate() {
            assert_eq!(of(at), verdict);
        }
    } else if expected.iter().any(is_refusal) {
        assert!(
            decision
                .exceptions
                .iter()
                .all(|exception| is_refusal(&exception.verdict))
        );
        assert!(!decision.exceptions.is_empty());
    } else {
        assert!(is_hold(&decision.verdict) && decision.exceptions.is_empty());
    }
}

#[test]
fn texts_are_cut_at_a_character() {
    let long = "ž".repeat(300);
    let Ok(bytes) = quarantine(&long).answer() else {
        panic!("refused")
    };
    let decision = LedgersDecision::decode(&mut &*bytes).unwrap();
    let LedgersVerdict::Quarantine { note, .. } = decision.verdict else {
        panic!("not held")
    };
    assert_eq!(note.as_str(), "ž".repeat(127));
}

#[test]
fn findings_refuse_intents_and_keep_facts() {
    let refusal = |name: &str| Refusal {
        code: 5100,
        name: name.try_into().unwrap(),
        message: "it is".try_into().unwrap(),
        ..Refusal::kernel(marque_sdk::primitives::refusal::Invariant::Shape, "")
    };
    let mut of = random::movement(1);
    of.captured = false;
    let mut findings = Findings::new();
    assert!(findings.is_empty());
    findings.note(refusal("Odd"));
    findings.hold_lot(refusal("Warm"));
    findings.hold(refusal("Late"));
    let intent = read(&of);
    let refused = findings.clone().verdict(&intent).unwrap_err();
    assert_eq!(refused.refusal(), Some(refusal("Odd")), "the first finding");
    of.captured = true;
    let fact = read(&of);
    let verdict = findings.verdict(&fact).unwrap();
    let expected = quarantine_lot("Odd: it is; Warm: it is; Late: it is");
    assert_eq!(verdict, expected, "the furthest reach, all notes");
    assert_eq!(Findings::new().verdict(&intent).unwrap(), allow());
}

#[test]
fn commands_encode_as_the_ledgers() {
    use marque_sdk::codec::Encode as _;
    let gtin = Gtin::from_body(950_600_013_435).unwrap();
    let lot = LotId {
        gtin,
        lot: LotNumber::new("L7").unwrap(),
    };
    let first = Serial::new("000001").unwrap();
    let run = Run::new(ProductLine::Product(gtin), first, 40).unwrap();
    let amount = Amount::new(Decimal::from_integer(5), Some("CS")).unwrap();
    let quantity = Quantity::decode(&mut &*amount.encode()).unwrap();
    assert_eq!(quantity.encode(), amount.encode());
    assert_eq!(quantity.value(), amount.value);
    let items = List::new(vec![Thing::Run {
        run: run.clone(),
        lot: None,
    }])
    .unwrap();
    let of_lot = List::new(vec![Thing::Lot {
        id: lot.clone(),
        amount,
    }])
    .unwrap();
    let both = [items[0].clone(), of_lot[0].clone()];
    let cases = [
        (Target::lot(&lot), LedgersTarget::Lot(lot.clone())),
        (
            Target::items(gtin, first, 40),
            LedgersTarget::Things {
                items,
                holder: None,
            },
        ),
        (
            Target::quantity(&lot, &quantity, Memory::BRAND),
            LedgersTarget::Things {
                items: of_lot,
                holder: Some(Memory::BRAND),
            },
        ),
        (
            Target::things(&both, Some(Memory::CALLER)),
            LedgersTarget::Things {
                items: List::new(both.to_vec()).unwrap(),
                holder: Some(Memory::CALLER),
            },
        ),
    ];
    for (own, ledgers) in cases {
        // A target by itself is private: a command shows it.
        let mut memory = Memory::default();
        memory.call(|| hold(&own, "odd")).unwrap();
        let sent = Command::Quarantine {
            target: ledgers,
            note: "odd".try_into().unwrap(),
        };
        assert_eq!(memory.commands, [sent.encode()]);
    }
}

proptest! {
    #[test]
    fn a_credential_is_read_as_the_ledger_writes_it(
        from in 0..1_000u64,
        until in proptest::option::of(0..1_000u64),
        revoked in proptest::option::of(1..1_000u64),
        at in 0..1_000u64,
    ) {
        let until = until.map(TimeMs);
        // The ledger revokes what has not ended.
        let revoked = revoked.map(TimeMs).filter(|at| until.is_none_or(|until| *at <= until));
        let written = marque_sdk::primitives::record::Credential {
            from: TimeMs(from),
            until,
            revoked,
            number: "WDA(H) 12345".parse().unwrap(),
            event: marque_sdk::primitives::Position(7),
        };
        let mut memory = Memory::default();
        let read = || credential(Memory::BRAND, Memory::CALLER, "food-facility");
        prop_assert_eq!(memory.call(read), None);
        let id = (Memory::BRAND, Memory::CALLER, "food-facility");
        memory.know(Read::Credential, &id, &written);
        let read = memory.call(read).unwrap();
        prop_assert_eq!((read.from, read.until, read.revoked), (written.from, until, revoked));
        prop_assert_eq!(read.number.as_str(), "WDA(H) 12345");
        prop_assert_eq!(read.valid_at(TimeMs(at)), written.valid_at(TimeMs(at)));
        let end = read.end();
        prop_assert!(end.is_none_or(|end| !written.valid_at(end.plus(1))));
        let holds = end.is_none_or(|end| end >= written.from);
        prop_assert_eq!(holds, written.valid_at(end.unwrap_or(written.from).max(written.from)));
    }
}

#[test]
fn a_line_is_where_the_movement_was_seen() {
    let mut of = (0..).map(random::movement).find(|of| {
        let seen = of.detail.place.is_some();
        seen && !of.lines.is_empty()
    });
    let of = of.as_mut().unwrap();
    for line in &mut of.lines {
        line.place = of.detail.place.clone();
    }
    let movement = read(of);
    assert!(movement.lines().all(|line| line.is_at(&movement)));
    of.detail.place = None;
    for line in &mut of.lines {
        line.place = None;
    }
    let nowhere = read(of);
    assert!(!nowhere.lines().any(|line| line.is_at(&nowhere)));
}
