//! SCALE bytes and their hashes, fixed for every encoded type, and keys of the state.

use crate::golden;
use crate::samples::{self, actions, history, state};
use marque_primitives::action::{LicenceKey, Right};
use marque_primitives::codec;
use marque_primitives::gs1::{CompanyPrefix, Giai, GraiType};
use marque_primitives::hash::{sha256, to_hex};
use marque_primitives::signature::SecretKey;
use marque_primitives::thing::{Line, ThingId};
use marque_primitives::transaction::Transaction;
use marque_primitives::{Lane, Position, TimeMs, key};
use parity_scale_codec::{Decode, Encode};
use std::fmt::Write as _;

/// A line of the fixture: name, SHA-256 of the bytes, the bytes. What was written is read
/// again, and with one byte more or less it is not.
fn line<T: Encode + Decode + PartialEq + std::fmt::Debug>(out: &mut String, name: &str, value: &T) {
    let bytes = value.encode();
    assert_eq!(
        codec::decode::<T>(&bytes, bytes.len()).as_ref(),
        Ok(value),
        "{name}"
    );
    assert!(
        codec::decode::<T>(&[bytes.as_slice(), &[0]].concat(), usize::MAX).is_err(),
        "{name} with a byte more"
    );
    let short = &bytes[..bytes.len() - 1];
    assert!(
        codec::decode::<T>(short, usize::MAX).is_err(),
        "{name} with a byte less"
    );
    writeln!(out, "{name} {} {}", sha256(&[&bytes]), to_hex(&bytes)).unwrap();
}

#[test]
fn every_encoded_type_keeps_its_bytes() {
    let mut out = String::new();
    for (name, action) in actions::actions() {
        line(&mut out, &format!("action/{name}"), &action);
    }
    line(&mut out, "transaction/body", &history::body());
    line(&mut out, "header", &history::header());
    line(&mut out, "history/event", &history::event());
    for (name, terms) in history::terms() {
        line(&mut out, &format!("history/terms/{name}"), &terms);
    }
    line(&mut out, "history/entry", &history::entry());
    let [applied, refused] = history::receipts();
    line(&mut out, "receipt/applied", &applied);
    line(&mut out, "receipt/refused", &refused);
    line(&mut out, "genesis", &history::genesis());
    line(&mut out, "state/record", &state::record());
    line(&mut out, "state/lot", &state::lot_record());
    line(&mut out, "state/holding", &state::holding());
    line(&mut out, "state/balance", &state::balance());
    line(&mut out, "state/contents", &state::contents());
    line(&mut out, "state/product", &state::product());
    line(&mut out, "state/party", &state::party());
    line(&mut out, "state/offer", &state::offer());
    line(&mut out, "state/claim", &state::claim());
    line(&mut out, "state/recall", &state::recall());
    line(&mut out, "state/known-event", &state::known_event());
    line(&mut out, "state/transformation", &state::transformation());
    line(&mut out, "state/key", &state::key_record());
    line(&mut out, "state/contract", &state::contract());
    line(&mut out, "state/code", &state::code());
    line(&mut out, "state/counters", &state::counters());
    line(&mut out, "state/parameters", &state::parameters());
    line(&mut out, "state/usage", &state::usage());
    line(&mut out, "state/licence", &state::licence());
    line(&mut out, "state/credential", &state::credential());
    line(&mut out, "state/association", &state::association());
    golden::check("encoding.txt", &out);
}

#[test]
fn hashes_and_signatures_keep_their_tags() {
    let body = history::body();
    let signer = SecretKey::from_bytes(&[7; 32]).unwrap();
    let signed = Transaction::sign(body.clone(), &signer).unwrap();
    assert_eq!(signed.id(), body.id());
    assert_eq!(
        Transaction::decode(signed.bytes().to_vec()).as_ref(),
        Ok(&signed)
    );
    // The body names another key.
    assert!(signed.verify().is_err());

    let own = marque_primitives::transaction::Body {
        key: signer.address(),
        ..body
    };
    let signed = Transaction::sign(own, &signer).unwrap();
    assert_eq!(signed.verify(), Ok(()));

    let lines = [
        ("transaction", signed.id()),
        ("header", history::header().hash()),
        ("event", history::event().hash()),
        ("entry", history::entry().hash()),
        ("genesis", history::genesis().hash()),
        (
            "validators",
            marque_primitives::genesis::validators_hash(&history::genesis().validators),
        ),
    ];
    let mut out = String::new();
    for (name, hash) in lines {
        writeln!(out, "{name} {hash}").unwrap();
    }
    let bytes = signed.bytes();
    writeln!(out, "signature {}", to_hex(&bytes[bytes.len() - 65..])).unwrap();
    writeln!(out, "address {}", signer.address()).unwrap();
    let contract = marque_primitives::Address::of_contract(signer.address(), 1);
    writeln!(out, "contract {contract}").unwrap();
    golden::check("hashes.txt", &out);
}

#[test]
fn keys_of_the_state_keep_their_bytes() {
    let account = samples::address(1);
    let asset = ThingId::Asset(Giai::new("9506000A-1").unwrap());
    let asset_type = GraiType::new("9506000134376").unwrap();
    let prefix = CompanyPrefix::new("9506000").unwrap();
    let product = Line::Product(samples::gtin());
    let numbered = ThingId::Item {
        line: product,
        serial: samples::serial("000001"),
    };
    let returnable = ThingId::Item {
        line: Line::Returnable(asset_type),
        serial: samples::serial("R1"),
    };
    let opaque = ThingId::Opaque(samples::text("urn:gdst:example:lot:1"));
    let lot = samples::lot();
    let anchor = marque_primitives::action::Anchor::Thing(samples::item());
    let keys = [
        ("parameters", key::parameters()),
        ("counters", key::counters()),
        (
            "account-key",
            key::account_key(&account, &samples::address(2)),
        ),
        ("nonce", key::nonce(&account, &samples::address(2), Lane(3))),
        ("usage", key::usage(Some(&account))),
        ("usage of all others", key::usage(None)),
        ("party", key::party(&account)),
        ("location", key::location(&samples::gln())),
        ("licence/prefix", key::licence(&LicenceKey::Prefix(prefix))),
        (
            "licence/product",
            key::licence(&LicenceKey::Product(samples::gtin())),
        ),
        (
            "licence/returnable",
            key::licence(&LicenceKey::Returnable(asset_type)),
        ),
        (
            "licence/asset",
            key::licence(&LicenceKey::Asset(Giai::new("9506000A-1").unwrap())),
        ),
        (
            "observer",
            key::observer(&account, Some(samples::gtin()), &samples::address(2)),
        ),
        (
            "observer/all",
            key::observer(&account, None, &samples::address(2)),
        ),
        (
            "credential",
            key::credential(
                &account,
                &samples::address(2),
                &"food-facility".parse().unwrap(),
            ),
        ),
        ("product", key::product(samples::gtin())),
        ("lot", key::lot(&lot)),
        ("line", key::line(product)),
        ("record/text", key::record(&samples::item())),
        ("record/digits", key::record(&numbered)),
        ("record/returnable", key::record(&returnable)),
        ("record/asset", key::record(&asset)),
        ("record/unit", key::record(&samples::unit())),
        ("record/opaque", key::record(&opaque)),
        ("balance", key::balance(&lot, &state::holding())),
        ("contents", key::contents(&samples::unit())),
        (
            "child",
            key::child(&samples::unit(), &key::record(&samples::item())),
        ),
        ("offer", key::offer(marque_primitives::action::OfferId(9))),
        ("claims", key::claims(&account, Right::Possession)),
        (
            "lot-claim",
            key::lot_claim(
                &key::lot_claims(&account, Right::Ownership, &lot),
                Position(9),
            ),
        ),
        (
            "recall",
            key::recall(marque_primitives::action::RecallId(3)),
        ),
        (
            "acknowledgement",
            key::acknowledgement(marque_primitives::action::RecallId(3), &account),
        ),
        ("associations", key::associations(&anchor)),
        (
            "lot-association",
            key::lot_association(&key::associations(&anchor), &lot, &account),
        ),
        (
            "transformation",
            key::transformation(&samples::text("urn:uuid:1"), &account),
        ),
        ("event", key::event(&samples::hash(7), &account)),
        (
            "event-id",
            key::event_id(&samples::text("urn:uuid:2"), &account),
        ),
        ("contract", key::contract(&account)),
        ("code", key::code(&samples::hash(12))),
        ("storage", key::storage(&account, b"total")),
    ];
    let mut out = String::new();
    for (name, key) in keys {
        writeln!(out, "{name} {}", to_hex(&key)).unwrap();
    }
    golden::check("keys.txt", &out);
    let kind = "food-facility".parse().unwrap();
    let credential = key::credential(&account, &samples::address(2), &kind);
    assert!(credential.starts_with(&key::credentials(&account, Some(&samples::address(2)))));
    assert_eq!(
        key::parse_credential(&credential),
        Some((samples::address(2), kind))
    );
    for id in [
        samples::item(),
        numbered,
        returnable,
        asset,
        samples::unit(),
        opaque,
    ] {
        assert_eq!(key::parse_record(&key::record(&id)), Some(id));
    }
    assert_eq!(
        key::parse_balance(&key::balance(&lot, &state::holding())),
        Some(lot)
    );
}

#[test]
fn a_credentials_kind_and_number_have_one_spelling() {
    use marque_primitives::Text;
    use marque_primitives::credential::{CredentialKind, CredentialNumber};
    use parity_scale_codec::{Decode, Encode};
    let kinds = [
        "",
        "-a",
        "a-",
        "a--b",
        "Food",
        "food facility",
        "food_facility",
        "9lives",
        "f\u{f6}od",
        "f\u{43e}od",
        "food\u{200b}",
        &"a".repeat(49),
    ];
    for kind in kinds {
        assert!(CredentialKind::new(kind).is_err(), "{kind}");
        let bytes = Text::<255>::new(kind).unwrap().encode();
        assert!(CredentialKind::decode(&mut &*bytes).is_err(), "{kind}");
    }
    let numbers = [
        "",
        " 1",
        "1 ",
        "1  2",
        "1\t2",
        "\u{ff11}",
        "\u{2013}",
        &"1".repeat(65),
    ];
    for number in numbers {
        assert!(CredentialNumber::new(number).is_err(), "{number}");
        let bytes = Text::<255>::new(number).unwrap().encode();
        assert!(CredentialNumber::decode(&mut &*bytes).is_err(), "{number}");
    }
    for kind in ["a", "food-facility", "iso-9001-2015", &"a".repeat(48)] {
        let read = CredentialKind::new(kind).unwrap();
        assert_eq!(CredentialKind::decode(&mut &*read.encode()), Ok(read));
    }
    for number in ["1", "WDA(H) 12345", "DE_NW_01_MIA/2021"] {
        let read = CredentialNumber::new(number).unwrap();
        assert_eq!(CredentialNumber::decode(&mut &*read.encode()), Ok(read));
    }
}

#[test]
fn a_credential_holds_from_its_first_moment_to_its_last() {
    let whole = marque_primitives::record::Credential {
        from: TimeMs(10),
        until: Some(TimeMs(20)),
        revoked: None,
        ..state::credential()
    };
    let open = marque_primitives::record::Credential {
        until: None,
        ..whole.clone()
    };
    let ended = marque_primitives::record::Credential {
        revoked: Some(TimeMs(15)),
        ..whole.clone()
    };
    let table = [
        (9, false, false, false),
        (10, true, true, true),
        (14, true, true, true),
        (15, true, true, false),
        (20, true, true, false),
        (21, false, true, false),
    ];
    for (at, in_span, without_end, revoked) in table {
        let at = TimeMs(at);
        assert_eq!(whole.valid_at(at), in_span, "{at}");
        assert_eq!(open.valid_at(at), without_end, "{at}");
        assert_eq!(ended.valid_at(at), revoked, "{at}");
    }
}

#[test]
fn a_units_code_has_one_spelling() {
    use marque_primitives::Unit;
    use parity_scale_codec::{Decode, Encode};
    for code in ["KGM", "GRM", "EA", "x", "kg"] {
        let other = Unit::Other(code.try_into().unwrap());
        assert!(Unit::decode(&mut &*other.encode()).is_err(), "{code}");
    }
    for unit in [
        Unit::Each,
        Unit::Gram,
        Unit::Millilitre,
        Unit::Other("MTR".try_into().unwrap()),
    ] {
        assert_eq!(Unit::decode(&mut &*unit.encode()), Ok(unit));
    }
}
