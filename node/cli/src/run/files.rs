//! The process's open files: a connection needs one each, and the store must never lack one.
//!
//! So the node takes no more connections than leave it its own files, instead of finding out
//! in the middle of a commit.

use crate::failure::Failure;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the node opens for itself at most, with room to spare: the store, a copy of it, compiled
/// code, its runtime, and the pipes of the children that try code.
const OWN: u64 = 40;
/// Fewer connections are not worth starting for.
const LEAST: u64 = 8;

/// How many connections there is room for, of so many that are wanted on each of so many
/// addresses. The limit is raised as far as the system lets anyone raise it.
///
/// # Errors
/// If there is no room for a node.
pub fn connections(wanted: u32, addresses: u32) -> Result<u32, Failure> {
    let Some(limit) = raised() else {
        return Ok(wanted);
    };
    let room = limit.saturating_sub(OWN);
    if room < LEAST {
        let needed = OWN.saturating_add(LEAST);
        return Err(Failure::new(
            format!("the process may open {limit} files, and a node needs {needed}"),
            "raise the limit (`ulimit -n`, LimitNOFILE= of a systemd unit)",
        ));
    }
    let each = room.checked_div(addresses.max(1).into()).unwrap_or(room);
    let allowed = wanted.min(u32::try_from(each).unwrap_or(u32::MAX));
    if allowed < wanted {
        tracing::warn!(
            allowed,
            wanted,
            files = limit,
            "fewer connections than rpc.connections; raise the limit on open files (LimitNOFILE=)"
        );
    }
    Ok(allowed)
}

/// The limit, after what anyone may do about it; `None` where there is none.
fn raised() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let now = limit.current?;
    let most = limit.maximum;
    if most.is_some_and(|most| most <= now) {
        return Some(now);
    }
    let raised = Rlimit {
        current: most,
        maximum: most,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => most,
        Err(_) => Some(now),
    }
}
