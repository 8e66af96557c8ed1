//! Sending prepared transactions as fast as a node takes them, and knowing when the last
//! of them is durable.

use super::failed;
use super::node::Node;
use super::rpc::{Connection, batch, call};
use crate::failure::Failure;
use marque_primitives::action::Action;
use marque_primitives::bounded::List;
use marque_primitives::hash::to_hex;
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Address, Gas, Hash, Lane, Nonce};
use serde_json::Value;
use std::time::{Duration, Instant};

/// A key's lane, which signs transactions one after the other.
pub struct Signer {
    key: SecretKey,
    lane: Lane,
    nonce: u64,
    chain_id: u64,
    genesis: Hash,
}

impl Signer {
    /// The next transactions of a lane.
    pub fn new(key: SecretKey, lane: u8, chain_id: u64, genesis: Hash) -> Self {
        Self {
            key,
            lane: Lane(lane),
            nonce: 0,
            chain_id,
            genesis,
        }
    }

    /// Its account.
    pub fn address(&self) -> Address {
        self.key.address()
    }

    /// Signs actions with the lane's next nonce.
    pub fn sign(&mut self, actions: Vec<Action>, gas: u64) -> Result<Transaction, Failure> {
        let body = Body {
            version: Version::V1,
            chain_id: self.chain_id,
            genesis: self.genesis,
            account: self.key.address(),
            key: self.key.address(),
            lane: self.lane,
            nonce: Nonce(self.nonce),
            expiry: Expiry::NEVER,
            gas_limit: Gas(gas),
            actions: List::new(actions).map_err(failed)?,
        };
        self.nonce = self.nonce.saturating_add(1);
        Transaction::sign(body, &self.key).map_err(failed)
    }
}

/// Transactions of several lanes, each lane in order.
pub struct Load {
    lanes: Vec<Vec<Transaction>>,
}

impl Load {
    /// A load of these lanes.
    pub fn new(lanes: Vec<Vec<Transaction>>) -> Self {
        Self { lanes }
    }

    /// Sends everything and waits until the last transaction of each lane has its receipt;
    /// every receipt has to say that it was applied. Gives back how long that took.
    pub async fn send(
        &self,
        node: &Node,
        connections: usize,
        size: usize,
    ) -> Result<Duration, Failure> {
        let bodies = self.bodies(size);
        let mut opened = Vec::new();
        for _ in 0..connections {
            opened.push(Connection::open(node.address()).await?);
        }
        // A lane's batches stay in order on one connection.
        let mut queues: Vec<Vec<_>> = (0..connections).map(|_| Vec::new()).collect();
        for (lane, bodies) in bodies.into_iter().enumerate() {
            if let Some(queue) = queues.get_mut(lane % connections) {
                queue.push(bodies);
            }
        }
        let begin = Instant::now();
        let mut tasks = Vec::new();
        for (mut connection, lanes) in opened.into_iter().zip(queues) {
            tasks.push(tokio::spawn(async move {
                let most = lanes.iter().map(Vec::len).max().unwrap_or_default();
                for at in 0..most {
                    for lane in &lanes {
                        if let Some(body) = lane.get(at) {
                            accepted(&connection.post(body.clone()).await?)?;
                        }
                    }
                }
                Ok::<_, Failure>(())
            }));
        }
        for task in tasks {
            task.await.map_err(failed)??;
        }
        let mut connection = Connection::open(node.address()).await?;
        for last in self.lanes.iter().filter_map(|lane| lane.last()) {
            wait(&mut connection, &last.id()).await?;
        }
        let took = begin.elapsed();
        self.check(&mut connection, size).await?;
        Ok(took)
    }

    fn bodies(&self, size: usize) -> Vec<Vec<hyper::body::Bytes>> {
        let lane = |lane: &Vec<Transaction>| {
            lane.chunks(size)
                .map(|chunk| {
                    let params: Vec<String> = chunk
                        .iter()
                        .map(|transaction| format!(r#"["{}"]"#, to_hex(transaction.bytes())))
                        .collect();
                    batch("tx_submit", &params)
                })
                .collect()
        };
        self.lanes.iter().map(lane).collect()
    }

    /// Reads every receipt once, outside of the measured time.
    async fn check(&self, connection: &mut Connection, size: usize) -> Result<(), Failure> {
        for chunk in self.lanes.iter().flatten().collect::<Vec<_>>().chunks(size) {
            let params: Vec<String> = chunk
                .iter()
                .map(|transaction| format!(r#"["{}"]"#, transaction.id()))
                .collect();
            let answer: Vec<Value> =
                serde_json::from_slice(&connection.post(batch("tx_receipt", &params)).await?)
                    .map_err(failed)?;
            for receipt in answer {
                let status = receipt.pointer("/result/status");
                if status != Some(&Value::from("applied")) {
                    let message = format!("a transaction of the bench was not applied: {receipt}");
                    return Err(Failure::new(message, "report this as a bug"));
                }
            }
        }
        Ok(())
    }
}

fn accepted(answer: &[u8]) -> Result<(), Failure> {
    // A look for the word is enough to tell an error from a hash, and costs little.
    if answer.windows(8).any(|window| window == b"\"error\":") {
        let text = String::from_utf8_lossy(answer.get(..600).unwrap_or(answer)).into_owned();
        return Err(Failure::new(
            format!("the node refused a transaction: {text}"),
            "lower --batch or --connections",
        ));
    }
    Ok(())
}

async fn wait(connection: &mut Connection, id: &Hash) -> Result<(), Failure> {
    let body = call(1, "tx_receipt", &format!(r#"["{id}"]"#));
    for _ in 0..60_000 {
        let answer: Value =
            serde_json::from_slice(&connection.post(body.clone().into()).await?).map_err(failed)?;
        if answer.get("result").is_some_and(|result| !result.is_null()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Err(Failure::new(
        format!("transaction {id} got no receipt within a minute"),
        "see the node's log",
    ))
}
