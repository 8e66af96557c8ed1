//! The document against what the server registers.

use super::document;
use crate::config::Config;
use crate::context::{Context, Node};
use crate::methods;
use ed25519_dalek::SigningKey;
use jsonrpsee::server::RpcModule;
use marque_chain::{Chain, SystemClock};
use marque_ledger::Ledger;
use marque_primitives::genesis::{Genesis, Validator};
use marque_primitives::record::Quota;
use marque_primitives::{Address, Hash, TimeMs};
use marque_state::MemoryStore;
use marque_vm::{Vm, VmConfig};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

fn chain() -> Chain {
    let key = SigningKey::from_bytes(&[9; 32]);
    let genesis = Genesis {
        chain_id: 7,
        seed: Hash([5; 32]),
        time: TimeMs(1_777_622_400_000),
        registrar: Address([1; 20]),
        validators: vec![Validator {
            key: Hash(key.verifying_key().to_bytes()),
            power: 1,
        }],
        block_gas: 100_000_000_000,
        contract_delay: 0,
        heartbeat: 0,
        development: true,
        quota: Quota::default(),
    };
    let vm = Vm::new(&VmConfig {
        instances: 1,
        ..VmConfig::default()
    });
    Chain::open(
        Arc::new(MemoryStore::new()),
        genesis,
        Arc::new(Ledger::new(vm.unwrap())),
        Arc::new(SystemClock),
        key,
        marque_chain::Config::default(),
    )
    .unwrap()
}

#[test]
fn every_registered_method_is_in_the_document_and_none_beside() {
    let chain = chain();
    let node = Node {
        chain: chain.clone(),
        version: "0.1.0-test".into(),
        store: "memory".into(),
        consensus: "solo".into(),
        backup: None,
    };
    let config = Config::default();
    let guests = config.guests();
    let mut module = RpcModule::new(Context::new(node, config, guests));
    methods::register(&mut module).unwrap();
    let registered: Vec<&str> = module.method_names().collect();
    let described: Vec<&str> = methods_of(document())
        .iter()
        .map(|method| method["name"].as_str().unwrap())
        .collect();
    let set = |names: &[&str]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(set(&registered), set(&described));
    assert_eq!(registered.len(), described.len(), "a method stands twice");
    chain.shutdown();
}

#[test]
fn everything_is_described_and_every_reference_leads_somewhere() {
    let document = document();
    for method in methods_of(document) {
        let name = method["name"].as_str().unwrap();
        assert!(
            !method["description"].as_str().unwrap().is_empty(),
            "{name}"
        );
        assert!(
            !method["examples"].as_array().unwrap().is_empty(),
            "{name} has no example"
        );
        for param in method["params"].as_array().unwrap() {
            let words = param["description"].as_str();
            assert!(
                words.is_some_and(|words| !words.is_empty()),
                "{name} {param}"
            );
        }
    }
    let mut references = BTreeSet::new();
    collect(document, &mut references);
    assert!(references.len() > 100, "{}", references.len());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

fn methods_of(document: &Value) -> &Vec<Value> {
    document["methods"].as_array().unwrap()
}

fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("$ref", Value::String(to)) => drop(into.insert(to.clone())),
                    // Example answers speak of other things.
                    ("examples", _) => {}
                    _ => collect(value, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}
