//! The investigation of a suspect lot (DSCSA 582(b)(4), (c)(4), (d)(4)).

use marque_sdk::prelude::*;

/// 24 hours: within which trading partners and the authority are told of an illegitimate
/// product (DSCSA 582(c)(4)(B)(ii)).
pub const NOTICE: u64 = 24 * 60 * 60 * 1000;

/// An investigation, from the first suspicion on. A lot has one at a time.
#[data]
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// Who suspected it.
    pub by: Address,
    /// Block time of the suspicion.
    pub opened: TimeMs,
    /// Until when partners and authority are to be told, once it is found illegitimate.
    pub deadline: Option<TimeMs>,
    /// Block time at which they were told.
    pub notified: Option<TimeMs>,
}

impl Case {
    /// Opened now by the caller.
    pub fn new() -> Self {
        Self {
            by: caller(),
            opened: now(),
            deadline: None,
            notified: None,
        }
    }

    /// Whether the notice is or was late at a time.
    pub fn late(&self, time: TimeMs) -> bool {
        let told = self.notified.unwrap_or(time);
        self.deadline.is_some_and(|deadline| told > deadline)
    }
}
