//! `marque contract new`: a contract's project, with a first rule and its tests.

use crate::failure::Failure;
use crate::output::{Output, Table};
use clap::Args;
use serde_json::json;
use std::fs::{File, create_dir_all};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
The project stands alone: a rule that lets goods go to listed dealers, and tests of it. No file is written over.

Examples:
  marque contract new widget
  marque contract new widget --dir ~/brands/widget --sdk ~/marque/sdk/contract
  marque contract new widget --sdk 0.1.0";

/// The file, and what it begins as.
const FILES: [(&str, &str); 6] = [
    ("Cargo.toml", include_str!("new/template/Cargo.toml.txt")),
    (
        "rust-toolchain.toml",
        include_str!("new/template/toolchain.toml.txt"),
    ),
    ("src/lib.rs", include_str!("new/template/lib.rs.txt")),
    (
        "tests/it/main.rs",
        include_str!("new/template/tests.rs.txt"),
    ),
    ("README.md", include_str!("new/template/README.md.txt")),
    (".gitignore", include_str!("new/template/gitignore.txt")),
];

/// The folder of the SDK that this program was built with; it may be gone.
const SDK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/contract");

/// What the repository itself is built with.
const TOOLCHAIN: &str = include_str!("../../../../rust-toolchain.toml");

/// Words of the language, and crates that the project itself names.
const TAKEN: [&str; 54] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "test", "core", "std",
];

/// Begin a contract: a project with a rule and its tests
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct NewArgs {
    /// Its name: lower-case letters, digits and hyphens, such as fresh-food
    name: String,
    /// The SDK: a folder, or a version; the one this program was built with unless given
    #[arg(long, value_name = "PATH|VERSION")]
    sdk: Option<String>,
    /// Where to put it; a folder of its name unless given
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// `marque contract new`.
pub fn run(args: &NewArgs, output: &Output) -> Result<(), Failure> {
    let name = args.name.as_str();
    checked(name)?;
    let folder = args.dir.clone().unwrap_or_else(|| PathBuf::from(name));
    let sdk = Sdk::find(args.sdk.as_deref())?;
    let there = |file: &&str| folder.join(file).symlink_metadata().is_ok();
    let files = FILES.iter().map(|(file, _)| *file);
    if let Some(file) = files.chain(["Cargo.lock"]).find(there) {
        return Err(Failure::usage(
            format!("{} is there already", folder.join(file).display()),
            "choose another folder with --dir; nothing was written",
        ));
    }
    for (file, text) in FILES {
        let text = text
            .replace("{{name}}", name)
            .replace("{{module}}", &name.replace('-', "_"))
            .replace("{{sdk}}", &sdk.dependency(""))
            .replace("{{testing}}", &sdk.dependency("testing"))
            .replace("{{toolchain}}", toolchain());
        write(&folder.join(file), text.as_bytes())?;
    }
    // The versions that the SDK was tested with, as far as the project needs them.
    if let Some(lock) = sdk.lock() {
        let bytes = std::fs::read(&lock).map_err(|error| Failure::file(&lock, &error))?;
        write(&folder.join("Cargo.lock"), &bytes)?;
    }
    if output.json {
        let files: Vec<&str> = FILES.iter().map(|(file, _)| *file).collect();
        return output.value(&json!({ "name": name, "folder": folder, "files": files }));
    }
    let mut table = Table::pairs();
    table.pair("contract", name);
    table.pair("folder", folder.display().to_string());
    table.pair("sdk", sdk.dependency(""));
    table.pair("next", format!("cd {}", folder.display()));
    for next in ["marque contract test", "marque contract build"] {
        table.pair("", next);
    }
    output.table(&table)
}

/// A name is cargo's, the contract's on the chain and, with `_` for `-`, a module's.
pub(super) fn checked(name: &str) -> Result<(), Failure> {
    let wrong = |why: &str| {
        Err(Failure::usage(
            format!("{name:?} cannot name a contract: {why}"),
            "use lower-case letters, digits and single hyphens, such as fresh-food",
        ))
    };
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return wrong("it does not begin with a lower-case letter");
    }
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if let Some(odd) = name.chars().find(|c| !fits(*c)) {
        return wrong(&format!("it has {odd:?}"));
    }
    if name.ends_with('-') || name.contains("--") {
        return wrong("its hyphens stand alone or at the end");
    }
    if name.len() > 32 {
        return wrong("it is longer than 32 characters");
    }
    if TAKEN.contains(&name) || name.starts_with("marque-") {
        return wrong("the word is taken");
    }
    Ok(())
}

fn toolchain() -> &'static str {
    let channel = TOOLCHAIN
        .lines()
        .find_map(|line| line.strip_prefix("channel = "));
    channel.map_or("stable", |channel| channel.trim_matches('"'))
}

/// Where the project has its SDK from.
enum Sdk {
    /// The folder of marque-sdk; marque-testing stands beside it.
    Folder(PathBuf),
    Version(String),
}

impl Sdk {
    fn find(asked: Option<&str>) -> Result<Self, Failure> {
        let Some(asked) = asked else {
            return Ok(match within(Path::new(SDK)) {
                Some(folder) => Self::Folder(folder),
                None => Self::Version(env!("CARGO_PKG_VERSION").into()),
            });
        };
        if let Some(folder) = within(Path::new(asked)) {
            return Ok(Self::Folder(folder));
        }
        let parts: Vec<&str> = asked.split('.').collect();
        let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if parts.len() <= 3 && parts.iter().all(number) {
            return Ok(Self::Version(asked.into()));
        }
        Err(Failure::usage(
            format!("{asked} is neither a folder with the SDK nor a version"),
            "give the path of sdk/contract in a checkout of Marque, or a version such as 0.1.0",
        ))
    }

    /// As a manifest says it, of the SDK or of a crate beside it.
    fn dependency(&self, beside: &str) -> String {
        match self {
            Self::Version(version) => format!("{version:?}"),
            Self::Folder(sdk) => {
                let folder = match beside {
                    "" => sdk.clone(),
                    _ => sdk.with_file_name(beside),
                };
                format!("{{ path = {:?} }}", folder.display().to_string())
            }
        }
    }

    /// The lock file of the checkout that the SDK stands in.
    fn lock(&self) -> Option<PathBuf> {
        let Self::Folder(sdk) = self else { return None };
        let locks = sdk.ancestors().map(|folder| folder.join("Cargo.lock"));
        locks.into_iter().find(|lock| lock.is_file())
    }
}

/// The SDK's own folder: the one named, or `sdk/contract` of a checkout that is named.
fn within(folder: &Path) -> Option<PathBuf> {
    [folder.to_path_buf(), folder.join("sdk/contract")]
        .into_iter()
        .filter(|folder| {
            let manifest = std::fs::read_to_string(folder.join("Cargo.toml"));
            manifest.is_ok_and(|text| text.contains("name = \"marque-sdk\""))
        })
        .find_map(|folder| folder.canonicalize().ok())
}

/// Writes a file that was not there; one that has come since stays as it is.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    }
    let written = File::create_new(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::usage(
            format!("{} is there already", path.display()),
            "choose another folder with --dir",
        ),
        _ => Failure::file(path, &error),
    })
}
