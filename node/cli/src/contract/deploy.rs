//! `marque contract deploy`, `upgrade` and `call`: transactions about contracts.

use super::{arguments, check, code, find};
use crate::act::Common;
use crate::dev::contracts;
use crate::failure::Failure;
use crate::node::Node;
use crate::output::Output;
use crate::submit::{self, Sending};
use clap::Args;
use marque_abi::interface::{Function, Interface};
use marque_client::api::ContractGet;
use marque_primitives::action::{Action, CodeSource, ContractAction};
use marque_primitives::bounded::{Bytes, Text};
use std::path::PathBuf;

/// Room for the code of the largest contract.
const GAS: u64 = 10_000_000_000;

/// Put a contract on chain; arguments of its init are NAME=TEXT or NAME:=JSON
#[derive(Args)]
#[command(
    after_help = "Example:\n  marque contract deploy fresh-food limit=5 tolerance:=30 receivers:=[] inspectors:=[] --from alice"
)]
pub struct DeployArgs {
    /// A WebAssembly module, or the name of a reference contract (fresh-food)
    #[arg(value_name = "FILE.wasm")]
    file: PathBuf,
    /// Arguments
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// With the account it makes the address: another number, another contract
    #[arg(long, default_value_t = 0)]
    salt: u64,
    #[command(flatten)]
    common: Common,
}

/// Replace a contract's code; its migrate moves the storage
#[derive(Args)]
#[command(
    after_help = "Example:\n  marque contract upgrade fresh-food fresh_food.wasm --from alice"
)]
pub struct UpgradeArgs {
    /// The contract: address, name, or a product that it governs
    contract: String,
    /// A WebAssembly module, or the name of a reference contract
    #[arg(value_name = "FILE.wasm")]
    file: PathBuf,
    /// Arguments
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    #[command(flatten)]
    common: Common,
}

/// Send a contract a message, such as a release after inspection
#[derive(Args)]
#[command(
    after_help = "Example:\n  marque contract call fresh-food list receiver=0x… --from alice"
)]
pub struct CallArgs {
    /// The contract: address, name, or a product that it governs
    contract: String,
    /// The message's name
    message: String,
    /// Arguments: NAME=TEXT or NAME:=JSON
    #[arg(value_name = "ARG")]
    args: Vec<String>,
    /// The contract's module, whose interface says how arguments are encoded; reference contracts need none
    #[arg(long, value_name = "FILE.wasm")]
    code: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// `marque contract deploy`.
pub fn run(args: &DeployArgs, output: &Output) -> Result<(), Failure> {
    let bytes = code::read(&args.file)?;
    let init = |interface: &Interface| interface.init.clone();
    let (code, encoded) = prepare(&bytes, init, &args.args)?;
    let deploy = ContractAction::Deploy {
        code,
        salt: args.salt,
        args: encoded,
    };
    let node = Node::new(&args.common.node)?;
    send(deploy, &args.common, &node, output)
}

/// `marque contract upgrade`.
pub fn upgrade(args: &UpgradeArgs, output: &Output) -> Result<(), Failure> {
    let bytes = code::read(&args.file)?;
    let migrate = |interface: &Interface| interface.migrate.clone();
    let (code, encoded) = prepare(&bytes, migrate, &args.args)?;
    let node = Node::new(&args.common.node)?;
    let upgrade = ContractAction::Upgrade {
        contract: find(&node, &args.contract)?,
        code,
        args: encoded,
    };
    send(upgrade, &args.common, &node, output)
}

/// `marque contract call`.
pub fn call(args: &CallArgs, output: &Output) -> Result<(), Failure> {
    let node = Node::new(&args.common.node)?;
    let address = find(&node, &args.contract)?;
    let contract = node.call(&ContractGet { address })?;
    let code = match &args.code {
        Some(file) => Some(code::read(file)?),
        None => contracts::ALL
            .iter()
            .map(|(_, code)| *code)
            .find(|code| code::hash(code) == contract.code)
            .map(Into::into),
    };
    let Some(code) = code.filter(|bytes| code::hash(bytes) == contract.code) else {
        return Err(Failure::usage(
            format!("the interface of {} is not at hand", contract.name),
            format!("give --code the module whose hash is {}", contract.code),
        ));
    };
    let checked =
        marque_vm::check(&code).map_err(|rejection| Failure::new(rejection.to_string(), ""))?;
    let interface = code::interface(checked.meta())?;
    let Some(message) = interface.message(&args.message) else {
        let names: Vec<&str> = interface.messages.iter().map(|f| f.name.as_str()).collect();
        return Err(Failure::usage(
            format!("{} has no message {}", contract.name, args.message),
            format!("it has {}", names.join(", ")),
        ));
    };
    let message = ContractAction::Message {
        contract: address,
        name: Text::new(args.message.as_str())
            .map_err(|error| Failure::usage(error.to_string(), ""))?,
        args: arguments::encode(&interface, Some(message), &args.args)?,
    };
    send(message, &args.common, &node, output)
}

type Prepared = (CodeSource, Bytes<65536>);

/// Code that the chain takes, and the arguments of one of its functions.
fn prepare(
    bytes: &[u8],
    function: impl Fn(&Interface) -> Option<Function>,
    typed: &[String],
) -> Result<Prepared, Failure> {
    let checked = check::admit(bytes)?.map_err(|why| {
        Failure::new(
            format!("the chain does not take the code: {why}"),
            "see `marque contract check`",
        )
    })?;
    let interface = code::interface(checked.meta())?;
    let args = arguments::encode(&interface, function(&interface).as_ref(), typed)?;
    let code = Bytes::new(bytes.to_vec())
        .map_err(|error| Failure::new(error.to_string(), "make the code smaller"))?;
    Ok((CodeSource::Inline(code), args))
}

fn send(
    action: ContractAction,
    common: &Common,
    node: &Node,
    output: &Output,
) -> Result<(), Failure> {
    let mut signing = common.signing.clone();
    signing.gas.get_or_insert(GAS);
    let sending = Sending {
        signing: &signing,
        dry_run: common.dry_run,
    };
    submit::send(vec![Action::Contract(action)], &sending, node, output)
}
