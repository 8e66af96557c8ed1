//! On a development chain: keys and products come into the registry with their first
//! commission, licensed to the party that signs it. A single key each; what a prefix would
//! be is not guessed.

use super::parties::register;
use crate::dev::accounts;
use crate::failure::Failure;
use crate::node::{Node, PAGE};
use crate::signing;
use marque_client::api::{
    Licence, Registered, RegistryBrand, RegistryKind, RegistryList, RegistryProduct,
};
use marque_primitives::Address;
use marque_primitives::action::{Action, LicenceKey, Operation, Registration, Report};
use marque_primitives::bounded::Text;
use marque_primitives::gs1::{CompanyPrefix, Giai, Gtin, Identifier};
use marque_primitives::json::naming;
use marque_primitives::thing::{Line, Thing};
use std::collections::BTreeSet;

/// Who has which key, as far as it was asked for.
#[derive(Default)]
pub struct Licences {
    seen_to: BTreeSet<LicenceKey>,
    /// All prefixes; those that are licensed while documents are captured are not ours.
    prefixes: Option<Vec<(CompanyPrefix, Address)>>,
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
            if self.seen_to.insert(key.clone()) {
                self.ensure_key(node, &key, account)?;
            }
        }
        Ok(())
    }

    fn ensure_key(
        &mut self,
        node: &Node,
        key: &LicenceKey,
        account: Address,
    ) -> Result<(), Failure> {
        let brand = match self.brand(node, key)? {
            Some(brand) => brand,
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
        if brand != account || node.look_up(&product)?.is_some() {
            return Ok(());
        }
        match signing::secret_of(node, brand)? {
            Some(secret) => register(node, &secret, vec![product_of(*gtin)]),
            None => Ok(()),
        }
    }

    /// Whose a key is: by itself, or by a prefix.
    fn brand(&mut self, node: &Node, key: &LicenceKey) -> Result<Option<Address>, Failure> {
        let covered = |prefix: &CompanyPrefix| match key {
            LicenceKey::Product(gtin) => prefix.matches(gtin),
            LicenceKey::Returnable(grai) => prefix.matches(grai),
            LicenceKey::Asset(giai) => prefix.matches(giai),
            LicenceKey::Prefix(other) => prefix.overlaps(*other),
        };
        if self.prefixes.is_none() {
            self.prefixes = Some(prefixes(node)?);
        }
        let mut prefixes = self.prefixes.iter().flatten();
        if let Some((_, brand)) = prefixes.find(|(prefix, _)| covered(prefix)) {
            return Ok(Some(*brand));
        }
        let brand = match key {
            LicenceKey::Product(gtin) => naming::line_name(&Line::Product(*gtin)),
            LicenceKey::Returnable(grai) => naming::line_name(&Line::Returnable(*grai)),
            LicenceKey::Asset(giai) => asset(*giai),
            LicenceKey::Prefix(prefix) => prefix.to_string(),
        };
        let found = node.look_up(&RegistryBrand { brand })?;
        Ok(found.map(|brand| brand.address))
    }
}

fn prefixes(node: &Node) -> Result<Vec<(CompanyPrefix, Address)>, Failure> {
    let licences = node.all(|cursor| RegistryList {
        kind: RegistryKind::Licences,
        account: None,
        cursor,
        limit: Some(PAGE),
    })?;
    let prefix = |entry: Registered| match entry {
        Registered::Licence(Licence {
            brand,
            key: LicenceKey::Prefix(prefix),
        }) => Some((prefix, brand)),
        _ => None,
    };
    Ok(licences.into_iter().filter_map(prefix).collect())
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
