//! What a node can be asked, as a document for programs.

use super::method::methods;

methods! {
    /// The OpenRPC document of the node: every method with its parameters, result, errors and
    /// an example.
    "rpc.discover" RpcDiscover()[] -> OpenRpc;
}

/// An OpenRPC 1.3.2 document.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct OpenRpc(pub serde_json::Value);
