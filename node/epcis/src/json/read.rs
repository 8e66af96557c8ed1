//! A reader for RFC 8259, with nothing more and nothing less than the grammar.

use crate::Error;
use serde_json::{Map, Number, Value};

/// A place in the text, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Reads one JSON value with at most `depth` objects and arrays within each other.
/// Keys are unique, numbers keep their digits.
pub fn read(bytes: &[u8], depth: usize) -> Result<Value, Error> {
    if bytes.starts_with(b"\xEF\xBB\xBF")
        || bytes.starts_with(b"\xFF\xFE")
        || bytes.starts_with(b"\xFE\xFF")
    {
        return Err(Error::ByteOrderMark);
    }
    let text = std::str::from_utf8(bytes).map_err(|e| Error::NotUtf8 {
        offset: e.valid_up_to(),
    })?;
    let mut reader = Reader { text, at: 0, depth };
    let value = reader.value(depth)?;
    reader.space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.fail("something follows the value")),
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Always on a character's first byte.
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn position(&self) -> Position {
        self.position_of(self.at)
    }

    fn position_of(&self, at: usize) -> Position {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before
            .bytes()
            .filter(|b| *b == b'\n')
            .count()
            .saturating_add(1);
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            .saturating_add(1);
        Position { line, column }
    }

    fn fail(&self, what: &'static str) -> Error {
        Error::NotJson {
            at: self.position(),
            what,
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.skip(1);
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.skip(1);
        }
        found
    }

    fn value(&mut self, levels: usize) -> Result<Value, Error> {
        self.space();
        match self.peek() {
            Some(b'{') => self.object(self.deeper(levels)?),
            Some(b'[') => self.array(self.deeper(levels)?),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn deeper(&self, levels: usize) -> Result<usize, Error> {
        levels.checked_sub(1).ok_or_else(|| Error::TooDeep {
            at: self.position(),
            limit: self.depth,
        })
    }

    fn word(&mut self) -> Result<Value, Error> {
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if self.rest().starts_with(word) {
                self.skip(word.len());
                return Ok(value);
            }
        }
        Err(self.fail("a value is missing"))
    }

    fn array(&mut self, levels: usize) -> Result<Value, Error> {
        self.skip(1);
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(levels)?);
            self.space();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            if !self.take(b',') {
                return Err(self.fail("a comma or ] is missing"));
            }
        }
    }

    fn object(&mut self, levels: usize) -> Result<Value, Error> {
        self.skip(1);
        let mut members = Map::new();
        self.space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fail("a key in quotes is missing"));
            }
            let key = self.string()?;
            if members.contains_key(&key) {
                return Err(Error::DuplicateKey {
                    at: self.position_of(at),
                    key,
                });
            }
            self.space();
            if !self.take(b':') {
                return Err(self.fail("a colon is missing"));
            }
            let value = self.value(levels)?;
            members.insert(key, value);
            self.space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err(self.fail("a comma or } is missing"));
            }
        }
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.skip(count);
        count
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        match self.digits() {
            0 => return Err(self.fail("a digit is missing")),
            1 => {}
            _ if leading_zero => return Err(self.fail("a number begins with 0")),
            _ => {}
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.fail("a digit after the point is missing"));
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            if self.digits() == 0 {
                return Err(self.fail("a digit of the exponent is missing"));
            }
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        // The grammar above is JSON's, so that serde_json only keeps the text.
        digits
            .parse::<Number>()
            .map(Value::Number)
            .map_err(|_| self.fail("a number is out of range"))
    }

    fn string(&mut self) -> Result<String, Error> {
        self.skip(1);
        let mut out = String::new();
        loop {
            let plain = self
                .rest()
                .bytes()
                .take_while(|b| !matches!(b, b'"' | b'\\' | 0..=0x1f))
                .count();
            let end = self.at.saturating_add(plain);
            out.push_str(self.text.get(self.at..end).unwrap_or_default());
            self.at = end;
            match self.peek() {
                Some(b'"') => {
                    self.skip(1);
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.skip(1);
                    out.push(self.escape()?);
                }
                Some(_) => {
                    return Err(
                        self.fail("a control character stands in a string; write it as \\u")
                    );
                }
                None => return Err(self.fail("a string does not end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let letter = self
            .peek()
            .ok_or_else(|| self.fail("a string does not end"))?;
        let plain = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.skip(1);
                return self.unicode();
            }
            _ => return Err(self.fail("an unknown escape")),
        };
        self.skip(1);
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, Error> {
        let high = self.hex4()?;
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        let lone = "half of a surrogate pair";
        if !(0xd800..0xdc00).contains(&high) || !self.rest().starts_with("\\u") {
            return Err(self.fail(lone));
        }
        self.skip(2);
        let low = self.hex4()?;
        char::decode_utf16([high, low].map(|unit| u16::try_from(unit).unwrap_or_default()))
            .next()
            .and_then(Result::ok)
            .filter(|c| u32::from(*c) > 0xffff)
            .ok_or_else(|| self.fail(lone))
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        let digits = self
            .rest()
            .get(..4)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
        let value = value.ok_or_else(|| self.fail("four hexadecimal digits are missing"))?;
        self.skip(4);
        Ok(value)
    }
}
