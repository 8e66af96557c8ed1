//! What the node knows of the numbers in an event; each is asked for once.

use super::contents::Portion;
use crate::failure::Failure;
use crate::node::Node;
use crate::words;
use marque_client::api::RegistryProduct;
use marque_primitives::gs1::{Gtin, Identifier, LotNumber, Serial};
use marque_primitives::thing::{Line, Run, Thing};
use std::cell::RefCell;
use std::collections::BTreeMap;

pub struct Registry<'a> {
    node: &'a Node,
    places: RefCell<BTreeMap<String, String>>,
    products: RefCell<BTreeMap<Gtin, String>>,
    /// Items that share a record share their lot.
    runs: RefCell<Vec<(Run, Option<LotNumber>)>>,
}

impl<'a> Registry<'a> {
    pub fn new(node: &'a Node) -> Self {
        Self {
            node,
            places: RefCell::default(),
            products: RefCell::default(),
            runs: RefCell::default(),
        }
    }

    /// A place or party by its number, and the name that it registered.
    pub fn place(&self, name: Option<&str>) -> Result<String, Failure> {
        let Some(name) = name else {
            return Ok(String::new());
        };
        if let Some(known) = self.places.borrow().get(name) {
            return Ok(known.clone());
        }
        let described = match name.parse::<Identifier>() {
            Ok(Identifier::Sgln { gln, .. } | Identifier::Pgln(gln)) => {
                match self.node.party(&gln.to_string())? {
                    Some(party) => named(&party.name, "GLN", &gln.to_string()),
                    None => named("", "GLN", &gln.to_string()),
                }
            }
            _ => words::compact(name),
        };
        let mut places = self.places.borrow_mut();
        Ok(places.entry(name.to_owned()).or_insert(described).clone())
    }

    /// A product by its registered name and its number.
    pub fn product(&self, portion: &Portion) -> Result<String, Failure> {
        let Some(gtin) = portion.gtin() else {
            return Ok(String::new());
        };
        if let Some(known) = self.products.borrow().get(&gtin) {
            return Ok(known.clone());
        }
        let asked = RegistryProduct {
            gtin: gtin.to_string(),
        };
        let described = match self.node.look_up(&asked)? {
            Some(product) => named(&product.name, "GTIN", &gtin.to_string()),
            None => named("", "GTIN", &gtin.to_string()),
        };
        let mut products = self.products.borrow_mut();
        Ok(products.entry(gtin).or_insert(described).clone())
    }

    /// The lot that an item belongs to by its record.
    pub fn lot_of(&self, gtin: Gtin, serial: Serial) -> Result<Option<LotNumber>, Failure> {
        let known = self.runs.borrow();
        if let Some((_, lot)) = known.iter().find(|(run, _)| has(run, gtin, &serial)) {
            return Ok(*lot);
        }
        drop(known);
        let id = Identifier::Sgtin {
            gtin,
            serial,
            lot: None,
            variant: None,
        };
        let item = self
            .node
            .wait(self.node.client().item(&id.to_canonical()))?;
        let (run, lot) = match item {
            Some(item) => match item.run {
                Thing::Run { run, .. } => (run, item.lot),
                _ => return Ok(item.lot),
            },
            None => (Run::single(Line::Product(gtin), serial), None),
        };
        self.runs.borrow_mut().push((run, lot));
        Ok(lot)
    }
}

/// A registered name and the number, which may be all of the name.
fn named(name: &str, kind: &str, number: &str) -> String {
    match name.is_empty() || name.contains(number) {
        true => format!("{kind} {number}"),
        false => format!("{name} ({kind} {number})"),
    }
}

fn has(run: &Run, gtin: Gtin, serial: &Serial) -> bool {
    if run.line() != Line::Product(gtin) {
        return false;
    }
    match (run.first().numeric(), serial.numeric()) {
        (Some((digits, first)), Some((same, value))) if digits == same => value
            .checked_sub(first)
            .is_some_and(|after| after < u128::from(run.count())),
        _ => run.first() == serial,
    }
}
