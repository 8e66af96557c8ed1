//! Long lists of serials in what is kept of an event: neighbours as their first name and
//! their number, `{"runs": [["https://id.gs1.org/01/…/21/000100", 5000]]}`, where EPCIS has
//! a list of texts and never an object.

use super::members::{count, names};
use super::{ExportError, MAX_EPCS};
use marque_primitives::json::naming;
use marque_primitives::thing::{Run, Thing};
use serde_json::{Map, Value, json};

const RUNS: &str = "runs";

/// The lists that are kept so.
pub const LISTS: [&str; 4] = ["epcList", "childEPCs", "inputEPCList", "outputEPCList"];

/// A list of things as runs, if that says all of it.
pub fn of(things: &[Thing]) -> Option<Value> {
    let runs = things.iter().map(|thing| match thing {
        Thing::Run { run, lot: None } => {
            let first = Thing::Run {
                run: Run::single(run.line(), *run.first()),
                lot: None,
            };
            Some(json!([names(&first).first()?, run.count()]))
        }
        Thing::Run { .. } => None,
        other => Some(json!([names(other).first()?, 1])),
    });
    Some(json!({RUNS: runs.collect::<Option<Vec<_>>>()?}))
}

/// Whether a value is such a list.
pub fn is(field: &str, value: &Value) -> bool {
    LISTS.contains(&field) && value.get(RUNS).is_some()
}

/// The names of all. What is kept was signed by whoever reported it, so nothing in it is
/// believed: not even that it is short.
pub fn names_of(value: &Value) -> Result<Value, ExportError> {
    let runs = value.get(RUNS).and_then(Value::as_array);
    let things = runs
        .ok_or(ExportError::Rest)?
        .iter()
        .map(run)
        .collect::<Option<Vec<_>>>()
        .ok_or(ExportError::Rest)?;
    match count(&things) {
        0..=MAX_EPCS => Ok(things.iter().flat_map(names).collect()),
        many => Err(ExportError::TooMany(many)),
    }
}

fn run(value: &Value) -> Option<Thing> {
    let [name, count] = value.as_array()?.as_slice() else {
        return None;
    };
    let thing = naming::thing(name.as_str()?).ok()?;
    match (thing, count.as_u64()?) {
        (thing, 1) => Some(thing),
        (Thing::Run { run, .. }, count) => Some(Thing::Run {
            run: Run::new(run.line(), *run.first(), count)?,
            lot: None,
        }),
        _ => None,
    }
}

/// Puts the lists back.
pub fn restore(event: &mut Map<String, Value>) -> Result<(), ExportError> {
    for field in LISTS {
        if let Some(value) = event.get_mut(field).filter(|value| is(field, value)) {
            *value = names_of(value)?;
        }
    }
    Ok(())
}
