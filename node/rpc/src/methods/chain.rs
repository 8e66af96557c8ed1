//! `chain_*`: headers and blocks.

use crate::context::Context;
use crate::error::{Missing, RpcError};
use crate::register::{Module, Register as _, Registered};
use crate::view;
use marque_chain::reads;
use marque_client::api::{
    At, Block, BlockHeader, ChainBlock, ChainGenesis, ChainHead, ChainHeader,
};
use marque_primitives::genesis::Genesis;
use marque_primitives::transaction::Transaction;

pub(super) fn register(module: &mut Module) -> Registered {
    module.answer::<ChainHead>(head)?;
    module.answer::<ChainHeader>(header)?;
    module.answer::<ChainGenesis>(genesis)?;
    module.work::<ChainBlock>(block)
}

fn head(context: &Context, _: ChainHead) -> Result<BlockHeader, RpcError> {
    Ok(view::header(&context.reader()?.head().signed))
}

fn header(context: &Context, asked: ChainHeader) -> Result<BlockHeader, RpcError> {
    let at = asked.at.unwrap_or_default();
    let found = context.reader()?.committed(place(at))?;
    found
        .map(|committed| view::header(&committed.signed))
        .ok_or_else(|| missing(at))
}

fn genesis(context: &Context, _: ChainGenesis) -> Result<Genesis, RpcError> {
    Ok(context.chain().genesis().clone())
}

fn block(context: &Context, asked: ChainBlock) -> Result<Block, RpcError> {
    let at = asked.at.unwrap_or_default();
    let reader = context.reader()?;
    let committed = reader.committed(place(at))?.ok_or_else(|| missing(at))?;
    let block = reader
        .block(reads::At::Height(committed.height()))?
        .ok_or_else(|| missing(at))?;
    let transactions = block.transactions.into_iter().map(|bytes| {
        let transaction = Transaction::decode(bytes)?;
        Ok(view::transaction(&transaction))
    });
    Ok(Block {
        header: view::header(&committed.signed),
        transactions: transactions.collect::<Result<_, RpcError>>()?,
    })
}

fn place(at: At) -> reads::At {
    match at {
        At::Latest => reads::At::Latest,
        At::Height(height) => reads::At::Height(height),
        At::Hash(hash) => reads::At::Hash(hash),
    }
}

fn missing(at: At) -> RpcError {
    let what = match at {
        At::Latest => "latest".to_owned(),
        At::Height(height) => height.to_string(),
        At::Hash(hash) => hash.to_string(),
    };
    RpcError::Missing {
        missing: Missing::Block,
        what,
    }
}
