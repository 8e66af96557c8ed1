//! One order for events that were given together.

use crate::document::Captured;

/// Orders events of several documents by eventTime, then by eventID (none first); events
/// that are alike in both stay in the order in which they were given, and so do those
/// without a readable time, at the end.
pub fn merge(documents: impl IntoIterator<Item = Vec<Captured>>) -> Vec<Captured> {
    let mut events: Vec<Captured> = documents.into_iter().flatten().collect();
    events.sort_by(|a, b| key(a).cmp(&key(b)));
    events
}

fn key(captured: &Captured) -> (u64, Option<&str>) {
    let time = captured
        .event
        .as_ref()
        .map_or(u64::MAX, |event| event.time.ms());
    (time, captured.id.as_deref())
}

#[cfg(test)]
mod tests;
