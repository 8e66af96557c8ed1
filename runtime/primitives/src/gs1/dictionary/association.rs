//! Which AIs must and must not stand together, and in which order qualifiers follow
//! their key.

use super::Entry;
use crate::gs1::{Ai, Gs1Error};

/// Checks the `req` and `ex` rules over the AIs that were read together.
pub(crate) fn check_associations(entries: &[Entry]) -> Result<(), Gs1Error> {
    for entry in entries {
        let ai = entry.ai();
        let stands = |pattern: &str| entries.iter().any(|other| matches(pattern, other.ai()));
        // The qualifiers of a key stand with it, even where `req` forgets the key, as that
        // of (22) does (8006).
        let qualifies = entries.iter().filter_map(Entry::qualifiers).any(|order| {
            order
                .split(['|', ','])
                .any(|qualifier| qualifier == ai.as_str())
        });
        for with in entry.attributes("req").filter(|_| !qualifies) {
            if !with.split(',').any(|group| group.split('+').all(stands)) {
                return Err(Gs1Error::Requires { ai, with });
            }
        }
        for pattern in entry.attributes("ex").flat_map(|list| list.split(',')) {
            // An AI does not exclude itself, even if it matches the pattern.
            let mut others = entries.iter().map(Entry::ai).filter(|other| *other != ai);
            if let Some(other) = others.find(|other| matches(pattern, *other)) {
                return Err(Gs1Error::Excludes { ai, other });
            }
        }
    }
    Ok(())
}

/// Whether `qualifiers` stand in the order of one of the alternatives in `order`, which is
/// written as in `22,10,21|235`.
pub(crate) fn is_ordered(order: &str, qualifiers: &[Ai]) -> bool {
    order.split('|').any(|alternative| {
        let mut places = alternative.split(',');
        qualifiers
            .iter()
            .all(|qualifier| places.any(|place| place == qualifier.as_str()))
    })
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
