//! The node's JSON-RPC: it decodes and limits what comes in, asks the chain, and says the
//! answer in the types of [`marque_client::api`].
//!
//! **Knows nothing about** how blocks are made, state is stored, or rules are run: it holds
//! a [`Chain`](marque_chain::Chain) and a few words about the node.
//!
//! Start reading at `server.rs`, then `register.rs` (how a method is declared) and
//! `methods/` (a file for each family of methods).

mod capture;
mod config;
mod context;
mod discover;
mod draft;
mod error;
mod methods;
mod names;
mod register;
mod sequence;
mod server;
mod view;

pub use config::Config;
pub use context::Node;
pub use discover::document;
pub use error::{Missing, RpcError};
pub use server::{Server, serve};
