//! Sensor elements, as far as rules read them; the whole of them is kept beside.

use super::fields::Fields;
use crate::Invalid;
use crate::decimal::Decimal;
use crate::timestamp::Timestamp;
use crate::vocabulary::{Term, Vocabulary};

/// What sensors reported together (EPCIS 2.0, 7.4.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensorElement {
    /// The moment of all reports that name none.
    pub time: Option<Timestamp>,
    /// Start of the span that they speak of.
    pub start: Option<Timestamp>,
    /// Its end.
    pub end: Option<Timestamp>,
    /// The device.
    pub device: Option<String>,
    /// One or more.
    pub reports: Vec<SensorReport>,
}

/// One measured property. Values that are no decimal numbers are none here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensorReport {
    /// The property.
    pub kind: Option<Term>,
    /// An alarm or error condition.
    pub exception: Option<Term>,
    /// The moment, if not the element's.
    pub time: Option<Timestamp>,
    /// The device, if not the element's.
    pub device: Option<String>,
    /// A single value.
    pub value: Option<Decimal>,
    /// Lowest in the span.
    pub min: Option<Decimal>,
    /// Highest in the span.
    pub max: Option<Decimal>,
    /// Mean over the span.
    pub mean: Option<Decimal>,
    /// UN/ECE Recommendation 20 code.
    pub uom: Option<String>,
}

pub fn read(event: &Fields<'_>) -> Result<Vec<SensorElement>, Invalid> {
    event
        .objects("sensorElementList")?
        .iter()
        .map(|(members, path)| element(&Fields::new(members, event.context(), path)))
        .collect()
}

fn element(fields: &Fields<'_>) -> Result<SensorElement, Invalid> {
    let metadata = fields.objects("sensorMetadata")?;
    let reports = fields.objects("sensorReport")?;
    let mut element = SensorElement {
        time: None,
        start: None,
        end: None,
        device: None,
        reports: Vec::new(),
    };
    if let Some((members, path)) = metadata.first() {
        let metadata = Fields::new(members, fields.context(), path);
        element.time = metadata.time("time")?;
        element.start = metadata.time("startTime")?;
        element.end = metadata.time("endTime")?;
        element.device = metadata.text("deviceID")?.map(str::to_owned);
    }
    for (members, path) in &reports {
        element
            .reports
            .push(report(&Fields::new(members, fields.context(), path))?);
    }
    if element.reports.is_empty() {
        return Err(fields.missing("sensorReport", "a sensor element has at least one report"));
    }
    let backwards = |(start, end)| end < start;
    if element.start.zip(element.end).is_some_and(backwards) {
        return Err(fields.invalid(
            "sensorMetadata.endTime",
            "lies before startTime",
            "exchange them",
        ));
    }
    Ok(element)
}

fn report(fields: &Fields<'_>) -> Result<SensorReport, Invalid> {
    Ok(SensorReport {
        kind: fields.term("type", Vocabulary::Measurement)?,
        exception: fields.term("exception", Vocabulary::SensorException)?,
        time: fields.time("time")?,
        device: fields.text("deviceID")?.map(str::to_owned),
        value: fields.decimal_if_any("value"),
        min: fields.decimal_if_any("minValue"),
        max: fields.decimal_if_any("maxValue"),
        mean: fields.decimal_if_any("meanValue"),
        uom: fields.text("uom")?.map(str::to_owned),
    })
}
