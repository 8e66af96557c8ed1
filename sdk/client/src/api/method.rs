//! What all methods share.

use marque_primitives::{Hash, Height, Position, TimeMs};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use std::fmt::Debug;

/// A method of a node; the type is its parameters.
pub trait Method: Serialize + DeserializeOwned + Debug + Send + Sync + 'static {
    /// Its name on the wire.
    const NAME: &'static str;
    /// The names of its parameters, in the order by position.
    const PARAMS: &'static [&'static str];
    /// What it answers.
    type Output: Serialize + DeserializeOwned + Debug + Send + 'static;
}

/// Declares methods: name, required parameters, optional parameters, result.
macro_rules! methods {
    // Names on the wire are in camelCase; these are the parameters with more than one word.
    (@camel gas_limit) => { "gasLimit" };
    (@camel from_height) => { "fromHeight" };
    (@camel include_refused) => { "includeRefused" };
    (@camel biz_step) => { "bizStep" };
    (@camel event_time) => { "eventTime" };
    (@camel record_time) => { "recordTime" };
    (@camel error_declared) => { "errorDeclared" };
    (@camel $word:ident) => { stringify!($word) };
    ($(
        $(#[$doc:meta])*
        $name:literal $method:ident (
            $($(#[$required_doc:meta])* $required:ident: $required_type:ty),* $(,)?
        ) [
            $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty),* $(,)?
        ] -> $output:ty;
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $method {
            $($(#[$required_doc])* pub $required: $required_type,)*
            $(
                $(#[$optional_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $optional: Option<$optional_type>,
            )*
        }

        impl $crate::api::Method for $method {
            const NAME: &'static str = $name;
            const PARAMS: &'static [&'static str] =
                &[$(methods!(@camel $required),)* $(methods!(@camel $optional),)*];
            type Output = $output;
        }
    )*};
}
pub(super) use methods;

/// Part of a list.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next part begins, opaque; none at the end.
    pub cursor: Option<String>,
}

/// Part of a list of what was recorded, also as an EPCIS document where that was asked for.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Recorded<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next part begins, opaque; none at the end.
    pub cursor: Option<String>,
    /// The items' events as an EPCIS 2.0 document, each as it was captured or as EPCIS tells
    /// it, with recordTime, the ledger's height and the event hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epcis: Option<serde_json::Value>,
    /// Positions of events that the document leaves out: EPCIS has no event for them, or they
    /// name more things than one event lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub omitted: Vec<Position>,
}

/// A span of time; an end left out is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeSpan {
    /// At or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TimeMs>,
    /// At or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<TimeMs>,
}

/// A block by its height or hash: `"latest"`, `"finalized"`, a number, or 0x hex.
///
/// Every block that is shown is final, so the first two are one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum At {
    /// The newest.
    #[default]
    Latest,
    /// At this height.
    Height(Height),
    /// With this hash.
    Hash(Hash),
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Latest => s.serialize_str("latest"),
            Self::Height(height) => height.serialize(s),
            Self::Hash(hash) => hash.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(d)?;
        match value.as_str() {
            Some("latest" | "finalized") => Ok(Self::Latest),
            Some(text) if text.starts_with("0x") => serde_json::from_value(value)
                .map(Self::Hash)
                .map_err(D::Error::custom),
            _ => serde_json::from_value(value)
                .map(Self::Height)
                .map_err(|_| {
                    D::Error::custom("a block is \"latest\", \"finalized\", a height or a hash")
                }),
        }
    }
}
