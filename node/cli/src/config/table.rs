//! The settings, one after the other.

use super::{Kind, Setting, Settings, Slot};
use std::ops::RangeInclusive;

type Place = fn(&mut Settings) -> &mut dyn Slot;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;

const fn plain(key: &'static str, place: Place, words: &'static str) -> Setting {
    let kind = Kind::Plain;
    Setting {
        key,
        kind,
        place,
        words,
    }
}

const fn count(
    key: &'static str,
    range: RangeInclusive<u64>,
    place: Place,
    words: &'static str,
) -> Setting {
    let kind = Kind::Count(range);
    Setting {
        key,
        kind,
        place,
        words,
    }
}

const fn bytes(
    key: &'static str,
    range: RangeInclusive<u64>,
    place: Place,
    words: &'static str,
) -> Setting {
    let kind = Kind::Bytes(range);
    Setting {
        key,
        kind,
        place,
        words,
    }
}

const fn time(
    key: &'static str,
    range: RangeInclusive<u64>,
    place: Place,
    words: &'static str,
) -> Setting {
    let kind = Kind::Time(range);
    Setting {
        key,
        kind,
        place,
        words,
    }
}

/// Every setting, in the order of the file.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    plain("data", |s| &mut s.data,
        "Where the ledger is kept. One process at a time; the folder is made if need be."),
    plain("genesis", |s| &mut s.genesis,
        "What the chain begins with: the same file on every node of it, and never changed."),

    plain("validator.key", |s| &mut s.validator_key,
        "The key that signs blocks, encrypted. Refused when others than its owner can read it."),
    plain("validator.passphrase_file", |s| &mut s.passphrase_file,
        "A file whose first line opens the key, for a start with nobody there; refused when others can\n\
         read it. systemd's credential marque-validator-passphrase goes before it; without either the\n\
         terminal is asked."),

    plain("validator.mark", |s| &mut s.mark,
        "A file that remembers the newest block that was signed; HIGHEST in the data folder unless given. Data\n\
         that are older, such as a copy put back, are refused then, since another block for a signed height is\n\
         fraud. On another disk than the data it notices more; do not put it back together with them."),

    plain("store.engine", |s| &mut s.engine,
        "The engine that keeps the ledger. What one engine wrote, no other reads: marque db restore turns one\n\
         into the other. Validators use redb: a block that sled has acknowledged may be lost with the power."),
    bytes("store.cache", MIB..=(1 << 10) * GIB, |s| &mut s.store.cache_bytes,
        "Memory for the pages of the ledger that are read most."),

    plain("rpc.listen", |s| &mut s.rpc.address,
        "Where JSON-RPC is answered, HTTP and WebSocket on one port. It speaks no TLS: before opening it to\n\
         other machines, put a proxy with TLS before it."),
    plain("rpc.hosts", |s| &mut s.rpc.hosts,
        "Names of hosts that requests may be for: that of the proxy before it. The address itself, and this\n\
         machine's own names, need not be listed. [\"*\"] takes all."),
    plain("rpc.origins", |s| &mut s.rpc.origins,
        "Pages whose requests browsers may send here, such as [\"https://shop.example\"]. [\"*\"] takes all."),
    plain("rpc.proxies", |s| &mut s.rpc.proxies,
        "Proxies whose X-Forwarded-For is believed; without it all that a proxy brings is one guest's."),
    bytes("rpc.request", KIB..=GIB, |s| &mut s.rpc.request_bytes,
        "A request at most. The largest transaction takes half of what stands here, as hex."),
    bytes("rpc.response", KIB..=GIB, |s| &mut s.rpc.response_bytes,
        "An answer at most."),
    count("rpc.batch", 1..=100_000, |s| &mut s.rpc.batch,
        "Requests in one batch at most."),
    count("rpc.connections", 1..=1_000_000, |s| &mut s.rpc.connections,
        "Connections at a time at most. Each takes a file descriptor."),
    count("rpc.connections_each", 1..=1_000_000, |s| &mut s.rpc.connections_each,
        "Connections of one address at most."),
    count("rpc.calls", 1..=1_000_000, |s| &mut s.rpc.calls,
        "Calls in work at most."),
    count("rpc.calls_each", 1..=1_000_000, |s| &mut s.rpc.calls_each,
        "Calls of one address in work at most."),
    count("rpc.calls_per_second", 0..=10_000_000, |s| &mut s.rpc.calls_per_second,
        "Calls a second of one address, twice as many at once; 0 for as many as come. This machine's own\n\
         addresses are not counted."),
    count("rpc.work", 1..=4_096, |s| &mut s.rpc.work,
        "Calls that read much or run contracts, at work at a time; others wait their turn."),
    bytes("rpc.bodies", MIB..=64 * GIB, |s| &mut s.rpc.body_bytes,
        "Bodies in work at most, a quarter of it for one address."),
    time("rpc.header_patience", SECOND..=HOUR, |s| &mut s.rpc.header_patience,
        "How long a connection may take for a request's headers, also for the next one's."),
    time("rpc.body_patience", SECOND..=HOUR, |s| &mut s.rpc.body_patience,
        "How long a body may take to come."),
    time("rpc.call_patience", SECOND..=HOUR, |s| &mut s.rpc.call_patience,
        "How long a call, or a batch as a whole, may take."),
    time("rpc.write_patience", SECOND..=HOUR, |s| &mut s.rpc.write_patience,
        "How long a client may take none of an answer that is sent."),
    count("rpc.subscriptions", 1..=100_000, |s| &mut s.rpc.subscriptions,
        "Subscriptions of one connection at most."),
    count("rpc.subscriptions_all", 1..=10_000_000, |s| &mut s.rpc.subscriptions_all,
        "Subscriptions in all at most, a quarter of it for one address."),
    count("rpc.buffer", 1..=65_536, |s| &mut s.rpc.buffer,
        "Messages that may wait for a connection to take them."),
    time("rpc.subscriber_patience", SECOND..=HOUR, |s| &mut s.rpc.subscriber_patience,
        "How long a subscriber may take none of its messages."),
    time("rpc.ping", SECOND..=HOUR, |s| &mut s.rpc.ping,
        "How often a WebSocket is pinged; it ends when it answers none for twice that long."),
    time("rpc.receipt_patience", SECOND..=HOUR, |s| &mut s.rpc.receipt_patience,
        "How long tx_submitAndWait waits for a receipt. Less than clients wait for an answer."),
    count("rpc.heads_behind", 1..=65_536, |s| &mut s.chain.feed,
        "Blocks that are told to subscribers from memory; one that lags behind further is sent them from the store."),

    plain("admin.listen", |s| &mut s.admin.listen,
        "Where administrators and what watches the node are answered: administrators' methods, for which a\n\
         token has to be shown, and /live, /ready and /metrics, for which none has. Nobody is without it."),
    plain("admin.hosts", |s| &mut s.admin.hosts,
        "Names of hosts that its requests may be for, as in rpc.hosts."),
    plain("admin.token_file", |s| &mut s.admin.token_file,
        "A file whose first line is the token: 32 visible characters at least; refused when others can read it."),

    count("pool.transactions", 1..=10_000_000, |s| &mut s.chain.pool.transactions,
        "Transactions that wait for a block, in all."),
    bytes("pool.bytes", MIB..=64 * GIB, |s| &mut s.chain.pool.bytes,
        "Their bytes in all."),
    count("pool.per_account", 1..=10_000_000, |s| &mut s.chain.pool.per_account,
        "Of one account."),
    count("pool.per_key", 1..=10_000_000, |s| &mut s.chain.pool.per_key,
        "Of one key."),
    count("pool.gap", 0..=1_000_000, |s| &mut s.chain.pool.gap,
        "How far a nonce may be ahead of the next one."),
    time("pool.patience", SECOND..=24 * HOUR, |s| &mut s.chain.pool.patience,
        "How long a transaction waits for the nonces before it."),

    count("block.transactions", 1..=1_000_000, |s| &mut s.chain.block_transactions,
        "Transactions in a block that this node proposes, at most. Gas of a block: see genesis."),
    bytes("block.bytes", KIB..=8 * MIB, |s| &mut s.chain.block_bytes,
        "Their bytes at most. A single transaction always fits."),

    count("contracts.compiled", 1..=1_000_000, |s| &mut s.vm.cached_modules,
        "Compiled contracts kept in memory."),
    bytes("contracts.memory", MIB..=64 * GIB, |s| &mut s.vm.cached_bytes,
        "The memory that they take at most. One that is not there is read from the folder of the data."),
    bytes("contracts.disk", MIB..=(1 << 10) * GIB, |s| &mut s.compiled,
        "The disk that compiled contracts take at most. One that is not there is compiled when it is called."),
    count("contracts.calls", 64..=65_536, |s| &mut s.vm.instances,
        "Calls of contracts at once, nested ones counted. Each takes address space, and memory while it runs."),

    plain("log.format", |s| &mut s.log_format,
        "\"text\" for people, \"json\" for programs: an object a line. The log goes to stderr."),
    plain("log.level", |s| &mut s.log_level,
        "error, warn, info, debug (a line for every block) or trace; parts of the node may have their own:\n\
         \"info,marque_chain=debug\"."),
];
