//! Facts, sensor reports and documents, read where they lie.

use crate::bytes::{Reader, foreign};
use marque_primitives::{Decimal, TimeMs};

/// A named fact's value; see [`marque_primitives::detail::FactValue`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact<'m> {
    /// Any words.
    Text(&'m str),
    /// A canonical identifier or other URI.
    Id(&'m str),
    /// A moment.
    Time(TimeMs),
    /// A number with its UN/ECE unit, if any; not converted.
    Decimal(Decimal, Option<&'m str>),
}

fn fact<'m>(reader: &mut Reader<'m>) -> Fact<'m> {
    match reader.byte() {
        0 => Fact::Text(reader.text()),
        1 => Fact::Id(reader.text()),
        2 => Fact::Time(reader.time()),
        3 => Fact::Decimal(reader.decimal(), reader.maybe(Reader::text)),
        _ => foreign(),
    }
}

/// The fact of a name, from where the facts begin.
pub(super) fn find<'m>(mut reader: Reader<'m>, name: &str) -> Option<Fact<'m>> {
    for _ in 0..reader.len() {
        let own = reader.sized();
        let value = fact(&mut reader);
        if own == name.as_bytes() {
            return Some(value);
        }
    }
    None
}

pub(super) fn skip_facts(reader: &mut Reader<'_>) {
    for _ in 0..reader.len() {
        reader.sized();
        fact(reader);
    }
}

/// What a sensor reported; see [`marque_primitives::detail::Sensor`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sensor<'m> {
    /// Measured property, such as `Temperature`; for an alarm, the property it watches.
    pub kind: &'m str,
    /// UN/ECE code, such as CEL.
    pub unit: Option<&'m str>,
    /// Lowest value in the span.
    pub min: Option<Decimal>,
    /// Highest value in the span.
    pub max: Option<Decimal>,
    /// Mean over the span.
    pub mean: Option<Decimal>,
    /// A single value.
    pub value: Option<Decimal>,
    /// Start of the span, or the moment of the value.
    pub from: Option<TimeMs>,
    /// End of the span.
    pub to: Option<TimeMs>,
    /// Whether the device raised an alarm.
    pub alarm: bool,
}

impl Sensor<'_> {
    /// The measured property's own name: the last part of a URI or prefixed name.
    pub fn property(&self) -> &str {
        let end = self
            .kind
            .bytes()
            .rposition(|byte| matches!(byte, b':' | b'/' | b'#'));
        match end {
            Some(end) => self.kind.get(end.saturating_add(1)..).unwrap_or_default(),
            None => self.kind,
        }
    }
}

fn sensor<'m>(reader: &mut Reader<'m>) -> Sensor<'m> {
    Sensor {
        kind: reader.text(),
        unit: reader.maybe(Reader::text),
        min: reader.maybe(Reader::decimal),
        max: reader.maybe(Reader::decimal),
        mean: reader.maybe(Reader::decimal),
        value: reader.maybe(Reader::decimal),
        from: reader.maybe(Reader::time),
        to: reader.maybe(Reader::time),
        alarm: reader.byte() != 0,
    }
}

pub(super) fn skip_sensors(reader: &mut Reader<'_>) {
    for _ in 0..reader.len() {
        sensor(reader);
    }
}

/// A document that the movement belongs to; see [`marque_primitives::detail::Document`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Document<'m> {
    /// CBV type, such as `po` or `desadv`; empty if none is given.
    pub kind: &'m str,
    /// Its URI.
    pub id: &'m str,
}

fn document<'m>(reader: &mut Reader<'m>) -> Document<'m> {
    Document {
        kind: reader.text(),
        id: reader.text(),
    }
}

macro_rules! list {
    ($(#[$doc:meta])* $name:ident, $item:ident, $read:path) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'m> {
            reader: Reader<'m>,
            left: usize,
        }

        impl<'m> $name<'m> {
            /// From where the list begins; empty if there is none.
            pub(super) fn new(list: Option<Reader<'m>>) -> Self {
                match list {
                    Some(mut reader) => Self { left: reader.len(), reader },
                    None => Self { left: 0, reader: Reader(&[]) },
                }
            }

            /// Whether there is none.
            pub fn is_empty(&self) -> bool {
                self.left == 0
            }
        }

        impl<'m> Iterator for $name<'m> {
            type Item = $item<'m>;

            fn next(&mut self) -> Option<$item<'m>> {
                self.left = self.left.checked_sub(1)?;
                Some($read(&mut self.reader))
            }
        }
    };
}

list! {
    /// Sensor reports.
    Sensors, Sensor, sensor
}
list! {
    /// Documents.
    Documents, Document, document
}
