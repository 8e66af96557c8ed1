//! Who answers for an event, and with which key.

use super::gather::Gathered;
use crate::dev::accounts;
use crate::failure::Failure;
use crate::node::Node;
use crate::signing::{self, SigningArgs};
use marque_client::Sender;
use marque_client::api::RegistryResolve;
use marque_epcis::{Captured, signer};
use marque_primitives::Address;
use marque_primitives::Lane;
use marque_primitives::action::{Action, Operation, PartyRef, Registration, Report};
use marque_primitives::bounded::{List, Text};
use marque_primitives::gs1::Gln;
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::MAX_ACTIONS;
use std::collections::{BTreeMap, BTreeSet};

/// Registrations go in a lane of their own, so that a party that is also a brand counts the
/// nonces of its events undisturbed.
const REGISTRY_LANE: Lane = Lane(15);

/// Who answers for an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answers {
    /// A registered party.
    Party(Address),
    /// Numbers are named, and nobody registered any of them.
    Unregistered(Vec<Gln>),
    /// Nobody is named.
    Nobody,
}

/// The parties that documents name.
pub struct Parties<'n> {
    node: &'n Node,
    /// The party whose events are signed; none: everyone's, on a development chain.
    given: Option<Given>,
    locations: BTreeMap<Gln, Option<Address>>,
}

/// The party that captures.
struct Given {
    account: Address,
    location: Option<Gln>,
}

impl<'n> Parties<'n> {
    /// With the party of `--as`, or else of `--from`.
    pub fn new(
        node: &'n Node,
        party: Option<&str>,
        signing: &SigningArgs,
    ) -> Result<Self, Failure> {
        let account = match (party, &signing.from) {
            (Some(name), _) => Some(node.account(name)?),
            (None, Some(_)) => {
                let own = signing.secret(node)?.address();
                let other = signing
                    .account
                    .as_ref()
                    .map(|account| node.account(account));
                Some(other.transpose()?.unwrap_or(own))
            }
            (None, None) if node.info()?.development => None,
            (None, None) => {
                return Err(Failure::usage(
                    "nobody signs",
                    "name the party with --as, and its key with --from",
                ));
            }
        };
        let given = match account {
            None => None,
            Some(account) => {
                let party = node.party(&account.to_string())?;
                let location = party.and_then(|party| party.locations.first().copied());
                Some(Given { account, location })
            }
        };
        Ok(Self {
            node,
            given,
            locations: BTreeMap::new(),
        })
    }

    /// Whether unknown parties are registered.
    pub fn registers(&self) -> bool {
        self.node.info().is_ok_and(|info| info.development)
    }

    /// The account whose events are signed, if it is one alone.
    pub fn only(&self) -> Option<Address> {
        self.given.as_ref().map(|given| given.account)
    }

    /// Registers every party that answers for an event or is offered to, each with the
    /// development key of its number, where nobody has it yet.
    pub fn register_named(&mut self, gathered: &Gathered) -> Result<(), Failure> {
        let mut named = BTreeSet::new();
        for event in gathered.events() {
            let Ok(report) = &event.report else { continue };
            named.extend(receivers(report));
            if let Ok(read) = &event.captured.event {
                let answers = signer::candidates(read, None).unwrap_or_default();
                named.extend(answers.first().map(|candidate| candidate.gln));
            }
        }
        let mut unknown = Vec::new();
        for gln in named {
            if self.account_of(gln)?.is_none() {
                unknown.push(gln);
            }
        }
        let registrar = accounts::secret(accounts::REGISTRAR);
        for some in unknown.chunks(MAX_ACTIONS) {
            let actions: Vec<Action> = some.iter().map(|gln| registration(*gln)).collect();
            register(self.node, &registrar, actions)?;
            for gln in some {
                let account = signing::of_location(*gln).address();
                self.locations.insert(*gln, Some(account));
            }
        }
        Ok(())
    }

    /// The account of a number.
    fn account_of(&mut self, gln: Gln) -> Result<Option<Address>, Failure> {
        if let Some(known) = self.locations.get(&gln) {
            return Ok(*known);
        }
        let location = gln.to_string();
        let party = self.node.look_up(&RegistryResolve { location })?;
        let account = party.map(|party| party.address);
        self.locations.insert(gln, account);
        Ok(account)
    }

    /// Who answers for an event: the first of its candidates that is registered, and
    /// where none is, the party that captures.
    pub fn answers(&mut self, captured: &Captured) -> Result<Answers, Failure> {
        let given = self.given.as_ref().and_then(|given| given.location);
        let candidates = match &captured.event {
            Ok(event) => signer::candidates(event, given).unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        for candidate in &candidates {
            if let Some(account) = self.account_of(candidate.gln)? {
                return Ok(Answers::Party(account));
            }
        }
        Ok(match (&self.given, candidates.is_empty()) {
            (Some(given), _) => Answers::Party(given.account),
            (None, true) => Answers::Nobody,
            (None, false) => Answers::Unregistered(candidates.iter().map(|c| c.gln).collect()),
        })
    }
}

/// The parties that a report offers things to.
fn receivers(report: &Report) -> impl Iterator<Item = Gln> {
    report
        .attempts
        .iter()
        .filter_map(|operation| match operation {
            Operation::Offer {
                to: PartyRef::Location(gln),
                ..
            } => Some(*gln),
            _ => None,
        })
}

fn registration(gln: Gln) -> Action {
    Action::Registry(Registration::RegisterParty {
        account: signing::of_location(gln).address(),
        name: Text::truncated(&format!("GLN {gln}")),
        locations: List::new(vec![gln]).unwrap_or_default(),
    })
}

/// Sends registrations, which have to be applied.
pub fn register(node: &Node, secret: &SecretKey, actions: Vec<Action>) -> Result<(), Failure> {
    let receipt = node.wait(async {
        let sender = Sender::new(node.client().clone(), secret.clone())
            .await?
            .lane(REGISTRY_LANE);
        sender.send(actions).await
    })?;
    match receipt.refusal {
        None => Ok(()),
        Some(refusal) => Err(Failure::new(
            format!("what the documents name cannot be registered: {refusal}"),
            "register it by hand, with `marque party` and `marque brand`",
        )),
    }
}
