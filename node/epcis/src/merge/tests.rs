use super::order;
use crate::document::{Document, Limits};

fn document(events: &str) -> Vec<crate::Captured> {
    Document::read(format!("[{events}]").as_bytes(), &Limits::default())
        .unwrap()
        .events
}

fn event(id: &str, time: &str) -> String {
    format!(
        r#"{{"type":"ObjectEvent","action":"OBSERVE","eventID":"{id}","eventTime":"{time}","eventTimeZoneOffset":"+00:00"}}"#
    )
}

#[test]
fn events_of_many_files_are_in_one_order() {
    let a = document(
        &[
            event("c", "2026-01-01T12:00:00+02:00"),
            event("z", "soon"),
            event("d", "2026-01-02T00:00:00Z"),
        ]
        .join(","),
    );
    let b = document(
        &[
            event("b", "2026-01-01T10:00:00Z"),
            event("a", "2026-01-01T10:00:00.001Z"),
        ]
        .join(","),
    );
    let given = [a, b];
    let ids: Vec<_> = order(&given)
        .into_iter()
        .filter_map(|(document, at)| given[document][at].id.as_deref())
        .collect();
    assert_eq!(ids, ["b", "c", "a", "d", "z"]);
}
