//! Places, parties and what associations hang on.

use super::keys::named;
use super::{naming, text};
use crate::action::{Anchor, PartyRef};
use crate::detail::Place;
use crate::thing::ThingId;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

named! {
    Place, naming::place, naming::place_name;
    PartyRef, naming::party, naming::party_name;
    ThingId, naming::thing_id, naming::name_of;
}

/// A name, or `{"place": …}` or `{"thing": …}` where a name alone would be read as the other.
impl Serialize for Anchor {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let (key, name) = match self {
            Self::Thing(id) => ("thing", naming::name_of(id)),
            Self::Place(place) => ("place", naming::place_name(place)),
        };
        if naming::anchor(&name).as_ref() == Ok(self) {
            return s.serialize_str(&name);
        }
        let mut map = s.serialize_map(Some(1))?;
        map.serialize_entry(key, &name)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Anchor {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        enum Tagged {
            Thing(ThingId),
            Place(Place),
        }
        match Value::deserialize(d)? {
            Value::String(text) => naming::anchor(&text)
                .map_err(|error| D::Error::custom(super::quoted(&text, &error))),
            other => match serde_json::from_value(other).map_err(D::Error::custom)? {
                Tagged::Thing(id) => Ok(Self::Thing(id)),
                Tagged::Place(place) => Ok(Self::Place(place)),
            },
        }
    }
}
