//! Administration, on an address of its own: every request shows the node's token.

use super::method::methods;
use marque_primitives::Height;
use std::net::IpAddr;

methods! {
    /// Whom the node serves, by address.
    "admin_guests" AdminGuests()[] -> Vec<Guest>;
    /// Copies the running node's data into a new folder of its machine, as of one block.
    "admin_backup" AdminBackup(
        /// The folder, an absolute path; it must not exist yet or be empty.
        folder: String,
    )[] -> BackedUp;
}

/// An address that the node serves; of IPv6 its /64.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Guest {
    /// The address.
    pub address: IpAddr,
    /// Its open connections.
    pub connections: u64,
    /// Its calls in work.
    pub calls: u64,
    /// Its subscriptions.
    pub subscriptions: u64,
    /// Bytes of its requests in work.
    pub body_bytes: u64,
}

/// What was copied.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BackedUp {
    /// Where it is.
    pub folder: String,
    /// The newest block in it.
    pub height: Height,
}
