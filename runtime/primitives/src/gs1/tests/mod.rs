//! Tests of the GS1 module on the host.

mod associations;
mod dates;
mod dictionary;
mod documents;
mod encodings;
mod forms;
mod grammar;
mod keys;
mod prefixes;
mod properties;
mod refusals;

use super::{Gs1Error, Identifier, ParseOptions, Parsed};

fn parse(text: &str) -> Result<Parsed, Gs1Error> {
    Identifier::parse(text, ParseOptions::default())
}

fn identifier(text: &str) -> Identifier {
    match parse(text) {
        Ok(parsed) => parsed.identifier,
        Err(error) => panic!("{text}: {error}"),
    }
}
