//! `item_prove`, checked as someone checks it who has the genesis and trusts no node.

use crate::world::{ITEM_1, PALLET, World};
use marque_primitives::genesis::Genesis;
use marque_primitives::hash::from_hex;
use marque_primitives::history::{Entry, Head};
use marque_primitives::json::naming;
use marque_primitives::record::Record;
use marque_primitives::thing::ThingId;
use marque_primitives::{codec, key};
use marque_proof::{Answer, Limits, SignedHeader, StateProof, Validator, Verified};
use parity_scale_codec::DecodeAll as _;
use serde_json::{Value, json};

const MOST: usize = 1 << 20;

fn bytes(hex: &Value) -> Vec<u8> {
    from_hex(hex.as_str().unwrap()).unwrap()
}

async fn genesis(world: &World) -> Genesis {
    serde_json::from_value(world.wire.ok("chain_genesis", json!({})).await).unwrap()
}

/// The leaves that an answer proves, if it proves any under this genesis.
fn verified(genesis: &Genesis, answer: &Value) -> Option<Verified> {
    let signed = SignedHeader::decode_all(&mut &*bytes(&answer["header"])).ok()?;
    let validators: Vec<Validator> = genesis
        .validators
        .iter()
        .map(|validator| Validator {
            key: validator.key.0,
            power: validator.power,
        })
        .collect();
    signed.verify(&genesis.hash().0, &validators).ok()?;
    let proof = StateProof::from_bytes(&bytes(&answer["state"]), &Limits::default()).ok()?;
    proof.verify(&signed.header.state_root.0).ok()
}

/// The record that answers for a thing.
fn record(verified: &Verified, id: &ThingId) -> Record {
    let Answer::Present((_, value)) = verified.at_or_before(&key::record(id)) else {
        panic!("no record of {id:?}")
    };
    codec::decode(value, MOST).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thing_is_proved_with_all_that_judges_it_and_its_whole_history() {
    let world = World::busy().await;
    let genesis = genesis(&world).await;
    let answer = world.wire.ok("item_prove", json!({"id": ITEM_1})).await;
    let proved = verified(&genesis, &answer).unwrap();
    let id = naming::thing_id(ITEM_1).unwrap();
    let ThingId::Item { line, .. } = id else {
        panic!("{id:?}")
    };
    let own = record(&proved, &id);
    // Packed: what it is in is proved too, and its lot and product.
    assert_eq!(own.parent, Some(naming::thing_id(PALLET).unwrap()));
    let around = record(&proved, &own.parent.clone().unwrap());
    assert!(around.is_parent);
    let marque_primitives::thing::Line::Product(gtin) = line else {
        panic!("{line:?}")
    };
    let lot = marque_primitives::thing::LotId {
        gtin,
        lot: own.lot.unwrap(),
    };
    assert!(matches!(proved.get(&key::lot(&lot)), Answer::Present(_)));
    assert!(matches!(
        proved.get(&key::product(gtin)),
        Answer::Present(_)
    ));
    // Nothing of its history is left out: the entries end with the head that the state names.
    let mut head = Head::EMPTY;
    let entries = answer["history"].as_array().unwrap();
    assert!(entries.len() >= 2, "{entries:?}");
    for encoded in entries {
        let entry = Entry::decode_all(&mut &*bytes(encoded)).unwrap();
        assert_eq!(
            (entry.before.length, entry.before.hash),
            (head.length, head.hash)
        );
        head.length += 1;
        head.hash = entry.hash();
    }
    assert_eq!(
        (own.history.length, own.history.hash),
        (head.length, head.hash)
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn absence_is_proved_and_no_changed_proof_is_believed() {
    let world = World::busy().await;
    let genesis = genesis(&world).await;
    let nothing = "https://id.gs1.org/01/09506000134352/21/nothing";
    let answer = world.wire.ok("item_prove", json!({"id": nothing})).await;
    let proved = verified(&genesis, &answer).unwrap();
    let id = naming::thing_id(nothing).unwrap();
    assert_eq!(proved.get(&key::record(&id)), Answer::Absent);
    assert_eq!(answer["history"], json!([]));

    let answer = world.wire.ok("item_prove", json!({"id": ITEM_1})).await;
    let other = Genesis {
        chain_id: genesis.chain_id + 1,
        ..genesis.clone()
    };
    assert!(verified(&other, &answer).is_none());
    for part in ["header", "state"] {
        let whole = bytes(&answer[part]);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            let mut answer = answer.clone();
            answer[part] = json!(marque_primitives::hash::to_hex(&changed));
            assert!(verified(&genesis, &answer).is_none(), "byte {at} of {part}");
        }
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_of_an_earlier_block_speaks_of_that_block() {
    let world = World::busy().await;
    let genesis = genesis(&world).await;
    let now = world.wire.ok("item_prove", json!({"id": ITEM_1})).await;
    let height: u64 = now["height"].as_u64().unwrap();
    let before = world
        .wire
        .ok("item_prove", json!({"id": ITEM_1, "at": height - 1}))
        .await;
    assert_eq!(before["height"], json!(height - 1));
    assert!(verified(&genesis, &before).is_some());
    world.close().await;
}
