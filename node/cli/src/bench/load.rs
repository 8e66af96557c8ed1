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

    /// Goes on where the node says that the lane is.
    pub async fn go_on(&mut self, node: &Node) -> Result<(), Failure> {
        let address = self.address();
        let params = format!(r#"["{address}","{address}",{}]"#, self.lane.0);
        let mut connection = Connection::open(node.address()).await?;
        let answer = connection.post(call(1, "tx_nonce", &params).into()).await?;
        let answer: Value = serde_json::from_slice(&answer).map_err(failed)?;
        let nonce = answer.get("result").and_then(Value::as_u64);
        self.nonce = nonce.ok_or_else(|| failed(format!("no nonce but {answer}")))?;
        Ok(())
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
                            submit(&mut connection, body).await?;
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
            for receipt in &answer {
                applied(receipt)?;
            }
        }
        Ok(())
    }
}

/// An answer holds the receipt of an applied transaction.
pub fn applied(answer: &Value) -> Result<(), Failure> {
    if answer.pointer("/result/status") == Some(&Value::from("applied")) {
        return Ok(());
    }
    let message = format!("a transaction of the bench was not applied: {answer}");
    Err(Failure::new(message, "report this as a bug"))
}

/// The pool's and the server's way of saying that more comes in than goes out.
const BUSY: &[i64] = &[1007, 1013, 7001];
/// Nothing of that name: there is no receipt yet.
const UNKNOWN: i64 = 3001;
/// Between two questions, and before a batch is sent again.
const PAUSE: Duration = Duration::from_millis(2);
/// After so long without an answer something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a batch until the node has all of it: what it knows already, it takes again under
/// the same id.
async fn submit(connection: &mut Connection, body: &hyper::body::Bytes) -> Result<(), Failure> {
    let begin = Instant::now();
    loop {
        let answer = connection.post(body.clone()).await?;
        // A look for the word tells an error from hashes, and costs little.
        if !answer.windows(8).any(|window| window == b"\"error\":") {
            return Ok(());
        }
        let answers: Vec<Value> = serde_json::from_slice(&answer).map_err(failed)?;
        let mut errors = answers.iter().filter_map(|answer| answer.get("error"));
        if let Some(error) = errors.find(|error| !is(error, BUSY)) {
            return Err(refused(error));
        }
        if begin.elapsed() > PATIENCE {
            return Err(late("the node took no transaction"));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn wait(connection: &mut Connection, id: &Hash) -> Result<(), Failure> {
    let body: hyper::body::Bytes = call(1, "tx_receipt", &format!(r#"["{id}"]"#)).into();
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let answer = connection.post(body.clone()).await?;
        let answer: Value = serde_json::from_slice(&answer).map_err(failed)?;
        match answer.get("error") {
            None => return Ok(()),
            Some(error) if is(error, &[UNKNOWN]) => tokio::time::sleep(PAUSE).await,
            Some(error) => return Err(refused(error)),
        }
    }
    Err(late(&format!("transaction {id} got no receipt")))
}

fn is(error: &Value, codes: &[i64]) -> bool {
    let code = error.get("code").and_then(Value::as_i64);
    code.is_some_and(|code| codes.contains(&code))
}

fn refused(error: &Value) -> Failure {
    let message = error.get("message").and_then(Value::as_str);
    let remedy = error.pointer("/data/remedy").and_then(Value::as_str);
    Failure::new(
        format!(
            "the node refused a transaction: {}",
            message.unwrap_or("without a word")
        ),
        remedy.unwrap_or_default(),
    )
}

fn late(what: &str) -> Failure {
    Failure::new(
        format!("{what} within {} seconds", PATIENCE.as_secs()),
        "see what the node wrote, or ask for less load",
    )
}
