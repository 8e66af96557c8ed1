//! `chain_subscribeHeads`: headers as they become durable, none left out.

use super::follow::{Messages, follow};
use crate::context::Context;
use crate::register::{self, Module, Registered};
use crate::view;
use jsonrpsee::core::server::SubscriptionCloseResponse;
use marque_chain::reads::At;
use marque_client::api::{ChainSubscribeHeads, Method as _};
use marque_primitives::Height;
use std::sync::Arc;

pub(super) fn register(module: &mut Module) -> Registered {
    module
        .register_subscription(
            ChainSubscribeHeads::NAME,
            "chain_heads",
            "chain_unsubscribeHeads",
            |params, pending, context, extensions| async move {
                match register::read_params::<ChainSubscribeHeads>(&params) {
                    Ok(asked) => {
                        follow(context, &extensions, pending, asked.from_height, header).await
                    }
                    Err(error) => {
                        pending.reject(error).await;
                        SubscriptionCloseResponse::None
                    }
                }
            },
        )
        .map(drop)
}

async fn header(context: Arc<Context>, height: Height) -> Messages {
    let found = context.reader()?.committed(At::Height(height))?;
    let message =
        |committed: marque_chain::Committed| view::message(&view::header(&committed.signed));
    found.map(message).into_iter().collect()
}
