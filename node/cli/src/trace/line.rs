//! One line of a journey.

use crate::names::Names;
use crate::output::{Cell, Style};
use crate::words;
use marque_client::api::{Event, Refused, TraceEntry, TraceLine, TraceSource};
use marque_primitives::Address;
use marque_primitives::action::Kind;
use marque_primitives::date::Date;
use marque_primitives::gs1::LotNumber;
use marque_primitives::history::{Counterparty, Role, Terms};

/// How a line belongs to the journey.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Its own history.
    Own,
    /// The history of what held it.
    Parent,
    /// Sightings, and what is said of its lot or product.
    Beside,
    /// Refused.
    Refused,
}

impl Mark {
    /// In the order of the legend.
    pub const ALL: [Self; 4] = [Self::Own, Self::Parent, Self::Beside, Self::Refused];

    /// The line's.
    pub fn of(line: &TraceLine) -> Self {
        match line.source {
            TraceSource::Own => Self::Own,
            TraceSource::Parent => Self::Parent,
            TraceSource::Lot | TraceSource::Product | TraceSource::Beside => Self::Beside,
            TraceSource::Refused => Self::Refused,
        }
    }

    /// Before the line.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Own => "●",
            Self::Parent => "┊",
            Self::Beside => "○",
            Self::Refused => "✗",
        }
    }

    /// In the legend.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Own => "its own history",
            Self::Parent => "while packed: the history of what held it",
            Self::Beside => "beside the chain: seen by others, or said of its lot or product",
            Self::Refused => "beside the chain: refused, nothing of it happened",
        }
    }
}

/// The cells of a line.
pub fn row(line: &TraceLine, names: &Names) -> Vec<Cell> {
    let mark = Mark::of(line);
    let mut cells = match (&line.event, &line.refused) {
        (Some(event), _) => recorded(line, event, names),
        (None, Some(refused)) => not_done(refused, names),
        (None, None) => Vec::new(),
    };
    let style = match mark {
        Mark::Own => Style::Good,
        Mark::Parent | Mark::Beside => Style::Faint,
        Mark::Refused => Style::Bad,
    };
    cells.insert(0, Cell::new(style, mark.sign()));
    cells
}

fn recorded(line: &TraceLine, event: &Event, names: &Names) -> Vec<Cell> {
    let detail = &event.detail;
    let when = detail.time.unwrap_or(event.recorded);
    let mut places: Vec<String> = Vec::new();
    for place in [&detail.place, &detail.location].into_iter().flatten() {
        let place = words::place(place);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    vec![
        words::moment(when, detail.offset).into(),
        what(line.entry.as_ref(), event).into(),
        who(event, names).into(),
        places.join(" → ").into(),
        with(line, event).join("\n").into(),
        result(line, event, names),
    ]
}

fn what(entry: Option<&TraceEntry>, event: &Event) -> String {
    let kind = entry.map_or(event.kind, |entry| entry.kind);
    let mut words = match &event.terms {
        Some(Terms::Unlink) => "unlink".to_string(),
        _ => kind.name().to_string(),
    };
    if entry.is_some_and(|entry| entry.inferred) {
        words.push_str(" (inferred)");
    }
    match event.what.filter(|_| kind == event.kind) {
        Some(right) if right.ownership() => words.push_str(&format!(" {}", words::right(right))),
        _ => {}
    }
    if let Some(step) = &event.detail.step {
        words.push_str(&format!("\n{step}"));
    }
    words
}

fn who(event: &Event, names: &Names) -> String {
    let name = |party: &Counterparty| match party {
        Counterparty::Account(account) => names.party(*account),
        Counterparty::Commitment(_) => "(undisclosed)".into(),
    };
    let is = |party: &Option<Counterparty>, account: Address| {
        *party == Some(Counterparty::Account(account))
    };
    let account = names.party(event.account);
    let mut words = match (&event.from, &event.to) {
        (Some(from), Some(to)) if from != to => format!("{} → {}", name(from), name(to)),
        (None, Some(to)) if !is(&event.to, event.account) => {
            format!("{account} → {}", name(to))
        }
        (Some(from), None) if !is(&event.from, event.account) => {
            format!("{account}, from {}", name(from))
        }
        _ => account.clone(),
    };
    let named = is(&event.from, event.account) || is(&event.to, event.account);
    if !named && (event.from.is_some() && event.to.is_some()) {
        words.push_str(&format!("\nby {account}"));
    }
    if event.signer != event.account {
        words.push_str(&format!("\nkey {}", names.party(event.signer)));
    }
    words
}

/// The unit, lot and quantity that the line speaks of, and what was measured.
fn with(line: &TraceLine, event: &Event) -> Vec<String> {
    let mut with = Vec::new();
    let kind = line.entry.as_ref().map_or(event.kind, |entry| entry.kind);
    match (&line.through, &event.parent) {
        (Some(through), _) => with.push(format!("in {}", words::thing_id(through))),
        (None, Some(parent)) if line.source != TraceSource::Beside => {
            let word = match kind {
                Kind::Unpack => "out of",
                Kind::Associate => "on",
                Kind::Dissociate => "off",
                _ => "in",
            };
            let as_parent = line
                .entry
                .as_ref()
                .is_some_and(|entry| matches!(entry.role, Role::Parent | Role::Anchor));
            if !as_parent {
                with.push(format!("{word} {}", words::thing_id(parent)));
            }
        }
        _ => {}
    }
    match line.source {
        TraceSource::Lot => with.push("its lot".into()),
        TraceSource::Product => with.push("its product".into()),
        _ => {}
    }
    if let Some(entry) = &line.entry {
        match entry.role {
            Role::Parent => with.push(things(event)),
            Role::Input => with.push("used up".into()),
            Role::Output => with.push("made".into()),
            Role::Anchor | Role::Subject => {}
        }
        let neighbours = words::count(&entry.subject).filter(|_| line.through.is_none());
        with.extend(neighbours.map(|count| format!("one of {count}")));
    }
    if let Some(terms) = event.terms.as_ref().filter(|_| kind == event.kind) {
        with.extend(said(terms));
    }
    if let Some(open) = event.detail.open() {
        with.extend(open.sensors.iter().map(words::sensor));
        with.extend(
            open.documents
                .iter()
                .map(|document| match document.kind.as_str() {
                    "" => document.id.to_string(),
                    kind => format!("{kind} {}", document.id),
                }),
        );
    }
    with
}

/// What the operation said beyond its things.
fn said(terms: &Terms) -> Vec<String> {
    let birth = |lot: &Option<LotNumber>, expiry: &Option<Date>| {
        let lot = lot.map(|lot| format!("lot {lot}"));
        let expiry = expiry.map(|date| format!("good until {date}"));
        lot.into_iter().chain(expiry).collect::<Vec<_>>()
    };
    match terms {
        Terms::Birth { lot, expiry } => birth(lot, expiry),
        Terms::Offer { number, deadline } => {
            let until = deadline.map(|at| format!(" until {}", words::moment(at, None)));
            vec![format!("offer {}{}", number.0, until.unwrap_or_default())]
        }
        Terms::Answer { offers } => match &**offers {
            [one] => vec![format!("offer {}", one.0)],
            many => vec![format!("{} offers", many.len())],
        },
        Terms::Transformation {
            id, lot, expiry, ..
        } => {
            let mut said: Vec<String> = id.iter().map(ToString::to_string).collect();
            said.extend(birth(lot, expiry));
            said
        }
        Terms::Recall(number) => vec![format!("recall {}", number.0)],
        Terms::Anchor(place) => vec![format!("at {}", words::place(place))],
        Terms::Unlink => Vec::new(),
        Terms::Credential {
            kind,
            number,
            until,
            revoked,
            ..
        } => {
            let mut said = vec![format!("{kind} {number}")];
            said.extend(until.map(|at| format!("until {}", words::moment(at, None))));
            said.extend(revoked.then(|| "revoked".to_string()));
            said
        }
        Terms::Correction {
            event,
            reason,
            corrective,
        } => {
            let mut said = vec![format!("event {event}")];
            said.extend(reason.iter().map(ToString::to_string));
            said.extend(corrective.iter().map(|id| format!("put right by {id}")));
            said
        }
    }
}

/// What a parent's line is about: the things that went in or came out.
fn things(event: &Event) -> String {
    match event.items.as_slice() {
        [one] => words::thing(one),
        many => format!("{} things", many.len()),
    }
}

fn result(line: &TraceLine, event: &Event, names: &Names) -> Cell {
    let mut style = Style::Good;
    let mut words = Vec::new();
    match &event.withheld {
        Some(withheld) => {
            style = Style::Warn;
            let by = withheld
                .contract
                .map(|at| format!(" by {}", names.contract(at)));
            words.push(format!(
                "kept as an observation{}: {}",
                by.unwrap_or_default(),
                words::refusal(withheld)
            ));
            words.extend(withheld.remedy.as_ref().map(ToString::to_string));
        }
        None if matches!(event.kind, Kind::Observe | Kind::DeclareError) => {
            style = Style::Plain;
            words.push("observed".into());
        }
        None if line.source == TraceSource::Beside => {
            style = Style::Plain;
            words.push("recorded".into());
        }
        None => words.push("accepted".into()),
    }
    for decided in &event.decided {
        let contract = names.contract(decided.contract);
        let note = decided.note.as_ref().map(|note| format!(": {note}"));
        let note = note.unwrap_or_default();
        if decided.held {
            style = Style::Warn;
            words.push(format!("held by {contract}{note}"));
        } else if !note.is_empty() {
            words.push(format!("{contract}{note}"));
        }
    }
    if event.late {
        words.push("recorded late".into());
    }
    if event.declared.is_some() {
        style = Style::Warn;
        words.push("declared to be an error".into());
    }
    Cell::new(style, words.join("\n"))
}

fn not_done(refused: &Refused, names: &Names) -> Vec<Cell> {
    let refusal = &refused.refusal;
    let by = refusal
        .contract
        .map(|at| format!(" by {}", names.contract(at)));
    let mut result = format!(
        "refused{}: {}",
        by.unwrap_or_default(),
        words::refusal(refusal)
    );
    if let Some(remedy) = &refusal.remedy {
        result.push_str(&format!("\n{remedy}"));
    }
    vec![
        words::moment(refused.time, None).into(),
        refused.kind.map_or("", Kind::name).into(),
        names.party(refused.account).into(),
        "".into(),
        "".into(),
        Cell::new(Style::Bad, result),
    ]
}
