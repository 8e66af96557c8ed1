//! Brands, products, parties, keys and what is said of them.

use super::{Kind, Name, Note, PartyRef, RecallId};
use crate::bounded::{List, Text};
use crate::credential::{CredentialKind, CredentialNumber};
use crate::gs1::{CompanyPrefix, Giai, Gln, GraiType, Gtin};
use crate::{Address, TimeMs};
use parity_scale_codec::{Decode, Encode};

/// What the registrar licenses to a brand.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum LicenceKey {
    /// All keys that begin with a GS1 Company Prefix.
    #[codec(index = 0)]
    Prefix(CompanyPrefix),
    /// One product.
    #[codec(index = 1)]
    Product(Gtin),
    /// One type of returnable asset.
    #[codec(index = 2)]
    Returnable(GraiType),
    /// One asset.
    #[codec(index = 3)]
    Asset(Giai),
}

/// What a key may sign for its account. An absent list is no restriction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct Scope {
    /// Whether it may add and revoke keys, never beyond its own scope.
    pub administer: bool,
    /// Kinds of actions.
    pub kinds: Option<List<Kind, 32>>,
    /// Contract messages by name.
    pub messages: Option<List<Text<64>, 32>>,
    /// Products.
    pub products: Option<List<Gtin, 64>>,
    /// Locations that a movement may name as its place.
    pub places: Option<List<Gln, 64>>,
    /// The last moment at which it may sign.
    pub expires: Option<TimeMs>,
}

/// What the registry records.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(
        rename_all = "camelCase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )
)]
pub enum Registration {
    /// By the registrar: a party and the locations that stand for it.
    #[codec(index = 0)]
    RegisterParty {
        /// Its account.
        account: Address,
        /// Its name.
        name: Name,
        /// Its GLNs and PGLNs, none of which another party holds.
        #[cfg_attr(feature = "host", serde(default))]
        locations: List<Gln, 64>,
    },
    /// By the registrar: a brand's right to a prefix or key.
    #[codec(index = 1)]
    License {
        /// The brand's account.
        brand: Address,
        /// What it may use.
        key: LicenceKey,
    },
    /// By the licensee: a product and the contract that governs it.
    #[codec(index = 2)]
    RegisterProduct {
        /// The product.
        gtin: Gtin,
        /// Its name.
        name: Name,
        /// The contract that rules its movements; none: the kernel alone.
        #[cfg_attr(feature = "host", serde(default))]
        contract: Option<Address>,
    },
    /// By the licensee: who may commission a product.
    #[codec(index = 3)]
    Appoint {
        /// The product.
        gtin: Gtin,
        /// The commissioner.
        party: PartyRef,
        /// Ends the appointment instead.
        #[cfg_attr(feature = "host", serde(default))]
        dismiss: bool,
    },
    /// By an administer key: another key for the account.
    #[codec(index = 4)]
    AuthorizeKey {
        /// The key's address.
        key: Address,
        /// What it may sign.
        #[cfg_attr(feature = "host", serde(default))]
        scope: Scope,
    },
    /// By an administer key: ends a key at once.
    #[codec(index = 5)]
    RevokeKey {
        /// The key's address.
        key: Address,
    },
    /// By custodian or brand: who may write observations into things' own history.
    #[codec(index = 6)]
    GrantObserver {
        /// The observer.
        party: PartyRef,
        /// Of the brand's product; none: of all that the account holds.
        #[cfg_attr(feature = "host", serde(default))]
        gtin: Option<Gtin>,
        /// Ends the grant instead.
        #[cfg_attr(feature = "host", serde(default))]
        revoke: bool,
    },
    /// By a holder: a recall was seen and acted on.
    #[codec(index = 7)]
    Acknowledge {
        /// Which recall.
        recall: RecallId,
        /// What was done.
        #[cfg_attr(feature = "host", serde(default))]
        note: Note,
    },
    /// By a party: what it says of another, such as its licence; said again, it is renewed.
    #[codec(index = 8)]
    IssueCredential {
        /// Of whom.
        subject: PartyRef,
        /// What it is.
        kind: CredentialKind,
        /// What the issuer knows it by; a company's number, never a person's.
        number: CredentialNumber,
        /// From when on, not before block time; none: from block time on.
        #[cfg_attr(feature = "host", serde(default))]
        from: Option<TimeMs>,
        /// The last moment; none: until it is revoked.
        #[cfg_attr(feature = "host", serde(default))]
        until: Option<TimeMs>,
    },
    /// By its issuer: ends a credential with block time.
    #[codec(index = 9)]
    RevokeCredential {
        /// Whose.
        subject: PartyRef,
        /// Which.
        kind: CredentialKind,
    },
}
