//! What `marque dev` says once it answers.

use super::sample::ITEM;
use super::{DevArgs, accounts};
use crate::failure::Failure;
use crate::output::{Cell, Column, Output, Style, Table};
use marque_client::Client;
use serde_json::json;

/// The accounts, the sample's journey, and what to type next.
pub async fn print(
    client: &Client,
    url: &str,
    args: &DevArgs,
    sample: bool,
    output: &Output,
) -> Result<(), Failure> {
    let info = client.info().await.map_err(super::sample::failed)?;
    if output.json {
        return output
            .value(&json!({ "rpc": url, "chainId": info.chain_id, "genesis": info.genesis }));
    }
    output.line(format!(
        "Marque {} answers on {url} (chain {}).",
        info.version, info.chain_id
    ))?;
    match &args.data {
        Some(folder) => output.line(format!("The ledger is kept in {}.", folder.display()))?,
        None => output.line("The ledger is gone when this ends; keep it with --data DIR.")?,
    }
    output.line("")?;
    let mut table = Table::new([
        Column::fixed("account"),
        Column::fixed("address"),
        Column::new("in the sample"),
    ]);
    for (name, role) in accounts::NAMES {
        let address = accounts::secret(name).address().to_string();
        table.row([
            Cell::new(Style::Good, name),
            Cell::from(address),
            Cell::from(role),
        ]);
    }
    output.table(&table)?;
    if sample {
        output.line("")?;
        output.line(format!(
            "The journey of {ITEM}, as `marque trace` shows it:"
        ))?;
        output.line("")?;
        crate::trace::show(client, ITEM, output).await?;
    }
    output.line("")?;
    output.line("In another terminal:")?;
    let mut next = Table::pairs();
    let at = if url.ends_with(":9944") {
        String::new()
    } else {
        format!(" --rpc {url}")
    };
    next.pair(
        "the pallet's journey",
        format!("marque trace https://id.gs1.org/00/095060001343500019{at}"),
    );
    next.pair(
        "what an identifier is",
        "marque id 'urn:epc:id:sgtin:9506000.013435.000001'",
    );
    next.pair("documents of others", format!("marque capture tests/fixtures/openepcis-dpp-ready/extensions/eu/battery/epcis/*.jsonld{at}"));
    next.pair("everything else", "marque --help");
    output.table(&next)?;
    output.line("")?;
    output.line("Here `marque` is `cargo run -q --`, or target/debug/marque. Ctrl-C ends the node.")
}
