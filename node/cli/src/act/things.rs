//! Things as they are typed: `ID`, `ID..+COUNT`, `12.5KGM@LOT`.

use marque_primitives::gs1::Identifier;
use serde_json::{Value, json};

/// The JSON of a thing.
///
/// `ID..+COUNT` counts from a serial of digits on; where the serial is text, dots and plus
/// belong to it. `AMOUNT[UNIT]@ID` is a quantity of a lot, or of a class for observations.
pub fn read(text: &str) -> Result<Value, String> {
    if let Some((amount, id)) = quantity(text) {
        let (value, unit) = number_and_unit(amount);
        let identifier: Identifier = id.parse().map_err(|error| format!("{id}: {error}"))?;
        let name = match identifier {
            Identifier::Lgtin { .. } => "lot",
            _ => "class",
        };
        let mut thing = json!({ name: id, "quantity": value });
        if let (false, Some(fields)) = (unit.is_empty(), thing.as_object_mut()) {
            fields.insert("unit".into(), unit.into());
        }
        return Ok(thing);
    }
    match range(text) {
        Some(range) => Ok(range),
        None => Ok(text.into()),
    }
}

/// A quantity begins with a digit, which no identifier in any form does that has an `@`.
fn quantity(text: &str) -> Option<(&str, &str)> {
    let (amount, id) = text.split_once('@')?;
    amount
        .starts_with(|c: char| c.is_ascii_digit())
        .then_some((amount, id))
}

/// `12.5KGM` as its digits and its unit's code.
pub fn number_and_unit(text: &str) -> (&str, &str) {
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let end = text.find(|c| !number(c)).unwrap_or(text.len());
    let (value, unit) = text.split_at(end);
    (value, unit.trim_start())
}

fn range(text: &str) -> Option<Value> {
    let (first, count) = text.rsplit_once("..+")?;
    let count: u64 = count.parse().ok()?;
    let (line, serial) = match first.parse().ok()? {
        Identifier::Sgtin {
            gtin, serial, lot, ..
        } => {
            let mut line = json!({ "gtin": gtin });
            if let (Some(lot), Some(fields)) = (lot, line.as_object_mut()) {
                fields.insert("lot".into(), lot.to_string().into());
            }
            (line, serial)
        }
        Identifier::Grai(grai) => {
            let class = Identifier::Grai(grai.class().into());
            (json!({ "grai": class.to_canonical() }), grai.serial()?)
        }
        _ => return None,
    };
    serial.numeric()?;
    let mut range = line;
    let fields = range.as_object_mut()?;
    fields.insert("from".into(), serial.to_string().into());
    fields.insert("count".into(), count.into());
    Some(range)
}
