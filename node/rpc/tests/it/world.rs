//! A chain with a registrar, a brand, a carrier and a shop, and a server in front of it.

use crate::wire::Wire;
use ed25519_dalek::SigningKey;
use marque_chain::{Chain, Clock};
use marque_client::api::Receipt;
use marque_client::{Client, Sender};
use marque_ledger::Ledger;
use marque_primitives::action::Action;
use marque_primitives::genesis::{Genesis, Validator};
use marque_primitives::hash::to_hex;
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::{Body, Expiry, Transaction};
use marque_primitives::{Gas, Hash, Height, Lane, Nonce, TimeMs};
use marque_rpc::{Config, Node, Server, serve};
use marque_state::MemoryStore;
use marque_vm::{Vm, VmConfig};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Where the clock begins: 2026-05-01T08:00:00Z.
pub const BEGIN: u64 = 1_777_622_400_000;
pub const REGISTRAR: u8 = 1;
pub const BRAND: u8 = 2;
pub const CARRIER: u8 = 3;
pub const SHOP: u8 = 4;

/// A clock that stands still, so that every block is a millisecond after its parent.
struct Still;

impl Clock for Still {
    fn now(&self) -> TimeMs {
        TimeMs(BEGIN)
    }
}

pub fn key(number: u8) -> SecretKey {
    SecretKey::from_bytes(&[number; 32]).unwrap()
}

/// A party's account as JSON has it.
pub fn account(number: u8) -> String {
    key(number).address().to_string()
}

pub fn genesis(validator: &SigningKey) -> Genesis {
    Genesis {
        chain_id: 7,
        seed: Hash([5; 32]),
        time: TimeMs(BEGIN),
        registrar: key(REGISTRAR).address(),
        validators: vec![Validator {
            key: Hash(validator.verifying_key().to_bytes()),
            power: 1,
        }],
        block_gas: 100_000_000_000,
        contract_delay: 0,
        heartbeat: 0,
        development: true,
        quota: Default::default(),
    }
}

/// A chain, its server and its clients.
pub struct World {
    pub chain: Chain,
    pub client: Client,
    pub wire: Wire,
    server: Server,
    senders: Vec<(u8, Sender<SecretKey>)>,
}

impl World {
    /// A chain with nothing on it.
    pub async fn empty() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        Self::that(config, None).await
    }

    /// With a way to copy the node's data.
    pub async fn that(config: Config, backup: Option<marque_rpc::Backup>) -> Self {
        let validator = SigningKey::from_bytes(&[9; 32]);
        let ledger = Ledger::new(
            Vm::new(&VmConfig {
                instances: 4,
                ..VmConfig::default()
            })
            .unwrap(),
        );
        let chain = Chain::open(
            Arc::new(MemoryStore::new()),
            genesis(&validator),
            Arc::new(ledger),
            Arc::new(Still),
            validator,
            marque_chain::Config::default(),
        );
        let chain = chain.unwrap();
        let node = Node {
            chain: chain.clone(),
            version: "0.1.0-test".into(),
            store: "memory".into(),
            consensus: "solo".into(),
            backup,
        };
        let config = Config {
            address: ([127, 0, 0, 1], 0).into(),
            ..config
        };
        let server = serve(node, config).await.unwrap();
        let client = Client::new(&format!("http://{}", server.address())).unwrap();
        let mut senders = Vec::new();
        for number in [REGISTRAR, BRAND, CARRIER, SHOP] {
            senders.push((
                number,
                Sender::new(client.clone(), key(number)).await.unwrap(),
            ));
        }
        Self {
            chain,
            client,
            wire: Wire(server.address()),
            server,
            senders,
        }
    }

    /// The same with parties, a product and its licence registered.
    pub async fn registered() -> Self {
        Self::registered_with(Config::default()).await
    }

    async fn registered_with(config: Config) -> Self {
        let world = Self::with(config).await;
        world.register().await;
        world
    }

    /// Registers parties, a product and its licence.
    pub async fn register(&self) {
        let mut actions = Vec::new();
        for (number, name, gln) in [
            (BRAND, "Nordfrische", "9506000134376"),
            (CARRIER, "Kühltrans", "9506000134383"),
            (SHOP, "Eckladen", "9506000134390"),
        ] {
            let party = json!({"account": account(number), "name": name, "locations": [gln]});
            actions.push(json!({"registerParty": party}));
        }
        actions.push(json!({"license": {"brand": account(BRAND), "key": {"prefix": "9506000"}}}));
        self.done(REGISTRAR, Value::Array(actions)).await;
        let product = json!({"gtin": "09506000134352", "name": "Milk 1 l"});
        self.done(BRAND, json!([{"registerProduct": product}]))
            .await;
    }

    /// The same with ten items of a lot, nine of them on a pallet that is offered to the
    /// carrier, a quantity of another lot, a refused offer, a recall, and a credential.
    pub async fn busy() -> Self {
        Self::busy_with(Config::default()).await
    }

    /// The same behind another server.
    pub async fn busy_with(config: Config) -> Self {
        let world = Self::registered_with(config).await;
        let items = json!([{"gtin": "09506000134352", "from": "000001", "count": 10}]);
        let place = "https://id.gs1.org/414/9506000134376";
        world
            .done(BRAND, json!([{"commission": {
                "items": items, "lot": "B7", "expiry": "2027-05-01", "place": place, "step": "commissioning",
                "facts": {"traceabilityLotCode": "TLC-1"}
            }}]))
            .await;
        let packed = json!([{"gtin": "09506000134352", "from": "000001", "count": 9}]);
        world
            .done(
                BRAND,
                json!([{"pack": {"parent": PALLET, "children": packed}}]),
            )
            .await;
        let quantity = json!([{"lot": LOT, "quantity": "12.5", "unit": "KGM"}]);
        world
            .done(BRAND, json!([{"commission": {"items": quantity}}]))
            .await;
        let offer = json!({"items": [PALLET], "to": account(CARRIER), "documents": [{"type": "desadv", "id": "urn:x:1"}]});
        world.done(BRAND, json!([{"offer": offer}])).await;
        let refused = world
            .send(
                SHOP,
                json!([{"offer": {"items": [ITEM_10], "to": account(CARRIER)}}]),
            )
            .await;
        assert!(!refused.applied());
        world
            .done(BRAND, json!([{"recall": {"target": {"lot": LOT}, "reason": "Listeria", "instructions": "Return"}}]))
            .await;
        world
            .done(
                SHOP,
                json!([{"acknowledge": {"recall": 1, "note": "none here"}}]),
            )
            .await;
        world
            .done(BRAND, json!([{"issueCredential": {"subject": account(CARRIER), "kind": "chilled-transport", "number": "CT-77"}}]))
            .await;
        world
    }

    /// Where administrators are answered.
    pub fn admin(&self) -> Option<std::net::SocketAddr> {
        self.server.admin()
    }

    /// A transaction that no block will hold: the one before it is missing.
    pub fn waiting_transaction(&self) -> String {
        let actions = json!([{"registerParty": {"account": account(SHOP), "name": "Shop"}}]);
        let body = Body {
            version: Default::default(),
            chain_id: 7,
            genesis: self.chain.genesis_hash(),
            account: key(REGISTRAR).address(),
            key: key(REGISTRAR).address(),
            lane: Lane(3),
            nonce: Nonce(1),
            expiry: Expiry {
                height: Height(1_000),
                time: TimeMs(BEGIN + 3_600_000),
            },
            gas_limit: Gas(1_000_000_000),
            actions: serde_json::from_value(actions).unwrap(),
        };
        to_hex(Transaction::sign(body, &key(REGISTRAR)).unwrap().bytes())
    }

    pub fn sender(&self, number: u8) -> &Sender<SecretKey> {
        &self
            .senders
            .iter()
            .find(|(known, _)| *known == number)
            .unwrap()
            .1
    }

    /// Sends actions and waits for the receipt.
    pub async fn send(&self, number: u8, actions: Value) -> Receipt {
        let actions: Vec<Action> = serde_json::from_value(actions).unwrap();
        self.sender(number).send(actions).await.unwrap()
    }

    /// The same for what must be applied.
    pub async fn done(&self, number: u8, actions: Value) -> Receipt {
        let receipt = self.send(number, actions).await;
        assert!(receipt.applied(), "{:?}", receipt.refusal);
        receipt
    }

    /// Ends the node as its operator does; whether all clients left in time.
    pub async fn shutdown(self, patience: Duration) -> bool {
        self.server.shutdown(patience).await
    }

    pub async fn close(self) {
        self.server.stop();
        self.server.stopped().await;
        self.chain.shutdown();
    }
}

pub const PALLET: &str = "https://id.gs1.org/00/095060001343500019";
pub const LOT: &str = "https://id.gs1.org/01/09506000134352/10/C1";
pub const ITEM_1: &str = "https://id.gs1.org/01/09506000134352/21/000001";
pub const ITEM_10: &str = "https://id.gs1.org/01/09506000134352/21/000010";
