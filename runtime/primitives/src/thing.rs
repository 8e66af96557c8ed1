//! What an action names: serialised items and assets, logistic units, quantities of lots,
//! and things of which nothing but a name is known.

use crate::amount::Amount;
use crate::bounded::Text;
use crate::gs1::{Giai, GraiType, Gtin, LotNumber, Serial, Sscc};
use parity_scale_codec::{Decode, Encode, Error, Input};

/// A URI that is no GS1 key, taken as it is.
pub type Uri = Text<255>;

/// What serials are counted along: one product, or one kind of returnable asset.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum Line {
    /// Items of a product: SGTIN.
    #[codec(index = 0)]
    Product(Gtin),
    /// Returnable assets of a type: GRAI without its serial, 13 digits with the check digit.
    #[codec(index = 1)]
    Returnable(GraiType),
}

/// One thing with a record of its own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum ThingId {
    /// A serialised item or returnable asset.
    #[codec(index = 0)]
    Item {
        /// Product or asset type.
        line: Line,
        /// Its serial.
        serial: Serial,
    },
    /// An individual asset.
    #[codec(index = 1)]
    Asset(Giai),
    /// A logistic unit.
    #[codec(index = 2)]
    Unit(Sscc),
    /// A thing that is known by a URI alone; always external.
    #[codec(index = 3)]
    Opaque(Uri),
}

/// Neighbouring serials of a line: `count` of them from `first`, which is numeric when
/// there is more than one; all of them have as many digits as the first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode)]
pub struct Run {
    line: Line,
    first: Serial,
    count: u64,
}

impl Run {
    /// `None` if the count is 0, the serial is text and the count above 1, or the last
    /// serial would need another digit.
    pub fn new(line: Line, first: Serial, count: u64) -> Option<Self> {
        let fits = match first.numeric() {
            _ if count == 1 => true,
            None => false,
            Some((digits, value)) => {
                count > 0
                    && value
                        .checked_add(u128::from(count) - 1)
                        .is_some_and(|last| last < 10u128.saturating_pow(u32::from(digits)))
            }
        };
        fits.then_some(Self { line, first, count })
    }

    /// A single item.
    pub fn single(line: Line, serial: Serial) -> Self {
        Self {
            line,
            first: serial,
            count: 1,
        }
    }

    /// The product or asset type.
    pub fn line(&self) -> Line {
        self.line
    }

    /// The first serial.
    pub fn first(&self) -> &Serial {
        &self.first
    }

    /// How many serials, at least one.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl Decode for Run {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let (line, first, count) = Decode::decode(input)?;
        Self::new(line, first, count)
            .ok_or_else(|| Error::from("serials of a run don't fit their digits"))
    }
}

/// A lot of a product: GTIN and lot number, LGTIN.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub struct LotId {
    /// The product.
    pub gtin: Gtin,
    /// The lot or batch.
    pub lot: LotNumber,
}

/// A thing or quantity that an action names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum Thing {
    /// Serialised items, one or a range.
    #[codec(index = 0)]
    Run {
        /// The serials.
        run: Run,
        /// The lot that the identifier claims (`/10/L` before `/21/S`), checked against the record.
        lot: Option<LotNumber>,
    },
    /// An individual asset.
    #[codec(index = 1)]
    Asset(Giai),
    /// A logistic unit with all that it holds.
    #[codec(index = 2)]
    Unit(Sscc),
    /// A URI that is no GS1 key.
    #[codec(index = 3)]
    Opaque(Uri),
    /// A quantity of a lot.
    #[codec(index = 4)]
    Lot {
        /// Which lot.
        id: LotId,
        /// How much of it.
        amount: Amount,
    },
    /// A class without a balance (GTIN, lot without amount, pattern): it can be observed,
    /// nothing else. The canonical identifier and, where given, the amount.
    #[codec(index = 5)]
    Class {
        /// Canonical Digital Link or EPC pattern.
        id: Uri,
        /// As stated, not accounted for.
        amount: Option<Amount>,
    },
}

impl From<ThingId> for Thing {
    fn from(id: ThingId) -> Self {
        match id {
            ThingId::Item { line, serial } => Self::Run {
                run: Run::single(line, serial),
                lot: None,
            },
            ThingId::Asset(id) => Self::Asset(id),
            ThingId::Unit(id) => Self::Unit(id),
            ThingId::Opaque(id) => Self::Opaque(id),
        }
    }
}

impl Thing {
    /// The one thing with a record that this names, if it names just one.
    pub fn id(&self) -> Option<ThingId> {
        match self {
            Self::Run { run, .. } if run.count == 1 => Some(ThingId::Item {
                line: run.line,
                serial: run.first,
            }),
            Self::Asset(id) => Some(ThingId::Asset(*id)),
            Self::Unit(id) => Some(ThingId::Unit(*id)),
            Self::Opaque(id) => Some(ThingId::Opaque(id.clone())),
            Self::Run { .. } | Self::Lot { .. } | Self::Class { .. } => None,
        }
    }
}
