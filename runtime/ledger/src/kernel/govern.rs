//! What a contract's message does to its own products: hold, release, say what they are
//! good for; and how a brand ends holds that no contract of its own can. No rule runs for
//! either.

use super::lots::{Parcel, Reach, is_held_with_lot, quantities};
use super::moved::hold;
use super::slices::Slice;
use super::{Draft, Kernel, Written};
use crate::host::governs;
use crate::stop::{Do, overflow, refuse};
use marque_abi::invocation::{Command, Target};
use marque_primitives::action::{Kind, Things};
use marque_primitives::bounded::Text;
use marque_primitives::detail::Term;
use marque_primitives::gs1::{Gtin, Identifier};
use marque_primitives::history::{Decided, Role};
use marque_primitives::record::{Contract, Holders, Holding, LotRecord, Record, Status};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::{Address, Amount, key};

/// What is done to each thing.
#[derive(Clone, Copy)]
enum Deed<'c> {
    Hold,
    Free,
    Dispose(&'c Term),
}

/// Who does it.
#[derive(Clone, Copy)]
enum By {
    Contract(Address),
    /// The acting account, of what is its own.
    Brand,
}

/// What someone may do to a thing or quantity.
#[derive(Clone, Copy)]
struct Power {
    /// The contract whose hold it puts or ends.
    contract: Option<Address>,
    /// Without one: the contract whose hold it leaves alone.
    ruler: Option<Address>,
    /// Whether it also says what is released from a lot's quarantine.
    rules: bool,
}

impl Power {
    fn of_contract(contract: Address, rules: bool) -> Self {
        Self {
            contract: Some(contract),
            ruler: None,
            rules,
        }
    }

    fn of_brand(ruler: Option<Address>) -> Self {
        Self {
            contract: None,
            ruler,
            rules: ruler.is_none(),
        }
    }

    /// Whether a holder's hold can be ended so.
    fn ends(&self, holder: &Address) -> bool {
        match self.contract {
            Some(contract) => *holder == contract,
            None => Some(*holder) != self.ruler,
        }
    }

    fn holds(&self, holders: &Holders) -> bool {
        holders.iter().any(|holder| self.ends(holder))
    }

    fn free(&self, holders: &mut Holders) {
        holders.retain(|holder| !self.ends(holder));
    }

    fn hold(&self, holders: &mut Holders) -> Do<()> {
        hold(holders, &self.contract)
    }
}

/// A holding after the deed.
fn governed(from: &Holding, lot: &LotRecord, power: Power, deed: Deed<'_>) -> Do<Holding> {
    let mut to = from.clone();
    match deed {
        Deed::Hold => power.hold(&mut to.holders)?,
        Deed::Free => {
            power.free(&mut to.holders);
            if power.rules {
                to.cleared = lot.quarantines;
            }
        }
        Deed::Dispose(_) => {
            return refuse(Invariant::NotApplicable, "a quantity has no disposition");
        }
    }
    Ok(to)
}

/// Lines of a dry run's log that are kept, and their bytes; what comes later is dropped.
const MAX_LOG_LINES: usize = 1_024;
const MAX_LOG_BYTES: usize = 256 * 1024;

impl Kernel<'_, '_> {
    /// Obeys a contract on its own products.
    pub(crate) fn govern(&mut self, contract: Address, command: &Command) -> Do<()> {
        let (target, deed, note) = match command {
            Command::Quarantine { target, note } => (target, Deed::Hold, Some(note.clone())),
            Command::Release { target, note } => (target, Deed::Free, Some(note.clone())),
            Command::Dispose {
                target,
                disposition,
            } => (target, Deed::Dispose(disposition), None),
        };
        let before = self.decided.len();
        let version = self.version(contract)?;
        self.decided.push(Decided {
            contract,
            version,
            note,
            held: matches!(deed, Deed::Hold),
        });
        let done = match target {
            Target::Lot(id) => self.govern_lot(contract, id, deed),
            Target::Things { items, holder } => {
                self.govern_things(By::Contract(contract), items, *holder, deed)
            }
        };
        self.decided.truncate(before);
        done
    }

    /// By the brand: ends every hold but that of the contract that rules a thing. What that
    /// holds it releases itself.
    pub(crate) fn end_hold(&mut self, target: &Target) -> Do<()> {
        let id = match target {
            Target::Lot(id) => id,
            Target::Things { items, holder } => {
                self.check_takes(
                    items,
                    |thing| !matches!(thing, Thing::Opaque(_) | Thing::Class { .. }),
                    "a class or an external URI is not held; name a lot, things or quantities",
                )?;
                return self.govern_things(By::Brand, items, *holder, Deed::Free);
            }
        };
        let mut lot = self.known_lot(id)?;
        self.check_own(lot.brand)?;
        if lot.status != Status::Quarantined || self.ruler(id)?.is_some() {
            return refuse(
                Invariant::NotApplicable,
                "the lot is not held, or its contract releases it",
            );
        }
        lot.status = Status::Active;
        self.write_governed_lot(id, lot)
    }

    fn version(&mut self, contract: Address) -> Do<u32> {
        let record: Option<Contract> = self.state.get("contract", &key::contract(&contract))?;
        Ok(record.map_or(0, |record| record.version))
    }

    fn check_governed(&mut self, contract: Address, gtin: Gtin) -> Do<()> {
        if governs(self.state, contract, gtin)? {
            return Ok(());
        }
        refuse(
            Invariant::NotGoverned,
            &format!("product {gtin} does not name this contract"),
        )
    }

    fn govern_lot(&mut self, contract: Address, id: &LotId, deed: Deed<'_>) -> Do<()> {
        self.check_governed(contract, id.gtin)?;
        match deed {
            Deed::Hold => self.hold_lot(id),
            Deed::Free => {
                let mut lot = self.known_lot(id)?;
                lot.status = Status::Active;
                self.write_governed_lot(id, lot)
            }
            Deed::Dispose(_) => refuse(
                Invariant::NotApplicable,
                "a lot as a whole has no disposition; name its items",
            ),
        }
    }

    /// Holds all of a lot until it is released; what was released from an earlier hold is
    /// held again.
    pub(crate) fn hold_lot(&mut self, id: &LotId) -> Do<()> {
        let mut lot = self.known_lot(id)?;
        if lot.status == Status::Quarantined {
            return Ok(());
        }
        lot.status = Status::Quarantined;
        lot.quarantines = lot.quarantines.checked_add(1).ok_or_else(overflow)?;
        self.write_governed_lot(id, lot)
    }

    fn write_governed_lot(&mut self, id: &LotId, lot: LotRecord) -> Do<()> {
        let class = class_of(id)?;
        self.state.put(&key::lot(id), &lot)?;
        let shown = self.receipt.event;
        let written = self.write_event(
            Kind::Govern,
            Draft {
                items: vec![class.clone()],
                ..Draft::default()
            },
        )?;
        // The receipt names the movement's own event, if there is one.
        self.receipt.event = shown.or(self.receipt.event);
        self.write_lot(written, id, class, Role::Subject, None)
    }

    fn govern_things(
        &mut self,
        by: By,
        items: &Things,
        holder: Option<Address>,
        deed: Deed<'_>,
    ) -> Do<()> {
        self.check_named(items)?;
        let mut slices = self.find_all(items)?;
        for slice in &mut slices {
            self.govern_record(by, slice, deed)?;
        }
        let mut parcels = Vec::new();
        for (id, amount) in &quantities(items)? {
            let lot = self.known_lot(id)?;
            let power = self.power_over_lot(by, id, &lot, deed)?;
            for parcel in self.draw_governed(id, &lot, amount, holder, power, deed)? {
                let to = governed(&parcel.from, &lot, power, deed)?;
                parcels.push((parcel, to));
            }
        }
        let draft = Draft {
            items: items.to_vec(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Govern, draft)?;
        for mut slice in slices {
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for (parcel, to) in parcels {
            self.write_governed_parcel(written, &parcel, to)?;
        }
        Ok(())
    }

    /// Does the deed to a record, by whom may do it; nothing is written yet.
    fn govern_record(&mut self, by: By, slice: &mut Slice, deed: Deed<'_>) -> Do<()> {
        let power = self.power_over(by, slice, deed)?;
        if slice.record.ended && !matches!(deed, Deed::Dispose(_)) {
            return Err(slice
                .refusal(Invariant::Decommissioned, "it is decommissioned")
                .into());
        }
        match deed {
            Deed::Hold => power.hold(&mut slice.record.holders)?,
            Deed::Free => {
                if power.contract.is_none()
                    && !power.holds(&slice.record.holders)
                    && !(power.rules && self.is_held_with_lot(slice)?)
                {
                    let message = "nothing holds it, or a contract that releases it";
                    return Err(slice.refusal(Invariant::NotApplicable, message).into());
                }
                power.free(&mut slice.record.holders);
                if power.rules {
                    slice.record.cleared = self.newest_quarantine(&slice.first, &slice.record)?;
                }
            }
            Deed::Dispose(disposition) => slice.record.disposition = Some(disposition.clone()),
        }
        Ok(())
    }

    /// A contract may do anything to items of its products, and to a unit in which every
    /// product is its own; its own hold it ends on whatever that has come to stand. A brand
    /// frees what is its own and holds nothing.
    fn power_over(&mut self, by: By, slice: &Slice, deed: Deed<'_>) -> Do<Power> {
        let product = match slice.first {
            ThingId::Item {
                line: Line::Product(gtin),
                ..
            } => self.state.product(gtin)?,
            _ => None,
        };
        let ruler = product.as_ref().and_then(|product| product.contract);
        let By::Contract(contract) = by else {
            let brand = match product {
                Some(product) => Some(product.brand),
                None if slice.record.brand.is_some() => slice.record.brand,
                // A unit of nobody's prefix is its owner's.
                None => self.state.standing(slice)?.owner,
            };
            self.check_own(brand)?;
            // What is inside is held with it.
            self.check_holds_nothing(slice)?;
            return Ok(Power::of_brand(ruler));
        };
        let rules = ruler == Some(contract) || self.rules_all_in(contract, slice)?;
        let own_hold = slice.record.holders.contains(&contract);
        if rules || (own_hold && matches!(deed, Deed::Free)) {
            return Ok(Power::of_contract(contract, rules));
        }
        let message = match &slice.first {
            ThingId::Item {
                line: Line::Product(gtin),
                ..
            } => format!("product {gtin} does not name this contract"),
            _ => "it holds products of others, or none of this contract".into(),
        };
        Err(slice.refusal(Invariant::NotGoverned, &message).into())
    }

    /// Whether a unit holds products, and all of them name the contract.
    fn rules_all_in(&mut self, contract: Address, slice: &Slice) -> Do<bool> {
        if matches!(
            slice.first,
            ThingId::Item {
                line: Line::Product(_),
                ..
            }
        ) {
            return Ok(false);
        }
        let mut any = false;
        for line in &self.contents_of(slice)?.lines {
            if let Line::Product(gtin) = line.line {
                any = true;
                if !governs(self.state, contract, gtin)? {
                    return Ok(false);
                }
            }
        }
        Ok(any)
    }

    fn power_over_lot(&mut self, by: By, id: &LotId, lot: &LotRecord, deed: Deed<'_>) -> Do<Power> {
        let ruler = self.ruler(id)?;
        match by {
            By::Brand => {
                self.check_own(lot.brand)?;
                Ok(Power::of_brand(ruler))
            }
            // Its own holds may have come to stand on others' products.
            By::Contract(contract) if matches!(deed, Deed::Free) => {
                Ok(Power::of_contract(contract, ruler == Some(contract)))
            }
            By::Contract(contract) => {
                self.check_governed(contract, id.gtin)?;
                Ok(Power::of_contract(contract, true))
            }
        }
    }

    /// The contract that rules a lot's product.
    fn ruler(&mut self, id: &LotId) -> Do<Option<Address>> {
        let product = self.state.product(id.gtin)?;
        Ok(product.and_then(|product| product.contract))
    }

    fn check_own(&self, brand: Option<Address>) -> Do<()> {
        if brand == Some(self.account()) {
            return Ok(());
        }
        Err(Refusal::kernel(
            Invariant::NotLicensed,
            "only the brand ends holds of what no contract releases",
        )
        .field("target")
        .into())
    }

    fn is_held_with_lot(&mut self, slice: &Slice) -> Do<bool> {
        let ThingId::Item { line, .. } = slice.first else {
            return Ok(false);
        };
        let (lot, cleared) = (slice.record.lot, slice.record.cleared);
        Ok(self.state.judge_line(line, lot, cleared)?.held.is_some())
    }

    /// The quarantine that an item of a lot is released from, by number.
    fn newest_quarantine(&mut self, id: &ThingId, record: &Record) -> Do<u32> {
        let (
            ThingId::Item {
                line: Line::Product(gtin),
                ..
            },
            Some(lot),
        ) = (id, record.lot)
        else {
            return Ok(0);
        };
        Ok(self
            .state
            .lot(&LotId { gtin: *gtin, lot })?
            .map_or(0, |lot| lot.quarantines))
    }

    fn draw_governed(
        &mut self,
        id: &LotId,
        lot: &LotRecord,
        amount: &Amount,
        holder: Option<Address>,
        power: Power,
        deed: Deed<'_>,
    ) -> Do<Vec<Parcel>> {
        let Some(holder) = holder else {
            let refusal = Refusal::kernel(
                Invariant::Shape,
                "a quantity of a lot is somebody's: name its holder",
            );
            return Err(refusal.field("holder").into());
        };
        self.check_amount(lot, amount)?;
        let fits = |holding: &Holding| match deed {
            Deed::Free => {
                power.holds(&holding.holders) || (power.rules && is_held_with_lot(holding, lot))
            }
            Deed::Hold | Deed::Dispose(_) => {
                !power.holds(&holding.holders) && !is_held_with_lot(holding, lot)
            }
        };
        self.draw(id, lot, amount, Reach::All(Some(holder)), fits, |_| true)
    }

    fn write_governed_parcel(&mut self, written: Written, parcel: &Parcel, to: Holding) -> Do<()> {
        self.transfer(parcel, &to)?;
        if let Some(parent) = &parcel.from.parent {
            let changed = Parcel {
                from: to.clone(),
                ..parcel.clone()
            };
            let (before, after) = (self.load_of_parcel(parcel)?, self.load_of_parcel(&changed)?);
            self.replace_contents(parent, &before, &after)?;
        }
        self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)
    }

    /// A line for the developer; kept only by dry runs and tests.
    pub(crate) fn log(&mut self, contract: Address, line: &[u8]) {
        let Some(log) = self.log.as_deref_mut() else {
            return;
        };
        // Its price is for the line, not for keeping all of them: who tries pays nothing.
        let kept: usize = log.iter().map(|(_, line)| line.len()).sum();
        let room = MAX_LOG_BYTES.saturating_sub(kept).min(line.len());
        if log.len() < MAX_LOG_LINES && room > 0 {
            let line = line.get(..room).unwrap_or_default();
            log.push((contract, String::from_utf8_lossy(line).into_owned()));
        }
    }
}

/// A lot as a whole, as an event names it.
fn class_of(id: &LotId) -> Do<Thing> {
    let name = Identifier::Lgtin {
        gtin: id.gtin,
        lot: id.lot,
        variant: None,
    }
    .to_canonical();
    let id = Text::new(name).map_err(|_| overflow())?;
    Ok(Thing::Class { id, amount: None })
}
