//! The secret that administrators show.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use std::fmt;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A secret of at least [`Token::SHORTEST`] characters; it is never printed.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Characters of a token at least: what is typed by heart can be guessed.
    pub const SHORTEST: usize = 32;

    /// A token, if it is long enough and of visible ASCII characters alone.
    #[must_use]
    pub fn new(text: Zeroizing<String>) -> Option<Self> {
        let right =
            text.len() >= Self::SHORTEST && text.bytes().all(|byte| byte.is_ascii_graphic());
        right.then_some(Self(text))
    }

    /// Whether the headers carry it: `Authorization: Bearer …`. Takes the same time for every
    /// token of its length.
    pub(crate) fn is_shown_by(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return false;
        };
        let shown = value.as_bytes().strip_prefix(b"Bearer ");
        shown.is_some_and(|shown| shown.ct_eq(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
