//! Unsigned bundles: what other parties have to sign.

use crate::failure::Failure;
use crate::output::Output;
use marque_primitives::Address;
use marque_primitives::action::{Action, Report};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

/// Reports by the party that answers for them, in their order.
#[derive(Default)]
pub struct Bundles(BTreeMap<Address, Vec<Report>>);

impl Bundles {
    /// Puts a report aside.
    pub fn add(&mut self, party: Address, report: &Report) {
        self.0.entry(party).or_default().push(report.clone());
    }

    /// The bundle of each party, as `marque submit` reads it.
    pub fn bundles(&self) -> impl Iterator<Item = (Address, Value)> {
        self.0.iter().map(|(party, reports)| {
            let transactions: Vec<Value> = reports
                .iter()
                .map(|report| json!({ "actions": [Action::Fact(report.clone())] }))
                .collect();
            let bundle = json!({ "party": party, "transactions": transactions });
            (*party, bundle)
        })
    }

    /// Writes a file for each party, whole.
    pub fn write(&self, folder: &Path, output: &Output) -> Result<(), Failure> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        for (party, bundle) in self.bundles() {
            let path = folder.join(format!("{party}.json"));
            let write = || -> std::io::Result<()> {
                let mut file = tempfile::NamedTempFile::new_in(folder)?;
                file.write_all(format!("{bundle:#}\n").as_bytes())?;
                file.as_file().sync_all()?;
                file.persist(&path).map_err(|error| error.error)?;
                Ok(())
            };
            write().map_err(|error| Failure::file(&path, &error))?;
            output.note(format_args!(
                "unsigned events of {party}: {}",
                path.display()
            ));
        }
        Ok(())
    }
}
