//! `tx_*`: sending transactions, and what became of them.

use crate::context::Context;
use crate::draft;
use crate::error::{Missing, RpcError};
use crate::register::{self, Module, Register as _, Registered};
use crate::view;
use marque_chain::{Chain, SubmitError};
use marque_client::api::{
    DryRun, Encoded, EncodedBody, LogLine, Receipt, TxDryRun, TxEncode, TxNonce, TxReceipt,
    TxSubmit, TxSubmitAndWait,
};
use marque_primitives::action::Action;
use marque_primitives::codec;
use marque_primitives::hash::keccak256;
use marque_primitives::receipt as raw;
use marque_primitives::transaction::{
    Body, Expiry, MAX_ACTIONS, MAX_TRANSACTION, TRANSACTION_TAG, Transaction, Version,
};
use marque_primitives::{Address, Gas, Hash, Lane, List, Nonce};
use parity_scale_codec::Encode as _;
use serde_json::Value;
use std::sync::Arc;

const NO_ACTION: &str = "a transaction needs an action";

pub(super) fn register(module: &mut Module) -> Registered {
    module.wait::<TxSubmit, _, _>(submit)?;
    module.wait::<TxSubmitAndWait, _, _>(submit_and_wait)?;
    module.work::<TxDryRun>(dry_run)?;
    module.work::<TxReceipt>(receipt)?;
    module.answer::<TxNonce>(nonce)?;
    module.work::<TxEncode>(encode)
}

async fn submit(context: Arc<Context>, asked: TxSubmit) -> Result<Hash, RpcError> {
    take(&context, asked.transaction.into_vec(), Chain::submit).await
}

async fn submit_and_wait(
    context: Arc<Context>,
    asked: TxSubmitAndWait,
) -> Result<Receipt, RpcError> {
    let pending = take(&context, asked.transaction.into_vec(), Chain::send).await?;
    let (id, patience) = (pending.id(), context.config.receipt_patience);
    match tokio::time::timeout(patience, pending.receipt()).await {
        Ok(receipt) => shown(context, Arc::unwrap_or_clone(receipt?)).await,
        Err(_) => Err(RpcError::StillWaiting { id, patience }),
    }
}

/// What contracts emitted is named by their code, which may have to be checked for it.
async fn shown(context: Arc<Context>, receipt: raw::Receipt) -> Result<Receipt, RpcError> {
    let mut actions = receipt.actions.iter();
    if actions.all(|action| action.emitted.is_empty()) {
        return view::receipt(&context, receipt);
    }
    let shown = tokio::task::spawn_blocking(move || view::receipt(&context, receipt)).await;
    shown.map_err(|_| RpcError::Stopped)?
}

async fn take<T: Send + 'static>(
    context: &Context,
    bytes: Vec<u8>,
    how: fn(&Chain, Vec<u8>) -> Result<T, SubmitError>,
) -> Result<T, RpcError> {
    if Chain::takes_long(&bytes) {
        let chain = context.chain().clone();
        let taken = tokio::task::spawn_blocking(move || how(&chain, bytes)).await;
        return Ok(taken.map_err(|_| RpcError::Stopped)??);
    }
    // A batch is one task: others get their turn between its transactions.
    tokio::task::yield_now().await;
    Ok(how(context.chain(), bytes)?)
}

fn receipt(context: &Context, asked: TxReceipt) -> Result<Receipt, RpcError> {
    // Who polls asks mostly for what still waits: the pool knows that without a search.
    let waits = context.chain().is_waiting(&asked.hash);
    let found = match waits {
        true => None,
        false => context.reader()?.receipt(&asked.hash)?,
    };
    match found {
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
    if body.actions.is_empty() {
        return Err(RpcError::params("actions", NO_ACTION));
    }
    let run = tried(context, &body)?;
    let log = run
        .log
        .into_iter()
        .map(|(contract, line)| LogLine { contract, line });
    Ok(DryRun {
        receipt: view::receipt(context, run.receipt)?,
        log: log.collect(),
    })
}

fn tried(context: &Context, body: &Body) -> Result<marque_ledger::DryRun, RpcError> {
    let tried = context.chain().dry_run(&context.reader()?, body)?;
    Ok(tried.map_err(SubmitError::from)?)
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
        return Err(RpcError::params("actions", NO_ACTION));
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
    let used = tried(context, body)?.receipt.gas_used.0;
    let limit = used.saturating_add(used / 2).min(body.gas_limit.0);
    Ok(Gas(limit))
}
