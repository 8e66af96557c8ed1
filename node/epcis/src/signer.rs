//! Who answers for an event: the party that signs its report.

use crate::event::{Event, Reference};
use crate::identifier;
use marque_primitives::gs1::{Gln, Identifier};

/// Where an event names a party that may answer for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The source's possessing party.
    PossessingSource,
    /// The source's owning party.
    OwningSource,
    /// The destination's possessing party.
    PossessingDestination,
    /// The destination's owning party.
    OwningDestination,
    /// The party whose place the read point is.
    ReadPoint,
    /// The party whose place the business location is.
    BizLocation,
    /// gs1:informationProvider.
    InformationProvider,
    /// The party given by whoever captures.
    Given,
}

/// A party, by its own number or by that of a place of its.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The number, to be looked up among the registered parties.
    pub gln: Gln,
    /// Where it stands.
    pub role: Role,
}

/// Nobody is named, and nobody is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the event names no responsible party; add a source, destination or read point with a GLN, or name the party with --as"
)]
pub struct NoResponsibleParty;

/// Steps by which things leave a party.
const OUTBOUND: [&str; 8] = [
    "shipping",
    "departing",
    "consigning",
    "void_shipping",
    "staging_outbound",
    "loading",
    "retail_selling",
    "dispensing",
];
/// Steps by which things come to a party.
const INBOUND: [&str; 5] = [
    "receiving",
    "accepting",
    "arriving",
    "collecting",
    "unloading",
];

/// The parties that may answer for an event, in the order of precedence; the first that is
/// registered signs. `given` is the party that captures, the last resort.
pub fn candidates(event: &Event, given: Option<Gln>) -> Result<Vec<Candidate>, NoResponsibleParty> {
    let word = event
        .step
        .as_ref()
        .and_then(|step| step.word())
        .unwrap_or_default();
    let roles: &[Role] = if OUTBOUND.contains(&word) {
        &[Role::PossessingSource, Role::ReadPoint, Role::OwningSource]
    } else if INBOUND.contains(&word) {
        &[
            Role::PossessingDestination,
            Role::BizLocation,
            Role::ReadPoint,
            Role::OwningDestination,
        ]
    } else {
        &[Role::ReadPoint, Role::BizLocation]
    };
    let last = [Role::InformationProvider, Role::Given];
    let named = roles.iter().chain(&last).filter_map(|role| {
        let gln = if *role == Role::Given {
            given
        } else {
            number(event, *role)
        };
        gln.map(|gln| Candidate { gln, role: *role })
    });
    let mut candidates: Vec<Candidate> = Vec::new();
    for candidate in named {
        if !candidates.iter().any(|known| known.gln == candidate.gln) {
            candidates.push(candidate);
        }
    }
    if candidates.is_empty() {
        Err(NoResponsibleParty)
    } else {
        Ok(candidates)
    }
}

fn number(event: &Event, role: Role) -> Option<Gln> {
    match role {
        Role::PossessingSource => party(&event.sources, "possessing_party"),
        Role::OwningSource => party(&event.sources, "owning_party"),
        Role::PossessingDestination => party(&event.destinations, "possessing_party"),
        Role::OwningDestination => party(&event.destinations, "owning_party"),
        Role::ReadPoint => gln(event.read_point.as_deref()?),
        Role::BizLocation => gln(event.location.as_deref()?),
        Role::InformationProvider => provider(event),
        Role::Given => None,
    }
}

fn party(references: &[Reference], role: &str) -> Option<Gln> {
    let named =
        |reference: &&Reference| reference.kind.as_ref().and_then(|kind| kind.word()) == Some(role);
    references
        .iter()
        .filter(named)
        .find_map(|reference| gln(&reference.id))
}

/// An extension of the name, whatever its namespace: a URI, or an object with an id.
fn provider(event: &Event) -> Option<Gln> {
    event
        .extensions
        .iter()
        .filter(|(key, _)| key.ends_with("informationProvider"))
        .find_map(|(_, value)| {
            let text = value.as_str().or_else(|| value.get("id")?.as_str())?;
            gln(text)
        })
}

fn gln(text: &str) -> Option<Gln> {
    match identifier::read(text, "").ok()? {
        Identifier::Pgln(gln)
        | Identifier::Sgln { gln, .. }
        | Identifier::Eoid { gln, .. }
        | Identifier::Fid { gln, .. } => Some(gln),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
