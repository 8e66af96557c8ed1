//! An identifier from its AIs and values.

use super::Identifier;
use crate::gs1::{
    Cpid, Gcn, Gdti, Giai, Ginc, Gln, Gmn, Grai, Gs1Error, Gsin, Gsrn, Gtin, Itip, Sscc,
};

impl Identifier {
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

fn read<T: core::str::FromStr<Err = Gs1Error>>(text: Option<&str>) -> Result<Option<T>, Gs1Error> {
    text.map(str::parse).transpose()
}
