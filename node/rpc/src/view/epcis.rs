//! What was recorded, as an EPCIS 2.0 document.

use crate::error::RpcError;
use marque_chain::reads::{EventAt, Reader};
use marque_client::api::{Page, Recorded};
use marque_epcis::export::{self, ExportError, Surroundings};
use marque_ledger::read;
use marque_primitives::action::Kind;
use marque_primitives::gs1::Gln;
use marque_primitives::history::{Event, Role};
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, List, Position};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Gathers the events of one document.
pub(crate) struct Exporter<'a> {
    reader: &'a Reader,
    /// The number that stands for a party; parties come up again and again.
    glns: RefCell<BTreeMap<Address, Option<Gln>>>,
    events: Vec<Map<String, Value>>,
    omitted: Vec<Position>,
}

impl<'a> Exporter<'a> {
    pub fn new(reader: &'a Reader) -> Self {
        Self {
            reader,
            glns: RefCell::default(),
            events: Vec::new(),
            omitted: Vec::new(),
        }
    }

    /// Adds an event. One that names more things than EPCIS can list is told of `subject`
    /// alone, whose journey is asked for.
    pub fn add(&mut self, at: &EventAt, subject: Option<&ThingId>) -> Result<(), RpcError> {
        let outputs = self.outputs(at)?;
        let gln = |address: &Address| self.gln(address);
        let around = Surroundings {
            gln: &gln,
            outputs: &outputs,
        };
        let exported = match (export::event(&at.event, &around), subject) {
            (Err(ExportError::TooMany(_)), Some(subject)) => {
                export::event(&narrowed(&at.event, subject), &around)
            }
            (exported, _) => exported,
        };
        match exported {
            Ok(event) => self.events.push(event),
            Err(_) => self.omitted.push(at.position),
        }
        Ok(())
    }

    /// What a transformation made.
    fn outputs(&self, at: &EventAt) -> Result<Vec<Thing>, RpcError> {
        if at.event.kind != Kind::Transform {
            return Ok(Vec::new());
        }
        let entries = self.reader.entries_of(at.position)?.into_iter();
        Ok(entries
            .filter(|(_, entry)| entry.role == Role::Output)
            .map(|(_, entry)| entry.subject)
            .collect())
    }

    fn gln(&self, address: &Address) -> Option<Gln> {
        if let Some(known) = self.glns.borrow().get(address) {
            return *known;
        }
        // A party that can't be read is told by its account, as an unregistered one is.
        let party = read::party(self.reader.view(), address).ok().flatten();
        let gln = party.and_then(|party| party.locations.first().copied());
        self.glns.borrow_mut().insert(*address, gln);
        gln
    }
}

fn narrowed(event: &Event, subject: &ThingId) -> Event {
    let items = List::new(vec![subject.clone().into()]).unwrap_or_default();
    Event {
        items,
        ..event.clone()
    }
}

/// A part of a list, with its document where there is an exporter.
pub(crate) fn recorded<T>(page: Page<T>, exporter: Option<Exporter<'_>>) -> Recorded<T> {
    let (epcis, omitted) = match exporter {
        None => (None, Vec::new()),
        Some(exporter) => {
            let created = exporter.reader.head().time();
            (
                Some(export::document(exporter.events, created)),
                exporter.omitted,
            )
        }
    };
    Recorded {
        items: page.items,
        cursor: page.cursor,
        epcis,
        omitted,
    }
}
