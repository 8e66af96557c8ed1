//! What a key may sign for its account.

use crate::state::State;
use crate::stop::{Do, refuse};
use marque_primitives::action::{
    Action, ContractAction, Kind, LicenceKey, Operation, RecallId, RecallTarget, Registration,
    Scope, Target,
};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::gs1::Gtin;
use marque_primitives::key;
use marque_primitives::record::{Contents, Recall};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, Thing, ThingId};

/// Refuses an action that the scope does not cover.
pub(crate) fn check(state: &mut State<'_>, scope: &Scope, action: &Action) -> Do<()> {
    check_kind(scope, action.kind())?;
    match action {
        Action::Intent(operation, detail) => {
            check_products(state, scope, operation)?;
            check_places(scope, detail)
        }
        Action::Fact(report) => {
            if report.capture.declaration.is_some() {
                check_kind(scope, Kind::DeclareError)?;
                check_unbound(scope.products.is_some(), "products", "declare errors")?;
            }
            for operation in &report.attempts {
                check_kind(scope, operation.kind())?;
                check_products(state, scope, operation)?;
            }
            check_things(state, scope, &report.items)?;
            check_places(scope, &report.detail)
        }
        Action::Registry(registration) => check_registration(state, scope, registration),
        Action::Contract(action) => check_contract(scope, action),
    }
}

fn check_kind(scope: &Scope, kind: Kind) -> Do<()> {
    match &scope.kinds {
        Some(kinds) if !kinds.contains(&kind) => {
            out(&format!("the key may not sign {}", kind.name()), "kinds")
        }
        _ => Ok(()),
    }
}

/// What names no product, or no place, is beyond a key that is bound to some.
fn check_unbound(bound: bool, field: &str, deed: &str) -> Do<()> {
    if bound {
        return out(
            &format!("a key for some {field} alone may not {deed}"),
            field,
        );
    }
    Ok(())
}

fn check_registration(state: &mut State<'_>, scope: &Scope, registration: &Registration) -> Do<()> {
    // What a key grants is bounded by its own scope (`check_grant`).
    if let Registration::AuthorizeKey { .. } | Registration::RevokeKey { .. } = registration {
        if scope.administer {
            return Ok(());
        }
        return out("only an administer key changes keys", "administer");
    }
    check_unbound(scope.places.is_some(), "places", "register")?;
    match registration {
        Registration::RegisterProduct { gtin, .. }
        | Registration::Appoint { gtin, .. }
        | Registration::License {
            key: LicenceKey::Product(gtin),
            ..
        }
        | Registration::GrantObserver {
            gtin: Some(gtin), ..
        } => check_product(scope, *gtin),
        Registration::Acknowledge { recall, .. } => check_recall(state, scope, *recall),
        _ => check_unbound(scope.products.is_some(), "products", "register this"),
    }
}

/// A key whose messages are named sends those and does nothing else with contracts.
fn check_contract(scope: &Scope, action: &ContractAction) -> Do<()> {
    let Some(messages) = &scope.messages else {
        let deed = "deploy contracts or send messages that it does not name";
        check_unbound(scope.products.is_some(), "products", deed)?;
        return check_unbound(scope.places.is_some(), "places", deed);
    };
    match action {
        ContractAction::Message { name, .. } if messages.contains(name) => Ok(()),
        ContractAction::Message { name, .. } => out(
            &format!("the key may not send the message {name}"),
            "messages",
        ),
        ContractAction::Store { .. }
        | ContractAction::Deploy { .. }
        | ContractAction::Upgrade { .. } => out(
            "the key may send messages, not deploy contracts",
            "messages",
        ),
    }
}

/// Whether a scope grants nothing beyond another.
pub(crate) fn within(inner: &Scope, outer: &Scope) -> bool {
    fn subset<T: PartialEq>(inner: Option<&[T]>, outer: Option<&[T]>) -> bool {
        match (inner, outer) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(inner), Some(outer)) => inner.iter().all(|one| outer.contains(one)),
        }
    }
    let sooner = match (inner.expires, outer.expires) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(inner), Some(outer)) => inner <= outer,
    };
    (outer.administer || !inner.administer)
        && sooner
        && subset(inner.kinds.as_deref(), outer.kinds.as_deref())
        && subset(inner.messages.as_deref(), outer.messages.as_deref())
        && subset(inner.products.as_deref(), outer.products.as_deref())
        && subset(inner.places.as_deref(), outer.places.as_deref())
}

fn check_products(state: &mut State<'_>, scope: &Scope, operation: &Operation) -> Do<()> {
    if scope.products.is_none() {
        return Ok(());
    }
    match operation {
        Operation::Unpack { parent, children } if children.is_empty() => {
            check_holder(state, scope, parent)
        }
        Operation::Dissociate { children, .. } if children.is_empty() => out(
            "the key may detach only things of its products; name them",
            "products",
        ),
        Operation::Recall { target, .. } | Operation::LiftOf { target } => {
            check_target(state, scope, target)
        }
        Operation::EndHold {
            target: Target::Lot(id),
        } => check_product(scope, id.gtin),
        Operation::Lift { recall } => check_recall(state, scope, *recall),
        Operation::DeclareError { .. } => check_unbound(true, "products", "declare errors"),
        named => check_things(state, scope, named.things()),
    }
}

/// A recall that is not there is the kernel's to refuse.
fn check_recall(state: &mut State<'_>, scope: &Scope, recall: RecallId) -> Do<()> {
    if scope.products.is_none() {
        return Ok(());
    }
    let open: Option<Recall> = state.get("recall", &key::recall(recall))?;
    open.map_or(Ok(()), |open| check_target(state, scope, &open.target))
}

fn check_target(state: &mut State<'_>, scope: &Scope, target: &RecallTarget) -> Do<()> {
    match target {
        RecallTarget::Product(gtin) => check_product(scope, *gtin),
        RecallTarget::Lot(id) => check_product(scope, id.gtin),
        RecallTarget::Items(items) => check_things(state, scope, items),
    }
}

fn check_things<'t>(
    state: &mut State<'_>,
    scope: &Scope,
    things: impl IntoIterator<Item = &'t Thing>,
) -> Do<()> {
    if scope.products.is_none() {
        return Ok(());
    }
    for thing in things {
        match thing {
            Thing::Run { run, .. } => {
                if let Line::Product(gtin) = run.line() {
                    check_product(scope, gtin)?;
                }
            }
            Thing::Lot { id, .. } => check_product(scope, id.gtin)?,
            Thing::Asset(_) | Thing::Unit(_) | Thing::Opaque(_) | Thing::Class { .. } => {}
        }
        if let Some(id) = thing.id() {
            check_holder(state, scope, &id)?;
        }
    }
    Ok(())
}

/// What a unit holds moves with it, so that the key has to cover that too.
fn check_holder(state: &mut State<'_>, scope: &Scope, id: &ThingId) -> Do<()> {
    let contents: Option<Contents> = state.get("contents", &key::contents(id))?;
    for line in contents.iter().flat_map(|contents| contents.lines.iter()) {
        if let Line::Product(gtin) = line.line {
            check_product(scope, gtin)?;
        }
    }
    Ok(())
}

fn check_product(scope: &Scope, gtin: Gtin) -> Do<()> {
    if scope
        .products
        .as_ref()
        .is_some_and(|products| !products.contains(&gtin))
    {
        return out(
            &format!("the key may not sign for product {gtin}"),
            "products",
        );
    }
    Ok(())
}

/// Where it was seen is one of the key's places, and where it is thereafter is none other.
fn check_places(scope: &Scope, detail: &Detail) -> Do<()> {
    let Some(places) = &scope.places else {
        return Ok(());
    };
    let covers = |place: &Place| matches!(place, Place::Gln { gln, .. } if places.contains(gln));
    if detail.place.as_ref().is_some_and(covers) && detail.location.as_ref().is_none_or(covers) {
        return Ok(());
    }
    out("the key may sign only at its places", "place")
}

fn out<T>(message: &str, field: &str) -> Do<T> {
    Err(Refusal::kernel(Invariant::OutOfScope, message)
        .field(field)
        .into())
}

/// Keys are changed with a key whose own scope covers what is granted.
pub(crate) fn check_grant(own: Option<&Scope>, granted: &Scope) -> Do<()> {
    match own {
        Some(own) if !within(granted, own) => refuse(
            Invariant::OutOfScope,
            "a key grants nothing beyond its own scope",
        ),
        _ => Ok(()),
    }
}
