//! Parameters that name something.

use crate::error::{Missing, RpcError};
use marque_chain::reads::Reader;
use marque_ledger::read;
use marque_primitives::Address;
use marque_primitives::action::PartyRef;
use marque_primitives::detail::Place;
use marque_primitives::gs1::{Gln, Gtin};
use marque_primitives::json::naming::{self, NameError};
use marque_primitives::thing::{LotId, Thing, ThingId};

fn named<T>(field: &str, result: Result<T, NameError>) -> Result<T, RpcError> {
    result.map_err(|cause| RpcError::Name {
        field: field.into(),
        cause,
    })
}

pub(crate) fn thing(field: &str, text: &str) -> Result<ThingId, RpcError> {
    named(field, naming::thing_id(text))
}

/// A thing or a class of things.
pub(crate) fn any_thing(field: &str, text: &str) -> Result<Thing, RpcError> {
    named(field, naming::thing(text))
}

pub(crate) fn lot(field: &str, text: &str) -> Result<LotId, RpcError> {
    named(field, naming::lot(text))
}

pub(crate) fn product(field: &str, text: &str) -> Result<Gtin, RpcError> {
    named(field, naming::product(text))
}

pub(crate) fn place(field: &str, text: &str) -> Result<Place, RpcError> {
    named(field, naming::place(text))
}

pub(crate) fn location(field: &str, text: &str) -> Result<Gln, RpcError> {
    named(field, naming::location(text))
}

/// The account of a party, named by it or by a location of it.
pub(crate) fn account(reader: &Reader, field: &str, text: &str) -> Result<Address, RpcError> {
    match named(field, naming::party(text))? {
        PartyRef::Account(account) => Ok(account),
        PartyRef::Location(gln) => {
            read::location(reader.view(), &gln)?.ok_or_else(|| RpcError::Missing {
                missing: Missing::Party,
                what: text.into(),
            })
        }
    }
}
