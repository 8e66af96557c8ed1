//! `marque brand`, `marque party`, `marque credential`, `marque product`: what is registered.

mod brand;
mod credential;
mod party;
mod product;

pub use brand::BrandArgs;
pub use credential::CredentialArgs;
pub use party::PartyArgs;
pub use product::ProductArgs;

use crate::act::{self, Common};
use crate::failure::Failure;
use crate::node::{Node, PAGE};
use crate::output::Output;
use crate::submit::{self, Sending};
use marque_client::api::{Registered, RegistryKind, RegistryList};
use marque_primitives::Address;
use marque_primitives::action::Action;
use serde_json::{Map, Value};

pub use brand::run as run_brand;
pub use credential::run as run_credential;
pub use party::run as run_party;
pub use product::run as run_product;

/// Signs and sends registrations, as `(name, fields)`.
fn send(
    actions: impl IntoIterator<Item = (&'static str, Map<String, Value>)>,
    common: &Common,
    node: &Node,
    output: &Output,
) -> Result<(), Failure> {
    let actions: Result<Vec<Action>, _> = actions
        .into_iter()
        .map(|(name, fields)| act::action(name, fields))
        .collect();
    let sending = Sending {
        signing: &common.signing,
        dry_run: common.dry_run,
    };
    submit::send(actions?, &sending, node, output)
}

/// Everything registered of a kind, of one account or of all.
fn list(
    node: &Node,
    kind: RegistryKind,
    account: Option<Address>,
) -> Result<Vec<Registered>, Failure> {
    node.all(|cursor| RegistryList {
        kind,
        account,
        cursor,
        limit: Some(PAGE),
    })
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
