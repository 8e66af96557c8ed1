//! A development node of the test's own, on a free port.

use marque_client::{Client, Sender};
use marque_primitives::action::Action;
use marque_primitives::hash::keccak256;
use marque_primitives::signature::SecretKey;
use marque_primitives::{Address, Gas};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The binary under test.
pub fn marque() -> Command {
    Command::new(env!("CARGO_BIN_EXE_marque"))
}

/// How long a node may take to answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A node that is killed when the test ends.
pub struct Node {
    child: Child,
    pub url: String,
    pub output: PathBuf,
}

impl Node {
    /// Starts `marque dev` in a folder, with what else is asked for.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::try_start(folder, arguments)
            .unwrap_or_else(|(status, said)| panic!("the node ended with {status}: {said}"))
    }

    /// A node, or how it ended and what it said if it ended before it answered.
    pub fn try_start(folder: &Path, arguments: &[&str]) -> Result<Self, (ExitStatus, String)> {
        let ready = folder.join("ready.json");
        let _ = std::fs::remove_file(&ready);
        let output = folder.join("output.txt");
        let log = std::fs::File::create(&output).unwrap();
        let mut child = marque()
            .args(["dev", "--rpc", "127.0.0.1:0", "--ready-file"])
            .arg(&ready)
            .args(arguments)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let begin = Instant::now();
        loop {
            if let Ok(bytes) = std::fs::read(&ready) {
                let ready: Value = serde_json::from_slice(&bytes).unwrap();
                let url = ready["rpc"].as_str().unwrap().to_owned();
                return Ok(Self { child, url, output });
            }
            let said = || std::fs::read_to_string(&output).unwrap_or_default();
            if let Some(status) = child.try_wait().unwrap() {
                return Err((status, said()));
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "the node does not answer: {}",
                said()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.output).unwrap()
    }

    /// Waits until it has printed something.
    pub fn wait_for(&self, words: &str) -> String {
        let begin = Instant::now();
        loop {
            let said = self.said();
            if said.contains(words) {
                return said;
            }
            assert!(begin.elapsed() < PATIENCE, "never said {words:?}: {said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks it to end, as a service manager does.
    pub fn end(mut self) -> ExitStatus {
        let killed = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(killed.success());
        self.child.wait().unwrap()
    }

    /// Kills it without a word.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        Client::new(&self.url).unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A development key, as `marque dev` derives it.
pub fn secret(name: &str) -> SecretKey {
    SecretKey::from_bytes(&keccak256(&[b"marque/development-key/v1", name.as_bytes()]).0).unwrap()
}

/// Its address.
pub fn address(name: &str) -> Address {
    secret(name).address()
}

/// Someone who acts on a node.
pub struct Actor(Sender<SecretKey>);

impl Actor {
    pub async fn new(client: &Client, name: &str) -> Self {
        Self(
            Sender::new(client.clone(), secret(name))
                .await
                .unwrap()
                .gas_limit(Gas(10_000_000_000)),
        )
    }

    /// Sends JSON actions; the receipt, whatever it says.
    pub async fn send(&self, actions: &[Value]) -> marque_client::api::Receipt {
        let actions: Vec<Action> = actions
            .iter()
            .map(|value| serde_json::from_value(value.clone()).unwrap())
            .collect();
        self.0.send(actions).await.unwrap()
    }

    /// Sends JSON actions that have to be applied.
    pub async fn act(&self, actions: &[Value]) -> marque_client::api::Receipt {
        let receipt = self.send(actions).await;
        assert!(receipt.applied(), "{:?}", receipt.refusal);
        receipt
    }
}
