//! The keys of one field, and a field that has no keys yet.

use crate::buf::Buf;
use crate::bytes::Reader;

/// Where a field's keys begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place(Buf);

impl Place {
    /// Where the contract's storage begins.
    pub(crate) fn root() -> Self {
        Self(Buf::new())
    }

    /// The place of a field within this one. The macro bounds names at 64 bytes.
    pub fn field(&self, name: &str) -> Self {
        let mut prefix = self.0.clone();
        prefix.add(&[u8::try_from(name.len()).unwrap_or(u8::MAX)]);
        prefix.add(name.as_bytes());
        Self(prefix)
    }
}

/// A field's entries: in storage, or in memory while `init` or `migrate` puts the struct
/// together and the field does not know its name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Region {
    /// What every key begins with; empty as long as the field is loose.
    prefix: Buf,
    /// What was done to a loose field, the newest last.
    log: Buf,
}

/// Keys and values in a log; no value where the key was removed.
struct Log<'b>(&'b [u8]);

impl<'b> Iterator for Log<'b> {
    type Item = (&'b [u8], Option<&'b [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let mut reader = Reader(self.0);
        let key = long(&mut reader);
        let value = (reader.byte() != 0).then(|| long(&mut reader));
        self.0 = reader.0;
        Some((key, value))
    }
}

/// Bytes with their length before them.
fn long<'b>(reader: &mut Reader<'b>) -> &'b [u8] {
    let len = u32::from_le_bytes(reader.array());
    reader.take(len)
}

fn add_long(bytes: &[u8], log: &mut Buf) {
    log.add(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    log.add(bytes);
}

impl Region {
    pub fn at(place: &Place) -> Self {
        Self {
            prefix: place.0.clone(),
            log: Buf::new(),
        }
    }

    /// What a key of this field begins with, to be written on.
    pub fn key(&self) -> Buf {
        self.prefix.clone()
    }

    /// How much of a key is the field's name.
    pub fn name_len(&self) -> usize {
        self.prefix.len()
    }

    fn is_loose(&self) -> bool {
        self.prefix.is_empty()
    }

    fn logged(&self, key: &[u8]) -> Option<&[u8]> {
        let last = Log(&self.log).filter(|(own, _)| *own == key).last();
        last.and_then(|(_, value)| value)
    }

    fn note(&mut self, key: &[u8], value: Option<&[u8]>) {
        add_long(key, &mut self.log);
        self.log.add(&[u8::from(value.is_some())]);
        if let Some(value) = value {
            add_long(value, &mut self.log);
        }
    }

    pub fn has(&self, key: &[u8]) -> bool {
        if self.is_loose() {
            return self.logged(key).is_some();
        }
        crate::host::storage_has(key)
    }

    pub fn get(&self, key: &[u8]) -> Option<Buf> {
        if self.is_loose() {
            return self.logged(key).map(Buf::copy);
        }
        crate::host::storage_read(key)
    }

    pub fn put(&mut self, key: &[u8], value: &[u8]) {
        if self.is_loose() {
            self.note(key, Some(value));
        } else {
            crate::host::storage_write(key, value);
        }
    }

    pub fn remove(&mut self, key: &[u8]) -> bool {
        if self.is_loose() {
            let there = self.logged(key).is_some();
            self.note(key, None);
            return there;
        }
        crate::host::storage_remove(key)
    }

    /// The first key above `key` that begins with its first `shared` bytes.
    pub fn after(&self, key: &[u8], shared: usize) -> Option<Buf> {
        if !self.is_loose() {
            return crate::host::storage_after(key, shared);
        }
        let begin = key.get(..shared).unwrap_or(key);
        let live = Log(&self.log).filter(|(own, _)| *own > key && own.starts_with(begin));
        let live = live.filter(|(own, _)| self.logged(own).is_some());
        live.map(|(own, _)| own).min().map(Buf::copy)
    }

    /// Gives a loose field its place; what was done to it is done there.
    pub fn bind(&mut self, place: &Place) {
        if self.is_loose() {
            for (own, value) in Log(&self.log) {
                let mut key = place.0.clone();
                key.add(own);
                match value {
                    Some(value) => crate::host::storage_write(&key, value),
                    None => {
                        crate::host::storage_remove(&key);
                    }
                }
            }
            *self = Self::at(place);
        } else if self.prefix != place.0 {
            crate::host::stop(
                "a stored Map, Set, List or Value was put into a field of another name",
            );
        }
    }
}

/// Stored fields that have keys of their own.
macro_rules! region_field {
    ($name:ident<$($param:ident),+>, $layout:ident) => {
        impl<$($param: parity_scale_codec::Encode + parity_scale_codec::Decode + marque_abi::interface::Describe),+>
            $crate::storage::Stored for $name<$($param),+>
        {
            const LAYOUT: marque_abi::interface::parts::LayoutPart =
                marque_abi::interface::parts::LayoutPart::$layout($($param::SHAPE),+);
            const PLAIN: bool = false;

            fn load(place: &$crate::storage::Place, _: &mut &[u8]) -> Self {
                Self { region: $crate::storage::region::Region::at(place), types: core::marker::PhantomData }
            }

            fn plain(&self, _: &mut $crate::buf::Buf) {}

            fn bind(&mut self, place: &$crate::storage::Place) {
                self.region.bind(place);
            }
        }

        impl<$($param),+> Default for $name<$($param),+> {
            fn default() -> Self {
                Self { region: $crate::storage::region::Region::default(), types: core::marker::PhantomData }
            }
        }

        impl<$($param),+> $name<$($param),+> {
            /// Empty, for `init` to begin with.
            pub fn new() -> Self {
                Self::default()
            }
        }
    };
}
pub(super) use region_field;
