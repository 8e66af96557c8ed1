//! The kinds of actions, by which rules, scopes and events name them.

use parity_scale_codec::{Decode, Encode, MaxEncodedLen};

/// An operation's kind: its name in JSON, in scopes, in history and in rules' exports.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, MaxEncodedLen,
)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
#[repr(u8)]
#[allow(missing_docs)] // each is the operation of the same name
pub enum Kind {
    Commission = 0,
    Decommission = 1,
    Reinstate = 2,
    Offer = 3,
    Accept = 4,
    Reject = 5,
    Withdraw = 6,
    Claim = 7,
    Release = 8,
    Pack = 9,
    Unpack = 10,
    Observe = 11,
    Associate = 12,
    Dissociate = 13,
    Transform = 14,
    Recall = 15,
    Lift = 16,
    Link = 17,
    DeclareError = 18,
    /// What a contract's message, or a brand without one, did to its products.
    Govern = 19,
    /// What the registry recorded.
    Register = 20,
    /// Deployment and messages of contracts.
    Contract = 21,
    /// What parties say of one another.
    Credential = 22,
}

impl Kind {
    /// All kinds of operations, by their numbers.
    pub const ALL: [Self; 23] = [
        Self::Commission,
        Self::Decommission,
        Self::Reinstate,
        Self::Offer,
        Self::Accept,
        Self::Reject,
        Self::Withdraw,
        Self::Claim,
        Self::Release,
        Self::Pack,
        Self::Unpack,
        Self::Observe,
        Self::Associate,
        Self::Dissociate,
        Self::Transform,
        Self::Recall,
        Self::Lift,
        Self::Link,
        Self::DeclareError,
        Self::Govern,
        Self::Register,
        Self::Contract,
        Self::Credential,
    ];

    /// Whether a contract may have a rule for it: whatever moves things or says something
    /// of them, recalls and corrections excepted.
    pub fn has_rule(self) -> bool {
        self as u8 <= Self::Transform as u8
    }

    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Commission => "commission",
            Self::Decommission => "decommission",
            Self::Reinstate => "reinstate",
            Self::Offer => "offer",
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Pack => "pack",
            Self::Unpack => "unpack",
            Self::Observe => "observe",
            Self::Associate => "associate",
            Self::Dissociate => "dissociate",
            Self::Transform => "transform",
            Self::Recall => "recall",
            Self::Lift => "lift",
            Self::Link => "link",
            Self::DeclareError => "declareError",
            Self::Govern => "govern",
            Self::Register => "register",
            Self::Contract => "contract",
            Self::Credential => "credential",
        }
    }
}
