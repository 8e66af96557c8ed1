//! Reading state: one object-safe trait for everything that execution can stand on.

use crate::StateError;

/// A key and its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// Ordered, read-only state. Keys are never empty and sort as bytes; a key of one view has one
/// value for as long as the view lives.
pub trait View {
    /// The value of `key`.
    ///
    /// # Errors
    /// When the engine fails or a row is damaged; so for every method here.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError>;

    /// The entry with the smallest key strictly above `key`.
    ///
    /// # Errors
    /// See [`View::get`].
    fn after(&self, key: &[u8]) -> Result<Option<Entry>, StateError>;

    /// The entry with the greatest key strictly below `key`.
    ///
    /// # Errors
    /// See [`View::get`].
    fn before(&self, key: &[u8]) -> Result<Option<Entry>, StateError>;

    /// The entry with the greatest key not above `key`.
    ///
    /// # Errors
    /// See [`View::get`].
    fn at_or_before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        match self.get(key)? {
            Some(value) => Ok(Some((key.to_vec(), value))),
            None => self.before(key),
        }
    }

    /// At most `limit` entries with `from <= key`, and `key < to` where `to` is given, ascending.
    ///
    /// # Errors
    /// See [`View::get`].
    fn scan(&self, from: &[u8], to: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StateError> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        let mut next = match self.get(from)? {
            Some(value) => Some((from.to_vec(), value)),
            None => self.after(from)?,
        };
        while let Some(entry) = next {
            if to.is_some_and(|to| entry.0.as_slice() >= to) {
                break;
            }
            next = if found.len().saturating_add(1) < limit {
                self.after(&entry.0)?
            } else {
                None
            };
            found.push(entry);
        }
        Ok(found)
    }
}
