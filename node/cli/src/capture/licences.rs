//! On a development chain: keys and products come into the registry with their first
//! commission, licensed to the party that signs it. A single key each; what a prefix would
//! be is not guessed.

use super::parties::register;
use crate::dev::accounts;
use crate::failure::Failure;
use crate::node::Node;
use crate::signing;
use marque_client::api::{RegistryBrand, RegistryProduct};
use marque_primitives::Address;
use marque_primitives::action::{Action, LicenceKey, Operation, Registration, Report};
use marque_primitives::bounded::Text;
use marque_primitives::gs1::{Giai, Gtin, Identifier};
use marque_primitives::json::naming;
use marque_primitives::thing::{Line, Thing};
use std::collections::BTreeSet;

/// The keys that were seen to.
#[derive(Default)]
pub struct Licences {
    known: BTreeSet<LicenceKey>,
}

impl Licences {
    /// Registers what a report brings into being, if nobody has it yet.
    pub fn ensure(
        &mut self,
        node: &Node,
        report: &Report,
        account: Address,
    ) -> Result<(), Failure> {
        for key in made(report) {
            if self.known.insert(key.clone()) {
                ensure(node, &key, account)?;
            }
        }
        Ok(())
    }
}

fn ensure(node: &Node, key: &LicenceKey, account: Address) -> Result<(), Failure> {
    let name = match key {
        LicenceKey::Product(gtin) => naming::line_name(&Line::Product(*gtin)),
        LicenceKey::Returnable(grai) => naming::line_name(&Line::Returnable(*grai)),
        LicenceKey::Asset(giai) => asset(*giai),
        LicenceKey::Prefix(_) => return Ok(()),
    };
    let brand = match node.look_up(&RegistryBrand { brand: name })? {
        Some(brand) => brand.address,
        None => {
            let registrar = accounts::secret(accounts::REGISTRAR);
            let licence = Registration::License {
                brand: account,
                key: key.clone(),
            };
            register(node, &registrar, vec![Action::Registry(licence)])?;
            account
        }
    };
    let LicenceKey::Product(gtin) = key else {
        return Ok(());
    };
    let product = RegistryProduct {
        gtin: gtin.to_string(),
    };
    if node.look_up(&product)?.is_some() {
        return Ok(());
    }
    match signing::secret_of(node, brand)? {
        Some(secret) => register(node, &secret, vec![product_of(*gtin)]),
        None => Ok(()),
    }
}

fn asset(giai: Giai) -> String {
    Identifier::Giai(giai).to_canonical()
}

fn product_of(gtin: Gtin) -> Action {
    Action::Registry(Registration::RegisterProduct {
        gtin,
        name: Text::truncated(&format!("GTIN {gtin}")),
        contract: None,
    })
}

/// The keys of what a report commissions or makes.
pub(super) fn made(report: &Report) -> BTreeSet<LicenceKey> {
    let things = report
        .attempts
        .iter()
        .flat_map(|operation| match operation {
            Operation::Commission { items, .. } => items.iter(),
            Operation::Transform { outputs, .. } => outputs.iter(),
            _ => [].iter(),
        });
    things
        .filter_map(|thing| match thing {
            Thing::Run { run, .. } => Some(match run.line() {
                Line::Product(gtin) => LicenceKey::Product(gtin),
                Line::Returnable(grai) => LicenceKey::Returnable(grai),
            }),
            Thing::Asset(giai) => Some(LicenceKey::Asset(*giai)),
            Thing::Lot { id, .. } => Some(LicenceKey::Product(id.gtin)),
            Thing::Unit(_) | Thing::Opaque(_) | Thing::Class { .. } => None,
        })
        .collect()
}
