use super::*;
use crate::certificate::{CommitSignature, Vote, VoteKind};
use ed25519_dalek::SigningKey;
use marque_primitives::header::HeaderVersion;
use marque_primitives::{Hash as Digest32, Height, TimeMs};

fn genesis() -> Header {
    let set = validators_hash(&validators());
    Header {
        version: HeaderVersion::V1,
        chain_id: 1,
        height: Height(0),
        parent: Digest32::ZERO,
        time: TimeMs(1_000),
        proposer: Digest32::ZERO,
        tx_root: Digest32([1; 32]),
        receipts_root: Digest32([2; 32]),
        events_root: Digest32([3; 32]),
        state_root: Digest32([4; 32]),
        validators: Digest32(set),
        next_validators: Digest32(set),
    }
}

fn next() -> Header {
    Header {
        height: Height(1),
        parent: Digest32(hash(&genesis())),
        time: TimeMs(1_001),
        ..genesis()
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn validators() -> [Validator; 1] {
    [Validator {
        key: key().verifying_key().to_bytes(),
        power: 1,
    }]
}

fn signed(header: Header) -> SignedHeader {
    let digest = hash(&header);
    let height = header.height.0;
    let vote = Vote {
        genesis: [9; 32],
        kind: VoteKind::Precommit,
        height,
        round: 0,
        header: digest,
    };
    let signatures = [CommitSignature {
        signer: 0,
        signature: vote.sign(&key()),
    }]
    .into();
    SignedHeader {
        header,
        certificate: Certificate {
            height,
            round: 0,
            header: digest,
            signatures,
        },
    }
}

#[test]
fn a_signed_header_is_verified_and_no_changed_one() {
    let good = signed(next());
    assert_eq!(good.verify(&[9; 32], &validators()), Ok(()));
    assert_eq!(
        good.verify(&[8; 32], &validators()),
        Err(HeaderError::BadSignature { signer: 0 })
    );
    let mut changed = good.clone();
    changed.header.state_root = Digest32([0; 32]);
    assert_eq!(
        changed.verify(&[9; 32], &validators()),
        Err(HeaderError::OtherHeader)
    );
    let mut moved = good.clone();
    moved.certificate.height = 2;
    assert_eq!(
        moved.verify(&[9; 32], &validators()),
        Err(HeaderError::OtherHeader)
    );
    let others = [Validator {
        key: [1; 32],
        power: 1,
    }];
    assert_eq!(
        good.verify(&[9; 32], &others),
        Err(HeaderError::OtherValidators)
    );
}

#[test]
fn a_header_follows_only_its_parent() {
    assert_eq!(follows(&genesis(), &next()), Ok(()));
    let broken = [
        Header {
            height: Height(2),
            ..next()
        },
        Header {
            parent: Digest32::ZERO,
            ..next()
        },
        Header {
            time: TimeMs(1_000),
            ..next()
        },
        Header {
            chain_id: 2,
            ..next()
        },
    ];
    for header in broken {
        assert_eq!(follows(&genesis(), &header), Err(HeaderError::NotNext));
    }
    let replaced = Header {
        validators: Digest32::ZERO,
        ..next()
    };
    assert_eq!(
        follows(&genesis(), &replaced),
        Err(HeaderError::OtherValidators)
    );
}

#[test]
fn fixture() {
    let encoded = genesis().encode();
    assert_eq!(encoded.len(), 1 + 3 * 8 + 8 * 32);
    assert_eq!(encoded[..9], [1, 1, 0, 0, 0, 0, 0, 0, 0]);
    let expected = Sha256::digest([HEADER_TAG, &encoded].concat());
    assert_eq!(hash(&genesis()), <Hash>::from(expected));
}
