//! EPC URNs: pure identities (`urn:epc:id:`), patterns of one class (`urn:epc:idpat:`)
//! and lots (`urn:epc:class:lgtin:`), as the EPC Tag Data Standard, section 6, and the
//! Core Business Vocabulary, section 8, write them.

#[cfg(feature = "host")]
mod read;

use alloc::format;
use alloc::string::String;

use super::{Gs1Error, Identifier, percent};

#[cfg(feature = "host")]
pub(crate) use read::read;

/// The characters of set 82 that a URN component holds as they are (section 6.3, the
/// grammar of GS3A3Char).
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!'()*+,-.:;=_".contains(&byte)
}

/// What may stand in a URN only as `*`, or not at all.
const ALL: &str = "*";

impl Identifier {
    /// The EPC URN, for a company prefix of `prefix_len` digits: how long it is cannot be
    /// read from the identifier. A class gives the pattern of its members. Lot and variant
    /// of a serialised item are left out, since its URN has no place for them.
    ///
    /// # Errors
    /// When the prefix is not of 6 to 12 digits, the key does not begin with that many, or
    /// the identifier says what no EPC URN can.
    pub fn to_epc_urn(&self, prefix_len: u8) -> Result<String, Gs1Error> {
        let none = |reason| Err(Gs1Error::NoEpcUrn { reason });
        if !(6..=12).contains(&prefix_len) {
            return none("the company prefix has 6 to 12 digits in EPC URNs");
        }
        let cut = Cut {
            prefix_len: usize::from(prefix_len),
        };
        Ok(match self {
            Self::Gtin {
                gtin,
                variant: None,
            } => {
                format!(
                    "urn:epc:idpat:sgtin:{}.*",
                    cut.behind_first(&gtin.digits())?
                )
            }
            Self::Lgtin {
                gtin,
                lot,
                variant: None,
            } => {
                let class = cut.behind_first(&gtin.digits())?;
                format!("urn:epc:class:lgtin:{class}.{}", escape(lot.as_str()))
            }
            Self::Gtin { .. } | Self::Lgtin { .. } => return none("a variant has no place in it"),
            Self::Sgtin { gtin, serial, .. } => {
                let class = cut.behind_first(&gtin.digits())?;
                format!("urn:epc:id:sgtin:{class}.{}", escape(serial.as_str()))
            }
            Self::Upui { gtin, tpx } => {
                let class = cut.behind_first(&gtin.digits())?;
                format!("urn:epc:id:upui:{class}.{}", escape(tpx.as_str()))
            }
            Self::Itip {
                itip,
                serial,
                lot,
                variant,
            } => {
                if serial.is_none() && (lot.is_some() || variant.is_some()) {
                    return none("lot and variant of an item piece have no place in it");
                }
                let (kind, serial) = instance(serial.as_ref().map(super::Serial::as_str));
                let class = cut.behind_first(&itip.gtin().digits())?;
                let (piece, total) = (itip.piece(), itip.total());
                format!("urn:epc:{kind}:itip:{class}.{piece:02}.{total:02}.{serial}")
            }
            Self::Sscc(sscc) => format!("urn:epc:id:sscc:{}", cut.behind_first(&sscc.digits())?),
            Self::Grai(grai) => {
                let serial = grai.serial();
                cut.serialised("grai", &grai.class().digits(), serial.as_ref())?
            }
            Self::Gdti(gdti) => {
                let serial = gdti.serial();
                cut.serialised("gdti", &gdti.class().digits(), serial.as_ref())?
            }
            Self::Gcn(gcn) => {
                let serial = gcn.serial();
                cut.serialised("sgcn", &gcn.class().digits(), serial.as_ref())?
            }
            Self::Giai(giai) => format!("urn:epc:id:giai:{}", cut.text(giai.as_str())?),
            Self::Ginc(ginc) => format!("urn:epc:id:ginc:{}", cut.text(ginc.as_str())?),
            Self::Sgln { gln, extension } => {
                let extension = extension.as_ref().map_or("0", super::GlnExtension::as_str);
                format!(
                    "urn:epc:id:sgln:{}.{}",
                    cut.digits(&gln.digits())?,
                    escape(extension)
                )
            }
            Self::Pgln(gln) => format!("urn:epc:id:pgln:{}", cut.digits(&gln.digits())?),
            Self::Gsrnp {
                gsrn,
                instance: None,
            } => {
                format!("urn:epc:id:gsrnp:{}", cut.digits(&gsrn.digits())?)
            }
            Self::Gsrn {
                gsrn,
                instance: None,
            } => {
                format!("urn:epc:id:gsrn:{}", cut.digits(&gsrn.digits())?)
            }
            Self::Gsrnp { .. } | Self::Gsrn { .. } => {
                return none("a service relation instance has no place in it");
            }
            Self::Gsin(gsin) => format!("urn:epc:id:gsin:{}", cut.digits(&gsin.digits())?),
            Self::Cpi { cpid, serial } => {
                let (kind, serial) = instance(serial.as_ref().map(super::CpiSerial::as_str));
                format!("urn:epc:{kind}:cpi:{}.{serial}", cut.text(cpid.as_str())?)
            }
            Self::Gmn(_)
            | Self::PaymentSlip { .. }
            | Self::Eoid { .. }
            | Self::Fid { .. }
            | Self::Mid { .. } => return none("the key has no EPC scheme"),
            Self::Opaque(uri) if uri.as_str().starts_with("urn:epc:") => uri.as_str().into(),
            Self::Opaque(_) => return none("the URI is no GS1 key"),
        })
    }
}

/// Cuts keys behind their company prefix.
struct Cut {
    prefix_len: usize,
}

impl Cut {
    /// `prefix.reference` of a key that begins with its prefix; the check digit goes.
    fn digits(&self, digits: &[u8]) -> Result<String, Gs1Error> {
        let body = digits
            .split_last()
            .map(|(_, body)| body)
            .unwrap_or_default();
        let (prefix, reference) = self.split(body)?;
        Ok(format!(
            "{}.{}",
            prefix.escape_ascii(),
            reference.escape_ascii()
        ))
    }

    /// The same for a key whose first digit (indicator, extension) stands before its
    /// prefix: it leads the reference.
    fn behind_first(&self, digits: &[u8]) -> Result<String, Gs1Error> {
        let (first, rest) = digits.split_first().unwrap_or((&b'0', &[]));
        let body = rest.split_last().map(|(_, body)| body).unwrap_or_default();
        let (prefix, reference) = self.split(body)?;
        let (prefix, first) = (prefix.escape_ascii(), char::from(*first));
        Ok(format!("{prefix}.{first}{}", reference.escape_ascii()))
    }

    /// The same for a key of letters and digits, without a check digit.
    fn text(&self, text: &str) -> Result<String, Gs1Error> {
        let (prefix, reference) = self.split(text.as_bytes())?;
        let reference = core::str::from_utf8(reference).unwrap_or_default();
        if !prefix.iter().all(u8::is_ascii_digit) || reference.is_empty() {
            return Err(Gs1Error::NoEpcUrn {
                reason: "the key does not begin with such a prefix",
            });
        }
        Ok(format!("{}.{}", prefix.escape_ascii(), escape(reference)))
    }

    fn serialised(
        &self,
        scheme: &str,
        digits: &[u8],
        serial: Option<&super::Serial>,
    ) -> Result<String, Gs1Error> {
        let (kind, serial) = instance(serial.map(super::Serial::as_str));
        Ok(format!(
            "urn:epc:{kind}:{scheme}:{}.{serial}",
            self.digits(digits)?
        ))
    }

    fn split<'a>(&self, body: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), Gs1Error> {
        body.split_at_checked(self.prefix_len)
            .ok_or(Gs1Error::NoEpcUrn {
                reason: "the key is shorter than such a prefix",
            })
    }
}

/// The kind of URN and its last component: a serial, or the pattern of all.
fn instance(serial: Option<&str>) -> (&'static str, String) {
    match serial {
        Some(serial) => ("id", escape(serial)),
        None => ("idpat", ALL.into()),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    percent::encode(&mut escaped, text, is_plain);
    escaped
}
