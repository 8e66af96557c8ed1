//! `tx_*`: sending transactions, and what became of them.

use crate::context::Context;
use crate::draft;
use crate::error::{Missing, RpcError};
use crate::register::{self, Module, Register as _, Registered};
use crate::view;
use marque_client::api::{
    DryRun, Encoded, EncodedBody, LogLine, Receipt, TxDryRun, TxEncode, TxNonce, TxReceipt,
    TxSubmit, TxSubmitAndWait,
};
use marque_primitives::action::Action;
use marque_primitives::codec;
use marque_primitives::hash::keccak256;
use marque_primitives::transaction::{
    Body, Expiry, MAX_ACTIONS, MAX_TRANSACTION, TRANSACTION_TAG, Transaction, Version,
};
use marque_primitives::{Address, Gas, Hash, Lane, List, Nonce};
use parity_scale_codec::Encode as _;
use serde_json::Value;
use std::sync::Arc;

/// From this size on, a transaction is decoded and checked on a thread of its own.
const LARGE: usize = 64 << 10;

pub(super) fn register(module: &mut Module) -> Registered {
    module.wait::<TxSubmit, _, _>(submit)?;
    module.wait::<TxSubmitAndWait, _, _>(submit_and_wait)?;
    module.work::<TxDryRun>(dry_run)?;
    module.answer::<TxReceipt>(receipt)?;
    module.answer::<TxNonce>(nonce)?;
    module.work::<TxEncode>(encode)
}

async fn submit(context: Arc<Context>, asked: TxSubmit) -> Result<Hash, RpcError> {
    let bytes = asked.transaction.into_vec();
    if bytes.len() > LARGE {
        return submit_large(&context, bytes).await;
    }
    // A batch is one task: others get their turn between its transactions.
    tokio::task::yield_now().await;
    Ok(context.chain().submit(bytes)?)
}

async fn submit_large(context: &Context, bytes: Vec<u8>) -> Result<Hash, RpcError> {
    let chain = context.chain().clone();
    let submitted = tokio::task::spawn_blocking(move || chain.submit(bytes)).await;
    Ok(submitted.map_err(|_| RpcError::Stopped)??)
}

async fn submit_and_wait(
    context: Arc<Context>,
    asked: TxSubmitAndWait,
) -> Result<Receipt, RpcError> {
    let bytes = asked.transaction.into_vec();
    if bytes.len() > LARGE {
        submit_large(&context, bytes.clone()).await?;
    }
    let receipt = context.chain().submit_and_wait(bytes).await?;
    view::receipt(&context, Arc::unwrap_or_clone(receipt))
}

fn receipt(context: &Context, asked: TxReceipt) -> Result<Receipt, RpcError> {
    match context.reader()?.receipt(&asked.hash)? {
        Some(receipt) => view::receipt(context, receipt),
        None => Err(RpcError::Missing {
            missing: Missing::Transaction,
            what: asked.hash.to_string(),
        }),
    }
}

fn nonce(context: &Context, asked: TxNonce) -> Result<Nonce, RpcError> {
    let key = asked.key.unwrap_or(asked.account);
    let lane = lane(asked.lane)?;
    Ok(context.chain().next_nonce(&asked.account, &key, lane)?)
}

fn lane(lane: Option<Lane>) -> Result<Lane, RpcError> {
    let lane = lane.unwrap_or_default();
    if lane.is_valid() {
        return Ok(lane);
    }
    Err(RpcError::Params {
        field: Some("lane".into()),
        message: format!("a key has no lane {lane}"),
        expected: Some(format!("0 to {}", Lane::COUNT.saturating_sub(1))),
    })
}

fn dry_run(context: &Context, asked: TxDryRun) -> Result<DryRun, RpcError> {
    let body = match &asked.transaction {
        Value::String(_) => encoded(register::value("transaction", asked.transaction)?)?,
        transaction => {
            let Some(account) = asked.account else {
                return Err(RpcError::params(
                    "account",
                    "a transaction as JSON needs the account that would send it",
                ));
            };
            let block_gas = Gas(context.chain().genesis().block_gas);
            let actions = draft::actions(transaction)?;
            let key = asked.key.unwrap_or(account);
            let mut body = unsigned(context, actions, account, key);
            body.gas_limit = asked.gas_limit.unwrap_or(block_gas);
            body
        }
    };
    let run = context.chain().dry_run(&body)?;
    let log = run
        .log
        .into_iter()
        .map(|(contract, line)| LogLine { contract, line });
    Ok(DryRun {
        receipt: view::receipt(context, run.receipt)?,
        log: log.collect(),
    })
}

/// The body in bytes with or without a signature.
fn encoded(bytes: Encoded) -> Result<Body, RpcError> {
    match codec::decode::<Body>(&bytes, MAX_TRANSACTION) {
        Ok(body) => Ok(body),
        Err(_) => Ok(Transaction::decode(bytes.into_vec())?.body().clone()),
    }
}

fn unsigned(
    context: &Context,
    actions: List<Action, MAX_ACTIONS>,
    account: Address,
    key: Address,
) -> Body {
    Body {
        version: Version::V1,
        chain_id: context.chain().genesis().chain_id,
        genesis: context.chain().genesis_hash(),
        account,
        key,
        lane: Lane(0),
        nonce: Nonce(0),
        expiry: Expiry::NEVER,
        gas_limit: Gas(context.chain().genesis().block_gas),
        actions,
    }
}

fn encode(context: &Context, asked: TxEncode) -> Result<EncodedBody, RpcError> {
    let actions = draft::actions(&asked.transaction)?;
    if actions.is_empty() {
        return Err(RpcError::params("actions", "a transaction needs an action"));
    }
    let key = asked.key.unwrap_or(asked.account);
    let mut body = unsigned(context, actions, asked.account, key);
    body.lane = lane(asked.lane)?;
    body.expiry = asked.expiry.unwrap_or(Expiry::NEVER);
    body.nonce = match asked.nonce {
        Some(nonce) => nonce,
        None => context
            .chain()
            .next_nonce(&asked.account, &key, body.lane)?,
    };
    body.gas_limit = match asked.gas_limit {
        Some(limit) => limit,
        None => estimate(context, &body)?,
    };
    let bytes = body.encode();
    let digest = keccak256(&[TRANSACTION_TAG, &bytes]);
    let (nonce, gas_limit) = (body.nonce, body.gas_limit);
    let body =
        Encoded::new(bytes).map_err(|error| RpcError::params("transaction", error.to_string()))?;
    Ok(EncodedBody {
        body,
        digest,
        id: digest,
        nonce,
        gas_limit,
    })
}

/// Half again of what a dry run uses: the state may have changed until its block.
fn estimate(context: &Context, body: &Body) -> Result<Gas, RpcError> {
    let used = context.chain().dry_run(body)?.receipt.gas_used.0;
    let limit = used.saturating_add(used / 2).min(body.gas_limit.0);
    Ok(Gas(limit))
}
