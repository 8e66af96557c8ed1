//! Everything that can be named: GS1 keys with their qualifiers, and other URIs.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use parity_scale_codec::{Decode, Encode};

use super::{
    CpiSerial, Cpid, Gcn, Gdti, Giai, Ginc, Gln, GlnExtension, Gmn, Grai, Gs1Error, Gsin, Gsrn,
    Gtin, Itip, Licensed, LotNumber, OpaqueUri, PaymentReference, PrefixDigits, Serial, Srin, Sscc,
    Tpx, Uic, Variant, link,
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

    /// AIs and their values: the primary key, then its qualifiers in path order; nothing
    /// for an opaque URI.
    #[must_use]
    pub fn elements(&self) -> Vec<(&'static str, String)> {
        let mut elements = Vec::new();
        let mut put = |ai, value: &dyn fmt::Display| elements.push((ai, value.to_string()));
        let mut qualifiers: [Option<(&'static str, &dyn fmt::Display)>; 3] = [None; 3];
        match self {
            Self::Gtin { gtin, variant } => {
                put("01", gtin);
                qualifiers = [of("22", variant), None, None];
            }
            Self::Lgtin { gtin, lot, variant } => {
                put("01", gtin);
                qualifiers = [of("22", variant), Some(("10", lot)), None];
            }
            Self::Sgtin {
                gtin,
                serial,
                lot,
                variant,
            } => {
                put("01", gtin);
                qualifiers = [of("22", variant), of("10", lot), Some(("21", serial))];
            }
            Self::Upui { gtin, tpx } => {
                put("01", gtin);
                put("235", tpx);
            }
            Self::Itip {
                itip,
                serial,
                lot,
                variant,
            } => {
                put("8006", itip);
                qualifiers = [of("22", variant), of("10", lot), of("21", serial)];
            }
            Self::Sscc(sscc) => put("00", sscc),
            Self::Grai(grai) => put("8003", &format_args!("0{grai}")),
            Self::Giai(giai) => put("8004", giai),
            Self::Sgln { gln, extension } => {
                put("414", gln);
                qualifiers = [of("254", extension), None, None];
            }
            Self::Pgln(gln) => put("417", gln),
            Self::Gsrnp { gsrn, instance } => {
                put("8017", gsrn);
                qualifiers = [of("8019", instance), None, None];
            }
            Self::Gsrn { gsrn, instance } => {
                put("8018", gsrn);
                qualifiers = [of("8019", instance), None, None];
            }
            Self::Gdti(gdti) => put("253", gdti),
            Self::Gcn(gcn) => put("255", gcn),
            Self::Ginc(ginc) => put("401", ginc),
            Self::Gsin(gsin) => put("402", gsin),
            Self::Cpi { cpid, serial } => {
                put("8010", cpid);
                qualifiers = [of("8011", serial), None, None];
            }
            Self::Gmn(gmn) => put("8013", gmn),
            Self::PaymentSlip { payee, reference } => {
                put("415", payee);
                put("8020", reference);
            }
            Self::Eoid { gln, uic } => {
                put("417", gln);
                put("7040", uic);
            }
            Self::Fid { gln, uic } => {
                put("414", gln);
                put("7040", uic);
            }
            Self::Mid { giai, uic } => {
                put("8004", giai);
                put("7040", uic);
            }
            Self::Opaque(_) => {}
        }
        for (ai, value) in qualifiers.into_iter().flatten() {
            put(ai, value);
        }
        elements
    }

    /// The identifier whose primary key is `key` and whose qualifiers `qualifier` gives.
    /// Qualifiers that do not belong to the key are not asked for.
    pub(crate) fn from_elements<'a>(
        key: &str,
        value: &str,
        qualifier: &dyn Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, Gs1Error> {
        Ok(match key {
            "01" => {
                let gtin = Gtin::new(value)?;
                if let Some(tpx) = read(qualifier("235"))? {
                    return Ok(Self::Upui { gtin, tpx });
                }
                let (variant, lot) = (read(qualifier("22"))?, read(qualifier("10"))?);
                match (read(qualifier("21"))?, lot) {
                    (Some(serial), lot) => Self::Sgtin {
                        gtin,
                        serial,
                        lot,
                        variant,
                    },
                    (None, Some(lot)) => Self::Lgtin { gtin, lot, variant },
                    (None, None) => Self::Gtin { gtin, variant },
                }
            }
            "8006" => Self::Itip {
                itip: Itip::new(value)?,
                serial: read(qualifier("21"))?,
                lot: read(qualifier("10"))?,
                variant: read(qualifier("22"))?,
            },
            "00" => Self::Sscc(Sscc::new(value)?),
            "8003" => match value.strip_prefix('0') {
                Some(grai) => Self::Grai(Grai::new(grai)?),
                None => {
                    return Err(Gs1Error::Value {
                        field: "GRAI",
                        expected: "0 in the first place",
                    });
                }
            },
            "8004" => match (Giai::new(value)?, read(qualifier("7040"))?) {
                (giai, Some(uic)) => Self::Mid { giai, uic },
                (giai, None) => Self::Giai(giai),
            },
            "414" => {
                let gln = Gln::new(value)?;
                // An extension of 0 says that there is none.
                let extension = read(qualifier("254").filter(|text| *text != "0"))?;
                match (extension, read(qualifier("7040"))?) {
                    (None, Some(uic)) => Self::Fid { gln, uic },
                    (extension, _) => Self::Sgln { gln, extension },
                }
            }
            "417" => match (Gln::new(value)?, read(qualifier("7040"))?) {
                (gln, Some(uic)) => Self::Eoid { gln, uic },
                (gln, None) => Self::Pgln(gln),
            },
            "415" => match (Gln::new(value)?, read(qualifier("8020"))?) {
                (payee, Some(reference)) => Self::PaymentSlip { payee, reference },
                (_, None) => {
                    return Err(Gs1Error::Value {
                        field: "PAY TO",
                        expected: "a payment reference (8020) behind it",
                    });
                }
            },
            "8017" => Self::Gsrnp {
                gsrn: Gsrn::new(value)?,
                instance: read(qualifier("8019"))?,
            },
            "8018" => Self::Gsrn {
                gsrn: Gsrn::new(value)?,
                instance: read(qualifier("8019"))?,
            },
            "253" => Self::Gdti(Gdti::new(value)?),
            "255" => Self::Gcn(Gcn::new(value)?),
            "401" => Self::Ginc(Ginc::new(value)?),
            "402" => Self::Gsin(Gsin::new(value)?),
            "8010" => Self::Cpi {
                cpid: Cpid::new(value)?,
                serial: read(qualifier("8011"))?,
            },
            "8013" => Self::Gmn(Gmn::new(value)?),
            _ => return Err(Gs1Error::NoKey),
        })
    }
}

fn of<'a, T: fmt::Display>(
    ai: &'static str,
    value: &'a Option<T>,
) -> Option<(&'static str, &'a dyn fmt::Display)> {
    value.as_ref().map(|value| (ai, value as &dyn fmt::Display))
}

fn read<T: core::str::FromStr<Err = Gs1Error>>(text: Option<&str>) -> Result<Option<T>, Gs1Error> {
    text.map(str::parse).transpose()
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_canonical())
    }
}

impl Licensed for Identifier {
    fn prefix_digits(&self) -> Option<PrefixDigits> {
        match self {
            Self::Gtin { gtin, .. }
            | Self::Lgtin { gtin, .. }
            | Self::Sgtin { gtin, .. }
            | Self::Upui { gtin, .. } => gtin.prefix_digits(),
            Self::Itip { itip, .. } => itip.prefix_digits(),
            Self::Sscc(sscc) => sscc.prefix_digits(),
            Self::Grai(grai) => grai.prefix_digits(),
            Self::Giai(giai) | Self::Mid { giai, .. } => giai.prefix_digits(),
            Self::Pgln(gln)
            | Self::Sgln { gln, .. }
            | Self::Eoid { gln, .. }
            | Self::Fid { gln, .. }
            | Self::PaymentSlip { payee: gln, .. } => gln.prefix_digits(),
            Self::Gsrnp { gsrn, .. } | Self::Gsrn { gsrn, .. } => gsrn.prefix_digits(),
            Self::Gdti(gdti) => gdti.prefix_digits(),
            Self::Gcn(gcn) => gcn.prefix_digits(),
            Self::Ginc(ginc) => ginc.prefix_digits(),
            Self::Gsin(gsin) => gsin.prefix_digits(),
            Self::Cpi { cpid, .. } => cpid.prefix_digits(),
            Self::Gmn(gmn) => gmn.prefix_digits(),
            Self::Opaque(_) => None,
        }
    }
}
