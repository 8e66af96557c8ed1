//! Receipts, with what contracts emitted in their own words.

use crate::context::Context;
use crate::error::RpcError;
use marque_abi::interface::json;
use marque_chain::reads::Reader;
use marque_client::api::{Emitted, Receipt};
use marque_ledger::read;
use marque_primitives::receipt as raw;
use serde_json::Value;

pub(crate) fn receipt(context: &Context, receipt: raw::Receipt) -> Result<Receipt, RpcError> {
    let mut receipt = Receipt::from(receipt);
    if receipt
        .actions
        .iter()
        .any(|action| !action.events.is_empty())
    {
        let reader = context.reader()?;
        for event in receipt
            .actions
            .iter_mut()
            .flat_map(|action| &mut action.events)
        {
            name(context, &reader, event)?;
        }
    }
    Ok(receipt)
}

/// Names an emitted event and its fields by the interface that its contract has now; after
/// an upgrade that changed the event they stay unnamed.
fn name(context: &Context, reader: &Reader, event: &mut Emitted) -> Result<(), RpcError> {
    let Some(contract) = read::contract(reader.view(), &event.contract)? else {
        return Ok(());
    };
    let Some(described) = context.described(reader, &contract.code)? else {
        return Ok(());
    };
    if let Ok((definition, fields)) = json::decode_event(&described.interface, &event.data) {
        event.name = Some(definition.name.clone());
        event.fields = Some(Value::Object(fields));
    }
    Ok(())
}
