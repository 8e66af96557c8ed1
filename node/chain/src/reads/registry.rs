//! Lists of what is registered.

use marque_primitives::Address;
use marque_primitives::action::{LicenceKey, RecallId};
use marque_primitives::credential::CredentialKind;
use marque_primitives::gs1::{CompanyPrefix, Giai, GraiType, Gtin};
use marque_primitives::key::{self, Space};
use marque_primitives::record::{Contract, Credential, Licence, Party, Product, Recall};
use marque_state::prefix_end;
use parity_scale_codec::{Decode, DecodeAll};

use super::{Page, PageRequest, Reader};
use crate::error::ChainError;
use crate::index::Relation;

/// Which entries of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Only this brand's.
    pub brand: Option<Address>,
    /// Of products: only those that the contract rules.
    pub contract: Option<Address>,
}

/// An entry of a list: by what it is known, and its record.
pub type Listed<K, V> = (K, V);

/// What an issuer says of a party, under one kind.
pub type Stated = Listed<(Address, CredentialKind), Credential>;

impl Reader {
    /// Products by GTIN.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], or when the store fails; so for every list.
    pub fn products(
        &self,
        filter: &ListFilter,
        page: &PageRequest,
    ) -> Result<Page<Listed<Gtin, Product>>, ChainError> {
        let number = |key: &[u8]| Gtin::from_u64(u64::from_be_bytes(key.try_into().ok()?)).ok();
        let listed = match (filter.contract, filter.brand) {
            (Some(contract), _) => self.list(
                Space::Product,
                Some((Relation::Governs, contract)),
                page,
                number,
            )?,
            (None, brand) => self.list(Space::Product, by_brand(brand), page, number)?,
        };
        Ok(listed)
    }

    /// Contracts by address.
    ///
    /// # Errors
    /// See [`Reader::products`].
    pub fn contracts(
        &self,
        filter: &ListFilter,
        page: &PageRequest,
    ) -> Result<Page<Listed<Address, Contract>>, ChainError> {
        self.list(Space::Contract, by_brand(filter.brand), page, address)
    }

    /// Parties by account.
    ///
    /// # Errors
    /// See [`Reader::products`].
    pub fn parties(&self, page: &PageRequest) -> Result<Page<Listed<Address, Party>>, ChainError> {
        self.list(Space::Party, None, page, address)
    }

    /// Licences of prefixes.
    ///
    /// # Errors
    /// See [`Reader::products`].
    pub fn prefix_licences(
        &self,
        filter: &ListFilter,
        page: &PageRequest,
    ) -> Result<Page<Listed<LicenceKey, Licence>>, ChainError> {
        let prefix = |key: &[u8]| {
            CompanyPrefix::new(str::from_utf8(key).ok()?)
                .ok()
                .map(LicenceKey::Prefix)
        };
        self.list(Space::LicencePrefix, by_brand(filter.brand), page, prefix)
    }

    /// Licences of single keys.
    ///
    /// # Errors
    /// See [`Reader::products`].
    pub fn key_licences(
        &self,
        filter: &ListFilter,
        page: &PageRequest,
    ) -> Result<Page<Listed<LicenceKey, Licence>>, ChainError> {
        self.list(Space::LicenceKey, by_brand(filter.brand), page, licence_key)
    }

    /// Recalls, open and lifted, by number.
    ///
    /// # Errors
    /// See [`Reader::products`].
    pub fn recalls(
        &self,
        filter: &ListFilter,
        page: &PageRequest,
    ) -> Result<Page<Listed<RecallId, Recall>>, ChainError> {
        let number = |key: &[u8]| Some(RecallId(u64::from_be_bytes(key.try_into().ok()?)));
        self.list(Space::Recall, by_brand(filter.brand), page, number)
    }

    /// What parties say of another, by issuer and kind; of one issuer alone if it is named, so
    /// that nothing which others say stands before it.
    ///
    /// # Errors
    /// See [`Reader::products`].
    pub fn credentials(
        &self,
        subject: &Address,
        issuer: Option<&Address>,
        page: &PageRequest,
    ) -> Result<Page<Stated>, ChainError> {
        let (tag, prefix) = (Space::Credential as u8, key::credentials(subject, issuer));
        let after: Option<Vec<u8>> = page.resume(tag)?;
        if after
            .as_ref()
            .is_some_and(|after| !after.starts_with(&prefix))
        {
            return Err(ChainError::BadCursor);
        }
        let from = after.map_or(prefix.clone(), |after| [after.as_slice(), &[0]].concat());
        let wanted = page.limit().saturating_add(1);
        let leaves = self
            .view()
            .scan(&from, prefix_end(&prefix).as_deref(), wanted)?;
        let found = leaves.into_iter().map(|(key, value)| {
            let name = key::parse_credential(&key).ok_or_else(|| self.damaged_leaf())?;
            let value = Credential::decode_all(&mut value.as_slice());
            let value = value.map_err(|_| self.damaged_leaf())?;
            Ok((key, (name, value)))
        });
        let found = found.collect::<Result<Vec<_>, ChainError>>()?;
        Ok(Page::cut(found, page.limit(), tag))
    }

    fn damaged_leaf(&self) -> ChainError {
        ChainError::Damaged {
            height: self.head().height().0,
            what: "a listed leaf does not decode",
        }
    }

    /// Leaves of a kind in order of their keys, all of them or those that a relation leads to.
    fn list<K, V: Decode>(
        &self,
        space: Space,
        through: Option<(Relation, Address)>,
        page: &PageRequest,
        parse: impl Fn(&[u8]) -> Option<K>,
    ) -> Result<Page<Listed<K, V>>, ChainError> {
        let after: Option<Vec<u8>> = page.resume(space as u8)?;
        let (prefix, limit) = ([space as u8], page.limit());
        if after
            .as_ref()
            .is_some_and(|after| !after.starts_with(&prefix))
        {
            return Err(ChainError::BadCursor);
        }
        let wanted = limit.saturating_add(1);
        let leaves = match through {
            Some((relation, from)) => {
                let keys = self.linked(relation, &from.0, &prefix, after.as_deref(), wanted)?;
                let leaf = |key: Vec<u8>| Ok(self.view().get(&key)?.map(|value| (key, value)));
                keys.into_iter()
                    .filter_map(|key| leaf(key).transpose())
                    .collect::<Result<Vec<_>, ChainError>>()?
            }
            None => {
                let from = after.map_or(prefix.to_vec(), |after| [after.as_slice(), &[0]].concat());
                self.view()
                    .scan(&from, prefix_end(&prefix).as_deref(), wanted)?
            }
        };
        let damaged = || self.damaged_leaf();
        let mut found = Vec::new();
        for (key, value) in leaves {
            let name = key.get(1..).and_then(&parse).ok_or_else(damaged)?;
            let value = V::decode_all(&mut value.as_slice()).map_err(|_| damaged())?;
            found.push((key, (name, value)));
        }
        Ok(Page::cut(found, limit, space as u8))
    }
}

fn by_brand(brand: Option<Address>) -> Option<(Relation, Address)> {
    brand.map(|brand| (Relation::BrandOf, brand))
}

fn address(key: &[u8]) -> Option<Address> {
    key.try_into().ok().map(Address)
}

/// What stands behind the first byte of a single licence's key: see [`key::licence`].
fn licence_key(own: &[u8]) -> Option<LicenceKey> {
    let number = |bytes: &[u8]| Some(u64::from_be_bytes(bytes.try_into().ok()?));
    let (_, rest) = own.split_first()?;
    let candidates = [
        number(rest)
            .and_then(|number| Gtin::from_u64(number).ok())
            .map(LicenceKey::Product),
        number(rest)
            .and_then(|number| GraiType::from_u64(number).ok())
            .map(LicenceKey::Returnable),
        str::from_utf8(rest)
            .ok()
            .and_then(|text| Giai::new(text).ok())
            .map(LicenceKey::Asset),
    ];
    // Writing a licence's key is the one description of it.
    let same = |licence: &LicenceKey| key::licence(licence).get(1..) == Some(own);
    candidates.into_iter().flatten().find(same)
}
