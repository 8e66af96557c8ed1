//! What is tried next: mostly what whoever has the things may do, sometimes anything.

use super::{Attempt, Random};
use crate::goods::{Pallet, Product, amount};
use crate::world::World;
use marque_ledger::read;
use marque_primitives::Address;
use marque_primitives::action::{Operation, PartyRef, RecallTarget, Right, Things};
use marque_primitives::bounded::{List, Text};
use marque_primitives::gs1::LotNumber;
use marque_primitives::thing::{Thing, ThingId};

/// Offers that answers pick from: the latest ones.
const OFFERS: usize = 24;
/// Serials that are picked from: the newest of a product.
const NEWEST: u64 = 40;
const PALLETS: u64 = 12;
/// How often something that can move is looked for.
const LOOKS: u64 = 8;
const LOTS: [&str; 3] = ["A", "B", "C"];

/// What movements pick from.
pub(super) struct Yard<'t> {
    parties: &'t [String],
    products: &'t [(String, Product)],
    /// The next serial of each product.
    next: Vec<u64>,
    /// Receiver, giver and things of the latest offers.
    offers: Vec<(String, String, Things)>,
    /// What brands were to recall and have not lifted.
    recalls: Vec<(String, RecallTarget)>,
}

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

fn things(items: Vec<Thing>) -> Things {
    List::new(items).expect("few things")
}

fn lot(random: &mut Random) -> &'static str {
    random.of(&LOTS).copied().unwrap_or("A")
}

impl<'t> Yard<'t> {
    pub fn new(parties: &'t [String], products: &'t [(String, Product)]) -> Self {
        Self {
            parties,
            products,
            next: vec![1; products.len()],
            offers: Vec::new(),
            recalls: Vec::new(),
        }
    }

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

    /// Remembers what others can answer.
    pub fn note(&mut self, world: &World, attempt: &Attempt) {
        let opened = |attempt: &Attempt| attempt.done()?.action().offer;
        if let (Some(Operation::Offer { items, to, .. }), Some(_)) =
            (&attempt.operation, opened(attempt))
            && let PartyRef::Account(to) = to
            && let Some(to) = world.name_of(*to)
        {
            self.offers.push((to, attempt.by.clone(), items.clone()));
            if self.offers.len() > OFFERS {
                self.offers.remove(0);
            }
        }
    }

    fn anyone(&self, random: &mut Random) -> String {
        random.of(self.parties).cloned().unwrap_or_default()
    }

    fn product(&self, random: &mut Random) -> (usize, &'t (String, Product)) {
        let at = random.below(u64::try_from(self.products.len()).unwrap_or(1));
        let at = usize::try_from(at).unwrap_or(0);
        let product = self.products.get(at).or(self.products.first());
        (at, product.expect("a product"))
    }

    /// Fresh items of a product, or now and then some that may be there already.
    fn fresh(&mut self, at: usize, random: &mut Random) -> Thing {
        let (_, product) = self.products.get(at).expect("a product");
        let next = self.next.get_mut(at).expect("a product");
        let count = 1 + random.below(10);
        if random.one_in(10) {
            return product.items(1 + random.below(*next), count);
        }
        let first = *next;
        *next += count;
        product.items(first, count)
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

    /// Things that mostly are there and free to move, and who has the first of them.
    fn held(&self, world: &World, random: &mut Random) -> (String, Things) {
        let count = if random.one_in(6) { 2 } else { 1 };
        let mut who = None;
        let mut named = Vec::new();
        for _ in 0..count {
            let (has, thing) = self.thing(world, random);
            who = who.or(has);
            named.push(thing);
        }
        let who = who.and_then(|has| world.name_of(has));
        (who.unwrap_or_else(|| self.anyone(random)), things(named))
    }

    /// Something, and who has it. Of a few that are looked at, the first that can move, or
    /// else the last.
    fn thing(&self, world: &World, random: &mut Random) -> (Option<Address>, Thing) {
        let mut found = self.any_thing(world, random);
        for _ in 0..LOOKS {
            if found.2 {
                break;
            }
            found = self.any_thing(world, random);
        }
        (found.0, found.1)
    }

    /// Who has it, what it is, and whether it can move.
    fn any_thing(&self, world: &World, random: &mut Random) -> (Option<Address>, Thing, bool) {
        let (at, (_, product)) = self.product(random);
        match random.below(10) {
            0..6 => {
                let next = self.next.get(at).copied().unwrap_or(1);
                let from = next.saturating_sub(1 + random.below(NEWEST)).max(1);
                let count = 1 + random.below(5);
                let (has, free) = self.stands(world, &product.item(from));
                (has, product.items(from, count), free)
            }
            6..8 => {
                let id = product.lot(lot(random));
                let value = (1 + random.below(20)).to_string();
                let balances = read::balances(world.state(), &id).expect("memory");
                let holding = random.of(&balances).map(|balance| &balance.holding);
                let free = holding.is_some_and(|h| h.offer.is_none() && h.parent.is_none());
                let has = holding.and_then(|holding| holding.custodian);
                let amount = amount(&value, None);
                (has, Thing::Lot { id, amount }, free)
            }
            _ => {
                let pallet = pallet(random);
                let (has, free) = self.stands(world, &pallet.id());
                (has, pallet.thing(), free)
            }
        }
    }

    /// Who has a thing, and whether it can move.
    fn stands(&self, world: &World, id: &ThingId) -> (Option<Address>, bool) {
        let Some((record, standing)) = world.standing(id) else {
            return (None, false);
        };
        let bound = record.ended || record.offer.is_some() || record.parent.is_some();
        (standing.custodian, !bound && standing.custodian.is_some())
    }

    /// A pallet that a party has or nobody has yet, as long as one is found.
    fn room(&self, world: &World, who: &str, random: &mut Random) -> Pallet {
        let mut found = pallet(random);
        for _ in 0..LOOKS {
            let (has, free) = self.stands(world, &found.id());
            let own = has.and_then(|has| world.name_of(has));
            if own.is_none_or(|own| own == who && free) {
                break;
            }
            found = pallet(random);
        }
        found
    }

    fn has(&self, world: &World, id: &ThingId, random: &mut Random) -> String {
        let name = world.custodian(id).and_then(|has| world.name_of(has));
        name.unwrap_or_else(|| self.anyone(random))
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

fn pallet(random: &mut Random) -> Pallet {
    Pallet::new(1 + random.below(PALLETS))
}
