//! The events of all files, in one order.

use super::Totals;
use super::outcome::Told;
use crate::failure::Failure;
use marque_epcis::{Captured, Document, Limits, map, merge};
use marque_primitives::action::Report;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Where an event stands: its file, and its place in it.
pub type Place = (usize, usize);

/// What was read of all files.
pub struct Gathered {
    /// In the order in which they were given.
    pub documents: Vec<Read>,
    /// Events by eventTime, then eventID.
    pub order: Vec<Place>,
}

/// A file.
pub struct Read {
    /// As it was named.
    pub file: PathBuf,
    /// Why it cannot be read as EPCIS.
    pub error: Option<String>,
    /// Contexts that are not built in.
    pub unresolved: Vec<String>,
    /// In their order in the file.
    pub events: Vec<Gathering>,
}

/// An event on its way.
pub struct Gathering {
    /// What was read of it.
    pub captured: Captured,
    /// Its report, or why there is none.
    pub report: Result<Report, Told>,
    /// What became of it.
    pub told: Option<Told>,
}

impl Gathered {
    /// Reads all files. One that is no document stops none of the others; one that is not
    /// there does.
    pub fn read(files: &[PathBuf]) -> Result<Self, Failure> {
        let limits = Limits::default();
        let mut documents = Vec::new();
        for file in files {
            let bytes = bytes(file, &limits)?;
            documents.push(match Document::read(&bytes, &limits) {
                Ok(document) => Read {
                    file: file.clone(),
                    error: None,
                    unresolved: document.unresolved,
                    events: document.events.into_iter().map(Gathering::new).collect(),
                },
                Err(error) => Read {
                    file: file.clone(),
                    error: Some(error.to_string()),
                    unresolved: Vec::new(),
                    events: Vec::new(),
                },
            });
        }
        let events = documents
            .iter()
            .map(|read| read.events.iter().map(|event| &event.captured));
        let order = merge::order(events);
        Ok(Self { documents, order })
    }

    /// The event at a place.
    pub fn event(&self, (document, at): Place) -> Option<&Gathering> {
        self.documents.get(document)?.events.get(at)
    }

    /// All events, file by file.
    pub fn events(&self) -> impl Iterator<Item = &Gathering> {
        self.documents.iter().flat_map(|document| &document.events)
    }

    /// Writes down what became of the event at a place.
    pub fn tell(&mut self, (document, at): Place, told: Told) {
        let events = self
            .documents
            .get_mut(document)
            .map(|read| &mut read.events);
        if let Some(event) = events.and_then(|events| events.get_mut(at)) {
            event.told = Some(told);
        }
    }

    /// How many of each.
    pub fn totals(&self) -> Totals {
        let unreadable = self.documents.iter().filter(|read| read.error.is_some());
        let mut totals = Totals {
            documents: count(self.documents.len()),
            unreadable: count(unreadable.count()),
            ..Totals::default()
        };
        for told in self.events().filter_map(|event| event.told.as_ref()) {
            totals.of.count(told.outcome);
        }
        totals
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Gathering {
    fn new(captured: Captured) -> Self {
        let report = map::map(&captured).map_err(|unmapped| Told::unmapped(&unmapped));
        Self {
            captured,
            report,
            told: None,
        }
    }
}

/// One byte more than is taken says that a file is too large.
fn bytes(file: &Path, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|open| open.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| Failure::file(file, &error))?;
    Ok(bytes)
}
