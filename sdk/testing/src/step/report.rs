//! What stands for something past.

use marque_primitives::action::{Capture, EventType, Operation, Report};
use marque_primitives::bounded::List;
use marque_primitives::detail::Detail;
use marque_primitives::hash::sha256;
use parity_scale_codec::Encode;

/// The report of something past that may stand for an operation.
pub(super) fn report(operation: Operation, detail: Detail) -> Report {
    let (event_type, items, parent) = match &operation {
        Operation::Pack { parent, children } | Operation::Unpack { parent, children } => (
            EventType::AggregationEvent,
            children.clone(),
            Some(parent.clone()),
        ),
        Operation::Transform {
            inputs, outputs, ..
        } => {
            let all = inputs.iter().chain(outputs).cloned().collect();
            (
                EventType::TransformationEvent,
                List::new(all).expect("things"),
                None,
            )
        }
        Operation::Commission { items, .. }
        | Operation::Decommission { items }
        | Operation::Offer { items, .. }
        | Operation::Accept { items }
        | Operation::Claim { items, .. }
        | Operation::Release { items }
        | Operation::Observe { items, .. } => (EventType::ObjectEvent, items.clone(), None),
        other => panic!("no captured event stands for {other:?}"),
    };
    let hash = sha256(&[&operation.encode(), &detail.encode()]);
    let attempts = match operation {
        Operation::Observe { .. } => List::default(),
        operation => List::new(vec![operation]).expect("one attempt"),
    };
    Report {
        capture: Capture {
            event_type,
            hash,
            event_id: None,
            declaration: None,
        },
        attempts,
        items,
        parent,
        detail,
    }
}
