//! What is written of a block: header, events, entries, receipts; and what a chain begins
//! with.

use super::actions::{actions, capture, detail};
use super::{address, hash, item, list, range, text, unit};
use marque_primitives::action::{Kind, OfferId, RecallId, Right};
use marque_primitives::bounded::Bytes;
use marque_primitives::date::Date;
use marque_primitives::detail::Place;
use marque_primitives::genesis::{Genesis, Validator};
use marque_primitives::header::{Header, HeaderVersion};
use marque_primitives::history::{
    Counterparty, Decided, Entry, Event, Head, ParentMark, Role, Terms,
};
use marque_primitives::receipt::{ActionReceipt, ContractEvent, Outcome, Receipt, Status};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::transaction::{Body, Expiry, Version};
use marque_primitives::{Gas, Height, Lane, Nonce, Position, TimeMs};

const MOMENT: TimeMs = TimeMs(1_777_622_400_123);

pub fn refusal() -> Refusal {
    Refusal {
        contract: Some(address(6)),
        ..Refusal::kernel(Invariant::NotCustodian, "the account does not have it")
            .field("items")
            .expected("0x0101010101010101010101010101010101010101")
            .item(range())
    }
}

pub fn header() -> Header {
    Header {
        version: HeaderVersion::V1,
        chain_id: 1,
        height: Height(8),
        parent: hash(1),
        time: MOMENT,
        proposer: hash(2),
        tx_root: hash(3),
        receipts_root: hash(4),
        events_root: hash(5),
        state_root: hash(6),
        validators: hash(7),
        next_validators: hash(8),
    }
}

pub fn body() -> Body {
    Body {
        version: Version::V1,
        chain_id: 1,
        genesis: hash(1),
        account: address(1),
        key: address(2),
        lane: Lane(15),
        nonce: Nonce(7),
        expiry: Expiry {
            height: Height(100),
            time: MOMENT,
        },
        gas_limit: Gas(10_000_000),
        actions: list(actions().into_iter().map(|(_, action)| action).collect()),
    }
}

pub fn event() -> Event {
    Event {
        height: Height(8),
        recorded: MOMENT,
        transaction: hash(1),
        action: 2,
        kind: Kind::Offer,
        signer: address(2),
        account: address(1),
        from: Some(Counterparty::Account(address(1))),
        to: Some(Counterparty::Commitment(hash(2))),
        what: Some(Right::Possession),
        items: list(vec![range(), item().into()]),
        parent: Some(unit()),
        terms: Some(Terms::Offer {
            number: OfferId(9),
            deadline: Some(MOMENT),
        }),
        withheld: Some(refusal()),
        late: true,
        claim: Some(Position(4)),
        decided: vec![Decided {
            contract: address(6),
            version: 2,
            note: Some(text("cold chain kept")),
            held: true,
        }],
        detail: detail(),
        capture: Some(capture()),
    }
}

/// Of every kind, by the operation's name.
pub fn terms() -> Vec<(&'static str, Terms)> {
    vec![
        (
            "commission",
            Terms::Birth {
                lot: Some("B/7".parse().unwrap()),
                expiry: Date::from_ymd(2027, 5, 1),
            },
        ),
        (
            "offer",
            Terms::Offer {
                number: OfferId(9),
                deadline: Some(MOMENT),
            },
        ),
        (
            "accept",
            Terms::Answer {
                offers: list(vec![OfferId(9), OfferId(10)]),
            },
        ),
        (
            "transform",
            Terms::Transformation {
                id: Some(text("urn:vat:7")),
                used: 2,
                made: 1,
                lot: Some("B/7".parse().unwrap()),
                expiry: None,
            },
        ),
        ("recall", Terms::Recall(RecallId(3))),
        (
            "associate",
            Terms::Anchor(Place::Uri(text("geo:48.1,11.5"))),
        ),
        ("link", Terms::Unlink),
        (
            "declareError",
            Terms::Correction {
                event: hash(3),
                reason: Some(text("did_not_occur")),
                corrective: list(vec![text("urn:event:8")]),
            },
        ),
        (
            "credential",
            Terms::Credential {
                kind: "wholesale-distribution".parse().unwrap(),
                number: "WDA-DE-2291".parse().unwrap(),
                from: MOMENT,
                until: Some(MOMENT),
                revoked: true,
            },
        ),
    ]
}

pub fn entry() -> Entry {
    let before = Head {
        length: 3,
        hash: hash(11),
        last: Position(41),
    };
    Entry {
        subject: range(),
        role: Role::Parent,
        kind: Kind::Unpack,
        inferred: true,
        event: Position(5),
        event_hash: hash(12),
        before,
        parent: Some(ParentMark {
            id: unit(),
            head: before,
        }),
    }
}

fn action_receipt(outcome: Outcome) -> ActionReceipt {
    ActionReceipt {
        outcome,
        event: Some(Position(5)),
        offer: Some(OfferId(9)),
        recall: Some(RecallId(3)),
        contract: Some(address(6)),
        notes: list(vec![text("cold chain kept")]),
        emitted: vec![ContractEvent {
            contract: address(6),
            data: Bytes::new(vec![1, 2]).unwrap(),
        }],
        output: Bytes::new(vec![3]).unwrap(),
    }
}

/// Receipts of an applied transaction and of a refused one.
pub fn receipts() -> [Receipt; 2] {
    let outcomes = [
        Outcome::Accepted,
        Outcome::Observed(None),
        Outcome::Observed(Some(refusal())),
        Outcome::Duplicate,
    ];
    let applied = Receipt {
        transaction: hash(1),
        height: Height(8),
        index: 4,
        status: Status::Applied,
        gas_used: Gas(123_456),
        actions: outcomes.into_iter().map(action_receipt).collect(),
    };
    let status = Status::Refused {
        action: 1,
        refusal: refusal(),
    };
    let refused = Receipt {
        status,
        actions: vec![],
        ..applied.clone()
    };
    [applied, refused]
}

pub fn genesis() -> Genesis {
    Genesis {
        chain_id: 1,
        seed: hash(1),
        time: MOMENT,
        registrar: address(13),
        validators: vec![Validator {
            key: hash(2),
            power: 1,
        }],
        block_gas: 1_000_000_000,
        contract_delay: 2,
        heartbeat: 60_000,
        development: true,
        quota: super::state::quota(),
    }
}
