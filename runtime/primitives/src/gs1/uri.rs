//! URIs that are no GS1 key.

use alloc::string::String;
use core::fmt;

use parity_scale_codec::{Decode, Encode, Error, Input};

use super::{Gs1Error, error::quoted, link, percent};

/// A URI of up to 255 bytes that is no GS1 key: waybills, `urn:uuid:`, `urn:gdst:`.
/// Taken as it is. A URI that would be read as a GS1 key is refused, so that no key has a
/// second name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct OpaqueUri(String);

/// EPC schemes that name things with no GS1 key behind them (EPC Tag Data Standard,
/// section 6.3).
const OPAQUE_EPC: [&str; 5] = ["adi", "bic", "gid", "imovn", "usdod"];

impl OpaqueUri {
    const FIELD: &'static str = "URI";
    /// The greatest length in bytes.
    pub const MAX_LEN: usize = 255;

    /// Takes a URI as RFC 3986 spells it.
    ///
    /// # Errors
    /// When it is longer than 255 bytes, no URI, its scheme is not in lower case, or it is
    /// written as a GS1 key.
    pub fn new(text: &str) -> Result<Self, Gs1Error> {
        let (field, found) = (Self::FIELD, text.len());
        if found == 0 || found > Self::MAX_LEN {
            return Err(Gs1Error::Length {
                field,
                min: 1,
                max: Self::MAX_LEN,
                found,
            });
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
        if let Some((position, found)) = text.char_indices().find(|(_, c)| !plain(*c)) {
            let allowed = "the characters of RFC 3986; others percent-encoded";
            return Err(Gs1Error::Character {
                field,
                position,
                found,
                allowed,
            });
        }
        percent::check(field, text.as_bytes())?;
        let (scheme, rest) = text.split_once(':').ok_or(Gs1Error::Form)?;
        let mut letters = scheme.bytes();
        let begins = letters
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic());
        let follows = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        if !begins || !letters.all(follows) || rest.is_empty() {
            return Err(Gs1Error::Form);
        }
        if scheme.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Gs1Error::LetterCase {
                expected: "the scheme in lower case",
            });
        }
        if epc(text)?.is_some_and(|scheme| !OPAQUE_EPC.contains(&scheme)) || link::is_link(text)? {
            return Err(Gs1Error::Value {
                field,
                expected: "a URI that is no GS1 key",
            });
        }
        Ok(Self(text.into()))
    }

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The scheme of an EPC URN; `None` for any other text, and for the schemes that stand
/// for no GS1 key.
#[cfg(feature = "host")]
pub(crate) fn gs1_epc(text: &str) -> Result<Option<&str>, Gs1Error> {
    Ok(epc(text)?.filter(|scheme| !OPAQUE_EPC.contains(scheme)))
}

/// The scheme of an EPC URN, as in `urn:epc:id:<scheme>:…`.
fn epc(text: &str) -> Result<Option<&str>, Gs1Error> {
    const PREFIX: &str = "urn:epc:";
    let Some((prefix, rest)) = text.split_at_checked(PREFIX.len()) else {
        return Ok(None);
    };
    if !prefix.eq_ignore_ascii_case(PREFIX) {
        return Ok(None);
    }
    if prefix != PREFIX {
        return Err(Gs1Error::LetterCase { expected: PREFIX });
    }
    let mut parts = rest.splitn(3, ':');
    let (kind, scheme, body) = (parts.next(), parts.next(), parts.next());
    match (kind, scheme, body) {
        (Some("id" | "idpat" | "class"), Some(scheme), Some(_)) => Ok(Some(scheme)),
        _ => Err(Gs1Error::EpcScheme {
            found: quoted(rest, 20),
        }),
    }
}

impl fmt::Display for OpaqueUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OpaqueUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpaqueUri({})", self.0)
    }
}

impl Decode for OpaqueUri {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let bytes = super::charset::decode_bounded(input, Self::MAX_LEN)?;
        let text = core::str::from_utf8(&bytes).map_err(|_| "URI is not UTF-8")?;
        Self::new(text).map_err(|error| error.name().into())
    }
}
