//! Requests as they go over the wire, without the client's types.

use crate::schema;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A server's address.
#[derive(Clone, Copy)]
pub struct Wire(pub SocketAddr);

/// An error as the wire has it.
#[derive(Debug, PartialEq)]
pub struct WireError {
    pub code: i64,
    pub message: String,
    pub data: Value,
}

impl Wire {
    /// Posts a body; status and answer.
    pub async fn post(&self, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(self.0).await.unwrap();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.0,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // A server that refuses by the announced length may close before all is written.
        let _ = stream.write_all(body.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (
            status,
            serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.into())),
        )
    }

    /// Calls a method; its result or error.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, WireError> {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let (status, mut answer) = self.post(&request.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(
            (&answer["jsonrpc"], &answer["id"]),
            (&json!("2.0"), &json!(1))
        );
        if answer.get("error").is_some() {
            let error = answer["error"].take();
            schema::check_error(error["code"].as_i64().unwrap(), &error["data"]);
            return Err(WireError {
                code: error["code"].as_i64().unwrap(),
                message: error["message"].as_str().unwrap().into(),
                data: error["data"].clone(),
            });
        }
        let result = answer["result"].take();
        assert_eq!(
            schema::params_fault(method, &params),
            None,
            "{method} {params}"
        );
        assert_eq!(
            schema::result_fault(method, &result),
            None,
            "{method} {result}"
        );
        Ok(result)
    }

    pub async fn ok(&self, method: &str, params: Value) -> Value {
        self.call(method, params)
            .await
            .unwrap_or_else(|error| panic!("{method}: {error:?}"))
    }

    pub async fn fails(&self, method: &str, params: Value) -> WireError {
        match self.call(method, params.clone()).await {
            Ok(answer) => panic!("{method} {params} answers {answer}"),
            Err(error) => error,
        }
    }
}

/// A connection that says what it likes, from an address of this machine.
pub struct Connection(TcpStream);

impl Connection {
    pub async fn open(to: Wire, from: &str) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket
            .bind(SocketAddr::new(from.parse().unwrap(), 0))
            .unwrap();
        Self(socket.connect(to.0).await.unwrap())
    }

    /// Sends; a server that has closed takes nothing.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// One for which the system holds little.
    pub async fn open_small(to: Wire) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        Self(socket.connect(to.0).await.unwrap())
    }

    /// Sends, and says whether the server still takes it.
    pub async fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.write_all(bytes).await
    }

    /// What comes until the server closes, or so long; in frames, as it is.
    pub async fn drain(&mut self, patience: std::time::Duration) -> String {
        let mut heard = Vec::new();
        let reading = self.0.read_to_end(&mut heard);
        let _ = tokio::time::timeout(patience, reading).await;
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// Takes an answer to its end: its status and all of it; 0 if there is none.
    pub async fn answer(&mut self) -> (u16, String) {
        let mut answer = Vec::new();
        let mut part = [0; 16_384];
        while let Ok(count @ 1..) = self.0.read(&mut part).await {
            answer.extend_from_slice(&part[..count]);
        }
        let answer = String::from_utf8(answer).unwrap();
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        (status.unwrap_or(0), answer)
    }
}
