//! Everything that can be named: GS1 keys with their qualifiers, and other URIs.
#![expect(
    clippy::cast_possible_truncation,
    reason = "the SCALE derive casts variant indices"
)]

#[cfg(feature = "host")]
mod assemble;
mod elements;

use alloc::string::{String, ToString};
use core::fmt;

use parity_scale_codec::{Decode, Encode};

use super::{
    CpiSerial, Cpid, Gcn, Gdti, Giai, Ginc, Gln, GlnExtension, Gmn, Grai, Gsin, Gsrn, Gtin, Itip,
    LotNumber, OpaqueUri, PaymentReference, Serial, Srin, Sscc, Tpx, Uic, Variant, link,
};

/// An identifier of any kind. Displayed as its canonical Digital Link, an opaque URI as
/// it is. Equal identifiers are equal in every form; a serialised item keeps the lot and
/// the variant that its identifier claims, so compare [`Identifier::constrained`] to ask
/// whether two name the same thing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum Identifier {
    /// A class of trade items, (01): all items of a product, or of one variant of it.
    #[codec(index = 0)]
    Gtin {
        /// The product.
        gtin: Gtin,
        /// Its variant, (22).
        variant: Option<Variant>,
    },
    /// A lot of a product, (01) and (10).
    #[codec(index = 1)]
    Lgtin {
        /// The product.
        gtin: Gtin,
        /// The lot.
        lot: LotNumber,
        /// Its variant, (22).
        variant: Option<Variant>,
    },
    /// A serialised item, (01) and (21).
    #[codec(index = 2)]
    Sgtin {
        /// The product.
        gtin: Gtin,
        /// The serial, unique within the product.
        serial: Serial,
        /// The lot that the item is said to belong to, (10); to be checked against it.
        lot: Option<LotNumber>,
        /// The variant that the item is said to be, (22).
        variant: Option<Variant>,
    },
    /// A unit pack whose serial a third party controls, (01) and (235): EU tobacco
    /// traceability.
    #[codec(index = 3)]
    Upui {
        /// The product.
        gtin: Gtin,
        /// The serial.
        tpx: Tpx,
    },
    /// A piece of a trade item, (8006); a class of pieces where it has no serial.
    #[codec(index = 4)]
    Itip {
        /// The trade item, which piece, and of how many.
        itip: Itip,
        /// The item's serial, (21).
        serial: Option<Serial>,
        /// The item's lot, (10).
        lot: Option<LotNumber>,
        /// The item's variant, (22).
        variant: Option<Variant>,
    },
    /// A logistic unit, (00).
    #[codec(index = 5)]
    Sscc(Sscc),
    /// A returnable asset, (8003); a class of assets where it has no serial.
    #[codec(index = 6)]
    Grai(Grai),
    /// An individual asset, (8004).
    #[codec(index = 7)]
    Giai(Giai),
    /// A place, (414), with its extension, (254).
    #[codec(index = 8)]
    Sgln {
        /// The location.
        gln: Gln,
        /// A place within it.
        extension: Option<GlnExtension>,
    },
    /// A party, (417).
    #[codec(index = 9)]
    Pgln(Gln),
    /// A provider of a service, (8017).
    #[codec(index = 10)]
    Gsrnp {
        /// The relation.
        gsrn: Gsrn,
        /// One encounter within it, (8019).
        instance: Option<Srin>,
    },
    /// A recipient of a service, (8018): most often a person.
    #[codec(index = 11)]
    Gsrn {
        /// The relation.
        gsrn: Gsrn,
        /// One encounter within it, (8019).
        instance: Option<Srin>,
    },
    /// A document, (253); a document type where it has no serial.
    #[codec(index = 12)]
    Gdti(Gdti),
    /// A coupon, (255); a class of coupons where it has no serial.
    #[codec(index = 13)]
    Gcn(Gcn),
    /// A consignment, (401).
    #[codec(index = 14)]
    Ginc(Ginc),
    /// A shipment, (402).
    #[codec(index = 15)]
    Gsin(Gsin),
    /// A component or part, (8010); a class of parts where it has no serial, (8011).
    #[codec(index = 16)]
    Cpi {
        /// The part.
        cpid: Cpid,
        /// Its serial.
        serial: Option<CpiSerial>,
    },
    /// A product model, (8013).
    #[codec(index = 17)]
    Gmn(Gmn),
    /// A payment slip, (415) and (8020).
    #[codec(index = 18)]
    PaymentSlip {
        /// Whom to pay.
        payee: Gln,
        /// The payee's reference.
        reference: PaymentReference,
    },
    /// An economic operator of EU 2018/574, (417) and (7040).
    #[codec(index = 19)]
    Eoid {
        /// The party.
        gln: Gln,
        /// Who issued the identifier.
        uic: Uic,
    },
    /// A facility of EU 2018/574, (414) and (7040).
    #[codec(index = 20)]
    Fid {
        /// The location.
        gln: Gln,
        /// Who issued the identifier.
        uic: Uic,
    },
    /// A machine of EU 2018/574, (8004) and (7040).
    #[codec(index = 21)]
    Mid {
        /// The asset.
        giai: Giai,
        /// Who issued the identifier.
        uic: Uic,
    },
    /// A URI that is no GS1 key.
    #[codec(index = 22)]
    Opaque(OpaqueUri),
}

impl Identifier {
    /// The kind of key in the field's words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gtin { .. } => "GTIN",
            Self::Lgtin { .. } => "LGTIN",
            Self::Sgtin { .. } => "SGTIN",
            Self::Upui { .. } => "UPUI",
            Self::Itip { .. } => "ITIP",
            Self::Sscc(_) => "SSCC",
            Self::Grai(_) => "GRAI",
            Self::Giai(_) => "GIAI",
            Self::Sgln { .. } => "SGLN",
            Self::Pgln(_) => "PGLN",
            Self::Gsrnp { .. } => "GSRNP",
            Self::Gsrn { .. } => "GSRN",
            Self::Gdti(_) => "GDTI",
            Self::Gcn(_) => "GCN",
            Self::Ginc(_) => "GINC",
            Self::Gsin(_) => "GSIN",
            Self::Cpi { .. } => "CPI",
            Self::Gmn(_) => "GMN",
            Self::PaymentSlip { .. } => "payment slip",
            Self::Eoid { .. } => "EOID",
            Self::Fid { .. } => "FID",
            Self::Mid { .. } => "MID",
            Self::Opaque(_) => "URI",
        }
    }

    /// Whether a class of things is named and not one of them.
    #[must_use]
    pub fn is_class(&self) -> bool {
        match self {
            Self::Gtin { .. } | Self::Lgtin { .. } | Self::Gmn(_) => true,
            Self::Itip { serial, .. } => serial.is_none(),
            Self::Grai(grai) => grai.serial().is_none(),
            Self::Gdti(gdti) => gdti.serial().is_none(),
            Self::Gcn(gcn) => gcn.serial().is_none(),
            Self::Cpi { serial, .. } => serial.is_none(),
            _ => false,
        }
    }

    /// The identifier at its finest level alone: without the variant, and without the lot
    /// where there is a serial (CBV 2.0, section 8.9.2, "constrained" Digital Link). Two
    /// identifiers name the same thing if these are equal.
    #[must_use]
    pub fn constrained(&self) -> Self {
        match self {
            Self::Gtin { gtin, .. } => Self::Gtin {
                gtin: *gtin,
                variant: None,
            },
            Self::Lgtin { gtin, lot, .. } => Self::Lgtin {
                gtin: *gtin,
                lot: *lot,
                variant: None,
            },
            Self::Sgtin { gtin, serial, .. } => Self::Sgtin {
                gtin: *gtin,
                serial: *serial,
                lot: None,
                variant: None,
            },
            Self::Itip {
                itip, serial, lot, ..
            } => {
                let lot = if serial.is_some() { None } else { *lot };
                Self::Itip {
                    itip: *itip,
                    serial: *serial,
                    lot,
                    variant: None,
                }
            }
            other => other.clone(),
        }
    }

    /// The canonical Digital Link: `https://id.gs1.org`, the primary key and its
    /// qualifiers in path order, percent-encoded. An opaque URI as it is.
    #[must_use]
    pub fn to_canonical(&self) -> String {
        match self {
            Self::Opaque(uri) => uri.as_str().to_string(),
            _ => link::write(&self.elements()),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_canonical())
    }
}
