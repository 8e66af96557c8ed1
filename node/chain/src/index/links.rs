//! From a leaf to the leaves that name it.

use marque_primitives::action::OfferId;
use marque_primitives::key::{self, Space};
use marque_primitives::record::{
    Balance, Contract, Licence, Offer, OpenTransformation, Product, Recall, Record, Status,
};
use marque_primitives::thing::{Line, LotId, ThingId};
use marque_state::{Batch, Changes, State, StateError, Update};
use parity_scale_codec::DecodeAll;

use crate::tables;

/// How two leaves belong together. The numbers are part of the rows' keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Relation {
    /// A holder's address to the record or balance that it holds and that is packed in nothing.
    Holds = 1,
    /// A party's address to the number of an open offer to it.
    OfferedTo = 2,
    /// A party's address to the number of an open offer by it.
    OfferedBy = 3,
    /// A brand's address to its products, contracts, licences and recalls.
    BrandOf = 4,
    /// A contract's address to the products that it rules.
    Governs = 5,
    /// A lot's key to the records of its items.
    InLot = 6,
    /// The position of an event that reported a side of a transformation to the key of the leaf
    /// that joins them.
    JoinedBy = 7,
}

/// Whence, whither.
pub(crate) type Link = (Relation, Vec<u8>, Vec<u8>);

/// Links that a block adds (true) or removes.
pub(crate) type LinkChanges = Vec<(Link, bool)>;

/// The next state, and what its changes do to links.
pub(crate) fn prepare(
    before: &State,
    changes: Changes,
) -> Result<(Update, LinkChanges), StateError> {
    let mut changed = LinkChanges::new();
    let update = before.prepare_with(changes, |change| {
        if is_linked(change.key) {
            let links = |value: Option<&[u8]>| match value {
                Some(value) => links_of(change.key, value),
                None => Ok(Vec::new()),
            };
            let (old, new) = (links(change.before)?, links(change.after)?);
            let added = new.iter().filter(|link| !old.contains(link));
            changed.extend(added.map(|link| (link.clone(), true)));
            let removed = old.into_iter().filter(|link| !new.contains(link));
            changed.extend(removed.map(|link| (link, false)));
        }
        Ok(())
    })?;
    Ok((update, changed))
}

/// Adds link changes to a block's batch.
pub(crate) fn write_links(batch: &mut Batch, changes: &LinkChanges) {
    for ((relation, from, to), added) in changes {
        let row = (*relation as u8, from.clone(), to.clone());
        if *added {
            tables::LINKS.put(batch, &row, &());
        } else {
            tables::LINKS.delete(batch, &row);
        }
    }
}

const LINKED: [Space; 9] = [
    Space::Record,
    Space::Balance,
    Space::Offer,
    Space::Product,
    Space::Contract,
    Space::LicencePrefix,
    Space::LicenceKey,
    Space::Recall,
    Space::Transformation,
];

fn is_linked(key: &[u8]) -> bool {
    key.first()
        .is_some_and(|first| LINKED.iter().any(|space| *space as u8 == *first))
}

/// The links that a leaf makes.
pub(crate) fn links_of(key: &[u8], value: &[u8]) -> Result<Vec<Link>, StateError> {
    let mut links = Vec::new();
    let mut link =
        |relation, from: &[u8], to: &[u8]| links.push((relation, from.to_vec(), to.to_vec()));
    match key.first() {
        Some(first) if *first == Space::Record as u8 => {
            let record: Record = decode(key, value)?;
            if let (Some(holder), None, true) = (
                record.custodian,
                &record.parent,
                record.status() != Status::Ended,
            ) {
                link(Relation::Holds, &holder.0, key);
            }
            if let (
                Some(lot),
                Some(ThingId::Item {
                    line: Line::Product(gtin),
                    ..
                }),
            ) = (record.lot, key::parse_record(key))
            {
                link(Relation::InLot, &key::lot(&LotId { gtin, lot }), key);
            }
        }
        Some(first) if *first == Space::Balance as u8 => {
            let holding = decode::<Balance>(key, value)?.holding;
            if let (Some(holder), None) = (holding.custodian, holding.parent) {
                link(Relation::Holds, &holder.0, key);
            }
        }
        Some(first) if *first == Space::Offer as u8 => {
            let offer: Offer = decode(key, value)?;
            let number = key.get(1..).unwrap_or_default();
            link(Relation::OfferedTo, &offer.to.0, number);
            link(Relation::OfferedBy, &offer.from.0, number);
        }
        Some(first) if *first == Space::Product as u8 => {
            let product: Product = decode(key, value)?;
            link(Relation::BrandOf, &product.brand.0, key);
            if let Some(contract) = product.contract {
                link(Relation::Governs, &contract.0, key);
            }
        }
        Some(first) if *first == Space::Contract as u8 => {
            link(
                Relation::BrandOf,
                &decode::<Contract>(key, value)?.brand.0,
                key,
            );
        }
        Some(first) if *first == Space::Recall as u8 => {
            link(Relation::BrandOf, &decode::<Recall>(key, value)?.by.0, key);
        }
        Some(first) if *first == Space::Transformation as u8 => {
            let joined: OpenTransformation = decode(key, value)?;
            for event in joined.inputs.iter().chain(&joined.outputs) {
                link(Relation::JoinedBy, &event.0.to_be_bytes(), key);
            }
        }
        Some(first)
            if *first == Space::LicencePrefix as u8 || *first == Space::LicenceKey as u8 =>
        {
            link(
                Relation::BrandOf,
                &decode::<Licence>(key, value)?.brand.0,
                key,
            );
        }
        _ => {}
    }
    Ok(links)
}

fn decode<T: DecodeAll>(key: &[u8], value: &[u8]) -> Result<T, StateError> {
    T::decode_all(&mut &*value).map_err(|_| {
        StateError::corrupt(
            marque_state::tables::STATE.id().name,
            key,
            "the leaf does not decode",
        )
    })
}

/// The offer that a link leads to.
pub(crate) fn offer_number(to: &[u8]) -> Option<OfferId> {
    to.try_into()
        .ok()
        .map(|bytes| OfferId(u64::from_be_bytes(bytes)))
}
