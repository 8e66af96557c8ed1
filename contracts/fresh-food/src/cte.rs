//! Critical tracking events and their key data elements: 21 CFR Part 1, Subpart S, as GS1
//! US maps them to EPCIS ("Application of GS1 System of Standards to Support FSMA 204").
//!
//! What the ledger always has is not asked for: the product's description stands with its
//! GTIN, quantity and unit with the line, dates with the movement, giver and receiver with
//! the accounts. The traceability lot code is the lot of the line; its source is where the
//! lot was packed, landed or made, which the contract remembers. Before that a lot has no
//! code in the regulation's sense, and its shipments and receipts are outside of it
//! (1.1340(c), 1.1345(c)).

use self::Cte::{
    Cooling, FirstLandBasedReceiving, Harvesting, InitialPacking, Receiving, Shipping,
    Transformation,
};
use marque_sdk::prelude::*;

/// A critical tracking event (21 CFR 1.1310).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cte {
    /// 21 CFR 1.1325(a).
    Harvesting,
    /// 21 CFR 1.1325(b).
    Cooling,
    /// 21 CFR 1.1330.
    InitialPacking,
    /// 21 CFR 1.1335.
    FirstLandBasedReceiving,
    /// 21 CFR 1.1340.
    Shipping,
    /// 21 CFR 1.1345.
    Receiving,
    /// 21 CFR 1.1350.
    Transformation,
}

/// With which event a product's lots begin.
#[data]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Harvested on a farm.
    Harvested,
    /// Landed from a fishing vessel.
    Landed,
    /// Packed for the first time.
    Packed,
    /// Made of other food.
    Made,
}

/// What the contract remembers of a lot's beginning.
#[data]
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Whether the traceability lot code was assigned: not before initial packing.
    pub coded: bool,
    /// Where that was: the traceability lot code source.
    pub source: Option<Words>,
    /// The farm where it was harvested.
    pub farm: Option<Words>,
    /// When it began.
    pub began: TimeMs,
}

/// A key data element: where the regulation asks for it, what may state it, and where a
/// sender puts it.
struct Element {
    /// The events whose records need it.
    of: &'static [Cte],
    /// Its name, as in facts.
    name: &'static str,
    /// Any of these states it.
    stated: u16,
    /// Or any of these facts.
    facts: &'static [&'static str],
    /// Where to put it.
    field: &'static str,
}

/// What a movement, its line and the lot's beginning state, as bits.
mod stated {
    /// The line has a lot.
    pub const LOT: u16 = 1;
    /// The movement says where it happened.
    pub const PLACE: u16 = 2;
    /// The movement says where the food is thereafter.
    pub const LOCATION: u16 = 4;
    /// It belongs to a document.
    pub const DOCUMENT: u16 = 8;
    /// It names a receiver.
    pub const RECEIVER: u16 = 16;
    /// It names a giver.
    pub const GIVER: u16 = 32;
    /// The lot's code was assigned at a known place.
    pub const SOURCE: u16 = 64;
    /// The lot's farm is known.
    pub const FARM: u16 = 128;
    /// The farms of all that is packed are known.
    pub const HARVEST: u16 = 256;
}

/// The key data elements that are not on the ledger in any case.
const ELEMENTS: &[Element] = &[
    // 1.1330(a)(10), 1.1335(a), 1.1340(a)(1), 1.1345(a)(1), 1.1350(a); a harvester or cooler
    // need not assign it, but here the lot is how later events find the harvest.
    Element {
        of: &[
            Harvesting,
            Cooling,
            InitialPacking,
            FirstLandBasedReceiving,
            Shipping,
            Receiving,
            Transformation,
        ],
        name: "traceabilityLotCode",
        stated: stated::LOT,
        facts: &[],
        field: "lot",
    },
    // 1.1325(a)(1)(iv): the farm where the food was harvested.
    Element {
        of: &[Harvesting],
        name: "farmLocation",
        stated: stated::PLACE,
        facts: &["farmLocation"],
        field: "place",
    },
    // 1.1325(a)(1)(v), (vi): field, growing area, or container.
    Element {
        of: &[Harvesting],
        name: "growingArea",
        stated: stated::LOCATION,
        facts: &["growingArea"],
        field: "location",
    },
    // 1.1325(b)(1)(vi), 1.1330(a)(4): the farm, of food that others harvested.
    Element {
        of: &[Cooling, InitialPacking],
        name: "farmLocation",
        stated: stated::FARM | stated::HARVEST,
        facts: &["farmLocation", "sourceLocation"],
        field: "evidence.facts.farmLocation",
    },
    // 1.1330(a)(7): the date of harvesting.
    Element {
        of: &[InitialPacking],
        name: "harvestDate",
        stated: stated::FARM | stated::HARVEST,
        facts: &["harvestDate", "harvestDateStart"],
        field: "evidence.facts.harvestDate",
    },
    // 1.1335(d): harvest date range and locations of the trip.
    Element {
        of: &[FirstLandBasedReceiving],
        name: "harvestDateStart",
        stated: 0,
        facts: &["harvestDateStart", "harvestDate"],
        field: "evidence.facts.harvestDateStart",
    },
    Element {
        of: &[FirstLandBasedReceiving],
        name: "harvestDateEnd",
        stated: 0,
        facts: &["harvestDateEnd", "harvestDate"],
        field: "evidence.facts.harvestDateEnd",
    },
    Element {
        of: &[FirstLandBasedReceiving],
        name: "catchZone",
        stated: 0,
        facts: &["catchZone"],
        field: "evidence.facts.catchZone",
    },
    // 1.1340(a)(4): the immediate subsequent recipient.
    Element {
        of: &[Shipping],
        name: "recipientLocation",
        stated: stated::RECEIVER,
        facts: &["destinationLocation"],
        field: "to",
    },
    // 1.1345(a)(4): the immediate previous source.
    Element {
        of: &[Receiving],
        name: "sourceLocation",
        stated: stated::GIVER,
        facts: &["sourceLocation"],
        field: "evidence.facts.sourceLocation",
    },
    // 1.1325(b)(1)(iv), 1.1330(a)(13), 1.1335(e), 1.1340(a)(5), 1.1345(a)(5), 1.1350(a)(2)(ii):
    // where it happened.
    Element {
        of: &[
            Cooling,
            InitialPacking,
            FirstLandBasedReceiving,
            Shipping,
            Receiving,
            Transformation,
        ],
        name: "location",
        stated: stated::PLACE | stated::LOCATION,
        facts: &[],
        field: "place",
    },
    // 1.1340(a)(7), 1.1345(a)(7): the traceability lot code source, or a reference to it.
    Element {
        of: &[Shipping, Receiving],
        name: "traceabilityLotCodeSource",
        stated: stated::SOURCE,
        facts: &[
            "traceabilityLotCodeSource",
            "traceabilityLotCodeSourceReference",
        ],
        field: "evidence.facts.traceabilityLotCodeSource",
    },
    // 1.1325(a)(1)(vii), (b)(1)(vii), 1.1330(a)(15), 1.1335(g), 1.1340(a)(8), 1.1345(a)(8),
    // 1.1350(a)(2)(vi): type and number of a reference document.
    Element {
        of: &[
            Harvesting,
            Cooling,
            InitialPacking,
            FirstLandBasedReceiving,
            Shipping,
            Receiving,
            Transformation,
        ],
        name: "referenceDocument",
        stated: stated::DOCUMENT,
        facts: &[],
        field: "evidence.documents",
    },
];

impl Stage {
    /// The event.
    pub fn event(self) -> Cte {
        match self {
            Self::Harvested => Harvesting,
            Self::Landed => FirstLandBasedReceiving,
            Self::Packed => InitialPacking,
            Self::Made => Transformation,
        }
    }
}

impl Cte {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Harvesting => "harvesting",
            Self::Cooling => "cooling",
            Self::InitialPacking => "initial packing",
            Self::FirstLandBasedReceiving => "first land-based receiving",
            Self::Shipping => "shipping",
            Self::Receiving => "receiving",
            Self::Transformation => "transformation",
        }
    }

    /// The section that lists its key data elements.
    pub fn section(self) -> &'static str {
        match self {
            Self::Harvesting => "1.1325(a)",
            Self::Cooling => "1.1325(b)",
            Self::InitialPacking => "1.1330",
            Self::FirstLandBasedReceiving => "1.1335",
            Self::Shipping => "1.1340",
            Self::Receiving => "1.1345",
            Self::Transformation => "1.1350",
        }
    }
}

impl Origin {
    /// Of a lot that begins with this movement, or whose code its receiver assigns.
    pub fn of(cte: Cte, movement: &Movement) -> Self {
        let place = movement.place_name().or_else(|| movement.location_name());
        let coded = cte != Harvesting;
        let (source, farm) = if coded { (place, None) } else { (None, place) };
        Self {
            coded,
            source,
            farm,
            began: movement.time(),
        }
    }
}

/// Whether an observation is the record of cooling. CBV has no step for it; GS1 US
/// recommends `other` with a temperature.
pub fn is_cooling(movement: &Movement) -> bool {
    match movement.step() {
        "cooling" => true,
        "other" => movement
            .sensors()
            .any(|sensor| marque_trade::cold::is_temperature(&sensor)),
        _ => false,
    }
}

/// The names of the key data elements that an event's record lacks, in the table's order,
/// and where the first of them goes; `None` if it is complete.
pub fn missing(
    cte: Cte,
    movement: &Movement,
    line: &Line<'_>,
    origin: Option<&Origin>,
    harvest_known: bool,
) -> Option<(Words, &'static str)> {
    let bit = |there: bool, bit: u16| if there { bit } else { 0 };
    let stated = bit(line.has_lot(), stated::LOT)
        | bit(movement.has_place(), stated::PLACE)
        | bit(movement.has_location(), stated::LOCATION)
        | bit(!movement.documents().is_empty(), stated::DOCUMENT)
        | bit(movement.to().is_some(), stated::RECEIVER)
        | bit(movement.from().is_some(), stated::GIVER)
        | bit(
            origin.is_some_and(|origin| origin.source.is_some()),
            stated::SOURCE,
        )
        | bit(
            origin.is_some_and(|origin| origin.farm.is_some()),
            stated::FARM,
        )
        | bit(harvest_known, stated::HARVEST);
    let mut missing: Option<(Words, &'static str)> = None;
    for element in ELEMENTS.iter().filter(|element| element.of.contains(&cte)) {
        let there = element.stated & stated != 0
            || element.facts.iter().any(|name| movement.has_fact(name));
        match &mut missing {
            _ if there => {}
            Some((names, _)) => {
                names.text(", ");
                names.text(element.name);
            }
            None => missing = Some((element.name.into(), element.field)),
        }
    }
    missing
}
