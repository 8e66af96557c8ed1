//! `marque contract`: the brands' rules, from source to chain.

mod arguments;
mod build;
mod check;
mod code;
mod deploy;
mod new;
mod project;
mod query;
mod show;
mod simulate;
mod test;
#[cfg(test)]
mod tests;
mod trial;
mod verify;

pub use check::{CHILD, compile_child};
pub use trial::trial;

use crate::failure::Failure;
use crate::node::Node;
use crate::output::Output;
use clap::{Args, Subcommand};
use marque_client::api::{ContractList, RegistryProduct};
use marque_primitives::Address;
use marque_primitives::json::naming;

const EXAMPLES: &str = "\
Examples:
  marque contract new widget
  marque contract test widget
  marque contract build contracts/fresh-food
  marque contract check target/contracts/marque_fresh_food.wasm
  marque contract deploy fresh-food limit=5 tolerance:=30 receivers:=[] inspectors:=[] --from alice
  marque contract query fresh-food coldChain
  marque contract verify widget ./widget";

/// What to do with contracts.
#[derive(Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct ContractArgs {
    #[command(subcommand)]
    command: ContractCommand,
}

#[derive(Subcommand)]
enum ContractCommand {
    New(new::NewArgs),
    Build(build::BuildArgs),
    Test(test::TestArgs),
    Check(check::CheckArgs),
    Deploy(deploy::DeployArgs),
    Upgrade(deploy::UpgradeArgs),
    Call(deploy::CallArgs),
    Query(query::QueryArgs),
    Simulate(simulate::SimulateArgs),
    Show(show::ShowArgs),
    List(show::ListArgs),
    Verify(verify::VerifyArgs),
}

/// `marque contract`.
pub fn run(args: &ContractArgs, output: &Output) -> Result<(), Failure> {
    match &args.command {
        ContractCommand::New(args) => new::run(args, output),
        ContractCommand::Build(args) => build::run(args, output),
        ContractCommand::Test(args) => test::run(args, output),
        ContractCommand::Check(args) => check::run(args, output),
        ContractCommand::Deploy(args) => deploy::run(args, output),
        ContractCommand::Upgrade(args) => deploy::upgrade(args, output),
        ContractCommand::Call(args) => deploy::call(args, output),
        ContractCommand::Query(args) => query::run(args, output),
        ContractCommand::Simulate(args) => simulate::run(args, output),
        ContractCommand::Show(args) => show::run(args, output),
        ContractCommand::List(args) => show::list(args, output),
        ContractCommand::Verify(args) => verify::run(args, output),
    }
}

/// A contract by its address, by its name where only one bears it, or by a product that it
/// governs.
pub fn find(node: &Node, name: &str) -> Result<Address, Failure> {
    if name.starts_with("0x") {
        return name
            .parse()
            .map_err(|error| Failure::usage(format!("{name}: {error}"), "copy it whole"));
    }
    if let Ok(gtin) = naming::product(name) {
        let gtin = gtin.to_string();
        let product = node.call(&RegistryProduct { gtin })?;
        return product.contract.ok_or_else(|| {
            Failure::new(
                format!(
                    "product {} has no contract: the kernel alone rules it",
                    product.gtin
                ),
                "name the contract by its address",
            )
        });
    }
    let all = node.all(|cursor| ContractList {
        brand: None,
        cursor,
        limit: Some(crate::node::PAGE),
    })?;
    let mut named = all.iter().filter(|contract| contract.name == name);
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(one.address),
        (Some(_), Some(_)) => Err(Failure::usage(
            format!("more than one contract is called {name}"),
            "name it by its address, see `marque contract list`",
        )),
        (None, _) => Err(Failure::new(
            format!("there is no contract {name}"),
            "see `marque contract list`",
        )),
    }
}
