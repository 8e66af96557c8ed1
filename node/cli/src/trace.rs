//! `marque trace`: where a thing has been, and what stands beside that.

mod line;
mod standing;
#[cfg(test)]
mod tests;

use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::{Node, NodeArgs};
use crate::output::{Column, Output, Style, Table};
use clap::Args;
use line::Mark;
use marque_client::api::{Item, TraceLine};
use marque_client::{Client, ClientError};
use marque_primitives::gs1::Identifier;
use marque_primitives::history::Counterparty;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  marque trace https://id.gs1.org/01/09506000134352/21/A1
  marque trace '(01)09506000134352(10)B7' --json
  marque trace urn:epc:id:sscc:9506000.0134350001";

/// What to trace.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct TraceArgs {
    /// An item, asset, logistic unit or lot, in any form
    #[arg(value_name = "ID")]
    id: String,
    /// Leave refused transactions out
    #[arg(long)]
    no_refused: bool,
    #[command(flatten)]
    node: NodeArgs,
}

/// A journey and how the thing stands at its end.
struct Journey {
    id: Identifier,
    /// None for lots and what the ledger has no record of.
    item: Option<Item>,
    lines: Vec<TraceLine>,
}

/// `marque trace`.
pub fn run(args: &TraceArgs, output: &Output) -> Result<(), Failure> {
    let id = args.id.parse::<Identifier>().map_err(|error| {
        Failure::usage(format!("{}: {}", args.id, error.what()), error.remedy())
    })?;
    let node = Node::new(&args.node)?;
    let journey = node.wait(journey(node.client(), id, !args.no_refused))?;
    let names = node.wait(names(node.client(), &journey))?;
    print(&journey, &names, output)
}

/// Prints the journey of a thing, refused transactions included.
pub async fn show(client: &Client, id: &str, output: &Output) -> Result<(), Failure> {
    let id = id
        .parse::<Identifier>()
        .map_err(|error| Failure::usage(format!("{id}: {}", error.what()), error.remedy()))?;
    let journey = journey(client, id, true).await?;
    print(&journey, &names(client, &journey).await?, output)
}

async fn journey(client: &Client, id: Identifier, refused: bool) -> Result<Journey, ClientError> {
    let name = id.to_canonical();
    let item = match id.is_class() {
        true => None,
        false => client.item(&name).await?,
    };
    let lines = client.trace(&name, refused).await?;
    Ok(Journey { id, item, lines })
}

async fn names(client: &Client, journey: &Journey) -> Result<Names, ClientError> {
    let mut wanted = Wanted::default();
    if let Some(item) = &journey.item {
        let accounts = [item.brand, item.custodian, item.owner];
        wanted.parties.extend(accounts.into_iter().flatten());
        wanted
            .parties
            .extend(item.offer.iter().map(|offer| offer.to));
    }
    for line in &journey.lines {
        if let Some(event) = &line.event {
            wanted.parties.extend([event.account, event.signer]);
            for party in [&event.from, &event.to].into_iter().flatten() {
                if let Counterparty::Account(account) = party {
                    wanted.parties.insert(*account);
                }
            }
            let decided = event.decided.iter().map(|decided| decided.contract);
            let withheld = event.withheld.iter().filter_map(|it| it.contract);
            wanted.contracts.extend(decided.chain(withheld));
        }
        if let Some(refused) = &line.refused {
            wanted.parties.extend([refused.account, refused.signer]);
            wanted.contracts.extend(refused.refusal.contract);
        }
    }
    Names::of(client, wanted).await
}

fn print(journey: &Journey, names: &Names, output: &Output) -> Result<(), Failure> {
    if output.json {
        let id = journey.id.to_canonical();
        return output.value(&json!({"id": id, "item": journey.item, "lines": journey.lines}));
    }
    output.table(&standing::table(&journey.id, journey.item.as_ref(), names))?;
    output.line("")?;
    if journey.lines.is_empty() {
        return output.line("nothing is recorded of it");
    }
    output.table(&table(&journey.lines, names))?;
    output.line("")?;
    let marks = Mark::ALL
        .into_iter()
        .filter(|mark| journey.lines.iter().any(|line| Mark::of(line) == *mark));
    for mark in marks {
        let meaning = format!("{} {}", mark.sign(), mark.meaning());
        output.line(output.styled(Style::Faint, &meaning))?;
    }
    Ok(())
}

fn table(lines: &[TraceLine], names: &Names) -> Table {
    let mut table = Table::new([
        Column::fixed(""),
        Column::fixed("when"),
        Column::new("what"),
        Column::new("who"),
        Column::new("where"),
        Column::new("lot, unit"),
        Column::new("result"),
    ]);
    for line in lines {
        table.row(line::row(line, names));
    }
    table
}
