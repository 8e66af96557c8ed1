//! For integrators: what a node can be asked, in types, and a client that asks it.
//!
//! **Knows nothing about** how a node stores, executes or agrees: it speaks JSON-RPC, and
//! signs with the caller's key in the caller's process. [`api`] is the public face itself;
//! the server serves exactly these types.
//!
//! Start reading at [`Client`], then [`Sender`], which sends transactions of one key.

pub mod api;
mod client;
mod error;
mod sender;
mod signer;

pub use client::Client;
pub use error::ClientError;
pub use sender::{DEFAULT_GAS, Sender, Signed};
pub use signer::Signer;
