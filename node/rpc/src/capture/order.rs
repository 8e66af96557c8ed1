//! In which order signed events are sent.

use marque_primitives::{Address, Lane, Nonce};
use std::collections::BTreeMap;

/// Where a transaction stands among its signer's.
pub(super) type Place = ((Address, Address, Lane), Nonce);

/// Events go in the order of their times; those of one lane in the order of their nonces, in
/// the same places: any other order would wait for itself.
pub(super) fn by_lane(order: &mut [usize], place: impl Fn(usize) -> Option<Place>) {
    let mut lanes: BTreeMap<_, Vec<(usize, Nonce, usize)>> = BTreeMap::new();
    for (position, at) in order.iter().enumerate() {
        if let Some((lane, nonce)) = place(*at) {
            lanes.entry(lane).or_default().push((position, nonce, *at));
        }
    }
    for mut events in lanes.into_values() {
        let positions: Vec<usize> = events.iter().map(|(position, ..)| *position).collect();
        events.sort_by_key(|(_, nonce, _)| *nonce);
        for (position, (.., at)) in positions.into_iter().zip(events) {
            if let Some(place) = order.get_mut(position) {
                *place = at;
            }
        }
    }
}

#[cfg(test)]
mod tests;
