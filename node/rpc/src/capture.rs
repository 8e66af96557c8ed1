//! One EPCIS document on its way: each event's report, who answers for it, and the signed
//! transaction that brings it.

mod order;
mod outcome;
mod signed;

use crate::context::Context;
use crate::error::RpcError;
use marque_client::api::{Capture, CaptureOutcome, CaptureTotals, CapturedEvent};
use marque_epcis::event::EventType;
use marque_epcis::{Captured, Document, Limits, Unmapped, map, merge, signer};
use marque_ledger::read;
use marque_primitives::Address;
use marque_primitives::action::{Action, Report};
use marque_primitives::gs1::Gln;
pub(crate) use signed::Signed;

/// A document, read.
pub(crate) struct Reading {
    events: Vec<Captured>,
    unresolved: Vec<String>,
}

/// What is to be done with an event.
enum Step {
    /// What became of it is known.
    Told(CapturedEvent),
    /// It is sent, and the receipt says.
    Send(CapturedEvent, Vec<u8>),
}

impl Reading {
    /// Reads a document.
    pub fn new(document: &str) -> Result<Self, RpcError> {
        let read = Document::read(document.as_bytes(), &Limits::default());
        let document = read.map_err(|error| RpcError::params("document", error.to_string()))?;
        Ok(Self {
            events: document.events,
            unresolved: document.unresolved,
        })
    }
}

/// Captures a document: what has its signed transaction is sent, one after the other.
pub(crate) async fn capture(
    context: &Context,
    reading: Reading,
    mut signed: Signed,
    given: Option<Address>,
) -> Result<Capture, RpcError> {
    let Reading { events, unresolved } = reading;
    let (events, mut reports) = mapped(events).await?;
    signed.all_named(reports.iter().flatten().flatten())?;
    let mut order: Vec<usize> = merge::order([&events])
        .into_iter()
        .map(|(_, at)| at)
        .collect();
    order::by_lane(&mut order, |at| {
        let report = reports.get(at)?.as_ref()?.as_ref().ok()?;
        signed.place(&report.capture)
    });
    let mut told: Vec<Option<CapturedEvent>> = vec![None; events.len()];
    for at in order {
        let report = reports.get_mut(at).and_then(Option::take);
        let (Some(event), Some(report)) = (events.get(at), report) else {
            continue;
        };
        let became = match step(context, event, report, &mut signed, given)? {
            Step::Told(event) => event,
            Step::Send(event, bytes) => send(context, event, bytes).await,
        };
        if let Some(place) = told.get_mut(at) {
            *place = Some(became);
        }
    }
    let events: Vec<CapturedEvent> = told.into_iter().flatten().collect();
    let mut totals = CaptureTotals::default();
    for event in &events {
        totals.count(event.outcome);
    }
    Ok(Capture {
        events,
        totals,
        unresolved,
    })
}

/// What became of an event whose transaction is sent. No trouble of the node takes away what
/// is known of the others.
async fn send(context: &Context, event: CapturedEvent, bytes: Vec<u8>) -> CapturedEvent {
    let pending = match context.chain().send(bytes) {
        Ok(pending) => pending,
        Err(error) => return outcome::not_taken(event, &error.into()),
    };
    let (id, patience) = (pending.id(), context.config.receipt_patience);
    match tokio::time::timeout(patience, pending.receipt()).await {
        Ok(Ok(receipt)) => outcome::receipt(event, &receipt),
        Ok(Err(error)) => outcome::not_taken(event, &error.into()),
        Err(_) => {
            let event = CapturedEvent {
                tx: Some(id),
                ..event
            };
            outcome::not_taken(event, &RpcError::StillWaiting { id, patience })
        }
    }
}

/// Each event's report; taken where it is used.
type Reports = Vec<Option<Result<Report, Unmapped>>>;

/// One event may name 100,000 things, which would keep others waiting.
async fn mapped(events: Vec<Captured>) -> Result<(Vec<Captured>, Reports), RpcError> {
    let mapping = tokio::task::spawn_blocking(move || {
        let reports = events.iter().map(|event| Some(map::map(event))).collect();
        (events, reports)
    });
    mapping.await.map_err(|_| RpcError::Stopped)
}

fn step(
    context: &Context,
    event: &Captured,
    report: Result<Report, Unmapped>,
    signed: &mut Signed,
    given: Option<Address>,
) -> Result<Step, RpcError> {
    let blank = blank(event);
    let report = match report {
        Ok(report) => report,
        Err(unmapped) => return Ok(Step::Told(outcome::unmapped(blank, &unmapped))),
    };
    if let Some(transaction) = signed.take(&report.capture) {
        if transaction.report != report {
            return Ok(Step::Told(outcome::differs(blank)));
        }
        return Ok(Step::Send(blank, transaction.bytes));
    }
    Ok(Step::Told(match account(context, event, given)? {
        Ok(account) if known(context, &report, &account)? => CapturedEvent {
            outcome: CaptureOutcome::Duplicate,
            ..blank
        },
        Ok(account) => outcome::pending(blank, account, Action::Fact(report)),
        Err(numbers) => outcome::nobody(blank, &numbers),
    }))
}

/// What names an event, its outcome still open.
fn blank(event: &Captured) -> CapturedEvent {
    CapturedEvent {
        event_id: event.id.clone(),
        hash: event.hash.as_ref().map(ToString::to_string),
        kind: EventType::of(&event.raw, &event.context).map(|kind| kind.name().to_owned()),
        outcome: CaptureOutcome::Pending,
        reason: None,
        message: None,
        field: None,
        remedy: None,
        tx: None,
        account: None,
        action: None,
    }
}

/// Whether the account recorded the event before: the same hash, and the same declaration if
/// it is one.
fn known(context: &Context, report: &Report, account: &Address) -> Result<bool, RpcError> {
    let reader = context.reader()?;
    let Some(known) = read::known_event(reader.view(), &report.capture.hash, account)? else {
        return Ok(false);
    };
    Ok(match &report.capture.declaration {
        None => true,
        Some(declaration) => known
            .declared
            .is_some_and(|(_, digest)| digest == declaration.digest),
    })
}

/// The account that answers for an event, or the numbers that it names and nobody registered.
fn account(
    context: &Context,
    event: &Captured,
    given: Option<Address>,
) -> Result<Result<Address, Vec<Gln>>, RpcError> {
    let Ok(read) = &event.event else {
        return Ok(Err(Vec::new()));
    };
    let candidates = signer::candidates(read, None).unwrap_or_default();
    let reader = context.reader()?;
    for candidate in &candidates {
        if let Some(account) = read::location(reader.view(), &candidate.gln)? {
            return Ok(Ok(account));
        }
    }
    Ok(given.ok_or_else(|| candidates.iter().map(|candidate| candidate.gln).collect()))
}
