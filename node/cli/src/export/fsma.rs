//! The electronic sortable spreadsheet of the food traceability rule, 21 CFR 1.1455(c)(3):
//! a row for each critical tracking event and lot. Which EPCIS events are critical tracking
//! events follows from the rule's own definitions (1.1310) and the vocabulary's (CBV 2.0, 7.1);
//! the columns are the key data elements of 1.1325 to 1.1350 that events hold.

pub(super) mod contents;
mod event;
mod registry;

use super::select::{Events, Selection, lot_events, naming_events};
use super::sheet::Sheet;
use crate::failure::Failure;
use crate::node::Node;
use contents::{Contents, Portion};
use event::Event;
use marque_primitives::Position;
use registry::Registry;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The key data elements by the words of the rule.
const COLUMNS: [&str; 14] = [
    "Critical Tracking Event",
    "Date",
    "Traceability Lot Code",
    "Product Description",
    "Quantity",
    "Unit of Measure",
    "Location Description",
    "Immediate Previous Source Location Description",
    "Immediate Subsequent Recipient Location Description",
    "Traceability Lot Code Source",
    "Reference Document Type",
    "Reference Document Number",
    "Logistic Unit",
    "Event Hash",
];

/// The table, and how many records it knows nothing of.
pub fn table(node: &Node, selection: &Selection) -> Result<(String, usize), Failure> {
    let mut events = selection.events(node)?;
    let selected: BTreeSet<Position> = events.by_position.keys().copied().collect();
    let followed = follow(node, selection, &mut events)?;
    explain(node, &mut events)?;
    // Of a lot or an item what held it belongs to it; of a party or a time it only explains.
    let of_a_thing = selection.item.is_some() || selection.lot.is_some();
    let lot = selection.lot.as_deref().map(event::canonical);
    let mut table = Table {
        registry: Registry::new(node),
        contents: Contents::default(),
        sources: BTreeMap::new(),
        harvested: BTreeSet::new(),
        sheet: Sheet::new(&COLUMNS),
        lot,
    };
    for (position, members) in &events.by_position {
        let shown = selected.contains(position) || (of_a_thing && followed.contains(position));
        table.event(members, shown)?;
    }
    Ok((table.sheet.into_text(), events.omitted))
}

/// Adds the events of the logistic units that held what was selected: what a unit holds is
/// said by the events that filled it. The positions of what was added.
fn follow(
    node: &Node,
    selection: &Selection,
    events: &mut Events,
) -> Result<BTreeSet<Position>, Failure> {
    let all_units = selection.item.is_none() && selection.lot.is_none();
    let units = |event: &Map<String, Value>| Event::new(event).units(all_units);
    let mut waiting: BTreeSet<String> = events.by_position.values().flat_map(units).collect();
    let (mut known, mut added) = (BTreeSet::new(), BTreeSet::new());
    while let Some(unit) = waiting.pop_first() {
        if !known.insert(unit.clone()) {
            continue;
        }
        for (position, event) in naming_events(node, &unit)?.by_position {
            waiting.extend(Event::new(&event).inside_or_around(all_units));
            if events.by_position.insert(position, event).is_none() {
                added.insert(position);
            }
        }
    }
    Ok(added)
}

/// Adds the events of the lots that went into others, one step back: where those lots were
/// given their codes, and whether they came from a harvest. They get no rows.
fn explain(node: &Node, events: &mut Events) -> Result<(), Failure> {
    let lots: BTreeSet<String> = events
        .by_position
        .values()
        .flat_map(|event| Event::new(event).lots_used())
        .collect();
    for lot in lots {
        for (position, event) in lot_events(node, &lot)?.by_position {
            events.by_position.entry(position).or_insert(event);
        }
    }
    Ok(())
}

struct Table<'a> {
    registry: Registry<'a>,
    contents: Contents,
    /// Where each lot was given its code.
    sources: BTreeMap<String, String>,
    /// Lots that a harvest began: what is made of them is packed, not transformed (1.1310).
    harvested: BTreeSet<String>,
    sheet: Sheet,
    /// Only rows of this lot, and of what was made of it or it was made of.
    lot: Option<String>,
}

impl Table<'_> {
    fn event(&mut self, members: &Map<String, Value>, shown: bool) -> Result<(), Failure> {
        let event = Event::new(members);
        if event.is_transformation() {
            let used = self.portions(&event, ("inputEPCList", "inputQuantityList"))?;
            let made = self.portions(&event, ("outputEPCList", "outputQuantityList"))?;
            self.given_codes(&event, &made)?;
            let fresh = |portion: &Portion| self.harvested.contains(&portion.class);
            let names = match !used.is_empty() && used.iter().all(fresh) {
                true => [
                    "Initial Packing (food received)",
                    "Initial Packing (food packed)",
                ],
                false => [
                    "Transformation (food used)",
                    "Transformation (food produced)",
                ],
            };
            if shown {
                self.rows(&event, names[0], &used, "", true)?;
                self.rows(&event, names[1], &made, "", true)?;
            }
            return Ok(());
        }
        let portions = self.portions(&event, event.lists())?;
        let units = event.listed_units();
        if event.adds() {
            match event.parent() {
                Some(parent) => self.contents.pack(&parent, &portions, &units),
                None => self.given_codes(&event, &portions)?,
            }
        }
        let critical = event.critical();
        if critical == Some("Harvesting") {
            let lots = portions.iter().map(|portion| portion.class.clone());
            self.harvested.extend(lots);
        }
        if let (true, Some(name)) = (shown, critical) {
            self.rows(&event, name, &portions, "", false)?;
            let parent = event.parent().filter(|_| portions.is_empty());
            for unit in units.iter().chain(&parent) {
                let held = self.contents.of(unit);
                match held.is_empty() {
                    true => self.rows(&event, name, &[Portion::unknown()], unit, true)?,
                    false => self.rows(&event, name, &held, unit, false)?,
                }
            }
        }
        if event.deletes()
            && let Some(parent) = event.parent()
        {
            self.contents.unpack(&parent, &portions, &units);
        }
        Ok(())
    }

    fn portions(&self, event: &Event<'_>, lists: (&str, &str)) -> Result<Vec<Portion>, Failure> {
        event.portions(lists, |gtin, serial| self.registry.lot_of(gtin, serial))
    }

    fn given_codes(&mut self, event: &Event<'_>, made: &[Portion]) -> Result<(), Failure> {
        let place = self.registry.place(event.place().as_deref())?;
        for portion in made {
            let source = self.sources.entry(portion.class.clone());
            source.or_insert_with(|| place.clone());
        }
        Ok(())
    }

    fn rows(
        &mut self,
        event: &Event<'_>,
        name: &str,
        portions: &[Portion],
        unit: &str,
        whole: bool,
    ) -> Result<(), Failure> {
        let place = self.registry.place(event.place().as_deref())?;
        // Whoever receives says from whom (1.1345), whoever lets go says to whom (1.1325, 1.1340).
        let received = matches!(name, "Receiving" | "First Land-Based Receiving");
        let from = event.side("sourceList", "source").filter(|_| received);
        let from = self.registry.place(from.as_deref())?;
        let to = event.side("destinationList", "destination");
        let to = self.registry.place(to.filter(|_| !received).as_deref())?;
        let (kinds, numbers) = event.documents();
        let asked =
            |portion: &&Portion| whole || self.lot.as_ref().is_none_or(|lot| *lot == portion.class);
        for portion in portions.iter().filter(asked) {
            let source = self.sources.get(&portion.class);
            self.sheet.row(&[
                name,
                &event.date(),
                &portion.code(),
                &self.registry.product(portion)?,
                &portion.amount(),
                &portion.unit,
                &place,
                &from,
                &to,
                source.map_or("", String::as_str),
                &kinds,
                &numbers,
                &crate::words::compact(unit),
                event.text("marque:eventHash"),
            ]);
        }
        Ok(())
    }
}
