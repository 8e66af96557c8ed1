//! `chain_subscribeHeads`: headers as they become durable, none left out.

use crate::context::Context;
use crate::error::RpcError;
use crate::register::{self, Module, Registered};
use crate::view;
use jsonrpsee::core::{SubscriptionError, SubscriptionResult};
use jsonrpsee::server::SubscriptionSink;
use marque_chain::reads::At;
use marque_client::api::{ChainSubscribeHeads, Method as _};
use marque_primitives::Height;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

pub(super) fn register(module: &mut Module) -> Registered {
    let subscribe = ChainSubscribeHeads::NAME;
    module
        .register_subscription(
            subscribe,
            "chain_heads",
            "chain_unsubscribeHeads",
            |params, pending, context, _| async move {
                match register::read_params::<ChainSubscribeHeads>(&params) {
                    Ok(asked) => send(&context, asked, pending.accept().await?).await,
                    Err(error) => {
                        pending.reject(error).await;
                        Ok(())
                    }
                }
            },
        )
        .map(drop)
}

/// Sends header after header until the subscriber leaves or the chain stops.
async fn send(
    context: &Arc<Context>,
    asked: ChainSubscribeHeads,
    sink: SubscriptionSink,
) -> SubscriptionResult {
    // First listen, then look: nothing falls between.
    let mut heads = context.chain().subscribe();
    let newest = |context: &Context| Ok::<_, RpcError>(context.reader()?.head().height());
    let next = |height: Height| height.next().unwrap_or(height);
    let mut due = match asked.from_height {
        Some(height) => height,
        None => next(newest(context)?),
    };
    loop {
        let newest = newest(context)?;
        while due <= newest {
            let Some(committed) = context.reader()?.committed(At::Height(due))? else {
                break;
            };
            let message = serde_json::value::to_raw_value(&view::header(&committed.signed))?;
            if sink.send(message).await.is_err() {
                return Ok(());
            }
            due = next(due);
        }
        tokio::select! {
            () = sink.closed() => return Ok(()),
            head = heads.recv() => match head {
                // What was missed is read from the store.
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Err(SubscriptionError::from("the node is shutting down")),
            },
        }
    }
}
