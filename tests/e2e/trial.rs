//! The child process that compiles code before a node takes it, through the node itself.

use crate::hostile::harmless;
use crate::made::{Made, Running};
use crate::node::secret;
use marque_client::{Client, ClientError, Sender};
use marque_primitives::Gas;
use marque_primitives::action::{Action, ContractAction};
use marque_primitives::bounded::Bytes;
use std::process::Command;

async fn store(client: Client, code: Vec<u8>) -> Result<(), (i32, String)> {
    let sender = Sender::new(client, secret("judy")).await.unwrap();
    let sender = sender.gas_limit(Gas(1_000_000_000));
    let code = Bytes::new(code).unwrap();
    let sent = sender.send(vec![Action::Contract(ContractAction::Store { code })]);
    match sent.await {
        Ok(receipt) => {
            assert!(receipt.applied(), "{:?}", receipt.refusal);
            Ok(())
        }
        Err(ClientError::Node { code, data, .. }) => Err((code, data.unwrap().name)),
        Err(other) => panic!("{other}"),
    }
}

/// The node's own program is its compiler's child. Without it no code is taken, nothing else
/// suffers, and the operator finds the cause in the log; with it back, code is taken again.
#[test]
fn a_node_compiles_code_in_a_child_before_it_takes_it() {
    let made = Made::new();
    let program = made.path("marque");
    std::fs::copy(env!("CARGO_BIN_EXE_marque"), &program).unwrap();
    let mut command = Command::new(&program);
    let known = made.command(&[]);
    command.args(known.get_args());
    for (name, value) in known.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let node = Running::start(&made, command);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let away = made.path("away");
    std::fs::rename(&program, &away).unwrap();
    let refused = runtime.block_on(store(node.client(), harmless()));
    assert_eq!(refused, Err((6097, "CompilerUnavailable".into())));
    assert!(node.said().contains("compile child"), "{}", node.said());
    std::fs::rename(&away, &program).unwrap();
    assert_eq!(runtime.block_on(store(node.client(), harmless())), Ok(()));
    // What the static check refuses starts no child.
    let mut damaged = harmless();
    damaged.truncate(20);
    let refused = runtime.block_on(store(node.client(), damaged));
    assert_eq!(refused, Err((6040, "Malformed".into())));
    assert!(node.terminate().0.success());
}
