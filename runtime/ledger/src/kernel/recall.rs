//! Recalls of a product, a lot or a list of things. Product and lot records hold their
//! open recalls by number, so that opening one writes one leaf; a list recall writes each
//! run that it touches.

use super::slices::Slice;
use super::{Draft, Kernel, Written};
use crate::stop::{Do, overflow, refuse};
use marque_primitives::action::{Kind, Note, PartyRef, RecallId, RecallTarget, Things};
use marque_primitives::bounded::{List, Text};
use marque_primitives::gs1::Identifier;
use marque_primitives::history::{Role, Terms};
use marque_primitives::record::Recall;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing};
use marque_primitives::{Address, key};

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
        let recall = Recall {
            by: self.account(),
            target: target.clone(),
            reason: reason.clone(),
            instructions: instructions.clone(),
            collectors: accounts,
            opened: self.acting.block.time,
            lifted: None,
            acknowledged: 0,
        };
        self.state.put(&key::recall(id), &recall)?;
        self.receipt.recall = Some(id);
        self.mark(Kind::Recall, target, id, true)
    }

    /// By the account that opened it, once.
    pub(crate) fn lift(&mut self, id: RecallId) -> Do<()> {
        let Some(mut recall) = self.state.get::<Recall>("recall", &key::recall(id))? else {
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
        self.receipt.recall = Some(id);
        // The marks first: a recall that is lifted is no more seen on the things it names.
        self.mark(Kind::Lift, &recall.target, id, false)?;
        recall.lifted = Some(self.acting.block.time);
        self.state.put(&key::recall(id), &recall)
    }

    fn mark(&mut self, kind: Kind, target: &RecallTarget, id: RecallId, open: bool) -> Do<()> {
        match target {
            RecallTarget::Product(gtin) => {
                let Some(mut product) = self.state.product(*gtin)? else {
                    return refuse(
                        Invariant::UnknownProduct,
                        &format!("product {gtin} is not registered"),
                    );
                };
                self.check_brand(Some(product.brand))?;
                set(&mut product.recalls, id, open)?;
                self.state.put(&key::product(*gtin), &product)?;
                let thing = class(&Identifier::Gtin {
                    gtin: *gtin,
                    variant: None,
                })?;
                self.write_event(
                    kind,
                    Draft {
                        items: vec![thing],
                        terms: Some(Terms::Recall(id)),
                        ..Draft::default()
                    },
                )?;
                Ok(())
            }
            RecallTarget::Lot(lot_id) => self.mark_lot(kind, lot_id, id, open),
            RecallTarget::Items(items) => self.mark_items(kind, items, id, open),
        }
    }

    fn mark_lot(&mut self, kind: Kind, lot_id: &LotId, id: RecallId, open: bool) -> Do<()> {
        let mut lot = self.known_lot(lot_id)?;
        self.check_brand(lot.brand)?;
        set(&mut lot.recalls, id, open)?;
        self.state.put(&key::lot(lot_id), &lot)?;
        let thing = class(&Identifier::Lgtin {
            gtin: lot_id.gtin,
            lot: lot_id.lot,
            variant: None,
        })?;
        let written = self.write_event(
            kind,
            Draft {
                items: vec![thing.clone()],
                terms: Some(Terms::Recall(id)),
                ..Draft::default()
            },
        )?;
        self.write_lot(written, lot_id, thing, Role::Subject, None)
    }

    fn mark_items(&mut self, kind: Kind, items: &Things, id: RecallId, open: bool) -> Do<()> {
        self.check_named(items)?;
        self.check_takes(
            items,
            |thing| matches!(thing, Thing::Run { .. } | Thing::Asset(_) | Thing::Unit(_)),
            "a list recall names items, assets and units; recall a lot as a lot",
        )?;
        let slices = self.find_all(items)?;
        for slice in &slices {
            self.check_brand(slice.record.brand)?;
        }
        let written = self.write_event(
            kind,
            Draft {
                items: items.to_vec(),
                terms: Some(Terms::Recall(id)),
                ..Draft::default()
            },
        )?;
        for slice in slices {
            self.mark_slice(written, slice, id, open)?;
        }
        Ok(())
    }

    fn mark_slice(
        &mut self,
        written: Written,
        mut slice: Slice,
        id: RecallId,
        open: bool,
    ) -> Do<()> {
        set(&mut slice.record.recalls, id, open)?;
        self.write_slice(written, &mut slice, Role::Subject, None)
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

fn set<const N: usize>(recalls: &mut List<RecallId, N>, id: RecallId, open: bool) -> Do<()> {
    if !open {
        recalls.remove_sorted(&id);
        return Ok(());
    }
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
