//! The node's servers: one for everyone, and one for administrators.

use crate::admin;
use crate::calls::Calls;
use crate::config::{Admin, Config};
use crate::context::{Context, Node};
use crate::error::RpcError;
use crate::listen::{Front, Guests, Listening, Rules, listen};
use crate::methods;
use crate::metrics::Metrics;
use crate::probes::Probes;
use jsonrpsee::server::{
    BatchRequestConfig, Methods, PingConfig, RpcModule, ServerConfig, ServerHandle,
};
use marque_chain::Chain;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long an administrator's call may take: a copy of all data takes its time.
const ADMIN_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// A server that listens until it is stopped or dropped.
pub struct Server {
    address: SocketAddr,
    admin: Option<SocketAddr>,
    handles: Vec<ServerHandle>,
    ending: Arc<AtomicBool>,
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
/// When an address can't be listened on.
pub async fn serve(node: Node, config: Config) -> Result<Server, RpcError> {
    let chain = node.chain.clone();
    let ending = Arc::new(AtomicBool::new(false));
    let guests = config.guests();
    let backup = node.backup.clone();
    let mut module = RpcModule::new(Context::new(node, config.clone(), guests.clone()));
    methods::register(&mut module)?;
    let names = module.method_names().collect();
    let metrics = Arc::new(Metrics::new(chain.clone(), guests.clone(), names));
    let probes = Probes {
        chain: chain.clone(),
        ending: ending.clone(),
        metrics: None,
    };
    let service = Service {
        patience: config.call_patience,
        config: &config,
        guests,
        metrics: metrics.clone(),
    };
    let open = service.front(
        module.into(),
        probes.clone(),
        &names_of(config.address, &config.hosts),
        None,
    );
    let listening = bound(config.address, open).await?;
    tracing::info!(address = %listening.address, "JSON-RPC over HTTP and WebSocket");
    let mut handles = vec![listening.handle];
    let mut administrators = None;
    if let Some(Admin {
        address,
        hosts,
        token,
    }) = &config.admin
    {
        let probes = Probes {
            metrics: Some(metrics.clone()),
            ..probes
        };
        let mut module = RpcModule::new(admin::Administration {
            guests: service.guests.clone(),
            backup,
        });
        admin::register(&mut module)?;
        // Administrators are served whatever everyone else asks for.
        let names = module.method_names().collect();
        let guests = config.guests();
        let service = Service {
            patience: ADMIN_PATIENCE,
            config: &config,
            guests: guests.clone(),
            metrics: Arc::new(Metrics::new(chain.clone(), guests, names)),
        };
        let closed = service.front(
            module.into(),
            probes,
            &names_of(*address, hosts),
            Some(token.clone()),
        );
        let listening = bound(*address, closed).await?;
        tracing::info!(address = %listening.address, "administration and metrics");
        administrators = Some(listening.address);
        handles.push(listening.handle);
    }
    Ok(Server {
        address: listening.address,
        admin: administrators,
        handles,
        ending,
        chain,
    })
}

/// What both servers are made of.
struct Service<'c> {
    patience: Duration,
    config: &'c Config,
    guests: Arc<Guests>,
    metrics: Arc<Metrics>,
}

impl Service<'_> {
    fn front(
        &self,
        methods: Methods,
        probes: Probes,
        hosts: &[String],
        token: Option<crate::Token>,
    ) -> Front {
        let config = self.config;
        let settings = ServerConfig::builder()
            .max_request_body_size(config.request_bytes)
            .max_response_body_size(config.response_bytes)
            // Counted by the listener; jsonrpsee counts those of one service alone.
            .max_connections(config.connections)
            .max_subscriptions_per_connection(config.subscriptions)
            .set_batch_request_config(BatchRequestConfig::Limit(config.batch))
            .set_message_buffer_capacity(config.buffer)
            .enable_ws_ping(
                PingConfig::new()
                    .ping_interval(config.ping)
                    .inactive_limit(config.ping.saturating_mul(2))
                    .max_failures(1),
            )
            .build();
        let calls = Calls::new(
            self.guests.clone(),
            self.metrics.clone(),
            self.patience,
            config.response_bytes,
        );
        Front {
            guests: self.guests.clone(),
            methods,
            settings,
            calls,
            probes,
            metrics: self.metrics.clone(),
            rules: Rules::new(config, hosts, token),
        }
    }
}

/// The hosts that requests may be for: those that are listed, the address itself, and this
/// machine's own names where it listens to itself.
fn names_of(address: SocketAddr, listed: &[String]) -> Vec<String> {
    let mut names = listed.to_vec();
    let ip = address.ip();
    if ip.is_loopback() || ip.is_unspecified() {
        names.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
    }
    names.push(match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    });
    names
}

async fn bound(address: SocketAddr, front: Front) -> Result<Listening, RpcError> {
    let bind = |cause| RpcError::Bind { address, cause };
    listen(address, front).await.map_err(bind)
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where administrators are answered, if they are.
    #[must_use]
    pub fn admin(&self) -> Option<SocketAddr> {
        self.admin
    }

    /// Takes no more requests; those in work are answered.
    pub fn stop(&self) {
        self.ending.store(true, Ordering::Relaxed);
        for handle in &self.handles {
            // It fails only where it was stopped before.
            let _ = handle.stop();
        }
    }

    /// Waits until it is stopped: until every client was answered and has gone.
    pub async fn stopped(self) {
        for handle in self.handles {
            handle.stopped().await;
        }
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
