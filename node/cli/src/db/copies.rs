//! `marque db backup` and `marque db restore`: whole copies, also from one engine to another.

use super::place::{GENESIS, Place, STORE};
use super::{Data, StoreEngine, check, failed, guarded};
use crate::failure::Failure;
use crate::output::Output;
use marque_state::Snapshot;
use marque_store::{Copied, Engine, Opened, Options};
use serde_json::json;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

pub fn backup(
    data: &Data,
    to: &Path,
    store: Option<StoreEngine>,
    output: &Output,
) -> Result<(), Failure> {
    let place = Place::of(data);
    place.genesis()?;
    guarded(|| {
        let from = place.open()?;
        let engine = store.map_or(from.engine, Engine::from);
        let copied = copy(&from, &place.genesis, to, engine, output)?;
        answer("copied", to, engine, copied, output)
    })
}

pub fn restore(
    from: &Path,
    data: &Path,
    store: Option<StoreEngine>,
    output: &Output,
) -> Result<(), Failure> {
    let place = Place::at(from, None);
    let genesis = place.genesis()?;
    guarded(|| {
        let backup = place.open()?;
        let engine = store.map_or(backup.engine, Engine::from);
        let copied = copy(&backup, &place.genesis, data, engine, output)?;
        drop(backup);
        let restored = Place::at(data, None).open()?;
        let report = check::verify(&restored, &genesis, output)?;
        check::verdict(&report).map_err(|failure| {
            failure.during(format_args!("{} was brought back, but", from.display()))
        })?;
        if !output.json {
            output.line(check::summary(engine.name(), &report))?;
        }
        answer("restored and verified", data, engine, copied, output)
    })
}

/// Copies a store and its genesis into a new folder; the store is whole or refused.
fn copy(
    from: &Opened,
    genesis: &Path,
    to: &Path,
    engine: Engine,
    output: &Output,
) -> Result<Copied, Failure> {
    let genesis = std::fs::read(genesis).map_err(|error| Failure::file(genesis, &error))?;
    let snapshot = from.store.snapshot().map_err(|error| failed(&error))?;
    let mut progress = output.progress("MB", 0);
    write(&*snapshot, &genesis, to, engine, &mut |copied| {
        progress.reach(usize::try_from(copied.bytes >> 20).unwrap_or(usize::MAX));
    })
}

/// Writes a snapshot and the genesis into a new folder. The store comes last: once it is whole,
/// all is.
pub fn write(
    from: &dyn Snapshot,
    genesis: &[u8],
    to: &Path,
    engine: Engine,
    progress: &mut dyn FnMut(Copied),
) -> Result<Copied, Failure> {
    empty(to)?;
    let target = to.join(GENESIS);
    File::create_new(&target)
        .and_then(|mut file| file.write_all(genesis).and_then(|()| file.sync_all()))
        .map_err(|error| Failure::file(&target, &error))?;
    let mut on = |copied| {
        progress(copied);
        Ok(())
    };
    let folder = to.join(STORE);
    marque_store::backup(from, &folder, engine, &Options::default(), &mut on).map_err(|error| {
        failed(&error).during(format_args!("the copy in {} is not whole", to.display()))
    })
}

/// Nothing is copied over something.
fn empty(to: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(to).map_err(|error| Failure::file(to, &error))?;
    let mut there = std::fs::read_dir(to).map_err(|error| Failure::file(to, &error))?;
    if there.next().is_some() {
        return Err(Failure::new(
            format!("{} is not empty", to.display()),
            "copy into a new or empty folder",
        ));
    }
    Ok(())
}

fn answer(
    what: &str,
    to: &Path,
    engine: Engine,
    copied: Copied,
    output: &Output,
) -> Result<(), Failure> {
    if output.json {
        return output.value(&json!({
            "folder": to,
            "store": engine.name(),
            "rows": copied.rows,
            "bytes": copied.bytes.to_string(),
        }));
    }
    output.line(format!(
        "{what}: {} rows, {} bytes of keys and values, in {} ({engine})",
        copied.rows,
        copied.bytes,
        to.display()
    ))
}
