//! Identifiers within documents.

use crate::Invalid;
use marque_primitives::gs1::Identifier;
use std::borrow::Cow;

/// The constrained canonical GS1 Digital Link of a URI that names a GS1 key (CBV 2.0,
/// 8.9.2, rules 17 and 18); any other text as it is.
pub fn canonical_uri(text: &str) -> Cow<'_, str> {
    let is_uri = ["urn:epc:", "https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    match text.parse::<Identifier>() {
        Ok(Identifier::Opaque(_)) | Err(_) => Cow::Borrowed(text),
        Ok(key) if is_uri => Cow::Owned(key.constrained().to_canonical()),
        // An element string is a key to whom it names one, and a text in an extension.
        Ok(_) => Cow::Borrowed(text),
    }
}

/// Reads an identifier that stands in `field`.
pub fn read(text: &str, field: &str) -> Result<Identifier, Invalid> {
    text.parse::<Identifier>().map_err(|error| {
        let (what, remedy) = (error.to_string(), error.remedy());
        let what = what
            .strip_suffix(&*remedy)
            .map_or(what.as_str(), |w| w.trim_end_matches("; "));
        Invalid::new(field, format!("{text:?}: {what}"), remedy)
    })
}
