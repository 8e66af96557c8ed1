//! From identifiers to what actions name, and back.
//!
//! Identifiers know nothing of custody; things, places and parties know nothing of how
//! they were written. Here the one becomes the other.

use crate::Address;
use crate::action::{Anchor, LicenceKey, PartyRef};
use crate::address::AddressError;
use crate::bounded::TooLong;
use crate::detail::Place;
use crate::gs1::{Gln, Grai, Gs1Error, Gtin, Identifier};
use crate::thing::{Line, LotId, Run, Thing, ThingId, Uri};
use alloc::string::{String, ToString};
use core::fmt;

/// Why a text names nothing of the kind that was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum NameError {
    /// No identifier.
    Identifier(Gs1Error),
    /// No address.
    Address(AddressError),
    /// An identifier of something else.
    Kind {
        /// What was named.
        found: &'static str,
        /// What should have been.
        expected: &'static str,
    },
    /// Longer than the ledger keeps.
    TooLong(TooLong),
    /// The number of a person.
    Personal,
}

impl NameError {
    /// The stable code of the cause: 2001 and on, 4048 for persons.
    #[must_use]
    pub fn code(&self) -> u32 {
        match self {
            Self::Identifier(error) => error.code(),
            Self::Kind { .. } => 2101,
            Self::TooLong(_) => 2102,
            Self::Address(AddressError::Form) => 2103,
            Self::Address(AddressError::Checksum { .. }) => 2104,
            Self::Personal => crate::refusal::Invariant::Personal.code(),
        }
    }

    /// The stable name of the cause.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Identifier(error) => error.name(),
            Self::Kind { .. } => "WrongKind",
            Self::TooLong(_) => "IdentifierTooLong",
            Self::Address(AddressError::Form) => "AddressForm",
            Self::Address(AddressError::Checksum { .. }) => "AddressChecksum",
            Self::Personal => crate::refusal::Invariant::Personal.name(),
        }
    }

    /// What would have been right, where that is known.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        match self {
            Self::Identifier(error) => error.expected(),
            Self::Kind { expected, .. } => Some((*expected).to_string()),
            Self::Address(AddressError::Checksum { expected }) => Some(expected.clone()),
            Self::TooLong(TooLong { allowed, .. }) => {
                Some(alloc::format!("{allowed} bytes at most"))
            }
            Self::Address(AddressError::Form) => Some("0x and 40 hexadecimal digits".to_string()),
            Self::Personal => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Identifier(error) => error.remedy(),
            Self::Kind { expected, .. } => alloc::format!("name {expected}"),
            Self::TooLong(_) => "use a shorter identifier".to_string(),
            Self::Address(_) => "copy the address whole, as it was printed".to_string(),
            Self::Personal => crate::refusal::Invariant::Personal.remedy().to_string(),
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier(error) => error.fmt(f),
            Self::Address(error) => error.fmt(f),
            Self::Kind { found, expected } => {
                write!(f, "a {found} stands where {expected} is expected")
            }
            Self::TooLong(error) => error.fmt(f),
            Self::Personal => f.write_str("a GSRN names a person; no personal data on the ledger"),
        }
    }
}

impl core::error::Error for NameError {}

impl From<Gs1Error> for NameError {
    fn from(error: Gs1Error) -> Self {
        Self::Identifier(error)
    }
}

impl From<AddressError> for NameError {
    fn from(error: AddressError) -> Self {
        Self::Address(error)
    }
}

impl From<TooLong> for NameError {
    fn from(error: TooLong) -> Self {
        Self::TooLong(error)
    }
}

/// Reads an identifier; 13 or 14 digits alone are taken as the GLN or GTIN that only they
/// can be in this place.
fn identifier(
    text: &str,
    bare: fn(&str) -> Result<Identifier, Gs1Error>,
) -> Result<Identifier, NameError> {
    match text.parse() {
        Err(Gs1Error::BareNumber { .. }) => Ok(bare(text)?),
        read => Ok(read?),
    }
}

/// A product by GTIN, alone or in any identifier of the whole product.
///
/// # Errors
/// When the text is no identifier, or one of something else.
pub fn product(text: &str) -> Result<Gtin, NameError> {
    let bare = |digits: &str| {
        Gtin::new(digits).map(|gtin| Identifier::Gtin {
            gtin,
            variant: None,
        })
    };
    match identifier(text, bare)? {
        Identifier::Gtin { gtin, .. } => Ok(gtin),
        other => Err(NameError::Kind {
            found: other.kind(),
            expected: "a product by its GTIN (01)",
        }),
    }
}

/// A location or party number: GLN or PGLN, extensions left aside.
///
/// # Errors
/// When the text is no identifier, or one of something else.
pub fn location(text: &str) -> Result<Gln, NameError> {
    let bare = |digits: &str| Gln::new(digits).map(Identifier::Pgln);
    match identifier(text, bare)? {
        Identifier::Pgln(gln) | Identifier::Sgln { gln, .. } => Ok(gln),
        other => Err(NameError::Kind {
            found: other.kind(),
            expected: "a GLN (414) or PGLN (417)",
        }),
    }
}

/// A party by its account, GLN or PGLN.
///
/// # Errors
/// When the text is neither, or a mistyped one.
pub fn party(text: &str) -> Result<PartyRef, NameError> {
    if text.starts_with("0x") {
        return Ok(PartyRef::Account(text.parse::<Address>()?));
    }
    location(text).map(PartyRef::Location)
}

/// A lot by GTIN and lot number.
///
/// # Errors
/// When the text is no identifier, or one of something else.
pub fn lot(text: &str) -> Result<LotId, NameError> {
    match text.parse()? {
        Identifier::Lgtin { gtin, lot, .. } => Ok(LotId { gtin, lot }),
        other => Err(NameError::Kind {
            found: other.kind(),
            expected: "a lot: GTIN (01) and lot number (10)",
        }),
    }
}

/// What serials are counted along: a product, or a type of returnable asset.
///
/// # Errors
/// When the text is no identifier, or one of something else.
pub fn line(text: &str) -> Result<Line, NameError> {
    let bare = |digits: &str| {
        Gtin::new(digits).map(|gtin| Identifier::Gtin {
            gtin,
            variant: None,
        })
    };
    match identifier(text, bare)? {
        Identifier::Gtin { gtin, .. } => Ok(Line::Product(gtin)),
        Identifier::Grai(grai) if grai.serial().is_none() => Ok(Line::Returnable(grai.class())),
        other => {
            let expected = "a product by its GTIN (01) or an asset type by its GRAI (8003)";
            Err(NameError::Kind {
                found: other.kind(),
                expected,
            })
        }
    }
}

/// A place: GLN with its extension, or any other URI, for instance a `geo:`.
///
/// # Errors
/// When the text is no identifier, or one of something else.
pub fn place(text: &str) -> Result<Place, NameError> {
    let bare = |digits: &str| {
        Gln::new(digits).map(|gln| Identifier::Sgln {
            gln,
            extension: None,
        })
    };
    match identifier(text, bare)? {
        Identifier::Sgln { gln, extension } => Ok(Place::Gln { gln, extension }),
        // EPCIS takes any URI for where something was.
        other => Ok(Place::Uri(uri_of(&other.constrained())?)),
    }
}

/// A thing as an action names it.
///
/// # Errors
/// When the text is no identifier, or a person's number.
pub fn thing(text: &str) -> Result<Thing, NameError> {
    thing_of(&text.parse()?)
}

/// The one thing with a record of its own that a text names; a lot that the identifier of
/// an item claims is left aside.
///
/// # Errors
/// When the text is no identifier, a class of things, or a person's number.
pub fn thing_id(text: &str) -> Result<ThingId, NameError> {
    let identifier: Identifier = text.parse()?;
    let expected = "one thing: an item, asset or logistic unit";
    thing_of(&identifier)?.id().ok_or(NameError::Kind {
        found: identifier.kind(),
        expected,
    })
}

/// The thing that an identifier names. Keys that the kernel keeps no custody of are
/// opaque, by their canonical form; classes are [`Thing::Class`] without an amount.
///
/// # Errors
/// When it is a person's number (GSRN, AI 8018) or longer than the ledger keeps.
pub fn thing_of(identifier: &Identifier) -> Result<Thing, NameError> {
    Ok(match identifier {
        Identifier::Sgtin {
            gtin, serial, lot, ..
        } => {
            let run = Run::single(Line::Product(*gtin), *serial);
            Thing::Run { run, lot: *lot }
        }
        Identifier::Grai(grai) if grai.serial().is_some() => match grai.serial() {
            Some(serial) => Thing::Run {
                run: Run::single(Line::Returnable(grai.class()), serial),
                lot: None,
            },
            None => Thing::Class {
                id: uri_of(identifier)?,
                amount: None,
            },
        },
        Identifier::Giai(giai) => Thing::Asset(*giai),
        Identifier::Sscc(sscc) => Thing::Unit(*sscc),
        Identifier::Gsrn { .. } => return Err(NameError::Personal),
        class if class.is_class() => Thing::Class {
            id: uri_of(class)?,
            amount: None,
        },
        other => Thing::Opaque(uri_of(other)?),
    })
}

/// What an association hangs on: `geo:` URIs and GLNs are places, the rest are things.
///
/// # Errors
/// When the text names neither.
pub fn anchor(text: &str) -> Result<Anchor, NameError> {
    match text.parse()? {
        Identifier::Sgln { gln, extension } => Ok(Anchor::Place(Place::Gln { gln, extension })),
        uri @ Identifier::Opaque(_) if text.starts_with("geo:") => {
            Ok(Anchor::Place(Place::Uri(uri_of(&uri)?)))
        }
        _ => thing_id(text).map(Anchor::Thing),
    }
}

/// A single key that can be licensed: a product, an asset or a type of returnable asset.
///
/// # Errors
/// When the text is no identifier, or one of something else.
pub fn licence(text: &str) -> Result<LicenceKey, NameError> {
    let bare = |digits: &str| {
        Gtin::new(digits).map(|gtin| Identifier::Gtin {
            gtin,
            variant: None,
        })
    };
    match identifier(text, bare)? {
        Identifier::Gtin { gtin, .. } => Ok(LicenceKey::Product(gtin)),
        Identifier::Grai(grai) if grai.serial().is_none() => {
            Ok(LicenceKey::Returnable(grai.class()))
        }
        Identifier::Giai(giai) => Ok(LicenceKey::Asset(giai)),
        other => {
            let expected = "a key that can be licensed: GTIN (01), GRAI (8003) or GIAI (8004)";
            Err(NameError::Kind {
                found: other.kind(),
                expected,
            })
        }
    }
}

/// An identifier's canonical form, within what the ledger keeps.
///
/// # Errors
/// When it is longer.
pub fn uri_of(identifier: &Identifier) -> Result<Uri, NameError> {
    Ok(Uri::new(identifier.to_canonical())?)
}

/// The canonical form of a thing's name.
#[must_use]
pub fn name_of(id: &ThingId) -> String {
    match id {
        ThingId::Item {
            line: Line::Product(gtin),
            serial,
        } => Identifier::Sgtin {
            gtin: *gtin,
            serial: *serial,
            lot: None,
            variant: None,
        }
        .to_canonical(),
        ThingId::Item {
            line: Line::Returnable(grai),
            serial,
        } => {
            // Serials of a GRAI have at most 16 characters; a longer one is no name, but
            // has to be shown all the same.
            match Grai::from(*grai).with_serial(serial.as_str()) {
                Ok(grai) => Identifier::Grai(grai).to_canonical(),
                Err(_) => alloc::format!("{}{}", line_name(&Line::Returnable(*grai)), serial),
            }
        }
        ThingId::Asset(giai) => Identifier::Giai(*giai).to_canonical(),
        ThingId::Unit(sscc) => Identifier::Sscc(*sscc).to_canonical(),
        ThingId::Opaque(uri) => uri.to_string(),
    }
}

/// The canonical form of a product or asset type.
#[must_use]
pub fn line_name(line: &Line) -> String {
    match line {
        Line::Product(gtin) => Identifier::Gtin {
            gtin: *gtin,
            variant: None,
        }
        .to_canonical(),
        Line::Returnable(grai) => Identifier::Grai(Grai::from(*grai)).to_canonical(),
    }
}

/// The canonical form of a lot.
#[must_use]
pub fn lot_name(lot: &LotId) -> String {
    Identifier::Lgtin {
        gtin: lot.gtin,
        lot: lot.lot,
        variant: None,
    }
    .to_canonical()
}

/// The canonical form of a place.
#[must_use]
pub fn place_name(place: &Place) -> String {
    match place {
        Place::Gln { gln, extension } => Identifier::Sgln {
            gln: *gln,
            extension: *extension,
        }
        .to_canonical(),
        Place::Uri(uri) => uri.to_string(),
    }
}

/// The canonical form of a party.
#[must_use]
pub fn party_name(party: &PartyRef) -> String {
    match party {
        PartyRef::Account(address) => address.to_string(),
        PartyRef::Location(gln) => Identifier::Pgln(*gln).to_canonical(),
    }
}
