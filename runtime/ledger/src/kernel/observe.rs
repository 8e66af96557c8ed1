//! Sightings, checks and measurements. The custodian and its observers write into a
//! thing's own history; everyone else's sightings stand beside it. Things that were never
//! commissioned here get an external record.

use super::moved::{Moved, MovedSlice, apply};
use super::slices::Slice;
use super::standing::{Effective, Standing};
use super::{Draft, Kernel};
use crate::rules::Question;
use crate::stop::Do;
use marque_abi::movement::Part;
use marque_primitives::TimeMs;
use marque_primitives::action::{Kind, Things};
use marque_primitives::history::Role;
use marque_primitives::receipt::Outcome;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Thing, ThingId};

impl Kernel<'_, '_> {
    /// Writes a sighting down; `withheld` says why it is not more than that.
    pub(crate) fn observe(
        &mut self,
        items: &Things,
        parent: Option<&ThingId>,
        withheld: Option<Refusal>,
    ) -> Do<()> {
        let draft = Draft {
            withheld: withheld.clone(),
            ..Draft::default()
        };
        self.record_sighting(Kind::Observe, items, parent, draft)?;
        self.receipt.outcome = Outcome::Observed(withheld);
        Ok(())
    }

    /// The work of observations and of ties to documents: the event, and an entry in each
    /// history that the account may write into. The draft says what it is beside things.
    pub(crate) fn record_sighting(
        &mut self,
        kind: Kind,
        items: &Things,
        parent: Option<&ThingId>,
        draft: Draft,
    ) -> Do<()> {
        let (own, late, ended) = self.writable(items)?;
        let beside = draft.withheld.is_some();
        // An observation that was to be more has been judged already.
        let moved = match kind {
            Kind::Observe if !beside => {
                let question = Question {
                    parent: parent.cloned(),
                    ..Question::default()
                };
                self.ask_about(kind, &question, own)?
            }
            _ => own,
        };
        let mut named = items.to_vec();
        if let Some(parent) = parent {
            let parent = Thing::from(parent.clone());
            if !named.contains(&parent) {
                named.push(parent);
            }
        }
        let withheld = draft.withheld.or_else(|| {
            ended.then(|| {
                Refusal::kernel(
                    Invariant::Decommissioned,
                    "it was seen after it had been decommissioned",
                )
            })
        });
        let draft = Draft {
            items: named,
            parent: parent.cloned(),
            withheld,
            late,
            ..draft
        };
        let written = self.write_event(kind, draft)?;
        for MovedSlice {
            mut slice,
            standing,
            effect,
            ..
        } in moved.slices
        {
            if !beside
                && standing.judgement.status != Effective::Ended
                && !late_for(&slice, &standing, self.time())
            {
                self.describe(&mut slice.record)?;
            }
            apply(&mut slice.record, &effect);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }

    /// The things into whose history the account may write, with external records for what
    /// is unknown; whether any report is late, and whether any thing has ended.
    fn writable(&mut self, items: &Things) -> Do<(Moved, bool, bool)> {
        let found = self.find(items)?;
        let mut moved = Moved::default();
        let (mut late, mut ended) = (false, false);
        for thing in &found.unknown {
            let Some(slice) = self.external(thing) else {
                continue;
            };
            let standing = self.state.standing(&slice)?;
            moved.slice(Part::Subject, slice, standing);
        }
        for slice in found.slices {
            let standing: Standing = self.state.standing(&slice)?;
            late |= late_for(&slice, &standing, self.time());
            ended |= standing.judgement.status == Effective::Ended;
            if self.may_write(&slice, &standing)? {
                moved.slice(Part::Subject, slice, standing);
            }
        }
        Ok((moved, late, ended))
    }
}

/// Whether an event at `time` is reported after a later change of custody.
fn late_for(slice: &Slice, standing: &Standing, time: TimeMs) -> bool {
    time < standing.moved(&slice.record)
}
