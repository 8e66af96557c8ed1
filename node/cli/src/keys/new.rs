//! Secrets that come into being, or in from elsewhere.

use super::folder::check_private;
use super::passphrase::{first_line, prompt};
use crate::failure::Failure;
use marque_primitives::signature::SecretKey;
use std::fs::File;
use std::path::Path;
use zeroize::Zeroizing;

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("the system has no random bytes: {error}"), ""))?;
    Ok(bytes)
}

/// A new secret.
pub fn generate() -> Result<SecretKey, Failure> {
    loop {
        // All but about one in 2^128 are a key.
        let bytes = Zeroizing::new(random::<32>()?);
        if let Some(secret) = SecretKey::from_bytes(&bytes) {
            return Ok(secret);
        }
    }
}

/// A secret in hex from a private file, or typed in unseen.
pub fn import(file: Option<&Path>) -> Result<SecretKey, Failure> {
    let text = match file {
        Some(path) => {
            let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
            check_private(path, &file)?;
            first_line(path, file)?
        }
        None => prompt("Secret key (64 hexadecimal digits): ")?,
    };
    read(&text).ok_or_else(|| {
        Failure::usage(
            "that is no secret key",
            "it is 64 hexadecimal digits, with or without 0x before them",
        )
    })
}

pub(super) fn read(text: &str) -> Option<SecretKey> {
    let digits = text.trim();
    let digits = digits.strip_prefix("0x").unwrap_or(digits).as_bytes();
    let mut bytes = Zeroizing::new([0; 32]);
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let mut value = 0;
        for digit in pair {
            value = value * 16 + char::from(*digit).to_digit(16)?;
        }
        *byte = u8::try_from(value).ok()?;
    }
    SecretKey::from_bytes(&bytes)
}
