//! A node as its operator has it: a folder that `marque init` filled, and `marque run`.

use crate::node::marque;
use marque_client::Client;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(90);
/// What opens its keys.
pub const PHRASE: &str = "correct horse battery";

/// A folder that `marque init` filled.
pub struct Made {
    folder: tempfile::TempDir,
}

impl Made {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// The same with what else is asked of `marque init`.
    pub fn with(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        private(&folder.path().join("phrase"), PHRASE);
        let made = Self { folder };
        let output = made.init(more);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        made
    }

    /// `marque init` into the same folder.
    pub fn init(&self, more: &[&str]) -> Output {
        marque()
            .arg("init")
            .arg(self.path("node"))
            .arg("--passphrase-file")
            .arg(self.path("phrase"))
            .args(more)
            .output()
            .unwrap()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.path("node/marque.toml")
    }

    /// `marque run` with what else is asked for, on a free port.
    pub fn command(&self, more: &[&str]) -> Command {
        let mut command = marque();
        command.args([
            "run",
            "--rpc",
            "127.0.0.1:0",
            "--set",
            "admin.listen=127.0.0.1:0",
        ]);
        command.arg("--config");
        command.arg(self.config()).args(more);
        command.stdin(Stdio::null());
        command
    }

    /// The same under a limit that a shell sets, such as `ulimit -n 64`.
    pub fn limited(&self, limit: &str, more: &[&str]) -> Command {
        let command = self.command(more);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{limit} && exec \"$@\""), "sh"]);
        shell.arg(command.get_program()).args(command.get_args());
        shell.stdin(Stdio::null());
        shell
    }

    /// Starts the node.
    pub fn run(&self, more: &[&str]) -> Running {
        Running::start(self, self.command(more))
    }

    /// What a start that fails says.
    pub fn fails(&self, more: &[&str]) -> String {
        let output = self.command(more).output().unwrap();
        assert!(!output.status.success(), "it started");
        String::from_utf8(output.stderr).unwrap()
    }

    /// A command of the registrar's.
    pub fn registrar(&self, node: &Running, line: &[&str]) -> Value {
        let output = marque()
            .args(line)
            .args(["--json", "--from", "registrar", "--rpc", &node.url])
            .arg("--keys")
            .arg(self.path("node/keys"))
            .arg("--passphrase-file")
            .arg(self.path("phrase"))
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Writes a file for its owner alone.
pub fn private(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    open_to(path, 0o600);
}

pub fn open_to(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A node that is killed when the test ends.
pub struct Running {
    child: Child,
    pub url: String,
    pub admin: String,
    log: PathBuf,
}

impl Running {
    pub fn start(made: &Made, command: Command) -> Self {
        Self::try_start(made, command).unwrap_or_else(|said| panic!("it ended: {said}"))
    }

    /// A node, or what it said when it ended before it answered.
    pub fn try_start(made: &Made, mut command: Command) -> Result<Self, String> {
        let (ready, log) = (made.path("ready.json"), made.path("log"));
        let _ = std::fs::remove_file(&ready);
        let child = command
            .arg("--ready-file")
            .arg(&ready)
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut running = Self {
            child,
            url: String::new(),
            admin: String::new(),
            log,
        };
        let begin = Instant::now();
        while running.url.is_empty() {
            if let Ok(bytes) = std::fs::read(&ready) {
                let ready: Value = serde_json::from_slice(&bytes).unwrap();
                running.url = ready["rpc"].as_str().unwrap().to_owned();
                running.admin = ready["admin"].as_str().unwrap().to_owned();
            }
            if let Some(status) = running.child.try_wait().unwrap() {
                return Err(format!("{status}: {}", running.said()));
            }
            assert!(begin.elapsed() < PATIENCE, "{}", running.said());
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(running)
    }

    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Waits for it to end by itself; not for ever.
    pub fn ends(mut self) -> (ExitStatus, String) {
        let begin = Instant::now();
        while self.runs() {
            assert!(begin.elapsed() < PATIENCE, "it goes on: {}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
        self.ended()
    }

    pub fn ended(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        (status, self.said())
    }

    pub fn terminate(self) -> (ExitStatus, String) {
        self.signal("TERM");
        self.ended()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
