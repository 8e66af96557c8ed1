//! A disk that loses power: what was not synced is there, missing, or there in part.

use std::io;
use std::sync::{Arc, Mutex};

use redb::StorageBackend;

/// One write or change of length.
#[derive(Clone, Debug)]
enum Step {
    Write(u64, Vec<u8>),
    Length(u64),
}

#[derive(Debug, Default)]
struct Platter {
    /// What reads see: the page cache.
    cached: Vec<u8>,
    /// What is safe.
    synced: Vec<u8>,
    /// What happened since the last sync.
    pending: Vec<Step>,
    /// Steps until the power goes; `None` for never.
    power: Option<u64>,
    /// Whether syncs do nothing and say that they did: a store without its syncs.
    lying: bool,
}

/// A handle to a disk; clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    /// The power goes after so many writes and syncs.
    pub fn fail_after(&self, steps: u64) {
        self.0.lock().unwrap().power = Some(steps);
    }

    /// From now on syncs are only said to have happened.
    pub fn lie(&self) {
        self.0.lock().unwrap().lying = true;
    }

    /// The disk as it is found when the power is back. `chance` decides each unsynced sector.
    pub fn after_power_cut(&self, mut chance: impl FnMut() -> bool) -> Self {
        let platter = self.0.lock().unwrap();
        let mut found = platter.synced.clone();
        for step in &platter.pending {
            match step {
                Step::Write(offset, bytes) => {
                    for (number, sector) in bytes.chunks(512).enumerate() {
                        if chance() {
                            write(&mut found, *offset as usize + number * 512, sector);
                        }
                    }
                }
                Step::Length(length) if chance() => found.resize(*length as usize, 0),
                Step::Length(_) => {}
            }
        }
        Self(Arc::new(Mutex::new(Platter {
            cached: found.clone(),
            synced: found,
            ..Platter::default()
        })))
    }
}

fn write(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    file.resize(file.len().max(offset + bytes.len()), 0);
    file[offset..offset + bytes.len()].copy_from_slice(bytes);
}

impl Platter {
    fn step(&mut self) -> io::Result<()> {
        match &mut self.power {
            Some(0) => Err(io::Error::other("the power is gone")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().cached.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let platter = self.0.lock().unwrap();
        let bytes = platter
            .cached
            .get(offset as usize..offset as usize + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut platter = self.0.lock().unwrap();
        platter.step()?;
        platter.cached.resize(length as usize, 0);
        platter.pending.push(Step::Length(length));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut platter = self.0.lock().unwrap();
        platter.step()?;
        if !platter.lying {
            platter.pending.clear();
            platter.synced = platter.cached.clone();
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut platter = self.0.lock().unwrap();
        platter.step()?;
        write(&mut platter.cached, offset as usize, data);
        platter.pending.push(Step::Write(offset, data.to_vec()));
        Ok(())
    }
}
