//! From identifiers to the things of the ledger.

use crate::event::{Quantity, Things};
use crate::identifier;
use crate::{Invalid, Unmapped};
use marque_primitives::action::MAX_THINGS;
use marque_primitives::amount::{Amount, AmountError, Decimal};
use marque_primitives::bounded::Text;
use marque_primitives::detail::Place;
use marque_primitives::gs1::{Gln, Gs1Error, Gtin, Identifier, Serial};
use marque_primitives::json::naming;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Run, Thing, ThingId, Uri};
use std::collections::BTreeSet;

/// A quantity of a lot that the ledger cannot hold exactly.
pub enum Inexact {
    /// Stands as one unit of the lot, and the first of them is remembered: what moves custody
    /// needs an exact amount.
    Moves(Option<Invalid>),
    /// Is seen as the lot without an amount.
    Seen,
}

/// The things of one side of an event, each once, neighbouring serials as runs. `epcs` and
/// `quantities` are the fields' names.
pub fn things(
    side: &Things,
    epcs: &str,
    quantities: &str,
    inexact: &mut Inexact,
) -> Result<Vec<Thing>, Unmapped> {
    let mut things = Vec::with_capacity(side.epcs.len().saturating_add(side.quantities.len()));
    for (i, epc) in side.epcs.iter().enumerate() {
        things.push(instance(epc, &format!("{epcs}[{i}]"))?);
    }
    for (i, q) in side.quantities.iter().enumerate() {
        things.push(quantity(q, &format!("{quantities}[{i}]"), inexact)?);
    }
    limited(joined(things), epcs)
}

/// Before anything is done for each of them.
fn limited(things: Vec<Thing>, field: &str) -> Result<Vec<Thing>, Unmapped> {
    match things.len() {
        0..=MAX_THINGS => Ok(things),
        count => {
            let message = format!(
                "{count} things that are no neighbours, {MAX_THINGS} are the most; use one event for each pallet"
            );
            Err(refused(Invariant::Shape, &message, field))
        }
    }
}

/// The things of both sides of a transformation, each once; of a lot or class on both, the
/// amount that went in.
pub fn both(inputs: &[Thing], outputs: &[Thing]) -> Result<Vec<Thing>, Unmapped> {
    let lots: BTreeSet<&LotId> = inputs.iter().filter_map(lot).collect();
    let classes: BTreeSet<&Uri> = inputs.iter().filter_map(class).collect();
    let new = |thing: &&Thing| {
        !lot(thing).is_some_and(|id| lots.contains(id))
            && !class(thing).is_some_and(|id| classes.contains(id))
    };
    let things = inputs.iter().chain(outputs.iter().filter(new));
    limited(joined(things.flat_map(singles).collect()), "inputEPCList")
}

fn lot(thing: &Thing) -> Option<&LotId> {
    match thing {
        Thing::Lot { id, .. } => Some(id),
        _ => None,
    }
}

fn class(thing: &Thing) -> Option<&Uri> {
    match thing {
        Thing::Class { id, .. } => Some(id),
        _ => None,
    }
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

fn quantity(quantity: &Quantity, field: &str, inexact: &mut Inexact) -> Result<Thing, Unmapped> {
    let at = format!("{field}.epcClass");
    let id = identifier::read(&quantity.class, &at)?;
    checked(&id, &quantity.class, &at)?;
    let uom = quantity.uom.as_deref();
    let amount = quantity
        .amount
        .as_ref()
        .map(|value| Decimal::parse(value.as_str()).and_then(|value| Amount::new(value, uom)));
    let amount = match (amount.transpose(), &id, inexact) {
        (Ok(amount), ..) => amount,
        (Err(error @ (AmountError::Form | AmountError::UnitForm)), ..) => {
            return Err(no_amount(quantity, field, &error).into());
        }
        (Err(error), Identifier::Lgtin { .. }, Inexact::Moves(first)) => {
            first.get_or_insert_with(|| no_amount(quantity, field, &error));
            Amount::new(Decimal::from_integer(1), uom).ok()
        }
        (Err(_), ..) => None,
    };
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

fn no_amount(quantity: &Quantity, field: &str, error: &AmountError) -> Invalid {
    let amount = quantity.amount.as_ref().map_or("", |a| a.as_str());
    let uom = quantity.uom.as_deref().unwrap_or_default();
    Invalid::new(
        format!("{field}.quantity"),
        format!("{amount} {uom} has no exact amount").replace("  ", " "),
        error.to_string(),
    )
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
            Err(restricted(gtin, field))
        }
        Identifier::Itip { itip, .. } if itip.gtin().is_restricted() => {
            Err(restricted(&itip.gtin(), field))
        }
        _ => Ok(()),
    }
}

fn restricted(gtin: &Gtin, field: &str) -> Unmapped {
    let message = format!("GTIN {gtin} is for use within one company or region");
    refused(Invariant::RestrictedGtin, &message, field)
}

pub fn refused(invariant: Invariant, message: &str, field: &str) -> Unmapped {
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
/// wrong is an error, and so is a person's.
pub fn gln(text: &str, field: &str) -> Result<Option<Gln>, Unmapped> {
    if matches!(
        text.parse::<Identifier>(),
        Err(Gs1Error::Form | Gs1Error::EpcScheme { .. })
    ) {
        return Ok(None);
    }
    let id = identifier::read(text, field)?;
    checked(&id, text, field)?;
    Ok(match id {
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
