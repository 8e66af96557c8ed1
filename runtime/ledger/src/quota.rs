//! How much gas an account has left: what keeps one from recording without end where nobody
//! pays. Judged by a transaction's limit, taken by what it used.

use crate::outcome::{BlockInfo, Invalid};
use crate::state::State;
use crate::stop::Do;
use crate::validity::parameters;
use marque_primitives::record::{Party, Usage};
use marque_primitives::{Address, Height, key};

/// What an account may use in the window of a block.
pub(crate) struct Allowance {
    /// Where the use is written down.
    leaf: Vec<u8>,
    used: Usage,
    allowed: u64,
    /// The first block of the next window.
    until: Height,
}

impl Allowance {
    /// That of an account; `None` where it has no bound.
    pub(crate) fn of(
        state: &mut State<'_>,
        block: BlockInfo,
        account: Address,
    ) -> Do<Option<Self>> {
        let parameters = parameters(state)?;
        let quota = parameters.quota;
        // No blocks: no quotas.
        let Some(window) = block.height.0.checked_div(quota.blocks) else {
            return Ok(None);
        };
        // Who registers parties must not be locked out by those that he has yet to register.
        if account == parameters.registrar {
            return Ok(None);
        }
        let party: Option<Party> = state.get("party", &key::party(&account))?;
        let (leaf, allowed) = match party {
            Some(_) => (key::usage(Some(&account)), quota.party),
            None => (key::usage(None), quota.others),
        };
        let before: Usage = state.get("usage", &leaf)?.unwrap_or_default();
        let used = match before.window == window {
            true => before,
            false => Usage { window, gas: 0 },
        };
        let next = window.saturating_add(1).saturating_mul(quota.blocks);
        Ok(Some(Self {
            leaf,
            used,
            allowed,
            until: Height(next),
        }))
    }

    /// What is left.
    pub(crate) fn left(&self) -> u64 {
        self.allowed.saturating_sub(self.used.gas)
    }

    /// Why a transaction with a limit above that is in no block of the window.
    pub(crate) fn spent(&self) -> Invalid {
        Invalid::QuotaSpent {
            left: self.left(),
            until: self.until,
        }
    }

    /// Takes what a transaction used.
    pub(crate) fn spend(self, state: &mut State<'_>, gas: u64) -> Do<()> {
        let used = Usage {
            gas: self.used.gas.saturating_add(gas),
            ..self.used
        };
        state.put(&self.leaf, &used)
    }
}
