//! How a thing stands at the end of its journey.

use crate::names::Names;
use crate::output::{Cell, Style, Table};
use crate::words;
use marque_client::api::{Item, Status, Why};
use marque_primitives::gs1::Identifier;

/// Names and values.
pub fn table(id: &Identifier, item: Option<&Item>, names: &Names) -> Table {
    let mut table = Table::pairs();
    table.pair(id.kind(), Cell::new(Style::Strong, id.to_canonical()));
    let Some(item) = item else {
        if !id.is_class() {
            table.pair("record", Cell::new(Style::Warn, "none on this ledger"));
        }
        return table;
    };
    table.pair("status", status(item));
    for recall in &item.recalls {
        let words = format!("recall {} is open", recall.0);
        table.pair("recall", Cell::new(Style::Bad, words));
    }
    let brand = item.brand.map(|brand| names.party(brand));
    table.pair("brand", brand.unwrap_or_default());
    let nobody = match item.external {
        true => "not known here",
        false => "someone without an account",
    };
    let held = item.custodian.map(|custodian| names.party(custodian));
    table.pair("custodian", held.unwrap_or_else(|| nobody.into()));
    let owner = item.owner.map(|owner| names.party(owner));
    table.pair("owner", owner.unwrap_or_else(|| nobody.into()));
    let parents: Vec<String> = item.parents.iter().map(words::thing_id).collect();
    table.pair("packed in", parents.join(" in "));
    if let Some(offer) = &item.offer {
        let to = names.party(offer.to);
        table.pair("offered", format!("{} to {to}", words::right(offer.what)));
    }
    table.pair(
        "place",
        item.place.as_ref().map(words::place).unwrap_or_default(),
    );
    table.pair(
        "lot",
        item.lot.map(|lot| lot.to_string()).unwrap_or_default(),
    );
    table.pair(
        "good until",
        item.expiry.map(|day| day.to_string()).unwrap_or_default(),
    );
    table.pair("disposition", item.disposition.clone().unwrap_or_default());
    table.pair("persistent", item.persistent.join(", "));
    table
}

fn status(item: &Item) -> Cell {
    if item.external {
        let words = "external: never commissioned here, and nothing of it is verified";
        return Cell::new(Style::Warn, words);
    }
    let because = match &item.why {
        Why::Own => String::new(),
        Why::Lot => ", since its lot is".into(),
        Why::Product => ", since its product is".into(),
        Why::Parent(parent) => format!(", since {} is", words::thing_id(parent)),
    };
    match item.status {
        Status::Active => Cell::new(Style::Good, "active"),
        Status::Quarantined => Cell::new(Style::Warn, format!("quarantined{because}")),
        Status::Recalled => Cell::new(Style::Bad, format!("recalled{because}")),
        Status::Ended => Cell::new(Style::Faint, format!("ended{because}")),
    }
}
