//! `marque db check`.

use super::place::Place;
use super::{Data, failed, guarded, mark};
use crate::failure::Failure;
use crate::output::{Output, Progress};
use marque_chain::check::{self, Report};
use marque_primitives::genesis::Genesis;
use marque_store::{Opened, Options, RedbStore};
use serde_json::{Value, json};

pub fn run(data: &Data, output: &Output) -> Result<(), Failure> {
    let place = Place::of(data);
    let genesis = place.genesis()?;
    let looked = guarded(|| {
        let opened = place.open()?;
        let mut report = verify(&opened, &genesis, output)?;
        if let Some(mark) = &place.mark {
            let snapshot = opened.store.snapshot().map_err(|error| failed(&error))?;
            let height = report.height;
            let missing = mark::missing(mark, genesis.hash(), &*snapshot, height)?;
            report.damage.extend(missing);
        }
        Ok((opened.engine, report))
    });
    let (engine, report) = match looked {
        Ok(looked) => looked,
        Err(failure) => {
            if output.json {
                output.value(&json!({ "ok": false, "error": failure.to_string() }))?;
            }
            return Err(failure);
        }
    };
    if output.json {
        output.value(&shown(engine.name(), &report))?;
    } else {
        output.line(summary(engine.name(), &report))?;
        for damage in &report.damage {
            let at = if damage.at.is_empty() { "" } else { ", " };
            output.line(format!(
                "{}{at}{}: {}",
                damage.table, damage.at, damage.what
            ))?;
        }
    }
    verdict(&report)
}

/// Checks an open store, with its progress on a terminal.
pub fn verify(opened: &Opened, genesis: &Genesis, output: &Output) -> Result<Report, Failure> {
    let scratch = tempfile::tempdir();
    let scratch = scratch.map_err(|error| Failure::file(&std::env::temp_dir(), &error))?;
    let options = Options {
        cache_bytes: 64 << 20,
    };
    let anew = RedbStore::scratch(&scratch.path().join("db"), &options);
    let anew = anew.map_err(|error| failed(&error))?;
    let snapshot = opened.store.snapshot().map_err(|error| failed(&error))?;
    let mut shown: Option<(&str, Progress)> = None;
    let mut progress = |now: check::Progress| {
        let total = usize::try_from(now.total).unwrap_or(usize::MAX);
        let done = usize::try_from(now.done).unwrap_or(usize::MAX);
        if shown.as_ref().is_none_or(|(what, _)| *what != now.what) {
            // The one before is wiped first.
            shown = None;
            shown = Some((now.what, output.progress(now.what, total)));
        }
        if let Some((_, progress)) = &mut shown {
            progress.reach(done);
        }
    };
    check::check(snapshot, genesis, &anew, &mut progress).map_err(|error| failed(&error))
}

/// Whether all is as it has to be.
pub fn verdict(report: &Report) -> Result<(), Failure> {
    let found = u64::try_from(report.damage.len()).unwrap_or(u64::MAX);
    match found.saturating_add(report.more) {
        0 => Ok(()),
        1 => Err(Failure::new(
            "the data is damaged in 1 place",
            "restore it from a backup or resync",
        )),
        found => Err(Failure::new(
            format!("the data is damaged in {found} places"),
            "restore it from a backup or resync",
        )),
    }
}

pub fn summary(engine: &str, report: &Report) -> String {
    format!(
        "{} blocks up to height {}, {} transactions, {} events, {} history entries, {} leaves, {} index rows ({engine})",
        report.blocks,
        report.height,
        report.transactions,
        report.events,
        report.entries,
        report.leaves,
        report.index_rows
    )
}

pub fn shown(engine: &str, report: &Report) -> Value {
    let damage: Vec<Value> = report
        .damage
        .iter()
        .map(|damage| json!({ "table": damage.table, "at": damage.at, "what": damage.what }))
        .collect();
    json!({
        "ok": damage.is_empty(),
        "store": engine,
        "height": report.height,
        "blocks": report.blocks,
        "transactions": report.transactions,
        "events": report.events,
        "entries": report.entries,
        "leaves": report.leaves,
        "indexRows": report.index_rows,
        "damage": damage,
        "more": report.more,
    })
}
