//! Bytes that claim to prove something.

use crate::{MEMORY, alone, failures};
use ed25519_dalek::SigningKey;
use marque_fuzz::{Bound, Campaign, Random, bytes};
use marque_primitives::header::Header;
use marque_primitives::{Hash, Height, TimeMs};
use marque_proof::certificate::{CommitSignature, Vote, VoteKind, validators_hash};
use marque_proof::{Certificate, Limits, SignedHeader, StateProof, Validator, header};
use marque_state::{Changes, MemoryStore, State, Store as _, View as _};
use parity_scale_codec::{DecodeAll as _, Encode as _};
use std::collections::BTreeMap;
use std::time::Duration;

const GENESIS: [u8; 32] = [5; 32];

/// A ledger's state, and what is true of it.
struct Truth {
    root: [u8; 32],
    rows: BTreeMap<Vec<u8>, Vec<u8>>,
    proofs: Vec<Vec<u8>>,
}

/// Some hundred rows, changed in some blocks, and proofs of what is there and what is not.
fn truth() -> Truth {
    let store = MemoryStore::new();
    let mut random = Random::new(3);
    let mut state = State::open(store.snapshot().unwrap()).unwrap();
    let mut rows = BTreeMap::new();
    for _ in 0..12 {
        let mut changes = Changes::new();
        for _ in 0..100 {
            let key = (random.below(600) * 3).to_be_bytes().to_vec();
            let value = (!random.one_in(4)).then(|| random.next().to_be_bytes().repeat(5));
            match &value {
                Some(value) => drop(rows.insert(key.clone(), value.clone())),
                None => drop(rows.remove(&key)),
            }
            changes.insert(key, value);
        }
        let update = state.prepare(changes).unwrap();
        let mut batch = marque_state::Batch::new();
        update.write_to(&mut batch);
        store.commit(batch).unwrap();
        state = update.settle(store.snapshot().unwrap()).unwrap();
    }
    assert_eq!(state.scan(&[], None, usize::MAX).unwrap().len(), rows.len());
    let ask = |keys: &[usize]| {
        let keys: Vec<_> = keys.iter().map(|key| key.to_be_bytes()).collect();
        state.prove(&keys).unwrap().encode()
    };
    let mut proofs: Vec<_> = (0..60).map(|key| ask(&[key * 30])).collect();
    proofs.extend((0..20).map(|key| ask(&[key, key * 7, key * 70 + 1, 5_000])));
    Truth {
        root: state.tip().unwrap().root,
        rows,
        proofs,
    }
}

/// Three of four validators' signatures on a header.
fn signed_header() -> (SignedHeader, Vec<Validator>) {
    let keys: Vec<_> = (1..=4)
        .map(|seed| SigningKey::from_bytes(&[seed; 32]))
        .collect();
    let validators: Vec<_> = keys
        .iter()
        .map(|key| Validator {
            key: key.verifying_key().to_bytes(),
            power: 1,
        })
        .collect();
    let set = Hash(validators_hash(&validators));
    let header = Header {
        chain_id: 7,
        height: Height(9),
        time: TimeMs(1_700_000_000_000),
        validators: set,
        next_validators: set,
        ..header_of_zeros()
    };
    let vote = Vote {
        genesis: GENESIS,
        kind: VoteKind::Precommit,
        height: 9,
        round: 0,
        header: header::hash(&header),
    };
    let signatures = keys
        .iter()
        .take(3)
        .zip(0..)
        .map(|(key, signer)| CommitSignature {
            signer,
            signature: vote.sign(key),
        });
    let certificate = Certificate {
        height: 9,
        round: 0,
        header: vote.header,
        signatures: signatures.collect(),
    };
    (
        SignedHeader {
            header,
            certificate,
        },
        validators,
    )
}

fn header_of_zeros() -> Header {
    Header {
        version: Default::default(),
        chain_id: 0,
        height: Height(0),
        parent: Hash::ZERO,
        time: TimeMs(0),
        proposer: Hash::ZERO,
        tx_root: Hash::ZERO,
        receipts_root: Hash::ZERO,
        events_root: Hash::ZERO,
        state_root: Hash::ZERO,
        validators: Hash::ZERO,
        next_validators: Hash::ZERO,
    }
}

impl Truth {
    /// Whatever a proof proves is true, and it proves only under the root.
    fn judge(&self, input: &[u8]) -> &'static str {
        let Ok(proof) = StateProof::from_bytes(input, &Limits::default()) else {
            return "malformed";
        };
        assert_eq!(proof.encode(), input, "it has another spelling");
        let Ok(verified) = proof.verify(&self.root) else {
            return "refused";
        };
        for leaf in verified.leaves() {
            assert_eq!(self.next(&leaf.key), leaf.next.as_ref(), "{leaf:?}");
            if !leaf.key.is_empty() {
                assert_eq!(self.rows.get(&leaf.key), Some(&leaf.value), "{leaf:?}");
            }
        }
        "verified"
    }

    fn next(&self, key: &[u8]) -> Option<&Vec<u8>> {
        let above = (std::ops::Bound::Excluded(key), std::ops::Bound::Unbounded);
        self.rows.range::<[u8], _>(above).next().map(|(key, _)| key)
    }
}

#[test]
fn a_state_proof_proves_the_truth_or_nothing() {
    let _alone = alone();
    let truth = truth();
    let campaign = Campaign {
        name: "state-proofs",
        corpus: truth.proofs.clone(),
        mutate: bytes::mutate,
        bound: Bound {
            per_byte: 64,
            base: 1 << 20,
            time: Duration::from_secs(10),
        },
        folder: failures(),
        memory: Some(&MEMORY),
    };
    let summary = campaign.run(|input| truth.judge(input));
    assert!(
        summary.executions == 1 || summary.outcomes.len() == 3,
        "{summary}"
    );
}

#[test]
fn a_certificate_decides_its_own_header_and_no_other() {
    let _alone = alone();
    let (signed, validators) = signed_header();
    let judge = |input: &[u8]| {
        let Ok(found) = SignedHeader::decode_all(&mut &*input) else {
            return "malformed";
        };
        match found.verify(&GENESIS, &validators) {
            Ok(()) => {
                assert_eq!(found.header, signed.header);
                "verified"
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                "refused"
            }
        }
    };
    // And one that lacks a vote.
    let mut fewer = signed.clone();
    fewer.certificate.signatures.remove(1);
    let campaign = Campaign {
        name: "headers",
        corpus: vec![signed.encode(), fewer.encode()],
        mutate: bytes::mutate,
        bound: Bound {
            per_byte: 64,
            base: 1 << 20,
            time: Duration::from_secs(10),
        },
        folder: failures(),
        memory: Some(&MEMORY),
    };
    let summary = campaign.run(judge);
    assert!(
        summary.executions == 1 || summary.outcomes.len() == 3,
        "{summary}"
    );
}
