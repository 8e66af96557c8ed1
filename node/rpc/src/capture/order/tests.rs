//! Lanes in the places of their events.

use super::by_lane;
use marque_primitives::{Address, Lane, Nonce};

#[test]
fn a_lane_goes_by_its_nonces_in_the_places_that_its_events_have() {
    let lane = |of: u8| (Address([of; 20]), Address([of; 20]), Lane(0));
    // By time: 4, 0, 3, 1, 2; the first account numbered its events as the document has them.
    let places = [
        Some((lane(1), Nonce(7))),
        None,
        Some((lane(1), Nonce(8))),
        Some((lane(2), Nonce(1))),
        Some((lane(1), Nonce(9))),
    ];
    let mut order = [4, 0, 3, 1, 2];
    by_lane(&mut order, |at| places[at]);
    assert_eq!(order, [0, 2, 3, 1, 4]);
}
