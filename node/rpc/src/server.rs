//! Listening, on one port for HTTP and WebSocket.

use crate::config::Config;
use crate::context::{Context, Node};
use crate::error::RpcError;
use crate::methods;
use jsonrpsee::server::{BatchRequestConfig, RpcModule, ServerConfig, ServerHandle};
use std::net::SocketAddr;

/// A server that listens until it is stopped or dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
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
    let mut module = RpcModule::new(Context::new(node, config));
    methods::register(&mut module)?;
    tracing::info!(%address, "JSON-RPC over HTTP and WebSocket");
    Ok(Server {
        address,
        handle: server.start(module),
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

    /// Waits until it is stopped.
    pub async fn stopped(self) {
        self.handle.stopped().await;
    }
}
