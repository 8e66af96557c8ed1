//! Element strings: AIs and their values one after another (GS1 General Specifications,
//! section 7.8).

#[cfg(feature = "host")]
mod read;

use alloc::string::String;

use super::Identifier;

#[cfg(feature = "host")]
pub(crate) use read::{identify, read_bracketed, read_raw};

/// FNC1 as it stands in transmitted data: the control character GS.
#[cfg(feature = "host")]
pub(crate) const FNC1: char = '\u{1d}';

impl Identifier {
    /// The element string with AIs in brackets; a bracket that opens within a value is
    /// written `\(`. `None` for an opaque URI.
    #[must_use]
    pub fn to_element_string(&self) -> Option<String> {
        let elements = self.elements();
        let mut text = String::new();
        for (ai, value) in &elements {
            text.extend(["(", ai, ")"]);
            text.push_str(&value.replace('(', "\\("));
        }
        (!elements.is_empty()).then_some(text)
    }

    /// The element string as a scanner transmits it: FNC1 (GS, 0x1D) in front, and behind
    /// each element of variable length but the last. `None` for an opaque URI.
    #[cfg(feature = "host")]
    #[must_use]
    pub fn to_raw_element_string(&self) -> Option<String> {
        use super::{Ai, dictionary::Entry};

        let elements = self.elements();
        let mut text = String::new();
        let mut separate = true;
        for (ai, value) in &elements {
            if separate {
                text.push(FNC1);
            }
            text.extend([ai, value.as_str()]);
            let entry = Ai::new(ai).and_then(Entry::of);
            separate = !entry.is_ok_and(|entry| entry.is_predefined_length());
        }
        (!elements.is_empty()).then_some(text)
    }
}
