//! `marque credential`: what parties say of one another, such as licences and registrations.

use super::{fields, send};
use crate::act::Common;
use crate::failure::Failure;
use crate::names::{Names, Wanted};
use crate::node::{Node, NodeArgs, PAGE};
use crate::output::{Cell, Output, Style, Table};
use crate::words;
use clap::{Args, Subcommand};
use marque_client::api::{Credential, PartyCredentials};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  marque credential issue carol --kind wholesale-distribution --number WDA-DE-2291 --until 2027-12-31T23:59:59Z --from alice
  marque credential revoke carol --kind wholesale-distribution --from alice
  marque credential list carol";

/// What to do with credentials.
#[derive(Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct CredentialArgs {
    #[command(subcommand)]
    command: CredentialCommand,
}

#[derive(Subcommand)]
enum CredentialCommand {
    /// State that a party has a licence or registration; stated again, it is renewed
    #[command(
        after_help = "Example:\n  marque credential issue carol --kind food-facility --number 16934507212 --until 2027-12-31T23:59:59Z --from alice"
    )]
    Issue {
        /// Who has it: account, GLN, PGLN
        party: String,
        /// What it is: small letters, digits and hyphens
        #[arg(long)]
        kind: String,
        /// Its number: a company's, never a person's
        #[arg(long)]
        number: String,
        /// From when on; now unless given, and never earlier
        #[arg(long, value_name = "TIME")]
        begin: Option<String>,
        /// Its last moment; until it is revoked unless given
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        #[command(flatten)]
        common: Box<Common>,
    },
    /// End a credential that the account issued
    #[command(
        after_help = "Example:\n  marque credential revoke carol --kind food-facility --from alice"
    )]
    Revoke {
        /// Whose: account, GLN, PGLN
        party: String,
        /// What it is
        #[arg(long)]
        kind: String,
        #[command(flatten)]
        common: Box<Common>,
    },
    /// What others say of a party
    #[command(after_help = "Example:\n  marque credential list carol --issuer alice")]
    List {
        /// Of whom: account, GLN, PGLN
        party: String,
        /// Only what this party says
        #[arg(long, value_name = "PARTY")]
        issuer: Option<String>,
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// `marque credential`.
pub fn run(args: &CredentialArgs, output: &Output) -> Result<(), Failure> {
    match &args.command {
        CredentialCommand::Issue {
            party,
            kind,
            number,
            begin,
            until,
            common,
        } => {
            let node = Node::new(&common.node)?;
            let subject = node.account(party)?;
            let said = json!({
                "subject": subject, "kind": kind, "number": number, "from": begin, "until": until,
            });
            send([("issueCredential", fields(said))], common, &node, output)
        }
        CredentialCommand::Revoke {
            party,
            kind,
            common,
        } => {
            let node = Node::new(&common.node)?;
            let said = json!({ "subject": node.account(party)?, "kind": kind });
            send([("revokeCredential", fields(said))], common, &node, output)
        }
        CredentialCommand::List {
            party,
            issuer,
            node,
        } => list(party, issuer.as_deref(), &Node::new(node)?, output),
    }
}

fn list(party: &str, issuer: Option<&str>, node: &Node, output: &Output) -> Result<(), Failure> {
    let address = node.account(party)?.to_string();
    let issuer = issuer.map(|issuer| node.account(issuer)).transpose()?;
    let credentials = node.all(|cursor| PartyCredentials {
        address: address.clone(),
        issuer: issuer.map(|issuer| issuer.to_string()),
        cursor,
        limit: Some(PAGE),
    })?;
    if output.json {
        return output.value(&credentials);
    }
    if credentials.is_empty() {
        return output.line("no one has issued the party a credential");
    }
    let issuers = credentials.iter().map(|credential| credential.issuer);
    let names = node.wait(Names::of(node.client(), Wanted::parties(issuers)))?;
    let mut table = Table::of(&["credential", "number", "issuer", "from", "until", "holds"]);
    for credential in &credentials {
        table.row(row(credential, &names));
    }
    output.table(&table)
}

fn row(credential: &Credential, names: &Names) -> Vec<Cell> {
    let until = credential.until.map(|at| words::moment(at, None));
    let holds = match (credential.valid, credential.revoked) {
        (true, _) => Cell::new(Style::Good, "yes"),
        (false, Some(at)) => Cell::new(Style::Bad, format!("revoked {}", words::moment(at, None))),
        (false, None) => Cell::new(Style::Warn, "no"),
    };
    vec![
        credential.kind.to_string().into(),
        credential.number.to_string().into(),
        names.party(credential.issuer).into(),
        words::moment(credential.from, None).into(),
        until.unwrap_or_default().into(),
        holds,
    ]
}
