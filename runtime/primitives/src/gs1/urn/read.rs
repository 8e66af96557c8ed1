//! Reading EPC URNs.

use alloc::string::String;
use alloc::vec::Vec;

use super::{ALL, is_plain};
use crate::gs1::error::quoted;
use crate::gs1::key::number;
use crate::gs1::{
    Charset, CpiSerial, Cpid, Gcn, GcnType, Gdti, GdtiType, Giai, Ginc, Gln, Grai, GraiType,
    Gs1Error, Gsin, Gsrn, Gtin, Identifier, Itip, LotNumber, Serial, Sscc, Tpx, percent,
};

/// Reads an EPC URN of a scheme that stands for a GS1 key.
pub(crate) fn read(text: &str) -> Result<Identifier, Gs1Error> {
    let rest = text.strip_prefix("urn:epc:").unwrap_or(text);
    let (kind, rest) = rest.split_once(':').unwrap_or((rest, ""));
    let (scheme, body) = rest.split_once(':').unwrap_or((rest, ""));
    let unknown = || Gs1Error::EpcScheme {
        found: quoted(text, 40),
    };
    match kind {
        "id" => identity(scheme, body).unwrap_or_else(|| Err(unknown())),
        "idpat" => pattern(scheme, body).unwrap_or_else(|| Err(unknown())),
        "class" if scheme == "lgtin" => {
            let [prefix, item, lot] = split(LGTIN, body)?;
            let gtin = Gtin::from_body(LGTIN.lead_digits(prefix, item)?)?;
            let lot = LotNumber::new(&unescape("lot", lot)?)?;
            Ok(Identifier::Lgtin {
                gtin,
                lot,
                variant: None,
            })
        }
        _ => Err(unknown()),
    }
}

/// A scheme's name, its components and how many digits prefix and reference have
/// together.
#[derive(Clone, Copy)]
struct Scheme {
    name: &'static str,
    components: &'static str,
    digits: usize,
}

const fn scheme(name: &'static str, components: &'static str, digits: usize) -> Scheme {
    Scheme {
        name,
        components,
        digits,
    }
}

const SGTIN: Scheme = scheme(
    "SGTIN",
    "prefix.indicator and item.serial, 13 digits and serial",
    13,
);
const LGTIN: Scheme = scheme(
    "LGTIN",
    "prefix.indicator and item.lot, 13 digits and lot",
    13,
);
const UPUI: Scheme = scheme(
    "UPUI",
    "prefix.indicator and item.serial, 13 digits and serial",
    13,
);
const ITIP: Scheme = scheme(
    "ITIP",
    "prefix.indicator and item.piece.total.serial, 13 digits",
    13,
);
const SSCC: Scheme = scheme("SSCC", "prefix.extension and reference, 17 digits", 17);
const SGLN: Scheme = scheme(
    "SGLN",
    "prefix.location.extension, 12 digits and extension",
    12,
);
const PGLN: Scheme = scheme("PGLN", "prefix.party, 12 digits", 12);
const GRAI: Scheme = scheme("GRAI", "prefix.asset type.serial, 12 digits and serial", 12);
const GDTI: Scheme = scheme(
    "GDTI",
    "prefix.document type.serial, 12 digits and serial",
    12,
);
const SGCN: Scheme = scheme(
    "SGCN",
    "prefix.coupon reference.serial, 12 digits and serial",
    12,
);
const GSRN: Scheme = scheme("GSRN", "prefix.service reference, 17 digits", 17);
const GSIN: Scheme = scheme("GSIN", "prefix.shipper reference, 16 digits", 16);
const GIAI: Scheme = scheme("GIAI", "prefix.asset reference", 30);
const GINC: Scheme = scheme("GINC", "prefix.consignment reference", 30);
const CPI: Scheme = scheme("CPI", "prefix.part reference.serial", 30);

impl Scheme {
    fn wrong(self) -> Gs1Error {
        Gs1Error::EpcComponents {
            scheme: self.name,
            expected: self.components,
        }
    }

    /// The key's digits without its check digit.
    fn digits(self, prefix: &str, reference: &str) -> Result<u64, Gs1Error> {
        self.prefix(prefix)?;
        Charset::Digits.check(self.name, reference.as_bytes())?;
        if prefix.len().saturating_add(reference.len()) != self.digits {
            return Err(self.wrong());
        }
        number([prefix, reference].concat().as_bytes()).ok_or(self.wrong())
    }

    /// The same for a key that the first digit of its reference leads.
    fn lead_digits(self, prefix: &str, reference: &str) -> Result<u64, Gs1Error> {
        self.digits(prefix, reference)?;
        let (lead, reference) = reference.split_at_checked(1).ok_or(self.wrong())?;
        number([lead, prefix, reference].concat().as_bytes()).ok_or(self.wrong())
    }

    /// A key of letters and digits.
    fn text(self, prefix: &str, reference: &str) -> Result<String, Gs1Error> {
        self.prefix(prefix)?;
        if reference.is_empty() {
            return Err(self.wrong());
        }
        Ok([prefix, &unescape(self.name, reference)?].concat())
    }

    /// EPC URNs hold prefixes of 6 to 12 digits (section 9.2, partition tables).
    fn prefix(self, prefix: &str) -> Result<(), Gs1Error> {
        Charset::Digits.check("company prefix", prefix.as_bytes())?;
        if (6..=12).contains(&prefix.len()) {
            Ok(())
        } else {
            Err(self.wrong())
        }
    }
}

/// A pure identity; `None` for a scheme that is not known.
fn identity(name: &str, body: &str) -> Option<Result<Identifier, Gs1Error>> {
    Some(match name {
        "sgtin" => split(SGTIN, body).and_then(|[prefix, item, serial]| {
            let gtin = Gtin::from_body(SGTIN.lead_digits(prefix, item)?)?;
            let serial = Serial::new(&unescape("serial", serial)?)?;
            Ok(Identifier::Sgtin {
                gtin,
                serial,
                lot: None,
                variant: None,
            })
        }),
        "upui" => split(UPUI, body).and_then(|[prefix, item, serial]| {
            let gtin = Gtin::from_body(UPUI.lead_digits(prefix, item)?)?;
            Ok(Identifier::Upui {
                gtin,
                tpx: Tpx::new(&unescape("serial", serial)?)?,
            })
        }),
        "itip" => split(ITIP, body).and_then(|[prefix, item, piece, total, serial]| {
            let serial = Serial::new(&unescape("serial", serial)?)?;
            item_piece(prefix, item, piece, total, Some(serial))
        }),
        "sscc" => split(SSCC, body).and_then(|[prefix, reference]| {
            Ok(Identifier::Sscc(Sscc::from_body(
                SSCC.lead_digits(prefix, reference)?,
            )?))
        }),
        "sgln" => split(SGLN, body).and_then(|[prefix, location, extension]| {
            let gln = Gln::from_body(SGLN.digits(prefix, location)?)?;
            let extension = match extension {
                "0" => None,
                text => Some(unescape("GLN extension", text)?.parse()?),
            };
            Ok(Identifier::Sgln { gln, extension })
        }),
        "pgln" => split(PGLN, body).and_then(|[prefix, party]| {
            Ok(Identifier::Pgln(Gln::from_body(
                PGLN.digits(prefix, party)?,
            )?))
        }),
        "grai" => split(GRAI, body).and_then(|[prefix, class, serial]| {
            let class = Grai::from(GraiType::from_body(GRAI.digits(prefix, class)?)?);
            class
                .with_serial(&unescape("GRAI serial", serial)?)
                .map(Identifier::Grai)
        }),
        "gdti" => split(GDTI, body).and_then(|[prefix, class, serial]| {
            let class = Gdti::from(GdtiType::from_body(GDTI.digits(prefix, class)?)?);
            class
                .with_serial(&unescape("GDTI serial", serial)?)
                .map(Identifier::Gdti)
        }),
        "sgcn" => split(SGCN, body).and_then(|[prefix, class, serial]| {
            let class = Gcn::from(GcnType::from_body(SGCN.digits(prefix, class)?)?);
            class.with_serial(serial).map(Identifier::Gcn)
        }),
        "gsrn" => split(GSRN, body).and_then(|[prefix, reference]| {
            let gsrn = Gsrn::from_body(GSRN.digits(prefix, reference)?)?;
            Ok(Identifier::Gsrn {
                gsrn,
                instance: None,
            })
        }),
        "gsrnp" => split(GSRN, body).and_then(|[prefix, reference]| {
            let gsrn = Gsrn::from_body(GSRN.digits(prefix, reference)?)?;
            Ok(Identifier::Gsrnp {
                gsrn,
                instance: None,
            })
        }),
        "gsin" => split(GSIN, body).and_then(|[prefix, reference]| {
            Ok(Identifier::Gsin(Gsin::from_body(
                GSIN.digits(prefix, reference)?,
            )?))
        }),
        "giai" => split(GIAI, body).and_then(|[prefix, reference]| {
            Ok(Identifier::Giai(Giai::new(&GIAI.text(prefix, reference)?)?))
        }),
        "ginc" => split(GINC, body).and_then(|[prefix, reference]| {
            Ok(Identifier::Ginc(Ginc::new(&GINC.text(prefix, reference)?)?))
        }),
        "cpi" => split(CPI, body).and_then(|[prefix, part, serial]| {
            let cpid = Cpid::new(&CPI.text(prefix, part)?)?;
            Ok(Identifier::Cpi {
                cpid,
                serial: Some(CpiSerial::new(serial)?),
            })
        }),
        _ => return None,
    })
}

/// A pattern; `None` for a scheme that has none.
fn pattern(name: &str, body: &str) -> Option<Result<Identifier, Gs1Error>> {
    Some(match name {
        "sgtin" | "upui" => {
            let scheme = if name == "sgtin" { SGTIN } else { UPUI };
            class(scheme, body).and_then(|[prefix, item, _]| {
                let gtin = Gtin::from_body(scheme.lead_digits(prefix, item)?)?;
                Ok(Identifier::Gtin {
                    gtin,
                    variant: None,
                })
            })
        }
        "itip" => class(ITIP, body).and_then(|[prefix, item, piece, total, _]| {
            item_piece(prefix, item, piece, total, None)
        }),
        "grai" => class(GRAI, body).and_then(|[prefix, class, _]| {
            let class = GraiType::from_body(GRAI.digits(prefix, class)?)?;
            Ok(Identifier::Grai(class.into()))
        }),
        "gdti" => class(GDTI, body).and_then(|[prefix, class, _]| {
            let class = GdtiType::from_body(GDTI.digits(prefix, class)?)?;
            Ok(Identifier::Gdti(class.into()))
        }),
        "sgcn" => class(SGCN, body).and_then(|[prefix, class, _]| {
            let class = GcnType::from_body(SGCN.digits(prefix, class)?)?;
            Ok(Identifier::Gcn(class.into()))
        }),
        "cpi" => class(CPI, body).and_then(|[prefix, part, _]| {
            Ok(Identifier::Cpi {
                cpid: Cpid::new(&CPI.text(prefix, part)?)?,
                serial: None,
            })
        }),
        "sscc" | "sgln" | "pgln" | "gsrn" | "gsrnp" | "gsin" | "giai" | "ginc" => {
            Err(Gs1Error::WidePattern)
        }
        _ => return None,
    })
}

fn item_piece(
    prefix: &str,
    item: &str,
    piece: &str,
    total: &str,
    serial: Option<Serial>,
) -> Result<Identifier, Gs1Error> {
    let gtin = Gtin::from_body(ITIP.lead_digits(prefix, item)?)?;
    if piece.len() != 2 || total.len() != 2 {
        return Err(ITIP.wrong());
    }
    let (Ok(piece), Ok(total)) = (piece.parse(), total.parse()) else {
        return Err(ITIP.wrong());
    };
    let itip = Itip::from_parts(gtin, piece, total)?;
    Ok(Identifier::Itip {
        itip,
        serial,
        lot: None,
        variant: None,
    })
}

/// Splits a body into its components; the last one may hold dots.
fn split<const N: usize>(scheme: Scheme, body: &str) -> Result<[&str; N], Gs1Error> {
    let components: Vec<&str> = body.splitn(N, '.').collect();
    components.try_into().map_err(|_| scheme.wrong())
}

/// Splits the pattern of one class: its last component is `*`, no other one is.
fn class<const N: usize>(scheme: Scheme, body: &str) -> Result<[&str; N], Gs1Error> {
    let components: [&str; N] = split(scheme, body)?;
    match components.split_last() {
        Some((&ALL, others)) if !others.contains(&ALL) => Ok(components),
        Some((&ALL, _)) => Err(Gs1Error::WidePattern),
        _ => Err(Gs1Error::EpcComponents {
            scheme: scheme.name,
            expected: "* as the last component",
        }),
    }
}

/// Decodes a component of text: what URNs don't hold as it is must be percent-encoded.
fn unescape(field: &'static str, text: &str) -> Result<String, Gs1Error> {
    let plain = |byte: u8| is_plain(byte) || byte == b'%';
    if let Some((position, found)) = text
        .char_indices()
        .find(|(_, c)| u8::try_from(*c).map_or(true, |byte| !plain(byte)))
    {
        let allowed = "letters, digits and !'()*+,-.:;=_, others percent-encoded";
        return Err(Gs1Error::Character {
            field,
            position,
            found,
            allowed,
        });
    }
    String::from_utf8(percent::decode(field, text)?).map_err(|error| Gs1Error::PercentEncoding {
        field,
        position: error.utf8_error().valid_up_to(),
    })
}
