//! `marque party`: who acts, and the locations that stand for them.

use super::{fields, list, send};
use crate::act::Common;
use crate::failure::Failure;
use crate::node::{Node, NodeArgs};
use crate::output::{Output, Table};
use clap::{Args, Subcommand};
use marque_client::api::{Party, Registered, RegistryKind, RegistryParty};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  marque party register carol --name \"Carol's Grocery\" --location 9506000134376 --from judy
  marque party show https://id.gs1.org/417/9506000134376
  marque party list";

/// What to do with parties.
#[derive(Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct PartyArgs {
    #[command(subcommand)]
    command: PartyCommand,
}

#[derive(Subcommand)]
enum PartyCommand {
    /// Register a party and its locations (by the registrar)
    #[command(
        after_help = "Example:\n  marque party register carol --name 'Corner Shop' --location 9506000134376 --from judy"
    )]
    Register {
        /// Its account
        #[arg(value_name = "ACCOUNT")]
        party: String,
        /// Its name
        #[arg(long)]
        name: String,
        /// A GLN or PGLN that stands for it
        #[arg(long, value_name = "GLN")]
        location: Vec<String>,
        #[command(flatten)]
        common: Box<Common>,
    },
    /// One party, by its account, GLN or PGLN
    #[command(after_help = "Example:\n  marque party show 9506000134376")]
    Show {
        /// An account, GLN or PGLN
        party: String,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// All parties
    #[command(after_help = "Example:\n  marque party list --json")]
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// `marque party`.
pub fn run(args: &PartyArgs, output: &Output) -> Result<(), Failure> {
    match &args.command {
        PartyCommand::Register {
            party,
            name,
            location,
            common,
        } => {
            let node = Node::new(&common.node)?;
            let account = node.account(party)?;
            let party = json!({ "account": account, "name": name, "locations": location });
            send([("registerParty", fields(party))], common, &node, output)
        }
        PartyCommand::Show { party, node } => {
            let node = Node::new(node)?;
            let party = match crate::dev::accounts::is_named(party) {
                true => node.account(party)?.to_string(),
                false => party.clone(),
            };
            show(&node.call(&RegistryParty { party })?, output)
        }
        PartyCommand::List { node } => all(&Node::new(node)?, output),
    }
}

fn show(party: &Party, output: &Output) -> Result<(), Failure> {
    if output.json {
        return output.value(party);
    }
    let mut table = Table::pairs();
    table.pair("party", party.name.as_str());
    table.pair("account", party.address.to_string());
    table.pair("locations", locations(party, "\n"));
    output.table(&table)
}

fn locations(party: &Party, between: &str) -> String {
    let locations: Vec<String> = party.locations.iter().map(ToString::to_string).collect();
    locations.join(between)
}

fn all(node: &Node, output: &Output) -> Result<(), Failure> {
    let parties = list(node, RegistryKind::Parties, None)?;
    if output.json {
        return output.value(&parties);
    }
    let mut table = Table::of(&["party", "account", "locations"]);
    for entry in &parties {
        if let Registered::Party(party) = entry {
            table.row([
                party.name.as_str().into(),
                party.address.to_string().into(),
                locations(party, ", ").into(),
            ]);
        }
    }
    output.table(&table)
}
