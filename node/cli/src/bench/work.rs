//! What is measured: transfers of single items, hundreds, runs and pallets, and traces.

use super::ceilings::per_second;
use super::failed;
use super::load::{Load, Signer, applied};
use super::node::Node;
use super::rpc::{Connection, call};
use super::{BenchArgs, Rate};
use crate::dev::accounts::{REGISTRAR, secret};
use crate::failure::Failure;
use crate::output::Progress;
use marque_primitives::Hash;
use marque_primitives::action::{
    Action, LicenceKey, Operation, PartyRef, Registration, Right, Things,
};
use marque_primitives::bounded::{List, Text};
use marque_primitives::detail::Detail;
use marque_primitives::gs1::{Gtin, Serial, Sscc};
use marque_primitives::thing::{Line, Run, Thing, ThingId};
use serde_json::Value;
use std::time::Instant;

/// Gas that is enough for any transaction of the bench but the largest.
const GAS: u64 = 200_000_000;
/// Independent sequences, so that order within one is no bottleneck.
const LANES: u8 = 16;
/// Steps of [`Work::run`].
pub const MEASURES: usize = 6;
/// Commissions of single items in one transaction.
const ITEMS_A_TRANSACTION: usize = 100;

/// A node with the bench's parties and product.
pub struct Work<'n> {
    node: &'n Node,
    chain_id: u64,
    genesis: Hash,
    gtin: Gtin,
    giver: Vec<Signer>,
    taker: Vec<Signer>,
    next_serial: u64,
}

impl<'n> Work<'n> {
    /// Registers the product and opens every lane.
    pub async fn prepare(node: &'n Node, args: &BenchArgs) -> Result<Self, Failure> {
        let mut connection = Connection::open(node.address()).await?;
        let info: Value =
            serde_json::from_slice(&connection.post(call(1, "node_info", "[]").into()).await?)
                .map_err(failed)?;
        let unknown = || {
            Failure::new(
                format!("the node does not say which chain it is: {info}"),
                "give --rpc a node of this version",
            )
        };
        let chain_id = info
            .pointer("/result/chainId")
            .and_then(Value::as_u64)
            .ok_or_else(unknown)?;
        let genesis = info
            .pointer("/result/genesis")
            .cloned()
            .ok_or_else(unknown)?;
        let genesis: Hash = serde_json::from_value(genesis).map_err(failed)?;
        // A product and accounts of its own for each run, so that a node can be measured again.
        let run = u64::from(std::process::id()) % 100_000;
        let gtin = Gtin::from_body(950_600_000_000 + run).map_err(failed)?;
        let lanes = |name: &str| {
            let key = secret(&format!("bench {name} {run}"));
            (0..LANES)
                .map(|lane| Signer::new(key.clone(), lane, chain_id, genesis))
                .collect::<Vec<_>>()
        };
        let work = Self {
            node,
            chain_id,
            genesis,
            gtin,
            giver: lanes("giver"),
            taker: lanes("taker"),
            next_serial: 1,
        };
        work.license(args).await?;
        Ok(work)
    }

    async fn license(&self, args: &BenchArgs) -> Result<(), Failure> {
        let brand = self.giver.first().map(Signer::address).unwrap_or_default();
        let mut registrar = Signer::new(secret(REGISTRAR), 15, self.chain_id, self.genesis);
        registrar.go_on(self.node).await?;
        let license = Registration::License {
            brand,
            key: LicenceKey::Product(self.gtin),
        };
        let load = Load::new(vec![vec![
            registrar.sign(vec![Action::Registry(license)], GAS)?,
        ]]);
        load.send(self.node, 1, args.batch).await?;
        Ok(())
    }

    /// Measures everything, one after the other.
    pub async fn run(
        &mut self,
        args: &BenchArgs,
        progress: &mut Progress,
    ) -> Result<Vec<Rate>, Failure> {
        self.product(args).await?;
        let mut rates = self
            .singles(args)
            .await
            .map_err(during("single transactions"))?;
        progress.step();
        rates.push(self.latency().await.map_err(during("latency"))?);
        progress.step();
        rates.push(
            self.hundreds(args)
                .await
                .map_err(during("transactions of 100"))?,
        );
        progress.step();
        rates.push(self.runs(args).await.map_err(during("runs"))?);
        progress.step();
        rates.push(self.pallets(args).await.map_err(during("pallets"))?);
        progress.step();
        rates.push(self.traces(args).await.map_err(during("traces"))?);
        progress.step();
        Ok(rates)
    }

    async fn product(&mut self, args: &BenchArgs) -> Result<(), Failure> {
        let product = Registration::RegisterProduct {
            gtin: self.gtin,
            name: Text::truncated("bench"),
            contract: None,
        };
        let first = self.giver.first_mut().ok_or_else(no_lane)?;
        let load = Load::new(vec![vec![
            first.sign(vec![Action::Registry(product)], GAS)?,
        ]]);
        load.send(self.node, 1, args.batch).await?;
        Ok(())
    }

    /// Items that are no neighbours, so that each has a record of its own.
    fn scattered(&mut self, count: usize) -> Result<Vec<Thing>, Failure> {
        (0..count)
            .map(|_| {
                self.next_serial = self.next_serial.saturating_add(2);
                let serial =
                    Serial::from_numeric(12, u128::from(self.next_serial)).map_err(failed)?;
                Ok(Thing::Run {
                    run: Run::single(Line::Product(self.gtin), serial),
                    lot: None,
                })
            })
            .collect()
    }

    fn range(&mut self, count: u64) -> Result<Thing, Failure> {
        let first = Serial::from_numeric(12, u128::from(self.next_serial.saturating_add(2)))
            .map_err(failed)?;
        self.next_serial = self.next_serial.saturating_add(count).saturating_add(2);
        let run = Run::new(Line::Product(self.gtin), first, count).ok_or_else(|| {
            Failure::new("the bench ran out of serials", "ask for fewer transfers")
        })?;
        Ok(Thing::Run { run, lot: None })
    }

    fn offer(&self, items: Things) -> Action {
        let to = PartyRef::Account(self.taker.first().map(Signer::address).unwrap_or_default());
        let offer = Operation::Offer {
            items,
            to,
            what: Right::Possession,
            deadline: None,
        };
        Action::Intent(offer, Detail::default())
    }

    async fn commission(&mut self, items: &[Thing], args: &BenchArgs) -> Result<(), Failure> {
        let mut lanes: Vec<Vec<_>> = (0..LANES).map(|_| Vec::new()).collect();
        for (at, chunk) in items.chunks(ITEMS_A_TRANSACTION).enumerate() {
            let items = List::new(chunk.to_vec()).map_err(failed)?;
            let operation = Operation::Commission {
                items,
                lot: None,
                expiry: None,
                owner: None,
            };
            let lane = at % lanes.len();
            if let (Some(signer), Some(lane)) = (self.giver.get_mut(lane), lanes.get_mut(lane)) {
                lane.push(
                    signer.sign(vec![Action::Intent(operation, Detail::default())], 10 * GAS)?,
                );
            }
        }
        Load::new(lanes)
            .send(self.node, args.connections, args.batch.min(10))
            .await?;
        Ok(())
    }

    /// Offers of the groups by the giver, then acceptances by the taker.
    fn transfers(&mut self, groups: &[Vec<Thing>]) -> Result<(Load, Load), Failure> {
        let mut offers: Vec<Vec<_>> = (0..LANES).map(|_| Vec::new()).collect();
        let mut accepts = offers.clone();
        for (at, group) in groups.iter().enumerate() {
            let items: Things = List::new(group.clone()).map_err(failed)?;
            let offer = self.offer(items.clone());
            let accept = Action::Intent(Operation::Accept { items }, Detail::default());
            let lane = at % usize::from(LANES);
            if let (Some(signer), Some(lane)) = (self.giver.get_mut(lane), offers.get_mut(lane)) {
                lane.push(signer.sign(vec![offer], 10 * GAS)?);
            }
            if let (Some(signer), Some(lane)) = (self.taker.get_mut(lane), accepts.get_mut(lane)) {
                lane.push(signer.sign(vec![accept], 10 * GAS)?);
            }
        }
        Ok((Load::new(offers), Load::new(accepts)))
    }

    async fn singles(&mut self, args: &BenchArgs) -> Result<Vec<Rate>, Failure> {
        let items = self.scattered(args.transfers)?;
        let begin = Instant::now();
        self.commission(&items, args).await?;
        let mut commission = Rate::new("commissions, 100 items a transaction", 0.0);
        let commissioned = per_second(count(args.transfers), begin.elapsed());
        commission.per_second = commissioned / 100.0;
        commission.items_per_second = Some(commissioned);
        let groups: Vec<Vec<Thing>> = items.into_iter().map(|item| vec![item]).collect();
        let (offers, accepts) = self.transfers(&groups)?;
        let took = offers.send(self.node, args.connections, args.batch).await?
            + accepts
                .send(self.node, args.connections, args.batch)
                .await?;
        let rate = per_second(count(args.transfers).saturating_mul(2), took);
        Ok(vec![
            commission,
            Rate::new("single transactions: offers with acceptance", rate),
        ])
    }

    async fn latency(&mut self) -> Result<Rate, Failure> {
        let items = self.scattered(200)?;
        let first = self.giver.first_mut().ok_or_else(no_lane)?;
        let operation = Operation::Commission {
            items: List::new(items.clone()).map_err(failed)?,
            lot: None,
            expiry: None,
            owner: None,
        };
        let commission =
            first.sign(vec![Action::Intent(operation, Detail::default())], 10 * GAS)?;
        Load::new(vec![vec![commission]])
            .send(self.node, 1, 1)
            .await?;
        let mut connection = Connection::open(self.node.address()).await?;
        let mut times = Vec::new();
        for item in items {
            let offer = self.offer(List::new(vec![item]).map_err(failed)?);
            let first = self.giver.first_mut().ok_or_else(no_lane)?;
            let transaction = first.sign(vec![offer], GAS)?;
            let hex = marque_primitives::hash::to_hex(transaction.bytes());
            let body = call(1, "tx_submitAndWait", &format!(r#"["{hex}"]"#));
            let begin = Instant::now();
            let answer = connection.post(body.into()).await?;
            times.push(begin.elapsed().as_secs_f64() * 1_000.0);
            applied(&serde_json::from_slice(&answer).map_err(failed)?)?;
        }
        let total: f64 = times.iter().sum();
        times.sort_by(f64::total_cmp);
        let at = |per_cent: usize| {
            times
                .get(times.len() * per_cent / 100)
                .copied()
                .unwrap_or_default()
        };
        let mut rate = Rate::new(
            "one transaction at a time, submitted and waited for",
            1_000.0 * 200.0 / total,
        );
        rate.latency_ms = Some((at(50), at(99)));
        Ok(rate)
    }

    async fn hundreds(&mut self, args: &BenchArgs) -> Result<Rate, Failure> {
        let items = self.scattered(args.hundreds.saturating_mul(100))?;
        self.commission(&items, args).await?;
        let groups: Vec<Vec<Thing>> = items.chunks(100).map(<[Thing]>::to_vec).collect();
        self.groups(
            "transactions of 100 items: offers with acceptance",
            &groups,
            100,
            args,
        )
        .await
    }

    async fn runs(&mut self, args: &BenchArgs) -> Result<Rate, Failure> {
        let mut runs = Vec::new();
        for _ in 0..args.wholes {
            runs.push(self.range(1_000_000)?);
        }
        self.commission(&runs, args).await?;
        let groups: Vec<Vec<Thing>> = runs.into_iter().map(|run| vec![run]).collect();
        self.groups(
            "runs of a million: offers with acceptance",
            &groups,
            1_000_000,
            args,
        )
        .await
    }

    async fn pallets(&mut self, args: &BenchArgs) -> Result<Rate, Failure> {
        let mut ranges = Vec::new();
        for _ in 0..args.wholes {
            ranges.push(self.range(1_000)?);
        }
        self.commission(&ranges, args).await?;
        let mut lanes: Vec<Vec<_>> = (0..LANES).map(|_| Vec::new()).collect();
        let mut groups = Vec::new();
        for (at, items) in ranges.into_iter().enumerate() {
            let body = u64::from(std::process::id())
                .saturating_mul(1_000_000)
                .saturating_add(count(at));
            let unit = Sscc::from_body(body % 100_000_000_000_000_000).map_err(failed)?;
            let pack = Operation::Pack {
                parent: ThingId::Unit(unit),
                children: List::new(vec![items]).map_err(failed)?,
            };
            let lane = at % lanes.len();
            if let (Some(signer), Some(lane)) = (self.giver.get_mut(lane), lanes.get_mut(lane)) {
                lane.push(signer.sign(vec![Action::Intent(pack, Detail::default())], GAS)?);
            }
            groups.push(vec![Thing::Unit(unit)]);
        }
        Load::new(lanes)
            .send(self.node, args.connections, args.batch)
            .await?;
        self.groups(
            "pallets of 1,000: offers with acceptance",
            &groups,
            1_000,
            args,
        )
        .await
    }

    async fn groups(
        &mut self,
        what: &str,
        groups: &[Vec<Thing>],
        items: u32,
        args: &BenchArgs,
    ) -> Result<Rate, Failure> {
        let (offers, accepts) = self.transfers(groups)?;
        let size = args.batch.min(20);
        let took = offers.send(self.node, args.connections, size).await?
            + accepts.send(self.node, args.connections, size).await?;
        let mut rate = Rate::new(
            what,
            per_second(count(groups.len()).saturating_mul(2), took),
        );
        // An item has changed hands once it was offered and accepted.
        rate.items_per_second = Some(rate.per_second / 2.0 * f64::from(items));
        Ok(rate)
    }

    async fn traces(&mut self, args: &BenchArgs) -> Result<Rate, Failure> {
        let begin = Instant::now();
        let mut tasks = Vec::new();
        let each = args.traces / args.connections;
        for lane in 0..args.connections {
            let mut connection = Connection::open(self.node.address()).await?;
            let gtin = self.gtin;
            let items = count(args.transfers);
            tasks.push(tokio::spawn(async move {
                for at in 0..each {
                    let serial =
                        3 + 2 * (count(at.saturating_mul(7).saturating_add(lane)) % items.max(1));
                    let params = format!(r#"["https://id.gs1.org/01/{gtin}/21/{serial:012}"]"#);
                    let answer = connection
                        .post(call(1, "item_trace", &params).into())
                        .await?;
                    if answer.windows(8).any(|window| window == b"\"error\":") {
                        let text = String::from_utf8_lossy(&answer).into_owned();
                        return Err(Failure::new(
                            format!("a trace failed: {text}"),
                            "report this as a bug",
                        ));
                    }
                }
                Ok(())
            }));
        }
        for task in tasks {
            task.await.map_err(failed)??;
        }
        let total = count(each.saturating_mul(args.connections));
        let mut rate = Rate::new(
            "traces of three entries",
            per_second(total, begin.elapsed()),
        );
        rate.of_requests = Some(0.0);
        Ok(rate)
    }
}

fn count(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}

/// A failure with the measure that it came from.
fn during(what: &str) -> impl FnOnce(Failure) -> Failure {
    move |failure| failure.during(what)
}

fn no_lane() -> Failure {
    Failure::new("the bench has no lane", "report this as a bug")
}
