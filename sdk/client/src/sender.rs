//! Transactions of one key in one lane, in order.

use crate::api;
use crate::client::Client;
use crate::error::ClientError;
use crate::signer::Signer;
use marque_primitives::action::Action;
use marque_primitives::hash::{keccak256, to_hex};
use marque_primitives::transaction::{Body, Expiry, TRANSACTION_TAG, TransactionError, Version};
use marque_primitives::{Address, Gas, Hash, Lane, List, Nonce};
use parity_scale_codec::Encode as _;
use tokio::sync::Mutex;

/// The gas limit unless another is set: room for any transaction but a contract's deployment.
pub const DEFAULT_GAS: Gas = Gas(500_000_000);

/// A signed transaction as it goes over the wire.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// The digest of the body.
    pub id: Hash,
    /// Body and signature.
    pub bytes: Vec<u8>,
}

/// Signs and sends for an account. It counts nonces itself, so that transactions can follow
/// each other without waiting; use one sender for a lane.
pub struct Sender<S> {
    client: Client,
    signer: S,
    account: Address,
    lane: Lane,
    gas_limit: Gas,
    expiry: Expiry,
    chain_id: u64,
    genesis: Hash,
    next: Mutex<Option<Nonce>>,
}

impl<S: Signer> Sender<S> {
    /// A sender for the signer's own account, in lane 0. Asks the node for its chain.
    ///
    /// # Errors
    /// As for [`Client::call`].
    pub async fn new(client: Client, signer: S) -> Result<Self, ClientError> {
        let info = client.info().await?;
        Ok(Self {
            account: signer.address(),
            client,
            signer,
            lane: Lane(0),
            gas_limit: DEFAULT_GAS,
            expiry: Expiry::NEVER,
            chain_id: info.chain_id,
            genesis: info.genesis,
            next: Mutex::new(None),
        })
    }

    /// For another account that authorised the signer's key.
    #[must_use]
    pub fn on_behalf_of(mut self, account: Address) -> Self {
        self.account = account;
        self
    }

    /// In another lane.
    #[must_use]
    pub fn lane(mut self, lane: Lane) -> Self {
        self.lane = lane;
        self
    }

    /// With another gas limit.
    #[must_use]
    pub fn gas_limit(mut self, gas_limit: Gas) -> Self {
        self.gas_limit = gas_limit;
        self
    }

    /// With an expiry.
    #[must_use]
    pub fn expiry(mut self, expiry: Expiry) -> Self {
        self.expiry = expiry;
        self
    }

    /// On whose behalf.
    #[must_use]
    pub fn account(&self) -> Address {
        self.account
    }

    /// The node that it sends to.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What would be signed, with this nonce.
    ///
    /// # Errors
    /// When there are too many actions.
    pub fn body(&self, actions: Vec<Action>, nonce: Nonce) -> Result<Body, ClientError> {
        Ok(Body {
            version: Version::V1,
            chain_id: self.chain_id,
            genesis: self.genesis,
            account: self.account,
            key: self.signer.address(),
            lane: self.lane,
            nonce,
            expiry: self.expiry,
            gas_limit: self.gas_limit,
            actions: List::new(actions)
                .map_err(|error| ClientError::TooManyActions(error.found))?,
        })
    }

    /// Signs with the lane's next nonce, which is used up by this.
    ///
    /// # Errors
    /// When the node cannot say the nonce, or the signer does not sign.
    pub async fn sign(&self, actions: Vec<Action>) -> Result<Signed, ClientError> {
        let mut next = self.next.lock().await;
        let nonce = match *next {
            Some(nonce) => nonce,
            None => {
                self.client
                    .nonce(self.account, self.signer.address(), self.lane)
                    .await?
            }
        };
        let signed = self.sign_with(actions, nonce)?;
        *next = nonce.next();
        Ok(signed)
    }

    /// Signs with this nonce.
    ///
    /// # Errors
    /// When there are too many actions, or the signer does not sign.
    pub fn sign_with(&self, actions: Vec<Action>, nonce: Nonce) -> Result<Signed, ClientError> {
        let mut bytes = self.body(actions, nonce)?.encode();
        let id = keccak256(&[TRANSACTION_TAG, &bytes]);
        let signature = self.signer.sign(&id).map_err(TransactionError::from)?;
        bytes.extend_from_slice(&signature.0);
        Ok(Signed { id, bytes })
    }

    /// Signs and sends; the transaction's id.
    ///
    /// # Errors
    /// The node's. The nonce is asked for anew after an error, since the node may not have
    /// taken it.
    pub async fn submit(&self, actions: Vec<Action>) -> Result<Hash, ClientError> {
        let signed = self.sign(actions).await?;
        let answer = self.client.submit(signed.bytes).await;
        self.settle(answer).await
    }

    /// Signs, sends and waits for the receipt.
    ///
    /// # Errors
    /// As for [`Sender::submit`]. A refusal is no error: the receipt says it.
    pub async fn send(&self, actions: Vec<Action>) -> Result<api::Receipt, ClientError> {
        let signed = self.sign(actions).await?;
        let answer = self.client.submit_and_wait(signed.bytes).await;
        self.settle(answer).await
    }

    /// The receipt that the actions would get now; nothing is signed or sent for good.
    ///
    /// # Errors
    /// As for [`Client::call`].
    pub async fn dry_run(&self, actions: Vec<Action>) -> Result<api::DryRun, ClientError> {
        let body = self.body(actions, Nonce(0))?.encode();
        let transaction = serde_json::Value::String(to_hex(&body));
        self.client
            .call(&api::TxDryRun {
                transaction,
                account: None,
                key: None,
                gas_limit: None,
            })
            .await
    }

    async fn settle<T>(&self, answer: Result<T, ClientError>) -> Result<T, ClientError> {
        if answer.is_err() {
            *self.next.lock().await = None;
        }
        answer
    }
}
