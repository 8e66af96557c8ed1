//! Which AIs must and must not stand together, and in which order qualifiers follow
//! their key.

use super::Entry;
use crate::gs1::{Ai, Gs1Error};

/// Checks the `req` and `ex` rules over the AIs that were read together.
pub(crate) fn check_associations(entries: &[Entry]) -> Result<(), Gs1Error> {
    for entry in entries {
        let stands = |pattern: &str| entries.iter().any(|other| matches(pattern, other.ai()));
        for with in entry.attributes("req") {
            let met = with.split(',').any(|group| group.split('+').all(stands));
            if !met {
                return Err(Gs1Error::Requires {
                    ai: entry.ai(),
                    with,
                });
            }
        }
        for pattern in entry.attributes("ex").flat_map(|list| list.split(',')) {
            // An AI does not exclude itself, even if it matches the pattern.
            let mut others = entries.iter().filter(|other| other.ai() != entry.ai());
            if let Some(other) = others.find(|other| matches(pattern, other.ai())) {
                return Err(Gs1Error::Excludes {
                    ai: entry.ai(),
                    other: other.ai(),
                });
            }
        }
    }
    Ok(())
}

/// Checks that `qualifiers` stand in the order of one of the alternatives in `order`
/// (`22,10,21|235`). Otherwise gives the index of the first that is out of place in the
/// alternative that fits best.
pub(crate) fn check_order(order: &str, qualifiers: &[Ai]) -> Result<(), usize> {
    let mut best = 0;
    for alternative in order.split('|') {
        let mut places = alternative.split(',');
        let fit = qualifiers
            .iter()
            .take_while(|qualifier| places.any(|place| place == qualifier.as_str()))
            .count();
        if fit == qualifiers.len() {
            return Ok(());
        }
        best = best.max(fit);
    }
    Err(best)
}

/// `n` in a pattern stands for any digit.
fn matches(pattern: &str, ai: Ai) -> bool {
    let digits = ai.as_bytes();
    pattern.len() == digits.len()
        && pattern
            .bytes()
            .zip(digits)
            .all(|(wanted, digit)| wanted == b'n' || wanted == *digit)
}
