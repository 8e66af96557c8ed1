//! A contract's code: a file, or a reference contract that the binary carries.

use crate::dev::contracts;
use crate::failure::Failure;
use marque_abi::interface::Interface;
use marque_abi::meta::Meta;
use marque_primitives::Hash;
use marque_primitives::hash::keccak256;
use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Nothing longer is read; what the chain takes is a small part of it.
const MOST: u64 = 32 << 20;

/// The bytes of a file; of a reference contract where there is no such file.
pub fn read(name: &Path) -> Result<Cow<'static, [u8]>, Failure> {
    let mut code = Vec::new();
    let read = File::open(name).and_then(|file| file.take(MOST).read_to_end(&mut code));
    match (read, name.to_str().and_then(contracts::code)) {
        (Ok(_), _) => Ok(code.into()),
        (Err(_), Some(code)) => Ok(code.into()),
        (Err(error), None) => Err(Failure::file(name, &error)),
    }
}

/// The code's name on the chain.
pub fn hash(code: &[u8]) -> Hash {
    keccak256(&[code])
}

/// What a contract takes and answers.
pub fn interface(meta: &Meta) -> Result<Interface, Failure> {
    Interface::read(&meta.interface).map_err(|error| {
        Failure::new(
            format!("the contract's interface is not readable: {error}"),
            "build it with this version's SDK",
        )
    })
}
