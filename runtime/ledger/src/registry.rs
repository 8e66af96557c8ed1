//! Parties, licences, products, keys and grants. Nothing is inferred from digits: only
//! what the registrar and the licensees recorded counts.

use crate::kernel::Kernel;
use crate::scope;
use crate::stop::{Do, overflow, refuse};
use crate::validity::parameters;
use marque_primitives::action::{LicenceKey, Name, Note, PartyRef, RecallId, Registration, Scope};
use marque_primitives::bounded::List;
use marque_primitives::gs1::{CompanyPrefix, Gln, Gtin};
use marque_primitives::record::{Contract, KeyRecord, Licence, Party, Product, Recall};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::{Address, key};

impl Kernel<'_, '_> {
    /// Records what the registry is told, by whom may tell it. `own` is the scope of the
    /// signing key, unless it is the account's own.
    pub(crate) fn register(&mut self, registration: &Registration, own: Option<&Scope>) -> Do<()> {
        match registration {
            Registration::RegisterParty {
                account,
                name,
                locations,
            } => self.register_party(account, name, locations),
            Registration::License { brand, key } => self.license(*brand, key),
            Registration::RegisterProduct {
                gtin,
                name,
                contract,
            } => self.register_product(*gtin, name, *contract),
            Registration::Appoint {
                gtin,
                party,
                dismiss,
            } => self.appoint(*gtin, *party, *dismiss),
            Registration::AuthorizeKey { key, scope } => self.authorize_key(*key, scope, own),
            Registration::RevokeKey { key } => self.revoke_key(*key, own),
            Registration::GrantObserver {
                party,
                gtin,
                revoke,
            } => self.grant_observer(*party, *gtin, *revoke),
            Registration::Acknowledge { recall, note } => self.acknowledge(*recall, note),
            Registration::IssueCredential {
                subject,
                kind,
                number,
                from,
                until,
            } => self.issue_credential(*subject, kind, number, *from, *until),
            Registration::RevokeCredential { subject, kind } => {
                self.revoke_credential(*subject, kind)
            }
        }
    }

    fn check_registrar(&mut self) -> Do<()> {
        let registrar = parameters(self.state)?.registrar;
        if self.account() != registrar {
            return refuse(
                Invariant::NotRegistrar,
                &format!("the registrar is {registrar}"),
            );
        }
        Ok(())
    }

    fn register_party(
        &mut self,
        account: &Address,
        name: &Name,
        locations: &List<Gln, 64>,
    ) -> Do<()> {
        self.check_registrar()?;
        let own = key::party(account);
        let before: Option<Party> = self.state.get("party", &own)?;
        let mut sorted: List<Gln, 64> = List::default();
        for gln in locations {
            sorted.insert_sorted(*gln).map_err(|_| overflow())?;
            let holder: Option<Address> = self.state.get("location", &key::location(gln))?;
            if holder.is_some_and(|holder| holder != *account) {
                let refusal = Refusal::kernel(
                    Invariant::LocationTaken,
                    &format!("{gln} stands for another party"),
                );
                return Err(refusal.field("locations").into());
            }
            self.state.put(&key::location(gln), account)?;
        }
        for gln in before.iter().flat_map(|party| party.locations.iter()) {
            if sorted.binary_search(gln).is_err() {
                self.state.remove(&key::location(gln))?;
            }
        }
        self.state.put(
            &own,
            &Party {
                name: name.clone(),
                locations: sorted,
            },
        )
    }

    fn license(&mut self, brand: Address, licensed: &LicenceKey) -> Do<()> {
        self.check_registrar()?;
        let own = key::licence(licensed);
        let before: Option<Licence> = self.state.get("licence", &own)?;
        if before.is_some_and(|licence| licence.brand != brand) {
            return overlap("another brand has that licence");
        }
        match licensed {
            LicenceKey::Prefix(prefix) => self.check_prefix_free(*prefix, brand)?,
            LicenceKey::Product(gtin) if gtin.is_restricted() => {
                let message = format!(
                    "{gtin} is for restricted circulation: it means another thing in every shop"
                );
                return Err(Refusal::kernel(Invariant::RestrictedGtin, &message)
                    .field("key")
                    .into());
            }
            LicenceKey::Product(gtin) => {
                let holder = self.product_licensee(*gtin)?;
                check_holder(holder, brand)?;
            }
            LicenceKey::Returnable(grai) => {
                let holder = self.licensee_of(None, grai)?;
                check_holder(holder, brand)?;
            }
            LicenceKey::Asset(giai) => {
                let holder = self.licensee_of(None, giai)?;
                check_holder(holder, brand)?;
            }
        }
        self.state.put(&own, &Licence { brand })
    }

    /// No licensed prefix begins another, whoever holds it.
    fn check_prefix_free(&mut self, prefix: CompanyPrefix, brand: Address) -> Do<()> {
        let own = key::licence_prefix(prefix);
        let longer = self.state.under(&own, 2)?;
        if longer.iter().any(|(found, _)| *found != own) {
            return overlap("a licensed prefix begins with it");
        }
        let digits = prefix.to_string();
        for len in usize::from(CompanyPrefix::MIN_LEN)..digits.len() {
            let Some(Ok(shorter)) = digits.get(..len).map(CompanyPrefix::new) else {
                continue;
            };
            if self.state.bytes(&key::licence_prefix(shorter))?.is_some() {
                return overlap(&format!("it begins with the licensed prefix {shorter}"));
            }
        }
        // The same brand may be told of its licence again.
        let before: Option<Licence> = self.state.get("licence", &own)?;
        check_holder(before.map(|licence| licence.brand), brand)
    }

    fn register_product(&mut self, gtin: Gtin, name: &Name, contract: Option<Address>) -> Do<()> {
        if gtin.is_restricted() {
            let message = format!(
                "{gtin} is for restricted circulation: it means another thing in every shop"
            );
            return Err(Refusal::kernel(Invariant::RestrictedGtin, &message)
                .field("gtin")
                .into());
        }
        let account = self.account();
        if self.product_licensee(gtin)? != Some(account) {
            let refusal = Refusal::kernel(
                Invariant::NotLicensed,
                &format!("{gtin} is not licensed to {account}"),
            );
            return Err(refusal.field("gtin").into());
        }
        if let Some(contract) = contract
            && self
                .state
                .get::<Contract>("contract", &key::contract(&contract))?
                .is_none()
        {
            let refusal = Refusal::kernel(
                Invariant::UnknownContract,
                &format!("there is no contract {contract}"),
            );
            return Err(refusal.field("contract").into());
        }
        let product = match self.state.product(gtin)? {
            Some(product) => Product {
                brand: account,
                name: name.clone(),
                contract,
                ..product
            },
            None => Product {
                brand: account,
                name: name.clone(),
                contract,
                commissioners: List::default(),
                recalls: List::default(),
            },
        };
        self.state.put(&key::product(gtin), &product)
    }

    fn appoint(&mut self, gtin: Gtin, party: PartyRef, dismiss: bool) -> Do<()> {
        let party = self.resolve(party, "party")?;
        let Some(mut product) = self.state.product(gtin)? else {
            return refuse(
                Invariant::UnknownProduct,
                &format!("product {gtin} is not registered"),
            );
        };
        if product.brand != self.account() {
            return refuse(
                Invariant::NotLicensed,
                &format!("{gtin} is not licensed to the account"),
            );
        }
        if dismiss {
            product.commissioners.remove_sorted(&party);
        } else if product.commissioners.insert_sorted(party).is_err() {
            return refuse(Invariant::Shape, "a product has at most 64 commissioners");
        }
        self.state.put(&key::product(gtin), &product)
    }

    fn authorize_key(&mut self, new: Address, granted: &Scope, own: Option<&Scope>) -> Do<()> {
        scope::check_grant(own, granted)?;
        if let Some(held) = self.scope_of(&new)? {
            // Another scope in its place takes away what it had.
            scope::check_grant(own, &held)?;
        }
        let record = KeyRecord {
            scope: granted.clone(),
            revoked: false,
        };
        self.state
            .put(&key::account_key(&self.account(), &new), &record)
    }

    fn revoke_key(&mut self, revoked: Address, own: Option<&Scope>) -> Do<()> {
        let account = self.account();
        let Some(held) = self.scope_of(&revoked)? else {
            return refuse(
                Invariant::KeyUnknown,
                &format!("{revoked} is not a key of {account}"),
            );
        };
        scope::check_grant(own, &held)?;
        self.state.put(
            &key::account_key(&account, &revoked),
            &KeyRecord {
                scope: held,
                revoked: true,
            },
        )
    }

    /// What a key may sign for the account, if it is one of its keys. The account's own key
    /// has every right until it is changed.
    fn scope_of(&mut self, signer: &Address) -> Do<Option<Scope>> {
        let account = self.account();
        let record: Option<KeyRecord> =
            self.state.get("key", &key::account_key(&account, signer))?;
        Ok(match record {
            Some(record) => (!record.revoked).then_some(record.scope),
            None if *signer == account => Some(Scope {
                administer: true,
                ..Scope::default()
            }),
            None => None,
        })
    }

    fn grant_observer(&mut self, party: PartyRef, gtin: Option<Gtin>, revoke: bool) -> Do<()> {
        let party = self.resolve(party, "party")?;
        if let Some(gtin) = gtin {
            let product = self.state.product(gtin)?;
            if product.is_none_or(|product| product.brand != self.account()) {
                return refuse(
                    Invariant::NotLicensed,
                    &format!("{gtin} is not a product of the account"),
                );
            }
        }
        let leaf = key::observer(&self.account(), gtin, &party);
        if revoke {
            self.state.remove(&leaf)
        } else {
            self.state.put_bytes(&leaf, Vec::new())
        }
    }

    fn acknowledge(&mut self, id: RecallId, note: &Note) -> Do<()> {
        let Some(mut recall) = self.state.get::<Recall>("recall", &key::recall(id))? else {
            return refuse(
                Invariant::NotRecalling,
                &format!("there is no recall {}", id.0),
            );
        };
        let leaf = key::acknowledgement(id, &self.account());
        if self.state.bytes(&leaf)?.is_none() {
            recall.acknowledged = recall.acknowledged.checked_add(1).ok_or_else(overflow)?;
            self.state.put(&key::recall(id), &recall)?;
        }
        self.state.put(&leaf, note)
    }
}

fn check_holder(holder: Option<Address>, brand: Address) -> Do<()> {
    match holder {
        Some(holder) if holder != brand => overlap("its prefix is licensed to another brand"),
        _ => Ok(()),
    }
}

fn overlap<T>(message: &str) -> Do<T> {
    Err(Refusal::kernel(Invariant::LicenceOverlap, message)
        .field("key")
        .into())
}
