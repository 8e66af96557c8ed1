//! `epcis_capture`: EPCIS documents in.

use crate::capture::{self, Reading, Signed};
use crate::context::Context;
use crate::error::RpcError;
use crate::names;
use crate::register::{Module, Register as _, Registered};
use marque_client::api::{Capture, EpcisCapture};
use std::sync::Arc;

pub(super) fn register(module: &mut Module) -> Registered {
    module.wait::<EpcisCapture, _, _>(capture)
}

async fn capture(context: Arc<Context>, asked: EpcisCapture) -> Result<Capture, RpcError> {
    let given = match &asked.party {
        Some(name) => Some(names::account(&context.reader()?, "party", name)?),
        None => None,
    };
    // A document takes long enough to read to keep others waiting.
    let read = tokio::task::spawn_blocking(move || {
        let signed = Signed::new(asked.transactions.unwrap_or_default())?;
        Ok::<_, RpcError>((Reading::new(asked.document.get())?, signed))
    });
    let (reading, signed) = read.await.map_err(|_| RpcError::Stopped)??;
    capture::capture(&context, reading, signed, given).await
}
