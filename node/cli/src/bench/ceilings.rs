//! What the machine could do at most, in the same minute.

use super::failed;
use super::node::Node;
use super::rpc::Connection;
use crate::dev::accounts::secret;
use crate::failure::Failure;
use marque_primitives::hash::keccak256;
use std::time::{Duration, Instant};

const SPAN: Duration = Duration::from_secs(2);

/// secp256k1 recoveries a second on all cores: no ledger that checks each transaction's
/// signature once can be faster.
pub fn signatures() -> Result<f64, Failure> {
    let key = secret("bench");
    let digest = keccak256(&[b"bench"]);
    let signature = key.sign(&digest).map_err(failed)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let begin = Instant::now();
    let threads: Vec<_> = (0..cores)
        .map(|_| {
            std::thread::spawn(move || {
                let mut count = 0u64;
                while begin.elapsed() < SPAN {
                    for _ in 0..16 {
                        count = count.saturating_add(u64::from(signature.recover(&digest).is_ok()));
                    }
                }
                count
            })
        })
        .collect();
    let total: u64 = threads
        .into_iter()
        .filter_map(|thread| thread.join().ok())
        .sum();
    Ok(per_second(total, begin.elapsed()))
}

/// Requests a second for an answer that costs the node nothing, one request at a time on
/// each connection.
pub async fn requests(node: &Node, connections: usize) -> Result<f64, Failure> {
    let body = super::rpc::call(1, "node_health", "[]");
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let mut connection = Connection::open(node.address()).await?;
        let body = body.clone();
        tasks.push(tokio::spawn(async move {
            let mut count = 0u64;
            while begin.elapsed() < SPAN {
                connection.post(body.clone().into()).await?;
                count = count.saturating_add(1);
            }
            Ok::<_, Failure>(count)
        }));
    }
    let mut total = 0u64;
    for task in tasks {
        total = total.saturating_add(task.await.map_err(failed)??);
    }
    Ok(per_second(total, begin.elapsed()))
}

/// A count over a span, for people.
#[allow(
    clippy::cast_precision_loss,
    reason = "rates are shown with three digits"
)]
pub fn per_second(count: u64, span: Duration) -> f64 {
    count as f64 / span.as_secs_f64()
}
