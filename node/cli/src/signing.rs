//! Who signs: a key file by its name or address, or a development key.

use crate::dev::accounts;
use crate::failure::Failure;
use crate::keys::{Folder, KeyArgs, passphrase};
use crate::node::Node;
use clap::Args;
use marque_client::{DEFAULT_GAS, Sender};
use marque_primitives::gs1::Gln;
use marque_primitives::json::naming;
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::Expiry;
use marque_primitives::{Address, Gas, Height, Lane, TimeMs};
use std::time::{Duration, SystemTime};

/// How long a transaction may wait for its block.
const PATIENCE: Duration = Duration::from_secs(600);

/// Who signs, and how.
#[derive(Args, Clone, Debug)]
pub struct SigningArgs {
    /// Who signs: a key file's name, its address, or on a development chain a name (alice) or GLN
    #[arg(
        long,
        value_name = "KEY",
        env = "MARQUE_FROM",
        help_heading = "Signing"
    )]
    pub from: Option<String>,
    /// On whose behalf, where the account has authorised the key
    #[arg(long, value_name = "PARTY", help_heading = "Signing")]
    pub account: Option<String>,
    /// The most gas that it may use
    #[arg(long, value_name = "GAS", help_heading = "Signing")]
    pub gas: Option<u64>,
    /// Which of the key's 16 sequences of transactions
    #[arg(long, value_name = "LANE", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..16), help_heading = "Signing")]
    pub lane: u8,
    #[command(flatten)]
    pub keys: KeyArgs,
}

impl SigningArgs {
    /// The key that `--from` names.
    pub fn secret(&self, node: &Node) -> Result<SecretKey, Failure> {
        let Some(name) = &self.from else {
            let example = match node.info()?.development {
                true => "--from alice, or another development account",
                false => "--from KEY, a key of `marque key list`",
            };
            return Err(Failure::usage("nobody signs", format!("add {example}")));
        };
        let folder = Folder::of(&self.keys)?;
        if let Some(file) = folder.find(name)? {
            return file.open(&passphrase::ask(&self.keys, file.name())?);
        }
        if let Some(secret) = development(node, name)? {
            return Ok(secret);
        }
        if accounts::is_named(name) {
            return Err(Failure::new(
                format!("{name} is an account of development chains, and this chain is none"),
                "sign with a key of `marque key list`",
            ));
        }
        Err(Failure::new(
            format!("there is no key {name} in {}", folder.path().display()),
            "see `marque key list`, make one with `marque key new`, or name another folder with --keys",
        ))
    }

    /// A sender for the key that `--from` names.
    pub fn sender(&self, node: &Node) -> Result<Sender<SecretKey>, Failure> {
        self.sender_of(node, self.secret(node)?)
    }

    /// A sender for a key, with the other options.
    pub fn sender_of(&self, node: &Node, secret: SecretKey) -> Result<Sender<SecretKey>, Failure> {
        let mut sender = node.wait(Sender::new(node.client().clone(), secret))?;
        if let Some(account) = &self.account {
            sender = sender.on_behalf_of(node.account(account)?);
        }
        let gas = self.gas.map_or(DEFAULT_GAS, Gas);
        Ok(sender.lane(Lane(self.lane)).gas_limit(gas).expiry(expiry()))
    }
}

/// By this machine's clock.
fn expiry() -> Expiry {
    let until = SystemTime::now()
        .checked_add(PATIENCE)
        .and_then(|until| until.duration_since(SystemTime::UNIX_EPOCH).ok());
    let time = until.and_then(|since| u64::try_from(since.as_millis()).ok());
    Expiry {
        height: Height(u64::MAX),
        time: TimeMs(time.unwrap_or(u64::MAX)),
    }
}

/// The development key that a name, GLN or address stands for; none on any other chain.
pub fn development(node: &Node, name: &str) -> Result<Option<SecretKey>, Failure> {
    let named = accounts::is_named(name);
    let gln = naming::location(name).ok();
    let address = name.parse::<Address>().ok();
    if !named && gln.is_none() && address.is_none() || !node.info()?.development {
        return Ok(None);
    }
    if named {
        return Ok(Some(accounts::secret(name)));
    }
    if let Some(address) = address {
        return secret_of(node, address);
    }
    let Some(gln) = gln else {
        return Ok(None);
    };
    match node.party(&gln.to_string())? {
        Some(party) => secret_of(node, party.address),
        None => Ok(Some(of_location(gln))),
    }
}

/// The key of the party that a development chain registers for a number in a document.
pub fn of_location(gln: Gln) -> SecretKey {
    accounts::secret(&gln.to_string())
}

/// The development key whose account this is: one of the ten, or that of a location of
/// its party.
pub fn secret_of(node: &Node, account: Address) -> Result<Option<SecretKey>, Failure> {
    let mut named = accounts::NAMES
        .iter()
        .map(|(name, _)| accounts::secret(name));
    if let Some(secret) = named.find(|secret| secret.address() == account) {
        return Ok(Some(secret));
    }
    let party = node.party(&account.to_string())?;
    let mut located = party
        .into_iter()
        .flat_map(|party| party.locations)
        .map(of_location);
    Ok(located.find(|secret| secret.address() == account))
}
