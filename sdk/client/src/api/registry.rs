//! Brands, parties and products.

use super::method::{Page, methods};
use marque_primitives::Address;
use marque_primitives::action::{LicenceKey, RecallId};
use marque_primitives::gs1::{Gln, Gtin};

methods! {
    /// A brand by its account, or by a prefix or key that is licensed to it.
    "registry_brand" RegistryBrand(
        /// An address, a company prefix, or the identifier of a product or asset.
        brand: String,
    )[] -> Brand;
    /// A party.
    "registry_party" RegistryParty(
        /// Its account, or a GLN or PGLN of it.
        party: String,
    )[] -> Party;
    /// A product.
    "registry_product" RegistryProduct(
        /// Its GTIN.
        gtin: String,
    )[] -> Product;
    /// The party behind a location or party number.
    "registry_resolve" RegistryResolve(
        /// A GLN or PGLN.
        location: String,
    )[] -> Party;
    /// What is registered, of one kind.
    "registry_list" RegistryList(
        /// Which kind.
        kind: RegistryKind,
    )[
        /// Of this account.
        account: Address,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Registered>;
}

/// What the registry keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RegistryKind {
    /// Licences of prefixes and keys.
    Licences,
    /// Parties.
    Parties,
    /// Products.
    Products,
}

/// One entry of the registry.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Registered {
    /// A licence.
    Licence(Licence),
    /// A party.
    Party(Party),
    /// A product.
    Product(Product),
}

/// A brand: an account with licences.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Brand {
    /// Its account.
    pub address: Address,
    /// Its name, where it is a registered party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Prefixes and keys that are licensed to it, the first 1,000.
    pub licences: Vec<LicenceKey>,
}

/// A licence.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Licence {
    /// The licensee.
    pub brand: Address,
    /// What it may use.
    pub key: LicenceKey,
}

/// A party.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// Its account.
    pub address: Address,
    /// Its name.
    pub name: String,
    /// Its GLNs and PGLNs.
    pub locations: Vec<Gln>,
}

/// A product.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Its GTIN.
    pub gtin: Gtin,
    /// The licensee.
    pub brand: Address,
    /// Its name.
    pub name: String,
    /// The contract that rules its movements; none: the kernel alone.
    pub contract: Option<Address>,
    /// Who may commission it beside the brand.
    pub commissioners: Vec<Address>,
    /// Open recalls of all of it.
    pub recalls: Vec<RecallId>,
}
