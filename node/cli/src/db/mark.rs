//! The file that remembers what a validator may have signed.

use crate::failure::Failure;
use marque_chain::check::Damage;
use marque_chain::consensus::Watermark;
use marque_primitives::{Hash, Height};
use marque_state::{Snapshot, tables};
use marque_store::{HighMark, Mark};
use std::fmt::Display;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Between two waits for the disk: what a power cut may take from the mark.
const SYNC: Duration = Duration::from_secs(1);

/// A [`HighMark`] behind the chain's seam.
pub struct KeptMark {
    file: HighMark,
    synced: Instant,
}

impl KeptMark {
    /// Opens the file of a chain, or makes it.
    pub fn open(path: &Path, genesis: Hash) -> Result<Self, Failure> {
        let file = HighMark::open(path, genesis.0);
        let file = file.map_err(|error| Failure::new(error.to_string(), ""))?;
        let synced = Instant::now();
        Ok(Self { file, synced })
    }
}

impl Watermark for KeptMark {
    fn newest(&self) -> Option<(Height, Hash)> {
        let newest = self.file.newest()?;
        Some((Height(newest.height), Hash(newest.block)))
    }

    fn raise(&mut self, height: Height, block: Hash) -> io::Result<()> {
        self.file.set(Mark {
            height: height.0,
            block: block.0,
        })?;
        if self.synced.elapsed() >= SYNC {
            self.settle()?;
        }
        Ok(())
    }

    fn lower(&mut self, height: Height, block: Hash) -> io::Result<()> {
        self.file.reset(Mark {
            height: height.0,
            block: block.0,
        })
    }

    fn settle(&mut self) -> io::Result<()> {
        self.synced = Instant::now();
        self.file.sync()
    }
}

/// What is missing of a store whose validator may have signed a block that it does not have: an
/// engine that finds its file cut off goes back to an earlier block without a word.
pub fn missing(
    mark: &Path,
    genesis: Hash,
    snapshot: &dyn Snapshot,
    height: u64,
) -> Result<Option<Damage>, Failure> {
    let failed = |error: &dyn Display| Failure::new(error.to_string(), "");
    let mark = HighMark::look(mark, genesis.0).map_err(|error| failed(&error))?;
    let Some(mark) = mark.filter(|mark| mark.height > height) else {
        return Ok(None);
    };
    // A body that waits for its signature may have been signed before a crash.
    let kept = tables::PROPOSALS.get(snapshot, &(mark.height, mark.block));
    if kept.map_err(|error| failed(&error))?.is_some() {
        return Ok(None);
    }
    let signed = mark.height;
    Ok(Some(Damage {
        table: tables::TIP.id().name,
        at: format!("block {height}"),
        what: format!("its validator may have signed block {signed}, which is not here"),
    }))
}
