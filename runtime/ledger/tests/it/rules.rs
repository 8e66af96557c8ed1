//! Rules, honest and hostile: what a contract decides, and what it never gets away with.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, except, hold, no, reply};
use crate::world::{GAS, Tx, World, intent, tx};
use marque_abi::decision::{Decision, Terms, Verdict};
use marque_abi::invocation::{Command, Read, Target};
use marque_abi::movement::{Movement, Part};
use marque_ledger::Effective;
use marque_primitives::action::{Action, Kind, Right};
use marque_primitives::detail::Detail;
use marque_primitives::receipt::Status;
use marque_primitives::record::{Contents, LotRecord, Product, Record};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, Thing};
use parity_scale_codec::{DecodeAll, Encode};

fn world() -> World {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(milk(), 0, 20), run(cheese(), 0, 20)])),
    );
    world.done(PHARMA, commission(things([run(pills(), 0, 20)])));
    world
}

fn milk_run() -> marque_primitives::action::Things {
    things([run(milk(), 0, 10)])
}

fn decode<T: DecodeAll>(bytes: &[u8]) -> T {
    T::decode_all(&mut &*bytes).unwrap()
}

/// What an offer of ten milks ends in when the rule does this.
#[track_caller]
fn refusal_of(program: Program) -> Refusal {
    let mut world = world();
    world.program("rule_offer", program);
    let refusal = world.refused(DAIRY, offer(milk_run(), SHOP));
    assert_eq!(refusal.contract, Some(world.dairy_contract));
    refusal
}

#[test]
fn a_rule_sees_the_movement_and_its_own_products_alone() {
    let mut world = world();
    let detail = Detail {
        step: Some("shipping".try_into().unwrap()),
        ..Detail::default()
    };
    world.done(
        DAIRY,
        pack(
            pallet(1),
            things([run(milk(), 10, 10), run(cheese(), 0, 5)]),
        ),
    );
    let goods = things([
        Thing::from(pallet(1)),
        run(milk(), 0, 10),
        run(cheese(), 10, 5),
    ]);
    let asked = Action::Intent(offer_right(goods, SHOP, Right::Both), detail.clone());
    let movement = question(&mut world, asked);
    assert_eq!((movement.kind, movement.captured), (Kind::Offer, false));
    assert_eq!((movement.from, movement.to), (Some(DAIRY), Some(SHOP)));
    assert_eq!(movement.what, Some(Right::Both));
    assert_eq!(movement.now, movement.time);
    assert_eq!(movement.detail, detail);
    let lines: Vec<_> = movement
        .lines
        .iter()
        .map(|line| (line.part, line.line, line.within.clone(), line.amount.value))
        .collect();
    let of = Line::Product(milk());
    assert_eq!(
        lines,
        [
            (Part::Subject, of, Some(pallet(1)), whole(10)),
            (Part::Subject, of, None, whole(10)),
        ]
    );
    assert_eq!(movement.lines[1].custodian, Some(DAIRY));
}

/// The movement that the dairy's rule is asked about, as it logs it.
fn question(world: &mut World, action: Action) -> Movement {
    let contract = world.dairy_contract;
    world.program("rule_offer", Program::new().log_input());
    let body = world.body(&tx(DAIRY, vec![action]));
    let run = world.dry_run(&body).unwrap();
    assert_eq!(run.receipt.status, Status::Applied);
    let line = run.log.iter().find(|(from, _)| *from == contract).unwrap();
    let bytes = marque_primitives::hash::from_hex(&line.1).unwrap();
    decode(&bytes)
}

#[test]
fn a_refusal_reaches_the_caller_unchanged() {
    let said = Refusal {
        expected: Some("a listed receiver".try_into().unwrap()),
        ..no("NotListed")
    };
    let refusal = refusal_of(Program::new().refuse(&said));
    assert_eq!((refusal.code, refusal.name.as_str()), (5_001, "NotListed"));
    assert_eq!(
        (&refusal.message, &refusal.field),
        (&said.message, &said.field)
    );
    assert_eq!(
        (&refusal.expected, &refusal.remedy),
        (&said.expected, &said.remedy)
    );
    let refusal = refusal_of(Program::new().decide(Verdict::Refuse(said)));
    assert_eq!((refusal.code, refusal.name.as_str()), (5_001, "NotListed"));
    assert_eq!(refusal.items.to_vec(), [run(milk(), 0, 10)]);
}

#[test]
fn a_rule_does_not_speak_with_the_kernels_codes() {
    for code in [0, 4_001, 4_999, 6_000, u32::MAX] {
        let forged = Refusal {
            code,
            ..no("NotCustodian")
        };
        assert_eq!(refusal_of(Program::new().refuse(&forged)).code, 5_000);
        let decided = Program::new().decide(Verdict::Refuse(forged));
        assert_eq!(refusal_of(decided).code, 5_000);
    }
    let refusal = refusal_of(Program::new().refuse_bytes(b"no refusal"));
    assert!(refusal.is(Invariant::Trapped), "{refusal}");
}

#[test]
fn verdicts_fall_on_the_parts_that_they_name() {
    let mut world = world();
    let decision = except(vec![(0, 2, 3, hold(false)), (0, 7, 1, hold(false))]);
    world.program("rule_accept", Program::new().decide(decision));
    world.hand_over(DAIRY, SHOP, milk_run());
    let held: Vec<u64> = (0..10)
        .filter(|serial| {
            let status = world.standing(&one(milk(), *serial)).judgement.status;
            status == Effective::Quarantined
        })
        .collect();
    assert_eq!(held, [2, 3, 4, 7]);
    assert_eq!(world.custodian(&one(milk(), 3)), Some(SHOP));
    let event = world.books.events.last().unwrap();
    let decided = &event.decided[0];
    assert_eq!(
        (decided.contract, decided.version),
        (world.dairy_contract, 1)
    );
    assert!(decided.held);
    assert_eq!(decided.note.as_deref(), Some("warm"));
    // Sixteen ranges of one refusal.
    let parts = (0..5)
        .map(|at| (0, 2 * at, 1, Verdict::Refuse(no("Odd"))))
        .collect();
    world.program("rule_offer", Program::new().decide(except(parts)));
    world.program("rule_observe", Program::new());
    let refusal = world.refused(DAIRY, offer(things([run(milk(), 10, 10)]), SHOP));
    let named: Vec<Thing> = (0..5).map(|at| run(milk(), 10 + 2 * at, 1)).collect();
    assert_eq!(refusal.items.to_vec(), named);
}

#[test]
fn a_verdict_beside_the_question_is_the_rules_fault() {
    let allow = || Verdict::Allow(Terms::default());
    let refuse = || Verdict::Refuse(no("Hidden"));
    for parts in [
        // No such line, first, last or alone.
        vec![(1, 0, 10, allow())],
        vec![(7, 0, 10, allow()), (0, 0, 10, refuse())],
        vec![(0, 0, 10, allow()), (1, 0, 1, refuse())],
        // Beyond the line, nothing, or past all numbers.
        vec![(0, 0, 11, allow())],
        vec![(0, 10, 1, allow())],
        vec![(0, 5, 0, allow())],
        vec![(0, u64::MAX, 2, allow())],
        vec![(0, 1, u64::MAX, allow())],
        // Overlapping or descending.
        vec![(0, 0, 5, allow()), (0, 4, 2, refuse())],
        vec![(0, 5, 2, allow()), (0, 0, 2, refuse())],
    ] {
        let refusal = refusal_of(Program::new().decide(except(parts)));
        assert!(refusal.is(Invariant::Trapped), "{refusal}");
    }
    for answer in [
        b"nonsense".to_vec(),
        vec![9],
        Decision::allow().encode()[..1].to_vec(),
    ] {
        let refusal = refusal_of(Program::new().output(&answer));
        assert!(refusal.is(Invariant::Trapped), "{refusal}");
    }
    let trailing = [Decision::allow().encode(), vec![0]].concat();
    let refusal = refusal_of(Program::new().output(&trailing));
    assert!(refusal.is(Invariant::Trapped), "{refusal}");
}

#[test]
fn a_line_without_serials_has_no_parts() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([pieces(milk(), "M", 100)])));
    let goods = things([pieces(milk(), "M", 10)]);
    for (parts, fine) in [
        (vec![(0, 0, 10, hold(false))], true),
        (vec![(0, 0, 1, hold(false))], true),
        (vec![(0, 1, 1, hold(false))], false),
        (vec![(0, 0, 0, hold(false))], true),
        (vec![(0, 0, 1, hold(false)), (0, 0, 1, hold(false))], false),
    ] {
        world.program("rule_observe", Program::new());
        world.program("rule_offer", Program::new().decide(except(parts)));
        let receipt = world.send(tx(DAIRY, vec![intent(offer(goods.clone(), SHOP))]));
        assert_eq!(receipt.status == Status::Applied, fine, "{receipt:?}");
    }
}

#[test]
fn a_trap_a_panic_and_a_dive_are_named_and_undone() {
    let mut world = world();
    for (program, cause) in [
        (
            Program::new().write(b"k", b"v").emit(1, b"e").trap(),
            "unreachable",
        ),
        (
            Program::new()
                .write(b"k", b"v")
                .panic(b"index out of bounds"),
            "index out of bounds",
        ),
        (Program::new().write(b"k", b"v").dive(), "stackOverflow"),
    ] {
        world.program("rule_offer", program);
        let refusal = world.refused(DAIRY, offer(milk_run(), SHOP));
        assert!(refusal.is(Invariant::Trapped), "{refusal}");
        assert!(refusal.message.contains(cause), "{refusal}");
        assert!(refusal.message.contains("rule_offer"), "{refusal}");
    }
    // A refusal undoes the rule's own writes as well.
    world.program(
        "rule_offer",
        Program::new().write(b"k", b"v").refuse(&no("No")),
    );
    world.refused(DAIRY, offer(milk_run(), SHOP));
    let (code, _) = {
        let answer = world.run(Program::new().fetch(b"k"));
        let (code, bytes) = reply(&answer);
        (code, bytes.to_vec())
    };
    assert_eq!(code, -1, "nothing was stored");
    // What an allowing rule writes stays.
    world.program("rule_offer", Program::new().write(b"k", b"v").emit(3, b"e"));
    let receipt = world.done(DAIRY, offer(milk_run(), SHOP));
    assert_eq!(receipt.emitted.len(), 3);
    let answer = world.run(Program::new().fetch(b"k"));
    assert_eq!(reply(&answer), (1, b"v".as_slice()));
}

#[test]
fn a_rule_that_runs_out_of_gas_ends_the_transaction_by_name() {
    let mut world = world();
    world.program("rule_offer", Program::new().write(b"k", b"v").spin());
    let spent = Tx {
        gas: GAS / 10,
        ..tx(DAIRY, vec![intent(offer(milk_run(), SHOP))])
    };
    let receipt = world.send(spent);
    let Status::Refused { refusal, .. } = &receipt.status else {
        panic!("{receipt:?}");
    };
    assert!(refusal.is(Invariant::OutOfGas), "{refusal}");
    assert_eq!(refusal.contract, Some(world.dairy_contract));
    assert_eq!(receipt.gas_used.0, GAS / 10);
}

#[test]
fn a_flood_of_events_is_a_trap() {
    let mut world = world();
    world.program("rule_offer", Program::new().emit(256, b"e"));
    let receipt = world.done(DAIRY, offer(milk_run(), SHOP));
    assert_eq!(receipt.emitted.len(), 256);
    world.done(DAIRY, withdraw(milk_run()));
    world.program("rule_offer", Program::new().emit(257, b"e"));
    let refusal = world.refused(DAIRY, offer(milk_run(), SHOP));
    assert!(refusal.is(Invariant::Trapped) && refusal.message.contains("tooManyEvents"));
    let long = vec![7; 16_385];
    let refusal = refusal_of(Program::new().emit(1, &long));
    assert!(refusal.message.contains("eventTooLong"), "{refusal}");
}

#[test]
fn a_rule_commands_nothing() {
    let dispose = Command::Dispose {
        target: Target::Things {
            items: things([one(milk(), 0)]),
            holder: None,
        },
        disposition: "sellable_accessible".try_into().unwrap(),
    };
    let refusal = refusal_of(Program::new().command(&dispose));
    assert!(
        refusal.message.contains("commandOutsideMessage"),
        "{refusal}"
    );
}

#[test]
fn storage_has_its_limits() {
    for (program, name) in [
        (Program::new().write(&[1; 257], b""), "storageKeyTooLong"),
        (Program::new().fetch(&[1; 257]), "storageKeyTooLong"),
        (Program::new().remove(&[1; 257]), "storageKeyTooLong"),
        (Program::new().after(&[1; 257], 0), "storageKeyTooLong"),
        (Program::new().read_raw(99, b""), "unknownRead"),
        (Program::new().read_raw(0, b"?"), "malformedId"),
        (Program::new().read_raw(2, &[1; 9]), "malformedId"),
    ] {
        let refusal = refusal_of(program);
        assert!(refusal.is(Invariant::Trapped), "{refusal}");
        assert!(refusal.message.contains(name), "{refusal}");
    }
}

#[test]
fn a_contract_walks_its_own_storage_and_no_ones_else() {
    let mut world = world();
    world.run(
        Program::new()
            .write(b"a/1", b"1")
            .write(b"a/2", b"2")
            .write(b"b/1", b"3"),
    );
    world.act(
        PHARMA,
        message(
            world.pharma_contract,
            "run",
            &Program::new().write(b"a/3", b"4").0,
        ),
    );
    let step = |world: &mut World, from: &[u8], prefix| {
        let answer = world.run(Program::new().after(from, prefix));
        let (code, bytes) = reply(&answer);
        (code >= 0).then(|| bytes.to_vec())
    };
    assert_eq!(step(&mut world, b"a/", 2), Some(b"a/1".to_vec()));
    assert_eq!(step(&mut world, b"a/1", 2), Some(b"a/2".to_vec()));
    assert_eq!(step(&mut world, b"a/2", 2), None);
    assert_eq!(step(&mut world, b"a/2", 0), Some(b"b/1".to_vec()));
    assert_eq!(step(&mut world, b"b/2", 0), None);
    world.run(Program::new().remove(b"a/1").remove(b"never"));
    assert_eq!(step(&mut world, b"a/", 2), Some(b"a/2".to_vec()));
}

#[test]
fn a_contract_reads_its_own_products_and_no_others() {
    let mut world = world();
    world.done(PHARMA, commission(things([pieces(pills(), "P", 5)])));
    world.done(DAIRY, commission(things([pieces(milk(), "M", 5)])));
    world.hand_over(PHARMA, DAIRY, things([run(pills(), 0, 5)]));
    world.done(
        DAIRY,
        pack(pallet(1), things([run(pills(), 0, 5), run(milk(), 0, 7)])),
    );
    world.done(DAIRY, pack(pallet(2), things([run(cheese(), 0, 7)])));
    let mut ask = |program| {
        let answer = world.run(program);
        let (code, bytes) = reply(&answer);
        (code >= 0).then(|| bytes.to_vec())
    };
    let p = Program::new;
    let record: Record = decode(&ask(p().read(Read::Record, &one(milk(), 3))).unwrap());
    assert_eq!((record.count, record.parent), (1, Some(pallet(1))));
    let lot_record: LotRecord = decode(&ask(p().read(Read::Lot, &lot(milk(), "M"))).unwrap());
    assert_eq!(lot_record.brand, Some(DAIRY));
    let own: Product = decode(&ask(p().read(Read::Product, &milk())).unwrap());
    assert_eq!(own.brand, DAIRY);
    for others in [
        p().read(Read::Record, &one(pills(), 3)),
        p().read(Read::Record, &one(cheese(), 3)),
        p().read(Read::Record, &pallet(1)),
        p().read(Read::Lot, &lot(pills(), "P")),
        p().read(Read::Product, &pills()),
        p().read(Read::Product, &cheese()),
        p().read(Read::Contents, &pallet(2)),
        p().read(Read::Contents, &pallet(3)),
    ] {
        assert_eq!(ask(others), None);
    }
    let contents: Contents = decode(&ask(p().read(Read::Contents, &pallet(1))).unwrap());
    let lines: Vec<_> = contents
        .lines
        .iter()
        .map(|line| (line.line, line.amount))
        .collect();
    assert_eq!(lines, [(Line::Product(milk()), whole(7))]);
    assert!(ask(p().read(Read::Party, &SHOP)).is_some());
    assert_eq!(
        ask(p().read(Read::Location, &dealers_dock())),
        Some(DEALER.encode())
    );
}

#[test]
fn a_rule_is_not_asked_about_other_brands_goods() {
    let mut world = world();
    world.hand_over(PHARMA, DAIRY, things([run(pills(), 0, 5)]));
    world.program("rule_offer", Program::new().refuse(&no("Never")));
    world.done(
        DAIRY,
        offer(things([run(pills(), 0, 5), run(cheese(), 0, 5)]), SHOP),
    );
    // Both contracts are asked about a mixed load; either refuses it.
    world.done(
        SHOP,
        accept(things([run(pills(), 0, 5), run(cheese(), 0, 5)])),
    );
    world.hand_over(SHOP, DAIRY, things([run(pills(), 0, 5)]));
    world.program("rule_offer", Program::new());
    world.done(
        DAIRY,
        pack(pallet(1), things([run(pills(), 0, 5), run(milk(), 0, 5)])),
    );
    world.program_pharma("rule_offer", Program::new().refuse(&no("PharmaSaysNo")));
    let refusal = world.refused(DAIRY, offer(things([pallet(1)]), SHOP));
    assert_eq!(refusal.name.as_str(), "PharmaSaysNo");
    assert_eq!(refusal.contract, Some(world.pharma_contract));
}

#[test]
fn a_movement_by_intent_and_terms_of_a_rule() {
    let mut world = world();
    let terms = Terms {
        disposition: Some("needs_replacement".try_into().unwrap()),
        note: Some("noted".try_into().unwrap()),
        deadline: None,
    };
    let detail = Detail {
        disposition: Some("in_progress".try_into().unwrap()),
        ..Detail::default()
    };
    for (entry, action) in [
        ("rule_observe", observe(milk_run())),
        ("rule_pack", pack(pallet(1), milk_run())),
        ("rule_unpack", unpack_all(pallet(1))),
    ] {
        world.program(entry, Program::new().decide(Verdict::Allow(terms.clone())));
        let receipt = world.act(DAIRY, Action::Intent(action, detail.clone()));
        assert_eq!(receipt.notes.to_vec(), [terms.note.clone().unwrap()]);
        let record = world.record(&one(milk(), 0));
        assert_eq!(record.disposition, terms.disposition, "{entry}");
        world.act(
            DAIRY,
            Action::Intent(observe(things([run(cheese(), 0, 1)])), detail.clone()),
        );
    }
}
