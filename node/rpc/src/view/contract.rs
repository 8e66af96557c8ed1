//! Contracts and their interfaces.

use crate::context::Described;
use marque_abi::interface::json::signature;
use marque_abi::interface::{self, Interface};
use marque_client::api::{self, Contract};
use marque_primitives::action::Kind;
use marque_primitives::{Address, record};

/// A contract; its interface only where `described` is given.
pub(crate) fn contract(
    address: Address,
    contract: record::Contract,
    described: Option<&Described>,
) -> Contract {
    Contract {
        address,
        brand: contract.brand,
        name: contract.name.to_string(),
        code: contract.code,
        version: contract.version,
        rules: Kind::ALL
            .into_iter()
            .filter(|kind| contract.rules_on(*kind))
            .collect(),
        interface: described.map(|described| face(&described.release, &described.interface)),
    }
}

fn face(release: &str, interface: &Interface) -> api::Interface {
    let function = |function: &interface::Function| api::Function {
        name: function.name.clone(),
        docs: function.docs.clone(),
        signature: signature(interface, function),
    };
    api::Interface {
        docs: interface.docs.clone(),
        release: release.to_owned(),
        init: interface.init.as_ref().map(function),
        messages: interface.messages.iter().map(function).collect(),
        queries: interface.queries.iter().map(function).collect(),
        rules: interface
            .rules
            .iter()
            .map(|rule| api::Rule {
                kind: rule.kind.clone(),
                docs: rule.docs.clone(),
            })
            .collect(),
        refusals: interface
            .refusals
            .iter()
            .map(|refusal| api::RefusalKind {
                code: refusal.code,
                name: refusal.name.clone(),
                message: refusal.message.clone(),
                remedy: refusal.remedy.clone(),
            })
            .collect(),
    }
}
