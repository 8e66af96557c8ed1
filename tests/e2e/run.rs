//! A node as its operator has it: made by `marque init`, configured, run, ended and run again.

use crate::made::{Made, PHRASE, Running, open_to, private};
use crate::node::{address, marque, secret};
use marque_client::{Client, Sender};
use marque_primitives::action::Action;
use marque_primitives::{Gas, Hash, Lane};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

#[test]
fn what_was_registered_is_there_after_a_restart() {
    let made = Made::new();
    let brand = address("alice").to_string();
    let node = made.run(&[]);
    let licence = ["brand", "license", &brand, "--prefix", "9506000"];
    made.registrar(&node, &licence);
    let (status, said) = node.terminate();
    assert!(status.success(), "{said}");
    assert!(said.contains("SIGTERM") && said.contains("ended"), "{said}");

    let node = made.run(&[]);
    let output = marque()
        .args(["brand", "show", "9506000", "--json", "--rpc", &node.url])
        .output()
        .unwrap();
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(shown.to_string().contains(&brand), "{shown}");
    assert!(node.terminate().0.success());
}

#[test]
fn init_writes_over_nothing() {
    for file in [
        "marque.toml",
        "genesis.json",
        "validator.json",
        "admin.token",
        "keys/registrar.json",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let phrase = folder.path().join("phrase");
        private(&phrase, PHRASE);
        let place = folder.path().join("node").join(file);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, "mine").unwrap();
        let entries = || {
            std::fs::read_dir(folder.path().join("node"))
                .unwrap()
                .count()
        };
        let output = marque()
            .arg("init")
            .arg(folder.path().join("node"))
            .arg("--passphrase-file")
            .arg(&phrase)
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{file}");
        assert!(
            error.contains(file) && error.contains("is there already"),
            "{error}"
        );
        assert_eq!(std::fs::read_to_string(&place).unwrap(), "mine");
        assert_eq!(entries(), 1, "{file}: nothing is begun");
    }
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    let made = Made::new();
    let key = made.path("node/validator.json");
    for (file, mode) in [(&key, 0o644), (&key, 0o640), (&made.path("phrase"), 0o604)] {
        open_to(file, mode);
        for arguments in [&[][..], &["--check"]] {
            let error = made.fails(arguments);
            let words = format!("can be read by others (mode {mode:04o})");
            assert!(error.contains(&words), "{error}");
            assert!(error.contains("chmod 600"), "{error}");
        }
        open_to(file, 0o600);
    }
    assert!(made.command(&["--check"]).status().unwrap().success());
    private(&made.path("phrase"), "correct horse batterz");
    let error = made.fails(&[]);
    assert!(
        error.contains("does not open the key") && !error.contains("batterz"),
        "{error}"
    );
}

#[test]
fn a_check_says_what_is_in_force_and_no_secret() {
    let made = Made::new();
    let output = made
        .command(&["--check", "--set", "rpc.batch=7", "--json"])
        .env("MARQUE_LOG_LEVEL", "warn")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains(PHRASE));
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(said["keyOpens"], true);
    let settings = &said["settings"];
    assert_eq!(
        settings["rpc.batch"],
        json!({"value": "7", "from": "--set"})
    );
    assert_eq!(
        settings["log.level"],
        json!({"value": "\"warn\"", "from": "MARQUE_LOG_LEVEL"})
    );
    assert_eq!(settings["rpc.request"]["from"], Value::Null);
    let file = settings["validator.passphrase_file"]["from"].as_str();
    assert!(file.unwrap().contains("marque.toml:"), "{file:?}");
    assert!(!made.path("node/data").exists(), "a check begins nothing");
}

#[test]
fn a_wrong_configuration_is_refused_with_its_line() {
    let made = Made::new();
    let config = made.config();
    let mut text = std::fs::read_to_string(&config).unwrap();
    let lines = text.lines().count();
    text.push_str("levle = \"debug\"\n");
    std::fs::write(&config, text).unwrap();
    let output = made.command(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    let said = format!(
        "error: {}:{}: log.levle is no setting; [log] has format, level\n",
        config.display(),
        lines + 1
    );
    assert_eq!(error, said);

    let output = marque()
        .args(["run", "--config", "/nowhere/marque.toml"])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        error,
        "error: /nowhere/marque.toml does not exist; name the configuration with --config, or make one with `marque init`\n"
    );
}

#[test]
fn what_does_not_belong_together_is_not_started() {
    let (made, other) = (Made::new(), Made::new());
    let node = made.run(&[]);
    // The same folder, while it is in use.
    let error = made.fails(&[]);
    assert!(error.contains("in use by another process"), "{error}");
    assert!(node.terminate().0.success());
    let genesis = made.path("node/genesis.json");
    let own = std::fs::read(&genesis).unwrap();
    // Another chain's genesis, whose validator this key is not.
    std::fs::copy(other.path("node/genesis.json"), &genesis).unwrap();
    let error = made.fails(&[]);
    assert!(error.contains("the key in"), "{error}");
    // The same validator's, of another chain.
    let mut changed: Value = serde_json::from_slice(&own).unwrap();
    changed["chainId"] = 77.into();
    std::fs::write(&genesis, changed.to_string()).unwrap();
    let error = made.fails(&[]);
    assert!(
        error.contains("is not the high mark of this chain"),
        "{error}"
    );
    // The same, where what was signed is remembered elsewhere.
    let mark = format!("validator.mark={}", made.path("mark").display());
    let error = made.fails(&["--set", &mark]);
    assert!(
        error.contains("the data is of the chain with genesis"),
        "{error}"
    );
    // Two validators.
    let second: Value =
        serde_json::from_slice(&std::fs::read(other.path("node/genesis.json")).unwrap()).unwrap();
    let second = second["validators"][0].clone();
    changed["validators"].as_array_mut().unwrap().push(second);
    std::fs::write(&genesis, changed.to_string()).unwrap();
    let error = made.fails(&[]);
    assert!(error.contains("not there yet"), "{error}");
    std::fs::write(&genesis, own).unwrap();
    assert!(made.run(&[]).terminate().0.success());
}

/// Registers parties, one after the other on a lane, until the node answers no more; the ids of
/// those whose receipts came.
pub async fn load(client: Client, lane: u8) -> Vec<Hash> {
    let sender = Sender::new(client, secret("judy")).await.unwrap();
    let sender = sender.lane(Lane(lane)).gas_limit(Gas(1_000_000_000));
    let mut acknowledged = Vec::new();
    for number in 0_u32.. {
        let mut account = [lane; 20];
        account[..4].copy_from_slice(&number.to_be_bytes());
        let account = marque_primitives::Address(account).to_string();
        let party = json!({"registerParty": {"account": account, "name": "A"}});
        let action: Action = serde_json::from_value(party).unwrap();
        match sender.send(vec![action]).await {
            Ok(receipt) => {
                assert!(receipt.applied(), "{:?}", receipt.refusal);
                acknowledged.push(receipt.transaction);
            }
            Err(_) => break,
        }
    }
    acknowledged
}

#[test]
fn sigterm_under_load_ends_well_and_loses_nothing_acknowledged() {
    let made = Made::with(&["--registrar", &address("judy").to_string()]);
    let node = made.run(&[]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|lane| runtime.spawn(load(node.client(), lane)))
        .collect();
    std::thread::sleep(Duration::from_secs(2));
    node.signal("TERM");
    let asked = Instant::now();
    let (status, said) = node.ended();
    assert!(status.success(), "{status}: {said}");
    assert!(
        asked.elapsed() < Duration::from_secs(30),
        "{:?}",
        asked.elapsed()
    );
    let mut acknowledged = Vec::new();
    for task in tasks {
        acknowledged.extend(runtime.block_on(task).unwrap());
    }
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    let node = made.run(&[]);
    let client = node.client();
    for id in &acknowledged {
        let receipt = runtime.block_on(client.receipt(*id)).unwrap();
        assert!(receipt.is_some(), "{id} was acknowledged and is lost");
    }
    println!("{} acknowledged, none lost", acknowledged.len());
}

/// A client that does not finish its request, so that a clean end has to wait for it.
fn dawdler(node: &Running) -> TcpStream {
    let host = node.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
fn a_second_signal_ends_at_once() {
    let made = Made::new();
    let mut node = made.run(&[]);
    let _stream = dawdler(&node);
    std::thread::sleep(Duration::from_millis(300));
    node.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    assert!(node.runs(), "a clean end waits for its clients");
    node.signal("TERM");
    let asked = Instant::now();
    let (status, said) = node.ended();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(
        asked.elapsed() < Duration::from_secs(3),
        "{:?}",
        asked.elapsed()
    );
    assert!(said.contains("ending at once"), "{said}");
    // As after a kill: the next start finds what was acknowledged.
    assert!(made.run(&[]).terminate().0.success());
}

/// A GET, and all of its answer.
fn get(url: &str, path: &str) -> String {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_watches_a_node_finds_it_on_the_admin_address() {
    let made = Made::new();
    let node = made.run(&[]);
    for url in [&node.url, &node.admin] {
        for probe in ["/live", "/ready"] {
            assert!(get(url, probe).starts_with("HTTP/1.1 200"), "{probe}");
        }
    }
    let metrics = get(&node.admin, "/metrics");
    for name in [
        "marque_chain_height 0",
        "marque_pool_transactions 0",
        "marque_chain_fault 0",
    ] {
        assert!(metrics.contains(name), "{name} is missing in {metrics}");
    }
    assert!(!get(&node.url, "/metrics").starts_with("HTTP/1.1 200"));
    assert!(node.terminate().0.success());

    let token = made.path("node/admin.token");
    let text = std::fs::read_to_string(&token).unwrap();
    open_to(&token, 0o640);
    let error = made.fails(&[]);
    assert!(
        error.contains("can be read by others (mode 0640)"),
        "{error}"
    );
    private(&token, "short\n");
    let error = made.fails(&["--check"]);
    assert!(
        error.contains("holds no token") && !error.contains("short"),
        "{error}"
    );
    private(&token, &text);
    assert!(
        made.run(&["--set", "log.level=trace"])
            .said()
            .lines()
            .all(|line| !line.contains(text.trim()))
    );
}

fn lines(said: &str) -> Vec<Value> {
    let line = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    said.lines().map(line).collect()
}

#[test]
fn every_line_of_a_json_log_is_json_and_none_holds_a_secret() {
    let made = Made::new();
    let json = ["--set", "log.format=json", "--set", "log.level=trace"];
    let node = made.run(&json);
    let brand = address("alice").to_string();
    made.registrar(&node, &["brand", "license", &brand, "--prefix", "9506000"]);
    // The folder is in use: a start that fails says so in the same form.
    let failed = lines(&made.fails(&json));
    let last = failed.last().unwrap();
    assert_eq!(last["level"], "ERROR");
    assert!(
        last["message"].as_str().unwrap().contains("in use"),
        "{last}"
    );
    let (status, said) = node.terminate();
    assert!(status.success());
    assert!(!said.contains(PHRASE));
    let lines = lines(&said);
    let with = |message: &str| {
        let mut found = lines.iter().filter(|line| line["message"] == message);
        let line = found.next().unwrap_or_else(|| panic!("{message}: {said}"));
        for member in ["timestamp", "level", "target"] {
            assert!(line[member].is_string(), "{line}");
        }
        line
    };
    assert_eq!(with("starting")["level"], "INFO");
    assert_eq!(with("answering")["height"], 0);
    let block = with("block");
    assert_eq!(
        (&block["level"], &block["height"]),
        (&"DEBUG".into(), &1.into())
    );
    assert_eq!(block["transactions"], 1);
    assert_eq!(with("ended")["height"], 1);
}

#[test]
fn the_service_manager_is_told_and_no_core_is_written() {
    let made = Made::new();
    let socket = made.path("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let heard = || {
        let mut bytes = [0; 64];
        let length = manager.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    };
    let mut command = made.command(&[]);
    command.env("NOTIFY_SOCKET", &socket);
    let node = Running::start(&made, command);
    assert_eq!(heard(), "READY=1");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", node.id()));
    if let Ok(limits) = limits {
        let cores = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"));
        let numbers: Vec<&str> = cores.unwrap().split_whitespace().skip(4).collect();
        assert_eq!(numbers[..2], ["0", "0"]);
    }
    assert!(node.terminate().0.success());
    assert_eq!(heard(), "STOPPING=1");
}

#[test]
fn systemd_hands_the_passphrase_over() {
    let made = Made::new();
    // It goes before the file that the configuration names, which the service cannot read.
    let credential = made.path("marque-validator-passphrase");
    std::fs::rename(made.path("phrase"), &credential).unwrap();
    let with = || {
        let mut command = made.command(&[]);
        command.env("CREDENTIALS_DIRECTORY", made.folder());
        command
    };
    // An access list for the service's user shows as a group's right to read.
    open_to(&credential, 0o440);
    let node = Running::start(&made, with());
    assert!(node.terminate().0.success());
    open_to(&credential, 0o444);
    let output = with().output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("can be read by others"), "{error}");
}
