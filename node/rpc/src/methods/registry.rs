//! `registry_*`: brands, parties and products.

use crate::config::PAGE_MAX;
use crate::context::{Context, page};
use crate::error::{Missing, RpcError};
use crate::names;
use crate::register::{Module, Register as _, Registered};
use crate::sequence::{self, List};
use crate::view;
use marque_chain::ChainError;
use marque_chain::reads::{ListFilter, PageRequest, Reader};
use marque_client::api::{
    Brand, Licence, Page, Party, Product, Registered as Entry, RegistryBrand, RegistryKind,
    RegistryList, RegistryParty, RegistryProduct, RegistryResolve,
};
use marque_ledger::read;
use marque_primitives::Address;
use marque_primitives::action::LicenceKey;
use marque_primitives::gs1::{CompanyPrefix, Gtin};
use marque_primitives::json::naming;
use marque_primitives::record;
use parity_scale_codec::DecodeAll as _;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<RegistryBrand>(brand)?;
    module.answer::<RegistryParty>(party)?;
    module.answer::<RegistryProduct>(product)?;
    module.answer::<RegistryResolve>(resolve)?;
    module.work::<RegistryList>(list)
}

fn missing(missing: Missing, what: &str) -> RpcError {
    RpcError::Missing {
        missing,
        what: what.into(),
    }
}

fn brand(context: &Context, asked: RegistryBrand) -> Result<Brand, RpcError> {
    let reader = context.reader()?;
    let unknown = || missing(Missing::Brand, &asked.brand);
    let address = licensee(&reader, &asked.brand)?.ok_or_else(unknown)?;
    let filter = ListFilter {
        brand: Some(address),
        ..ListFilter::default()
    };
    let licences = sequence::page(None, Some(PAGE_MAX), &licences(&reader, &filter))?;
    if licences.items.is_empty() {
        return Err(unknown());
    }
    let licences = licences.items.into_iter().filter_map(|entry| match entry {
        Entry::Licence(licence) => Some(licence.key),
        _ => None,
    });
    let name = read::party(reader.view(), &address)?.map(|party| party.name.to_string());
    Ok(Brand {
        address,
        name,
        licences: licences.collect(),
    })
}

/// Who holds the licence that a text names; the account itself if it is one.
fn licensee(reader: &Reader, text: &str) -> Result<Option<Address>, RpcError> {
    if text.starts_with("0x") {
        return names::account(reader, "brand", text).map(Some);
    }
    let key = match CompanyPrefix::new(text) {
        Ok(prefix) => LicenceKey::Prefix(prefix),
        Err(_) => naming::licence(text).map_err(|cause| RpcError::Name {
            field: "brand".into(),
            cause,
        })?,
    };
    if let Some(brand) = holder(reader, &key)? {
        return Ok(Some(brand));
    }
    // A key without a licence of its own is its prefix's. Licences never overlap.
    for len in CompanyPrefix::MIN_LEN..=CompanyPrefix::MAX_LEN {
        let prefix = match &key {
            LicenceKey::Prefix(_) => None,
            LicenceKey::Product(gtin) => CompanyPrefix::of(gtin, len),
            LicenceKey::Returnable(grai) => CompanyPrefix::of(grai, len),
            LicenceKey::Asset(giai) => CompanyPrefix::of(giai, len),
        };
        if let Some(prefix) = prefix
            && let Some(brand) = holder(reader, &LicenceKey::Prefix(prefix))?
        {
            return Ok(Some(brand));
        }
    }
    Ok(None)
}

/// Who holds this very licence.
fn holder(reader: &Reader, key: &LicenceKey) -> Result<Option<Address>, RpcError> {
    let found = reader
        .view()
        .get(&marque_primitives::key::licence(key))
        .map_err(ChainError::from)?;
    // A leaf that does not decode is nobody's licence.
    Ok(found
        .and_then(|bytes| record::Licence::decode_all(&mut bytes.as_slice()).ok())
        .map(|licence| licence.brand))
}

fn party(context: &Context, asked: RegistryParty) -> Result<Party, RpcError> {
    let reader = context.reader()?;
    let address = names::account(&reader, "party", &asked.party)?;
    party_at(&reader, address, &asked.party)
}

fn resolve(context: &Context, asked: RegistryResolve) -> Result<Party, RpcError> {
    let reader = context.reader()?;
    let gln = names::location("location", &asked.location)?;
    let unknown = || missing(Missing::Party, &asked.location);
    let address = read::location(reader.view(), &gln)?.ok_or_else(unknown)?;
    party_at(&reader, address, &asked.location)
}

fn party_at(reader: &Reader, address: Address, asked: &str) -> Result<Party, RpcError> {
    let found =
        read::party(reader.view(), &address)?.ok_or_else(|| missing(Missing::Party, asked))?;
    Ok(party_of(address, found))
}

fn party_of(address: Address, party: record::Party) -> Party {
    Party {
        address,
        name: party.name.to_string(),
        locations: party.locations.into_vec(),
    }
}

fn product(context: &Context, asked: RegistryProduct) -> Result<Product, RpcError> {
    let gtin = names::product("gtin", &asked.gtin)?;
    let found = read::product(context.reader()?.view(), gtin)?;
    found
        .map(|product| product_of(gtin, product))
        .ok_or_else(|| missing(Missing::Product, &asked.gtin))
}

fn product_of(gtin: Gtin, product: record::Product) -> Product {
    Product {
        gtin,
        brand: product.brand,
        name: product.name.to_string(),
        contract: product.contract,
        commissioners: product.commissioners.into_vec(),
        recalls: product.recalls.into_vec(),
    }
}

fn list(context: &Context, asked: RegistryList) -> Result<Page<Entry>, RpcError> {
    let reader = context.reader()?;
    let filter = ListFilter {
        brand: asked.account,
        ..ListFilter::default()
    };
    match asked.kind {
        RegistryKind::Licences => {
            sequence::page(asked.cursor, asked.limit, &licences(&reader, &filter))
        }
        RegistryKind::Parties => {
            if let Some(account) = asked.account {
                let found = read::party(reader.view(), &account)?;
                let items = found.map(|party| Entry::Party(party_of(account, party)));
                return Ok(Page {
                    items: items.into_iter().collect(),
                    cursor: None,
                });
            }
            let request = page(asked.cursor, asked.limit)?;
            let parties = reader.parties(&request)?;
            Ok(view::page(parties.map(|(address, party)| {
                Entry::Party(party_of(address, party))
            })))
        }
        RegistryKind::Products => {
            let request = page(asked.cursor, asked.limit)?;
            let products = reader.products(&filter, &request)?;
            Ok(view::page(products.map(|(gtin, product)| {
                Entry::Product(product_of(gtin, product))
            })))
        }
    }
}

/// Licences of prefixes, then those of single keys.
fn licences<'a>(reader: &'a Reader, filter: &'a ListFilter) -> [List<'a, Entry>; 2] {
    [
        Box::new(|request: &PageRequest| {
            Ok(view::page(
                reader.prefix_licences(filter, request)?.map(licence),
            ))
        }),
        Box::new(|request: &PageRequest| {
            Ok(view::page(
                reader.key_licences(filter, request)?.map(licence),
            ))
        }),
    ]
}

fn licence((key, licence): (LicenceKey, record::Licence)) -> Entry {
    Entry::Licence(Licence {
        brand: licence.brand,
        key,
    })
}
