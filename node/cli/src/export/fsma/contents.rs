//! How much of which lot, and what logistic units hold of them.

use crate::words;
use marque_primitives::amount::Decimal;
use marque_primitives::gs1::{Gtin, Identifier};
use std::collections::{BTreeMap, BTreeSet};

/// An amount of a lot, or of a product whose lot is not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// The canonical name of the lot or class; empty where it is not known.
    pub class: String,
    /// How much; not known if left out.
    pub quantity: Option<Decimal>,
    /// UN/ECE code; `EA` for things that were counted.
    pub unit: String,
}

impl Portion {
    /// Of what is in a unit that nobody told of.
    pub fn unknown() -> Self {
        Self {
            class: String::new(),
            quantity: None,
            unit: String::new(),
        }
    }

    /// The traceability lot code: GTIN and lot number, or the name that the lot has.
    pub fn code(&self) -> String {
        match self.class.parse::<Identifier>() {
            Ok(Identifier::Gtin { .. }) | Err(_) => String::new(),
            Ok(_) => words::compact(&self.class),
        }
    }

    /// The product.
    pub fn gtin(&self) -> Option<Gtin> {
        match self.class.parse::<Identifier>() {
            Ok(Identifier::Lgtin { gtin, .. } | Identifier::Gtin { gtin, .. }) => Some(gtin),
            _ => None,
        }
    }

    /// The quantity in digits.
    pub fn amount(&self) -> String {
        self.quantity.map_or_else(String::new, |it| it.to_string())
    }
}

/// What units hold, by their names.
#[derive(Default)]
pub struct Contents(BTreeMap<String, Held>);

#[derive(Default)]
struct Held {
    portions: Vec<Portion>,
    units: BTreeSet<String>,
}

/// Units nest at most so deep on the ledger.
const MAX_DEPTH: usize = 8;

impl Contents {
    /// Puts portions and units into a unit.
    pub fn pack(&mut self, parent: &str, portions: &[Portion], units: &[String]) {
        let held = self.0.entry(parent.to_owned()).or_default();
        held.units.extend(units.iter().cloned());
        add(&mut held.portions, portions);
    }

    /// Takes portions and units out; everything if none is named.
    pub fn unpack(&mut self, parent: &str, portions: &[Portion], units: &[String]) {
        if portions.is_empty() && units.is_empty() {
            self.0.remove(parent);
            return;
        }
        let Some(held) = self.0.get_mut(parent) else {
            return;
        };
        held.units.retain(|unit| !units.contains(unit));
        for taken in portions {
            held.portions.retain_mut(|portion| {
                if (&portion.class, &portion.unit) != (&taken.class, &taken.unit) {
                    return true;
                }
                let left = portion.quantity.zip(taken.quantity);
                portion.quantity = left.and_then(|(held, taken)| held.checked_sub(taken));
                portion.quantity.is_some_and(Decimal::is_positive)
            });
        }
    }

    /// What a unit holds, with what the units in it hold.
    pub fn of(&self, unit: &str) -> Vec<Portion> {
        let mut all = Vec::new();
        self.gather(unit, MAX_DEPTH, &mut all);
        all
    }

    fn gather(&self, unit: &str, levels: usize, all: &mut Vec<Portion>) {
        let (Some(held), Some(levels)) = (self.0.get(unit), levels.checked_sub(1)) else {
            return;
        };
        add(all, &held.portions);
        for unit in &held.units {
            self.gather(unit, levels, all);
        }
    }
}

/// Adds portions, each lot and unit of measure once.
fn add(to: &mut Vec<Portion>, portions: &[Portion]) {
    for portion in portions {
        let same =
            |known: &&mut Portion| (&known.class, &known.unit) == (&portion.class, &portion.unit);
        match to.iter_mut().find(same) {
            Some(known) => {
                let both = known.quantity.zip(portion.quantity);
                known.quantity = both.and_then(|(a, b)| a.checked_add(b));
            }
            None => to.push(portion.clone()),
        }
    }
}
