//! `marque key`: encrypted key files.

mod file;
mod folder;
mod new;
pub mod passphrase;
mod seal;
#[cfg(test)]
mod tests;
pub mod validator;

pub use folder::{Folder, write_private};
pub use new::{generate, random};

use crate::dev::accounts;
use crate::failure::Failure;
use crate::output::{Output, Style, Table};
use clap::{Args, Subcommand};
use marque_primitives::signature::SecretKey;
use serde_json::json;
use std::path::PathBuf;

/// Where keys are, and what opens them.
#[derive(Args, Clone, Debug, Default)]
pub struct KeyArgs {
    /// The folder of key files; ~/.local/share/marque/keys unless given
    #[arg(
        long,
        value_name = "DIR",
        env = "MARQUE_KEYS",
        global = true,
        help_heading = "Signing"
    )]
    pub keys: Option<PathBuf>,
    /// A file whose first line is the passphrase; without it the terminal is asked
    #[arg(
        long,
        value_name = "FILE",
        env = "MARQUE_PASSPHRASE_FILE",
        global = true,
        help_heading = "Signing"
    )]
    pub passphrase_file: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Keys are encrypted with a passphrase (argon2id, XChaCha20-Poly1305) in files that only their owner can read.
On a development chain the accounts alice, bob, … need no file: --from alice.

Examples:
  marque key new warehouse
  marque key import till-4 --secret-file secret.hex --passphrase-file phrase.txt
  marque offer ITEM --to 9506000134376 --from warehouse";

/// What to do with keys.
#[derive(Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct KeysArgs {
    #[command(flatten)]
    keys: KeyArgs,
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a new key
    #[command(after_help = "Example:\n  marque key new warehouse")]
    New {
        /// Its name: small letters, digits, - and _
        name: String,
    },
    /// The keys of the folder
    #[command(after_help = "Example:\n  marque key list --keys ./keys")]
    List,
    /// One key: its address, its file, and what protects it
    #[command(after_help = "Example:\n  marque key show warehouse")]
    Show {
        /// Its name or address
        name: String,
    },
    /// Take a key that was made elsewhere: 32 bytes in hex, asked for on the terminal
    #[command(after_help = "Example:\n  marque key import till-4 --secret-file secret.hex")]
    Import {
        /// Its name: small letters, digits, - and _
        name: String,
        /// A file that holds the hex instead
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
    },
}

/// `marque key`.
pub fn run(args: &KeysArgs, output: &Output) -> Result<(), Failure> {
    let folder = Folder::of(&args.keys)?;
    match &args.command {
        KeyCommand::New { name } => {
            folder.check_free(name)?;
            write(&folder, name, &new::generate()?, args, output)
        }
        KeyCommand::Import { name, secret_file } => {
            folder.check_free(name)?;
            let secret = new::import(secret_file.as_deref())?;
            write(&folder, name, &secret, args, output)
        }
        KeyCommand::List => list(&folder, output),
        KeyCommand::Show { name } => show(&folder, name, output),
    }
}

fn write(
    folder: &Folder,
    name: &str,
    secret: &SecretKey,
    args: &KeysArgs,
    output: &Output,
) -> Result<(), Failure> {
    let passphrase = passphrase::choose(&args.keys, name)?;
    let path = folder.write(name, secret, &passphrase)?;
    let address = secret.address();
    if output.json {
        return output.value(&json!({"name": name, "address": address, "file": path}));
    }
    let mut table = Table::pairs();
    table.pair("key", name);
    table.pair("address", address.to_string());
    table.pair("file", path.display().to_string());
    output.table(&table)?;
    output.note(output.on_stderr(
        Style::Faint,
        "Keep a copy of the file and the passphrase: nobody can restore either.",
    ));
    Ok(())
}

fn list(folder: &Folder, output: &Output) -> Result<(), Failure> {
    let files = folder.list()?;
    if output.json {
        let keys: Vec<_> = files
            .iter()
            .map(
                |file| json!({"name": file.name(), "address": file.address(), "file": file.path()}),
            )
            .collect();
        return output.value(&keys);
    }
    if files.is_empty() {
        return output.line(format_args!(
            "no keys in {}; make one with `marque key new NAME`",
            folder.path().display()
        ));
    }
    let mut table = Table::of(&["name", "address"]);
    for file in files {
        table.row([file.name().into(), file.address().to_string().into()]);
    }
    output.table(&table)
}

fn show(folder: &Folder, name: &str, output: &Output) -> Result<(), Failure> {
    let file = match folder.find(name)? {
        Some(file) => file,
        None if accounts::is_named(name) => return show_development(name, output),
        None => {
            return Err(Failure::new(
                format!("there is no key {name} in {}", folder.path().display()),
                "see `marque key list`",
            ));
        }
    };
    if output.json {
        return output.value(&json!({
            "name": file.name(),
            "address": file.address(),
            "file": file.path(),
            "kdf": file.sealed().kdf,
            "cipher": seal::CIPHER,
        }));
    }
    let kdf = &file.sealed().kdf;
    let mut table = Table::pairs();
    table.pair("key", file.name());
    table.pair("address", file.address().to_string());
    table.pair("file", file.path().display().to_string());
    table.pair(
        "protected by",
        format!(
            "argon2id ({} MiB, {} passes), {}",
            kdf.memory_kib / 1024,
            kdf.passes,
            seal::CIPHER
        ),
    );
    output.table(&table)
}

fn show_development(name: &str, output: &Output) -> Result<(), Failure> {
    let address = accounts::secret(name).address();
    if output.json {
        return output.value(&json!({"name": name, "address": address, "development": true}));
    }
    let mut table = Table::pairs();
    table.pair("key", name);
    table.pair("address", address.to_string());
    table.pair(
        "protected by",
        "nothing: a development key that anyone can derive",
    );
    output.table(&table)
}
