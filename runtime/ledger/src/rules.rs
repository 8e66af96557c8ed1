//! How a contract is asked: its products' lines of a movement go to its rule, and its
//! verdicts come back for each part of each line.

mod lines;
mod verdicts;

use crate::callee::{Callee, MAX_ANSWER};
use crate::kernel::Kernel;
use crate::stop::Do;
use marque_abi::Entry;
use marque_abi::decision::Decision;
use marque_abi::movement::{MovedLine, Movement};
use marque_primitives::action::{Kind, Right};
use marque_primitives::bounded::Bytes;
use marque_primitives::detail::Evidence;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, Run, ThingId};
use marque_primitives::{Address, codec};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;
pub(crate) use verdicts::{Effect, Ruled, sooner, split_by_parts};

/// The movement that rules are asked about, but for its lines.
#[derive(Clone, Default)]
pub(crate) struct Question {
    pub(crate) from: Option<Address>,
    pub(crate) to: Option<Address>,
    pub(crate) what: Option<Right>,
    pub(crate) parent: Option<ThingId>,
}

impl Kernel<'_, '_> {
    /// Asks every contract whose products the lines are; a line without a contract, or
    /// whose contract has no rule for the kind, is allowed without a call.
    pub(crate) fn ask(
        &mut self,
        kind: Kind,
        question: &Question,
        lines: Vec<MovedLine>,
    ) -> Do<Vec<Ruled>> {
        let mut by_contract: BTreeMap<Address, Vec<usize>> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            if let Line::Product(gtin) = line.line
                && let Some(product) = self.state.product(gtin)?
                && let Some(contract) = product.contract
            {
                by_contract.entry(contract).or_default().push(at);
            }
        }
        let mut ruled: Vec<Ruled> = lines
            .into_iter()
            .map(|line| {
                let whole = line.run.as_ref().map_or(1, Run::count);
                Ruled {
                    line,
                    parts: vec![(0, whole, Effect::default())],
                }
            })
            .collect();
        for (address, at) in by_contract {
            let Some(callee) = self.callee(address)? else {
                continue;
            };
            if !self.machine.rules_on(&callee, kind) {
                continue;
            }
            let own: Vec<MovedLine> = at
                .iter()
                .filter_map(|at| ruled.get(*at))
                .map(|r| r.line.clone())
                .collect();
            let decision = self.decide(&callee, kind, question, own)?;
            self.take_decision(&callee, &at, decision, &mut ruled)?;
        }
        Ok(ruled)
    }

    fn decide(
        &mut self,
        callee: &Callee,
        kind: Kind,
        question: &Question,
        lines: Vec<MovedLine>,
    ) -> Do<Decision> {
        let mut detail = self.detail.clone();
        if let Evidence::Open(open) = &mut detail.evidence {
            open.rest = Bytes::default();
        }
        let movement = Movement {
            kind,
            captured: self.capture.is_some(),
            account: self.acting.account,
            signer: self.acting.signer,
            from: question.from,
            to: question.to,
            what: question.what,
            parent: question.parent.clone(),
            height: self.acting.block.height,
            now: self.acting.block.time,
            time: self.time(),
            detail,
            lines,
        };
        let entry = Entry::Rule(kind.name());
        let answer = self.enter(callee, entry, movement.encode(), crate::host::Access::Write)?;
        if answer.is_empty() {
            return Ok(Decision::allow());
        }
        match codec::decode(&answer, MAX_ANSWER) {
            Ok(decision) => Ok(decision),
            Err(error) => {
                let message = format!(
                    "{} answered {entry} with no decision: {error}",
                    callee.name()
                );
                Err(callee.refusal(Invariant::Trapped, &message).into())
            }
        }
    }
}
