//! A data folder and the genesis that belongs to it.

use super::{Data, failed};
use crate::failure::Failure;
use marque_primitives::genesis::Genesis;
use marque_store::{Opened, Options, inspect};
use std::path::{Path, PathBuf};

/// The genesis beside a store.
pub const GENESIS: &str = "genesis.json";
/// The store in a data folder.
pub const STORE: &str = "db";

/// The mark of what was signed, unless it is kept elsewhere.
pub const MARK: &str = "HIGHEST";

/// Where a folder has its store, and its genesis.
pub struct Place {
    pub store: PathBuf,
    pub genesis: PathBuf,
    /// The default place of the mark of what was signed; of a whole data folder alone.
    pub mark: Option<PathBuf>,
}

impl Place {
    pub fn of(data: &Data) -> Self {
        Self::at(&data.data, data.genesis.as_deref())
    }

    pub fn at(folder: &Path, genesis: Option<&Path>) -> Self {
        let bare = folder.join("FORMAT").exists();
        let store = if bare {
            folder.to_owned()
        } else {
            folder.join(STORE)
        };
        let genesis = genesis.map_or_else(|| folder.join(GENESIS), Path::to_owned);
        let mark = (!bare).then(|| folder.join(MARK));
        Self {
            store,
            genesis,
            mark,
        }
    }

    /// Opens the store to be read.
    pub fn open(&self) -> Result<Opened, Failure> {
        inspect(&self.store, &Options::default()).map_err(|error| failed(&error))
    }

    /// Reads the genesis.
    pub fn genesis(&self) -> Result<Genesis, Failure> {
        let bytes = std::fs::read(&self.genesis).map_err(|error| {
            Failure::file(&self.genesis, &error)
                .during("the genesis is needed; name it by --genesis")
        })?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::new(
                format!("{} is not a genesis: {error}", self.genesis.display()),
                "name the chain's genesis by --genesis",
            )
        })
    }
}
