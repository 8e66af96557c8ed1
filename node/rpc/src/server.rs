//! Listening, on one port for HTTP and WebSocket.

use crate::config::Config;
use crate::context::{Context, Node};
use crate::error::RpcError;
use crate::methods;
use jsonrpsee::server::{BatchRequestConfig, RpcModule, ServerConfig, ServerHandle};
use marque_chain::Chain;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// A server that listens until it is stopped or dropped.
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
    chain: Chain,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.address)
    }
}

/// Starts to serve a node.
///
/// # Errors
/// When the address can't be listened on.
pub async fn serve(node: Node, config: Config) -> Result<Server, RpcError> {
    let bind = |cause| RpcError::Bind {
        address: config.address,
        cause,
    };
    let settings = ServerConfig::builder()
        .max_request_body_size(config.request_bytes)
        .max_response_body_size(config.response_bytes)
        .max_connections(config.connections)
        .max_subscriptions_per_connection(config.subscriptions)
        .set_batch_request_config(BatchRequestConfig::Limit(config.batch))
        .set_tcp_no_delay(true)
        .build();
    let server = jsonrpsee::server::Server::builder()
        .set_config(settings)
        .build(config.address)
        .await
        .map_err(bind)?;
    let address = server.local_addr().map_err(bind)?;
    let chain = node.chain.clone();
    let mut module = RpcModule::new(Context::new(node, config));
    methods::register(&mut module)?;
    tracing::info!(%address, "JSON-RPC over HTTP and WebSocket");
    Ok(Server {
        address,
        handle: server.start(module),
        chain,
    })
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests; those in work are answered.
    pub fn stop(&self) {
        // It fails only where it was stopped before.
        let _ = self.handle.stop();
    }

    /// Waits until it is stopped: until every client was answered and has gone.
    pub async fn stopped(self) {
        self.handle.stopped().await;
    }

    /// Ends the node: takes no more requests, makes durable what was decided, tells who waits
    /// for a receipt, and lets clients take their answers, for `patience` at most. Says whether
    /// all of them have gone.
    pub async fn shutdown(self, patience: Duration) -> bool {
        self.stop();
        // The chain first: some of the requests in work wait for it.
        let chain = self.chain.clone();
        let ended = tokio::task::spawn_blocking(move || chain.shutdown()).await;
        if let Err(error) = ended {
            tracing::error!(%error, "the chain did not end");
        }
        tokio::time::timeout(patience, self.stopped()).await.is_ok()
    }
}
