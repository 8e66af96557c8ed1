//! Leaves of the state.

use super::actions::scope;
use super::{address, gln, gtin, hash, list, lot, lot_number, text, unit};
use marque_primitives::action::{Kind, OfferId, RecallId, RecallTarget, Right};
use marque_primitives::bounded::Bytes;
use marque_primitives::date::Date;
use marque_primitives::detail::Place;
use marque_primitives::history::Head;
use marque_primitives::record::{
    Association, Balance, Claim, Code, ContentLine, Contents, Contract, Counters, Credential,
    Holding, KeyRecord, KnownEvent, Licence, LotRecord, Offer, OnOffer, OpenLot,
    OpenTransformation, Parameters, Party, Product, Quota, Recall, Record, Status, Usage, rule_bit,
};
use marque_primitives::thing::Line;
use marque_primitives::{Amount, Decimal, Height, Position, TimeMs, Unit};

const MOMENT: TimeMs = TimeMs(1_777_622_400_000);

fn head() -> Head {
    Head {
        length: 3,
        hash: hash(11),
        last: Position(41),
    }
}

pub fn record() -> Record {
    Record {
        count: 10_000,
        brand: Some(address(2)),
        external: false,
        lot: Some(lot_number()),
        expiry: Date::from_ymd(2027, 5, 1),
        custodian: Some(address(1)),
        owner: Some(address(2)),
        offer: Some(OfferId(9)),
        parent: Some(unit()),
        owned_with_parent: true,
        is_parent: true,
        place: Some(Place::Gln {
            gln: gln(),
            extension: None,
        }),
        disposition: Some(text("in_transit")),
        persistent: list(vec![text("completeness_verified")]),
        ended: true,
        holders: list(vec![address(5), address(6)]),
        cleared: 2,
        recalls: list(vec![RecallId(1), RecallId(3)]),
        moved: MOMENT,
        seen: MOMENT,
        history: head(),
    }
}

pub fn lot_record() -> LotRecord {
    LotRecord {
        brand: Some(address(2)),
        expiry: Date::from_ymd(2027, 5, 1),
        unit: Some(Unit::Gram),
        status: Status::Active,
        quarantines: 1,
        recalls: list(vec![RecallId(1)]),
        created: MOMENT,
        history: head(),
    }
}

pub fn holding() -> Holding {
    Holding {
        custodian: Some(address(1)),
        owner: Some(address(2)),
        parent: Some(unit()),
        owned_with_parent: false,
        offer: Some(OnOffer {
            to: address(3),
            id: OfferId(9),
        }),
        holders: list(vec![address(6)]),
        cleared: 1,
    }
}

pub fn balance() -> Balance {
    Balance {
        holding: holding(),
        value: "12500.5".parse().unwrap(),
    }
}

pub fn contents() -> Contents {
    let line = ContentLine {
        line: Line::Product(gtin()),
        lot: Some(lot_number()),
        expiry: Date::from_ymd(2027, 5, 1),
        cleared: 0,
        unit: Unit::Each,
        amount: Decimal::from_integer(10_000),
        held: Decimal::from_integer(2),
    };
    Contents {
        lines: list(vec![line]),
        held: 1,
        height: 1,
    }
}

pub fn product() -> Product {
    Product {
        brand: address(2),
        name: text("Milk 1 l"),
        contract: Some(address(6)),
        commissioners: list(vec![address(1)]),
        recalls: list(vec![RecallId(1)]),
    }
}

pub fn party() -> Party {
    Party {
        name: text("Nordfrische"),
        locations: list(vec![gln()]),
    }
}

pub fn offer() -> Offer {
    Offer {
        from: address(1),
        to: address(2),
        what: Right::Possession,
        deadline: Some(MOMENT),
        made: MOMENT,
        open: 2,
        open_lots: list(vec![OpenLot {
            id: lot(),
            value: Decimal::from_integer(3),
        }]),
        event: Position(5),
    }
}

pub fn claim() -> Claim {
    Claim {
        count: 1,
        amount: Some(Amount::count(3)),
        of: list(vec![address(2)]),
        what: Right::Both,
        event: Position(5),
        signer: address(3),
        made: MOMENT,
        time: Some(MOMENT),
        place: None,
        location: Some(marque_primitives::detail::Place::Uri(text("geo:1,1"))),
        disposition: Some(text("in_progress")),
    }
}

pub fn recall() -> Recall {
    Recall {
        by: address(2),
        target: RecallTarget::Product(gtin()),
        reason: text("Listeria found"),
        instructions: text("Return to the brand"),
        collectors: list(vec![address(1)]),
        opened: MOMENT,
        lifted: Some(MOMENT),
        acknowledged: 4,
        bearing: 20,
    }
}

pub fn known_event() -> KnownEvent {
    KnownEvent {
        event: Position(5),
        event_id: Some(text("urn:uuid:00000000-0000-4000-8000-000000000002")),
        declared: Some((Position(6), hash(8))),
    }
}

pub fn transformation() -> OpenTransformation {
    OpenTransformation {
        inputs: list(vec![Position(5)]),
        outputs: list(vec![]),
    }
}

pub fn key_record() -> KeyRecord {
    KeyRecord {
        scope: scope(),
        revoked: true,
    }
}

pub fn contract() -> Contract {
    Contract {
        brand: address(2),
        name: text("fresh-food"),
        code: hash(12),
        version: 2,
        rules: rule_bit(Kind::Commission) | rule_bit(Kind::Offer),
    }
}

pub fn code() -> Code {
    Code {
        stored: Height(7),
        wasm: Bytes::new(vec![0, 0x61, 0x73, 0x6d]).unwrap(),
    }
}

pub fn counters() -> Counters {
    Counters {
        entries: 1,
        events: 2,
        offers: 3,
        recalls: 4,
    }
}

pub fn quota() -> Quota {
    Quota {
        blocks: 100,
        party: 5_000_000_000,
        others: 1_000_000_000,
    }
}

pub fn usage() -> Usage {
    Usage { window: 3, gas: 70 }
}

pub fn parameters() -> Parameters {
    Parameters {
        chain_id: 1,
        registrar: address(13),
        block_gas: 1_000_000_000,
        contract_delay: 2,
        quota: quota(),
    }
}

pub fn licence() -> Licence {
    Licence { brand: address(2) }
}

pub fn credential() -> Credential {
    Credential {
        from: MOMENT,
        until: Some(MOMENT),
        revoked: Some(MOMENT),
        number: "WDA-DE-2291".parse().unwrap(),
        event: Position(5),
    }
}

pub fn association() -> Association {
    Association {
        count: 3,
        amount: Some(Amount::count(3)),
        event: Position(5),
    }
}
