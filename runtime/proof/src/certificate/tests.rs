use super::*;
use alloc::vec;

const GENESIS: Hash = [7; 32];

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn four() -> Vec<Validator> {
    (1..=4)
        .map(|seed| Validator {
            key: key(seed).verifying_key().to_bytes(),
            power: 1,
        })
        .collect()
}

fn vote() -> Vote {
    Vote {
        genesis: GENESIS,
        kind: VoteKind::Precommit,
        height: 9,
        round: 2,
        header: [3; 32],
    }
}

fn signed_by(signers: &[u16], vote: &Vote) -> Certificate {
    let signatures = signers.iter().map(|signer| CommitSignature {
        signer: *signer,
        signature: vote.sign(&key(u8::try_from(signer + 1).unwrap())),
    });
    Certificate {
        height: 9,
        round: 2,
        header: [3; 32],
        signatures: signatures.collect(),
    }
}

#[test]
fn three_of_four_decide_and_two_do_not() {
    assert_eq!(
        signed_by(&[0, 1, 2], &vote()).verify(&GENESIS, &four()),
        Ok(())
    );
    assert_eq!(
        signed_by(&[1, 2, 3], &vote()).verify(&GENESIS, &four()),
        Ok(())
    );
    assert_eq!(
        signed_by(&[0, 3], &vote()).verify(&GENESIS, &four()),
        Err(HeaderError::TooLittlePower)
    );
    assert_eq!(
        signed_by(&[], &vote()).verify(&GENESIS, &[]),
        Err(HeaderError::TooLittlePower)
    );
}

#[test]
fn power_counts_and_not_heads() {
    let mut set = four();
    set[3].power = 7;
    assert_eq!(signed_by(&[3], &vote()).verify(&GENESIS, &set), Ok(()));
    assert_eq!(
        signed_by(&[0, 1, 2], &vote()).verify(&GENESIS, &set),
        Err(HeaderError::TooLittlePower)
    );
    set.iter_mut()
        .for_each(|validator| validator.power = u64::MAX);
    assert_eq!(
        signed_by(&[0, 1], &vote()).verify(&GENESIS, &set),
        Err(HeaderError::TooLittlePower)
    );
}

#[test]
fn a_signer_named_twice_is_refused() {
    let twice = signed_by(&[0, 1, 1], &vote());
    assert_eq!(
        twice.verify(&GENESIS, &four()),
        Err(HeaderError::SignerTwice { signer: 1 })
    );
    let unordered = signed_by(&[1, 0, 2], &vote());
    assert_eq!(
        unordered.verify(&GENESIS, &four()),
        Err(HeaderError::SignerTwice { signer: 0 })
    );
}

#[test]
fn strangers_and_other_votes_are_refused() {
    let stranger = signed_by(&[0, 1, 4], &vote());
    assert_eq!(
        stranger.verify(&GENESIS, &four()),
        Err(HeaderError::UnknownSigner { signer: 4 })
    );
    let others = [
        Vote {
            genesis: [8; 32],
            ..vote()
        },
        Vote {
            kind: VoteKind::Prevote,
            ..vote()
        },
        Vote {
            height: 10,
            ..vote()
        },
        Vote { round: 1, ..vote() },
        Vote {
            header: [4; 32],
            ..vote()
        },
    ];
    for other in others {
        let certificate = signed_by(&[0, 1, 2], &other);
        assert_eq!(
            certificate.verify(&GENESIS, &four()),
            Err(HeaderError::BadSignature { signer: 0 })
        );
    }
}

#[test]
fn three_signatures_take_about_three_hundred_bytes() {
    assert_eq!(signed_by(&[0, 1, 2], &vote()).encode().len(), 243);
}

#[test]
fn fixture() {
    let message = vote().message();
    assert_eq!(message.len(), 14 + 32 + 1 + 8 + 4 + 32);
    assert_eq!(&message[..14], b"marque/vote/v1");
    assert_eq!(&message[46..59], &[1, 9, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
    let set = vec![Validator {
        key: [1; 32],
        power: 5,
    }];
    let expected = Sha256::digest(
        [
            &b"marque/validators/v1\x04"[..],
            &[1; 32],
            &[5, 0, 0, 0, 0, 0, 0, 0],
        ]
        .concat(),
    );
    assert_eq!(validators_hash(&set), <Hash>::from(expected));
}
