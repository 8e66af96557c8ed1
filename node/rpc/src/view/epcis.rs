//! What was recorded, as an EPCIS 2.0 document.

use marque_chain::reads::{EventAt, Reader};
use marque_client::api::{Page, Recorded};
use marque_epcis::export::{self, ExportError, Surroundings};
use marque_ledger::read;
use marque_primitives::gs1::Gln;
use marque_primitives::history::{Event, Role, Terms};
use marque_primitives::thing::ThingId;
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
    /// alone, whose journey is asked for and which had this role.
    pub fn add(&mut self, at: &EventAt, subject: Option<(&ThingId, Option<&Role>)>) {
        let gln = |address: &Address| self.gln(address);
        let around = Surroundings { gln: &gln };
        let exported = match (export::event(&at.event, &around), subject) {
            (Err(ExportError::TooMany(_)), Some((subject, role))) => {
                export::event(&narrowed(&at.event, subject, role), &around)
            }
            (exported, _) => exported,
        };
        match exported {
            Ok(event) => self.events.push(event),
            Err(_) => self.omitted.push(at.position),
        }
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

fn narrowed(event: &Event, subject: &ThingId, role: Option<&Role>) -> Event {
    let items = List::new(vec![subject.clone().into()]).unwrap_or_default();
    let mut event = Event {
        items,
        ..event.clone()
    };
    if let Some(Terms::Transformation { used, made, .. }) = &mut event.terms {
        *made = u16::from(role == Some(&Role::Output));
        *used = 1_u16.saturating_sub(*made);
    }
    event
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
