//! What time it is: the one thing that a node takes from the world besides messages.

use std::time::{SystemTime, UNIX_EPOCH};

use marque_primitives::TimeMs;

/// A clock. Tests bring their own, so that blocks are the same in every run.
pub trait Clock: Send + Sync + 'static {
    /// Now; it may jump, also backwards: block times don't follow it there.
    fn now(&self) -> TimeMs;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> TimeMs {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        TimeMs(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}
