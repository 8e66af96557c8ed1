//! What the chain knows, in the words of the public face.

mod contract;
mod epcis;
mod event;
mod header;
mod item;
mod receipt;
mod trace;

pub(crate) use contract::contract;
pub(crate) use epcis::{Exporter, recorded};
pub(crate) use event::{event, refused};
pub(crate) use header::{header, transaction};
pub(crate) use item::{held, item, judgement, offer};
pub(crate) use receipt::receipt;
pub(crate) use trace::line;

use crate::error::RpcError;
use marque_chain::reads;
use marque_client::api::Page;
use serde_json::value::RawValue;

/// A part of a list.
pub(crate) fn page<T>(page: reads::Page<T>) -> Page<T> {
    Page {
        items: page.items,
        cursor: page.cursor.map(|cursor| cursor.to_string()),
    }
}

/// A message of a subscription.
pub(crate) fn message<T: serde::Serialize>(of: &T) -> Result<Box<RawValue>, RpcError> {
    serde_json::value::to_raw_value(of).map_err(|_| RpcError::Stopped)
}
