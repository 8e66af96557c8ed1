//! What became of the events, for people and for programs.

use super::gather::{Gathered, Gathering, Read};
use super::outcome::Outcome;
use crate::failure::Failure;
use crate::output::{Cell, Column, Output, Style, Table};
use serde_json::{Map, Value, json};

/// Prints every event under its file, then the totals.
pub fn print(gathered: &Gathered, output: &Output) -> Result<(), Failure> {
    let totals = gathered.totals();
    if output.json {
        let documents: Vec<Value> = gathered.documents.iter().map(document).collect();
        return output.value(&json!({ "documents": documents, "totals": totals }));
    }
    for read in &gathered.documents {
        let name = read.file.display().to_string();
        output.line(output.styled(Style::Strong, &name))?;
        for context in &read.unresolved {
            let words = format!("context {context} is not built in; its terms stay as written");
            output.line(output.styled(Style::Faint, &words))?;
        }
        match &read.error {
            Some(error) => output.line(output.styled(Style::Bad, error))?,
            None if read.events.is_empty() => output.line("no events")?,
            None => output.table(&table(read))?,
        }
        output.line("")?;
    }
    let counts = [
        ("accepted", totals.of.accepted),
        ("observed", totals.of.observed),
        ("duplicate", totals.of.duplicate),
        ("pending", totals.of.pending),
        ("refused", totals.of.refused),
        ("invalid", totals.of.invalid),
        ("unreadable files", totals.unreadable),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    output.line(format_args!(
        "{} events in {} documents: {}",
        totals.of.events,
        totals.documents,
        counts.join(", ")
    ))
}

fn table(read: &Read) -> Table {
    let mut table = Table::new([
        Column::new("event"),
        Column::fixed("type"),
        Column::new("step"),
        Column::fixed("outcome"),
        Column::new("why"),
    ]);
    for event in &read.events {
        table.row([
            name(event).into(),
            kind(event).into(),
            step(event).into(),
            outcome(event),
            why(event).into(),
        ]);
    }
    table
}

/// Its eventID, or its place in the document.
fn name(event: &Gathering) -> String {
    let id = event.captured.id.as_deref().filter(|id| !id.is_empty());
    id.map_or_else(
        || format!("(event {})", event.captured.index.saturating_add(1)),
        str::to_string,
    )
}

fn kind(event: &Gathering) -> String {
    match &event.captured.event {
        Ok(read) => read.kind.name().into(),
        Err(_) => ["type", "@type"]
            .iter()
            .find_map(|key| event.captured.raw.get(*key)?.as_str())
            .unwrap_or_default()
            .into(),
    }
}

fn step(event: &Gathering) -> String {
    let read = event.captured.event.as_ref().ok();
    let step = read.and_then(|read| read.step.as_ref());
    let word = step.map(|step| step.word().unwrap_or(step.iri()));
    word.unwrap_or_default().into()
}

fn outcome(event: &Gathering) -> Cell {
    let Some(told) = &event.told else {
        return Cell::default();
    };
    let style = match told.outcome {
        Outcome::Accepted => Style::Good,
        Outcome::Observed => Style::Plain,
        Outcome::Duplicate => Style::Faint,
        Outcome::Pending => Style::Warn,
        Outcome::Refused | Outcome::Invalid => Style::Bad,
    };
    Cell::new(style, told.outcome.word())
}

fn why(event: &Gathering) -> String {
    let Some(told) = &event.told else {
        return String::new();
    };
    let Some(reason) = &told.reason else {
        return String::new();
    };
    let mut words = reason.clone();
    if let Some(message) = &told.message {
        words.push_str(&format!(": {message}"));
    }
    if let Some(field) = &told.field {
        words.push_str(&format!(" ({field})"));
    }
    let bad = matches!(told.outcome, Outcome::Refused | Outcome::Invalid);
    if let Some(remedy) = told.remedy.as_ref().filter(|_| bad) {
        words.push_str(&format!("; {remedy}"));
    }
    words
}

fn document(read: &Read) -> Value {
    let mut document = Map::new();
    document.insert("file".into(), read.file.display().to_string().into());
    if let Some(error) = &read.error {
        document.insert("error".into(), error.as_str().into());
    }
    if !read.unresolved.is_empty() {
        document.insert("unresolved".into(), read.unresolved.clone().into());
    }
    document.insert("events".into(), read.events.iter().map(value).collect());
    document.into()
}

fn value(event: &Gathering) -> Value {
    let mut value = json!({
        "eventId": event.captured.id,
        "hash": event.captured.hash.map(|hash| hash.to_string()),
        "type": kind(event),
    });
    let told = event.told.as_ref().map(serde_json::to_value);
    if let (Some(fields), Some(Ok(Value::Object(told)))) = (value.as_object_mut(), told) {
        fields.extend(told);
    }
    value
}
