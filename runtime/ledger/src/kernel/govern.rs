//! What a contract's message does to its own products: hold, release, say what they are
//! good for. No rule runs for it.

use super::contents::Change;
use super::lots::{Parcel, is_held, quantities};
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
use marque_primitives::record::{Contract, LotRecord, Record, Status};
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
            Target::Things { items, holder } => self.govern_things(contract, items, *holder, deed),
        };
        self.decided.truncate(before);
        done
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
        contract: Address,
        items: &Things,
        holder: Option<Address>,
        deed: Deed<'_>,
    ) -> Do<()> {
        self.check_named(items)?;
        let slices = self.find_all(items)?;
        for slice in &slices {
            self.check_governed_slice(contract, slice)?;
        }
        let mut parcels = Vec::new();
        for (id, amount) in quantities(items) {
            self.check_governed(contract, id.gtin)?;
            parcels.extend(self.draw_governed(id, amount, holder, deed)?);
        }
        let draft = Draft {
            items: items.to_vec(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Govern, draft)?;
        for slice in slices {
            self.govern_slice(written, slice, deed)?;
        }
        for parcel in parcels {
            self.govern_parcel(written, &parcel, deed)?;
        }
        Ok(())
    }

    /// An item is governed by its product's contract; a unit by the contract of anything in it.
    fn check_governed_slice(&mut self, contract: Address, slice: &Slice) -> Do<()> {
        if let ThingId::Item {
            line: Line::Product(gtin),
            ..
        } = slice.first
        {
            return self.check_governed(contract, gtin);
        }
        for line in &self.contents(&slice.first)?.lines {
            if let Line::Product(gtin) = line.line
                && governs(self.state, contract, gtin)?
            {
                return Ok(());
            }
        }
        Err(slice
            .refusal(
                Invariant::NotGoverned,
                "it holds no product of this contract",
            )
            .into())
    }

    fn govern_slice(&mut self, written: Written, mut slice: Slice, deed: Deed<'_>) -> Do<()> {
        if slice.record.status == Status::Ended && !matches!(deed, Deed::Dispose(_)) {
            return Err(slice
                .refusal(Invariant::Decommissioned, "it is decommissioned")
                .into());
        }
        match deed {
            Deed::Hold => slice.record.status = Status::Quarantined,
            Deed::Free => {
                slice.record.status = Status::Active;
                slice.record.cleared = self.newest_quarantine(&slice.first, &slice.record)?;
            }
            Deed::Dispose(disposition) => slice.record.disposition = Some(disposition.clone()),
        }
        self.write_slice(written, &mut slice, Role::Subject, None)
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
        amount: &Amount,
        holder: Option<Address>,
        deed: Deed<'_>,
    ) -> Do<Vec<Parcel>> {
        let Some(holder) = holder else {
            let refusal = Refusal::kernel(
                Invariant::Shape,
                "a quantity of a lot is somebody's: name its holder",
            );
            return Err(refusal.field("holder").into());
        };
        let lot = self.known_lot(id)?;
        self.check_amount(&lot, amount)?;
        let wanted = matches!(deed, Deed::Free);
        self.draw(
            id,
            &lot,
            amount,
            Some(holder),
            |holding| is_held(holding, &lot) == wanted,
            |holding| holding.parent.is_none(),
        )
    }

    fn govern_parcel(&mut self, written: Written, parcel: &Parcel, deed: Deed<'_>) -> Do<()> {
        let mut to = parcel.from.clone();
        match deed {
            Deed::Hold => to.quarantined = true,
            Deed::Free => {
                to.quarantined = false;
                to.cleared = self.known_lot(&parcel.id)?.quarantines;
            }
            Deed::Dispose(_) => {
                return refuse(Invariant::NotApplicable, "a quantity has no disposition");
            }
        }
        if let Some(parent) = &parcel.from.parent {
            let changed = Parcel {
                from: to.clone(),
                ..parcel.clone()
            };
            let (before, after) = (self.load_of_parcel(parcel)?, self.load_of_parcel(&changed)?);
            self.change_contents(parent, Change::Take, &before)?;
            self.change_contents(parent, Change::Add, &after)?;
        }
        self.transfer(parcel, &to)?;
        self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)
    }

    /// A line for the developer; kept only by dry runs and tests.
    pub(crate) fn log(&mut self, contract: Address, line: &[u8]) {
        if let Some(log) = self.log.as_deref_mut() {
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
