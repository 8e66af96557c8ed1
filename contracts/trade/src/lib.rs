//! What the rules of trades share: licences of partners, the expiry of goods, and the cold
//! chain.
//!
//! **Knows nothing about** any trade's regulation: a check says what is wrong, and the contract
//! answers in its own words, under its own name and code. Only what reads the same in every
//! trade is refused in this library's ([`cold::Refuse`]).
//!
//! Start reading at [`licence`] (who may take part), then [`expiry`] and [`cold`].
#![no_std]

pub mod cold;
pub mod expiry;
pub mod licence;

use marque_sdk::prelude::*;

/// Whether an earlier line of the movement is of the same lot. What a movement reports of
/// a lot, such as its temperatures, counts once: with the lot's first line.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// fn lots(movement: &Movement) -> usize {
///     let first = |line: &Line| !marque_trade::seen_before(movement, line);
///     movement.lines().filter(first).count()
/// }
/// ```
pub fn seen_before(movement: &Movement, line: &Line<'_>) -> bool {
    movement
        .lines()
        .take_while(|other| other.index() < line.index())
        .any(|other| other.same_lot(line))
}
