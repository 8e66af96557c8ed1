//! The SDK natively: what it reads and writes by hand agrees with the ledger's types, and
//! what a contract keeps comes back.

mod agreement;
mod entries;
mod host;
mod random;
mod shown;
mod stored;
