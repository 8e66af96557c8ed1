//! What administrators may ask a running node, on an address of their own.

use crate::context::Backup;
use crate::error::RpcError;
use crate::listen::Guests;
use crate::register::{Registered, read_params};
use jsonrpsee::server::RpcModule;
use marque_client::api::{AdminBackup, AdminGuests, BackedUp, Guest, Method as _};
use std::path::PathBuf;
use std::sync::Arc;

/// What their methods work with.
pub(crate) struct Administration {
    /// Those whom the node serves.
    pub guests: Arc<Guests>,
    /// Copies the node's data into a new folder, where the node can.
    pub backup: Option<Backup>,
}

/// Their methods.
pub(crate) fn register(module: &mut RpcModule<Administration>) -> Registered {
    module.register_method(AdminGuests::NAME, |params, context, _| {
        read_params::<AdminGuests>(&params)?;
        Ok::<Vec<Guest>, RpcError>(context.guests.list())
    })?;
    module
        .register_async_method(AdminBackup::NAME, |params, context, _| {
            let asked = read_params::<AdminBackup>(&params);
            async move { back_up(&context, asked?).await }
        })
        .map(drop)
}

async fn back_up(context: &Arc<Administration>, asked: AdminBackup) -> Result<BackedUp, RpcError> {
    let Some(backup) = context.backup.clone() else {
        return Err(RpcError::Administration(
            "this node keeps its data in memory: there is nothing to copy".into(),
        ));
    };
    let folder = PathBuf::from(&asked.folder);
    if !folder.is_absolute() {
        let message = "the folder has to be absolute: the node is somewhere else than you";
        return Err(RpcError::params("folder", message));
    }
    let copied = tokio::task::spawn_blocking(move || backup(&folder)).await;
    let height = copied
        .map_err(|_| RpcError::Stopped)?
        .map_err(RpcError::Administration)?;
    Ok(BackedUp {
        folder: asked.folder,
        height,
    })
}
