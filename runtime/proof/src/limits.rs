//! How much of a proof is read before it is refused.

/// The most that a decoder accepts. Memory used while decoding stays within a small multiple of
/// `bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the encoded proof.
    pub bytes: usize,
    /// Leaves in it.
    pub leaves: usize,
    /// Bytes of a key, and of a next key.
    pub key: usize,
    /// Bytes of a value.
    pub value: usize,
}

/// What any proof of one item, its parents and its recalls fits in, with room to spare.
impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 1 << 20,
            leaves: 1_024,
            key: 1_024,
            value: 1 << 18,
        }
    }
}
