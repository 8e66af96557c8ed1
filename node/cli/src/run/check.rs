//! `marque run --check`: whether the node could start, and what is in force.

use super::{host, validator};
use crate::config::{Loaded, Settings, Source};
use crate::failure::Failure;
use crate::genesis;
use crate::output::{Output, Style, Table};
use marque_primitives::genesis::Genesis;
use serde_json::{Map, Value, json};

/// The genesis that the settings name.
pub fn genesis(settings: &Settings) -> Result<Genesis, Failure> {
    genesis::read(&settings.genesis)?.ok_or_else(|| {
        Failure::new(
            format!("{} does not exist", settings.genesis.display()),
            "make one with `marque init`, or name the chain's in genesis",
        )
    })
}

/// Looks at everything that a start needs but the ledger itself, and shows the settings. They
/// hold no secrets, only the files where those are.
pub fn run(mut loaded: Loaded, output: &Output) -> Result<(), Failure> {
    let genesis = genesis(&loaded.settings)?;
    let file = validator::file(&loaded.settings, &genesis)?;
    let opened = validator::try_open(&loaded.settings, &file)?;
    host::admin(&loaded.settings)?;
    let (chain, hash, key) = (genesis.chain_id, genesis.hash(), file.public());
    if output.json {
        let mut settings = Map::new();
        for (setting, value, source) in loaded.effective() {
            let source = source.map(Source::to_string);
            let value = json!({"value": value, "from": source});
            settings.insert(setting.key.to_owned(), value);
        }
        return output.value(&json!({
            "chainId": chain,
            "genesis": hash,
            "validator": key,
            "keyOpens": opened.then_some(true),
            "settings": Value::Object(settings),
        }));
    }
    let mut table = Table::of(&["setting", "value", "from"]);
    for (setting, value, source) in loaded.effective() {
        let from = source.map_or_else(|| "default".to_owned(), Source::to_string);
        table.row([
            setting.key.into(),
            value.unwrap_or_default().into(),
            from.into(),
        ]);
    }
    output.table(&table)?;
    output.line("")?;
    let opens = match opened {
        true => "and its passphrase opens it",
        false => "and its passphrase is asked for at the start",
    };
    output.line(format_args!(
        "{} Chain {chain}, genesis {hash}; the key is validator {key}, {opens}.",
        output.styled(Style::Good, "The configuration is good.")
    ))
}
