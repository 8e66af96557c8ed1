//! Who acts in the sample.

use crate::dev::accounts::{NAMES, secret};
use crate::failure::Failure;
use marque_client::api::{Receipt, TransactionStatus};
use marque_client::{Client, ClientError, Sender};
use marque_primitives::action::Action;
use marque_primitives::signature::SecretKey;
use marque_primitives::{Address, Gas};
use serde_json::Value;
use std::collections::BTreeMap;

/// Gas that is enough for the deployment of a contract.
const GAS: Gas = Gas(10_000_000_000);

/// The ten accounts, each with its sender.
pub struct Cast {
    senders: BTreeMap<&'static str, Sender<SecretKey>>,
}

/// The node's or the way's failure, while the sample plays.
pub fn failed(error: ClientError) -> Failure {
    Failure::new(
        error.to_string(),
        "report this as a bug, with the node's log",
    )
}

impl Cast {
    /// Everyone, before the first step.
    pub async fn new(client: &Client) -> Result<Self, Failure> {
        let mut senders = BTreeMap::new();
        for (name, _) in NAMES {
            let sender = Sender::new(client.clone(), secret(name))
                .await
                .map_err(failed)?;
            senders.insert(name, sender.gas_limit(GAS));
        }
        Ok(Self { senders })
    }

    /// An account's address.
    pub fn address(name: &str) -> Address {
        secret(name).address()
    }

    /// Sends actions that have to be applied.
    pub async fn act(&self, name: &str, actions: &[Value]) -> Result<Receipt, Failure> {
        let receipt = self.send(name, actions).await?;
        match &receipt.refusal {
            None => Ok(receipt),
            Some(refusal) => Err(Failure::new(
                format!("the sample's step by {name} was refused: {refusal}"),
                "report this as a bug",
            )),
        }
    }

    /// Sends actions that a rule has to refuse by this name.
    pub async fn refused(&self, name: &str, actions: &[Value], by: &str) -> Result<(), Failure> {
        let receipt = self.send(name, actions).await?;
        let refused = receipt
            .refusal
            .as_ref()
            .is_some_and(|refusal| refusal.name.as_str() == by);
        if receipt.status == TransactionStatus::Refused && refused {
            return Ok(());
        }
        let found = receipt
            .refusal
            .map_or_else(|| "applied".to_owned(), |refusal| refusal.to_string());
        let message = format!(
            "the sample's step by {name} should have been refused by {by}, and was: {found}"
        );
        Err(Failure::new(message, "report this as a bug"))
    }

    async fn send(&self, name: &str, actions: &[Value]) -> Result<Receipt, Failure> {
        let sender = self.senders.get(name).ok_or_else(|| {
            Failure::new(format!("the sample has no {name}"), "report this as a bug")
        })?;
        let actions: Result<Vec<Action>, _> = actions
            .iter()
            .map(|value| serde_json::from_value(value.clone()))
            .collect();
        let actions = actions.map_err(|error| {
            Failure::new(
                format!("a step of the sample is malformed: {error}"),
                "report this as a bug",
            )
        })?;
        sender.send(actions).await.map_err(failed)
    }
}
