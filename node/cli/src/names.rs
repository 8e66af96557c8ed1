//! What parties and contracts are called.

use crate::dev::accounts;
use marque_client::api::{ContractGet, RegistryParty};
use marque_client::{Client, ClientError};
use marque_primitives::Address;
use std::collections::{BTreeMap, BTreeSet};

/// Names by address, looked up together.
#[derive(Debug, Default)]
pub struct Names {
    parties: BTreeMap<Address, String>,
    contracts: BTreeMap<Address, String>,
}

/// Whose names are wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Parties by their accounts.
    pub parties: BTreeSet<Address>,
    /// Contracts.
    pub contracts: BTreeSet<Address>,
}

impl Wanted {
    /// Parties alone.
    pub fn parties(accounts: impl IntoIterator<Item = Address>) -> Self {
        Self {
            parties: accounts.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Contracts alone.
    pub fn contracts(addresses: impl IntoIterator<Item = Address>) -> Self {
        Self {
            contracts: addresses.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl Names {
    /// Asks the node for all of them, as many at a time as it takes.
    pub async fn of(client: &Client, wanted: Wanted) -> Result<Self, ClientError> {
        let mut names = Self::default();
        if wanted.parties.is_empty() && wanted.contracts.is_empty() {
            return Ok(names);
        }
        let info = client.info().await?;
        let batch = usize::try_from(info.limits.batch).unwrap_or(1).max(1);
        let accounts: Vec<Address> = wanted.parties.into_iter().collect();
        for some in accounts.chunks(batch) {
            let calls: Vec<RegistryParty> = some
                .iter()
                .map(|account| RegistryParty {
                    party: account.to_string(),
                })
                .collect();
            for (account, party) in some.iter().zip(client.call_batch(&calls).await?) {
                let name = match party {
                    Ok(party) => Some(party.name),
                    Err(_) if info.development => development(*account),
                    Err(_) => None,
                };
                names.parties.extend(name.map(|name| (*account, name)));
            }
        }
        let addresses: Vec<Address> = wanted.contracts.into_iter().collect();
        for some in addresses.chunks(batch) {
            let calls: Vec<ContractGet> = some
                .iter()
                .map(|address| ContractGet { address: *address })
                .collect();
            for (address, contract) in some.iter().zip(client.call_batch(&calls).await?) {
                let name = contract.ok().map(|contract| contract.name);
                names.contracts.extend(name.map(|name| (*address, name)));
            }
        }
        Ok(names)
    }

    /// A party's registered name, a development account's, or the address cut short.
    pub fn party(&self, account: Address) -> String {
        let name = self.parties.get(&account);
        name.cloned().unwrap_or_else(|| short(account))
    }

    /// A contract's name, or its address cut short.
    pub fn contract(&self, address: Address) -> String {
        let name = self.contracts.get(&address);
        name.cloned().unwrap_or_else(|| short(address))
    }

    #[cfg(test)]
    pub fn known(parties: &[(Address, &str)], contracts: &[(Address, &str)]) -> Self {
        let owned = |pairs: &[(Address, &str)]| {
            let pairs = pairs.iter().map(|(at, name)| (*at, name.to_string()));
            pairs.collect()
        };
        Self {
            parties: owned(parties),
            contracts: owned(contracts),
        }
    }
}

/// The first and last digits of an address, which tell those apart that stand in one table.
fn short(address: Address) -> String {
    let text = address.to_string();
    match (text.get(..8), text.get(text.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) => format!("{head}…{tail}"),
        _ => text,
    }
}

fn development(account: Address) -> Option<String> {
    let mut names = accounts::NAMES.iter().map(|(name, _)| *name);
    names
        .find(|name| accounts::secret(name).address() == account)
        .map(str::to_string)
}
