//! Forged, replayed and misspelt transactions, each by name: through admission, and in a block
//! of another proposer.

use std::sync::Arc;

use marque_chain::consensus::Replay;
use marque_chain::reads::At;
use marque_chain::{Block, Chain, Config};
use marque_primitives::action::{Action, LicenceKey, Operation, Registration};
use marque_primitives::bounded::{Bytes, List};
use marque_primitives::detail::{Detail, Evidence, Fact, FactValue, Facts, OpenEvidence};
use marque_primitives::hash::keccak256;
use marque_primitives::signature::SIGNATURE_LEN;
use marque_primitives::transaction::{Body, Expiry, Transaction};
use marque_primitives::{Gas, Hash, Height, Lane, Nonce, TimeMs};
use marque_proof::Certificate;
use marque_state::MemoryStore;
use marque_store::{Options, RedbStore};
use parity_scale_codec::Encode;

use crate::world::*;

/// The order of secp256k1 (SEC 2, 2.4.1).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

const BAD: (i32, &str) = (1001, "BadSignature");
const MALFORMED: (i32, &str) = (1011, "Malformed");
/// What a validator says of a block with a transaction that is malformed or badly signed.
const NO_TRANSACTION: &str = "malformed or its signature wrong";
/// And of one whose state does not allow a transaction.
const NOT_ALLOWED: &str = "its state does not allow";

fn licence() -> Vec<Action> {
    let licence = Registration::License {
        brand: Who::Brand.address(),
        key: LicenceKey::Prefix(prefix()),
    };
    vec![Action::Registry(licence)]
}

fn good() -> Body {
    body(Who::Registrar, 0, licence())
}

fn by_registrar(body: Body) -> Vec<u8> {
    let signed = Transaction::sign(body, &Who::Registrar.key()).unwrap();
    signed.bytes().to_vec()
}

/// A chain that has taken nothing yet, and a block of it with one good transaction, to be given
/// to followers with another one in its place.
struct Targets {
    world: World,
    blocks: Vec<(Block, Certificate)>,
}

impl Targets {
    fn new() -> Self {
        let world = World::empty();
        wait(world.chain.submit_and_wait(by_registrar(good()))).unwrap();
        let reader = world.reader();
        let block = |height| {
            let at = At::Height(Height(height));
            let certificate = reader.committed(at).unwrap().unwrap().signed.certificate;
            (reader.block(at).unwrap().unwrap(), certificate)
        };
        let blocks = vec![block(0), block(1)];
        Self {
            world: World::empty(),
            blocks,
        }
    }

    fn submit(&self, bytes: &[u8]) -> (i32, &'static str) {
        match self.world.chain.submit(bytes.to_vec()) {
            Ok(id) => panic!("{id} was taken"),
            Err(error) => (error.code(), error.name()),
        }
    }

    /// Why a follower refuses the block with these transactions.
    fn in_a_block(&self, transactions: Vec<Vec<u8>>) -> Option<String> {
        let mut blocks = self.blocks.clone();
        blocks[1].0.transactions = transactions;
        let driver = Box::new(Replay(blocks.into_iter()));
        let (store, clock) = (Arc::new(MemoryStore::new()), StillClock::new());
        let chain = Chain::with(store, genesis(), ledger(), clock, driver, Config::default());
        let chain = chain.unwrap();
        let mut heads = chain.subscribe();
        while wait(heads.recv()).is_ok() {}
        chain.status().fault.map(|fault| fault.to_string())
    }

    /// Refused when it is sent, with this code, and in a block, with these words.
    fn refuse(&self, what: &str, bytes: &[u8], code: (i32, &str), words: &str) {
        assert_eq!(self.submit(bytes), code, "{what}");
        let fault = self.in_a_block(vec![bytes.to_vec()]).unwrap();
        assert!(fault.contains(words), "{what}: {fault}");
    }

    fn done(&self) {
        assert_eq!(self.world.chain.status().pool_transactions, 0);
        assert_eq!(self.world.height(), 0);
        // The targets are whole: what is good is taken by both.
        let good = by_registrar(good());
        assert_eq!(self.in_a_block(vec![good.clone()]), None);
        wait(self.world.chain.submit_and_wait(good)).unwrap();
    }
}

/// A good transaction with another signature.
fn with(signature: impl FnOnce(&mut [u8; SIGNATURE_LEN])) -> Vec<u8> {
    let mut bytes = by_registrar(good());
    let at = bytes.len() - SIGNATURE_LEN;
    let mut own: [u8; SIGNATURE_LEN] = bytes[at..].try_into().unwrap();
    signature(&mut own);
    bytes[at..].copy_from_slice(&own);
    bytes
}

/// n - s, big-endian.
fn negated(s: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    let mut borrow = 0;
    for at in (0..32).rev() {
        let digit = i16::from(ORDER[at]) - i16::from(s[at]) - borrow;
        borrow = i16::from(digit < 0);
        out[at] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    out
}

#[test]
fn a_signature_with_any_bit_flipped() {
    let targets = Targets::new();
    for bit in 0..SIGNATURE_LEN * 8 {
        let flipped = with(|own| own[bit / 8] ^= 1 << (bit % 8));
        assert_eq!(targets.submit(&flipped), BAD, "bit {bit}");
        if bit % 64 == 7 {
            let fault = targets.in_a_block(vec![flipped]).unwrap();
            assert!(fault.contains(NO_TRANSACTION), "bit {bit}: {fault}");
        }
    }
    targets.done();
}

#[test]
fn a_high_s() {
    let targets = Targets::new();
    let high = with(|own| {
        let s = negated(&own[32..64]);
        own[32..64].copy_from_slice(&s);
        own[64] ^= 1;
    });
    targets.refuse(
        "the other signature of the same key",
        &high,
        BAD,
        NO_TRANSACTION,
    );
    targets.done();
}

#[test]
fn r_or_s_of_0_n_and_above() {
    let targets = Targets::new();
    let mut above = ORDER;
    above[31] += 1;
    for (what, value) in [
        ("0", [0; 32]),
        ("n", ORDER),
        ("n + 1", above),
        ("all ones", [0xff; 32]),
    ] {
        for half in [0..32, 32..64] {
            let bytes = with(|own| own[half].copy_from_slice(&value));
            targets.refuse(what, &bytes, BAD, NO_TRANSACTION);
        }
    }
    let nothing = with(|own| own.fill(0));
    targets.refuse("no signature", &nothing, BAD, NO_TRANSACTION);
    targets.done();
}

#[test]
fn recovery_ids_2_to_255() {
    let targets = Targets::new();
    for id in 2..=255 {
        let bytes = with(|own| own[64] = id);
        assert_eq!(targets.submit(&bytes), BAD, "{id}");
    }
    for id in [2, 3, 4, 27, 28, 255] {
        let bytes = with(|own| own[64] = id);
        targets.refuse("a recovery id", &bytes, BAD, NO_TRANSACTION);
    }
    targets.done();
}

#[test]
fn swapped_keys() {
    let targets = Targets::new();
    let sign = |body, who: Who| {
        Transaction::sign(body, &who.key())
            .unwrap()
            .bytes()
            .to_vec()
    };
    let (registrar, brand) = (Who::Registrar.address(), Who::Brand.address());
    let other_signer = sign(good(), Who::Brand);
    targets.refuse("signed by another", &other_signer, BAD, NO_TRANSACTION);
    let own_key = Body {
        key: brand,
        ..good()
    };
    let stranger = sign(own_key, Who::Brand);
    let unknown = (1008, "KeyUnknown");
    targets.refuse("another's account", &stranger, unknown, NOT_ALLOWED);
    let account = Body {
        account: brand,
        key: registrar,
        ..good()
    };
    let exchanged = sign(account, Who::Registrar);
    targets.refuse(
        "account and key exchanged",
        &exchanged,
        unknown,
        NOT_ALLOWED,
    );
    // One signature under another body.
    let mut moved = by_registrar(Body {
        gas_limit: Gas(7_000_000_000),
        ..good()
    });
    let at = moved.len() - SIGNATURE_LEN;
    moved[at..].copy_from_slice(&by_registrar(good())[at..]);
    targets.refuse("a signature of another body", &moved, BAD, NO_TRANSACTION);
    targets.done();
}

#[test]
fn another_chain_and_another_genesis_with_the_same_id() {
    let targets = Targets::new();
    let wrong = (1002, "WrongChain");
    let chain = by_registrar(Body {
        chain_id: 8,
        ..good()
    });
    targets.refuse("another chain", &chain, wrong, NOT_ALLOWED);
    let mut other = genesis();
    other.seed = Hash([10; 32]);
    assert_eq!(other.chain_id, genesis().chain_id);
    let other = by_registrar(Body {
        genesis: other.hash(),
        ..good()
    });
    targets.refuse("another genesis", &other, wrong, NOT_ALLOWED);
    targets.done();
}

#[test]
fn a_replay_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let store = RedbStore::open(folder.path(), &Options::default()).unwrap();
        World::on(Arc::new(store), StillClock::new()).unwrap()
    };
    let world = open();
    let first = by_registrar(good());
    let receipt = wait(world.chain.submit_and_wait(first.clone())).unwrap();
    // One that waits behind a gap is in no block: the restart drops it.
    let waiting = by_registrar(body(Who::Registrar, 2, licence()));
    let id = world.chain.submit(waiting.clone()).unwrap();
    world.chain.shutdown();
    while wait(world.chain.subscribe().recv()).is_ok() {}
    drop(world);
    let world = open();
    assert_eq!(world.chain.status().pool_transactions, 0);
    // What a block holds is known by its id and not done again.
    assert_eq!(
        world.chain.submit(first.clone()).unwrap(),
        receipt.transaction
    );
    assert_eq!(wait(world.chain.submit_and_wait(first)).unwrap(), receipt);
    assert_eq!(world.height(), 1);
    // What was dropped is sent again, and has the id that it had.
    assert_eq!(world.chain.submit(waiting.clone()).unwrap(), id);
    let missing = by_registrar(body(Who::Registrar, 1, licence()));
    wait(world.chain.submit_and_wait(missing)).unwrap();
    assert_eq!(
        wait(world.chain.submit_and_wait(waiting))
            .unwrap()
            .transaction,
        id
    );
}

#[test]
fn a_replay_within_a_block() {
    let targets = Targets::new();
    let twice = vec![by_registrar(good()); 2];
    assert!(targets.in_a_block(twice).unwrap().contains(NOT_ALLOWED));
    targets.done();
}

#[test]
fn gaps_and_the_greatest_numbers() {
    let targets = Targets::new();
    let gap = (1004, "NonceGap");
    for nonce in [1_025, u64::MAX - 1, u64::MAX] {
        let bytes = by_registrar(body(Who::Registrar, nonce, licence()));
        targets.refuse("a nonce far ahead", &bytes, gap, NOT_ALLOWED);
    }
    // Within the bounded gap it waits, and no block holds it.
    let near = by_registrar(body(Who::Registrar, 1, licence()));
    assert!(
        targets
            .in_a_block(vec![near])
            .unwrap()
            .contains(NOT_ALLOWED)
    );
    let gas = by_registrar(Body {
        gas_limit: Gas(u64::MAX),
        ..good()
    });
    targets.refuse(
        "all the gas there is",
        &gas,
        (1009, "GasLimit"),
        NOT_ALLOWED,
    );
    let none = by_registrar(Body {
        gas_limit: Gas(0),
        ..good()
    });
    targets.refuse("no gas", &none, (1014, "GasTooLow"), NOT_ALLOWED);
    let past = Expiry {
        height: Height(0),
        time: TimeMs(u64::MAX),
    };
    let past = by_registrar(Body {
        expiry: past,
        ..good()
    });
    targets.refuse("expired", &past, (1006, "Expired"), NOT_ALLOWED);
    for lane in [16, 255] {
        let bytes = by_registrar(Body {
            lane: Lane(lane),
            ..good()
        });
        targets.refuse("a lane that is none", &bytes, MALFORMED, NO_TRANSACTION);
    }
    // The greatest expiry is none at all: the good one has it.
    assert_eq!(good().expiry.time, TimeMs(u64::MAX));
    targets.done();
}

#[test]
fn two_bodies_for_one_nonce() {
    let targets = Targets::new();
    let other = |nonce| {
        by_registrar(Body {
            gas_limit: Gas(9_000_000_000),
            ..body(Who::Registrar, nonce, licence())
        })
    };
    let both = vec![by_registrar(good()), other(0)];
    assert!(targets.in_a_block(both).unwrap().contains(NOT_ALLOWED));
    let chain = &targets.world.chain;
    let first = by_registrar(body(Who::Registrar, 1, licence()));
    chain.submit(first.clone()).unwrap();
    let error = chain.submit(other(1)).unwrap_err();
    assert_eq!((error.code(), error.name()), (1012, "NonceTaken"));
    assert!(!error.retryable());
    wait(chain.submit_and_wait(by_registrar(good()))).unwrap();
    // The first one stands, and the second is too late for good.
    wait(chain.submit_and_wait(first)).unwrap();
    let error = chain.submit(other(1)).unwrap_err();
    assert_eq!((error.code(), error.name()), (1003, "NonceTooLow"));
}

#[test]
fn truncation_at_every_offset_and_trailing_bytes() {
    let targets = Targets::new();
    let whole = by_registrar(good());
    for length in 0..whole.len() {
        let (code, _) = targets.submit(&whole[..length]);
        assert_eq!(code, 1011, "{length} bytes");
    }
    for more in [1, 2, 65, 1_000] {
        let mut long = whole.clone();
        long.resize(whole.len() + more, 0);
        targets.refuse("trailing bytes", &long, MALFORMED, NO_TRANSACTION);
    }
    let short = &whole[..whole.len() - 1];
    targets.refuse("a byte less", short, MALFORMED, NO_TRANSACTION);
    targets.refuse("nothing", &[], MALFORMED, NO_TRANSACTION);
    let huge = vec![0; (1 << 20) + 1];
    targets.refuse(
        "a byte more than may be",
        &huge,
        (1005, "TooLarge"),
        NO_TRANSACTION,
    );
    targets.done();
}

/// A good body whose number of actions is written otherwise, signed as it is.
fn counted(actions: &[u8]) -> Vec<u8> {
    let encoded = good().encode();
    let list = good().actions.encode();
    let head = encoded.len() - list.len();
    // The list's length takes one byte.
    sealed(
        &[&encoded[..head], actions, &list[1..]].concat(),
        b"marque/transaction/v1",
    )
}

/// Bytes that the registrar signed under a tag.
fn sealed(bytes: &[u8], tag: &[u8]) -> Vec<u8> {
    let digest = keccak256(&[tag, bytes]);
    let signature = Who::Registrar.key().sign(&digest).unwrap();
    [bytes, &signature.0].concat()
}

#[test]
fn length_bombs_and_lengths_spelt_otherwise() {
    let targets = Targets::new();
    assert_eq!(counted(&[4]), by_registrar(good()));
    let cases: [(&str, &[u8]); 6] = [
        ("2^30 - 1 actions", &[0xfe, 0xff, 0xff, 0xff]),
        ("2^32 - 1 actions", &[0x03, 0xff, 0xff, 0xff, 0xff]),
        ("2^536 - 1 actions", &[0xff; 68]),
        ("257 actions", &[0x05, 0x04]),
        ("one action in two bytes", &[0x05, 0x00]),
        ("one action in four bytes", &[0x06, 0x00, 0x00, 0x00]),
    ];
    for (what, count) in cases {
        targets.refuse(what, &counted(count), MALFORMED, NO_TRANSACTION);
    }
    targets.refuse("no action", &counted(&[0])[..], MALFORMED, NO_TRANSACTION);
    targets.done();
}

#[test]
fn unknown_versions() {
    let targets = Targets::new();
    for version in [0, 2, 127, 255] {
        let mut encoded = good().encode();
        encoded[0] = version;
        let bytes = sealed(&encoded, b"marque/transaction/v1");
        targets.refuse("a version", &bytes, MALFORMED, NO_TRANSACTION);
    }
    targets.done();
}

fn with_facts(facts: Facts, rest: &str) -> Body {
    let open = OpenEvidence {
        facts,
        rest: Bytes::new(rest.as_bytes().to_vec()).unwrap(),
        ..OpenEvidence::default()
    };
    let detail = Detail {
        evidence: Evidence::Open(open),
        ..Detail::default()
    };
    let observe = Operation::Observe {
        items: things([items(1, 1)]),
        parent: None,
    };
    Body {
        actions: List::new(vec![Action::Intent(observe, detail)]).unwrap(),
        ..good()
    }
}

fn fact(name: &str, value: FactValue) -> Fact {
    Fact {
        name: name.try_into().unwrap(),
        value,
    }
}

#[test]
fn unsorted_maps_and_names_that_stand_twice() {
    let targets = Targets::new();
    let words = || FactValue::Text("w".try_into().unwrap());
    let facts = Facts::new(vec![fact("aa", words()), fact("bb", words())]).unwrap();
    let encoded = with_facts(facts, "").encode();
    let at = |name: &[u8]| encoded.windows(2).position(|bytes| bytes == name).unwrap();
    let (first, second) = (at(b"aa"), at(b"bb"));
    for (what, names) in [("unsorted", [b"bb", b"aa"]), ("twice", [b"aa", b"aa"])] {
        let mut changed = encoded.clone();
        changed[first..first + 2].copy_from_slice(names[0]);
        changed[second..second + 2].copy_from_slice(names[1]);
        let bytes = sealed(&changed, b"marque/transaction/v1");
        targets.refuse(what, &bytes, MALFORMED, NO_TRANSACTION);
    }
    targets.done();
}

#[test]
fn an_identifier_in_a_fact_has_one_spelling() {
    let targets = Targets::new();
    let body = |id: &str| {
        let id = FactValue::Id(id.try_into().unwrap());
        with_facts(Facts::new(vec![fact("source", id)]).unwrap(), "")
    };
    // Fuzzing found the first: read again, it was another identifier.
    for id in [
        "https://id.gs1norg/414/9506000134376",
        "https://id.gs1.org/414/9506000134376?x=1",
        "(414)9506000134376",
        "\u{2}nothing at all",
    ] {
        let bytes = by_registrar(body(id));
        targets.refuse(id, &bytes, MALFORMED, NO_TRANSACTION);
    }
    Transaction::decode(by_registrar(body("https://id.gs1.org/414/9506000134376"))).unwrap();
    targets.done();
}

#[test]
fn deep_nesting_in_what_no_rule_reads() {
    let world = World::trading();
    let deep = "[".repeat(8_000);
    let nested = format!("{deep}{}", "]".repeat(8_000));
    for (nonce, rest) in (1..).zip([deep, nested]) {
        let bytes = by_registrar(Body {
            nonce: Nonce(nonce),
            ..with_facts(Facts::default(), &rest)
        });
        // It is words to the ledger: kept, and shown, without a walk into it.
        let receipt = wait(world.chain.submit_and_wait(bytes)).unwrap();
        assert!(serde_json::to_string(&*receipt).is_ok());
        let block = world.reader().block(At::Latest).unwrap().unwrap();
        let kept = Transaction::decode(block.transactions[0].clone()).unwrap();
        let _shown = serde_json::to_string(kept.body());
    }
}

#[test]
fn a_signed_message_is_no_transaction() {
    let targets = Targets::new();
    let encoded = good().encode();
    for tag in [
        &b""[..],
        b"marque/transaction/v2",
        b"marque/genesis/v1",
        b"marque/header/v1",
        b"marque/vote/v1",
        b"marque/key-file/v1",
        b"\x19Ethereum Signed Message:\n32",
    ] {
        let bytes = sealed(&encoded, tag);
        targets.refuse(&String::from_utf8_lossy(tag), &bytes, BAD, NO_TRANSACTION);
    }
    assert_eq!(
        sealed(&encoded, b"marque/transaction/v1"),
        by_registrar(good())
    );
    targets.done();
}
