//! What an operator may set. Nothing here changes what a block means.

/// Bytes of transactions in a block at most, whoever proposes it.
pub const MAX_BLOCK_BYTES: usize = 8 << 20;

/// A chain's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Transactions that a proposer puts into a block at most.
    pub block_transactions: usize,
    /// Bytes of transactions that a proposer puts into a block, at most [`MAX_BLOCK_BYTES`]; a
    /// single transaction always fits.
    pub block_bytes: usize,
    /// What waits for a block.
    pub pool: PoolLimits,
    /// Heads that a slow subscriber may lag behind.
    pub feed: usize,
}

/// How much the pool holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    /// Transactions in all.
    pub transactions: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Transactions of one account.
    pub per_account: usize,
    /// Transactions of one key.
    pub per_key: usize,
    /// How far a nonce may be ahead of the next one, for transactions that overtake each other
    /// on their way.
    pub gap: u64,
    /// For how many milliseconds a transaction waits for the nonces before it.
    pub patience: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            block_transactions: 4_096,
            block_bytes: MAX_BLOCK_BYTES,
            pool: PoolLimits::default(),
            feed: 256,
        }
    }
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self {
            transactions: 65_536,
            bytes: 256 << 20,
            per_account: 32_768,
            per_key: 16_384,
            gap: 1_024,
            patience: 60_000,
        }
    }
}
