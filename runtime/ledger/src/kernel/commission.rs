//! Bringing things into being: items, assets, units and quantities of lots, and adopting
//! external records of the licensee's own keys.

use super::lots::{Parcel, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, hold};
use super::slices::{Slice, extent};
use super::{Draft, Kernel, Written};
use crate::rules::Question;
use crate::stop::{Do, Stop, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, PartyRef, Things};
use marque_primitives::bounded::List;
use marque_primitives::date::Date;
use marque_primitives::gs1::{Gtin, LotNumber};
use marque_primitives::history::{Head, Role, Terms};
use marque_primitives::record::{Holding, LotRecord, Product, Record, Status};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::{Address, Amount, TimeMs, key};

/// What every new thing of an action begins with.
#[derive(Clone, Copy)]
pub(crate) struct Birth {
    pub(crate) lot: Option<LotNumber>,
    pub(crate) expiry: Option<Date>,
    pub(crate) owner: Address,
}

impl Kernel<'_, '_> {
    pub(crate) fn commission(
        &mut self,
        items: &Things,
        lot: Option<&LotNumber>,
        expiry: Option<Date>,
        owner: Option<&PartyRef>,
    ) -> Do<()> {
        self.check_named(items)?;
        let owner = self.resolve_or_self(owner, "owner")?;
        let birth = Birth {
            lot: lot.copied(),
            expiry,
            owner,
        };
        let mut moved = Moved::default();
        self.begin_things(items, birth, Part::Subject, &mut moved)?;
        let question = Question {
            to: Some(owner),
            ..Question::default()
        };
        let moved = self.ask_about(Kind::Commission, &question, moved)?;
        let draft = Draft {
            to: Some(owner),
            items: born(&moved, birth.lot),
            terms: (lot.is_some() || expiry.is_some()).then_some(Terms::Birth {
                lot: lot.copied(),
                expiry,
            }),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Commission, draft)?;
        self.write_begun(written, &moved, Role::Subject)?;
        self.hold_lots(&moved.hold)
    }

    /// Prepares new records and quantities; nothing of the things themselves is written yet.
    /// What a report says was made, and the account may not make, stays external; gives back
    /// why.
    pub(crate) fn begin_things(
        &mut self,
        items: &[Thing],
        birth: Birth,
        part: Part,
        moved: &mut Moved,
    ) -> Do<Option<Refusal>> {
        let told = part == Part::Output && self.capture.is_some();
        let mut foreign: Option<Refusal> = None;
        self.check_takes(
            items,
            |thing| !matches!(thing, Thing::Opaque(_) | Thing::Class { .. }),
            "only items, assets, units and quantities of lots are commissioned",
        )?;
        let found = self.find(items)?;
        for thing in &found.unknown {
            let Some((first, count)) = extent(thing) else {
                return refuse(Invariant::NotApplicable, "it cannot be commissioned");
            };
            let record = blank(count);
            let seen = Slice { first, record };
            let begun = self.begin_record(seen.clone(), lot_of(thing), birth);
            let begun = unless_foreign(begun, told, &mut foreign)?;
            self.begin_slice(begun.unwrap_or(seen), part, moved)?;
        }
        for (slice, claimed) in found.with_claims() {
            if !slice.record.external {
                return Err(slice
                    .refusal(Invariant::AlreadyExists, "it was commissioned before")
                    .into());
            }
            let begun = self.begin_record(slice.clone(), claimed, birth);
            let begun = unless_foreign(begun, told, &mut foreign)?;
            self.begin_slice(begun.unwrap_or(slice), part, moved)?;
        }
        for (id, amount) in &quantities(items)? {
            let begun = self.new_parcel(id, amount, birth);
            if let Some(parcel) = unless_foreign(begun, told, &mut foreign)? {
                moved.parcel(part, parcel);
            }
        }
        Ok(foreign)
    }

    fn begin_slice(&mut self, slice: Slice, part: Part, moved: &mut Moved) -> Do<()> {
        let standing = self.state.standing(&slice)?;
        moved.slice(part, slice, standing);
        Ok(())
    }

    /// The record that a thing begins with. An external one becomes the licensee's with its
    /// history and recalls; what anybody said of its state before does not hold.
    fn begin_record(&mut self, seen: Slice, claimed: Option<LotNumber>, birth: Birth) -> Do<Slice> {
        let lot = claimed.or(birth.lot);
        let (brand, birth) = self.license_birth(&seen.first, Birth { lot, ..birth })?;
        let record = Record {
            brand,
            external: false,
            lot: birth.lot,
            expiry: birth.expiry,
            custodian: Some(self.account()),
            owner: Some(birth.owner),
            moved: self.time(),
            recalls: seen.record.recalls,
            history: seen.record.history,
            ..blank(seen.record.count)
        };
        Ok(Slice {
            first: seen.first,
            record,
        })
    }

    /// Whether the account may begin such a thing; whose brand it is, and its lot's expiry.
    fn license_birth(&mut self, first: &ThingId, birth: Birth) -> Do<(Option<Address>, Birth)> {
        match first {
            ThingId::Item {
                line: Line::Product(gtin),
                ..
            } => {
                let product = self.commissioner(*gtin)?;
                let birth = match birth.lot {
                    Some(lot) => {
                        self.begin_lot(&LotId { gtin: *gtin, lot }, &product, birth, None)?
                    }
                    None => birth,
                };
                Ok((Some(product.brand), birth))
            }
            ThingId::Unit(_) => {
                let licensee = self.licensee(first)?;
                self.check_unit_licence(licensee)?;
                Ok((
                    licensee,
                    Birth {
                        lot: None,
                        expiry: None,
                        ..birth
                    },
                ))
            }
            _ => match self.licensee(first)? {
                Some(brand) if brand == self.account() => Ok((
                    Some(brand),
                    Birth {
                        lot: None,
                        expiry: None,
                        ..birth
                    },
                )),
                _ => refuse(
                    Invariant::NotLicensed,
                    "the asset's key is not licensed to the account",
                ),
            },
        }
    }

    /// An SSCC of a licensed prefix is its licensee's; others are the first packer's.
    pub(crate) fn check_unit_licence(&self, licensee: Option<Address>) -> Do<()> {
        if licensee.is_some_and(|brand| brand != self.account()) {
            return refuse(
                Invariant::NotLicensed,
                "the SSCC's prefix is licensed to another party",
            );
        }
        Ok(())
    }

    /// The product, if the account may commission it.
    pub(crate) fn commissioner(&mut self, gtin: Gtin) -> Do<Product> {
        let Some(product) = self.state.product(gtin)? else {
            let refusal = Refusal::kernel(
                Invariant::UnknownProduct,
                &format!("product {gtin} is not registered"),
            );
            return Err(refusal.field("gtin").into());
        };
        let account = self.account();
        if product.brand != account && product.commissioners.binary_search(&account).is_err() {
            let message = format!("{account} is neither the licensee nor a commissioner of {gtin}");
            return Err(Refusal::kernel(Invariant::NotLicensed, &message)
                .field("account")
                .into());
        }
        Ok(product)
    }

    /// The lot's record exists from its first commission; a later one agrees with it.
    fn begin_lot(
        &mut self,
        id: &LotId,
        product: &Product,
        birth: Birth,
        amount: Option<&Amount>,
    ) -> Do<Birth> {
        let mut lot = match self.state.lot(id)? {
            Some(lot) => lot,
            None => LotRecord {
                brand: Some(product.brand),
                expiry: birth.expiry,
                unit: None,
                status: Status::Active,
                quarantines: 0,
                recalls: List::default(),
                created: self.time(),
                history: Head::EMPTY,
            },
        };
        if let (Some(stated), Some(known)) = (birth.expiry, lot.expiry)
            && stated != known
        {
            let message = format!(
                "lot {} expires on {known}, not on {stated}",
                id.lot.as_str()
            );
            let refusal = Refusal::kernel(Invariant::Mismatch, &message).field("expiry");
            return Err(refusal.expected(&known.to_string()).into());
        }
        if let Some(amount) = amount {
            self.check_amount(&lot, amount)?;
            lot.unit = Some(amount.unit.clone());
        }
        let expiry = birth.expiry.or(lot.expiry);
        self.state.put(&key::lot(id), &lot)?;
        Ok(Birth { expiry, ..birth })
    }

    fn new_parcel(&mut self, id: &LotId, amount: &Amount, birth: Birth) -> Do<Parcel> {
        if birth.lot.is_some_and(|lot| lot != id.lot) {
            let refusal = Refusal::kernel(
                Invariant::Mismatch,
                "the quantity's lot is not the action's",
            );
            return Err(refusal.field("lot").into());
        }
        let product = self.commissioner(id.gtin)?;
        self.begin_lot(id, &product, birth, Some(amount))?;
        let from = Holding {
            custodian: Some(self.account()),
            owner: Some(birth.owner),
            parent: None,
            owned_with_parent: false,
            offer: None,
            holders: List::default(),
            cleared: 0,
        };
        Ok(Parcel {
            id: id.clone(),
            unit: amount.unit.clone(),
            from,
            value: amount.value,
        })
    }

    /// Writes new records, balances and their first entries.
    pub(crate) fn write_begun(&mut self, written: Written, moved: &Moved, role: Role) -> Do<()> {
        for MovedSlice { slice, effect, .. } in moved
            .slices
            .iter()
            .filter(|moved| moved.part != Part::Input)
        {
            let mut slice = slice.clone();
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, effect)?;
            self.write_slice(written, &mut slice, role.clone(), None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved
            .parcels
            .iter()
            .filter(|moved| moved.part != Part::Input)
        {
            let mut holding = parcel.from.clone();
            hold(&mut holding.holders, &effect.holders)?;
            self.credit(&parcel.id, &holding, parcel.value)?;
            self.write_lot(written, &parcel.id, parcel.thing(), role.clone(), None)?;
        }
        Ok(())
    }

    /// A record of a thing that was never commissioned here.
    pub(crate) fn external(&self, thing: &Thing) -> Option<Slice> {
        let (first, count) = extent(thing)?;
        Some(Slice {
            first,
            record: blank(count),
        })
    }
}

/// What is recorded of things of which nothing is known.
pub(crate) fn blank(count: u64) -> Record {
    Record {
        count,
        brand: None,
        external: true,
        lot: None,
        expiry: None,
        custodian: None,
        owner: None,
        offer: None,
        parent: None,
        owned_with_parent: false,
        is_parent: false,
        place: None,
        disposition: None,
        persistent: List::default(),
        ended: false,
        holders: List::default(),
        cleared: 0,
        recalls: List::default(),
        moved: TimeMs(0),
        seen: TimeMs(0),
        history: Head::EMPTY,
    }
}

/// What was begun; nothing where the account may not begin it and that was only told.
fn unless_foreign<T>(begun: Do<T>, told: bool, foreign: &mut Option<Refusal>) -> Do<Option<T>> {
    match begun {
        Ok(begun) => Ok(Some(begun)),
        Err(Stop::Refused(refusal))
            if told
                && (refusal.is(Invariant::NotLicensed)
                    || refusal.is(Invariant::UnknownProduct)) =>
        {
            foreign.get_or_insert(*refusal);
            Ok(None)
        }
        Err(stop) => Err(stop),
    }
}

/// The lot that a thing's identifier claims.
fn lot_of(thing: &Thing) -> Option<LotNumber> {
    match thing {
        Thing::Run { lot, .. } => *lot,
        _ => None,
    }
}

/// What begins, as the event names it: an item of another lot than the event's says its own.
fn born(moved: &Moved, lot: Option<LotNumber>) -> Vec<Thing> {
    let mut things = moved.things();
    for (thing, MovedSlice { slice, .. }) in things.iter_mut().zip(&moved.slices) {
        if let Thing::Run { lot: own, .. } = thing {
            *own = slice.record.lot.filter(|own| Some(*own) != lot);
        }
    }
    things
}
