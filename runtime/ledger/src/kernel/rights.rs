//! The rights that operations need, and the states that stop them.

use super::Kernel;
use super::slices::Slice;
use super::standing::{Effective, Judgement, Source, Standing};
use crate::stop::{Do, refuse};
use marque_primitives::action::{LicenceKey, PartyRef, RecallId, Things};
use marque_primitives::gs1::{CompanyPrefix, Gtin, Licensed};
use marque_primitives::record::{Licence, Recall};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::{Address, key};

impl Kernel<'_, '_> {
    /// An action names something.
    pub(crate) fn check_named(&self, items: &Things) -> Do<()> {
        if items.is_empty() {
            return refuse(Invariant::Shape, "the action names nothing");
        }
        Ok(())
    }

    /// Only the effective custodian may do it.
    pub(crate) fn check_custodian(&self, slice: &Slice, standing: &Standing) -> Do<()> {
        if standing.custodian == Some(self.account()) {
            return Ok(());
        }
        let message = match standing.custodian {
            Some(custodian) => format!("{custodian} has it, not {}", self.account()),
            None if slice.record.external => {
                "it was never commissioned here, so no one has it on this ledger".into()
            }
            None => "no one on this ledger has it".into(),
        };
        Err(slice.refusal(Invariant::NotCustodian, &message).into())
    }

    /// Only the owner may do it.
    pub(crate) fn check_owner(&self, slice: &Slice, standing: &Standing) -> Do<()> {
        if standing.owner == Some(self.account()) {
            return Ok(());
        }
        let message = match standing.owner {
            Some(owner) => format!("{owner} owns it, not {}", self.account()),
            None => "its owner is not known to this ledger".into(),
        };
        Err(slice.refusal(Invariant::NotOwner, &message).into())
    }

    /// No open offer on it, nor on a unit around it.
    pub(crate) fn check_not_offered(&self, slice: &Slice, standing: &Standing) -> Do<()> {
        if standing.offered(&slice.record) {
            return Err(slice
                .refusal(Invariant::OfferOpen, "an offer is open on it")
                .into());
        }
        Ok(())
    }

    /// A change of custody is not dated before the last one.
    pub(crate) fn check_order(&self, slice: &Slice, standing: &Standing) -> Do<()> {
        let moved = standing.moved(&slice.record);
        if self.time() < moved {
            let refusal = slice.refusal(
                Invariant::OutOfOrder,
                "the movement is dated before the thing's last change of custody",
            );
            return Err(refusal
                .field("time")
                .expected(&format!("at least {moved} ms"))
                .into());
        }
        Ok(())
    }

    /// Neither ended nor held.
    pub(crate) fn check_free(&self, things: Thing, judgement: &Judgement) -> Do<()> {
        let (invariant, what, source) = match (judgement.status, &judgement.held) {
            (Effective::Ended, _) => (
                Invariant::Decommissioned,
                "decommissioned",
                &judgement.source,
            ),
            (_, Some(held)) => (Invariant::Quarantined, "held", held),
            (_, None) => return Ok(()),
        };
        let message = match source {
            Source::Own => format!("it is {what}"),
            Source::Lot => format!("its lot is {what}"),
            Source::Product => format!("its product is {what}"),
            Source::Parent(_) => format!("the unit that holds it is {what}"),
        };
        Err(Refusal::kernel(invariant, &message).item(things).into())
    }

    /// Recalled things go to the brand or a collector alone.
    pub(crate) fn check_recalls(
        &mut self,
        things: &Thing,
        recalls: &[RecallId],
        to: Option<Address>,
    ) -> Do<()> {
        for id in recalls {
            let recall: Option<Recall> = self.state.get("recall", &key::recall(*id))?;
            let goes_back = recall.is_some_and(|recall| {
                to.is_some_and(|to| recall.by == to || recall.collectors.binary_search(&to).is_ok())
            });
            if !goes_back {
                let message = format!("recall {} is open on it", id.0);
                return Err(Refusal::kernel(Invariant::Recalled, &message)
                    .item(things.clone())
                    .into());
            }
        }
        Ok(())
    }

    /// Who holds the licence of a key, by itself or by its prefix. Nothing is inferred
    /// from digits: only licences that the registrar gave count.
    pub(crate) fn licensee(&mut self, id: &ThingId) -> Do<Option<Address>> {
        match id {
            ThingId::Item {
                line: Line::Product(gtin),
                ..
            } => self.product_licensee(*gtin),
            ThingId::Item {
                line: Line::Returnable(grai),
                ..
            } => self.licensee_of(Some(&LicenceKey::Returnable(*grai)), grai),
            ThingId::Asset(giai) => self.licensee_of(Some(&LicenceKey::Asset(*giai)), giai),
            ThingId::Unit(sscc) => self.licensee_of(None, sscc),
            ThingId::Opaque(_) => Ok(None),
        }
    }

    /// Who may register a product.
    pub(crate) fn product_licensee(&mut self, gtin: Gtin) -> Do<Option<Address>> {
        self.licensee_of(Some(&LicenceKey::Product(gtin)), &gtin)
    }

    pub(crate) fn licensee_of(
        &mut self,
        single: Option<&LicenceKey>,
        licensed: &impl Licensed,
    ) -> Do<Option<Address>> {
        if let Some(single) = single
            && let Some(Licence { brand }) = self.state.get("licence", &key::licence(single))?
        {
            return Ok(Some(brand));
        }
        // Licences never overlap, so that the first prefix found is the only one.
        for len in CompanyPrefix::MIN_LEN..=CompanyPrefix::MAX_LEN {
            let Some(prefix) = CompanyPrefix::of(licensed, len) else {
                continue;
            };
            if let Some(Licence { brand }) =
                self.state.get("licence", &key::licence_prefix(prefix))?
            {
                return Ok(Some(brand));
            }
        }
        Ok(None)
    }

    /// Whether the account may write into a thing's own history: its custodian, an
    /// observer whom custodian or brand named, or anyone where it is external.
    pub(crate) fn may_write(&mut self, slice: &Slice, standing: &Standing) -> Do<bool> {
        let account = self.account();
        if slice.record.external || standing.custodian == Some(account) {
            return Ok(true);
        }
        let gtin = match slice.first {
            ThingId::Item {
                line: Line::Product(gtin),
                ..
            } => Some(gtin),
            _ => None,
        };
        if let Some(custodian) = standing.custodian
            && self.granted(&custodian, None)?
        {
            return Ok(true);
        }
        match (slice.record.brand, gtin) {
            (Some(brand), Some(gtin)) => Ok(brand == account || self.granted(&brand, Some(gtin))?),
            _ => Ok(false),
        }
    }

    /// Whether the account may write into a lot's history as its brand or by the brand's
    /// grant.
    pub(crate) fn observes_lot(&mut self, id: &LotId, brand: Option<Address>) -> Do<bool> {
        match brand {
            Some(brand) => Ok(brand == self.account() || self.granted(&brand, Some(id.gtin))?),
            None => Ok(false),
        }
    }

    fn granted(&mut self, grantor: &Address, gtin: Option<Gtin>) -> Do<bool> {
        let account = self.account();
        Ok(self
            .state
            .bytes(&key::observer(grantor, gtin, &account))?
            .is_some())
    }

    /// The account that an optional party stands for, the actor if none is named.
    pub(crate) fn resolve_or_self(&mut self, party: Option<&PartyRef>, field: &str) -> Do<Address> {
        match party {
            Some(party) => self.resolve(*party, field),
            None => Ok(self.account()),
        }
    }
}
