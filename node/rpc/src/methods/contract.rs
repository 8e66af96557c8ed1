//! `contract_*`: what contracts are and what they answer.

use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::register::{Module, Register as _, Registered};
use crate::view;
use marque_abi::interface::json;
use marque_chain::reads::ListFilter;
use marque_client::api::{Contract, ContractGet, ContractList, ContractQuery, Page};
use marque_primitives::Text;
use marque_primitives::bounded::Bytes;
use serde_json::Value;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<ContractGet>(get)?;
    module.work::<ContractList>(list)?;
    module.work::<ContractQuery>(query)
}

fn get(context: &Context, asked: ContractGet) -> Result<Contract, RpcError> {
    let reader = context.reader()?;
    let contract = context.contract(&reader, &asked.address)?;
    let described = context.described(&reader, &contract.code)?;
    Ok(view::contract(
        asked.address,
        contract,
        described.as_deref(),
    ))
}

fn list(context: &Context, asked: ContractList) -> Result<Page<Contract>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let filter = ListFilter {
        brand: asked.brand,
        ..ListFilter::default()
    };
    let found = context.reader()?.contracts(&filter, &request)?;
    Ok(view::page(found.map(|(address, contract)| {
        view::contract(address, contract, None)
    })))
}

fn query(context: &Context, asked: ContractQuery) -> Result<Value, RpcError> {
    let reader = context.reader()?;
    let contract = context.contract(&reader, &asked.address)?;
    let unknown = || RpcError::Missing {
        missing: Missing::Query,
        what: asked.message.clone(),
    };
    let described = context
        .described(&reader, &contract.code)?
        .ok_or_else(unknown)?;
    let interface = &described.interface;
    let function = interface.query(&asked.message).ok_or_else(unknown)?;
    let args = asked.args.unwrap_or(Value::Null);
    let args = json::encode_args(interface, function, &args).map_err(|error| {
        let field = if error.at.is_empty() {
            "args".to_owned()
        } else {
            format!("args.{}", error.at)
        };
        RpcError::params(&field, error.message)
    })?;
    let args = Bytes::new(args).map_err(|error| RpcError::params("args", error.to_string()))?;
    let name = Text::new(asked.message.as_str()).map_err(|_| unknown())?;
    let chain = context.chain();
    let answer = chain.query(&reader, asked.address, &name, args)??;
    json::decode_result(interface, function, &answer).map_err(|error| RpcError::Interface {
        contract: asked.address,
        cause: error.to_string(),
    })
}
