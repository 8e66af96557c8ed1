//! Overlays against plain maps.

use std::collections::BTreeMap;
use std::ops::Bound;

use marque_state::{Changes, Layered, Overlay, StateError, View};
use proptest::prelude::*;

use crate::blocks::{block, key};
use crate::cases;

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// A view with nothing but the required methods.
struct Plain(Map);

impl View for Plain {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.0.get(key).cloned())
    }

    fn after(&self, key: &[u8]) -> Result<Option<(Vec<u8>, Vec<u8>)>, StateError> {
        let above = self
            .0
            .range::<[u8], _>((Bound::Excluded(key), Bound::Unbounded))
            .next();
        Ok(above.map(|(key, value)| (key.clone(), value.clone())))
    }

    fn before(&self, key: &[u8]) -> Result<Option<(Vec<u8>, Vec<u8>)>, StateError> {
        let below = self
            .0
            .range::<[u8], _>((Bound::Unbounded, Bound::Excluded(key)))
            .next_back();
        Ok(below.map(|(key, value)| (key.clone(), value.clone())))
    }
}

fn same(view: &dyn View, map: &Map, keys: &[Vec<u8>], limit: usize) {
    let plain = Plain(map.clone());
    for key in keys {
        assert_eq!(view.get(key).unwrap(), plain.get(key).unwrap());
        assert_eq!(view.after(key).unwrap(), plain.after(key).unwrap());
        assert_eq!(view.before(key).unwrap(), plain.before(key).unwrap());
        assert_eq!(
            view.at_or_before(key).unwrap(),
            plain.at_or_before(key).unwrap()
        );
    }
    for bounds in keys.windows(2) {
        let (from, to) = (bounds[0].as_slice(), bounds[1].as_slice());
        assert_eq!(
            view.scan(from, Some(to), limit).unwrap(),
            plain.scan(from, Some(to), limit).unwrap()
        );
        assert_eq!(
            view.scan(from, None, limit).unwrap(),
            plain.scan(from, None, limit).unwrap()
        );
    }
}

fn write(map: &mut Map, changes: &BTreeMap<Vec<u8>, Option<Vec<u8>>>) {
    for (key, value) in changes {
        match value {
            Some(value) => map.insert(key.clone(), value.clone()),
            None => map.remove(key),
        };
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn overlays_read_as_if_written(
        base in block(),
        below in block(),
        writes in proptest::collection::vec((block(), any::<bool>()), 0..5),
        keys in proptest::collection::vec(key(), 2..12),
        limit in 0..12_usize,
    ) {
        let mut map = Map::new();
        write(&mut map, &base);
        let base = Plain(map.clone());
        let pending: Changes = below.clone().into_iter().collect();
        write(&mut map, &below);
        let layered = Layered::new(&base, &pending);
        same(&layered, &map, &keys, limit);
        let mut overlay = Overlay::new(&layered);
        let mut marks = vec![(overlay.savepoint(), map.clone())];
        for (changes, undo) in &writes {
            for (key, value) in changes {
                match value {
                    Some(value) => overlay.set(key, value.clone()),
                    None => overlay.remove(key),
                }
            }
            write(&mut map, changes);
            same(&overlay, &map, &keys, limit);
            if *undo {
                // Back over everything since the last mark that is left, the outermost stays.
                let (mark, then) = if marks.len() > 1 { marks.pop().unwrap() } else { marks[0].clone() };
                overlay.rollback_to(mark);
                map = then;
                same(&overlay, &map, &keys, limit);
            } else {
                marks.push((overlay.savepoint(), map.clone()));
            }
        }
        same(&Layered::new(&layered, &overlay.into_writes()), &map, &keys, limit);
    }
}
