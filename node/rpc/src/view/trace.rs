//! Journeys.

use super::event::{event, refused};
use marque_chain::reads;
use marque_client::api::{TraceEntry, TraceLine, TraceSource};
use marque_primitives::Position;
use marque_primitives::history::Entry;

pub(crate) fn line(line: reads::TraceLine) -> TraceLine {
    match line {
        reads::TraceLine::Recorded {
            source,
            entry: own,
            event: at,
        } => {
            let (source, through) = match source {
                reads::Source::Own => (TraceSource::Own, None),
                reads::Source::Parent(id) => (TraceSource::Parent, Some(id)),
                reads::Source::Lot => (TraceSource::Lot, None),
                reads::Source::Product => (TraceSource::Product, None),
                reads::Source::Beside => (TraceSource::Beside, None),
            };
            TraceLine {
                source,
                through,
                entry: own.map(entry),
                event: Some(event(*at)),
                refused: None,
            }
        }
        reads::TraceLine::Refused(it) => TraceLine {
            source: TraceSource::Refused,
            through: None,
            entry: None,
            event: None,
            refused: Some(refused(*it)),
        },
    }
}

fn entry((position, entry): (Position, Entry)) -> TraceEntry {
    TraceEntry {
        position,
        hash: entry.hash(),
        index: entry.before.length,
        subject: entry.subject,
        role: entry.role,
        kind: entry.kind,
        inferred: entry.inferred,
    }
}
