//! Whether a transaction can be part of a block at its place.

use crate::LedgerError;
use crate::gas;
use crate::outcome::{BlockInfo, Invalid};
use crate::quota::Allowance;
use crate::state::State;
use crate::stop::{Do, Stop};
use marque_primitives::record::{KeyRecord, Parameters};
use marque_primitives::transaction::Body;
use marque_primitives::{Hash, Nonce, key};

/// What a transaction that can be part of a block acts with.
pub(crate) struct May {
    /// The signing key's record, unless it is the account's own key.
    pub(crate) key: Option<KeyRecord>,
    /// What its gas is taken from, where there are quotas.
    pub(crate) allowance: Option<Allowance>,
}

/// Judged against the state at the transaction's place in the block. Costs no gas.
pub(crate) fn check(
    state: &mut State<'_>,
    block: BlockInfo,
    genesis: Hash,
    gas_left: u64,
    body: &Body,
) -> Result<Result<May, Invalid>, LedgerError> {
    fault(checked(state, block, genesis, gas_left, body))
}

/// The same but for nonce, quota and the block's gas: what does not depend on a place in a
/// block. Gives back the signing key's record, unless it is the account's own key.
pub(crate) fn authority(
    state: &mut State<'_>,
    block: BlockInfo,
    genesis: Hash,
    body: &Body,
) -> Result<Result<Option<KeyRecord>, Invalid>, LedgerError> {
    fault(authorised(state, block, genesis, body))
}

/// Reads without a meter are never refused.
pub(crate) fn fault<T>(done: Do<T>) -> Result<T, LedgerError> {
    done.map_err(|stop| match stop {
        Stop::Fault(error) => error,
        Stop::Refused(_) => LedgerError::Overflow,
    })
}

fn authorised(
    state: &mut State<'_>,
    block: BlockInfo,
    genesis: Hash,
    body: &Body,
) -> Do<Result<Option<KeyRecord>, Invalid>> {
    let parameters = parameters(state)?;
    if body.chain_id != parameters.chain_id || body.genesis != genesis {
        return Ok(Err(Invalid::WrongChain {
            chain_id: body.chain_id,
            genesis: body.genesis,
        }));
    }
    if body.expiry.height < block.height || body.expiry.time < block.time {
        return Ok(Err(Invalid::Expired));
    }
    if body.gas_limit.0 > parameters.block_gas {
        return Ok(Err(Invalid::GasLimit {
            allowed: parameters.block_gas,
        }));
    }
    let needed = gas::intrinsic(body);
    if body.gas_limit.0 < needed {
        return Ok(Err(Invalid::GasTooLow { needed }));
    }
    let key: Option<KeyRecord> = state.get("key", &key::account_key(&body.account, &body.key))?;
    let authorised = match &key {
        Some(key) => {
            !key.revoked
                && key
                    .scope
                    .expires
                    .is_none_or(|expires| expires >= block.time)
        }
        None => body.key == body.account,
    };
    Ok(authorised.then_some(key).ok_or(Invalid::KeyUnknown))
}

fn checked(
    state: &mut State<'_>,
    block: BlockInfo,
    genesis: Hash,
    gas_left: u64,
    body: &Body,
) -> Do<Result<May, Invalid>> {
    let key = match authorised(state, block, genesis, body)? {
        Ok(key) => key,
        Err(invalid) => return Ok(Err(invalid)),
    };
    let next: Nonce = state
        .get("nonce", &key::nonce(&body.account, &body.key, body.lane))?
        .unwrap_or_default();
    if body.nonce < next {
        return Ok(Err(Invalid::NonceTooLow {
            next,
            found: body.nonce,
        }));
    }
    if body.nonce > next {
        return Ok(Err(Invalid::NonceGap {
            next,
            found: body.nonce,
        }));
    }
    let allowance = Allowance::of(state, block, body.account)?;
    if let Some(allowance) = &allowance
        && body.gas_limit.0 > allowance.left()
    {
        return Ok(Err(allowance.spent()));
    }
    if body.gas_limit.0 > gas_left {
        return Ok(Err(Invalid::BlockFull));
    }
    Ok(Ok(May { key, allowance }))
}

pub(crate) fn parameters(state: &mut State<'_>) -> Do<Parameters> {
    Ok(state
        .get("parameters", &key::parameters())?
        .ok_or(LedgerError::Damaged { what: "parameters" })?)
}
