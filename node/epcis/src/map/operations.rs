//! The table of what an event may stand for: the action decides the structure, the step
//! decides custody, and whatever is not known is an observation.

use super::things::{gln, instance_id, place};
use crate::Unmapped;
use crate::event::{Action, Event, EventType, Reference};
use crate::identifier;
use crate::map::ilmd::Ilmd;
use crate::vocabulary::Term;
use marque_primitives::action::{Anchor, Operation, PartyRef, RecallTarget, Right, Things};
use marque_primitives::bounded::{List, Text};
use marque_primitives::gs1::{Gln, Identifier};
use marque_primitives::thing::{LotId, Thing, ThingId};

/// What an event names, as things of the ledger.
pub struct Named {
    /// epcList and quantityList, or the children.
    pub objects: Vec<Thing>,
    /// Used up by a transformation.
    pub inputs: Vec<Thing>,
    /// Made by it.
    pub outputs: Vec<Thing>,
    /// The parent, if it is a thing with a record of its own.
    pub parent: Option<ThingId>,
}

/// The operations that an event may stand for, in order of preference; recalls and lifts of
/// recalls are no alternatives to them but follow them.
pub fn attempts(event: &Event, named: &Named, ilmd: &Ilmd) -> Result<Vec<Operation>, Unmapped> {
    let mut attempts = match event.kind {
        EventType::Object => object(event, &named.objects, ilmd)?,
        EventType::Aggregation => aggregation(event, named),
        EventType::Association => association(event, named)?,
        EventType::Transaction => vec![Operation::Link {
            items: nameable(&named.objects),
            parent: named.parent.clone(),
            unlink: event.action == Some(Action::Delete),
        }],
        EventType::Transformation => transformation(event, named, ilmd)?,
    };
    let recalled = |terms: &[Term]| terms.iter().any(|term| term.word() == Some("recalled"));
    let then = match (recalled(&event.set), recalled(&event.unset)) {
        (true, false) => recall,
        (false, true) => |target| Operation::LiftOf { target },
        _ => return Ok(attempts),
    };
    attempts.extend(targets(&named.objects).into_iter().map(then));
    Ok(attempts)
}

fn word(event: &Event) -> &str {
    event
        .step
        .as_ref()
        .and_then(|step| step.word())
        .unwrap_or_default()
}

fn object(event: &Event, objects: &[Thing], ilmd: &Ilmd) -> Result<Vec<Operation>, Unmapped> {
    let items = movable(objects);
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let partially = event
        .disposition
        .as_ref()
        .is_some_and(|d| d.word() == Some("partially_dispensed"));
    Ok(match (event.action, word(event)) {
        (Some(Action::Add), _) => vec![commission(items, ilmd)],
        // Ends the tag, not the thing.
        (Some(Action::Delete), "killing") => Vec::new(),
        (Some(Action::Delete), _) => vec![Operation::Decommission { items }],
        (_, "shipping" | "consigning" | "departing") => offers(event, &items)?,
        (_, "void_shipping") => vec![Operation::Withdraw { items }],
        (_, "receiving" | "accepting" | "collecting") => receipt(event, items)?,
        (_, "retail_selling" | "dispensing") if !partially => {
            let mut attempts = offers(event, &items)?;
            attempts.push(Operation::Release { items });
            attempts
        }
        _ => Vec::new(),
    })
}

fn commission(items: Things, ilmd: &Ilmd) -> Operation {
    Operation::Commission {
        lot: lot_of(&items, ilmd),
        items,
        expiry: ilmd.expiry,
        owner: None,
    }
}

/// The lot of serialised things; a quantity names its own.
fn lot_of(items: &[Thing], ilmd: &Ilmd) -> Option<marque_primitives::gs1::LotNumber> {
    ilmd.lot.filter(|_| {
        items
            .iter()
            .any(|thing| matches!(thing, Thing::Run { .. } | Thing::Asset(_)))
    })
}

/// One offer for each party that the destinations name.
fn offers(event: &Event, items: &Things) -> Result<Vec<Operation>, Unmapped> {
    let offer = |(receiver, what)| Operation::Offer {
        items: items.clone(),
        to: PartyRef::Location(receiver),
        what,
        deadline: None,
    };
    Ok(receivers(event)?.into_iter().map(offer).collect())
}

/// Who gets things and which right, by EPCIS.md: "possession to the possessing party, else
/// the location's party, else the owning party; with ownership if owning parties differ". A
/// possessing party that is another than the new owner, such as a carrier, does not become
/// the owner. Where none is named, the new owner gets both rights, whatever the place where
/// the goods arrive is numbered; the place's party is tried next. Without a source's owning
/// party nothing says that the owner changes: a carrier delivers to owners, too.
pub fn receivers(event: &Event) -> Result<Vec<(Gln, Right)>, Unmapped> {
    let destination = |role| party(event, Side::Destination, role);
    let (possessor, owner) = (
        destination("possessing_party")?,
        destination("owning_party")?,
    );
    let from = party(event, Side::Source, "owning_party")?;
    let new_owner = owner.filter(|owner| from.is_some_and(|from| from != *owner));
    let first = match possessor {
        Some(possessor) => Some(possessor),
        None => new_owner,
    };
    let mut receivers: Vec<(Gln, Right)> = Vec::new();
    for receiver in [first, destination("location")?, owner]
        .into_iter()
        .flatten()
    {
        let what = match new_owner == Some(receiver) {
            true => Right::Both,
            false => Right::Possession,
        };
        if !receivers.contains(&(receiver, what)) {
            receivers.push((receiver, what));
        }
    }
    Ok(receivers)
}

/// Acceptance of the matching offer, else a claim that a later offer completes.
fn receipt(event: &Event, items: Things) -> Result<Vec<Operation>, Unmapped> {
    let first = receivers(event)?.into_iter().next();
    let what = first.map_or(Right::Possession, |(_, what)| what);
    Ok(vec![
        Operation::Accept {
            items: items.clone(),
        },
        Operation::Claim { items, what },
    ])
}

#[derive(Clone, Copy)]
enum Side {
    Source,
    Destination,
}

impl Side {
    /// The list and its name.
    fn of(self, event: &Event) -> (&[Reference], &'static str) {
        match self {
            Self::Source => (&event.sources, "sourceList"),
            Self::Destination => (&event.destinations, "destinationList"),
        }
    }
}

/// The numbers of all sources and destinations are read, so that none that is written wrong
/// is passed over for the next.
pub fn parties(event: &Event) -> Result<(), Unmapped> {
    for side in [Side::Source, Side::Destination] {
        let (list, name) = side.of(event);
        for (i, reference) in list.iter().enumerate() {
            gln(&reference.id, &format!("{name}[{i}]"))?;
        }
    }
    Ok(())
}

fn party(event: &Event, side: Side, role: &str) -> Result<Option<Gln>, Unmapped> {
    let (list, name) = side.of(event);
    for (i, reference) in list.iter().enumerate() {
        let named = reference.kind.as_ref().and_then(|kind| kind.word()) == Some(role);
        if named && let Some(gln) = gln(&reference.id, &format!("{name}[{i}]"))? {
            return Ok(Some(gln));
        }
    }
    Ok(None)
}

fn aggregation(event: &Event, named: &Named) -> Vec<Operation> {
    let Some(parent) = named.parent.clone() else {
        return Vec::new();
    };
    let children = nameable(&named.objects);
    let none_named = event.objects.is_empty();
    match (event.action, word(event)) {
        (Some(Action::Add), _) if !children.is_empty() => {
            vec![Operation::Pack { parent, children }]
        }
        (Some(Action::Delete), _) if none_named || !children.is_empty() => {
            vec![Operation::Unpack { parent, children }]
        }
        (Some(Action::Observe), "receiving" | "accepting" | "collecting") => {
            let items = only(&[Thing::from(parent)], |_| true);
            vec![
                Operation::Accept {
                    items: items.clone(),
                },
                Operation::Claim {
                    items,
                    what: Right::Possession,
                },
            ]
        }
        _ => Vec::new(),
    }
}

fn association(event: &Event, named: &Named) -> Result<Vec<Operation>, Unmapped> {
    let Some(parent) = anchor(event, named)? else {
        return Ok(Vec::new());
    };
    let children = nameable(&named.objects);
    Ok(match event.action {
        Some(Action::Add) if !children.is_empty() => {
            vec![Operation::Associate { parent, children }]
        }
        Some(Action::Delete) if event.objects.is_empty() || !children.is_empty() => {
            vec![Operation::Dissociate { parent, children }]
        }
        _ => Vec::new(),
    })
}

/// What an association hangs on: a place if it is named by a GLN or by coordinates.
fn anchor(event: &Event, named: &Named) -> Result<Option<Anchor>, Unmapped> {
    let Some(text) = &event.parent else {
        return Ok(None);
    };
    let is_place = match identifier::read(text, "parentID")? {
        Identifier::Sgln { .. } | Identifier::Fid { .. } => true,
        Identifier::Opaque(uri) => uri.as_str().starts_with("geo:"),
        _ => false,
    };
    if is_place {
        return Ok(Some(Anchor::Place(place(text, "parentID")?)));
    }
    Ok(named.parent.clone().map(Anchor::Thing))
}

fn transformation(event: &Event, named: &Named, ilmd: &Ilmd) -> Result<Vec<Operation>, Unmapped> {
    // What is used up need not have a record; what is made begins one.
    let (inputs, outputs) = (
        only(&named.inputs, |_| true),
        only(&named.outputs, in_custody),
    );
    let used = only(&named.inputs, in_custody);
    if used.is_empty() && outputs.is_empty() {
        return Ok(Vec::new());
    }
    let id = event.transformation.as_ref().map(|id| {
        let id = identifier::canonical_uri(id);
        super::things::uri(&id, "transformationID")
    });
    let id = id.transpose()?;
    // Made into something that has no record: the inputs have ended all the same.
    if outputs.is_empty() && id.is_none() {
        return Ok(vec![Operation::Decommission { items: used }]);
    }
    let lot = lot_of(&outputs, ilmd);
    Ok(vec![Operation::Transform {
        id,
        inputs,
        outputs,
        lot,
        expiry: ilmd.expiry,
    }])
}

/// What is recalled, or recalled no more, of what an event names: all things by their names together, each lot
/// whole, and a product where it stands without an amount.
fn targets(objects: &[Thing]) -> Vec<RecallTarget> {
    let items = only(objects, |thing| {
        in_custody(thing) && !matches!(thing, Thing::Lot { .. })
    });
    let mut targets = Vec::new();
    if !items.is_empty() {
        targets.push(RecallTarget::Items(items));
    }
    for thing in objects {
        let target = match thing {
            Thing::Lot { id, .. } => Some(RecallTarget::Lot(id.clone())),
            Thing::Class { id, amount } => match id.parse::<Identifier>() {
                Ok(Identifier::Lgtin { gtin, lot, .. }) => {
                    Some(RecallTarget::Lot(LotId { gtin, lot }))
                }
                Ok(Identifier::Gtin { gtin, .. }) if amount.is_none() => {
                    Some(RecallTarget::Product(gtin))
                }
                _ => None,
            },
            _ => None,
        };
        targets.extend(target.filter(|target| !targets.contains(target)));
    }
    targets
}

fn recall(target: RecallTarget) -> Operation {
    Operation::Recall {
        target,
        reason: Text::truncated("declared recalled by a captured event"),
        instructions: Text::default(),
        collectors: List::default(),
    }
}

/// What the ledger can hold custody of.
fn in_custody(thing: &Thing) -> bool {
    !matches!(thing, Thing::Opaque(_) | Thing::Class { .. })
}

/// What can move. Where nothing can, what has a name, so that the refusal says why.
fn movable(things: &[Thing]) -> Things {
    match things.iter().any(in_custody) {
        true => only(things, in_custody),
        false => nameable(things),
    }
}

/// What can be put together, tied or attached: all but classes without a balance.
fn nameable(things: &[Thing]) -> Things {
    only(things, |thing| !matches!(thing, Thing::Class { .. }))
}

/// Those that `keep` says yes to; the caller has checked that all of them fit.
fn only(things: &[Thing], keep: impl Fn(&Thing) -> bool) -> Things {
    let mut kept = Things::default();
    for thing in things.iter().filter(|thing| keep(thing)) {
        if kept.push(thing.clone()).is_err() {
            break;
        }
    }
    kept
}

/// What a parent's text names as a thing, for events that have one.
pub fn parent(event: &Event) -> Result<Option<ThingId>, Unmapped> {
    match &event.parent {
        Some(text) => instance_id(text, "parentID"),
        None => Ok(None),
    }
}
