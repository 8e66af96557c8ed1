//! Facts, sensor reports and documents, read where they lie.

use crate::bytes::{Reader, foreign};
use marque_primitives::{Decimal, TimeMs};

/// A named fact's value; see [`marque_primitives::detail::FactValue`].
///
/// ```
/// use marque_sdk::primitives::detail::FactValue;
/// use marque_sdk::{native::given, prelude::*};
///
/// /// The catch's weight in kilograms, where it is stated in them.
/// fn kilograms(movement: &Movement) -> Option<Decimal> {
///     match movement.fact("catchWeight") {
///         Some(Fact::Decimal(value, Some("KGM"))) => Some(value),
///         _ => None,
///     }
/// }
/// let weight = |unit: &str| FactValue::Decimal { value: decimal("12.5"), unit: unit.try_into().ok() };
/// let mut landing = given::movement(Kind::Commission);
/// landing.detail.evidence = given::facts(&[("catchWeight", weight("KGM"))]);
/// assert_eq!(kilograms(&given::read(&landing)), Some(decimal("12.5")));
/// landing.detail.evidence = given::facts(&[("catchWeight", weight("LBR"))]);
/// assert_eq!(kilograms(&given::read(&landing)), None);
/// ```
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
///
/// ```
/// use marque_sdk::primitives::detail::Sensor;
/// use marque_sdk::{native::given, prelude::*};
///
/// let report = Sensor {
///     kind: "Temperature".try_into().unwrap(),
///     unit: "CEL".try_into().ok(),
///     max: Some(decimal("6.1")),
///     ..Sensor::default()
/// };
/// let mut receipt = given::movement(Kind::Accept);
/// receipt.detail.evidence = given::sensors(&[report]);
/// let receipt = given::read(&receipt);
/// let read = receipt.sensors().next().unwrap();
/// assert_eq!((read.kind, read.unit, read.max), ("Temperature", Some("CEL"), Some(decimal("6.1"))));
/// assert!(!read.alarm && read.min.is_none());
/// ```
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
    ///
    /// ```
    /// use marque_sdk::primitives::detail::Sensor;
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let kind = "https://gs1.org/voc/Temperature".try_into().unwrap();
    /// let mut receipt = given::movement(Kind::Accept);
    /// receipt.detail.evidence = given::sensors(&[Sensor { kind, ..Sensor::default() }]);
    /// let receipt = given::read(&receipt);
    /// assert!(receipt.sensors().all(|sensor| sensor.property() == "Temperature"));
    /// assert!(!receipt.sensors().is_empty());
    /// ```
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
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut offer = given::movement(Kind::Offer);
/// offer.detail.evidence = given::documents(&[("po", "urn:epcglobal:cbv:bt:9506000134352:77")]);
/// let offer = given::read(&offer);
/// let order = offer.documents().find(|document| document.kind == "po");
/// assert!(order.is_some_and(|order| order.id.ends_with(":77")));
/// ```
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
            ///
            /// ```
            /// use marque_sdk::{native::given, prelude::*};
            ///
            /// let mut offer = given::movement(Kind::Offer);
            /// let bare = given::read(&offer);
            /// assert!(bare.sensors().is_empty() && bare.documents().is_empty());
            /// offer.detail.evidence = given::documents(&[("po", "urn:x:1")]);
            /// assert!(!given::read(&offer).documents().is_empty());
            /// ```
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
    ///
    /// ```
    /// use marque_sdk::primitives::detail::Sensor;
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let read = |kind: &str, max| Sensor { kind: kind.try_into().unwrap(), max, ..Sensor::default() };
    /// let reports = [read("Temperature", Some(decimal("3.9"))), read("Humidity", None)];
    /// let mut receipt = given::movement(Kind::Accept);
    /// receipt.detail.evidence = given::sensors(&reports);
    /// let warmest = given::read(&receipt).sensors().filter_map(|sensor| sensor.max).max();
    /// assert_eq!(warmest, Some(decimal("3.9")));
    /// ```
    Sensors, Sensor, sensor
}
list! {
    /// Documents.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.detail.evidence = given::documents(&[("po", "urn:x:1"), ("desadv", "urn:x:2")]);
    /// let offer = given::read(&offer);
    /// let kinds: Vec<&str> = offer.documents().map(|document| document.kind).collect();
    /// assert_eq!(kinds, ["po", "desadv"]);
    /// ```
    Documents, Document, document
}
