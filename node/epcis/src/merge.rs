//! One order for events that were given together.

use crate::document::Captured;

/// The places (document, event) of the events of several documents, by eventTime, then by
/// eventID (none first); events that are alike in both stay in the order in which they were
/// given, and so do those without a readable time, at the end.
pub fn order<'a, Events>(documents: impl IntoIterator<Item = Events>) -> Vec<(usize, usize)>
where
    Events: IntoIterator<Item = &'a Captured>,
{
    let mut events = Vec::new();
    for (document, captured) in documents.into_iter().enumerate() {
        let placed = captured.into_iter().enumerate();
        events.extend(placed.map(|(at, event)| (key(event), (document, at))));
    }
    events.sort();
    events.into_iter().map(|(_, place)| place).collect()
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
