//! What is done with contracts and their code.

use super::MAX_CODE;
use crate::Address;
use crate::bounded::{Bytes, Text};
use crate::hash::Hash;
use parity_scale_codec::{Decode, Encode};

/// What is done with contracts.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(
        rename_all = "camelCase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )
)]
pub enum ContractAction {
    /// A new contract of the account.
    #[codec(index = 0)]
    Deploy {
        /// Its code.
        code: CodeSource,
        /// With the account it makes the address.
        #[cfg_attr(feature = "host", serde(default))]
        salt: u64,
        /// Encoded arguments of `init`.
        #[cfg_attr(feature = "host", serde(default))]
        args: Bytes<65536>,
    },
    /// New code for the account's contract; storage moves through its `migrate`.
    #[codec(index = 1)]
    Upgrade {
        /// The contract.
        contract: Address,
        /// Its next code.
        code: CodeSource,
        /// Encoded arguments of `migrate`.
        #[cfg_attr(feature = "host", serde(default))]
        args: Bytes<65536>,
    },
    /// A message to a contract.
    #[codec(index = 2)]
    Message {
        /// The contract.
        contract: Address,
        /// The message's name.
        name: Text<64>,
        /// Its encoded arguments.
        #[cfg_attr(feature = "host", serde(default))]
        args: Bytes<65536>,
    },
    /// Keeps code, so that it can be deployed by its hash, by anyone and any number of times,
    /// once the blocks have passed that genesis names, which is time to compile it.
    #[codec(index = 3)]
    Store {
        /// WebAssembly.
        code: Bytes<MAX_CODE>,
    },
}

/// Where code comes from; as JSON its bytes in hexadecimal, or `{"hash": "0x…"}`.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(untagged))]
pub enum CodeSource {
    /// WebAssembly, which is kept at once; enough where genesis sets no delay.
    #[codec(index = 0)]
    Inline(Bytes<MAX_CODE>),
    /// Code that the ledger has.
    #[codec(index = 1)]
    Known {
        /// Keccak-256 of it.
        hash: Hash,
    },
}
