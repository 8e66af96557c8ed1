//! What a key may sign for its account.

use crate::stop::{Do, refuse};
use marque_primitives::action::{
    Action, ContractAction, Operation, RecallTarget, Registration, Scope, Things,
};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::gs1::Gtin;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, Thing};

/// Refuses an action that the scope does not cover.
pub(crate) fn check(scope: &Scope, action: &Action) -> Do<()> {
    let kind = action.kind();
    if scope
        .kinds
        .as_ref()
        .is_some_and(|kinds| !kinds.contains(&kind))
    {
        return out(&format!("the key may not sign {}", kind.name()), "kinds");
    }
    match action {
        Action::Intent(operation, detail) => {
            check_products(scope, operation)?;
            check_place(scope, detail)
        }
        Action::Fact(report) => {
            for operation in &report.attempts {
                if scope
                    .kinds
                    .as_ref()
                    .is_some_and(|kinds| !kinds.contains(&operation.kind()))
                {
                    return out(
                        &format!("the key may not sign {}", operation.kind().name()),
                        "kinds",
                    );
                }
                check_products(scope, operation)?;
            }
            check_things(scope, &report.items)?;
            check_place(scope, &report.detail)
        }
        Action::Registry(Registration::AuthorizeKey { .. } | Registration::RevokeKey { .. })
            if !scope.administer =>
        {
            out("only an administer key changes keys", "administer")
        }
        Action::Registry(
            Registration::RegisterProduct { gtin, .. } | Registration::Appoint { gtin, .. },
        ) => check_product(scope, *gtin),
        Action::Registry(_) => Ok(()),
        Action::Contract(ContractAction::Message { name, .. }) => {
            if scope
                .messages
                .as_ref()
                .is_some_and(|messages| !messages.contains(name))
            {
                return out(
                    &format!("the key may not send the message {name}"),
                    "messages",
                );
            }
            Ok(())
        }
        Action::Contract(_) => Ok(()),
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

fn check_products(scope: &Scope, operation: &Operation) -> Do<()> {
    match operation {
        Operation::Commission { items, .. }
        | Operation::Decommission { items }
        | Operation::Reinstate { items }
        | Operation::Offer { items, .. }
        | Operation::Accept { items }
        | Operation::Reject { items }
        | Operation::Withdraw { items }
        | Operation::Claim { items, .. }
        | Operation::Release { items }
        | Operation::Observe { items, .. }
        | Operation::Link { items, .. } => check_things(scope, items),
        Operation::Pack { children, .. }
        | Operation::Unpack { children, .. }
        | Operation::Associate { children, .. }
        | Operation::Dissociate { children, .. } => check_things(scope, children),
        Operation::Transform {
            inputs, outputs, ..
        } => {
            check_things(scope, inputs)?;
            check_things(scope, outputs)
        }
        Operation::Recall { target, .. } => match target {
            RecallTarget::Product(gtin) => check_product(scope, *gtin),
            RecallTarget::Lot(id) => check_product(scope, id.gtin),
            RecallTarget::Items(items) => check_things(scope, items),
        },
        Operation::Lift { .. } | Operation::DeclareError { .. } => Ok(()),
    }
}

fn check_things(scope: &Scope, things: &Things) -> Do<()> {
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

fn check_place(scope: &Scope, detail: &Detail) -> Do<()> {
    let Some(places) = &scope.places else {
        return Ok(());
    };
    match &detail.place {
        Some(Place::Gln { gln, .. }) if places.contains(gln) => Ok(()),
        _ => out("the key may sign only at its places", "place"),
    }
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
