//! The contexts that are built in, by the address that documents give.

use super::{Context, Origin};
use crate::json;
use serde_json::Value;
use std::sync::LazyLock;

/// A context that is read once, by itself.
#[derive(Debug)]
pub struct BuiltIn {
    pub address: &'static str,
    pub context: LazyLock<Context>,
}

const COUNT: usize = 10;

macro_rules! built_in {
    ($($address:literal => $file:literal),+ $(,)?) => {
        static BUILT_IN: [BuiltIn; COUNT] = [$(BuiltIn {
            address: $address,
            context: LazyLock::new(|| context(include_str!(concat!("../../contexts/", $file)))),
        }),+];
    };
}

built_in! {
    "https://ref.openepcis.io/extensions/common/core/dpp-core-context.jsonld" => "openepcis/dpp-core-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/battery/battery-context.jsonld" => "openepcis/battery-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/cpr/cpr-context.jsonld" => "openepcis/cpr-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/detergent/detergent-context.jsonld" => "openepcis/detergent-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/electronics/electronics-context.jsonld" => "openepcis/electronics-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/eudr/eudr-context.jsonld" => "openepcis/eudr-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/iron-steel/iron-steel-context.jsonld" => "openepcis/iron-steel-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/ppwr/ppwr-context.jsonld" => "openepcis/ppwr-context.jsonld",
    "https://ref.openepcis.io/extensions/eu/textile/textile-context.jsonld" => "openepcis/textile-context.jsonld",
    "https://ref.openepcis.io/extensions/us/fsma204/fsma204-context.jsonld" => "openepcis/fsma204-context.jsonld",
}

static EPCIS: LazyLock<Value> =
    LazyLock::new(|| local(include_str!("../../contexts/gs1/epcis-context.jsonld")));

/// The value of `@context` in a file of ours; a test reads every one of them.
fn local(text: &str) -> Value {
    match json::read(text.as_bytes(), 32) {
        Ok(Value::Object(mut file)) => file.remove("@context").unwrap_or_default(),
        _ => Value::Null,
    }
}

fn context(text: &str) -> Context {
    Context::above(Context::epcis(), &local(text), Origin::BuiltIn).unwrap_or_default()
}

/// The EPCIS 2.0 context of GS1.
pub fn epcis() -> &'static Value {
    &EPCIS
}

/// Whether an address is that of the EPCIS context, which has moved over the years:
/// `ref.gs1.org/standards/epcis/…`, `gs1.github.io/EPCIS/…` and `ref.gs1.org/epcis/…`.
pub fn is_epcis(address: &str) -> bool {
    address.ends_with("/epcis-context.jsonld")
        && [
            "https://ref.gs1.org/",
            "http://ref.gs1.org/",
            "https://gs1.github.io/EPCIS/",
            "https://id.gs1.org/epcis-context",
        ]
        .iter()
        .any(|host| address.starts_with(host))
}

/// The built-in copy of the context at `address`.
pub fn find(address: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|known| known.address == address)
}

#[cfg(test)]
pub fn all() -> impl Iterator<Item = &'static BuiltIn> {
    BUILT_IN.iter()
}
