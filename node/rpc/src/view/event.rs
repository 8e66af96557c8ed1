//! Events and refusals.

use marque_chain::reads;
use marque_client::api::{Event, Refused};

pub(crate) fn event(at: reads::EventAt) -> Event {
    let reads::EventAt {
        position,
        hash,
        event,
        declared,
    } = at;
    Event {
        position,
        hash,
        height: event.height,
        recorded: event.recorded,
        transaction: event.transaction,
        action: event.action,
        kind: event.kind,
        signer: event.signer,
        account: event.account,
        from: event.from,
        to: event.to,
        what: event.what,
        items: event.items.into_vec(),
        parent: event.parent,
        terms: event.terms,
        withheld: event.withheld,
        late: event.late,
        claim: event.claim,
        decided: event.decided,
        detail: event.detail,
        capture: event.capture,
        declared,
    }
}

pub(crate) fn refused(refused: reads::Refused) -> Refused {
    Refused {
        transaction: refused.transaction,
        height: refused.height,
        time: refused.recorded,
        account: refused.account,
        signer: refused.signer,
        action: refused.action,
        kind: refused.kind,
        refusal: refused.refusal,
    }
}
