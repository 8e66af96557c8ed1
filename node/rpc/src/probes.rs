//! `/live`, `/ready` and, for administrators, `/metrics`: what watches a node asks.

use crate::listen::text;
use crate::metrics::Metrics;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, StatusCode};
use jsonrpsee::server::HttpResponse;
use marque_chain::Chain;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Answers those who watch.
#[derive(Clone)]
pub(crate) struct Probes {
    pub chain: Chain,
    /// Set once the node takes no more requests.
    pub ending: Arc<AtomicBool>,
    /// Shown to administrators alone.
    pub metrics: Option<Arc<Metrics>>,
}

impl Probes {
    /// The answer, if the request is for a probe.
    pub fn answer(&self, method: &Method, path: &str) -> Option<HttpResponse> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        match (path, &self.metrics) {
            ("/live", _) => Some(self.live()),
            ("/ready", _) => Some(self.ready()),
            ("/metrics", Some(metrics)) => Some(shown(metrics)),
            _ => None,
        }
    }

    /// Whether the chain works: where not, only a restart helps.
    fn live(&self) -> HttpResponse {
        match self.chain.status().fault {
            None => text(StatusCode::OK, "live\n"),
            Some(fault) => text(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("the chain has stopped: {fault}\n"),
            ),
        }
    }

    /// Whether requests should come here.
    fn ready(&self) -> HttpResponse {
        if self.ending.load(Ordering::Relaxed) {
            return text(
                StatusCode::SERVICE_UNAVAILABLE,
                "the node is shutting down\n",
            );
        }
        match self.chain.status().fault {
            None => text(StatusCode::OK, "ready\n"),
            Some(_) => self.live(),
        }
    }
}

fn shown(metrics: &Metrics) -> HttpResponse {
    let Ok(metrics) = metrics.text() else {
        return text(
            StatusCode::INTERNAL_SERVER_ERROR,
            "metrics can't be written\n",
        );
    };
    let mut answer = text(StatusCode::OK, metrics);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
