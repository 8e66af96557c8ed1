//! A trace as text.

use super::stored::{arguments, hex, key, value};
use super::{Answer, Asked, Call, Native, Question, Trace};
use core::fmt::{self, Write as _};
use marque_abi::decision::{Decision, Terms, Verdict};
use marque_abi::interface::json;
use marque_abi::invocation::{Command, Invocation, Read};
use marque_abi::movement::Movement;
use marque_abi::{HostFault, Reply};
use marque_primitives::Address;
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::credential::CredentialKind;
use marque_primitives::record::{Contents, Credential, LotRecord, Party, Product, Record};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{LotId, ThingId};
use marque_vm::CallResult;
use parity_scale_codec::DecodeAll;

fn decoded<T: DecodeAll>(bytes: &[u8]) -> Option<T> {
    T::decode_all(&mut &*bytes).ok()
}

/// A value of the ledger's own, in its field names; hex where it is none.
fn own<T: DecodeAll + fmt::Debug>(bytes: &[u8]) -> String {
    decoded::<T>(bytes).map_or_else(|| hex(bytes), |value| format!("{value:?}"))
}

pub(crate) fn shown_refusal(bytes: &[u8]) -> String {
    match decoded::<Refusal>(bytes) {
        Some(refusal) => format!("refused {refusal}"),
        None => format!("refused with what is no refusal: {}", hex(bytes)),
    }
}

impl Call {
    fn invocation(&self) -> Option<Invocation> {
        decoded(&self.input)
    }

    /// The entry, with the message's or query's name.
    pub(crate) fn what(&self) -> String {
        match self.invocation().filter(|call| !call.name.is_empty()) {
            Some(call) => format!("{} {}", self.entry, call.name),
            None => self.entry.clone(),
        }
    }

    /// What it was called with.
    fn with(&self) -> String {
        let interface = &self.interface;
        if let Some(movement) = decoded::<Movement>(&self.input) {
            return movement_in_words(&movement);
        }
        let Some(call) = self.invocation() else {
            return hex(&self.input);
        };
        let function = match self.entry.as_str() {
            "message" => interface.message(&call.name),
            "query" => interface.query(&call.name),
            "init" => interface.init.as_ref(),
            _ => interface.migrate.as_ref(),
        };
        let args = function.map(|function| arguments(interface, &function.args, &call.args));
        let args = args.unwrap_or_else(|| hex(&call.args));
        format!("by {}: ({args})", call.caller)
    }

    /// A host call in words.
    pub(crate) fn shown(&self, question: &Question) -> String {
        let interface = &self.interface;
        match question {
            Question::StorageRead { key: at } => format!("read {}", key(interface, at).0),
            Question::StorageWrite { key: at, value } => {
                let (name, stands) = key(interface, at);
                format!("write {name}: {}", stands.shown(interface, value))
            }
            Question::StorageRemove { key: at } => format!("remove {}", key(interface, at).0),
            Question::StorageAfter { key: at, .. } => {
                format!("next after {}", key(interface, at).0)
            }
            Question::Emit { event } => match json::decode_event(interface, event) {
                Ok((event, fields)) => {
                    let fields: Vec<String> = fields
                        .iter()
                        .map(|(name, value)| format!("{name}: {value}"))
                        .collect();
                    format!("emit {} {{ {} }}", event.name, fields.join(", "))
                }
                Err(_) => format!("emit {}", hex(event)),
            },
            Question::Log { line } => format!("log {line:?}"),
            Question::Read { kind, id } => match Read::from_u32(*kind) {
                Some(Read::Record) => format!("ledger: record of {}", own::<ThingId>(id)),
                Some(Read::Lot) => format!("ledger: lot {}", own::<LotId>(id)),
                Some(Read::Product) => format!(
                    "ledger: product {}",
                    decoded(id).map_or_else(
                        || hex(id),
                        |gtin: marque_primitives::gs1::Gtin| gtin.to_string()
                    )
                ),
                Some(Read::Party) => format!(
                    "ledger: party {}",
                    decoded(id).map_or_else(|| hex(id), |account: Address| account.to_string())
                ),
                Some(Read::Location) => format!(
                    "ledger: location {}",
                    own::<marque_primitives::gs1::Gln>(id)
                ),
                Some(Read::Contents) => format!("ledger: contents of {}", own::<ThingId>(id)),
                Some(Read::Credential) => match decoded::<(Address, Address, CredentialKind)>(id) {
                    Some((subject, issuer, kind)) => {
                        format!("ledger: {kind} of {subject} by {issuer}")
                    }
                    None => format!("ledger: credential {}", hex(id)),
                },
                None => format!("ledger: {kind} {}", hex(id)),
            },
            Question::Command { command } => format!("command {}", own::<Command>(command)),
            Question::Call {
                address,
                input,
                gas_limit,
            } => {
                let name = decoded::<(Text<64>, Bytes<65536>)>(input);
                let name = name.map_or_else(|| hex(input), |(name, _)| name.as_str().into());
                format!("ask {} {name}, at most {gas_limit} gas", Address(*address))
            }
        }
    }

    fn shown_reply(&self, asked: &Asked) -> Option<String> {
        let interface = &self.interface;
        Some(match &asked.answer {
            Err(HostFault::OutOfGas) => "out of gas".into(),
            Err(HostFault::Denied { name, message }) => format!("denied, {name}: {message}"),
            Err(HostFault::Node(what)) => format!("the node failed: {what}"),
            Ok(Answer::Nothing) => return None,
            Ok(Answer::Flag(there)) => if *there { "was there" } else { "was not there" }.into(),
            Ok(Answer::Maybe(None)) => "nothing".into(),
            Ok(Answer::Maybe(Some(bytes))) => match &asked.question {
                Question::StorageRead { key: at } => key(interface, at).1.shown(interface, bytes),
                Question::StorageAfter { .. } => key(interface, bytes).0,
                Question::Read { kind, .. } => match Read::from_u32(*kind) {
                    Some(Read::Record) => own::<Record>(bytes),
                    Some(Read::Lot) => own::<LotRecord>(bytes),
                    Some(Read::Product) => own::<Product>(bytes),
                    Some(Read::Party) => own::<Party>(bytes),
                    Some(Read::Location) => own::<Address>(bytes),
                    Some(Read::Contents) => own::<Contents>(bytes),
                    Some(Read::Credential) => own::<Credential>(bytes),
                    None => hex(bytes),
                },
                _ => hex(bytes),
            },
            Ok(Answer::Reply(Reply::Returned(bytes))) if bytes.is_empty() => "done".into(),
            Ok(Answer::Reply(Reply::Returned(bytes))) => hex(bytes),
            Ok(Answer::Reply(Reply::Absent)) => "there is none".into(),
            Ok(Answer::Reply(Reply::Refused(bytes))) => shown_refusal(bytes),
            Ok(Answer::Reply(Reply::Trapped(message))) => format!("stopped: {message}"),
        })
    }

    pub(crate) fn shown_end(&self) -> String {
        match &self.ended {
            CallResult::Returned(answer) => self.shown_answer(answer),
            CallResult::Refused(refusal) => shown_refusal(refusal),
            CallResult::Trapped(trap) => format!("stopped: {trap}"),
        }
    }

    /// What was answered, by what was asked.
    pub(crate) fn shown_answer(&self, answer: &[u8]) -> String {
        let interface = &self.interface;
        if self.entry.starts_with(marque_abi::entry::RULE_PREFIX) {
            return match decoded::<Decision>(answer) {
                _ if answer.is_empty() => "allowed".into(),
                Some(decision) => decision_in_words(&decision),
                None => format!("answered with no decision: {}", hex(answer)),
            };
        }
        let name = self.invocation().map(|call| call.name);
        let function = name.and_then(|name| match self.entry.as_str() {
            "message" => interface.message(&name),
            "query" => interface.query(&name),
            _ => None,
        });
        match function {
            _ if answer.is_empty() => "done".into(),
            Some(function) => format!("answered {}", value(interface, &function.returns, answer)),
            None => format!("answered {}", hex(answer)),
        }
    }

    fn write(&self, out: &mut String, depth: usize) {
        let pad = "  ".repeat(depth);
        let _ = writeln!(
            out,
            "{pad}{} ({}), {}, {} gas",
            self.name,
            self.contract,
            self.what(),
            self.gas
        );
        let _ = writeln!(out, "{pad}  with {}", self.with());
        for asked in &self.asked {
            let _ = write!(out, "{pad}  {}", self.shown(&asked.question));
            if let Some(reply) = self.shown_reply(asked) {
                let _ = write!(out, ": {reply}");
            }
            let _ = match asked.gas {
                0 => writeln!(out),
                gas => writeln!(out, " ({gas} gas)"),
            };
            for call in &asked.calls {
                call.write(out, depth + 2);
            }
        }
        let _ = writeln!(out, "{pad}  {}", self.shown_end());
        if self.native == Some(Native::NotRun) {
            let _ = writeln!(
                out,
                "{pad}  not run natively: only the virtual machine measures this"
            );
        }
    }
}

fn movement_in_words(movement: &Movement) -> String {
    let mut words = format!("{} by {}", movement.kind.name(), movement.account);
    if movement.captured {
        words.push_str(", captured");
    }
    for (word, party) in [("from", movement.from), ("to", movement.to)] {
        if let Some(party) = party {
            let _ = write!(words, ", {word} {party}");
        }
    }
    if let Some(parent) = &movement.parent {
        let _ = write!(words, ", {parent:?}");
    }
    for line in &movement.lines {
        let _ = write!(words, "; {} of {:?}", line.amount.value, line.line);
        if let Some(run) = &line.run {
            let _ = write!(words, " from {}", run.first());
        }
        if let Some(lot) = &line.lot {
            let _ = write!(words, ", lot {}", lot.as_str());
        }
    }
    words
}

fn decision_in_words(decision: &Decision) -> String {
    let mut words = verdict_in_words(&decision.verdict);
    for part in &decision.exceptions {
        let verdict = verdict_in_words(&part.verdict);
        let _ = write!(
            words,
            "; of line {}, {} from {}: {verdict}",
            part.line, part.count, part.offset
        );
    }
    words
}

fn verdict_in_words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Allow(terms) if *terms == Terms::default() => "allowed".into(),
        Verdict::Allow(terms) => match &terms.note {
            Some(note) => format!("allowed, noting {:?}", note.as_str()),
            None => "allowed on terms".into(),
        },
        Verdict::Quarantine {
            whole_lot, note, ..
        } => {
            let what = if *whole_lot { "held the lot" } else { "held" };
            format!("{what}: {}", note.as_str())
        }
        Verdict::Refuse(refusal) => format!("refused {refusal}"),
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        for call in &self.calls {
            call.write(&mut out, 1);
        }
        if self.calls.is_empty() {
            out.push_str("  no contract was asked\n");
        }
        for (address, name) in &self.names {
            out = out.replace(address, name);
        }
        f.write_str(&out)
    }
}
