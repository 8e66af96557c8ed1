//! `marque inbox`: what waits for a party, and what it has offered.

use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::{Node, NodeArgs, PAGE};
use crate::output::{Cell, Output, Style, Table};
use crate::words;
use clap::Args;
use marque_client::api::{Direction, InboxItem, PartyInbox};

const EXAMPLES: &str = "\
Examples:
  marque inbox carol
  marque inbox https://id.gs1.org/417/9506000134376 --json";

/// Whose offers.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct InboxArgs {
    /// The party: account, GLN, PGLN, or a development account's name
    #[arg(value_name = "PARTY", env = "MARQUE_FROM")]
    party: String,
    #[command(flatten)]
    node: NodeArgs,
}

/// `marque inbox`.
pub fn run(args: &InboxArgs, output: &Output) -> Result<(), Failure> {
    let node = Node::new(&args.node)?;
    let address = node.account(&args.party)?.to_string();
    let offers = node.all(|cursor| PartyInbox {
        address: address.clone(),
        cursor,
        limit: Some(PAGE),
    })?;
    if output.json {
        return output.value(&offers);
    }
    if offers.is_empty() {
        return output.line("nothing is offered to or by the party");
    }
    let parties = offers
        .iter()
        .flat_map(|item| [item.offer.from, item.offer.to]);
    let names = node.wait(Names::of(node.client(), Wanted::parties(parties)))?;
    let mut table = Table::of(&["offer", "", "party", "what", "things", "until", "documents"]);
    for item in &offers {
        table.row(row(item, &names));
    }
    output.table(&table)
}

fn row(item: &InboxItem, names: &Names) -> Vec<Cell> {
    let offer = &item.offer;
    let (way, party) = match item.direction {
        Direction::In => ("from", offer.from),
        Direction::Out => ("to", offer.to),
    };
    let things: Vec<String> = offer.items.iter().map(words::thing).collect();
    let until = match offer.deadline {
        Some(deadline) if offer.expired => {
            let words = format!("{}, passed", words::moment(deadline, None));
            Cell::new(Style::Warn, words)
        }
        Some(deadline) => words::moment(deadline, None).into(),
        None => "".into(),
    };
    let documents: Vec<&str> = offer.documents.iter().map(|d| d.id.as_str()).collect();
    vec![
        offer.id.0.to_string().into(),
        way.into(),
        names.party(party).into(),
        words::right(offer.what).into(),
        things.join("\n").into(),
        until,
        documents.join("\n").into(),
    ]
}
