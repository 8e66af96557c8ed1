//! The leanest client: prepared bodies over kept connections, so that the load's own cost
//! is small beside the node's on the same cores.

use crate::failure::Failure;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// One HTTP connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Connection {
    /// Connects to a node.
    pub async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await.map_err(lost)?;
        stream.set_nodelay(true).map_err(lost)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: address.to_string(),
        })
    }

    /// Posts a body and reads the answer whole.
    pub async fn post(&mut self, body: Bytes) -> Result<Bytes, Failure> {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/")
            .header("host", &self.host)
            .header("content-type", "application/json")
            .body(Full::new(body))
            .map_err(lost)?;
        self.sender.ready().await.map_err(lost)?;
        let response = self.sender.send_request(request).await.map_err(lost)?;
        let status = response.status();
        let answer = response
            .into_body()
            .collect()
            .await
            .map_err(lost)?
            .to_bytes();
        if status != StatusCode::OK {
            let text = String::from_utf8_lossy(&answer).into_owned();
            return Err(Failure::new(
                format!("the node answered {status}: {text}"),
                "lower --batch or --connections",
            ));
        }
        Ok(answer)
    }
}

fn lost(error: impl std::fmt::Display) -> Failure {
    Failure::new(
        format!("the connection to the node was lost: {error}"),
        "see the node's log",
    )
}

/// A JSON-RPC request; `params` is JSON.
pub fn call(id: usize, method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#)
}

/// A JSON-RPC batch of one method.
pub fn batch(method: &str, params: &[String]) -> Bytes {
    let calls: Vec<String> = params
        .iter()
        .enumerate()
        .map(|(id, params)| call(id, method, params))
        .collect();
    format!("[{}]", calls.join(",")).into()
}
