//! `marque contract show` and `list`: what a contract demands, takes and answers.

use super::find;
use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::{Node, NodeArgs, PAGE};
use crate::output::{Output, Table};
use clap::Args;
use marque_client::api::{Contract, ContractGet, ContractList};

/// One contract: its rules, messages, queries and refusals
#[derive(Args)]
#[command(after_help = "Example:\n  marque contract show fresh-food")]
pub struct ShowArgs {
    /// The contract: address, name, or a product that it governs
    contract: String,
    #[command(flatten)]
    node: NodeArgs,
}

/// All contracts, or those of one brand
#[derive(Args)]
#[command(after_help = "Example:\n  marque contract list --brand alice")]
pub struct ListArgs {
    /// The brand
    #[arg(long)]
    brand: Option<String>,
    #[command(flatten)]
    node: NodeArgs,
}

/// `marque contract show`.
pub fn run(args: &ShowArgs, output: &Output) -> Result<(), Failure> {
    let node = Node::new(&args.node)?;
    let address = find(&node, &args.contract)?;
    let contract = node.call(&ContractGet { address })?;
    if output.json {
        return output.value(&contract);
    }
    let brands = Wanted::parties([contract.brand]);
    let names = node.wait(Names::of(node.client(), brands))?;
    output.table(&described(&contract, &names))
}

fn described(contract: &Contract, names: &Names) -> Table {
    let mut table = Table::pairs();
    table.pair("contract", contract.name.as_str());
    table.pair("address", contract.address.to_string());
    table.pair("brand", names.party(contract.brand));
    table.pair(
        "code",
        format!("version {}, {}", contract.version, contract.code),
    );
    let Some(interface) = &contract.interface else {
        return table;
    };
    table.pair("release", interface.release.as_str());
    table.pair("for", interface.docs.as_str());
    for (at, rule) in interface.rules.iter().enumerate() {
        let name = if at == 0 { "rules" } else { "" };
        table.pair(name, documented(&rule.kind, &rule.docs));
    }
    for (group, functions) in [
        ("messages", &interface.messages),
        ("queries", &interface.queries),
    ] {
        for (at, function) in functions.iter().enumerate() {
            let name = if at == 0 { group } else { "" };
            table.pair(name, documented(&function.signature, &function.docs));
        }
    }
    for (at, refusal) in interface.refusals.iter().enumerate() {
        let name = if at == 0 { "refusals" } else { "" };
        let words = format!("{} ({}): {}", refusal.name, refusal.code, refusal.message);
        table.pair(name, words);
    }
    table
}

fn documented(what: &str, docs: &str) -> String {
    match docs.is_empty() {
        true => what.to_string(),
        false => format!("{what}: {docs}"),
    }
}

/// `marque contract list`.
pub fn list(args: &ListArgs, output: &Output) -> Result<(), Failure> {
    let node = Node::new(&args.node)?;
    let brand = args.brand.as_deref();
    let brand = brand.map(|brand| node.account(brand)).transpose()?;
    let contracts = node.all(|cursor| ContractList {
        brand,
        cursor,
        limit: Some(PAGE),
    })?;
    if output.json {
        return output.value(&contracts);
    }
    let brands = Wanted::parties(contracts.iter().map(|contract| contract.brand));
    let names = node.wait(Names::of(node.client(), brands))?;
    let mut table = Table::of(&["contract", "address", "brand", "rules"]);
    for contract in &contracts {
        let rules: Vec<&str> = contract.rules.iter().map(|kind| kind.name()).collect();
        table.row([
            contract.name.as_str().into(),
            contract.address.to_string().into(),
            names.party(contract.brand).into(),
            rules.join(", ").into(),
        ]);
    }
    output.table(&table)
}
