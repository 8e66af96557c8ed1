//! `marque bench`: load over real JSON-RPC against a node with durable commits, beside two
//! ceilings that the machine itself sets in the same run.

mod ceilings;
mod load;
mod node;
mod rpc;
mod work;

use crate::failure::Failure;
use crate::output::{Cell, Column, Output, Table};
use clap::Args;
use serde::Serialize;

/// Measures a node of its own, or one at `--rpc`.
#[derive(Args, Debug)]
pub struct BenchArgs {
    /// A development node to measure; without it a node of its own is started and ended.
    #[arg(long, value_name = "URL")]
    rpc: Option<String>,
    /// Single transfers: each is an offer and an acceptance of one item.
    #[arg(long, default_value_t = 20_000)]
    transfers: usize,
    /// Transactions of 100 items.
    #[arg(long, default_value_t = 3_000)]
    hundreds: usize,
    /// Transfers of a run of a million items, and of pallets that hold 1,000.
    #[arg(long, default_value_t = 500)]
    wholes: usize,
    /// Traces asked for.
    #[arg(long, default_value_t = 10_000)]
    traces: usize,
    /// Connections.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Requests in a JSON-RPC batch.
    #[arg(long, default_value_t = 100)]
    batch: usize,
}

/// One line of the result.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Rate {
    /// What was counted.
    pub what: String,
    /// How many a second.
    pub per_second: f64,
    /// Items that changed hands a second, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items_per_second: Option<f64>,
    /// Of the signature ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_signatures: Option<f64>,
    /// Of the request ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_requests: Option<f64>,
    /// Median and 99th percentile in milliseconds, where one request was timed at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<(f64, f64)>,
}

impl Rate {
    fn new(what: &str, per_second: f64) -> Self {
        Self {
            what: what.into(),
            per_second,
            items_per_second: None,
            of_signatures: None,
            of_requests: None,
            latency_ms: None,
        }
    }
}

/// Runs the whole bench and prints its table.
pub fn run(args: &BenchArgs, output: &Output) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    runtime.block_on(async {
        tokio::select! {
            done = bench(args, output) => done,
            // Its own node and folder go with it.
            _ = tokio::signal::ctrl_c() => Err(Failure::new("the bench was interrupted", "")),
        }
    })
}

async fn bench(args: &BenchArgs, output: &Output) -> Result<(), Failure> {
    if args.connections == 0 || args.batch == 0 {
        return Err(Failure::new(
            "a bench needs a connection and a request",
            "give --connections and --batch above 0",
        ));
    }
    let node = match &args.rpc {
        Some(url) => node::Node::at(url)?,
        None => node::Node::start().await?,
    };
    let mut rates = Vec::new();
    let mut progress = output.progress("measured", 2 + work::MEASURES);
    let signatures = ceilings::signatures()?;
    progress.step();
    rates.push(Rate::new(
        "ceiling: signature verifications, all cores",
        signatures,
    ));
    let requests = ceilings::requests(&node, args.connections).await?;
    progress.step();
    rates.push(Rate::new("ceiling: empty requests", requests));
    let mut work = work::Work::prepare(&node, args).await?;
    for mut rate in work.run(args, &mut progress).await? {
        if rate.of_requests.is_some() {
            rate.of_requests = Some(rate.per_second / requests);
        } else if rate.latency_ms.is_none() {
            rate.of_signatures = Some(rate.per_second / signatures);
        }
        rates.push(rate);
    }
    drop(progress);
    drop(node);
    print(&rates, output)
}

fn print(rates: &[Rate], output: &Output) -> Result<(), Failure> {
    if output.json {
        return output.value(&rates);
    }
    let numbers = ["per second", "items/s", "of ceiling", "p50 / p99 ms"].map(Column::number);
    let mut table = Table::new([Column::new("what")].into_iter().chain(numbers));
    for rate in rates {
        let share = rate.of_signatures.or(rate.of_requests);
        table.row([
            Cell::from(rate.what.clone()),
            Cell::from(format!("{:.0}", rate.per_second)),
            Cell::from(
                rate.items_per_second
                    .map(|items| format!("{items:.0}"))
                    .unwrap_or_default(),
            ),
            Cell::from(share.map(|share| format!("{share:.2}")).unwrap_or_default()),
            Cell::from(
                rate.latency_ms
                    .map(|(p50, p99)| format!("{p50:.1} / {p99:.1}"))
                    .unwrap_or_default(),
            ),
        ]);
    }
    output.table(&table)
}

/// A failure of the machine or the way to the node.
fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::new(
        format!("the bench cannot go on: {error}"),
        "see the node's log",
    )
}
