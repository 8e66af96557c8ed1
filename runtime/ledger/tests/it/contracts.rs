//! Contracts: deployed, upgraded, messaged, queried, and kept to their own.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{self, Program, no, reply};
use crate::world::{World, product, tx};
use marque_abi::invocation::{Command, Invocation, Target};
use marque_ledger::read;
use marque_primitives::Address;
use marque_primitives::action::{Action, CodeSource, ContractAction, Kind, RecallTarget};
use marque_primitives::bounded::Bytes;
use marque_primitives::hash::keccak256;
use marque_primitives::record::Status;
use marque_primitives::refusal::{Invariant, Refusal};
use parity_scale_codec::DecodeAll;

const RETURNED: i64 = 0;
const ABSENT: i64 = -1;
const REFUSED: i64 = -2;
const TRAPPED: i64 = -3;

fn decode<T: DecodeAll>(bytes: &[u8]) -> T {
    T::decode_all(&mut &*bytes).unwrap()
}

/// A second contract of the dairy, named by no product.
fn second(world: &mut World) -> Address {
    world
        .act(DAIRY, deploy(&puppet::CODE, 1, &[]))
        .contract
        .unwrap()
}

fn hold_lot(id: marque_primitives::thing::LotId) -> Command {
    Command::Quarantine {
        target: Target::Lot(id),
        note: "warm".try_into().unwrap(),
    }
}

fn hold_things(items: marque_primitives::action::Things) -> Command {
    Command::Quarantine {
        target: Target::Things {
            items,
            holder: None,
        },
        note: "warm".try_into().unwrap(),
    }
}

#[test]
fn a_contract_is_deployed_once_a_salt_and_upgraded_by_its_brand() {
    let mut world = World::new();
    let again = deploy(&puppet::CODE, 0, &[]);
    let refusal = world.refuses(tx(DAIRY, vec![again]));
    assert!(refusal.is(Invariant::Taken), "{refusal}");
    let contract = world.dairy_contract;
    let refusal = world.refuses(tx(PHARMA, vec![upgrade(contract, &puppet::CODE, &[])]));
    assert!(refusal.is(Invariant::NotBrand), "{refusal}");
    let nobody = Address([99; 20]);
    for action in [
        upgrade(nobody, &puppet::CODE, &[]),
        message(nobody, "run", &[]),
    ] {
        let refusal = world.refuses(tx(DAIRY, vec![action]));
        assert!(refusal.is(Invariant::UnknownContract), "{refusal}");
    }
    world.run(Program::new().write(b"kept", b"1"));
    world.act(
        DAIRY,
        upgrade(
            contract,
            &puppet::CODE,
            &Program::new().write(b"moved", b"2").0,
        ),
    );
    let record = read::contract(&world.state, &contract).unwrap().unwrap();
    assert_eq!(record.version, 2);
    for key in [b"kept".as_slice(), b"moved"] {
        let answer = world.query(contract, &Program::new().fetch(key)).unwrap();
        assert_eq!(reply(&answer).0, 1);
    }
    // History says which version decided.
    world.done(DAIRY, commission(things([one(milk(), 0)])));
    assert_eq!(world.books.events.last().unwrap().decided[0].version, 2);
}

#[test]
fn a_failed_init_or_migration_leaves_everything_as_it_was() {
    let mut world = World::new();
    let fails = Program::new().write(b"k", b"v").trap();
    let refusal = world.refuses(tx(DAIRY, vec![deploy(&puppet::CODE, 5, &fails.0)]));
    assert!(refusal.is(Invariant::Trapped), "{refusal}");
    assert!(refusal.message.contains("init"), "{refusal}");
    let contract = world.dairy_contract;
    let refusal = world.refuses(tx(DAIRY, vec![upgrade(contract, &puppet::CODE, &fails.0)]));
    assert!(refusal.message.contains("migrate"), "{refusal}");
    assert_eq!(
        read::contract(&world.state, &contract)
            .unwrap()
            .unwrap()
            .version,
        1
    );
    let says_no = Program::new().write(b"k", b"v").refuse(&no("NotYet"));
    let refusal = world.refuses(tx(
        DAIRY,
        vec![upgrade(contract, &puppet::CODE, &says_no.0)],
    ));
    assert_eq!(refusal.name.as_str(), "NotYet");
}

#[test]
fn code_that_the_chain_does_not_take_is_refused_by_its_limit() {
    let mut world = World::new();
    let float =
        "(module (memory (export \"memory\") 1) (func (export \"query\") (drop (f32.const 1))))";
    let float = puppet::module(float, &["query"]);
    for (code, name) in [(float, "Float"), (b"no wasm".to_vec(), "Malformed")] {
        let refusal = world.refuses(tx(DAIRY, vec![deploy(&code, 5, &[])]));
        assert_eq!(refusal.name.as_str(), name, "{refusal}");
        assert!((6001..6100).contains(&refusal.code), "{refusal}");
        assert!(refusal.message.contains("section at offset"), "{refusal}");
    }
}

#[test]
fn arguments_need_an_entry_that_takes_them() {
    let mut world = World::new();
    let text = "(module (memory (export \"memory\") 1) (func (export \"rule_offer\")))";
    let code = puppet::module(text, &["rule_offer"]);
    let refusal = world.refuses(tx(DAIRY, vec![deploy(&code, 5, &[1])]));
    assert!(refusal.is(Invariant::Shape), "{refusal}");
    let contract = world.act(DAIRY, deploy(&code, 5, &[])).contract.unwrap();
    // What it does not have is not called.
    let refusal = world.refuses(tx(DAIRY, vec![message(contract, "run", &[])]));
    assert!(refusal.is(Invariant::UnknownContract), "{refusal}");
    assert!(world.query(contract, &Program::new()).is_err());
    world.act(DAIRY, product(cheese(), Some(contract)));
    world.done(DAIRY, commission(things([one(cheese(), 0)])));
    assert_eq!(world.books.events.last().unwrap().decided, []);
    world.done(DAIRY, offer(things([one(cheese(), 0)]), SHOP));
    assert_eq!(world.books.events.last().unwrap().decided.len(), 1);
}

#[test]
fn a_message_knows_who_calls() {
    let mut world = World::new();
    let contract = world.dairy_contract;
    let receipt = world.act(SHOP, message(contract, "run", &Program::new().echo().0));
    let invocation: Invocation = decode(&receipt.output);
    assert_eq!((invocation.caller, invocation.signer), (SHOP, SHOP));
    assert_eq!((invocation.contract, invocation.brand), (contract, DAIRY));
    assert_eq!(invocation.now, marque_primitives::TimeMs(world.time));
    let asked = world.query(contract, &Program::new().echo()).unwrap();
    let invocation: Invocation = decode(&asked);
    assert_eq!(invocation.caller, Address::default());
}

#[test]
fn a_query_writes_nothing() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([one(milk(), 0)])));
    let contract = world.dairy_contract;
    for program in [
        Program::new().write(b"k", b"v"),
        Program::new().remove(b"rule_offer"),
        Program::new().emit(1, b"e"),
    ] {
        let refusal = world.query(contract, &program).unwrap_err();
        assert!(refusal.is(Invariant::Trapped), "{refusal}");
        assert!(refusal.message.contains("writeInQuery"), "{refusal}");
    }
    let command = Program::new().command(&hold_things(things([one(milk(), 0)])));
    let refusal = world.query(contract, &command).unwrap_err();
    assert!(
        refusal.message.contains("commandOutsideMessage"),
        "{refusal}"
    );
    let refusal = world.query(contract, &Program::new().spin()).unwrap_err();
    assert!(refusal.is(Invariant::OutOfGas), "{refusal}");
    let refusal = world
        .query(contract, &Program::new().refuse(&no("Secret")))
        .unwrap_err();
    assert_eq!(refusal.name.as_str(), "Secret");
}

#[test]
fn contracts_ask_each_other_and_only_read() {
    let mut world = World::new();
    let other = second(&mut world);
    let own = world.dairy_contract;
    let ask = |world: &mut World, program: &Program| {
        let answer = world.run(Program::new().call(other, u32::MAX, program));
        let (code, bytes) = reply(&answer);
        (code, bytes.to_vec())
    };
    let p = Program::new;
    assert_eq!(
        ask(&mut world, &p().output(b"hello")),
        (5, b"hello".to_vec())
    );
    let (code, bytes) = ask(&mut world, &p().echo());
    let invocation: Invocation = decode(&bytes);
    assert!(code > 0);
    assert_eq!((invocation.caller, invocation.contract), (own, other));
    assert_eq!(ask(&mut world, &p().refuse(&no("Secret"))).0, REFUSED);
    for hostile in [
        p().write(b"k", b"v"),
        p().emit(1, b"e"),
        p().command(&hold_things(things([one(milk(), 0)]))),
        p().trap(),
        p().dive(),
    ] {
        assert_eq!(ask(&mut world, &hostile).0, TRAPPED);
    }
    let answer = world.run(p().call(Address([99; 20]), u32::MAX, &p()));
    assert_eq!(reply(&answer).0, ABSENT);
    // A callee with a limit uses no more than that.
    let answer = world.run(p().call(other, 1_000_000, &p().spin()));
    assert_eq!(reply(&answer).0, TRAPPED);
}

#[test]
fn a_contract_on_the_call_stack_is_never_entered_again() {
    let mut world = World::new();
    let other = second(&mut world);
    let own = world.dairy_contract;
    let p = Program::new;
    let answer = world.run(p().call(own, u32::MAX, &p()));
    let (code, bytes) = reply(&answer);
    assert_eq!(code, REFUSED);
    assert!(decode::<Refusal>(bytes).is(Invariant::Reentered));
    // Nor by way of another.
    let answer = world.run(p().call(
        other,
        u32::MAX,
        &p().call(own, u32::MAX, &p().write(b"k", b"v")),
    ));
    let (code, bytes) = reply(&answer);
    assert!(code > 0);
    let (inner, refusal) = reply(bytes);
    assert_eq!(inner, REFUSED);
    assert!(decode::<Refusal>(refusal).is(Invariant::Reentered));
    // Nor from a rule.
    world.done(DAIRY, commission(things([one(milk(), 0)])));
    let refusing = p().call(own, u32::MAX, &p());
    world.program("rule_offer", refusing);
    let refusal = world.refused(DAIRY, offer(things([one(milk(), 0)]), SHOP));
    assert!(
        refusal.is(Invariant::Trapped),
        "its answer is a reply, not a decision: {refusal}"
    );
}

#[test]
fn a_contract_governs_the_products_that_name_it_and_no_others() {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(milk(), 0, 5), run(cheese(), 0, 5)])),
    );
    world.done(DAIRY, commission(things([pieces(cheese(), "C", 5)])));
    world.done(
        PHARMA,
        commission(things([run(pills(), 0, 5), pieces(pills(), "P", 5)])),
    );
    world.done(DAIRY, pack(pallet(1), things([run(cheese(), 3, 2)])));
    let others = [
        hold_things(things([one(pills(), 0)])),
        hold_things(things([one(cheese(), 0)])),
        hold_things(things([one(milk(), 0), one(pills(), 0)])),
        hold_things(things([pallet(1)])),
        hold_lot(lot(pills(), "P")),
        hold_lot(lot(cheese(), "C")),
        Command::Quarantine {
            target: Target::Things {
                items: things([pieces(pills(), "P", 1)]),
                holder: Some(PHARMA),
            },
            note: "x".try_into().unwrap(),
        },
    ];
    for command in others {
        let answer = world.run(Program::new().command(&command));
        let (code, bytes) = reply(&answer);
        assert_eq!(code, REFUSED);
        assert!(decode::<Refusal>(bytes).is(Invariant::NotGoverned));
        // A refused command leaves nothing: a nonce and its gas.
        assert_eq!(world.changes.len(), 1);
    }
    assert_eq!(world.record(&one(milk(), 0)).status(), Status::Active);
}

#[test]
fn a_message_holds_releases_and_disposes_and_runs_no_rule() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(milk(), 0, 10)])));
    world.done(DAIRY, pack(pallet(1), things([run(milk(), 5, 5)])));
    for kind in Kind::ALL.into_iter().filter(|kind| kind.has_rule()) {
        world.program(&format!("rule_{}", kind.name()), Program::new().trap());
    }
    let hold = hold_things(things([run(milk(), 0, 2), run(milk(), 6, 1)]));
    let contract = world.dairy_contract;
    let receipt = world.act(
        SHOP,
        message(contract, "run", &Program::new().command(&hold).0),
    );
    let event = world.books.events.last().unwrap();
    assert_eq!((event.kind, event.account), (Kind::Govern, SHOP));
    assert!(event.decided[0].held && event.decided[0].contract == contract);
    assert_eq!(
        receipt.event.unwrap().0 + 1,
        world.books.events.len() as u64
    );
    assert_eq!(world.record(&one(milk(), 1)).status(), Status::Quarantined);
    assert_eq!(world.contents(&pallet(1)).lines[0].held, whole(1));
    let refusal = world.refused(DAIRY, offer(things([pallet(1)]), SHOP));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    let target = || Target::Things {
        items: things([run(milk(), 0, 2), run(milk(), 6, 1)]),
        holder: None,
    };
    let free = Command::Release {
        target: target(),
        note: "inspected".try_into().unwrap(),
    };
    let dispose = Command::Dispose {
        target: target(),
        disposition: "sellable_accessible".try_into().unwrap(),
    };
    let answer = world.run(Program::new().command(&free).command(&dispose));
    assert_eq!(reply(&answer).0, RETURNED);
    assert_eq!(world.contents(&pallet(1)).lines[0].held, whole(0));
    let disposition = world.record(&one(milk(), 6)).disposition;
    assert_eq!(disposition.as_deref(), Some("sellable_accessible"));
}

#[test]
fn a_command_has_a_sense() {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(milk(), 0, 5), pieces(milk(), "M", 5)])),
    );
    world.done(DAIRY, decommission(things([one(milk(), 0)])));
    let items = |items, holder| Target::Things { items, holder };
    let dispose = |target| Command::Dispose {
        target,
        disposition: "damaged".try_into().unwrap(),
    };
    let hold = |target| Command::Quarantine {
        target,
        note: "x".try_into().unwrap(),
    };
    let quantity = || things([pieces(milk(), "M", 6)]);
    for (command, invariant) in [
        (
            dispose(Target::Lot(lot(milk(), "M"))),
            Invariant::NotApplicable,
        ),
        (
            dispose(items(things([pieces(milk(), "M", 1)]), Some(DAIRY))),
            Invariant::NotApplicable,
        ),
        (
            hold(items(quantity(), Some(DAIRY))),
            Invariant::InsufficientBalance,
        ),
        (hold(items(quantity(), None)), Invariant::Shape),
        (
            hold(items(things([one(milk(), 0)]), None)),
            Invariant::Decommissioned,
        ),
        (
            hold(items(things([one(milk(), 9)]), None)),
            Invariant::Unknown,
        ),
        (hold(Target::Lot(lot(milk(), "Z"))), Invariant::Unknown),
        (
            hold(items(
                things(Vec::<marque_primitives::thing::Thing>::new()),
                None,
            )),
            Invariant::Shape,
        ),
    ] {
        let answer = world.run(Program::new().command(&command));
        let (code, bytes) = reply(&answer);
        assert_eq!(code, REFUSED);
        let refusal: Refusal = decode(bytes);
        assert!(refusal.is(invariant), "{refusal}");
        assert_eq!(world.changes.len(), 1);
    }
}

#[test]
fn a_recall_and_a_hold_are_kept_apart() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(milk(), 0, 5)])));
    let id = world
        .done(DAIRY, recall(RecallTarget::Product(milk())))
        .recall
        .unwrap();
    world.run(Program::new().command(&hold_things(things([run(milk(), 0, 5)]))));
    world.done(DAIRY, lift(id.0));
    let refusal = world.refused(DAIRY, offer(things([one(milk(), 0)]), SHOP));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
}

#[test]
fn code_waits_until_contracts_can_have_it() {
    let mut world = World::empty();
    world.genesis.contract_delay = 3;
    let store = marque_state::MemoryStore::default();
    let state = {
        use marque_state::Store;
        let empty = marque_state::State::open(store.snapshot().unwrap()).unwrap();
        let leaves = marque_ledger::Ledger::genesis(&world.genesis);
        crate::world::settle(&store, &empty, leaves)
    };
    (world.store, world.state) = (store, state);
    let ready = |refusal: Refusal| {
        assert!(refusal.is(Invariant::CodeNotReady), "{refusal}");
        refusal.expected.unwrap().to_string()
    };
    // At once it would run on nodes that have not compiled it.
    let refusal = world.refuses(tx(DAIRY, vec![deploy(&puppet::CODE, 0, &[])]));
    assert_eq!(ready(refusal), "a block from 4 on");
    let hash = keccak256(&[&puppet::CODE]);
    assert_eq!(read::code(&world.state, &hash).unwrap(), None);

    let code = Bytes::new(puppet::CODE.to_vec()).unwrap();
    let stored = world.height + 1;
    world.act(SHOP, Action::Contract(ContractAction::Store { code }));
    let of = |salt| {
        Action::Contract(ContractAction::Deploy {
            code: CodeSource::Known { hash },
            salt,
            args: Bytes::default(),
        })
    };
    let refusal = world.refuses(tx(DAIRY, vec![of(0)]));
    assert_eq!(ready(refusal), format!("a block from {} on", stored + 3));
    world.block(vec![]);
    // Whoever stored it, everyone may deploy it; storing it again changes nothing.
    let contract = world.act(DAIRY, of(0)).contract.unwrap();
    world.act(DAIRY, message(contract, "run", &[]));
    world.act(PHARMA, deploy(&puppet::CODE, 0, &[]));
}
