//! Subscriptions: what each block brings, from any height on, none left out.
//!
//! Blocks are the buffer: a subscriber that lags behind is sent what it missed from the store.
//! One that takes no message for too long is told `Lagged` and where to go on from, and left.

use crate::context::Context;
use crate::error::RpcError;
use crate::listen::{Kind, Peer};
use jsonrpsee::core::SubscriptionError;
use jsonrpsee::core::server::SubscriptionCloseResponse;
use jsonrpsee::server::{PendingSubscriptionSink, SubscriptionSink};
use jsonrpsee::types::ErrorObjectOwned;
use marque_primitives::Height;
use serde_json::value::RawValue;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// The messages of one block.
pub(super) type Messages = Result<Vec<Box<RawValue>>, RpcError>;

/// Accepts a subscription if its guest may have one more, and follows the chain for it:
/// `messages` tells what the block at a height brings, which is durable.
pub(super) async fn follow<F>(
    context: Arc<Context>,
    extensions: &jsonrpsee::Extensions,
    pending: PendingSubscriptionSink,
    from: Option<Height>,
    messages: impl Fn(Arc<Context>, Height) -> F,
) -> SubscriptionCloseResponse
where
    F: Future<Output = Messages>,
{
    let peer = extensions.get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let _permit = match context.guests.take(peer, Kind::Subscription, 1) {
        Ok(permit) => permit,
        Err(full) => {
            pending.reject(RpcError::from(full)).await;
            return SubscriptionCloseResponse::None;
        }
    };
    let Ok(sink) = pending.accept().await else {
        return SubscriptionCloseResponse::None;
    };
    match send(&context, &sink, from, messages).await {
        Ok(()) => SubscriptionCloseResponse::None,
        Err(error) => close(&error),
    }
}

fn close(error: &RpcError) -> SubscriptionCloseResponse {
    let object = ErrorObjectOwned::owned(error.code(), error.to_string(), Some(error.data()));
    match serde_json::value::to_raw_value(&object) {
        Ok(object) => SubscriptionCloseResponse::NotifErr(SubscriptionError::from_json(object)),
        Err(_) => SubscriptionCloseResponse::None,
    }
}

async fn send<F>(
    context: &Arc<Context>,
    sink: &SubscriptionSink,
    from: Option<Height>,
    messages: impl Fn(Arc<Context>, Height) -> F,
) -> Result<(), RpcError>
where
    F: Future<Output = Messages>,
{
    // First listen, then look: nothing falls between.
    let mut heads = context.chain().subscribe();
    let newest = || Ok::<_, RpcError>(context.reader()?.head().height());
    let next = |height: Height| height.next().unwrap_or(height);
    let mut due = match from {
        Some(height) => height,
        None => next(newest()?),
    };
    loop {
        let newest = newest()?;
        while due <= newest {
            for message in messages(context.clone(), due).await? {
                let patience = context.config.subscriber_patience;
                match sink.send_timeout(message, patience).await {
                    Ok(()) => {}
                    Err(_) if sink.is_closed() => return Ok(()),
                    Err(_) => return Err(RpcError::Lagged { next: due }),
                }
            }
            due = next(due);
        }
        tokio::select! {
            () = sink.closed() => return Ok(()),
            head = heads.recv() => match head {
                // What was missed is read from the store.
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Err(RpcError::Stopped),
            },
        }
    }
}
