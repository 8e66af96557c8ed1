//! `marque product`: what is made, and the contract that governs it.

use super::{fields, list, send};
use crate::act::Common;
use crate::contract::find;
use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::{Node, NodeArgs};
use crate::output::{Cell, Output, Style, Table};
use clap::{Args, Subcommand};
use marque_client::api::{Product, Registered, RegistryKind, RegistryProduct};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  marque product register 09506000134352 --name 'Baby spinach, 200 g' --contract fresh-food --from alice
  marque product appoint 09506000134352 bob --from alice
  marque product show 09506000134352";

/// What to do with products.
#[derive(Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct ProductArgs {
    #[command(subcommand)]
    command: ProductCommand,
}

#[derive(Subcommand)]
enum ProductCommand {
    /// Register a product and the contract that governs it (by the licensee)
    #[command(
        after_help = "Example:\n  marque product register 09506000134352 --name 'Baby spinach, 200 g' --from alice"
    )]
    Register {
        /// Its GTIN
        gtin: String,
        /// Its name
        #[arg(long)]
        name: String,
        /// The contract that rules its movements: address, name, or a product that it governs; none: the kernel alone
        #[arg(long)]
        contract: Option<String>,
        #[command(flatten)]
        common: Box<Common>,
    },
    /// Let a party commission a product, or no more (by the licensee)
    #[command(after_help = "Example:\n  marque product appoint 09506000134352 bob --from alice")]
    Appoint {
        /// Its GTIN
        gtin: String,
        /// The commissioner
        party: String,
        /// End the appointment
        #[arg(long)]
        dismiss: bool,
        #[command(flatten)]
        common: Box<Common>,
    },
    /// One product
    #[command(after_help = "Example:\n  marque product show 09506000134352")]
    Show {
        /// Its GTIN
        gtin: String,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// All products, or those of one brand
    #[command(after_help = "Example:\n  marque product list --brand alice")]
    List {
        /// The brand
        #[arg(long)]
        brand: Option<String>,
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// `marque product`.
pub fn run(args: &ProductArgs, output: &Output) -> Result<(), Failure> {
    match &args.command {
        ProductCommand::Register {
            gtin,
            name,
            contract,
            common,
        } => {
            let node = Node::new(&common.node)?;
            let contract = contract.as_deref().map(|name| find(&node, name));
            let contract = contract.transpose()?;
            let product = json!({ "gtin": gtin, "name": name, "contract": contract });
            send(
                [("registerProduct", fields(product))],
                common,
                &node,
                output,
            )
        }
        ProductCommand::Appoint {
            gtin,
            party,
            dismiss,
            common,
        } => {
            let node = Node::new(&common.node)?;
            let party = node.account(party)?;
            let appointment = json!({ "gtin": gtin, "party": party, "dismiss": dismiss });
            send([("appoint", fields(appointment))], common, &node, output)
        }
        ProductCommand::Show { gtin, node } => {
            let node = Node::new(node)?;
            let product = node.call(&RegistryProduct { gtin: gtin.clone() })?;
            show(&product, &node, output)
        }
        ProductCommand::List { brand, node } => all(brand.as_deref(), &Node::new(node)?, output),
    }
}

fn show(product: &Product, node: &Node, output: &Output) -> Result<(), Failure> {
    if output.json {
        return output.value(product);
    }
    let names = names(node, &[product])?;
    let mut table = Table::pairs();
    table.pair("product", product.name.as_str());
    table.pair("GTIN", product.gtin.to_string());
    table.pair("brand", names.party(product.brand));
    table.pair("contract", contract(product, &names));
    for party in &product.commissioners {
        table.pair("commissioner", names.party(*party));
    }
    for recall in &product.recalls {
        let open = format!("recall {} is open", recall.0);
        table.pair("recalled", Cell::new(Style::Bad, open));
    }
    output.table(&table)
}

fn contract(product: &Product, names: &Names) -> String {
    match product.contract {
        Some(address) => format!("{} {address}", names.contract(address)),
        None => "none: the kernel alone".into(),
    }
}

fn names(node: &Node, products: &[&Product]) -> Result<Names, Failure> {
    let mut wanted = Wanted::default();
    for product in products {
        wanted.parties.insert(product.brand);
        wanted.parties.extend(&product.commissioners);
        wanted.contracts.extend(product.contract);
    }
    node.wait(Names::of(node.client(), wanted))
}

fn all(brand: Option<&str>, node: &Node, output: &Output) -> Result<(), Failure> {
    let account = brand.map(|brand| node.account(brand)).transpose()?;
    let products = list(node, RegistryKind::Products, account)?;
    if output.json {
        return output.value(&products);
    }
    let found: Vec<&Product> = products
        .iter()
        .filter_map(|entry| match entry {
            Registered::Product(product) => Some(product),
            _ => None,
        })
        .collect();
    let names = names(node, &found)?;
    let mut table = Table::of(&["GTIN", "product", "brand", "contract"]);
    for product in found {
        let contract = product.contract.map(|address| names.contract(address));
        table.row([
            product.gtin.to_string().into(),
            product.name.as_str().into(),
            names.party(product.brand).into(),
            contract.unwrap_or_default().into(),
        ]);
    }
    output.table(&table)
}
