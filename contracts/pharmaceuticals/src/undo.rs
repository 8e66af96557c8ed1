//! When a decommission may be undone (EU 2016/161 Art. 13).

use marque_sdk::prelude::*;

/// Ten days (Art. 13(1)(b)).
const TEN_DAYS: u64 = 10 * 24 * 60 * 60 * 1000;

/// Dispositions (CBV 2.0) after which nothing is undone: supplied to the public
/// (Art. 13(1)(e)), recalled, withdrawn, stolen or meant for destruction (Art. 13(1)(d)).
const FINAL: [&str; 9] = [
    "dispensed",
    "partially_dispensed",
    "retail_sold",
    "recalled",
    "stolen",
    "disposed",
    "destroyed",
    "expired",
    "non_sellable_other",
];

/// Whether such an end is final.
pub fn is_final(disposition: &str) -> bool {
    FINAL.contains(&disposition)
}

/// Whether the ten days are over, from the moment of the end to the block's time: no date
/// in the movement makes them longer.
pub fn too_late(line: &Line<'_>, movement: &Movement) -> bool {
    movement.now() > line.moved().plus(TEN_DAYS)
}

/// Whether it is undone where it was done: the read point of the movement is where the
/// pack was last said to be, which nothing changes after its end.
pub fn same_premises(line: &Line<'_>, movement: &Movement) -> bool {
    line.is_at(movement)
}
