//! The contracts that come with the binary are those of the repository.

use crate::node::Node;
use crate::widget::{json, ok, type_in};
use std::path::Path;

#[test]
fn a_reference_contract_on_a_chain_is_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    node.wait_for("Ctrl-C ends the node");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/fresh-food");
    let verify = format!("contract verify fresh-food . --json --rpc {}", node.url);
    let yes = json(&ok(type_in(&source, &verify)));
    assert_eq!(yes["same"], true, "{yes}");
    assert_eq!(yes["chain"]["codeHash"], yes["source"]["codeHash"], "{yes}");
}
