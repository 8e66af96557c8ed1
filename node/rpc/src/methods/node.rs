//! `node_*`: the node itself.

use crate::context::Context;
use crate::error::RpcError;
use crate::register::{Module, Register as _, Registered};
use marque_client::api::{Health, HealthStatus, Info, NodeHealth, NodeInfo, Pool};
use marque_primitives::Gas;

pub(super) fn register(module: &mut Module) -> Registered {
    module.answer::<NodeHealth>(health)?;
    module.answer::<NodeInfo>(info)
}

fn health(context: &Context, _: NodeHealth) -> Result<Health, RpcError> {
    let status = context.chain().status();
    let number = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
    Ok(Health {
        status: if status.fault.is_none() {
            HealthStatus::Ok
        } else {
            HealthStatus::Faulted
        },
        height: status.height,
        time: context
            .chain()
            .reader()
            .ok()
            .map(|reader| reader.head().time()),
        // A chain that decides alone is never behind.
        lag: 0,
        pool: Pool {
            transactions: number(status.pool_transactions),
            bytes: number(status.pool_bytes),
        },
        fault: status.fault,
    })
}

fn info(context: &Context, _: NodeInfo) -> Result<Info, RpcError> {
    let genesis = context.chain().genesis();
    Ok(Info {
        version: context.node.version.clone(),
        chain_id: genesis.chain_id,
        genesis: context.chain().genesis_hash(),
        development: genesis.development,
        store: context.node.store.clone(),
        consensus: context.node.consensus.clone(),
        limits: context.config.limits(Gas(genesis.block_gas)),
    })
}
