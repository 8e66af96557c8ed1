//! What is tried next: mostly what whoever has the things may do, sometimes anything.

use super::Random;
use super::yard::{Yard, lot, pallet, things};
use crate::world::World;
use marque_primitives::action::{Operation, PartyRef, RecallTarget, Right, Things};
use marque_primitives::bounded::{List, Text};
use marque_primitives::gs1::LotNumber;

/// Whether it can be reported as past.
pub(super) fn can_be_captured(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Commission { .. }
            | Operation::Decommission { .. }
            | Operation::Offer { .. }
            | Operation::Accept { .. }
            | Operation::Claim { .. }
            | Operation::Release { .. }
            | Operation::Pack { .. }
            | Operation::Unpack { .. }
            | Operation::Observe { .. }
            | Operation::Transform { .. }
    )
}

impl Yard<'_> {
    /// Who tries what.
    pub fn attempt(&mut self, world: &mut World, random: &mut Random) -> (String, Operation) {
        if !self.recalls.is_empty() && random.one_in(8) {
            return self.recall(world, random);
        }
        let (who, operation) = match random.below(100) {
            0..11 => self.commission(random),
            11..16 => self.commission_quantity(random),
            16..44 => self.offer(world, random),
            44..73 => self.answer(world, random),
            73..76 => {
                let (_, items) = self.held(world, random);
                let what = Right::Possession;
                (self.anyone(random), Operation::Claim { items, what })
            }
            76..78 => {
                let (who, items) = self.held(world, random);
                (who, Operation::Release { items })
            }
            78..86 => {
                let (who, children) = self.held(world, random);
                let parent = self.room(world, &who, random).id();
                (who, Operation::Pack { parent, children })
            }
            86..90 => {
                let parent = pallet(random).id();
                let who = self.has(world, &parent, random);
                let children = Things::default();
                (who, Operation::Unpack { parent, children })
            }
            90..92 => {
                let (who, items) = self.held(world, random);
                let parent = None;
                (who, Operation::Observe { items, parent })
            }
            92..95 => self.transform(world, random),
            95..97 => {
                let (who, items) = self.held(world, random);
                (who, Operation::Decommission { items })
            }
            97 => {
                let (who, items) = self.held(world, random);
                (who, Operation::Reinstate { items })
            }
            _ => self.recall(world, random),
        };
        // Now and then it is someone else.
        match random.one_in(16) {
            true => (self.anyone(random), operation),
            false => (who, operation),
        }
    }

    fn commission(&mut self, random: &mut Random) -> (String, Operation) {
        let (at, (brand, _)) = self.product(random);
        let items = things(vec![self.fresh(at, random)]);
        let number = LotNumber::new(lot(random)).expect("a lot number");
        let commission = Operation::Commission {
            items,
            lot: (!random.one_in(8)).then_some(number),
            expiry: None,
            owner: None,
        };
        (brand.clone(), commission)
    }

    fn commission_quantity(&mut self, random: &mut Random) -> (String, Operation) {
        let (_, (brand, product)) = self.product(random);
        let value = (1 + random.below(50)).to_string();
        let commission = Operation::Commission {
            items: things(vec![product.quantity(lot(random), &value, None)]),
            lot: None,
            expiry: None,
            owner: None,
        };
        (brand.clone(), commission)
    }

    fn offer(&self, world: &mut World, random: &mut Random) -> (String, Operation) {
        let (who, items) = self.held(world, random);
        let others: Vec<&String> = self.parties.iter().filter(|name| **name != who).collect();
        let to = random
            .of(&others)
            .map_or(who.as_str(), |name| name.as_str());
        let what = match random.below(5) {
            0 => Right::Ownership,
            1 => Right::Both,
            _ => Right::Possession,
        };
        let offer = Operation::Offer {
            items,
            to: PartyRef::Account(world.address(to)),
            what,
            deadline: None,
        };
        (who, offer)
    }

    /// Accepts, declines or takes back one of the latest offers, mostly all of it.
    fn answer(&mut self, world: &mut World, random: &mut Random) -> (String, Operation) {
        if self.offers.is_empty() {
            return self.offer(world, random);
        }
        let at = random.below(u64::try_from(self.offers.len()).unwrap_or(1));
        let (to, from, items) = self.offers.remove(usize::try_from(at).unwrap_or(0));
        match random.below(8) {
            0 => (to, Operation::Reject { items }),
            1 => (from, Operation::Withdraw { items }),
            2 => {
                // Of several things only the first: the offer stays open for the rest.
                let part = things(items.iter().take(1).cloned().collect());
                self.offers.push((to.clone(), from, items));
                (to, Operation::Accept { items: part })
            }
            _ => (to, Operation::Accept { items }),
        }
    }

    fn transform(&mut self, world: &World, random: &mut Random) -> (String, Operation) {
        let (who, inputs) = self.held(world, random);
        let (at, _) = self.product(random);
        let outputs = things(vec![self.fresh(at, random)]);
        let number = LotNumber::new(lot(random)).expect("a lot number");
        let transform = Operation::Transform {
            id: None,
            inputs,
            outputs,
            lot: Some(number),
            expiry: None,
        };
        (who, transform)
    }

    /// Recalls something, or mostly lifts what is recalled, since a recall stops much.
    fn recall(&mut self, world: &World, random: &mut Random) -> (String, Operation) {
        if let Some((brand, target)) = self.recalls.pop() {
            return (brand, Operation::LiftOf { target });
        }
        let (_, (brand, product)) = self.product(random);
        let target = match random.below(6) {
            0 => RecallTarget::Product(product.gtin),
            1..3 => RecallTarget::Lot(product.lot(lot(random))),
            _ => RecallTarget::Items(self.held(world, random).1),
        };
        self.recalls.push((brand.clone(), target.clone()));
        let recall = Operation::Recall {
            target,
            reason: Text::truncated("a test"),
            instructions: Text::default(),
            collectors: List::default(),
        };
        (brand.clone(), recall)
    }
}
