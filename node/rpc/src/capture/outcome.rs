//! What became of an event, with the reason.

use crate::error::RpcError;
use marque_client::api::{CaptureOutcome, CapturedEvent};
use marque_epcis::Unmapped;
use marque_primitives::Address;
use marque_primitives::action::Action;
use marque_primitives::gs1::Gln;
use marque_primitives::receipt::{Outcome, Receipt, Status};
use marque_primitives::refusal::Refusal;

/// Of an event that was sent.
pub(super) fn receipt(event: CapturedEvent, receipt: &Receipt) -> CapturedEvent {
    let event = CapturedEvent {
        tx: Some(receipt.transaction),
        ..event
    };
    if let Status::Refused { refusal, .. } = &receipt.status {
        return because(event, CaptureOutcome::Refused, refusal);
    }
    match receipt.actions.first().map(|action| &action.outcome) {
        Some(Outcome::Accepted) => CapturedEvent {
            outcome: CaptureOutcome::Accepted,
            ..event
        },
        Some(Outcome::Duplicate) => CapturedEvent {
            outcome: CaptureOutcome::Duplicate,
            ..event
        },
        Some(Outcome::Observed(Some(refusal))) => because(event, CaptureOutcome::Observed, refusal),
        Some(Outcome::Observed(None)) | None => CapturedEvent {
            outcome: CaptureOutcome::Observed,
            ..event
        },
    }
}

fn because(event: CapturedEvent, outcome: CaptureOutcome, refusal: &Refusal) -> CapturedEvent {
    CapturedEvent {
        outcome,
        reason: Some(refusal.name.to_string()),
        message: Some(refusal.message.to_string()),
        field: refusal.field.as_ref().map(ToString::to_string),
        remedy: refusal.remedy.as_ref().map(ToString::to_string),
        ..event
    }
}

/// Of an event whose transaction the node does not take, or not now.
pub(super) fn not_taken(event: CapturedEvent, error: &RpcError) -> CapturedEvent {
    let data = error.data();
    CapturedEvent {
        outcome: match data.retryable {
            true => CaptureOutcome::Pending,
            false => CaptureOutcome::Refused,
        },
        reason: Some(data.name),
        message: Some(error.to_string()),
        field: data.field,
        remedy: data.remedy,
        ..event
    }
}

/// Of an event that has no report.
pub(super) fn unmapped(event: CapturedEvent, unmapped: &Unmapped) -> CapturedEvent {
    match unmapped {
        Unmapped::Refused(refusal) => because(event, CaptureOutcome::Refused, refusal),
        Unmapped::Invalid(invalid) => CapturedEvent {
            outcome: CaptureOutcome::Invalid,
            reason: Some(invalid.reason.clone()),
            field: Some(invalid.field.clone()).filter(|field| !field.is_empty()),
            remedy: Some(invalid.remedy.clone()),
            ..event
        },
    }
}

/// Of an event whose signed report says something else.
pub(super) fn differs(event: CapturedEvent) -> CapturedEvent {
    CapturedEvent {
        outcome: CaptureOutcome::Refused,
        reason: Some("ReportDiffers".into()),
        message: Some("the signed report does not say what the document says".into()),
        remedy: Some("sign the action that is given for the event while it is pending".into()),
        ..event
    }
}

/// Of an event that waits for its signature.
pub(super) fn pending(event: CapturedEvent, account: Address, action: Action) -> CapturedEvent {
    CapturedEvent {
        outcome: CaptureOutcome::Pending,
        reason: Some("Unsigned".into()),
        message: Some(format!("the event is {account}'s to sign")),
        remedy: Some(
            "encode the action with tx_encode, sign it, and send the document again with it; \
             nonces follow the events' times"
                .into(),
        ),
        account: Some(account),
        action: Some(action),
        ..event
    }
}

/// Of an event for which nobody answers.
pub(super) fn nobody(event: CapturedEvent, numbers: &[Gln]) -> CapturedEvent {
    let event = CapturedEvent {
        outcome: CaptureOutcome::Refused,
        ..event
    };
    if numbers.is_empty() {
        return CapturedEvent {
            reason: Some("NoResponsibleParty".into()),
            message: Some("the event names nobody who answers for it".into()),
            remedy: Some("add a source, destination or read point with a GLN, or name the party with `party`".into()),
            ..event
        };
    }
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    CapturedEvent {
        reason: Some("UnknownParty".into()),
        message: Some(format!("none of {} is registered", numbers.join(", "))),
        remedy: Some(
            "register the party with its locations, or name the one that captures with `party`"
                .into(),
        ),
        ..event
    }
}
