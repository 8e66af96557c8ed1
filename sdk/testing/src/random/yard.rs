//! What movements pick from, and how it stands.

use super::{Attempt, Random};
use crate::goods::{Pallet, Product, amount};
use crate::world::World;
use marque_ledger::read;
use marque_primitives::Address;
use marque_primitives::action::{Operation, PartyRef, RecallTarget, Things};
use marque_primitives::bounded::List;
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
    pub(super) parties: &'t [String],
    products: &'t [(String, Product)],
    /// The next serial of each product.
    next: Vec<u64>,
    /// Receiver, giver and things of the latest offers.
    pub(super) offers: Vec<(String, String, Things)>,
    /// What brands were to recall and have not lifted.
    pub(super) recalls: Vec<(String, RecallTarget)>,
}

pub(super) fn things(items: Vec<Thing>) -> Things {
    List::new(items).expect("few things")
}

pub(super) fn lot(random: &mut Random) -> &'static str {
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

    pub(super) fn anyone(&self, random: &mut Random) -> String {
        random.of(self.parties).cloned().unwrap_or_default()
    }

    pub(super) fn product(&self, random: &mut Random) -> (usize, &'t (String, Product)) {
        let at = random.below(u64::try_from(self.products.len()).unwrap_or(1));
        let at = usize::try_from(at).unwrap_or(0);
        let product = self.products.get(at).or(self.products.first());
        (at, product.expect("a product"))
    }

    /// Fresh items of a product, or now and then some that may be there already.
    pub(super) fn fresh(&mut self, at: usize, random: &mut Random) -> Thing {
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

    /// Things that mostly are there and free to move, and who has the first of them.
    pub(super) fn held(&self, world: &World, random: &mut Random) -> (String, Things) {
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
    pub(super) fn thing(&self, world: &World, random: &mut Random) -> (Option<Address>, Thing) {
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
    pub(super) fn any_thing(
        &self,
        world: &World,
        random: &mut Random,
    ) -> (Option<Address>, Thing, bool) {
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
    pub(super) fn stands(&self, world: &World, id: &ThingId) -> (Option<Address>, bool) {
        let Some((record, standing)) = world.standing(id) else {
            return (None, false);
        };
        let bound = record.ended || record.offer.is_some() || record.parent.is_some();
        (standing.custodian, !bound && standing.custodian.is_some())
    }

    /// A pallet that a party has or nobody has yet, as long as one is found.
    pub(super) fn room(&self, world: &World, who: &str, random: &mut Random) -> Pallet {
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

    pub(super) fn has(&self, world: &World, id: &ThingId, random: &mut Random) -> String {
        let name = world.custodian(id).and_then(|has| world.name_of(has));
        name.unwrap_or_else(|| self.anyone(random))
    }
}

pub(super) fn pallet(random: &mut Random) -> Pallet {
    Pallet::new(1 + random.below(PALLETS))
}
