//! What is done to bytes.

use crate::Random;

/// No input grows beyond this.
pub const LONGEST: usize = 1 << 21;

/// Numbers at which something usually ends.
const EDGES: [u64; 14] = [
    0,
    1,
    0x3f,
    0x40,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x3fff,
    0x4000,
    0xffff,
    0x3fff_ffff,
    u64::MAX / 2,
    u64::MAX,
];

/// Lengths that promise far more than there is, as SCALE's compacts write them.
const BOMBS: [&[u8]; 5] = [
    &[0xfd, 0xff],
    &[0xfe, 0xff, 0xff, 0xff],
    &[0x03, 0xff, 0xff, 0xff, 0xff],
    &[0x13, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x02, 0x00, 0x10, 0x00],
];

/// Changes one of the corpus at a few places.
#[must_use]
pub fn mutate(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    mutate_with(random, corpus, &BOMBS)
}

/// The same with pieces of one's own that are put in here and there.
#[must_use]
pub fn mutate_with(random: &mut Random, corpus: &[Vec<u8>], pieces: &[&[u8]]) -> Vec<u8> {
    let mut bytes = random.one_of(corpus).clone();
    for _ in 0..random.few() {
        change(random, &mut bytes, corpus, pieces);
    }
    bytes
}

/// One change.
pub fn change(random: &mut Random, bytes: &mut Vec<u8>, corpus: &[Vec<u8>], pieces: &[&[u8]]) {
    let at = random.below(bytes.len() + 1);
    let until = (at + random.below(16)).min(bytes.len());
    match random.below(10) {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = random.byte();
            }
        }
        3 => bytes.truncate(at),
        4 => drop(bytes.drain(at..until)),
        5 => {
            let copy = bytes[at..until].repeat(1 + random.below(4));
            bytes.splice(at..at, copy);
        }
        6 => {
            let edge = random.one_of(&EDGES).to_le_bytes();
            let width = *random.one_of(&[1, 2, 4, 8]);
            let end = (at + width).min(bytes.len());
            bytes[at..end].copy_from_slice(&edge[..end - at]);
        }
        7 => {
            let piece = *random.one_of(pieces);
            let end = if random.one_in(2) { at } else { until };
            bytes.splice(at..end, piece.iter().copied());
        }
        8 => {
            let other = random.one_of(corpus);
            let from = random.below(other.len() + 1);
            let to = (from + random.below(256)).min(other.len());
            bytes.splice(at..until, other[from..to].iter().copied());
        }
        _ => {
            let other = random.one_of(corpus);
            let from = random.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
    }
    bytes.truncate(LONGEST);
}
