//! From identifiers to the things of the ledger.

use crate::event::{Quantity, Things};
use crate::identifier;
use crate::{Invalid, Unmapped};
use marque_primitives::amount::{Amount, Decimal};
use marque_primitives::bounded::Text;
use marque_primitives::detail::Place;
use marque_primitives::gs1::{Gln, Gs1Error, Identifier, Serial};
use marque_primitives::json::naming;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Run, Thing, ThingId, Uri};

/// The things of one side of an event, each once, neighbouring serials as runs. `epcs` and
/// `quantities` are the fields' names.
pub fn things(side: &Things, epcs: &str, quantities: &str) -> Result<Vec<Thing>, Unmapped> {
    let mut things = Vec::with_capacity(side.epcs.len().saturating_add(side.quantities.len()));
    for (i, epc) in side.epcs.iter().enumerate() {
        things.push(instance(epc, &format!("{epcs}[{i}]"))?);
    }
    for (i, q) in side.quantities.iter().enumerate() {
        things.push(quantity(q, &format!("{quantities}[{i}]"))?);
    }
    Ok(joined(things))
}

/// The things of both sides of a transformation, each once; of a lot or class on both, the
/// amount that went in.
pub fn both(inputs: &[Thing], outputs: &[Thing]) -> Vec<Thing> {
    let mut things: Vec<Thing> = inputs.to_vec();
    for thing in outputs {
        let named = |other: &Thing| match (thing, other) {
            (Thing::Lot { id, .. }, Thing::Lot { id: other, .. }) => id == other,
            (Thing::Class { id, .. }, Thing::Class { id: other, .. }) => id == other,
            _ => false,
        };
        if !inputs.iter().any(named) {
            things.push(thing.clone());
        }
    }
    joined(things.iter().flat_map(singles).collect())
}

/// A run as its single things, so that overlapping runs can be joined.
fn singles(thing: &Thing) -> Vec<Thing> {
    let Thing::Run { run, lot } = thing else {
        return vec![thing.clone()];
    };
    let Some((digits, first)) = run.first().numeric().filter(|_| run.count() > 1) else {
        return vec![thing.clone()];
    };
    let serials = (0..run.count())
        .filter_map(|i| Serial::from_numeric(digits, first.checked_add(u128::from(i))?).ok());
    serials
        .map(|serial| Thing::Run {
            run: Run::single(run.line(), serial),
            lot: *lot,
        })
        .collect()
}

/// The thing that an instance-level identifier names; a class where it names a class.
pub fn instance(text: &str, field: &str) -> Result<Thing, Unmapped> {
    let id = identifier::read(text, field)?;
    checked(&id, text, field)?;
    // An item keeps the lot that it claims, to be compared with the record.
    let id = if matches!(id, Identifier::Sgtin { .. }) {
        id
    } else {
        id.constrained()
    };
    Ok(naming::thing_of(&id)
        .map_err(|error| Invalid::new(field, error.to_string(), error.remedy()))?)
}

/// The thing with a record of its own that a text names, if it names one.
pub fn instance_id(text: &str, field: &str) -> Result<Option<ThingId>, Unmapped> {
    Ok(instance(text, field)?.id())
}

fn quantity(quantity: &Quantity, field: &str) -> Result<Thing, Unmapped> {
    let at = format!("{field}.epcClass");
    let id = identifier::read(&quantity.class, &at)?;
    let amount = quantity.amount.as_ref().map(|value| {
        let value = Decimal::parse(value.as_str())?;
        Amount::new(value, quantity.uom.as_deref())
    });
    let amount = amount.transpose().map_err(|error| {
        let text = quantity.amount.as_ref().map_or("", |a| a.as_str());
        let uom = quantity.uom.as_deref().unwrap_or_default();
        Invalid::new(
            format!("{field}.quantity"),
            format!("{text} {uom} has no exact amount").replace("  ", " "),
            error.to_string(),
        )
    })?;
    checked(&id, &quantity.class, &at)?;
    match (id, amount) {
        (Identifier::Lgtin { gtin, lot, .. }, Some(amount)) if amount.value.is_positive() => {
            Ok(Thing::Lot {
                id: LotId { gtin, lot },
                amount,
            })
        }
        (id, amount) => Ok(Thing::Class {
            id: uri(&id.constrained().to_canonical(), &at)?,
            amount,
        }),
    }
}

/// Refuses what the ledger keeps nothing of: numbers of persons, and numbers that mean
/// another thing in every shop.
fn checked(id: &Identifier, text: &str, field: &str) -> Result<(), Unmapped> {
    match id {
        Identifier::Gsrn { .. } => Err(refused(
            Invariant::Personal,
            &format!("{text} is the number of a person"),
            field,
        )),
        Identifier::Gtin { gtin, .. }
        | Identifier::Lgtin { gtin, .. }
        | Identifier::Sgtin { gtin, .. }
        | Identifier::Upui { gtin, .. }
            if gtin.is_restricted() =>
        {
            let message = format!("GTIN {gtin} is for use within one company or region");
            Err(refused(Invariant::RestrictedGtin, &message, field))
        }
        _ => Ok(()),
    }
}

fn refused(invariant: Invariant, message: &str, field: &str) -> Unmapped {
    Unmapped::Refused(Box::new(Refusal::kernel(invariant, message).field(field)))
}

/// A text that fits the ledger's URIs.
pub fn uri(text: &str, field: &str) -> Result<Uri, Invalid> {
    Text::new(text)
        .map_err(|error| Invalid::new(field, "is too long for the ledger", error.to_string()))
}

/// Where something was or is.
pub fn place(text: &str, field: &str) -> Result<Place, Unmapped> {
    Ok(match identifier::read(text, field)? {
        Identifier::Sgln { gln, extension } => Place::Gln { gln, extension },
        other => Place::Uri(uri(&other.constrained().to_canonical(), field)?),
    })
}

/// The party or location number of a source, destination or place, if it is one. What is
/// written as no key at all names nobody that the ledger can know; a key that is written
/// wrong is an error.
pub fn gln(text: &str, field: &str) -> Result<Option<Gln>, Invalid> {
    if matches!(
        text.parse::<Identifier>(),
        Err(Gs1Error::Form | Gs1Error::EpcScheme { .. })
    ) {
        return Ok(None);
    }
    Ok(match identifier::read(text, field)? {
        Identifier::Pgln(gln)
        | Identifier::Sgln { gln, .. }
        | Identifier::Eoid { gln, .. }
        | Identifier::Fid { gln, .. } => Some(gln),
        _ => None,
    })
}

/// Each thing once: neighbouring serials become runs, quantities of one lot a sum.
fn joined(mut things: Vec<Thing>) -> Vec<Thing> {
    things.sort_unstable();
    things.dedup_by(|next, kept| match (next, kept) {
        (
            Thing::Lot { .. }
            | Thing::Class {
                amount: Some(_), ..
            },
            _,
        ) => false,
        // The same thing with a lot and without: the one that claims more stays.
        (
            Thing::Run {
                run: same,
                lot: claim,
            },
            Thing::Run { run, lot },
        ) if same == run && (lot.is_none() || lot == claim) => {
            *lot = *claim;
            true
        }
        (next, kept) => next == kept,
    });
    let mut joined: Vec<Thing> = Vec::with_capacity(things.len());
    for thing in things {
        match joined.last().and_then(|last| join(last, &thing)) {
            Some(both) => {
                joined.pop();
                joined.push(both);
            }
            None => joined.push(thing),
        }
    }
    joined
}

fn join(a: &Thing, b: &Thing) -> Option<Thing> {
    match (a, b) {
        (
            Thing::Run { run: first, lot },
            Thing::Run {
                run: next,
                lot: other,
            },
        ) if lot == other => {
            let (digits, start) = first.first().numeric()?;
            let (next_digits, value) = next.first().numeric()?;
            let end = start.checked_add(u128::from(first.count()))?;
            let follows = first.line() == next.line() && digits == next_digits && value == end;
            let count = first.count().checked_add(next.count())?;
            let run = follows.then(|| Run::new(first.line(), *first.first(), count))??;
            Some(Thing::Run { run, lot: *lot })
        }
        (
            Thing::Lot { id, amount },
            Thing::Lot {
                id: other,
                amount: more,
            },
        ) if id == other => Some(Thing::Lot {
            id: id.clone(),
            amount: sum(amount, more)?,
        }),
        (
            Thing::Class {
                id,
                amount: Some(amount),
            },
            Thing::Class {
                id: other,
                amount: Some(more),
            },
        ) if id == other => Some(Thing::Class {
            id: id.clone(),
            amount: Some(sum(amount, more)?),
        }),
        _ => None,
    }
}

fn sum(a: &Amount, b: &Amount) -> Option<Amount> {
    let value = a.value.checked_add(b.value).filter(|_| a.unit == b.unit)?;
    Some(Amount {
        value,
        unit: a.unit.clone(),
    })
}
