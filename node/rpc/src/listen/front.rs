//! What stands before JSON-RPC: whose request it is, what it is for, and its body, read whole
//! within its limits.

use super::guests::{Full, Guests, Kind, Peer, Permit};
use super::headers::{self, Names};
use crate::error::RpcError;
use crate::metrics::Metrics;
use crate::probes::Probes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW,
    CONTENT_TYPE, HeaderName, HeaderValue, UPGRADE, VARY,
};
use hyper::{Method, Request, StatusCode};
use jsonrpsee::server::middleware::rpc::RpcServiceBuilder;
use jsonrpsee::server::{HttpBody, HttpResponse, Methods, ServerConfig, StopHandle};
use jsonrpsee::types::ErrorObjectOwned;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tower::Service as _;

use crate::calls::Calls;
use crate::token::Token;

/// What every request goes through before JSON-RPC.
pub(crate) struct Front {
    pub guests: Arc<Guests>,
    pub methods: Methods,
    pub settings: ServerConfig,
    pub calls: Calls<()>,
    pub probes: Probes,
    pub metrics: Arc<Metrics>,
    pub rules: Rules,
}

/// What a request has to keep to.
pub(crate) struct Rules {
    hosts: Names,
    pages: Names,
    proxies: Vec<IpAddr>,
    body_bytes: u64,
    body_patience: Duration,
    pub(super) header_patience: Duration,
    pub(super) write_patience: Duration,
    /// What a caller has to show, where callers have to.
    token: Option<Token>,
}

impl Rules {
    pub fn new(config: &crate::Config, hosts: &[String], token: Option<Token>) -> Self {
        Self {
            hosts: Names::new(hosts),
            pages: Names::new(&config.origins),
            proxies: config.proxies.clone(),
            body_bytes: config.request_bytes.into(),
            body_patience: config.body_patience,
            header_patience: config.header_patience,
            write_patience: config.write_patience,
            token,
        }
    }
}

/// The upgraded connection's place among its guest's connections.
#[derive(Clone)]
struct Held(#[allow(dead_code, reason = "kept for as long as the request is")] Arc<Permit>);

impl Front {
    /// Answers one request; never fails, since an error is an answer.
    pub async fn answer(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
        connection: Arc<Permit>,
        stop: StopHandle,
    ) -> HttpResponse {
        let headers = request.headers();
        if !headers::host_is_known(headers, &self.rules.hosts) {
            return self.refuse(&RpcError::HostNotAllowed);
        }
        let page = match headers::page(headers, &self.rules.pages) {
            Ok(page) => page.and_then(|page| HeaderValue::from_str(page).ok()),
            Err(()) => return self.refuse(&RpcError::OriginNotAllowed),
        };
        let peer = headers::guest(headers, peer, &self.rules.proxies);
        let mut answer = self.route(request, peer, connection, stop).await;
        if let Some(page) = page {
            for (name, value) in shown_to(page) {
                answer.headers_mut().insert(name, value);
            }
        }
        answer
    }

    async fn route(
        &self,
        mut request: Request<Incoming>,
        peer: IpAddr,
        connection: Arc<Permit>,
        stop: StopHandle,
    ) -> HttpResponse {
        if let Some(answer) = self.probes.answer(request.method(), request.uri().path()) {
            return answer;
        }
        if request.uri().path() != "/" {
            return text(StatusCode::NOT_FOUND, "JSON-RPC is at /\n");
        }
        if request.method() == Method::OPTIONS {
            return text(StatusCode::NO_CONTENT, "");
        }
        let token = self.rules.token.as_ref();
        if token.is_some_and(|token| !token.is_shown_by(request.headers())) {
            return self.refuse(&RpcError::Unauthorized);
        }
        let extensions = request.extensions_mut();
        extensions.insert(Peer(peer));
        if request.headers().contains_key(UPGRADE) {
            request.extensions_mut().insert(Held(connection));
            return self.serve(request.map(HttpBody::new), stop).await;
        }
        if request.method() != Method::POST {
            let mut answer = text(
                StatusCode::METHOD_NOT_ALLOWED,
                "send JSON-RPC by POST, or open a WebSocket\n",
            );
            answer
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST, GET, OPTIONS"));
            return answer;
        }
        if !headers::body_is_json(request.headers()) {
            return self.refuse(&RpcError::NotJson);
        }
        let (parts, body) = request.into_parts();
        let length = headers::length(&parts.headers);
        match self.read(length, body, peer).await {
            // The body counts as its guest's until it is answered.
            Ok((body, _permit)) => {
                let request = Request::from_parts(parts, HttpBody::from(body));
                self.serve(request, stop).await
            }
            Err(error) => self.refuse(&error),
        }
    }

    /// Reads a body to its end; bytes are counted as they come, so that what only promises a
    /// long body takes nothing from others.
    async fn read(
        &self,
        length: Option<u64>,
        mut body: Incoming,
        peer: IpAddr,
    ) -> Result<(Vec<u8>, Permit), RpcError> {
        let allowed = self.rules.body_bytes;
        let large = RpcError::BodyTooLarge { allowed };
        if length.is_some_and(|length| length > allowed) {
            return Err(large);
        }
        let mut permit = self.guests.take(peer, Kind::Body, 0)?;
        let reading = async {
            let mut whole = Vec::new();
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|_| RpcError::BodyBroken)?;
                let Ok(part) = frame.into_data() else {
                    continue;
                };
                let more = u64::try_from(part.len()).unwrap_or(u64::MAX);
                let read = u64::try_from(whole.len()).unwrap_or(u64::MAX);
                if read.saturating_add(more) > allowed {
                    return Err(large);
                }
                permit.more(more)?;
                whole.extend_from_slice(&part);
            }
            Ok(whole)
        };
        match tokio::time::timeout(self.rules.body_patience, reading).await {
            Ok(read) => Ok((read?, permit)),
            Err(_) => Err(RpcError::BodyLate {
                patience: self.rules.body_patience,
            }),
        }
    }

    async fn serve(&self, request: Request<HttpBody>, stop: StopHandle) -> HttpResponse {
        let calls = self.calls.clone();
        let layer = tower::layer::layer_fn(move |inner| calls.around(inner));
        let builder = jsonrpsee::server::Server::builder()
            .set_config(self.settings.clone())
            .set_rpc_middleware(RpcServiceBuilder::new().layer(layer))
            .to_service_builder();
        let mut service = builder.build(self.methods.clone(), stop);
        match service.call(request).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "a request could not be served");
                self.refuse(&RpcError::Stopped)
            }
        }
    }

    /// An answer to what was not let in.
    fn refuse(&self, error: &RpcError) -> HttpResponse {
        let status = match error {
            RpcError::HostNotAllowed | RpcError::OriginNotAllowed => StatusCode::FORBIDDEN,
            RpcError::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            RpcError::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            RpcError::BodyLate { .. } => StatusCode::REQUEST_TIMEOUT,
            RpcError::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
            RpcError::Unauthorized => StatusCode::UNAUTHORIZED,
            RpcError::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        self.metrics.refused(&error.data().name);
        let object = ErrorObjectOwned::owned(error.code(), error.to_string(), Some(error.data()));
        let body = serde_json::json!({"jsonrpc": "2.0", "error": object, "id": null});
        let mut answer = text(status, body.to_string());
        answer
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        answer
    }
}

impl From<Full> for RpcError {
    fn from(full: Full) -> Self {
        Self::Busy(full.to_string())
    }
}

/// An answer of plain text.
pub(crate) fn text(status: StatusCode, body: impl Into<HttpBody>) -> HttpResponse {
    let mut answer = HttpResponse::new(body.into());
    *answer.status_mut() = status;
    answer.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    answer
}

/// What lets a listed page read the answer.
fn shown_to(page: HeaderValue) -> [(HeaderName, HeaderValue); 4] {
    [
        (ACCESS_CONTROL_ALLOW_ORIGIN, page),
        (
            ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("POST"),
        ),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("content-type"),
        ),
        (VARY, HeaderValue::from_static("origin")),
    ]
}
