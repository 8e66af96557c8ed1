//! What settings hold: how each kind of value is read, said and written.

use super::{Engine, LogFormat, is_filter};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a setting may be, beyond what its type says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Anything of its type.
    Plain,
    /// A number within bounds.
    Count(RangeInclusive<u64>),
    /// Bytes within bounds: `"4 MiB"` or a number.
    Bytes(RangeInclusive<u64>),
    /// A time within bounds, in milliseconds: `"30 s"`.
    Time(RangeInclusive<u64>),
}

const BYTES: &[(&str, u64)] = &[
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];
const TIMES: &[(&str, u64)] = &[("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)];

impl Kind {
    fn number(&self, text: &str) -> Option<u64> {
        let (units, range) = match self {
            Self::Plain => return None,
            Self::Count(range) => (&[][..], range),
            Self::Bytes(range) => (BYTES, range),
            Self::Time(range) => (TIMES, range),
        };
        let text = text.trim();
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let (number, unit) = text.split_at(text.len().saturating_sub(digits.len()));
        let unit = unit.trim_start();
        // A time without a unit could be seconds or milliseconds: it is neither.
        let bare = unit.is_empty() && !matches!(self, Self::Time(_));
        let factor = match units.iter().find(|(name, _)| *name == unit) {
            Some((_, factor)) => *factor,
            None if bare => 1,
            None => return None,
        };
        let value = number.parse::<u64>().ok()?.checked_mul(factor)?;
        range.contains(&value).then_some(value)
    }

    fn show(&self, value: u64) -> String {
        let units = match self {
            Self::Plain | Self::Count(_) => return value.to_string(),
            Self::Bytes(_) => BYTES,
            Self::Time(_) => TIMES,
        };
        let whole = |(_, factor): &&(&str, u64)| value.is_multiple_of(*factor) && value > 0;
        let (unit, factor) = units
            .iter()
            .find(whole)
            .or(units.last())
            .unwrap_or(&("", 1));
        let number = value.checked_div(*factor).unwrap_or(value);
        format!("{number} {unit}")
    }

    fn allowed(&self) -> String {
        match self {
            Self::Plain => "a number".into(),
            Self::Count(range) => format!("a number from {} to {}", range.start(), range.end()),
            Self::Bytes(range) => format!(
                "an amount of bytes such as \"4 MiB\", from {} to {}",
                self.show(*range.start()),
                self.show(*range.end())
            ),
            Self::Time(range) => format!(
                "a time such as \"30 s\", from {} to {}",
                self.show(*range.start()),
                self.show(*range.end())
            ),
        }
    }

    /// As TOML has it.
    fn literal(&self, value: u64) -> String {
        match self {
            Self::Plain | Self::Count(_) => self.show(value),
            Self::Bytes(_) | Self::Time(_) => quoted(&self.show(value)),
        }
    }
}

fn quoted(text: &str) -> String {
    // A basic string of TOML escapes what JSON does, and DEL.
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

/// A place for a value.
pub trait Slot {
    /// Takes a value, if it is one.
    fn take(&mut self, text: &str, kind: &Kind) -> bool;
    /// What it takes, in words.
    fn allowed(&self, kind: &Kind) -> String;
    /// The value as TOML has it, if there is one.
    fn shown(&self, kind: &Kind) -> Option<String>;
    /// A path that is not absolute is one in this folder.
    fn stand_in(&mut self, _folder: &Path) {}
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Slot for $number {
            fn take(&mut self, text: &str, kind: &Kind) -> bool {
                let value = kind.number(text).and_then(|value| value.try_into().ok());
                value.map(|value| *self = value).is_some()
            }
            fn allowed(&self, kind: &Kind) -> String {
                kind.allowed()
            }
            fn shown(&self, kind: &Kind) -> Option<String> {
                u64::try_from(*self).ok().map(|value| kind.literal(value))
            }
        }
    )*};
}

numbers!(u32, u64, usize);

impl Slot for Duration {
    fn take(&mut self, text: &str, kind: &Kind) -> bool {
        let value = kind.number(text).map(Duration::from_millis);
        value.map(|value| *self = value).is_some()
    }
    fn allowed(&self, kind: &Kind) -> String {
        kind.allowed()
    }
    fn shown(&self, kind: &Kind) -> Option<String> {
        let value = u64::try_from(self.as_millis()).ok();
        value.map(|value| kind.literal(value))
    }
}

impl Slot for SocketAddr {
    fn take(&mut self, text: &str, _: &Kind) -> bool {
        text.parse().map(|address| *self = address).is_ok()
    }
    fn allowed(&self, _: &Kind) -> String {
        "an address and a port such as \"127.0.0.1:9944\" or \"[::1]:9944\"".into()
    }
    fn shown(&self, _: &Kind) -> Option<String> {
        Some(quoted(&self.to_string()))
    }
}

/// Stands where no address is given yet.
const ANYWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl Slot for Option<SocketAddr> {
    fn take(&mut self, text: &str, kind: &Kind) -> bool {
        self.insert(ANYWHERE).take(text, kind)
    }
    fn allowed(&self, kind: &Kind) -> String {
        ANYWHERE.allowed(kind)
    }
    fn shown(&self, kind: &Kind) -> Option<String> {
        self.as_ref()?.shown(kind)
    }
}

/// Lists: in the environment and in options with commas between.
impl Slot for Vec<String> {
    fn take(&mut self, text: &str, _: &Kind) -> bool {
        *self = parts(text).map(str::to_owned).collect();
        let whole = |one: &String| one.bytes().all(|byte| byte.is_ascii_graphic());
        self.iter().all(whole)
    }
    fn allowed(&self, _: &Kind) -> String {
        "a list of names such as [\"ledger.example\"], or [\"*\"] for all".into()
    }
    fn shown(&self, _: &Kind) -> Option<String> {
        Some(listed(self))
    }
}

impl Slot for Vec<IpAddr> {
    fn take(&mut self, text: &str, _: &Kind) -> bool {
        let addresses: Result<Self, _> = parts(text).map(str::parse).collect();
        addresses.map(|addresses| *self = addresses).is_ok()
    }
    fn allowed(&self, _: &Kind) -> String {
        "a list of addresses without ports, such as [\"10.0.0.7\"]".into()
    }
    fn shown(&self, _: &Kind) -> Option<String> {
        Some(listed(self))
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty())
}

fn listed<T: ToString>(list: &[T]) -> String {
    let texts: Vec<String> = list.iter().map(|one| quoted(&one.to_string())).collect();
    format!("[{}]", texts.join(", "))
}

impl Slot for PathBuf {
    fn take(&mut self, text: &str, _: &Kind) -> bool {
        *self = text.into();
        !text.is_empty() && !text.contains('\0')
    }
    fn allowed(&self, _: &Kind) -> String {
        "a path".into()
    }
    fn shown(&self, _: &Kind) -> Option<String> {
        Some(quoted(&self.display().to_string()))
    }
    fn stand_in(&mut self, folder: &Path) {
        *self = folder.join(&*self);
    }
}

impl Slot for Option<PathBuf> {
    fn take(&mut self, text: &str, kind: &Kind) -> bool {
        self.insert(PathBuf::new()).take(text, kind)
    }
    fn allowed(&self, _: &Kind) -> String {
        "a path".into()
    }
    fn shown(&self, kind: &Kind) -> Option<String> {
        self.as_ref()?.shown(kind)
    }
    fn stand_in(&mut self, folder: &Path) {
        if let Some(path) = self {
            path.stand_in(folder);
        }
    }
}

/// What the log holds: a filter.
impl Slot for String {
    fn take(&mut self, text: &str, _: &Kind) -> bool {
        *self = text.to_owned();
        is_filter(text)
    }
    fn allowed(&self, _: &Kind) -> String {
        "error, warn, info, debug or trace, or parts with levels of their own such as \"info,marque_chain=debug\""
            .into()
    }
    fn shown(&self, _: &Kind) -> Option<String> {
        Some(quoted(self))
    }
}

macro_rules! words {
    ($type:ty: $($word:literal => $value:expr),*) => {
        impl Slot for $type {
            fn take(&mut self, text: &str, _: &Kind) -> bool {
                match text {
                    $($word => *self = $value,)*
                    _ => return false,
                }
                true
            }
            fn allowed(&self, _: &Kind) -> String {
                [$(concat!("\"", $word, "\"")),*].join(" or ")
            }
            fn shown(&self, _: &Kind) -> Option<String> {
                [$(($value, $word)),*]
                    .iter()
                    .find(|(value, _)| value == self)
                    .map(|(_, word)| quoted(word))
            }
        }
    };
}

words!(LogFormat: "text" => Self::Text, "json" => Self::Json);
words!(Engine: "redb" => Self::Redb, "sled" => Self::Sled);
