//! The effective status by its definition: everything that counts, and the worst of it.

use super::audit::Leaves;
use marque_ledger::{Effective, Standing};
use marque_primitives::action::RecallId;
use marque_primitives::gs1::Gtin;
use marque_primitives::key;
use marque_primitives::record::{Record, Status};
use marque_primitives::thing::{Line, ThingId};
use std::collections::BTreeSet;

fn product_of(id: &ThingId) -> Option<Gtin> {
    match id {
        ThingId::Item {
            line: Line::Product(gtin),
            ..
        } => Some(*gtin),
        _ => None,
    }
}

/// A recall that was lifted counts no more, wherever its id still stands.
pub fn open(leaves: &Leaves, ids: &[RecallId]) -> BTreeSet<RecallId> {
    let is_open = |id: &&RecallId| leaves.recalls[&key::recall(**id)].lifted.is_none();
    ids.iter().filter(is_open).copied().collect()
}

/// What a record, its lot and its product say of it.
fn verdicts(
    leaves: &Leaves,
    id: &ThingId,
    record: &Record,
) -> (Vec<Effective>, BTreeSet<RecallId>) {
    let mut all = vec![Effective::Active];
    if !record.holders.is_empty() {
        all.push(Effective::Quarantined);
    }
    if record.ended {
        all.push(Effective::Ended);
    }
    let mut recalls = open(leaves, &record.recalls);
    if let Some(gtin) = product_of(id) {
        if let Some(lot) = leaves.lot(gtin, record) {
            if lot.status == Status::Quarantined && record.cleared != lot.quarantines {
                all.push(Effective::Quarantined);
            }
            recalls.extend(open(leaves, &lot.recalls));
        }
        if let Some(product) = leaves.products.get(&key::product(gtin)) {
            recalls.extend(open(leaves, &product.recalls));
        }
    }
    if !recalls.is_empty() {
        all.push(Effective::Recalled);
    }
    (all, recalls)
}

/// Compares what the kernel says of a record's standing with the definition.
pub fn check(leaves: &Leaves, id: &ThingId, record: &Record, standing: &Standing) {
    let (mut all, mut recalls) = verdicts(leaves, id, record);
    let mut custodian = record.custodian;
    let mut owner = record.owner;
    let (mut follows, mut next) = (record.owned_with_parent, record.parent.clone());
    let mut depth = 0;
    while let Some(parent) = next {
        let above = leaves.record(&parent).unwrap();
        let (more, more_recalls) = verdicts(leaves, &parent, above);
        all.extend(more);
        recalls.extend(more_recalls);
        custodian = above.custodian;
        if follows {
            owner = above.owner;
            follows = above.owned_with_parent;
        }
        next = above.parent.clone();
        depth += 1;
        assert!(depth <= 8, "{id:?} stands {depth} deep");
    }
    assert_eq!(
        standing.judgement.status,
        *all.iter().max().unwrap(),
        "status of {id:?}"
    );
    assert_eq!(
        standing.judgement.held.is_some(),
        all.contains(&Effective::Quarantined),
        "hold of {id:?}"
    );
    let named: BTreeSet<RecallId> = standing.judgement.recalls.iter().copied().collect();
    assert_eq!(named, recalls, "recalls of {id:?}");
    assert_eq!(standing.custodian, custodian);
    assert_eq!(standing.owner, owner);
    assert_eq!(standing.parents.len(), depth);
}
