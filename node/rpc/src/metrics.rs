//! What the node counts of its service, as Prometheus reads it.

use crate::listen::{Guests, Kind};
use marque_chain::Chain;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, text::encode,
};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Upper bounds of the classes of durations, in seconds: a cached read to a wait for a block.
const CLASSES: [f64; 10] = [
    0.000_25, 0.001, 0.002_5, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0,
];

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Called {
    method: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Answered {
    method: String,
    /// The error's code, `0` for a result.
    code: i64,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Refused {
    reason: String,
}

fn histogram() -> Histogram {
    Histogram::new(CLASSES)
}

/// Counters of the service. Labels come from closed sets alone: method names that there are,
/// error codes, names of errors.
pub(crate) struct Metrics {
    methods: BTreeSet<&'static str>,
    answered: Family<Answered, Counter>,
    seconds: Family<Called, Histogram, fn() -> Histogram>,
    refused: Family<Refused, Counter>,
    registry: Registry,
}

impl Metrics {
    pub fn new(chain: Chain, guests: Arc<Guests>, methods: BTreeSet<&'static str>) -> Self {
        let mut registry = Registry::with_prefix("marque");
        let answered = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let refused = Family::default();
        registry.register(
            "rpc_answers",
            "Calls answered, by method and error code (0: a result)",
            answered.clone(),
        );
        registry.register_with_unit(
            "rpc_duration",
            "Time from a call's start to its answer, by method",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register(
            "rpc_refused",
            "Requests and calls that were not let in, by reason",
            refused.clone(),
        );
        registry.register_collector(Box::new(Now { chain, guests }));
        Self {
            methods,
            answered,
            seconds,
            refused,
            registry,
        }
    }

    /// Whether there is such a method.
    pub fn knows(&self, method: &str) -> bool {
        self.methods.contains(method)
    }

    /// A call of a method that there is was answered.
    pub fn answered(&self, method: &str, code: Option<i32>, took: Duration) {
        let code = code.unwrap_or(0).into();
        let method = method.to_owned();
        self.seconds
            .get_or_create(&Called {
                method: method.clone(),
            })
            .observe(took.as_secs_f64());
        self.answered
            .get_or_create(&Answered { method, code })
            .inc();
    }

    /// Something was not let in.
    pub fn refused(&self, reason: &str) {
        let reason = reason.to_owned();
        self.refused.get_or_create(&Refused { reason }).inc();
    }

    /// All of it as text (OpenMetrics).
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// What is read when it is asked for.
struct Now {
    chain: Chain,
    guests: Arc<Guests>,
}

impl fmt::Debug for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Now")
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Collector for Now {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let status = self.chain.status();
        let size = |size: usize| number(u64::try_from(size).unwrap_or(u64::MAX));
        let open = |kind| number(self.guests.count(kind).0);
        let mut gauges = vec![
            (
                "chain_height",
                "The newest durable block",
                number(status.height.0),
            ),
            (
                "chain_fault",
                "1 after a fault has stopped the chain",
                status.fault.is_some().into(),
            ),
            (
                "pool_transactions",
                "Transactions that wait or are in flight",
                size(status.pool_transactions),
            ),
            ("pool_bytes", "Their bytes", size(status.pool_bytes)),
            (
                "rpc_connections",
                "Open connections",
                open(Kind::Connection),
            ),
            ("rpc_calls", "Calls in work", open(Kind::Call)),
            (
                "rpc_subscriptions",
                "Subscriptions",
                open(Kind::Subscription),
            ),
            (
                "rpc_guests",
                "Addresses with a connection",
                number(self.guests.count(Kind::Connection).1),
            ),
        ];
        let mut totals = Vec::new();
        if let Ok(reader) = self.chain.reader() {
            let head = reader.head();
            gauges.push((
                "chain_time_milliseconds",
                "The newest block's time since 1970",
                number(head.time().0),
            ));
            totals = vec![
                (
                    "chain_entries",
                    "History entries of all blocks",
                    head.spans.entries.end,
                ),
                (
                    "chain_events",
                    "Events of all blocks",
                    head.spans.events.end,
                ),
                (
                    "chain_refusals",
                    "Refused transactions of all blocks",
                    head.spans.refusals.end,
                ),
            ];
        }
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(value);
            let kind = gauge.metric_type();
            gauge.encode(to.encode_descriptor(name, help, None, kind)?)?;
        }
        for (name, help, value) in totals {
            let counter = ConstCounter::new(value);
            let kind = counter.metric_type();
            counter.encode(to.encode_descriptor(name, help, None, kind)?)?;
        }
        Ok(())
    }
}
