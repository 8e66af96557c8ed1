//! The ledger's side of the table: the [`Host`] trait, generated, and what its calls answer.

use alloc::string::String;
use alloc::vec::Vec;

/// What is left of a call's gas. One counter runs through nested calls.
#[derive(Debug)]
pub struct Meter {
    left: u64,
}

impl Meter {
    /// A meter with `left` units.
    pub const fn new(left: u64) -> Self {
        Self { left }
    }

    /// Units that may still be used.
    pub const fn left(&self) -> u64 {
        self.left
    }

    /// Takes `gas` units. If fewer are left, none remain and the call ends out of gas.
    pub fn charge(&mut self, gas: u64) -> Result<(), HostFault> {
        match self.left.checked_sub(gas) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(HostFault::OutOfGas)
            }
        }
    }
}

/// Why a host call does not return to the contract. The contract can catch none of these.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HostFault {
    /// The meter ran out.
    OutOfGas,
    /// The contract asked for what it may not have (a write in a query, re-entry, a record of
    /// another brand): its call ends as a trap with this name and message.
    Denied {
        /// A stable name in camelCase, such as `writeInQuery`.
        name: &'static str,
        /// What was asked and what to do instead.
        message: String,
    },
    /// The node itself failed (its store, its memory). Never a result: the node stops
    /// before it answers or votes.
    Node(String),
}

/// What the ledger or another contract answers to a request that it may refuse.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// Done; the answer's bytes.
    Returned(Vec<u8>),
    /// There is no such contract or thing.
    Absent,
    /// Refused, with the refusal's bytes.
    Refused(Vec<u8>),
    /// The called contract trapped: the trap's name and message.
    Trapped(String),
}

macro_rules! host_argument {
    (bytes) => {
        &[u8]
    };
    (array20) => {
        &[u8; 20]
    };
    (array32) => {
        &[u8; 32]
    };
    (array65) => {
        &[u8; 65]
    };
    (word) => {
        u32
    };
    (wide) => {
        u64
    };
}

macro_rules! host_result {
    (nothing) => { () };
    (flag) => { bool };
    (maybe) => { Option<Vec<u8>> };
    (reply) => { Reply };
}

macro_rules! declare_trait {
    (
        vm { $($vm:tt)* }
        host { $( $(#[$doc:meta])* $row:ident = $name:ident ( $( $arg:ident : $kind:ident ( $($p:ident : $t:tt),* ) ),* ) -> $result:ident ( $($o:ident : $ot:tt),* ) $(=> $ret:tt)? ; )* }
    ) => {
        /// What the ledger serves to a running contract: the table's `host` rows.
        ///
        /// Before a method is called, the VM has checked every pointer and charged the call's
        /// price for the bytes that came in; after it, it charges for the bytes that go out.
        /// What a call costs beyond that (records created, a nested call's work) the method
        /// takes from the meter itself.
        pub trait Host {
            $( $(#[$doc])* fn $name(&mut self, meter: &mut Meter $(, $arg: host_argument!($kind))*) -> Result<host_result!($result), HostFault>; )*
        }
    };
}
crate::host_calls!(declare_trait);
