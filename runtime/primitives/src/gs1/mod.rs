//! GS1 identification keys, and reading and writing them in every form that the world
//! uses: Digital Links, EPC URNs, element strings.
//!
//! A key is a newtype that cannot hold a wrong value: constructor and decoder verify
//! length, characters and check digit. [`Identifier`] is any key with its qualifiers.
//! On the host, [`Identifier::parse`] reads all forms, and the GS1 syntax dictionary says
//! what application identifiers may hold; contracts are spared both.
//!
//! Nothing here knows who licenses a key: see [`CompanyPrefix`].

mod charset;
mod check;
mod compound;
#[cfg(feature = "host")]
pub mod date;
#[cfg(feature = "host")]
mod dictionary;
mod element;
mod error;
mod identifier;
mod key;
mod link;
#[cfg(feature = "host")]
mod parse;
mod percent;
mod prefix;
mod serial;
#[cfg(test)]
#[cfg(feature = "host")]
mod tests;
mod text_rules;
mod uri;
mod urn;

pub use charset::Charset;
pub use compound::{Cpid, Gcn, Gdti, Giai, Ginc, Gmn, Grai, Itip};
pub use error::Gs1Error;
pub use identifier::Identifier;
pub use key::{GcnType, GdtiType, Gln, GraiType, Gsin, Gsrn, Gtin, Sscc};
#[cfg(feature = "host")]
pub use parse::{Attribute, Form, MAX_TEXT, ParseOptions, Parsed};
pub use prefix::{CompanyPrefix, Licensed, PrefixDigits};
pub use serial::{
    Ai, CpiSerial, GlnExtension, LotNumber, PaymentReference, Serial, Srin, Tpx, Uic, Variant,
};
pub use uri::OpaqueUri;
