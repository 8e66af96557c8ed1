//! Calls as strangers might make them, on a real server of a real chain.

use crate::world::World;
use marque_fuzz::{Bound, Campaign, json};
use marque_rpc::Config;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

fn corpus() -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus/calls.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}

/// A connection that is kept, and made anew after the server closed it.
struct Caller {
    server: SocketAddr,
    kept: Option<BufReader<TcpStream>>,
}

impl Caller {
    /// Posts a body; status and answer.
    fn post(&mut self, body: &[u8]) -> (u16, Vec<u8>) {
        // The first may meet a connection that the server was about to close.
        let first = self.try_post(body);
        let answer = first.or_else(|_| self.try_post(body));
        answer.unwrap_or_else(|error| panic!("the server answers nothing: {error}"))
    }

    fn try_post(&mut self, body: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
        let mut stream = match self.kept.take() {
            Some(stream) => stream,
            None => BufReader::new(TcpStream::connect(self.server)?),
        };
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.server,
            body.len()
        );
        stream
            .get_mut()
            .write_all(&[head.as_bytes(), body].concat())?;
        let (mut status, mut length, mut close) = (0, 0, false);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().unwrap();
            } else if line == "connection: close" {
                close = true;
            } else if line.is_empty() {
                break;
            }
        }
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer)?;
        if !close {
            self.kept = Some(stream);
        }
        Ok((status, answer))
    }
}

/// What one answer of JSON-RPC is; a fault of the node is a finding.
fn outcome(answer: &Value) -> &'static str {
    if answer.get("result").is_some() {
        return "answered";
    }
    let error = &answer["error"];
    let code = error["code"].as_i64().unwrap_or_else(|| panic!("{answer}"));
    assert!(code != -32603 && code != 7002, "a fault: {answer}");
    assert!(!error["message"].as_str().unwrap().is_empty(), "{answer}");
    match code {
        -32700 | -32600 => "no request",
        -32601 => "no method",
        -32602 => "wrong parameters",
        ..0 => "other of JSON-RPC",
        1000..2000 => "transaction",
        2000..3000 => "identifier",
        3000..4000 => "not found",
        4000..7000 => "refused",
        _ => "node",
    }
}

/// Whatever is sent is answered: in JSON, within the limits, and by no fault.
fn judge(caller: &mut Caller, limit: usize, input: &[u8]) -> &'static str {
    let (status, answer) = caller.post(input);
    assert!(answer.len() <= limit, "{} bytes", answer.len());
    if status != 200 {
        assert!((400..500).contains(&status), "HTTP {status}");
        return "HTTP";
    }
    match serde_json::from_slice(&answer) {
        // Notifications alone have no answer.
        Err(_) if answer.is_empty() => "nothing",
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&answer)),
        // What has no id that JSON-RPC knows is taken for one.
        Ok(Value::Null) => "nothing",
        Ok(Value::Array(answers)) => answers.iter().map(outcome).fold("nothing", |_, one| one),
        Ok(answer) => outcome(&answer),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_answered_whatever_they_are() {
    let config = Config {
        // What is sent for good may wait for nonces that never come.
        receipt_patience: Duration::from_millis(200),
        ..Config::default()
    };
    let limit = usize::try_from(config.response_bytes).unwrap();
    let world = World::busy_with(config).await;
    let mut caller = Caller {
        server: world.wire.0,
        kept: None,
    };
    let run = move || {
        let campaign = Campaign {
            name: "calls",
            corpus: corpus(),
            mutate: json::mutate,
            // Other tests run in this process: its memory says nothing of one call.
            bound: Bound {
                per_byte: 0,
                base: 0,
                time: Duration::from_secs(30),
            },
            folder: Path::new(env!("CARGO_TARGET_TMPDIR")),
            memory: None,
        };
        campaign.run(|input| judge(&mut caller, limit, input))
    };
    let summary = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(
        summary.executions == 1 || summary.outcomes.len() > 5,
        "{summary}"
    );
    assert_eq!(world.chain.status().fault, None);
    world.close().await;
}
