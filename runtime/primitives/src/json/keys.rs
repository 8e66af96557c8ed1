//! Products, locations, lots, licences and units.

use super::{naming, parsed, text};
use crate::action::LicenceKey;
use crate::credential::{CredentialKind, CredentialNumber};
use crate::gs1::{CompanyPrefix, Gln, Gtin, Identifier, LotNumber, Serial};
use crate::thing::{Line, LotId};
use crate::{Amount, Decimal, Unit};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

/// Types that are written as a canonical name and read by `$read`.
macro_rules! named {
    ($($name:ty, $read:path, $write:expr;)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                let write: fn(&Self) -> alloc::string::String = $write;
                s.serialize_str(&write(self))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                text(d, $read)
            }
        }
    )*};
}
pub(super) use named;

named! {
    Gtin, naming::product, |gtin| naming::line_name(&Line::Product(*gtin));
    Gln, naming::location, |gln| Identifier::Sgln { gln: *gln, extension: None }.to_canonical();
    Line, naming::line, naming::line_name;
    LotId, naming::lot, naming::lot_name;
}

/// Parts of keys: their own characters.
macro_rules! plain {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                parsed(d)
            }
        }
    )*};
}

plain!(
    LotNumber,
    Serial,
    CompanyPrefix,
    CredentialKind,
    CredentialNumber
);

/// `{"prefix": "9506000"}`, or a single key by its name.
impl Serialize for LicenceKey {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Prefix(prefix) => {
                let mut map = s.serialize_map(Some(1))?;
                map.serialize_entry("prefix", prefix)?;
                map.end()
            }
            Self::Product(gtin) => gtin.serialize(s),
            Self::Returnable(grai) => Line::Returnable(*grai).serialize(s),
            Self::Asset(giai) => s.serialize_str(&Identifier::Giai(*giai).to_canonical()),
        }
    }
}

impl<'de> Deserialize<'de> for LicenceKey {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Prefixed {
            prefix: CompanyPrefix,
        }
        match Value::deserialize(d)? {
            Value::String(text) => naming::licence(&text)
                .map_err(|error| D::Error::custom(super::quoted(&text, &error))),
            other => serde_json::from_value::<Prefixed>(other)
                .map(|licence| Self::Prefix(licence.prefix))
                .map_err(D::Error::custom),
        }
    }
}

/// Things counted are `EA`.
impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code().unwrap_or("EA"))
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let one = Decimal::from_integer(1);
        text(d, |code| match Amount::new(one, Some(code)) {
            Ok(amount) if amount.value == one => Ok(amount.unit),
            _ => Err("a base unit is EA, GRM, MLT or a UN/ECE code that converts to none of them"),
        })
    }
}
