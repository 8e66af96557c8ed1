//! An event as the ledger's report: what it may stand for, what it names, and when, where,
//! why and with what evidence it happened.

mod facts;
mod ilmd;
mod operations;
#[cfg(test)]
mod tests;
pub(crate) mod things;

use crate::document::Captured;
use crate::event::{Action, ErrorDeclaration, Event, EventType};
use crate::vocabulary::Term;
use crate::{Invalid, Unmapped, canonical};
use ilmd::Ilmd;
use marque_primitives::action::{self, Capture, Operation, Report};
use marque_primitives::bounded::{Bytes, List, Text};
use marque_primitives::detail::{Detail, Document, Evidence, OpenEvidence};
use marque_primitives::refusal::Invariant;
use marque_primitives::{Hash, TimeMs};
use operations::Named;
use things::{Inexact, both, place, refused, things, uri};

/// The report of a captured event.
pub fn map(captured: &Captured) -> Result<Report, Unmapped> {
    let event = captured.event.as_ref().map_err(Clone::clone)?;
    let hash = captured
        .hash
        .ok_or_else(|| Invalid::new("type", "is no event type", "use one of EPCIS 2.0"))?;
    let capture = Capture {
        event_type: event_type(event.kind),
        hash: Hash(hash.0),
        event_id: event
            .id
            .as_deref()
            .map(|id| uri(id, "eventID"))
            .transpose()?,
        declaration: event.error.as_ref().map(declaration).transpose()?,
    };
    operations::parties(event)?;
    let mut inexact = Inexact::Moves(None);
    let mut named = named(event, &mut inexact)?;
    let attempts = match &capture.declaration {
        Some(declared) => vec![Operation::DeclareError {
            event: capture.hash,
            event_id: capture.event_id.clone(),
            reason: declared.reason.clone(),
            corrective: declared.corrective.clone(),
        }],
        None => operations::attempts(event, &named, &Ilmd::read(&event.ilmd, &captured.context))?,
    };
    if let Inexact::Moves(Some(invalid)) = inexact {
        if !attempts.is_empty() && capture.declaration.is_none() {
            return Err(invalid.into());
        }
        named = self::named(event, &mut Inexact::Seen)?;
    }
    let mut report = Report {
        capture,
        attempts: List::new(attempts).map_err(|error| {
            let message = format!(
                "the event stands for {} operations, {} are the most; give each lot an event of its own",
                error.found, error.allowed
            );
            refused(Invariant::Shape, &message, "")
        })?,
        items: items(event.kind, &named)?,
        parent: named.parent,
        detail: detail(event, captured)?,
    };
    let rest = canonical::rest(captured, &report)?;
    if let Evidence::Open(evidence) = &mut report.detail.evidence {
        evidence.rest = Bytes::new(rest.into_bytes()).map_err(|error| {
            let message = format!(
                "what is kept beside the movement has {} bytes, {} are the most; put it elsewhere and refer to it by a URI",
                error.found, error.allowed
            );
            refused(Invariant::Shape, &message, "")
        })?;
    }
    Ok(report)
}

fn named(event: &Event, inexact: &mut Inexact) -> Result<Named, Unmapped> {
    let (epcs, quantities) = match event.kind {
        EventType::Aggregation | EventType::Association => ("childEPCs", "childQuantityList"),
        _ => ("epcList", "quantityList"),
    };
    let (inputs, outputs) = (&event.inputs, &event.outputs);
    Ok(Named {
        objects: things(&event.objects, epcs, quantities, inexact)?,
        inputs: things(inputs, "inputEPCList", "inputQuantityList", inexact)?,
        outputs: things(outputs, "outputEPCList", "outputQuantityList", inexact)?,
        parent: operations::parent(event)?,
    })
}

/// Everything that the event names beside its parent.
fn items(kind: EventType, named: &Named) -> Result<action::Things, Unmapped> {
    let items = match kind {
        EventType::Transformation => both(&named.inputs, &named.outputs)?,
        _ => named.objects.clone(),
    };
    Ok(List::new(items).map_err(|e| Invalid::new("epcList", "has too many", e.to_string()))?)
}

fn event_type(kind: EventType) -> action::EventType {
    match kind {
        EventType::Object => action::EventType::ObjectEvent,
        EventType::Aggregation => action::EventType::AggregationEvent,
        EventType::Association => action::EventType::AssociationEvent,
        EventType::Transaction => action::EventType::TransactionEvent,
        EventType::Transformation => action::EventType::TransformationEvent,
    }
}

fn declaration(error: &ErrorDeclaration) -> Result<action::ErrorDeclaration, Invalid> {
    let ids = error
        .corrective
        .iter()
        .map(|id| uri(id, "errorDeclaration.correctiveEventIDs"));
    Ok(action::ErrorDeclaration {
        digest: Hash(error.digest),
        time: TimeMs(error.time.ms()),
        reason: error
            .reason
            .as_ref()
            .map(|term| term_of(term, "errorDeclaration.reason"))
            .transpose()?,
        corrective: List::new(ids.collect::<Result<_, _>>()?).map_err(|e| {
            Invalid::new(
                "errorDeclaration.correctiveEventIDs",
                "are too many",
                e.to_string(),
            )
        })?,
    })
}

fn detail(event: &Event, captured: &Captured) -> Result<Detail, Unmapped> {
    let term = |term: &Option<Term>, field| term.as_ref().map(|t| term_of(t, field)).transpose();
    let moves = |name| event.step.as_ref().and_then(Term::word) == Some(name);
    let mut disposition = term(&event.disposition, "disposition")?;
    // Sent to nobody that has a number: all that is known is that it is on its way.
    let sent = event.kind == EventType::Object
        && event.action == Some(Action::Observe)
        && (moves("shipping") || moves("consigning"));
    if sent && disposition.is_none() && operations::receivers(event)?.is_empty() {
        disposition = Some(Text::truncated("in_transit"));
    }
    Ok(Detail {
        time: Some(TimeMs(event.time.ms())),
        offset: Some(event.offset),
        place: event
            .read_point
            .as_deref()
            .map(|text| place(text, "readPoint.id"))
            .transpose()?,
        location: event
            .location
            .as_deref()
            .map(|text| place(text, "bizLocation.id"))
            .transpose()?,
        step: term(&event.step, "bizStep")?,
        disposition,
        set: terms(&event.set, "persistentDisposition.set")?,
        unset: terms(&event.unset, "persistentDisposition.unset")?,
        evidence: Evidence::Open(OpenEvidence {
            facts: facts::facts(event, &captured.context),
            sensors: facts::sensors(event),
            documents: documents(event)?,
            rest: Default::default(),
        }),
    })
}

/// The word of a CBV term, the address of a private one.
pub(crate) fn term_text(term: &Term) -> &str {
    term.word().unwrap_or(term.iri())
}

fn term_of(term: &Term, field: &str) -> Result<Text<255>, Invalid> {
    Text::new(term_text(term)).map_err(|e| Invalid::new(field, "is too long", e.to_string()))
}

fn terms(terms: &[Term], field: &str) -> Result<List<Text<255>, 16>, Invalid> {
    let texts = terms
        .iter()
        .map(|term| term_of(term, field))
        .collect::<Result<Vec<_>, _>>()?;
    List::new(texts).map_err(|e| Invalid::new(field, "has too many terms", e.to_string()))
}

fn documents(event: &Event) -> Result<List<Document, 64>, Invalid> {
    let mut documents = Vec::with_capacity(event.documents.len());
    for (i, reference) in event.documents.iter().enumerate() {
        let field = format!("bizTransactionList[{i}]");
        let kind = reference
            .kind
            .as_ref()
            .map(|kind| term_of(kind, &field))
            .transpose()?;
        documents.push(Document {
            kind: kind.unwrap_or_default(),
            id: uri(&facts::document_id(&reference.id), &field)?,
        });
    }
    List::new(documents).map_err(|e| {
        Invalid::new(
            "bizTransactionList",
            "has too many documents",
            e.to_string(),
        )
    })
}
