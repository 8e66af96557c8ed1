//! How a contract is asked: its products' lines of a movement go to its rule, and its
//! verdicts come back for each part of each line.

use crate::LedgerError;
use crate::host::ContractHost;
use crate::kernel::Kernel;
use crate::kernel::lots::Parcel;
use crate::kernel::slices::{Slice, thing_after};
use crate::kernel::standing::{Effective, Standing};
use crate::stop::Do;
use marque_abi::decision::{Decision, Exception, Terms, Verdict};
use marque_abi::movement::{MovedLine, Movement, Part};
use marque_abi::{Entry, Reply};
use marque_primitives::action::{Kind, Right};
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::detail::Evidence;
use marque_primitives::history::Decided;
use marque_primitives::record::{ContentLine, Contract, LotRecord, Status};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Run, Thing, ThingId};
use marque_primitives::{Address, Amount, TimeMs, codec, key};
use marque_vm::{CallResult, Module, TrapKind};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

/// The most bytes of an answer that are decoded.
const MAX_ANSWER: usize = 65_536;

/// The movement that rules are asked about, but for its lines.
#[derive(Clone, Default)]
pub(crate) struct Question {
    pub(crate) from: Option<Address>,
    pub(crate) to: Option<Address>,
    pub(crate) what: Option<Right>,
    pub(crate) parent: Option<ThingId>,
}

/// What rules add to a part of a movement.
#[derive(Clone, Default, Debug)]
pub(crate) struct Effect {
    /// Hold the things.
    pub(crate) quarantine: bool,
    /// Hold all of their lot.
    pub(crate) whole_lot: bool,
    pub(crate) terms: Terms,
}

/// A line, and for each of its parts the effect: offset and count within its things.
pub(crate) struct Ruled {
    pub(crate) line: MovedLine,
    pub(crate) parts: Vec<(u64, u64, Effect)>,
}

impl Ruled {
    /// The strongest effect on the line as a whole.
    pub(crate) fn overall(&self) -> Effect {
        let mut overall = Effect::default();
        for (_, _, effect) in &self.parts {
            overall.quarantine |= effect.quarantine;
            overall.whole_lot |= effect.whole_lot;
            if effect.terms != Terms::default() {
                overall.terms = effect.terms.clone();
            }
        }
        overall
    }
}

/// A contract, ready to be called.
pub(crate) struct Callee {
    pub(crate) address: Address,
    pub(crate) record: Contract,
    pub(crate) module: Module,
}

impl Kernel<'_, '_> {
    /// The line of a slice, as a rule sees it.
    pub(crate) fn slice_line(
        &self,
        part: Part,
        slice: &Slice,
        standing: &Standing,
    ) -> Option<MovedLine> {
        let ThingId::Item { line, serial } = slice.first else {
            return None;
        };
        Some(MovedLine {
            part,
            line,
            lot: slice.record.lot,
            expiry: slice.record.expiry,
            run: Run::new(line, serial, slice.record.count),
            within: None,
            amount: Amount::count(slice.record.count),
            status: status_of(standing.judgement.status),
            recalled: !standing.judgement.recalls.is_empty(),
            held: Default::default(),
            custodian: standing.custodian,
            owner: standing.owner,
            place: slice.record.place.clone(),
            disposition: slice.record.disposition.clone(),
            moved: slice.record.moved,
        })
    }

    /// The line of a quantity.
    pub(crate) fn parcel_line(
        &mut self,
        part: Part,
        parcel: &Parcel,
        lot: &LotRecord,
    ) -> Do<MovedLine> {
        let line = Line::Product(parcel.id.gtin);
        let judgement = self
            .state
            .judge_line(line, Some(parcel.id.lot), parcel.from.cleared)?;
        let own = if parcel.from.quarantined {
            Effective::Quarantined
        } else {
            Effective::Active
        };
        Ok(MovedLine {
            part,
            line,
            lot: Some(parcel.id.lot),
            expiry: lot.expiry,
            run: None,
            within: None,
            amount: Amount {
                value: parcel.value,
                unit: parcel.unit.clone(),
            },
            status: status_of(judgement.status.max(own)),
            recalled: !judgement.recalls.is_empty(),
            held: Default::default(),
            custodian: parcel.from.custodian,
            owner: parcel.from.owner,
            place: None,
            disposition: None,
            moved: lot.created,
        })
    }

    /// The lines of what a slice holds, nested units included.
    pub(crate) fn content_lines(
        &mut self,
        part: Part,
        slice: &Slice,
        standing: &Standing,
    ) -> Do<Vec<MovedLine>> {
        let mut moved = Vec::new();
        for content in &self.contents(&slice.first)?.lines {
            moved.push(self.content_line(part, slice, standing, content)?);
        }
        Ok(moved)
    }

    fn content_line(
        &mut self,
        part: Part,
        slice: &Slice,
        standing: &Standing,
        content: &ContentLine,
    ) -> Do<MovedLine> {
        let judgement = self
            .state
            .judge_line(content.line, content.lot, content.cleared)?;
        Ok(MovedLine {
            part,
            line: content.line,
            lot: content.lot,
            expiry: content.expiry,
            run: None,
            within: Some(slice.first.clone()),
            amount: Amount {
                value: content.amount,
                unit: content.unit.clone(),
            },
            status: status_of(judgement.status.max(standing.judgement.status)),
            recalled: !judgement.recalls.is_empty(),
            held: content.held,
            custodian: standing.custodian,
            owner: standing.owner,
            place: slice.record.place.clone(),
            disposition: slice.record.disposition.clone(),
            moved: slice.record.moved,
        })
    }

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
            if !callee.record.rules_on(kind) {
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

    /// A contract's record and module; `None` before it can be called.
    pub(crate) fn callee(&mut self, address: Address) -> Do<Option<Callee>> {
        let Some(record) = self
            .state
            .get::<Contract>("contract", &key::contract(&address))?
        else {
            return Ok(None);
        };
        if record.callable > self.acting.block.height {
            return Ok(None);
        }
        let module = self.module(&record)?;
        Ok(Some(Callee {
            address,
            record,
            module,
        }))
    }

    pub(crate) fn module(&mut self, record: &Contract) -> Do<Module> {
        // The code's bytes are not charged: whether they are at hand is the node's matter.
        let state = &mut *self.state;
        let module = self.vm.load(&record.code, || {
            state
                .unmetered(&key::code(&record.code))
                .and_then(|code| {
                    code.ok_or_else(|| "a contract's code is missing from the state".into())
                })
                .map_err(marque_vm::VmError::NodeFault)
        })?;
        Ok(module)
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

    /// Runs an entry, with the gas that is left; a refusal, trap or empty meter refuses the
    /// action by name.
    pub(crate) fn enter(
        &mut self,
        callee: &Callee,
        entry: Entry<'_>,
        input: Vec<u8>,
        access: crate::host::Access,
    ) -> Do<Vec<u8>> {
        match self.call(callee, entry, input, access)? {
            Reply::Returned(answer) => Ok(answer),
            Reply::Refused(bytes) => Err(callee.own_refusal(&bytes).into()),
            Reply::Trapped(message) => {
                let invariant = if self.state.meter.left() == 0 {
                    Invariant::OutOfGas
                } else {
                    Invariant::Trapped
                };
                let message = format!("{} stopped in {entry}: {message}", callee.name());
                Err(callee.refusal(invariant, &message).into())
            }
            Reply::Absent => {
                let message = format!("{} has no {entry}", callee.name());
                Err(callee.refusal(Invariant::UnknownContract, &message).into())
            }
        }
    }

    /// Runs an entry in a fresh instance. What it wrote is undone unless it returned.
    pub(crate) fn call(
        &mut self,
        callee: &Callee,
        entry: Entry<'_>,
        input: Vec<u8>,
        access: crate::host::Access,
    ) -> Do<Reply> {
        if self.stack.contains(&callee.address) {
            return Err(callee
                .refusal(Invariant::Reentered, "the contract is running already")
                .into());
        }
        if !callee.module.has(entry) {
            return Ok(Reply::Absent);
        }
        let checkpoint = self.state.checkpoint();
        let emitted = self.emitted.len();
        let vm = self.vm;
        let gas = self.state.meter.left();
        self.stack.push(callee.address);
        let mut host = ContractHost::new(self, callee, access);
        let outcome = vm.run(&callee.module, entry, input, gas, &mut host);
        self.stack.pop();
        let outcome = outcome?;
        let charged = self.state.charge(outcome.gas_used);
        if !matches!(outcome.result, CallResult::Returned(_)) {
            self.state.undo(checkpoint);
            self.emitted.truncate(emitted);
        }
        match outcome.result {
            CallResult::Returned(answer) => charged.map(|()| Reply::Returned(answer)),
            CallResult::Refused(bytes) => Ok(Reply::Refused(bytes)),
            CallResult::Trapped(trap) => {
                if trap.kind == TrapKind::OutOfGas {
                    // Whatever the VM's own bound was, an empty meter ends the transaction.
                    let _ = self.state.charge(u64::MAX);
                }
                Ok(Reply::Trapped(trap.to_string()))
            }
        }
    }

    fn take_decision(
        &mut self,
        callee: &Callee,
        at: &[usize],
        decision: Decision,
        ruled: &mut [Ruled],
    ) -> Do<()> {
        let mut taken = Taken {
            callee,
            refused: None,
            note: None,
            held: false,
        };
        let mut exceptions = decision.exceptions.iter().peekable();
        for (own, at) in at.iter().enumerate() {
            let own = u32::try_from(own).map_err(|_| LedgerError::Overflow)?;
            let Some(ruled) = ruled.get_mut(*at) else {
                continue;
            };
            let whole = ruled.line.run.as_ref().map_or(1, Run::count);
            ruled.parts.clear();
            let mut next = 0u64;
            while let Some(exception) = exceptions.next_if(|e| e.line == own) {
                let end = match exception_end(exception, &ruled.line, next, whole) {
                    Some(end) => end,
                    None => {
                        let message = format!(
                            "{} answered about things that it was not asked of",
                            callee.name()
                        );
                        return Err(callee.refusal(Invariant::Trapped, &message).into());
                    }
                };
                let start = exception.offset;
                if start > next {
                    taken.take(&decision.verdict, ruled, next, start)?;
                }
                taken.take(&exception.verdict, ruled, start, end)?;
                next = end;
            }
            if next < whole {
                taken.take(&decision.verdict, ruled, next, whole)?;
            }
        }
        let Taken {
            refused,
            note,
            held,
            ..
        } = taken;
        if let Some(refusal) = refused {
            return Err(refusal.into());
        }
        if let Some(note) = &note {
            // A receipt shows as many notes as fit; the event keeps every rule's.
            let _ = self.receipt.notes.push(note.clone());
        }
        self.decided.push(Decided {
            contract: callee.address,
            version: callee.record.version,
            note,
            held,
        });
        Ok(())
    }
}

/// A decision on its way into the lines.
struct Taken<'c> {
    callee: &'c Callee,
    refused: Option<Refusal>,
    note: Option<Text<255>>,
    held: bool,
}

impl Taken<'_> {
    fn take(&mut self, verdict: &Verdict, ruled: &mut Ruled, start: u64, end: u64) -> Do<()> {
        let (quarantine, whole_lot, note, terms) = match verdict {
            Verdict::Allow(terms) => (false, false, terms.note.clone(), terms),
            Verdict::Quarantine {
                whole_lot,
                note,
                terms,
            } => (true, *whole_lot, Some(note.clone()), terms),
            Verdict::Refuse(refusal) => {
                let thing = line_thing(&ruled.line, start, end);
                let refusal = match self.refused.take() {
                    Some(first) => first,
                    None => self.callee.sign(refusal.clone()),
                };
                self.refused = Some(match thing {
                    Some(thing) => refusal.item(thing),
                    None => refusal,
                });
                return Ok(());
            }
        };
        self.held |= quarantine;
        if self.note.is_none() {
            self.note = note;
        }
        let count = end.checked_sub(start).ok_or(LedgerError::Overflow)?;
        ruled.parts.push((
            start,
            count,
            Effect {
                quarantine,
                whole_lot,
                terms: terms.clone(),
            },
        ));
        Ok(())
    }
}

/// Where an exception ends, if it lies within its line and behind the one before.
fn exception_end(exception: &Exception, line: &MovedLine, next: u64, whole: u64) -> Option<u64> {
    // A line without a run has no parts: any exception is about all of it.
    let (offset, count) = if line.run.is_some() {
        (exception.offset, exception.count)
    } else {
        (0, whole)
    };
    let end = offset.checked_add(count)?;
    (offset >= next && count > 0 && end <= whole && (line.run.is_some() || exception.offset == 0))
        .then_some(end)
}

/// A part of a line as a thing that a refusal names.
fn line_thing(line: &MovedLine, start: u64, end: u64) -> Option<Thing> {
    match (&line.run, line.line, line.lot) {
        (Some(run), ..) => {
            let first = thing_after(
                &ThingId::Item {
                    line: run.line(),
                    serial: *run.first(),
                },
                start,
            )?;
            let ThingId::Item { line, serial } = first else {
                return None;
            };
            Some(Thing::Run {
                run: Run::new(line, serial, end.checked_sub(start)?)?,
                lot: None,
            })
        }
        (None, Line::Product(gtin), Some(lot)) => Some(Thing::Lot {
            id: LotId { gtin, lot },
            amount: line.amount.clone(),
        }),
        (None, ..) => line.within.clone().map(Thing::from),
    }
}

fn status_of(effective: Effective) -> Status {
    match effective {
        Effective::Active | Effective::Recalled => Status::Active,
        Effective::Quarantined => Status::Quarantined,
        Effective::Ended => Status::Ended,
    }
}

impl Callee {
    pub(crate) fn name(&self) -> String {
        format!("contract {} ({})", self.record.name, self.address)
    }

    /// The kernel's refusal, with the contract that caused it.
    pub(crate) fn refusal(&self, invariant: Invariant, message: &str) -> Refusal {
        let mut refusal = Refusal::kernel(invariant, message);
        refusal.contract = Some(self.address);
        refusal
    }

    /// A contract's refusal as it reaches the caller: its own words, under its own address.
    fn sign(&self, mut refusal: Refusal) -> Refusal {
        // The kernel's codes are the kernel's alone.
        if !(5_000..6_000).contains(&refusal.code) {
            refusal.code = 5_000;
        }
        refusal.contract = Some(self.address);
        refusal
    }

    fn own_refusal(&self, bytes: &[u8]) -> Refusal {
        match codec::decode::<Refusal>(bytes, MAX_ANSWER) {
            Ok(refusal) => self.sign(refusal),
            Err(error) => self.refusal(
                Invariant::Trapped,
                &format!("{} refused with no refusal: {error}", self.name()),
            ),
        }
    }
}

/// Splits slices where rules answered about parts, each with its effect.
pub(crate) fn split_by_parts(
    slice: &Slice,
    parts: &[(u64, u64, Effect)],
) -> Do<Vec<(Slice, Effect)>> {
    let mut split: Vec<(Slice, Effect)> = Vec::new();
    for (offset, count, effect) in parts {
        let first = thing_after(&slice.first, *offset).ok_or(LedgerError::Overflow)?;
        let mut part = Slice {
            first,
            record: slice.record.clone(),
        };
        part.record.count = *count;
        split.push((part, effect.clone()));
    }
    Ok(split)
}

/// The sooner of two moments.
pub(crate) fn sooner(a: Option<TimeMs>, b: Option<TimeMs>) -> Option<TimeMs> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Decodes what a contract handed over.
pub(crate) fn from_contract<T: parity_scale_codec::Decode + Encode>(bytes: &[u8]) -> Option<T> {
    codec::decode(bytes, MAX_ANSWER).ok()
}
