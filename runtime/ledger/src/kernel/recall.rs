//! Recalls of a product, a lot or a list of things. Product and lot records hold their
//! open recalls by number, so that opening one writes one leaf; a list recall writes each
//! run that it touches.

use super::slices::{Slice, extent, offset_of};
use super::{Draft, Kernel};
use crate::stop::{Do, overflow, refuse};
use marque_primitives::action::{Kind, Note, PartyRef, RecallId, RecallTarget};
use marque_primitives::bounded::{List, Text};
use marque_primitives::gs1::{Gtin, Identifier};
use marque_primitives::history::{Role, Terms};
use marque_primitives::record::{LotRecord, MAX_RECALLS, Product, Recall};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing, ThingId};
use marque_primitives::{Address, key};
use std::collections::{BTreeMap, BTreeSet};

type Recalls = List<RecallId, MAX_RECALLS>;

/// The leaves that bear recalls of a target: its product's or lot's, or its runs.
struct Marked {
    leaf: Option<Leaf>,
    slices: Vec<Slice>,
    /// How an event names them.
    things: Vec<Thing>,
}

/// A product or lot as a whole.
enum Leaf {
    Product(Gtin, Product),
    Lot(LotId, LotRecord),
}

impl Marked {
    /// The recalls that stand on any of them.
    fn recalls(&self) -> BTreeSet<RecallId> {
        let leaf = match &self.leaf {
            Some(Leaf::Product(_, product)) => product.recalls.iter(),
            Some(Leaf::Lot(_, lot)) => lot.recalls.iter(),
            None => [].iter(),
        };
        let slices = self.slices.iter().flat_map(|slice| &slice.record.recalls);
        leaf.chain(slices).copied().collect()
    }

    fn change(&mut self, change: impl Fn(&mut Recalls) -> Do<()>) -> Do<()> {
        match &mut self.leaf {
            Some(Leaf::Product(_, product)) => change(&mut product.recalls)?,
            Some(Leaf::Lot(_, lot)) => change(&mut lot.recalls)?,
            None => {}
        }
        for slice in &mut self.slices {
            change(&mut slice.record.recalls)?;
        }
        Ok(())
    }
}

/// The things of a list recall, to be searched.
#[derive(Default)]
struct Listed(BTreeMap<Vec<u8>, (ThingId, u64)>);

impl Listed {
    fn of(target: &RecallTarget) -> Self {
        let RecallTarget::Items(items) = target else {
            return Self::default();
        };
        let extents = items.iter().filter_map(extent);
        Self(extents.map(|run| (key::record(&run.0), run)).collect())
    }

    /// Whether it names a thing: a list names nothing twice, so that its runs do not overlap.
    fn has(&self, id: &ThingId) -> bool {
        let before = self.0.range(..=key::record(id)).next_back();
        before.is_some_and(|(_, (first, count))| {
            offset_of(first, id).is_some_and(|offset| offset < *count)
        })
    }
}

impl Kernel<'_, '_> {
    /// By the brand.
    pub(crate) fn recall(
        &mut self,
        target: &RecallTarget,
        reason: &Note,
        instructions: &Note,
        collectors: &List<PartyRef, 64>,
    ) -> Do<()> {
        self.state.counters.recalls = self
            .state
            .counters
            .recalls
            .checked_add(1)
            .ok_or_else(overflow)?;
        let id = RecallId(self.state.counters.recalls);
        let mut accounts: List<Address, 64> = List::default();
        for collector in collectors {
            let account = self.resolve(*collector, "collectors")?;
            accounts.insert_sorted(account).map_err(|_| overflow())?;
        }
        let mut recall = Recall {
            by: self.account(),
            target: target.clone(),
            reason: reason.clone(),
            instructions: instructions.clone(),
            collectors: accounts,
            opened: self.acting.block.time,
            lifted: None,
            acknowledged: 0,
            bearing: 0,
        };
        self.receipt.recall = Some(id);
        let mut marked = self.recallable(target)?;
        for slice in &marked.slices {
            let count = slice.record.count;
            recall.bearing = recall.bearing.checked_add(count).ok_or_else(overflow)?;
        }
        // The recall first: a mark that no open recall stands behind is not seen.
        self.state.put(&key::recall(id), &recall)?;
        marked.change(|recalls| set_recall(recalls, id))?;
        self.write_marked(Kind::Recall, marked)
    }

    /// By the account that opened it, once.
    pub(crate) fn lift(&mut self, id: RecallId) -> Do<()> {
        let Some(recall) = self.state.get::<Recall>("recall", &key::recall(id))? else {
            return refuse(
                Invariant::NotRecalling,
                &format!("there is no recall {}", id.0),
            );
        };
        if recall.by != self.account() || recall.lifted.is_some() {
            return refuse(
                Invariant::NotRecalling,
                &format!("recall {} is lifted or another brand's", id.0),
            );
        }
        let marked = self.marked(&recall.target)?;
        self.unmark(marked, BTreeMap::from([(id, recall)]))
    }

    /// By the account that opened them: ends its recalls of what is named, whatever their
    /// numbers. Of a list recall that names more, the rest stays.
    pub(crate) fn lift_of(&mut self, target: &RecallTarget) -> Do<()> {
        let marked = self.marked(target)?;
        let mut own = BTreeMap::new();
        for id in marked.recalls() {
            let recall: Option<Recall> = self.state.get("recall", &key::recall(id))?;
            if let Some(recall) =
                recall.filter(|recall| recall.by == self.account() && recall.lifted.is_none())
            {
                own.insert(id, recall);
            }
        }
        if own.is_empty() {
            return refuse(
                Invariant::NotRecalling,
                "no recall of yours names it; name its lot or product",
            );
        }
        self.unmark(marked, own)
    }

    /// Takes recalls from what bears them, and closes those that nothing of their own bears.
    fn unmark(&mut self, mut marked: Marked, mut recalls: BTreeMap<RecallId, Recall>) -> Do<()> {
        if recalls.len() == 1 {
            self.receipt.recall = recalls.keys().next().copied();
        }
        let borne = |slice: &Slice| recalls.keys().any(|id| slice.record.recalls.contains(id));
        marked.slices.retain(borne);
        for (id, recall) in &mut recalls {
            let listed = Listed::of(&recall.target);
            for slice in &marked.slices {
                if slice.record.recalls.contains(id) && listed.has(&slice.first) {
                    recall.bearing = recall.bearing.saturating_sub(slice.record.count);
                }
            }
        }
        marked.change(|open| {
            open.retain(|id| !recalls.contains_key(id));
            Ok(())
        })?;
        // The marks first: a recall that is lifted is no more seen on what it names.
        self.write_marked(Kind::Lift, marked)?;
        for (id, mut recall) in recalls {
            if recall.bearing == 0 {
                recall.lifted = Some(self.acting.block.time);
            }
            self.state.put(&key::recall(id), &recall)?;
        }
        Ok(())
    }

    /// What a recall of the target would mark, by its brand.
    fn recallable(&mut self, target: &RecallTarget) -> Do<Marked> {
        let marked = self.marked(target)?;
        let leaf = match &marked.leaf {
            Some(Leaf::Product(_, product)) => Some(Some(product.brand)),
            Some(Leaf::Lot(_, lot)) => Some(lot.brand),
            None => None,
        };
        let slices = marked.slices.iter().map(|slice| slice.record.brand);
        for brand in leaf.into_iter().chain(slices) {
            self.check_brand(brand)?;
        }
        Ok(marked)
    }

    /// The leaves that bear recalls of a target.
    fn marked(&mut self, target: &RecallTarget) -> Do<Marked> {
        let (leaf, slices, things) = match target {
            RecallTarget::Product(gtin) => {
                let Some(product) = self.state.product(*gtin)? else {
                    return refuse(
                        Invariant::UnknownProduct,
                        &format!("product {gtin} is not registered"),
                    );
                };
                let name = class(&Identifier::Gtin {
                    gtin: *gtin,
                    variant: None,
                })?;
                (Some(Leaf::Product(*gtin, product)), Vec::new(), vec![name])
            }
            RecallTarget::Lot(id) => {
                let lot = self.known_lot(id)?;
                let name = class(&Identifier::Lgtin {
                    gtin: id.gtin,
                    lot: id.lot,
                    variant: None,
                })?;
                (Some(Leaf::Lot(id.clone(), lot)), Vec::new(), vec![name])
            }
            RecallTarget::Items(items) => {
                self.check_named(items)?;
                self.check_takes(
                    items,
                    |thing| matches!(thing, Thing::Run { .. } | Thing::Asset(_) | Thing::Unit(_)),
                    "a list recall names items, assets and units; recall a lot as a lot",
                )?;
                (None, self.find_all(items)?, items.to_vec())
            }
        };
        Ok(Marked {
            leaf,
            slices,
            things,
        })
    }

    /// Writes the event, and the leaves as they are now marked.
    fn write_marked(&mut self, kind: Kind, marked: Marked) -> Do<()> {
        let things = marked.things;
        let draft = Draft {
            items: things.clone(),
            terms: self.receipt.recall.map(Terms::Recall),
            ..Draft::default()
        };
        let written = self.write_event(kind, draft)?;
        match marked.leaf {
            Some(Leaf::Product(gtin, product)) => {
                self.state.put(&key::product(gtin), &product)?;
            }
            Some(Leaf::Lot(id, lot)) => {
                self.state.put(&key::lot(&id), &lot)?;
                for thing in things {
                    self.write_lot(written, &id, thing, Role::Subject, None)?;
                }
            }
            None => {}
        }
        for mut slice in marked.slices {
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        Ok(())
    }

    fn check_brand(&self, brand: Option<Address>) -> Do<()> {
        if brand == Some(self.account()) {
            return Ok(());
        }
        Err(Refusal::kernel(
            Invariant::NotLicensed,
            "only the brand recalls its products",
        )
        .field("target")
        .into())
    }
}

/// Adds a recall to those that stand on something.
pub(crate) fn set_recall(recalls: &mut Recalls, id: RecallId) -> Do<()> {
    match recalls.insert_sorted(id) {
        Ok(_) => Ok(()),
        Err(_) => refuse(
            Invariant::Shape,
            "sixteen recalls are open on it already; lift one first",
        ),
    }
}

fn class(id: &Identifier) -> Do<Thing> {
    let id = Text::new(id.to_canonical()).map_err(|_| overflow())?;
    Ok(Thing::Class { id, amount: None })
}
