//! One event after the other: signed and sent, or put aside.

use super::gather::Gathering;
use super::licences::Licences;
use super::outcome::{Outcome, Told};
use super::parties::{Answers, Parties};
use super::pending::Bundles;
use crate::failure::Failure;
use crate::node::Node;
use crate::signing::{self, SigningArgs};
use marque_client::{ClientError, Sender};
use marque_primitives::Address;
use marque_primitives::action::{Action, Report};
use marque_primitives::signature::SecretKey;
use std::collections::BTreeMap;

/// Events on their way to the node.
pub struct Capturing<'n> {
    node: &'n Node,
    signing: &'n SigningArgs,
    parties: Parties<'n>,
    licences: Licences,
    senders: BTreeMap<Address, Option<Sender<SecretKey>>>,
    dry_run: bool,
}

impl<'n> Capturing<'n> {
    /// Nothing is sent yet.
    pub fn new(
        node: &'n Node,
        signing: &'n SigningArgs,
        parties: Parties<'n>,
        dry_run: bool,
    ) -> Self {
        Self {
            node,
            signing,
            parties,
            licences: Licences::default(),
            senders: BTreeMap::new(),
            dry_run,
        }
    }

    /// Takes an event as far as it goes.
    pub fn take(&mut self, event: &Gathering, bundles: &mut Bundles) -> Result<Told, Failure> {
        let report = match &event.report {
            Ok(report) => report,
            Err(told) => return Ok(told.clone()),
        };
        let account = match self.parties.answers(&event.captured)? {
            Answers::Party(account) => account,
            Answers::Nobody => return Ok(nobody()),
            Answers::Unregistered(numbers) => match numbers.first() {
                // A trial registers nobody, and asks for who would be.
                Some(gln) if self.dry_run && self.parties.registers() => {
                    self.lend(signing::of_location(*gln))?
                }
                _ => return Ok(unregistered(&numbers)),
            },
        };
        let mine = self.parties.only().is_none_or(|only| only == account);
        if !mine || !self.can_sign(account)? {
            bundles.add(account, report);
            return Ok(pending(account));
        }
        if !self.dry_run && self.parties.registers() {
            self.licences.ensure(self.node, report, account)?;
        }
        self.send(account, report)
    }

    /// Whether there is a key for the account; it is looked for once.
    fn can_sign(&mut self, account: Address) -> Result<bool, Failure> {
        if !self.senders.contains_key(&account) {
            let sender = self.sender(account)?;
            self.senders.insert(account, sender);
        }
        Ok(self.senders.get(&account).is_some_and(Option::is_some))
    }

    /// Lends a party that a trial does not register the key that it would have.
    fn lend(&mut self, secret: SecretKey) -> Result<Address, Failure> {
        let account = secret.address();
        if !self.senders.contains_key(&account) {
            let sender = self.signing.sender_of(self.node, secret)?;
            self.senders
                .insert(account, Some(sender.on_behalf_of(account)));
        }
        Ok(account)
    }

    fn sender(&self, account: Address) -> Result<Option<Sender<SecretKey>>, Failure> {
        let secret = match (&self.signing.from, self.parties.only()) {
            (Some(_), Some(_)) => Some(self.signing.secret(self.node)?),
            _ if self.node.info()?.development => signing::secret_of(self.node, account)?,
            // Says what is missing.
            _ => Some(self.signing.secret(self.node)?),
        };
        let Some(secret) = secret else {
            return Ok(None);
        };
        let sender = self.signing.sender_of(self.node, secret)?;
        Ok(Some(sender.on_behalf_of(account)))
    }

    fn send(&self, account: Address, report: &Report) -> Result<Told, Failure> {
        let Some(Some(sender)) = self.senders.get(&account) else {
            return Ok(pending(account));
        };
        let actions = vec![Action::Fact(report.clone())];
        let answer = self.node.wait(async {
            let answer = match self.dry_run {
                true => sender.dry_run(actions).await.map(|tried| tried.receipt),
                false => sender.send(actions).await,
            };
            // What the node says about this event stops none of the others.
            Ok::<_, ClientError>(match answer {
                Err(error @ ClientError::Node { .. }) if !error.retryable() => Err(error),
                answer => Ok(answer?),
            })
        });
        let told = match answer? {
            Ok(receipt) => Told::receipt(&receipt),
            Err(error) => not_taken(&error),
        };
        Ok(match self.dry_run {
            true => Told { tx: None, ..told },
            false => told,
        })
    }
}

/// The node does not take the transaction at all.
fn not_taken(error: &ClientError) -> Told {
    let ClientError::Node { message, data, .. } = error else {
        return Told::because(Outcome::Refused, "Node", error.to_string(), "");
    };
    let mut told = Told::because(Outcome::Refused, "Node", message.clone(), "");
    if let Some(data) = data {
        told.reason = Some(data.name.clone());
        told.field.clone_from(&data.field);
        told.remedy.clone_from(&data.remedy);
    }
    told
}

fn nobody() -> Told {
    Told::because(
        Outcome::Refused,
        "NoResponsibleParty",
        "the event names nobody who answers for it".into(),
        "add a source, destination or read point with a GLN, or name the party with --as",
    )
}

fn unregistered(numbers: &[marque_primitives::gs1::Gln]) -> Told {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    Told::because(
        Outcome::Refused,
        "UnknownParty",
        format!("none of {} is registered", numbers.join(", ")),
        "register the party with its locations, or name the one that captures with --as",
    )
}

fn pending(account: Address) -> Told {
    Told::because(
        Outcome::Pending,
        "AnotherParty",
        format!("the event is {account}'s to sign"),
        "write it into a bundle with --pending DIR, which that party signs with `marque submit`",
    )
}
