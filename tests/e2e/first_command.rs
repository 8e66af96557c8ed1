//! README's first command, and what a stranger sees of it.

use crate::node::{Node, marque};

const ITEM: &str = "https://id.gs1.org/01/09506000134352/21/000001";

#[test]
fn the_sample_is_traced_at_once_and_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("ledger");
    let data = data.to_str().unwrap();
    let node = Node::start(folder.path(), &["--data", data]);
    let said = node.wait_for("Ctrl-C ends the node");
    for words in [
        "NotListed",
        "Quarantined",
        "alarm",
        "packed",
        "beside",
        "judy",
        "marque trace",
    ] {
        assert!(
            said.to_lowercase().contains(&words.to_lowercase()),
            "{words} is missing in:\n{said}"
        );
    }
    let before = trace(&node.url);
    node.kill();
    let again = Node::start(folder.path(), &["--data", data]);
    assert_eq!(trace(&again.url), before);
    assert!(again.end().success());
}

fn trace(url: &str) -> String {
    let output = marque()
        .args(["trace", ITEM, "--json", "--rpc", url])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
