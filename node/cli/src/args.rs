//! What can be typed.

use crate::act::Act;
use crate::bench::BenchArgs;
use crate::capture::CaptureArgs;
use crate::contract::{self, ContractArgs};
use crate::db::DbArgs;
use crate::dev::DevArgs;
use crate::export::ExportArgs;
use crate::identify::IdArgs;
use crate::inbox::InboxArgs;
use crate::init::InitArgs;
use crate::keys::KeysArgs;
use crate::registry::{BrandArgs, CredentialArgs, PartyArgs, ProductArgs};
use crate::run::RunArgs;
use crate::submit::SubmitArgs;
use crate::trace::TraceArgs;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Identifiers are taken in every GS1 form: Digital Link, EPC URN, element string.

Examples:
  marque dev
  marque trace https://id.gs1.org/01/09506000134352/21/A1
  marque capture shipment.jsonld --as 9506000134376";

/// A provenance ledger whose rules are the brands' own contracts.
#[derive(Parser)]
#[command(name = "marque", version, styles = STYLES, after_help = EXAMPLES)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Args {
    /// Print JSON for programs instead of tables for people
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Each is the module of its name.
#[derive(Subcommand)]
pub enum Command {
    Dev(DevArgs),
    Init(InitArgs),
    Run(RunArgs),
    /// Say what an identifier is, or what is wrong with it
    Id(IdArgs),
    /// Make and list encrypted keys
    Key(KeysArgs),
    /// Brands and what is licensed to them
    Brand(BrandArgs),
    /// Parties and their locations
    Party(PartyArgs),
    /// What parties state about one another: licences, registrations
    Credential(CredentialArgs),
    /// Products and their contracts
    Product(ProductArgs),
    /// Where a thing has been, as a table
    Trace(TraceArgs),
    /// What waits for a party to accept, and what it has offered
    Inbox(InboxArgs),
    /// Capture EPCIS 2.0 documents
    Capture(CaptureArgs),
    Export(ExportArgs),
    /// Build, check, deploy and ask contracts
    Contract(ContractArgs),
    /// Check, copy, bring back and export what a node has stored
    Db(DbArgs),
    /// Sign and send a transaction written as JSON
    Submit(SubmitArgs),
    #[command(flatten)]
    Act(Act),
    #[command(after_help = "Example:\n  marque bench --transfers 5000")]
    Bench(BenchArgs),
    /// Compile one module from stdin within limits; the node starts it
    #[command(hide = true, name = contract::CHILD)]
    CompileChild,
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::CommandFactory as _;

    #[test]
    fn every_command_is_well_formed() {
        Args::command().debug_assert();
    }
}
