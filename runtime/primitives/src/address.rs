//! Accounts: the last 20 bytes of the Keccak-256 of a secp256k1 public key, as in Ethereum.

use parity_scale_codec::{Decode, Encode, MaxEncodedLen};

/// An account's or contract's 20-byte address, written with the EIP-55 checksum.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, MaxEncodedLen,
)]
pub struct Address(pub [u8; 20]);

#[cfg(not(feature = "host"))]
impl core::fmt::Debug for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&crate::hash::to_hex(&self.0))
    }
}

#[cfg(feature = "host")]
mod host {
    use super::Address;
    use crate::hash::{from_hex, keccak256, to_hex};
    use alloc::string::{String, ToString};

    /// Text that is no address.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub enum AddressError {
        /// Not `0x` and 40 hexadecimal digits.
        Form,
        /// Mixed case whose checksum is wrong: a digit was mistyped.
        Checksum {
            /// What the digits' checksummed form would be.
            expected: String,
        },
    }

    impl core::fmt::Display for AddressError {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            match self {
                Self::Form => f.write_str("an address is 0x and 40 hexadecimal digits"),
                Self::Checksum { expected } => {
                    write!(
                        f,
                        "the address's letters don't match its checksum; if every digit is right it is {expected}"
                    )
                }
            }
        }
    }

    impl core::error::Error for AddressError {}

    impl Address {
        /// The address that a new contract of `creator` gets.
        pub fn of_contract(creator: Address, salt: u64) -> Self {
            Self::last_20(keccak256(&[b"marque/contract/v1", &creator.0, &salt.to_be_bytes()]).0)
        }

        /// The last 20 bytes of a Keccak-256 digest.
        pub(crate) fn last_20(digest: [u8; 32]) -> Self {
            let mut address = [0; 20];
            address.copy_from_slice(&digest[12..]);
            Self(address)
        }
    }

    impl core::fmt::Display for Address {
        /// EIP-55: a letter is upper case where the hash of the lower-case digits has a nibble of 8 or more.
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            use core::fmt::Write as _;
            let plain = to_hex(&self.0);
            let digits = plain.get(2..).unwrap_or_default();
            let digest = keccak256(&[digits.as_bytes()]);
            f.write_str("0x")?;
            for (at, digit) in digits.chars().enumerate() {
                let byte = digest.0.get(at / 2).copied().unwrap_or_default();
                let nibble = if at % 2 == 0 { byte >> 4 } else { byte & 15 };
                f.write_char(if nibble >= 8 {
                    digit.to_ascii_uppercase()
                } else {
                    digit
                })?;
            }
            Ok(())
        }
    }

    impl core::fmt::Debug for Address {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            core::fmt::Display::fmt(self, f)
        }
    }

    impl core::str::FromStr for Address {
        type Err = AddressError;

        fn from_str(text: &str) -> Result<Self, AddressError> {
            let bytes: [u8; 20] = from_hex(text)
                .and_then(|b| b.try_into().ok())
                .ok_or(AddressError::Form)?;
            let address = Self(bytes);
            let digits = text.get(2..).unwrap_or_default();
            let mixed = digits.bytes().any(|b| b.is_ascii_uppercase())
                && digits.bytes().any(|b| b.is_ascii_lowercase());
            let expected = address.to_string();
            if mixed && expected != text {
                return Err(AddressError::Checksum { expected });
            }
            Ok(address)
        }
    }

    impl serde::Serialize for Address {
        fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.collect_str(self)
        }
    }

    impl<'de> serde::Deserialize<'de> for Address {
        fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            let text = <String as serde::Deserialize>::deserialize(d)?;
            text.parse().map_err(serde::de::Error::custom)
        }
    }
}
#[cfg(feature = "host")]
pub use host::AddressError;
