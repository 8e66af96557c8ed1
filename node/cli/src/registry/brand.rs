//! `marque brand`: who may use which keys.

use super::{fields, list, send};
use crate::act::Common;
use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::{Node, NodeArgs};
use crate::output::{Output, Table};
use clap::{Args, Subcommand};
use marque_client::api::{Registered, RegistryBrand, RegistryKind};
use marque_primitives::action::LicenceKey;
use serde_json::{Value, json};

const EXAMPLES: &str = "\
A brand is an account to which the registrar has licensed a company prefix or single keys; nothing is read off digits.

Examples:
  marque brand license alice --prefix 9506000 --from judy
  marque brand license alice --key https://id.gs1.org/01/09506000134352 --from judy
  marque brand show 09506000134352";

/// What to do with brands.
#[derive(Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct BrandArgs {
    #[command(subcommand)]
    command: BrandCommand,
}

#[derive(Subcommand)]
enum BrandCommand {
    /// License prefixes or keys to a brand (by the registrar)
    #[command(after_help = "Example:\n  marque brand license alice --prefix 9506000 --from judy")]
    License {
        /// The brand's account or party
        brand: String,
        /// A GS1 Company Prefix
        #[arg(long, value_name = "DIGITS", required_unless_present = "key")]
        prefix: Vec<String>,
        /// A single key: GTIN, GRAI without serial, GIAI
        #[arg(long, value_name = "ID")]
        key: Vec<String>,
        #[command(flatten)]
        common: Box<Common>,
    },
    /// A brand and its licences, by account, prefix or any key
    #[command(after_help = "Example:\n  marque brand show 9506000")]
    Show {
        /// An account, company prefix, or identifier of a product or asset
        brand: String,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// All licences
    #[command(after_help = "Example:\n  marque brand list --json")]
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// `marque brand`.
pub fn run(args: &BrandArgs, output: &Output) -> Result<(), Failure> {
    match &args.command {
        BrandCommand::License {
            brand,
            prefix,
            key,
            common,
        } => {
            let node = Node::new(&common.node)?;
            let brand = node.account(brand)?;
            let prefixes = prefix.iter().map(|digits| json!({ "prefix": digits }));
            let keys = prefixes.chain(key.iter().map(|key| Value::from(key.as_str())));
            let licences =
                keys.map(|key| ("license", fields(json!({ "brand": brand, "key": key }))));
            send(licences, common, &node, output)
        }
        BrandCommand::Show { brand, node } => show(brand, &Node::new(node)?, output),
        BrandCommand::List { node } => all(&Node::new(node)?, output),
    }
}

fn show(brand: &str, node: &Node, output: &Output) -> Result<(), Failure> {
    let brand = match crate::dev::accounts::is_named(brand) {
        true => node.account(brand)?.to_string(),
        false => brand.to_string(),
    };
    let brand = node.call(&RegistryBrand { brand })?;
    if output.json {
        return output.value(&brand);
    }
    let mut table = Table::pairs();
    table.pair("brand", brand.name.unwrap_or_default());
    table.pair("account", brand.address.to_string());
    for (at, key) in brand.licences.iter().enumerate() {
        let name = if at == 0 { "licensed" } else { "" };
        table.pair(name, licence(key));
    }
    output.table(&table)
}

fn licence(key: &LicenceKey) -> String {
    match serde_json::to_value(key) {
        Ok(Value::String(name)) => name,
        Ok(other) => format!(
            "prefix {}",
            other
                .get("prefix")
                .and_then(Value::as_str)
                .unwrap_or_default()
        ),
        Err(_) => String::new(),
    }
}

fn all(node: &Node, output: &Output) -> Result<(), Failure> {
    let licences = list(node, RegistryKind::Licences, None)?;
    if output.json {
        return output.value(&licences);
    }
    let brands = licences.iter().filter_map(|entry| match entry {
        Registered::Licence(licence) => Some(licence.brand),
        _ => None,
    });
    let names = node.wait(Names::of(node.client(), Wanted::parties(brands)))?;
    let mut table = Table::of(&["licensed", "brand", "account"]);
    for entry in &licences {
        if let Registered::Licence(entry) = entry {
            table.row([
                licence(&entry.key).into(),
                names.party(entry.brand).into(),
                entry.brand.to_string().into(),
            ]);
        }
    }
    output.table(&table)
}
