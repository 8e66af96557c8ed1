//! Asking another contract. It answers a query; nothing is written on the way.

use crate::bytes::encoded;
use crate::command::Reply;
use crate::refusal::Refused;
use alloc::string::String;
use marque_primitives::Address;
use parity_scale_codec::{Decode, Encode};

/// Why another contract gave no answer.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let approvals = Address([9; 20]);
/// let asked = Memory::new().call(|| query_of::<bool>(approvals, "isApproved", &(), 50_000));
/// assert_eq!(asked, Err(CallError::Absent));
/// // A rule that uses `?` refuses then.
/// assert!(Refused::from(CallError::Absent).note().starts_with("CallFailed: there is no contract"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CallError {
    /// There is no such contract.
    Absent,
    /// It refused.
    Refused(Refused),
    /// It trapped, was entered already, or ran out of the gas given.
    Trapped(String),
    /// It answered something else than was expected.
    Answer,
}

impl From<CallError> for Refused {
    fn from(error: CallError) -> Self {
        let message = match &error {
            CallError::Refused(refused) => return refused.clone(),
            CallError::Absent => "there is no contract at the address",
            CallError::Trapped(cause) => cause.as_str(),
            CallError::Answer => "it answered in another type than was asked for",
        };
        Self::own(5005, Some(message.as_bytes()))
    }
}

/// Asks `contract` its query `name` with `args` (a tuple), spending at most `gas`.
///
/// ```
/// use marque_sdk::{codec::Encode as _, native::Memory, prelude::*};
///
/// let (approvals, supplier) = (Address([9; 20]), Address([7; 20]));
/// let mut memory = Memory::new();
/// memory.answers.insert(approvals, true.encode());
/// let asked = memory.call(|| query_of::<bool>(approvals, "isApproved", &(supplier,), 50_000));
/// assert_eq!(asked, Ok(true));
/// ```
///
/// # Errors
/// Why there is no answer.
pub fn query_of<T: Decode>(
    contract: Address,
    name: &str,
    args: &impl Encode,
    gas: u64,
) -> core::result::Result<T, CallError> {
    // The name and the arguments, each with its length before it.
    let mut input = encoded(name);
    (*encoded(args)).encode_to(&mut input);
    match crate::host::call(&contract.0, &input, gas) {
        Reply::Returned(bytes) => {
            let mut input = &*bytes;
            let answer = T::decode(&mut input).map_err(|_| CallError::Answer)?;
            if input.is_empty() {
                Ok(answer)
            } else {
                Err(CallError::Answer)
            }
        }
        Reply::Absent => Err(CallError::Absent),
        Reply::Refused(refusal) => Err(CallError::Refused(Refused::of(refusal))),
        Reply::Trapped(cause) => Err(CallError::Trapped(
            String::from_utf8_lossy(&cause).into_owned(),
        )),
    }
}
