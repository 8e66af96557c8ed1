//! Operations, written short.

use super::names::account;
use marque_primitives::action::{
    Action, Capture, CodeSource, ContractAction, EventType, Operation, RecallId, RecallTarget,
    Registration, Report, Right, Target, Things,
};
use marque_primitives::bounded::{Bytes, List, Text};
use marque_primitives::date::Date;
use marque_primitives::detail::Detail;
use marque_primitives::gs1::LotNumber;
use marque_primitives::thing::{LotId, ThingId};
use marque_primitives::{Address, Hash, TimeMs};

pub fn commission(items: Things) -> Operation {
    commission_in(items, None, None)
}

pub fn commission_in(items: Things, lot: Option<LotNumber>, expiry: Option<Date>) -> Operation {
    Operation::Commission {
        items,
        lot,
        expiry,
        owner: None,
    }
}

pub fn offer(items: Things, to: Address) -> Operation {
    offer_right(items, to, Right::Possession)
}

pub fn offer_right(items: Things, to: Address, what: Right) -> Operation {
    Operation::Offer {
        items,
        to: account(to),
        what,
        deadline: None,
    }
}

pub fn offer_until(items: Things, to: Address, deadline: u64) -> Operation {
    Operation::Offer {
        items,
        to: account(to),
        what: Right::Possession,
        deadline: Some(TimeMs(deadline)),
    }
}

pub fn accept(items: Things) -> Operation {
    Operation::Accept { items }
}

pub fn reject(items: Things) -> Operation {
    Operation::Reject { items }
}

pub fn withdraw(items: Things) -> Operation {
    Operation::Withdraw { items }
}

pub fn claim(items: Things, what: Right) -> Operation {
    Operation::Claim { items, what }
}

pub fn release(items: Things) -> Operation {
    Operation::Release { items }
}

pub fn pack(parent: ThingId, children: Things) -> Operation {
    Operation::Pack { parent, children }
}

pub fn unpack(parent: ThingId, children: Things) -> Operation {
    Operation::Unpack { parent, children }
}

pub fn unpack_all(parent: ThingId) -> Operation {
    unpack(parent, List::default())
}

pub fn observe(items: Things) -> Operation {
    Operation::Observe {
        items,
        parent: None,
    }
}

pub fn decommission(items: Things) -> Operation {
    Operation::Decommission { items }
}

pub fn reinstate(items: Things) -> Operation {
    Operation::Reinstate { items }
}

pub fn transform(inputs: Things, outputs: Things) -> Operation {
    Operation::Transform {
        id: None,
        inputs,
        outputs,
        lot: None,
        expiry: None,
    }
}

pub fn recall(target: RecallTarget) -> Operation {
    Operation::Recall {
        target,
        reason: Text::new("listeria").unwrap(),
        instructions: Text::new("send it back").unwrap(),
        collectors: List::default(),
    }
}

pub fn lift(id: u64) -> Operation {
    Operation::Lift {
        recall: RecallId(id),
    }
}

pub fn lift_of(target: RecallTarget) -> Operation {
    Operation::LiftOf { target }
}

pub fn end_hold(items: Things) -> Operation {
    end_hold_of(items, None)
}

pub fn end_hold_of(items: Things, holder: Option<Address>) -> Operation {
    Operation::EndHold {
        target: Target::Things { items, holder },
    }
}

pub fn end_lot_hold(id: LotId) -> Operation {
    Operation::EndHold {
        target: Target::Lot(id),
    }
}

/// A detail that says when.
pub fn at(time: u64) -> Detail {
    Detail {
        time: Some(TimeMs(time)),
        ..Detail::default()
    }
}

pub fn register(registration: Registration) -> Action {
    Action::Registry(registration)
}

pub fn message(contract: Address, name: &str, args: &[u8]) -> Action {
    Action::Contract(ContractAction::Message {
        contract,
        name: name.try_into().unwrap(),
        args: Bytes::new(args.to_vec()).unwrap(),
    })
}

pub fn deploy(code: &[u8], salt: u64, args: &[u8]) -> Action {
    Action::Contract(ContractAction::Deploy {
        code: CodeSource::Inline(Bytes::new(code.to_vec()).unwrap()),
        salt,
        args: Bytes::new(args.to_vec()).unwrap(),
    })
}

pub fn upgrade(contract: Address, code: &[u8], args: &[u8]) -> Action {
    Action::Contract(ContractAction::Upgrade {
        contract,
        code: CodeSource::Inline(Bytes::new(code.to_vec()).unwrap()),
        args: Bytes::new(args.to_vec()).unwrap(),
    })
}

/// What a captured event is known by: its hash is all of one byte.
pub fn capture(hash: u8, id: Option<&str>) -> Capture {
    Capture {
        event_type: EventType::ObjectEvent,
        hash: Hash([hash; 32]),
        event_id: id.map(|id| id.try_into().unwrap()),
        declaration: None,
    }
}

/// A captured event about things, with the operations that it may stand for.
pub fn report(hash: u8, items: Things, attempts: Vec<Operation>) -> Report {
    Report {
        capture: capture(hash, None),
        attempts: attempts.try_into().unwrap(),
        items,
        parent: None,
        detail: Detail::default(),
    }
}
