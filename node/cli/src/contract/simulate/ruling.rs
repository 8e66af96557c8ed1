//! What a rule said of a movement, so that two answers can be compared and read.

use marque_abi::decision::{Decision, Verdict};
use marque_abi::movement::Movement;
use marque_primitives::refusal::Refusal;
use marque_primitives::{Address, Height, TimeMs, codec};
use marque_vm::CallResult;
use serde::Serialize;

/// Bytes of an answer at most, as the ledger takes them.
const MAX_ANSWER: usize = 65_536;

/// A rule's answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ruling {
    /// It decided.
    Decided(Box<Decision>),
    /// It refused the whole.
    Refused(Box<Refusal>),
    /// It came to no answer.
    Stopped(String),
}

impl Ruling {
    /// That of a contract without a rule.
    pub fn allowed() -> Self {
        Self::Decided(Box::new(Decision::allow()))
    }

    /// How a rule's call ended.
    pub fn of(result: &CallResult) -> Self {
        let decoded = |bytes: &[u8]| codec::decode::<Decision>(bytes, MAX_ANSWER);
        match result {
            CallResult::Returned(bytes) if bytes.is_empty() => Self::allowed(),
            CallResult::Returned(bytes) => match decoded(bytes) {
                Ok(decision) => Self::Decided(Box::new(decision)),
                Err(error) => Self::Stopped(format!("answers with no decision: {error}")),
            },
            CallResult::Refused(bytes) => match codec::decode::<Refusal>(bytes, MAX_ANSWER) {
                Ok(refusal) => Self::Refused(Box::new(refusal)),
                Err(error) => Self::Stopped(format!("refuses with no refusal: {error}")),
            },
            CallResult::Trapped(trap) => Self::Stopped(trap.to_string()),
        }
    }

    /// In a few words.
    pub fn words(&self) -> String {
        match self {
            Self::Refused(refusal) => refused(refusal),
            Self::Stopped(cause) => format!("stopped: {cause}"),
            Self::Decided(decision) => match decision.exceptions.len() {
                0 => verdict(&decision.verdict),
                _ => {
                    let parts = decision.exceptions.iter().map(|part| {
                        let said = verdict(&part.verdict);
                        format!(
                            "{} from {} on of line {}: {said}",
                            part.count, part.offset, part.line
                        )
                    });
                    let parts: Vec<String> = parts.collect();
                    format!("{}; {}", verdict(&decision.verdict), parts.join("; "))
                }
            },
        }
    }
}

fn refused(refusal: &Refusal) -> String {
    format!("refused, {}: {}", refusal.name, refusal.message)
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Allow(_) => "allowed".into(),
        Verdict::Quarantine { note, .. } => format!("held: {note}"),
        Verdict::Refuse(refusal) => refused(refusal),
    }
}

/// A movement that two codes judge in two ways.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The block in which it was judged.
    pub height: Height,
    /// The block's time.
    pub time: TimeMs,
    /// What was to happen.
    pub kind: &'static str,
    /// On whose behalf.
    pub account: Address,
    /// Who would give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// Who would receive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// Of what: products and units with how much of each.
    pub things: Vec<String>,
    /// What the code that the contract had said.
    pub recorded: String,
    /// What the new code says.
    pub new: String,
}

impl Difference {
    pub fn new(movement: Movement, recorded: Ruling, new: Ruling) -> Self {
        let things = movement.lines.iter().map(super::replay::named);
        Self {
            height: movement.height,
            time: movement.now,
            kind: movement.kind.name(),
            account: movement.account,
            from: movement.from,
            to: movement.to,
            things: things.collect(),
            recorded: recorded.words(),
            new: new.words(),
        }
    }
}
