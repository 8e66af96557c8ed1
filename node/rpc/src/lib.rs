//! The node's JSON-RPC: it decodes and limits what comes in, asks the chain, and says the
//! answer in the types of [`marque_client::api`].
//!
//! **Knows nothing about** how blocks are made, state is stored, or rules are run: it holds
//! a [`Chain`](marque_chain::Chain) and a few words about the node.
//!
//! Start reading at `server.rs`, then `listen/` (what a connection has to keep to), `calls.rs`
//! (what a call has to), `register.rs` (how a method is declared) and
//! `methods/` (a file for each family of methods).

mod admin;
mod calls;
mod capture;
mod config;
mod context;
mod discover;
mod draft;
mod error;
mod listen;
mod methods;
mod metrics;
mod names;
mod probes;
mod register;
mod sequence;
mod server;
mod token;
mod view;

pub use config::{Admin, Config};
pub use context::{Backup, Node};
pub use discover::document;
pub use error::{Missing, RpcError};
pub use server::{Server, serve};
pub use token::Token;
