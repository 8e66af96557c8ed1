//! GS1 Digital Link URIs, uncompressed (GS1 Digital Link Standard: URI Syntax).

#[cfg(feature = "host")]
mod read;

use alloc::string::String;
use alloc::vec::Vec;

use super::{Gs1Error, percent};

#[cfg(feature = "host")]
pub(crate) use read::read;

pub(crate) const FIELD: &str = "Digital Link";
const CANONICAL_HOST: &str = "id.gs1.org";

/// The primary keys with the names that versions 1.0 to 1.2 of the standard allow beside
/// their AIs.
const KEYS: [(&str, &str); 16] = [
    ("00", "sscc"),
    ("01", "gtin"),
    ("253", "gdti"),
    ("255", "gcn"),
    ("401", "ginc"),
    ("402", "gsin"),
    ("414", "gln"),
    ("415", "payTo"),
    ("417", "party"),
    ("8003", "grai"),
    ("8004", "giai"),
    ("8006", "itip"),
    ("8010", "cpid"),
    ("8013", "gmn"),
    ("8017", "gsrnp"),
    ("8018", "gsrn"),
];

/// Writes the canonical Digital Link of AIs and values in path order.
pub(crate) fn write(elements: &[(&'static str, String)]) -> String {
    let mut link = String::from("https://");
    link.push_str(CANONICAL_HOST);
    for (ai, value) in elements {
        link.push('/');
        link.push_str(ai);
        link.push('/');
        // Unreserved characters and those of RFC 3986's sub-delims that the reference
        // implementation of the CBV event hash leaves as they are.
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~';=".contains(&b);
        percent::encode(&mut link, value, plain);
    }
    link
}

/// Whether the text is meant as a Digital Link.
pub(crate) fn is_link(text: &str) -> Result<bool, Gs1Error> {
    match Parts::of(text)? {
        Some(parts) => parts.key().map(|key| key.is_some()),
        None => Ok(false),
    }
}

/// An HTTP URI, or the path of one, in its parts.
pub(crate) struct Parts<'a> {
    canonical_host: bool,
    /// Decoded segments of the path.
    segments: Vec<Vec<u8>>,
    #[cfg_attr(
        not(feature = "host"),
        expect(dead_code, reason = "read on the host only")
    )]
    query: Option<&'a str>,
    #[cfg_attr(
        not(feature = "host"),
        expect(dead_code, reason = "read on the host only")
    )]
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Takes the URI apart; `None` if it is neither `http`, `https` nor a path.
    pub(crate) fn of(text: &'a str) -> Result<Option<Self>, Gs1Error> {
        let Some((host, rest)) = split_host(text) else {
            return Ok(None);
        };
        if host == Some("") {
            return Err(Gs1Error::Form);
        }
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (rest, None),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let segments = path
            .split('/')
            .map(|segment| percent::decode(FIELD, segment));
        Ok(Some(Self {
            canonical_host: host.is_none_or(|host| host.eq_ignore_ascii_case(CANONICAL_HOST)),
            segments: segments.collect::<Result<_, _>>()?,
            query,
            fragment,
        }))
    }

    /// Where the primary key stands among the segments: the last key that pairs of AI and
    /// value, counted from the end of the path, reach. Before it a host may have segments
    /// of its own; there, as GS1's pattern for Digital Links has it, only a value that
    /// begins with four digits makes a key.
    pub(crate) fn key(&self) -> Result<Option<usize>, Gs1Error> {
        let is_key = |at: usize| {
            let (Some(code), Some(value)) = (self.segments.get(at), self.segments.get(at + 1))
            else {
                return false;
            };
            let digits = value
                .iter()
                .take(4)
                .filter(|byte| byte.is_ascii_digit())
                .count();
            key_ai(code).is_some() && (digits == 4 || self.canonical_host)
        };
        let count = self.segments.len();
        let aligned = (0..count).rev().skip(1).step_by(2).find(|at| is_key(*at));
        if aligned.is_some() {
            return Ok(aligned);
        }
        // A key that the pairs miss is a Digital Link with a segment too many or too few.
        if (0..count).any(is_key) {
            return Err(Gs1Error::Unpaired);
        }
        if self.canonical_host {
            return Err(Gs1Error::NoKey);
        }
        Ok(None)
    }
}

/// The AI of a primary key's path segment, given as AI or by name.
fn key_ai(code: &[u8]) -> Option<&'static str> {
    KEYS.iter()
        .find(|(ai, name)| code == ai.as_bytes() || code == name.as_bytes())
        .map(|(ai, _)| *ai)
}

/// Host, if there is one, and what follows it.
fn split_host(text: &str) -> Option<(Option<&str>, &str)> {
    if text.starts_with('/') {
        return Some((None, text));
    }
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at_checked(end)?;
    Some((Some(host), rest))
}
