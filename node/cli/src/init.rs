//! `marque init`: the files of a new chain with one validator: keys, genesis, configuration.

use crate::config::{self, Settings};
use crate::failure::Failure;
use crate::genesis;
use crate::keys::{self, Folder, KeyArgs, passphrase, validator};
use crate::output::{Output, Style, Table};
use clap::Args;
use marque_primitives::{Address, Hash};
use serde_json::json;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The registrar's key in the folder of keys.
const REGISTRAR: &str = "registrar";
/// The chain of every `marque dev`, which no other should be taken for.
const DEVELOPMENT: u64 = 9_944;

/// Where administrators are answered unless the configuration is changed: on this machine.
const ADMIN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9_946);

const EXAMPLES: &str = "\
Writes into DIR, and never over what is there:
  marque.toml          the configuration: every setting explained
  genesis.json         what the chain begins with; every node of it has the same
  validator.json       the key that signs blocks, encrypted
  admin.token          what administrators show
  keys/registrar.json  the key that licenses prefixes and registers parties, encrypted

One passphrase seals both keys: it is asked for, or the first line of --passphrase-file, which the configuration then
names so that the node starts with nobody there. Give --registrar an address to keep that key elsewhere from the start.

Examples:
  marque init ./node
  marque init /etc/marque --data /var/lib/marque --passphrase-file /etc/marque/passphrase --registrar 0x…";

/// Make keys, genesis and configuration of a new chain
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct InitArgs {
    /// Where to
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The chain's number; a random one unless given
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..(1 << 53)))]
    chain_id: Option<u64>,
    /// Who licenses prefixes and registers parties: an account's address; a new key unless given
    #[arg(long, value_name = "ADDRESS")]
    registrar: Option<Address>,
    /// Seconds after which an idle chain makes a block all the same; 0 for never
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    heartbeat: u64,
    /// Where the node is to keep its ledger; DIR/data unless given
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A file whose first line is the passphrase; without it the terminal is asked
    #[arg(long, value_name = "FILE", env = "MARQUE_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
}

struct Files {
    config: PathBuf,
    genesis: PathBuf,
    validator: PathBuf,
    token: PathBuf,
    keys: PathBuf,
}

impl Files {
    fn of(folder: &Path) -> Self {
        Self {
            config: folder.join(config::FILE),
            genesis: folder.join("genesis.json"),
            validator: folder.join("validator.json"),
            token: folder.join("admin.token"),
            keys: folder.join("keys"),
        }
    }

    /// Nothing is begun where something would be in the way.
    fn check_free(&self) -> Result<(), Failure> {
        let registrar = self.keys.join(REGISTRAR).with_extension("json");
        let files = [&self.config, &self.genesis, &self.validator, &self.token];
        for path in files.into_iter().chain([&registrar]) {
            match path.symlink_metadata() {
                Ok(_) => return Err(taken(path)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Failure::file(path, &error)),
            }
        }
        Ok(())
    }
}

fn taken(path: &Path) -> Failure {
    Failure::new(
        format!("{} is there already", path.display()),
        "nothing is written over: name another folder",
    )
}

/// `marque init`.
pub fn run(args: &InitArgs, output: &Output) -> Result<(), Failure> {
    let files = Files::of(&args.folder);
    files.check_free()?;
    let with = KeyArgs {
        keys: Some(files.keys.clone()),
        passphrase_file: args.passphrase_file.clone(),
    };
    let passphrase = passphrase::choose(&with, "the new keys")?;
    fs::create_dir_all(&args.folder).map_err(|error| Failure::file(&args.folder, &error))?;
    let validator = validator::create(&files.validator, &passphrase)?;
    let registrar = match args.registrar {
        Some(address) => address,
        None => {
            let secret = keys::generate()?;
            Folder::of(&with)?.write(REGISTRAR, &secret, &passphrase)?;
            secret.address()
        }
    };
    let token = Zeroizing::new(Hash(keys::random()?).to_string() + "\n");
    keys::write_private(&files.token, token.as_bytes())
        .map_err(|error| Failure::file(&files.token, &error))?;
    let mut genesis = genesis::of_one(chain_id(args)?, Hash(keys::random()?), registrar, validator);
    genesis.heartbeat = args.heartbeat.saturating_mul(1_000);
    genesis.quota = genesis::quota();
    write_new(&files.genesis, &genesis::text(&genesis)?)?;
    write_new(&files.config, config::template(&settings(args)?).as_bytes())?;

    if output.json {
        return output.value(&json!({
            "chainId": genesis.chain_id,
            "genesis": genesis.hash(),
            "validator": validator,
            "registrar": registrar,
            "config": files.config,
        }));
    }
    let mut table = Table::pairs();
    table.pair("chain", genesis.chain_id.to_string());
    table.pair("genesis", genesis.hash().to_string());
    table.pair("validator", validator.to_string());
    table.pair("registrar", registrar.to_string());
    table.pair("configuration", files.config.display().to_string());
    output.table(&table)?;
    next(args, &files, output)
}

fn chain_id(args: &InitArgs) -> Result<u64, Failure> {
    match args.chain_id {
        Some(number) => Ok(number),
        None => {
            let number = u64::from(u32::from_be_bytes(keys::random()?));
            Ok(number.saturating_add(DEVELOPMENT).saturating_add(1))
        }
    }
}

/// What differs from the defaults.
fn settings(args: &InitArgs) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    let absolute =
        |path: &PathBuf| std::path::absolute(path).map_err(|error| Failure::file(path, &error));
    if let Some(data) = &args.data {
        settings.data = absolute(data)?;
    }
    settings.admin.listen = Some(ADMIN);
    settings.passphrase_file = args.passphrase_file.as_ref().map(absolute).transpose()?;
    Ok(settings)
}

/// Whole, durable, and never over another file.
fn write_new(path: &Path, text: &[u8]) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        let mut file = File::options().write(true).create_new(true).open(path)?;
        file.write_all(text)?;
        file.sync_all()
    };
    write().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => taken(path),
        _ => Failure::file(path, &error),
    })
}

fn next(args: &InitArgs, files: &Files, output: &Output) -> Result<(), Failure> {
    output.line("")?;
    output.line("Next:")?;
    let mut next = Table::pairs();
    next.pair(
        "see what is in force",
        format!("marque run --config {} --check", files.config.display()),
    );
    next.pair(
        "start the node",
        format!("marque run --config {}", files.config.display()),
    );
    if args.registrar.is_none() {
        let keys = files.keys.display();
        next.pair(
            "license a brand",
            format!(
                "marque brand license ADDRESS --prefix 9506000 --from {REGISTRAR} --keys {keys}"
            ),
        );
    }
    output.table(&next)?;
    let registrar = match args.registrar {
        Some(_) => "",
        None => {
            " The registrar's key is no part of the node: move it to who registers brands and parties."
        }
    };
    output.note(output.on_stderr(
        Style::Faint,
        &format!("Keep copies of genesis.json, the keys and the passphrase: nobody can restore them.{registrar}"),
    ));
    Ok(())
}
