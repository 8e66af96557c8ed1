//! When, where and with what evidence.

use super::Step;
use marque_primitives::bounded::Text;
use marque_primitives::detail::{Document, Fact, FactValue, Place, Sensor};
use marque_primitives::{Decimal, TimeMs};

impl Step<'_> {
    /// Where a party's location was: the read point.
    pub fn at(mut self, party: &str) -> Self {
        self.detail.place = Some(self.world.party(party).place());
        self
    }

    /// Where it is thereafter: a party's location.
    pub fn then_at(mut self, party: &str) -> Self {
        self.detail.location = Some(self.world.party(party).place());
        self
    }

    /// Where it is thereafter: any place.
    pub fn then_at_place(mut self, place: Place) -> Self {
        self.detail.location = Some(place);
        self
    }

    /// At the location of who does it, before and thereafter.
    pub fn here(mut self) -> Self {
        self.detail.place = Some(self.party.place());
        self.detail.location = Some(self.party.place());
        self
    }

    /// The time of the block that it will be in.
    pub fn now(&self) -> TimeMs {
        self.world.now()
    }

    /// When it happened; the block's time if not said.
    pub fn on(mut self, time: TimeMs) -> Self {
        self.detail.time = Some(time);
        self
    }

    /// The CBV business step.
    pub fn step(mut self, step: &str) -> Self {
        self.detail.step = Some(Text::new(step).expect("a step"));
        self
    }

    /// The CBV disposition.
    pub fn disposition(mut self, disposition: &str) -> Self {
        self.detail.disposition = Some(Text::new(disposition).expect("a disposition"));
        self
    }

    /// A document that it belongs to: CBV type and URI.
    pub fn document(mut self, kind: &str, id: &str) -> Self {
        let document = Document {
            kind: Text::new(kind).expect("a type"),
            id: Text::new(id).expect("a URI"),
        };
        self.evidence
            .documents
            .push(document)
            .expect("at most 64 documents");
        self
    }

    /// A fact in words.
    pub fn fact(mut self, name: &str, words: &str) -> Self {
        self.facts.push(Fact {
            name: Text::new(name).expect("a name"),
            value: FactValue::Text(Text::new(words).expect("words")),
        });
        self
    }

    /// A sensor report.
    pub fn sensor(mut self, sensor: Sensor) -> Self {
        self.evidence
            .sensors
            .push(sensor)
            .expect("at most 256 sensors");
        self
    }

    /// A temperature in degrees of `unit` (CEL, FAH, KEL) over a span.
    pub fn temperature(self, warmest: &str, unit: &str, from: TimeMs, to: TimeMs) -> Self {
        self.sensor(Sensor {
            kind: Text::new("Temperature").expect("a property"),
            unit: Some(Text::new(unit).expect("a unit")),
            max: Some(Decimal::parse(warmest).expect("a number")),
            from: Some(from),
            to: Some(to),
            ..Sensor::default()
        })
    }

    /// A sensor's alarm.
    pub fn alarm(self, property: &str) -> Self {
        self.sensor(Sensor {
            kind: Text::new(property).expect("a property"),
            alarm: true,
            ..Sensor::default()
        })
    }

    /// It is reported, not intended: a captured event about something past.
    pub fn captured(mut self) -> Self {
        self.captured = true;
        self
    }
}
