//! `marque contract query`: what a contract answers.

use super::{arguments, find};
use crate::failure::Failure;
use crate::node::{Node, NodeArgs};
use crate::output::Output;
use clap::Args;
use marque_client::api::ContractQuery;

/// Ask a contract; never changes state
#[derive(Args)]
#[command(after_help = "Example:\n  marque contract query fresh-food listed receiver=0x…")]
pub struct QueryArgs {
    /// The contract: address, name, or a product that it governs
    contract: String,
    /// The query's name
    query: String,
    /// Arguments: NAME=TEXT or NAME:=JSON
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    #[command(flatten)]
    node: NodeArgs,
}

/// `marque contract query`.
pub fn run(args: &QueryArgs, output: &Output) -> Result<(), Failure> {
    let typed = arguments::read(&args.args)?;
    let node = Node::new(&args.node)?;
    let answer = node.call(&ContractQuery {
        address: find(&node, &args.contract)?,
        message: args.query.clone(),
        args: Some(typed).filter(|args| !args.is_null()),
    })?;
    match (&answer, output.json) {
        (serde_json::Value::String(text), false) => output.line(text),
        _ => output.value(&answer),
    }
}
