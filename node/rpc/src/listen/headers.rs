//! What a request's headers must say: which host it is for, which page sent it, and that its
//! body is plain JSON.
//!
//! A page in a browser can make the browser send requests to a node on its user's machine,
//! under a name that it has pointed there (DNS rebinding) or as a form. The host a request is
//! for, the page it comes from and its content type tell such requests apart.

use hyper::HeaderMap;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use std::net::IpAddr;

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Names that requests may be for, or pages that they may come from; `*` is all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    fn has(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.0.iter().any(|known| known == "*" || *known == name)
    }
}

/// The one value of a header; none if it is not there, and an error if it is there twice or is
/// no text.
fn one(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str().map_err(drop));
    match values.next() {
        None => first.transpose(),
        Some(_) => Err(()),
    }
}

/// Whether the request is for one of these hosts, by name or address, whatever the port.
pub(super) fn host_is_known(headers: &HeaderMap, hosts: &Names) -> bool {
    match one(headers, HOST) {
        Ok(Some(host)) => hosts.has(without_port(host)),
        _ => false,
    }
}

fn without_port(host: &str) -> &str {
    if let Some(end) = host.strip_prefix('[').and_then(|rest| rest.find(']')) {
        // The brackets belong to the name.
        return host.get(..end.saturating_add(2)).unwrap_or(host);
    }
    host.split_once(':').map_or(host, |(name, _)| name)
}

/// The page that sent the request: none if no page did, an error if it is not one of these.
pub(super) fn page<'a>(headers: &'a HeaderMap, pages: &Names) -> Result<Option<&'a str>, ()> {
    match one(headers, ORIGIN)? {
        None => Ok(None),
        Some(page) if pages.has(page) => Ok(Some(page)),
        Some(_) => Err(()),
    }
}

/// Whether the body is JSON as it stands: a form is not, nor what has to be unpacked.
pub(super) fn body_is_json(headers: &HeaderMap) -> bool {
    let json = |kind: &str| {
        let (kind, rest) = kind.split_once(';').unwrap_or((kind, ""));
        let rest = rest.trim();
        kind.trim().eq_ignore_ascii_case("application/json")
            && (rest.is_empty() || rest.eq_ignore_ascii_case("charset=utf-8"))
    };
    let plain = match one(headers, CONTENT_ENCODING) {
        Ok(None) => true,
        Ok(Some(coding)) => coding.eq_ignore_ascii_case("identity"),
        Err(()) => false,
    };
    plain && matches!(one(headers, CONTENT_TYPE), Ok(Some(kind)) if json(kind))
}

/// The length that the body is said to have; hyper has refused what is no length.
pub(super) fn length(headers: &HeaderMap) -> Option<u64> {
    one(headers, CONTENT_LENGTH).ok()??.parse().ok()
}

/// Whose request it is: the last address that no listed proxy has, since what a client writes
/// into the header itself stands before it.
pub(super) fn guest(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let mut named: Vec<IpAddr> = Vec::new();
    for value in headers.get_all(FORWARDED) {
        for name in value.to_str().unwrap_or_default().split(',') {
            match name.trim().parse() {
                Ok(address) => named.push(address),
                // What stands before it cannot be believed.
                Err(_) => named.clear(),
            }
        }
    }
    let foreign = named.into_iter().rev().find(|at| !proxies.contains(at));
    foreign.unwrap_or(peer)
}

#[cfg(test)]
mod tests;
