//! Refused transactions, which stand in receipts and beside a trace, never in a history.

use marque_primitives::gs1::Gtin;
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::ThingId;
use marque_primitives::{Address, Hash, Height, TimeMs};

use super::query::{Filter, Span, search};
use super::{At, Page, PageRequest, Reader};
use crate::error::ChainError;
use crate::index::{Set, Term, stabbed};
use crate::tables;

const LIST: u8 = b'r';
const OF_ONE: usize = 100_000;

/// Which refused transactions. Everything that is given has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusalQuery {
    /// By the contract.
    pub contract: Option<Address>,
    /// Of things of the product.
    pub product: Option<Gtin>,
    /// Of the account.
    pub party: Option<Address>,
    /// By the rule or invariant with this name.
    pub rule: Option<String>,
    /// Of the thing.
    pub thing: Option<ThingId>,
    /// In blocks made within.
    pub recorded: Span,
}

/// A refused transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the ledger's sequence of refusals.
    pub number: u64,
    /// The block.
    pub height: Height,
    /// Its time.
    pub recorded: TimeMs,
    /// Its place in the block.
    pub index: u32,
    /// The transaction.
    pub transaction: Hash,
    /// Which of its actions was refused.
    pub action: u32,
    /// On whose behalf it was signed.
    pub account: Address,
    /// By which key.
    pub signer: Address,
    /// What was to happen.
    pub kind: Option<marque_primitives::action::Kind>,
    /// Why it did not.
    pub refusal: Refusal,
}

impl Reader {
    /// Refused transactions in their order.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], or when the store fails.
    pub fn refusals(
        &self,
        query: &RefusalQuery,
        page: &PageRequest,
    ) -> Result<Page<Refused>, ChainError> {
        let mut filters = Vec::new();
        let mut term = |term: Option<Term>| filters.extend(term.map(Filter::term));
        term(query.contract.map(Term::RefusedContract));
        term(query.product.map(Term::RefusedProduct));
        term(query.party.map(Term::RefusedParty));
        term(query.rule.clone().map(Term::RefusedRule));
        if let Some(thing) = &query.thing {
            filters.push(Filter::These(stabbed(
                self.snapshot(),
                Set::Refusals,
                thing,
                0..u64::MAX,
                OF_ONE,
            )?));
        }
        let mut within = 0..self.head().spans.refusals.end;
        if !query.recorded.is_open() {
            within = self.refusals_within(&self.heights(query.recorded)?)?;
        }
        if let Some(next) = page.resume::<u64>(LIST)? {
            within.start = within.start.max(next);
        }
        let mut found = Vec::new();
        let limit = page.limit();
        let next = search(self.snapshot(), &mut filters, within, |number| {
            found.push(self.refused(number)?);
            Ok(found.len() >= limit)
        })?;
        Ok(match next {
            Some(next) => Page::more(found, LIST, &next),
            None => Page::last(found),
        })
    }

    /// The refused transaction with a number.
    pub(super) fn refused(&self, number: u64) -> Result<Refused, ChainError> {
        let damaged = |height| ChainError::Damaged {
            height,
            what: "a refused transaction is missing",
        };
        let row = tables::REFUSALS
            .get(self.snapshot(), &number)?
            .ok_or_else(|| damaged(0))?;
        let Receipt {
            transaction,
            height,
            index,
            status,
            ..
        } = self.receipt_at(row.place)?;
        let Status::Refused { action, refusal } = status else {
            return Err(damaged(height.0));
        };
        let recorded = self
            .committed(At::Height(height))?
            .ok_or_else(|| damaged(height.0))?
            .time();
        Ok(Refused {
            number,
            height,
            recorded,
            index,
            transaction,
            action,
            account: row.account,
            signer: row.signer,
            kind: row.kind,
            refusal,
        })
    }
}
