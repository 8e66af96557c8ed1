//! Ties to documents, and declarations that a recorded event was an error.

use super::{Draft, Kernel};
use crate::stop::Do;
use marque_primitives::action::{Kind, Things};
use marque_primitives::history::Terms;
use marque_primitives::record::KnownEvent;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{ThingId, Uri};
use marque_primitives::{Hash, key};

impl Kernel<'_, '_> {
    /// Ties things to the documents in the evidence, or ends the tie; never custody.
    pub(crate) fn link(
        &mut self,
        items: &Things,
        parent: Option<&ThingId>,
        unlink: bool,
    ) -> Do<()> {
        if self
            .detail
            .open()
            .is_none_or(|open| open.documents.is_empty())
        {
            let refusal = Refusal::kernel(Invariant::Shape, "a tie needs a document");
            return Err(refusal.field("documents").into());
        }
        let draft = Draft {
            terms: unlink.then_some(Terms::Unlink),
            ..Draft::default()
        };
        self.record_sighting(Kind::Link, items, parent, draft)
            .map(drop)
    }

    /// Marks a recorded event as an error. The event stays, and state is mended by new
    /// actions alone.
    pub(crate) fn declare_error(
        &mut self,
        event: &Hash,
        event_id: Option<&Uri>,
        terms: Option<Terms>,
    ) -> Do<()> {
        let own = key::event(event, &self.account());
        let Some(mut known) = self.state.get::<KnownEvent>("event", &own)? else {
            let others = !self.state.under(&key::events(event), 1)?.is_empty();
            let (invariant, message) = if others {
                (
                    Invariant::OutOfScope,
                    "the event was recorded for another account, which alone declares it an error",
                )
            } else {
                (
                    Invariant::UnknownEvent,
                    "no recorded event has that hash: what is declared an error is recorded first",
                )
            };
            return Err(Refusal::kernel(invariant, message).field("event").into());
        };
        if event_id.is_some() && known.event_id.as_ref() != event_id {
            let refusal = Refusal::kernel(
                Invariant::UnknownEvent,
                "the recorded event of that hash has another id",
            );
            return Err(refusal.field("eventId").into());
        }
        let draft = Draft {
            terms,
            ..Draft::default()
        };
        let written = self.write_event(Kind::DeclareError, draft)?;
        let digest = self
            .capture
            .as_ref()
            .and_then(|capture| capture.declaration.as_ref())
            .map(|d| d.digest);
        known.declared = Some((written.position, digest.unwrap_or(Hash::ZERO)));
        self.state.put(&own, &known)
    }
}
