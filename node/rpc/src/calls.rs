//! Every call, also in a batch and over a WebSocket: counted, paced, and given so much time.

use crate::error::RpcError;
use crate::listen::{Guests, Kind, Owed, Peer};
use crate::metrics::Metrics;
use jsonrpsee::server::middleware::rpc::{Batch, BatchEntry, Notification, RpcServiceT};
use jsonrpsee::server::{BatchResponseBuilder, MethodResponse};
use jsonrpsee::types::{ErrorObjectOwned, Id, Request};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout_at;

/// What calls have to keep to, around the service that answers them.
#[derive(Clone)]
pub(crate) struct Calls<S> {
    inner: S,
    rules: Arc<Rules>,
}

struct Rules {
    guests: Arc<Guests>,
    metrics: Arc<Metrics>,
    /// How long a call, or a whole batch, may take.
    patience: Duration,
    /// Bytes of an answer.
    answer_bytes: usize,
}

impl Calls<()> {
    pub fn new(
        guests: Arc<Guests>,
        metrics: Arc<Metrics>,
        patience: Duration,
        answer_bytes: u32,
    ) -> Self {
        let rules = Rules {
            guests,
            metrics,
            patience,
            answer_bytes: usize::try_from(answer_bytes).unwrap_or(usize::MAX),
        };
        Self {
            inner: (),
            rules: Arc::new(rules),
        }
    }

    /// The same rules around a service.
    pub fn around<S>(&self, inner: S) -> Calls<S> {
        Calls {
            inner,
            rules: self.rules.clone(),
        }
    }
}

/// The connection owes its client an answer.
fn owes(owed: Option<&Owed>, answer: &MethodResponse) {
    // A subscription's was sent when it was accepted.
    if let Some(owed) = owed.filter(|_| !answer.is_subscription()) {
        owed.add(answer.as_json().get().len());
    }
}

/// Whose call it is.
fn peer(request: &Request<'_>) -> IpAddr {
    let known = request.extensions().get::<Peer>();
    // The front names every request's peer.
    known.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0)
}

impl<S> Calls<S>
where
    S: RpcServiceT<MethodResponse = MethodResponse> + Clone + Send + Sync + 'static,
{
    async fn answer(self, request: Request<'_>, until: tokio::time::Instant) -> MethodResponse {
        let rules = &*self.rules;
        if !rules.metrics.knows(&request.method) {
            let error = RpcError::UnknownMethod {
                method: request.method.chars().take(64).collect(),
            };
            return rules.refuse(request.id.into_owned(), &error);
        }
        let method = request.method.clone().into_owned();
        let id = request.id.clone().into_owned();
        let peer = peer(&request);
        let begun = Instant::now();
        let free = rules
            .guests
            .pace(peer, begun)
            .and_then(|()| rules.guests.take(peer, Kind::Call, 1));
        let _permit = match free {
            Ok(permit) => permit,
            Err(full) => return rules.refuse(id, &full.into()),
        };
        let response = match timeout_at(until, self.inner.call(request)).await {
            Ok(response) => response,
            Err(_) => {
                let late = RpcError::CallLate {
                    patience: rules.patience,
                };
                rules.refuse(id, &late)
            }
        };
        let code = response.as_error_code();
        rules.metrics.answered(&method, code, begun.elapsed());
        response
    }

    fn until(&self) -> tokio::time::Instant {
        let now = tokio::time::Instant::now();
        now.checked_add(self.rules.patience).unwrap_or(now)
    }
}

impl Rules {
    fn refuse(&self, id: Id<'static>, error: &RpcError) -> MethodResponse {
        let data = error.data();
        self.metrics.refused(&data.name);
        let object = ErrorObjectOwned::owned(error.code(), error.to_string(), Some(data));
        MethodResponse::error(id, object)
    }
}

impl<S> RpcServiceT for Calls<S>
where
    S: RpcServiceT<
            MethodResponse = MethodResponse,
            NotificationResponse = MethodResponse,
            BatchResponse = MethodResponse,
        > + Clone
        + Send
        + Sync
        + 'static,
{
    type MethodResponse = MethodResponse;
    type NotificationResponse = MethodResponse;
    type BatchResponse = MethodResponse;

    fn call<'a>(&self, request: Request<'a>) -> impl Future<Output = MethodResponse> + Send + 'a {
        let until = self.until();
        let this = self.clone();
        async move {
            let owed = request.extensions().get::<Owed>().cloned();
            let answer = this.answer(request, until).await;
            owes(owed.as_ref(), &answer);
            answer
        }
    }

    fn batch<'a>(&self, batch: Batch<'a>) -> impl Future<Output = MethodResponse> + Send + 'a {
        let this = self.clone();
        let until = this.until();
        async move {
            let mut answers = BatchResponseBuilder::new_with_limit(this.rules.answer_bytes);
            let mut told = false;
            let mut owed = None;
            for entry in batch {
                let answer = match entry {
                    Ok(BatchEntry::Call(request)) => {
                        owed = owed.or_else(|| request.extensions().get::<Owed>().cloned());
                        this.clone().answer(request, until).await
                    }
                    Ok(BatchEntry::Notification(notification)) => {
                        told = true;
                        this.inner.notification(notification).await;
                        continue;
                    }
                    Err(error) => {
                        let (error, id) = error.into_parts();
                        MethodResponse::error(id, error)
                    }
                };
                if let Err(too_large) = answers.append(answer) {
                    return too_large;
                }
            }
            // What only tells is not answered; an empty batch is no request.
            if told && answers.is_empty() {
                return MethodResponse::notification();
            }
            let answer = MethodResponse::from_batch(answers.finish());
            owes(owed.as_ref(), &answer);
            answer
        }
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = MethodResponse> + Send + 'a {
        self.inner.notification(notification)
    }
}
