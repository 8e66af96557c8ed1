//! Reading the state outside of execution: typed leaves, and how things stand. Costs no gas.

use crate::kernel::slices::Slice;
use crate::state::{State, decode};
use crate::validity::fault;
use crate::{LedgerError, Standing};
use marque_primitives::action::{OfferId, RecallId};
use marque_primitives::credential::CredentialKind;
use marque_primitives::gs1::{Gln, Gtin};
use marque_primitives::record::{
    Balance, Code, Contents, Contract, Counters, Credential, KnownEvent, LotRecord, Offer,
    Parameters, Party, Product, Recall, Record,
};
use marque_primitives::thing::{LotId, Thing, ThingId, Uri};
use marque_primitives::{Address, Hash, Lane, Nonce, key};
use marque_state::{View, prefix_end};
use parity_scale_codec::DecodeAll;

fn get<T: DecodeAll>(
    view: &dyn View,
    what: &'static str,
    key: &[u8],
) -> Result<Option<T>, LedgerError> {
    view.get(key)?.map(|bytes| decode(what, &bytes)).transpose()
}

macro_rules! leaves {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $value:ty = $what:literal, $key:expr;)*) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            /// When the store fails or the leaf is damaged.
            pub fn $name(view: &dyn View, $($arg: $type),*) -> Result<Option<$value>, LedgerError> {
                get(view, $what, &$key)
            }
        )*
    };
}

leaves! {
    /// What genesis fixed.
    parameters() -> Parameters = "parameters", key::parameters();
    /// The ledger's counters.
    counters() -> Counters = "counters", key::counters();
    /// A product.
    product(gtin: Gtin) -> Product = "product", key::product(gtin);
    /// A lot.
    lot(id: &LotId) -> LotRecord = "lot", key::lot(id);
    /// A party.
    party(account: &Address) -> Party = "party", key::party(account);
    /// What an issuer says of a party, under one kind.
    credential(subject: &Address, issuer: &Address, kind: &CredentialKind) -> Credential = "credential", key::credential(subject, issuer, kind);
    /// The account that a GLN or PGLN stands for.
    location(gln: &Gln) -> Address = "location", key::location(gln);
    /// Code of contracts.
    code(hash: &Hash) -> Code = "code", key::code(hash);
    /// An open offer.
    offer(id: OfferId) -> Offer = "offer", key::offer(id);
    /// A recall, open or lifted.
    recall(id: RecallId) -> Recall = "recall", key::recall(id);
    /// A contract.
    contract(address: &Address) -> Contract = "contract", key::contract(address);
    /// What a thing holds.
    contents(id: &ThingId) -> Contents = "contents", key::contents(id);
    /// A captured event by its CBV hash and the account that recorded it.
    known_event(hash: &Hash, account: &Address) -> KnownEvent = "event", key::event(hash, account);
}

/// The captured events of a CBV hash, of all accounts, at most `limit`.
///
/// # Errors
/// When the store fails or a leaf is damaged.
pub fn known_events(
    view: &dyn View,
    hash: &Hash,
    limit: usize,
) -> Result<Vec<KnownEvent>, LedgerError> {
    let prefix = key::events(hash);
    let found = view.scan(&prefix, prefix_end(&prefix).as_deref(), limit)?;
    let events = found.iter().map(|(_, bytes)| decode("event", bytes));
    events.collect()
}

/// The captured events to which accounts gave an id, at most `limit`.
///
/// # Errors
/// When the store fails or a leaf is damaged.
pub fn events_of_id(
    view: &dyn View,
    id: &Uri,
    limit: usize,
) -> Result<Vec<KnownEvent>, LedgerError> {
    let prefix = key::event_ids(id);
    let found = view.scan(&prefix, prefix_end(&prefix).as_deref(), limit)?;
    let mut events = Vec::new();
    for (own, bytes) in found {
        let hash: Hash = decode("event id", &bytes)?;
        // What stands behind the id is the account.
        let mut known = key::events(&hash);
        known.extend_from_slice(own.get(prefix.len()..).unwrap_or_default());
        events.extend(get(view, "event", &known)?);
    }
    Ok(events)
}

/// The nonce that a key's lane must use next, by the state alone.
///
/// # Errors
/// When the store fails or the leaf is damaged.
pub fn next_nonce(
    view: &dyn View,
    account: &Address,
    signer: &Address,
    lane: Lane,
) -> Result<Nonce, LedgerError> {
    Ok(get(view, "nonce", &key::nonce(account, signer, lane))?.unwrap_or_default())
}

/// The live run that answers for a thing: its first thing and its record.
///
/// # Errors
/// When the store fails or the leaf is damaged.
pub fn record_at(view: &dyn View, id: &ThingId) -> Result<Option<(ThingId, Record)>, LedgerError> {
    fault(State::new(view)?.leaf(id))
}

/// How a thing stands, its lot, product and parents counted in.
///
/// # Errors
/// When the store fails or a leaf is damaged.
pub fn standing(view: &dyn View, id: &ThingId) -> Result<Option<(Record, Standing)>, LedgerError> {
    let mut state = State::new(view)?;
    let Some(slice) = fault(state.slice(id))? else {
        return Ok(None);
    };
    let standing = fault(state.standing(&slice))?;
    Ok(Some((slice.record, standing)))
}

/// The balances of a lot, what is on no offer first.
///
/// # Errors
/// When the store fails or a leaf is damaged.
pub fn balances(view: &dyn View, id: &LotId) -> Result<Vec<Balance>, LedgerError> {
    let prefix = key::balances(id);
    let found = view.scan(&prefix, prefix_end(&prefix).as_deref(), usize::MAX)?;
    found
        .iter()
        .map(|(_, bytes)| decode("balance", bytes))
        .collect()
}

/// What is directly inside a thing, in key order after `after`; each with the key of its
/// own leaf, which the next page begins after.
///
/// # Errors
/// When the store fails or a leaf is damaged.
pub fn children(
    view: &dyn View,
    parent: &ThingId,
    after: Option<&[u8]>,
    limit: usize,
) -> Result<Vec<(Vec<u8>, Thing)>, LedgerError> {
    let prefix = key::children(parent);
    let mut from = prefix.clone();
    if let Some(after) = after {
        from.extend_from_slice(after);
        // The key itself was the last of the page before.
        from.push(0);
    }
    let mut children = Vec::new();
    for (child, _) in view.scan(&from, prefix_end(&prefix).as_deref(), limit)? {
        let own = child.get(prefix.len()..).unwrap_or_default();
        children.push((own.to_vec(), child_thing(view, own)?));
    }
    Ok(children)
}

fn child_thing(view: &dyn View, own: &[u8]) -> Result<Thing, LedgerError> {
    let damaged = LedgerError::Damaged { what: "child" };
    if let Some(first) = key::parse_record(own) {
        let record: Record = get(view, "record", own)?.ok_or(damaged)?;
        return Ok(Slice { first, record }.thing());
    }
    let (Some(id), Some(balance)) = (
        key::parse_balance(own),
        get::<Balance>(view, "balance", own)?,
    ) else {
        return Err(damaged);
    };
    let unit = lot(view, &id)?
        .and_then(|lot| lot.unit)
        .ok_or(LedgerError::Damaged { what: "lot" })?;
    Ok(Thing::Lot {
        id,
        amount: marque_primitives::Amount {
            value: balance.value,
            unit,
        },
    })
}
