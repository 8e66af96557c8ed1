//! What an operator sets: a TOML file, over it the environment, over it the command's options.
//!
//! Every setting is one line of [`SETTINGS`]: its name, what it may be, where it goes, and the
//! words that explain it. The file that `marque init` writes, the names in the environment,
//! what `marque run --check` prints and what an error says all follow from that line.

mod read;
mod slot;
mod table;
mod template;
#[cfg(test)]
mod tests;

pub use marque_store::Engine;
pub use slot::{Kind, Slot};
pub use table::SETTINGS;
pub use template::template;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use read::Given;
use std::collections::BTreeMap;
use tracing_subscriber::EnvFilter;

/// The file that is read unless another is named.
pub const FILE: &str = "marque.toml";
/// What the names of settings begin with in the environment.
const PREFIX: &str = "MARQUE_";

/// One setting.
pub struct Setting {
    /// Its name in the file: section and key, or a key alone.
    pub key: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Where it goes.
    pub place: fn(&mut Settings) -> &mut dyn Slot,
    /// What it means, for the file that `marque init` writes.
    pub words: &'static str,
}

impl Setting {
    /// Its name in the environment.
    pub fn variable(&self) -> String {
        PREFIX.to_owned() + &self.key.replace('.', "_").to_ascii_uppercase()
    }

    /// Its section, and its key there.
    pub fn parts(&self) -> (&'static str, &'static str) {
        self.key.split_once('.').unwrap_or(("", self.key))
    }

    fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }
}

/// How a log is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// Where administrators are answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Admin {
    /// The address; nobody is without one.
    pub listen: Option<SocketAddr>,
    /// Names of hosts that its requests may be for.
    pub hosts: Vec<String>,
    /// The file whose first line is what they have to show.
    pub token_file: PathBuf,
}

/// What is in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the ledger is kept.
    pub data: PathBuf,
    /// What the chain begins with.
    pub genesis: PathBuf,
    /// The file of the key that signs blocks.
    pub validator_key: PathBuf,
    /// The file whose first line opens that key.
    pub passphrase_file: Option<PathBuf>,
    /// The file that remembers what was signed; `HIGHEST` beside the ledger unless given.
    pub mark: Option<PathBuf>,
    /// The engine.
    pub engine: Engine,
    /// How the engine uses the machine.
    pub store: marque_store::Options,
    /// JSON-RPC and its limits; where administrators are answered is in `admin`.
    pub rpc: marque_rpc::Config,
    /// Where administrators are answered.
    pub admin: Admin,
    /// Blocks and the pool.
    pub chain: marque_chain::Config,
    /// The virtual machine.
    pub vm: marque_vm::VmConfig,
    /// Disk that compiled contracts may take, in bytes.
    pub compiled: u64,
    /// How the log is written.
    pub log_format: LogFormat,
    /// What the log holds.
    pub log_level: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: "data".into(),
            genesis: "genesis.json".into(),
            validator_key: "validator.json".into(),
            passphrase_file: None,
            mark: None,
            engine: Engine::Redb,
            store: marque_store::Options::default(),
            rpc: marque_rpc::Config::default(),
            admin: Admin {
                listen: None,
                hosts: Vec::new(),
                token_file: "admin.token".into(),
            },
            chain: marque_chain::Config::default(),
            vm: marque_vm::VmConfig::default(),
            compiled: 4 << 30,
            log_format: LogFormat::Text,
            log_level: "info".into(),
        }
    }
}

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A line of the file.
    Line(PathBuf, usize),
    /// The environment.
    Variable(String),
    /// The command's options.
    Option(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, line) => write!(f, "{}:{line}", file.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Option(name) => f.write_str(name),
        }
    }
}

/// The settings in force, and where each that is no default comes from.
pub struct Loaded {
    /// What is in force.
    pub settings: Settings,
    /// By the setting's name.
    pub sources: BTreeMap<&'static str, Source>,
}

impl Loaded {
    /// Reads a file, then the environment, then the options that were given.
    ///
    /// # Errors
    /// Everything that is wrong, a line each: where it stands, what it is, what it may be.
    pub fn read(
        file: &Path,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        options: &[(&'static str, &str, &str)],
    ) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let failure = Failure::file(file, &error);
            match error.kind() {
                std::io::ErrorKind::NotFound => Failure::new(
                    failure.message,
                    "name the configuration with --config, or make one with `marque init`",
                ),
                _ => failure,
            }
        })?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut loading = Loading::default();
        // Paths of the file, and those left out, are beside it.
        for setting in SETTINGS {
            (setting.place)(&mut loading.settings).stand_in(folder);
        }
        for given in read::file(file, &text, &mut loading.wrong) {
            loading.take(given, Some(folder));
        }
        for given in read::environment(environment, &mut loading.wrong) {
            loading.take(given, None);
        }
        for (option, key, value) in options {
            let source = Source::Option(option);
            let (key, text) = ((*key).to_owned(), (*value).to_owned());
            loading.take(Given { source, key, text }, None);
        }
        loading.done()
    }

    /// Settings with their values as the file would have them, and their sources.
    pub fn effective(
        &mut self,
    ) -> impl Iterator<Item = (&'static Setting, Option<String>, Option<&Source>)> {
        let Self { settings, sources } = self;
        SETTINGS.iter().map(|setting| {
            let value = (setting.place)(settings).shown(&setting.kind);
            (setting, value, sources.get(setting.key))
        })
    }
}

#[derive(Default)]
struct Loading {
    settings: Settings,
    sources: BTreeMap<&'static str, Source>,
    wrong: Vec<String>,
}

impl Loading {
    fn take(&mut self, given: Given, folder: Option<&Path>) {
        let Given { source, key, text } = given;
        let Some(setting) = Setting::find(&key) else {
            self.wrong.push(format!("{source}: {}", unknown(&key)));
            return;
        };
        let place = (setting.place)(&mut self.settings);
        if !place.take(&text, &setting.kind) {
            let allowed = place.allowed(&setting.kind);
            self.wrong.push(format!(
                "{source}: {key} is {text:?}, and it must be {allowed}"
            ));
            return;
        }
        if let Some(folder) = folder {
            place.stand_in(folder);
        }
        self.sources.insert(setting.key, source);
    }

    fn done(self) -> Result<Loaded, Failure> {
        if self.wrong.is_empty() {
            return Ok(Loaded {
                settings: self.settings,
                sources: self.sources,
            });
        }
        Err(Failure::usage(self.wrong.join("\n"), ""))
    }
}

/// What to say of a name that is none, with those that it may be.
fn unknown(key: &str) -> String {
    let section = key.split_once('.').map_or("", |(section, _)| section);
    let keys = |section: &str| -> Vec<&str> {
        let all = SETTINGS.iter().map(Setting::parts);
        all.filter(|(of, _)| *of == section)
            .map(|(_, key)| key)
            .collect()
    };
    let of_section = keys(section);
    if !section.is_empty() && !of_section.is_empty() {
        return format!(
            "{key} is no setting; [{section}] has {}",
            of_section.join(", ")
        );
    }
    let mut sections: Vec<String> = Vec::new();
    for (section, _) in SETTINGS.iter().map(Setting::parts) {
        let section = format!("[{section}]");
        if section != "[]" && !sections.contains(&section) {
            sections.push(section);
        }
    }
    format!(
        "{key} is no setting; there are {}, and in sections {}",
        keys("").join(", "),
        sections.join(", ")
    )
}

/// Whether a log can be told so.
fn is_filter(text: &str) -> bool {
    !text.trim().is_empty() && EnvFilter::try_new(text).is_ok()
}
