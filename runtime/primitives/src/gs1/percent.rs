//! Percent-encoding (RFC 3986, section 2.1).

use alloc::string::String;
use alloc::vec::Vec;

use super::Gs1Error;

/// Decodes every `%XX`; the bytes that come out need not be UTF-8.
pub(crate) fn decode(field: &'static str, text: &str) -> Result<Vec<u8>, Gs1Error> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let position = text.len().saturating_sub(rest.len());
            let error = Gs1Error::PercentEncoding { field, position };
            let [high, low, tail @ ..] = tail else {
                return Err(error);
            };
            let (Some(high), Some(low)) = (hex(*high), hex(*low)) else {
                return Err(error);
            };
            decoded.push(high << 4 | low);
            rest = tail;
        } else {
            decoded.push(*first);
            rest = tail;
        }
    }
    Ok(decoded)
}

/// Checks that two hexadecimal digits follow every `%`.
pub(crate) fn check(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    decode(field, core::str::from_utf8(text).unwrap_or_default()).map(|_| ())
}

/// Appends `text`, each byte for which `plain` says no as `%XX` in capitals.
pub(crate) fn encode(out: &mut String, text: &str, plain: impl Fn(u8) -> bool) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in text.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            let digit = |value: u8| HEX.get(usize::from(value)).copied().unwrap_or('0');
            out.extend([digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
