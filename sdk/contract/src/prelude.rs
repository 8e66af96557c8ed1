//! Everything that a contract uses every day: `use marque_sdk::prelude::*;`.

pub use crate::storage::{List, Map, Page, Set, Value};
pub use crate::verdict::{Decision, Verdict, allow, quarantine, quarantine_lot, refuse};
pub use crate::{
    CallError, Credential, Describe, Fact, Findings, Line, Movement, Quantity, Refused, Result,
    Target, Words, brand, brand_of, caller, contents, contract, contract_address, credential, data,
    decimal, dispose, emit, ensure, event, height, hold, init, keccak256, location, log, lot,
    message, migrate, now, only, only_brand, party, product, query, query_of, record, recover,
    refusals, release, rule, sha256, signer, storage,
};
pub use alloc::string::String;
pub use alloc::vec::Vec;
pub use marque_abi::movement::Part;
pub use marque_primitives::action::{Kind, Right};
pub use marque_primitives::bounded::Text;
pub use marque_primitives::date::Date;
pub use marque_primitives::detail::Place;
pub use marque_primitives::gs1::{Gln, Gtin, LotNumber, Serial, Sscc};
pub use marque_primitives::record::Status;
pub use marque_primitives::thing::{LotId, Run, Thing, ThingId};
pub use marque_primitives::{Address, Amount, Decimal, Hash, Height, TimeMs, Unit};
