//! Where the server listens and what it takes.

use marque_client::api::Limits;
use marque_primitives::Gas;
use marque_primitives::action::MAX_THINGS;
use marque_primitives::transaction::{MAX_ACTIONS, MAX_TRANSACTION};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Items of a list unless asked otherwise.
pub(crate) const PAGE: u32 = 100;
/// Items of a list when asked.
pub(crate) const PAGE_MAX: u32 = 1_000;

/// The server's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where it listens, for HTTP and WebSocket both; port 0 picks a free one.
    pub address: SocketAddr,
    /// Bytes of a request at most; the largest transaction as hex, and room around it.
    pub request_bytes: u32,
    /// Bytes of an answer at most.
    pub response_bytes: u32,
    /// Requests in one batch at most.
    pub batch: u32,
    /// Connections at a time at most.
    pub connections: u32,
    /// Subscriptions of one connection at most.
    pub subscriptions: u32,
    /// How long `tx_submitAndWait` waits for a receipt at most; less than clients wait for an
    /// answer, so that they hear what to do.
    pub receipt_patience: Duration,
}

impl Default for Config {
    /// On this machine alone: who opens it to others puts a proxy with TLS before it.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 9944)),
            request_bytes: 4 << 20,
            response_bytes: 16 << 20,
            batch: 1_000,
            connections: 1_024,
            subscriptions: 64,
            receipt_patience: Duration::from_secs(30),
        }
    }
}

impl Config {
    /// The same, as `node_info` says it.
    pub(crate) fn limits(&self, block_gas: Gas) -> Limits {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Limits {
            request_bytes: self.request_bytes,
            response_bytes: self.response_bytes,
            batch: self.batch,
            connections: self.connections,
            subscriptions: self.subscriptions,
            transaction_bytes: number(MAX_TRANSACTION),
            actions: number(MAX_ACTIONS),
            things: number(MAX_THINGS),
            page: PAGE,
            page_max: PAGE_MAX,
            block_gas,
        }
    }
}
