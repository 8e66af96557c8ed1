//! However a contract ends, who asked over JSON-RPC is told its name, the rule and the cause.

use crate::node::Node;
use crate::shell::Shell;
use crate::widget::{json, ok, type_in};
use serde_json::Value;
use std::fs;

const GTIN: &str = "09506000134352";
const FAILING: &str = include_str!("../contracts/examples/failing.rs");

#[test]
fn every_ending_of_a_contract_reaches_the_caller_with_its_cause() {
    let folder = tempfile::tempdir().unwrap();
    ok(type_in(folder.path(), "contract new failing"));
    let project = folder.path().join("failing");
    fs::write(project.join("src/lib.rs"), FAILING).unwrap();
    let built = json(&ok(type_in(&project, "contract build --json")));
    let module = built["file"].as_str().unwrap();

    let node = Node::start(folder.path(), &["--no-sample"]);
    let shell = Shell(&node);
    shell.ok("party register alice --name Widgets --location 9506000134352 --from judy");
    shell.ok("brand license alice --prefix 9506000 --from judy");
    shell.ok(&format!("contract deploy {module} --from alice"));
    let all = shell.json("contract list");
    let contract = all[0]["address"].as_str().unwrap();
    shell.ok(&format!(
        "product register {GTIN} --name Widget --contract {contract} --from alice"
    ));
    shell.ok(&format!("commission (01){GTIN}(21)A1 --from alice"));

    let client = node.client();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refusal = |step: &str| -> Value {
        let line = format!("observe (01){GTIN}(21)A1 --step {step} --from alice");
        let output = shell.run(&format!("{line} --json"));
        assert_eq!(output.status.code(), Some(1), "{step}");
        let receipt = json(&output);
        assert_eq!(receipt["status"], "refused", "{receipt}");
        // Who asks for the receipt later is told the same.
        let id = serde_json::from_value(receipt["transaction"].clone()).unwrap();
        let kept = runtime.block_on(client.receipt(id)).unwrap().unwrap();
        let kept = serde_json::to_value(kept).unwrap();
        for said in ["code", "name", "message", "contract"] {
            assert_eq!(kept["refusal"][said], receipt["refusal"][said], "{kept}");
        }
        assert_eq!(receipt["refusal"]["contract"], contract, "{receipt}");
        receipt["refusal"].clone()
    };
    let stopped = [
        (
            "panicking",
            "Trapped",
            "panicked: nothing was captured at src/lib.rs:",
        ),
        (
            "overflowing",
            "Trapped",
            "panicked: attempt to add with overflow at src/lib.rs:",
        ),
        ("endless", "OutOfGas", "outOfGas"),
        ("deep", "Trapped", "stackOverflow"),
    ];
    for (step, name, cause) in stopped {
        let refusal = refusal(step);
        assert_eq!(refusal["name"], name, "{refusal}");
        let said = format!("contract failing ({contract}) stopped in rule_observe: {cause}");
        let message = refusal["message"].as_str().unwrap();
        assert!(message.starts_with(&said), "{message}");
    }
    let refused = refusal("refusing");
    assert_eq!(refused["name"], "Refused");
    assert_eq!(refused["message"], "refusing is refused.");
    assert_eq!(refused["field"], "step");
    assert_eq!(refused["remedy"], "take another step");
    let told = shell.no(&format!(
        "observe (01){GTIN}(21)A1 --step refusing --from alice"
    ));
    assert!(told.contains("refused by failing: Refused"), "{told}");
}
