//! GS1 identification keys as the General Specifications define them.
//!
//! A key is a newtype that cannot hold a wrong value: the constructor and the decoder
//! both verify length, characters and check digit.

mod charset;
mod check;
mod compound;
mod error;
mod key;
mod prefix;
mod serial;
mod text_rules;

pub use charset::Charset;
pub use compound::{Cpid, Gcn, Gdti, Giai, Ginc, Gmn, Grai, Itip};
pub use error::Gs1Error;
pub use key::{Gln, Gsin, Gsrn, Gtin, Sscc};
pub use prefix::{CompanyPrefix, Licensed, PrefixDigits};
pub use serial::{
    CpiSerial, GlnExtension, LotNumber, PaymentReference, Serial, Srin, Tpx, Uic, Variant,
};
