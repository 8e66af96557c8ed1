//! Where the server listens and what it takes.

use crate::listen::{Cap, Guests, Kind};
use crate::token::Token;
use marque_client::api::Limits;
use marque_primitives::Gas;
use marque_primitives::action::MAX_THINGS;
use marque_primitives::transaction::{MAX_ACTIONS, MAX_TRANSACTION};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Items of a list unless asked otherwise.
pub(crate) const PAGE: u32 = 100;
/// Items of a list when asked.
pub(crate) const PAGE_MAX: u32 = 1_000;

/// The server's settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens, for HTTP and WebSocket both; port 0 picks a free one.
    pub address: SocketAddr,
    /// Names of hosts that requests may be for, without ports, `*` for all. This machine's own
    /// names and the address itself need not be listed.
    pub hosts: Vec<String>,
    /// Pages whose requests are answered (`https://…`, as browsers name them), `*` for all.
    pub origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// Bytes of a request at most; the largest transaction as hex, and room around it.
    pub request_bytes: u32,
    /// Bytes of an answer at most.
    pub response_bytes: u32,
    /// Requests in one batch at most.
    pub batch: u32,
    /// Connections at a time at most.
    pub connections: u32,
    /// Connections of one address at most.
    pub connections_each: u32,
    /// Calls in work at most.
    pub calls: u32,
    /// Calls of one address in work at most.
    pub calls_each: u32,
    /// Calls a second of one address, twice as many at once; 0 for as many as come. This
    /// machine's own addresses are not counted.
    pub calls_per_second: u32,
    /// Calls that read much or run contracts, at work at a time; others wait their turn.
    pub work: u32,
    /// Bytes of bodies in work at most, a quarter of it for one address.
    pub body_bytes: u64,
    /// How long a connection may take for a request's headers, also for the next one's.
    pub header_patience: Duration,
    /// How long a client may take none of an answer that is sent.
    pub write_patience: Duration,
    /// How long a body may take to come.
    pub body_patience: Duration,
    /// How long a call, or a batch as a whole, may take.
    pub call_patience: Duration,
    /// Subscriptions of one connection at most.
    pub subscriptions: u32,
    /// Subscriptions in all at most, a quarter of it for one address.
    pub subscriptions_all: u32,
    /// Messages that may wait for a connection to take them.
    pub buffer: u32,
    /// How long a subscriber may take none of its messages.
    pub subscriber_patience: Duration,
    /// How often a WebSocket is pinged; it ends when it answers no ping for twice that long.
    pub ping: Duration,
    /// How long `tx_submitAndWait` waits for a receipt at most; less than clients wait for an
    /// answer, so that they hear what to do.
    pub receipt_patience: Duration,
    /// Administrators' methods and metrics, on an address of their own.
    pub admin: Option<Admin>,
}

/// Where administrators are answered.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Where it listens; port 0 picks a free one.
    pub address: SocketAddr,
    /// Names of hosts that its requests may be for, as in [`Config::hosts`].
    pub hosts: Vec<String>,
    /// What administrators have to show; probes and metrics need none.
    pub token: Token,
}

impl Default for Config {
    /// On this machine alone: who opens it to others puts a proxy with TLS before it.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 9944)),
            hosts: Vec::new(),
            origins: Vec::new(),
            proxies: Vec::new(),
            request_bytes: 4 << 20,
            response_bytes: 16 << 20,
            batch: 1_000,
            connections: 1_024,
            connections_each: 128,
            calls: 4_096,
            calls_each: 1_024,
            calls_per_second: 1_000,
            work: 16,
            body_bytes: 256 << 20,
            header_patience: Duration::from_secs(20),
            write_patience: Duration::from_secs(20),
            body_patience: Duration::from_secs(20),
            call_patience: Duration::from_secs(60),
            subscriptions: 64,
            subscriptions_all: 4_096,
            buffer: 256,
            subscriber_patience: Duration::from_secs(20),
            ping: Duration::from_secs(20),
            receipt_patience: Duration::from_secs(30),
            admin: None,
        }
    }
}

impl Config {
    /// Who is served, with this many of everything.
    pub(crate) fn guests(&self) -> Arc<Guests> {
        let cap = |each: u64, all: u64| Cap { each, all };
        let quarter = |all: u64| cap(all.div_ceil(4), all);
        let caps = Kind::ALL.map(|kind| match kind {
            Kind::Connection => cap(self.connections_each.into(), self.connections.into()),
            Kind::Call => cap(self.calls_each.into(), self.calls.into()),
            Kind::Subscription => quarter(self.subscriptions_all.into()),
            Kind::Body => quarter(self.body_bytes),
        });
        Guests::new(caps, self.calls_per_second.into())
    }

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
