//! Errors in words: what is wrong, what would be right, what to do.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::{self, Write as _};

use super::Gs1Error;

impl Gs1Error {
    /// What would have been right, where that is known.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        match self {
            Self::Length { min, max, .. } if min == max => Some(format!("{min} characters")),
            Self::Length { min, max, .. } => Some(format!("{min} to {max} characters")),
            Self::Character { allowed, .. } => Some((*allowed).to_string()),
            Self::CheckDigit { expected, .. } => Some(expected.to_string()),
            Self::CheckPair { expected, .. } => Some(expected.escape_ascii().to_string()),
            Self::Value { expected, .. }
            | Self::LetterCase { expected }
            | Self::EpcComponents { expected, .. } => Some((*expected).to_string()),
            Self::PercentEncoding { .. } => Some("% and two hexadecimal digits".to_string()),
            Self::ZeroSuppressed { full } => Some(full.to_string()),
            Self::Qualifier { order: "", .. } => Some("no qualifier".to_string()),
            Self::Qualifier { order, .. } => Some((*order).to_string()),
            Self::Requires { with, .. } => Some((*with).to_string()),
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Form => "write a Digital Link (https://id.gs1.org/01/09506000134352/21/A1), an \
                           EPC URN (urn:epc:id:sgtin:9506000.013435.A1), an element string \
                           ((01)09506000134352(21)A1) or another URI"
                .to_string(),
            Self::Length { .. } | Self::Value { .. } | Self::Character { .. } => {
                "check the identifier against its source".to_string()
            }
            Self::CheckDigit { .. } | Self::CheckPair { .. } => {
                "compare it with the label: a digit is wrong or two are swapped, or the check \
                 digit was never right"
                    .to_string()
            }
            Self::BareNumber { digits } => {
                let prefix = match digits {
                    18 => "(00) for an SSCC, (8017) or (8018) for a GSRN",
                    17 => "(402) for a GSIN",
                    14 => "(01) for a GTIN",
                    8 | 12 => "(01) and zeros up to 14 digits for a GTIN",
                    13 => "(01)0 for a GTIN, (414) for a place, (417) for a party",
                    _ => "its application identifier in brackets, such as (01) or (00)",
                };
                format!("say which key it is: write {prefix} before the digits")
            }
            Self::PercentEncoding { .. } => "write a % itself as %25".to_string(),
            Self::LetterCase { expected } => format!("write {expected}"),
            Self::ZeroSuppressed { full } => format!("write {full}"),
            Self::UnknownAi { .. } => "see the GS1 list of application identifiers".to_string(),
            Self::NoKey => "add the key that the data belong to, such as (01) or (00)".to_string(),
            Self::TwoKeys { .. } => "give each key on its own".to_string(),
            Self::Qualifier { .. } => {
                "put qualifiers behind their key in its order, attributes into the query string"
                    .to_string()
            }
            Self::Unpaired => "write /AI/value pairs to the end of the path".to_string(),
            Self::NotAnAttribute { .. } => "put it into the path".to_string(),
            Self::Repeated { .. } => "give it once".to_string(),
            Self::Requires { with, .. } => format!("add {with}"),
            Self::Excludes { other, .. } => format!("leave one out, such as ({other})"),
            Self::Separator { .. } => {
                "end each element of variable length but the last with FNC1 (GS, 0x1D)".to_string()
            }
            Self::EpcScheme { .. } => {
                "use a scheme of the EPC Tag Data Standard, such as sgtin or sscc".to_string()
            }
            Self::EpcComponents { .. } => "check the length of the company prefix".to_string(),
            Self::WidePattern => "name one class: only the last component may be *".to_string(),
            Self::NoEpcUrn { .. } => "use the Digital Link".to_string(),
        }
    }
    /// What is wrong and what would be right, without the remedy.
    #[must_use]
    pub fn what(&self) -> String {
        let mut what = String::new();
        // Writing to a string does not fail.
        let _ = self.write_what(&mut what);
        if let Some(expected) = self.expected() {
            what.push_str(", expected ");
            what.push_str(&expected);
        }
        what
    }

    fn write_what(&self, f: &mut String) -> fmt::Result {
        match self {
            Self::Form => f.write_str("not an identifier in a form that is read")?,
            Self::Length { field, found, .. } => write!(f, "{field} has {found} characters")?,
            Self::Character {
                field,
                position,
                found,
                ..
            } => {
                write!(
                    f,
                    "{field} has '{}' at position {position}",
                    found.escape_default()
                )?;
            }
            Self::CheckDigit { field, found, .. } => write!(f, "{field} has check digit {found}")?,
            Self::CheckPair { field, found, .. } => {
                write!(f, "{field} has check characters {}", found.escape_ascii())?;
            }
            Self::Value { field, .. } => write!(f, "{field} has a wrong value")?,
            Self::BareNumber { digits } => {
                write!(f, "{digits} digits do not say which key they are")?
            }
            Self::PercentEncoding { field, position } => {
                write!(
                    f,
                    "{field} has a broken percent-encoding at position {position}"
                )?;
            }
            Self::LetterCase { .. } => f.write_str("wrong letter case")?,
            Self::ZeroSuppressed { .. } => f.write_str("GTIN without its leading zeros")?,
            Self::UnknownAi { found } => {
                write!(f, "no application identifier ({})", found.escape_default())?;
            }
            Self::NoKey => f.write_str("no primary identification key")?,
            Self::TwoKeys { first, second } => write!(f, "both ({first}) and ({second}) are keys")?,
            Self::Qualifier { key, found, .. } => {
                write!(
                    f,
                    "'{}' does not belong there behind ({key})",
                    found.escape_default()
                )?;
            }
            Self::Unpaired => f.write_str("the path of the Digital Link is not made of pairs")?,
            Self::NotAnAttribute { ai } => write!(f, "({ai}) is no data attribute")?,
            Self::Repeated { ai } => write!(f, "({ai}) stands twice")?,
            Self::Requires { ai, .. } => write!(f, "({ai}) does not stand alone")?,
            Self::Excludes { ai, other } => write!(f, "({ai}) excludes ({other})")?,
            Self::Separator { position } => {
                write!(
                    f,
                    "the element string breaks off or lacks FNC1 at position {position}"
                )?;
            }
            Self::EpcScheme { found } => {
                write!(f, "no EPC scheme '{}'", found.escape_default())?;
            }
            Self::EpcComponents { scheme, .. } => write!(f, "{scheme} has wrong components")?,
            Self::WidePattern => f.write_str("the pattern spans more than one class")?,
            Self::NoEpcUrn { reason } => write!(f, "no EPC URN: {reason}")?,
        }
        Ok(())
    }
}

impl fmt::Display for Gs1Error {
    /// What is wrong, what would be right, and the remedy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what(), self.remedy())
    }
}
