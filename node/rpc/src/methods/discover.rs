//! `rpc.discover`: what the node can be asked.

use crate::context::Context;
use crate::discover;
use crate::error::RpcError;
use crate::register::{Module, Register as _, Registered};
use marque_client::api::{OpenRpc, RpcDiscover};

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<RpcDiscover>(document)
}

fn document(_: &Context, _: RpcDiscover) -> Result<OpenRpc, RpcError> {
    Ok(OpenRpc(discover::document().clone()))
}
