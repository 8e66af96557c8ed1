//! The genesis file: what a chain begins with.

use crate::failure::Failure;
use marque_primitives::genesis::{Genesis, Validator};
use marque_primitives::record::Quota;
use marque_primitives::{Address, Hash, TimeMs};
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Gas of a block: about four seconds of a server core.
const BLOCK_GAS: u64 = 40_000_000_000;

/// A chain with one validator that begins now, and that no other chain shares a hash with.
pub fn of_one(chain_id: u64, seed: Hash, registrar: Address, validator: Hash) -> Genesis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.map(|span| span.as_millis()).unwrap_or_default();
    Genesis {
        chain_id,
        seed,
        time: TimeMs(u64::try_from(now).unwrap_or(u64::MAX)),
        registrar,
        validators: vec![Validator {
            key: validator,
            power: 1,
        }],
        block_gas: BLOCK_GAS,
        contract_delay: 0,
        heartbeat: 0,
        development: false,
        quota: Quota::default(),
    }
}

/// What accounts may use of a chain that strangers reach: in 100 blocks, a registered party a
/// quarter of what they hold, and all accounts that nobody registered one block's worth.
pub fn quota() -> Quota {
    const BLOCKS: u64 = 100;
    Quota {
        blocks: BLOCKS,
        party: BLOCK_GAS.saturating_mul(BLOCKS / 4),
        others: BLOCK_GAS,
    }
}

/// The genesis in a file; none where there is no file.
pub fn read(path: &Path) -> Result<Option<Genesis>, Failure> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::file(path, &error)),
    };
    let genesis = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::new(
            format!("{} is not a genesis: {error}", path.display()),
            "restore it from your copy, or take that of another node of the chain",
        )
    })?;
    Ok(Some(genesis))
}

/// As the file has it.
pub fn text(genesis: &Genesis) -> Result<Vec<u8>, Failure> {
    let mut text = serde_json::to_vec_pretty(genesis)
        .map_err(|error| Failure::new(format!("the genesis cannot be written: {error}"), ""))?;
    text.push(b'\n');
    Ok(text)
}
