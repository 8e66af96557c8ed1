//! How a thing stands: who has it and what state it is in, its lot, product and parents
//! counted in.

use super::slices::Slice;
use crate::LedgerError;
use crate::state::State;
use crate::stop::Do;
use marque_primitives::action::RecallId;
use marque_primitives::gs1::{Gtin, LotNumber};
use marque_primitives::record::{LotRecord, Product, Record, Status};
use marque_primitives::thing::{Line, LotId, ThingId};
use marque_primitives::{Address, TimeMs, key};

/// How many units may stand inside one another.
pub(crate) const MAX_NESTING: usize = 8;

/// The effective status, from best to worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effective {
    /// Moves freely.
    Active,
    /// Held until released.
    Quarantined,
    /// Called back.
    Recalled,
    /// Decommissioned or used up.
    Ended,
}

/// What gives a thing its effective status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// Its own record.
    Own,
    /// Its lot.
    Lot,
    /// Its product.
    Product,
    /// A unit that holds it.
    Parent(ThingId),
}

/// An effective status with its source and the recalls behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The worst of all that counts.
    pub status: Effective,
    /// Which of them it is; the nearest where several are as bad.
    pub source: Source,
    /// The nearest that is held, whatever is worse: a recall ends no hold.
    pub held: Option<Source>,
    /// Open recalls, of the thing and of all that it counts with.
    pub recalls: Vec<RecallId>,
}

/// A thing and everything that it stands in.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What holds it, from the inside out.
    pub parents: Vec<(ThingId, Record)>,
    /// Who has it: the outermost parent's custodian.
    pub custodian: Option<Address>,
    /// Who owns it: its parent's owner where it follows its parent.
    pub owner: Option<Address>,
    /// Its status.
    pub judgement: Judgement,
}

impl Judgement {
    fn active() -> Self {
        Self {
            status: Effective::Active,
            source: Source::Own,
            held: None,
            recalls: Vec::new(),
        }
    }

    /// What of it stops movements, recalls apart.
    pub(crate) fn stops(&self) -> Status {
        match (self.status, &self.held) {
            (Effective::Ended, _) => Status::Ended,
            (_, Some(_)) => Status::Quarantined,
            (_, None) => Status::Active,
        }
    }

    pub(crate) fn hold(&mut self, source: Source) {
        self.count(Effective::Quarantined, source.clone());
        self.held.get_or_insert(source);
    }

    /// Takes in what is said of something that it stands in.
    fn join(&mut self, other: Self, at: impl Fn(Source) -> Source) {
        self.recalls.extend(other.recalls);
        self.count(other.status, at(other.source));
        if let Some(source) = other.held {
            self.held.get_or_insert(at(source));
        }
    }

    fn count(&mut self, status: Effective, source: Source) {
        if status > self.status {
            self.status = status;
            self.source = source;
        }
    }

    fn own(&mut self, record: &Record) {
        self.recall(&record.recalls, Source::Own);
        if !record.holders.is_empty() {
            self.hold(Source::Own);
        }
        if record.ended {
            self.count(Effective::Ended, Source::Own);
        }
    }

    fn recall(&mut self, recalls: &[RecallId], source: Source) {
        if !recalls.is_empty() {
            self.recalls.extend_from_slice(recalls);
            self.count(Effective::Recalled, source);
        }
    }
}

impl State<'_> {
    pub(crate) fn product(&mut self, gtin: Gtin) -> Do<Option<Product>> {
        self.get("product", &key::product(gtin))
    }

    pub(crate) fn lot(&mut self, id: &LotId) -> Do<Option<LotRecord>> {
        self.get("lot", &key::lot(id))
    }

    /// The units that hold a thing, from the inside out.
    pub(crate) fn parents(&mut self, parent: Option<&ThingId>) -> Do<Vec<(ThingId, Record)>> {
        let mut parents = Vec::new();
        let mut next = parent.cloned();
        // Packing keeps the nesting within its bound, so that this ends.
        while let Some(id) = next {
            if parents.len() > MAX_NESTING {
                return Err(LedgerError::Damaged { what: "record" }.into());
            }
            let Some(Slice { record, .. }) = self.slice(&id)? else {
                return Err(LedgerError::Damaged { what: "record" }.into());
            };
            next = record.parent.clone();
            parents.push((id, record));
        }
        Ok(parents)
    }

    /// What a product's and lot's recalls and quarantines mean for what was cleared from
    /// quarantine `cleared` of the lot.
    pub(crate) fn judge_line(
        &mut self,
        line: Line,
        lot: Option<LotNumber>,
        cleared: u32,
    ) -> Do<Judgement> {
        let mut judgement = Judgement::active();
        let Line::Product(gtin) = line else {
            return Ok(judgement);
        };
        if let Some(lot) = lot
            && let Some(lot) = self.lot(&LotId { gtin, lot })?
        {
            judgement.recall(&lot.recalls, Source::Lot);
            if lot.status == Status::Quarantined && cleared != lot.quarantines {
                judgement.hold(Source::Lot);
            }
        }
        if let Some(product) = self.product(gtin)? {
            judgement.recall(&product.recalls, Source::Product);
        }
        Ok(judgement)
    }

    /// The status of a record by itself, its lot and its product.
    fn judge_record(&mut self, id: &ThingId, record: &Record) -> Do<Judgement> {
        let mut judgement = Judgement::active();
        judgement.own(record);
        if let ThingId::Item { line, .. } = id {
            let of_line = self.judge_line(*line, record.lot, record.cleared)?;
            judgement.join(of_line, |source| source);
        }
        Ok(judgement)
    }

    /// How a slice stands.
    pub(crate) fn standing(&mut self, slice: &Slice) -> Do<Standing> {
        let parents = self.parents(slice.record.parent.as_ref())?;
        let mut judgement = self.judge_record(&slice.first, &slice.record)?;
        let mut owner = slice.record.owner;
        let mut follows = slice.record.owned_with_parent;
        for (id, record) in &parents {
            let parent = self.judge_record(id, record)?;
            judgement.join(parent, |_| Source::Parent(id.clone()));
            if follows {
                owner = record.owner;
                follows = record.owned_with_parent;
            }
        }
        judgement.recalls.sort_unstable();
        judgement.recalls.dedup();
        let custodian = match parents.last() {
            Some((_, outermost)) => outermost.custodian,
            None => slice.record.custodian,
        };
        Ok(Standing {
            parents,
            custodian,
            owner,
            judgement,
        })
    }
}

impl Standing {
    /// The open offer on the thing or on a unit around it.
    pub(crate) fn offered(&self, record: &Record) -> bool {
        record.offer.is_some()
            || self
                .parents
                .iter()
                .any(|(_, parent)| parent.offer.is_some())
    }

    /// When custody of the thing last changed, by itself or with a unit around it.
    pub(crate) fn moved(&self, record: &Record) -> TimeMs {
        let around = self.parents.iter().map(|(_, parent)| parent.moved);
        around.fold(record.moved, TimeMs::max)
    }

    /// When the newest thing that is known of it happened, to itself or to a unit around it.
    pub(crate) fn seen(&self, record: &Record) -> TimeMs {
        let around = self.parents.iter().map(|(_, parent)| parent.seen);
        around.fold(record.seen.max(self.moved(record)), TimeMs::max)
    }
}
