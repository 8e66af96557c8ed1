//! Numbers that are made from names, so that they stay when declarations are reordered.

/// The first code that a contract's refusals have. Below it, from 5000, are the SDK's own.
pub const FIRST_REFUSAL: u32 = 5010;

/// The last code that a contract's refusals have.
pub const LAST_REFUSAL: u32 = 5999;

/// The code of a refusal that states none: FNV-1a (32 bits) of its name, folded into
/// [`FIRST_REFUSAL`] to [`LAST_REFUSAL`]. Two names of one contract that meet do not
/// compile; the newer one then states a code, and the older keeps its own.
pub const fn refusal_code(name: &str) -> u32 {
    FIRST_REFUSAL + fnv1a_32(name.as_bytes()) % (LAST_REFUSAL - FIRST_REFUSAL + 1)
}

/// FNV-1a with 32 bits (Fowler, Noll, Vo; draft-eastlake-fnv-21).
const fn fnv1a_32(mut bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5u32;
    while let [byte, rest @ ..] = bytes {
        hash = (hash ^ *byte as u32).wrapping_mul(0x0100_0193);
        bytes = rest;
    }
    hash
}

/// FNV-1a with 64 bits: tells two storage layouts apart.
pub const fn fnv1a_64(mut bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    while let [byte, rest @ ..] = bytes {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0100_0000_01b3);
        bytes = rest;
    }
    hash
}

/// Whether two texts are equal, for the compiler.
pub const fn same(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    true
}
