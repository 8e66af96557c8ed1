//! Who is being served, by address: so much for each, so much in all.
//!
//! An IPv6 guest is its /64, since one customer has that many addresses.

use marque_client::api;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Open connections.
    Connection = 0,
    /// Calls in work, those of a batch one by one.
    Call = 1,
    /// Subscriptions.
    Subscription = 2,
    /// Bytes of bodies that are read or in work.
    Body = 3,
}

const KINDS: usize = 4;

impl Kind {
    /// All of them, in order.
    pub const ALL: [Self; KINDS] = [Self::Connection, Self::Call, Self::Subscription, Self::Body];

    fn words(self) -> &'static str {
        match self {
            Self::Connection => "open connections",
            Self::Call => "calls in work",
            Self::Subscription => "subscriptions",
            Self::Body => "bytes of requests in work",
        }
    }
}

/// A cap: for each address, and in all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cap {
    pub each: u64,
    pub all: u64,
}

/// Whose request it is; in the extensions of every request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Peer(pub IpAddr);

impl Peer {
    /// The guest that an address stands for.
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(long) => {
                let [a, b, c, d, ..] = long.segments();
                Self(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
            short => Self(short),
        }
    }
}

/// Why a guest is not served now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Full {
    /// The address has all that one may have.
    #[error("{allowed} {} are allowed from one address", kind.words())]
    Own { kind: Kind, allowed: u64 },
    /// All addresses together have all that there is.
    #[error("the node serves {allowed} {} at most", kind.words())]
    All { kind: Kind, allowed: u64 },
    /// The address asks too often.
    #[error("{allowed} calls a second are allowed from one address")]
    Rate { allowed: u64 },
}

#[derive(Default)]
struct Guest {
    has: [u64; KINDS],
    /// Thousandths of calls that were made and are not forgotten yet.
    recent: u64,
    seen: Option<Instant>,
}

impl Guest {
    /// Forgets calls as time goes: `rate` of them a second.
    fn forget(&mut self, rate: u64, now: Instant) {
        let past = self.seen.map_or(u128::MAX, |seen| {
            now.saturating_duration_since(seen).as_millis()
        });
        let past = u64::try_from(past).unwrap_or(u64::MAX);
        self.recent = self.recent.saturating_sub(rate.saturating_mul(past));
        self.seen = Some(now);
    }

    fn gone(&self) -> bool {
        self.recent == 0 && self.has.iter().all(|count| *count == 0)
    }
}

#[derive(Default)]
struct Inner {
    guests: BTreeMap<Peer, Guest>,
    all: [u64; KINDS],
}

/// Everyone who is served.
pub(crate) struct Guests {
    caps: [Cap; KINDS],
    /// Calls a second of one address; 0 for as many as come.
    rate: u64,
    inner: Mutex<Inner>,
}

/// Guests that are remembered for their rate alone, before all of them are looked through.
const REMEMBERED: usize = 10_000;

impl Guests {
    /// With these caps, in the order of [`Kind`].
    pub fn new(caps: [Cap; KINDS], rate: u64) -> Arc<Self> {
        Arc::new(Self {
            caps,
            rate,
            inner: Mutex::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes so much for an address, until the permit is dropped.
    pub fn take(
        self: &Arc<Self>,
        address: IpAddr,
        kind: Kind,
        amount: u64,
    ) -> Result<Permit, Full> {
        let peer = Peer::of(address);
        let at = kind as usize;
        let Cap { each, all } = self
            .caps
            .get(at)
            .copied()
            .unwrap_or(Cap { each: 0, all: 0 });
        let mut inner = self.lock();
        let inner = &mut *inner;
        let total = inner.all.get_mut(at);
        let guest = inner.guests.entry(peer).or_default();
        let (Some(total), Some(own)) = (total, guest.has.get_mut(at)) else {
            return Err(Full::All { kind, allowed: 0 });
        };
        if total.saturating_add(amount) > all {
            return Err(Full::All { kind, allowed: all });
        }
        if own.saturating_add(amount) > each {
            return Err(Full::Own {
                kind,
                allowed: each,
            });
        }
        *own = own.saturating_add(amount);
        *total = total.saturating_add(amount);
        Ok(Permit {
            guests: self.clone(),
            peer,
            kind,
            amount,
        })
    }

    /// Counts a call against the address's rate: up to two seconds' calls may come at once.
    /// This machine's own address has none, since a proxy may stand there.
    pub fn pace(&self, address: IpAddr, now: Instant) -> Result<(), Full> {
        if self.rate == 0 || address.is_loopback() {
            return Ok(());
        }
        let mut inner = self.lock();
        if inner.guests.len() > REMEMBERED {
            let rate = self.rate;
            inner.guests.retain(|_, guest| {
                guest.forget(rate, now);
                !guest.gone()
            });
        }
        let guest = inner.guests.entry(Peer::of(address)).or_default();
        guest.forget(self.rate, now);
        let after = guest.recent.saturating_add(1_000);
        if after > self.rate.saturating_mul(2_000) {
            return Err(Full::Rate { allowed: self.rate });
        }
        guest.recent = after;
        Ok(())
    }

    /// How much of it all addresses have, and how many addresses have any.
    pub fn count(&self, kind: Kind) -> (u64, u64) {
        let inner = self.lock();
        let at = kind as usize;
        let has = |guest: &&Guest| guest.has.get(at).is_some_and(|count| *count > 0);
        let guests = inner.guests.values().filter(has).count();
        (
            inner.all.get(at).copied().unwrap_or(0),
            u64::try_from(guests).unwrap_or(u64::MAX),
        )
    }

    /// Everyone who has anything now.
    pub fn list(&self) -> Vec<api::Guest> {
        let inner = self.lock();
        let now = inner
            .guests
            .iter()
            .filter(|(_, guest)| guest.has != [0; KINDS]);
        let shown = now.map(|(peer, guest)| {
            let [connections, calls, subscriptions, body_bytes] = guest.has;
            api::Guest {
                address: peer.0,
                connections,
                calls,
                subscriptions,
                body_bytes,
            }
        });
        shown.collect()
    }

    fn give_back(&self, permit: &Permit) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let at = permit.kind as usize;
        if let Some(total) = inner.all.get_mut(at) {
            *total = total.saturating_sub(permit.amount);
        }
        let Some(guest) = inner.guests.get_mut(&permit.peer) else {
            return;
        };
        if let Some(own) = guest.has.get_mut(at) {
            *own = own.saturating_sub(permit.amount);
        }
        if guest.gone() {
            inner.guests.remove(&permit.peer);
        }
    }
}

/// What an address has; dropping it gives it back.
pub(crate) struct Permit {
    guests: Arc<Guests>,
    peer: Peer,
    kind: Kind,
    amount: u64,
}

impl Permit {
    /// Takes more of the same.
    pub fn more(&mut self, amount: u64) -> Result<(), Full> {
        let mut more = self.guests.take(self.peer.0, self.kind, amount)?;
        self.amount = self.amount.saturating_add(std::mem::take(&mut more.amount));
        Ok(())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.guests.give_back(self);
    }
}

#[cfg(test)]
mod tests;
