//! The keys of one field, and a field that has no keys yet.

use crate::buf::Buf;
use crate::bytes::Reader;

/// Where a field's keys begin: a struct's place and the field's name in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    parent: Buf,
    name: &'static str,
}

impl Place {
    /// Where the contract's storage begins.
    pub(crate) fn root() -> Self {
        Self {
            parent: Buf::new(),
            name: "",
        }
    }

    /// The place of a field within this one. The macro bounds names at 64 bytes.
    pub fn field(&self, name: &'static str) -> Self {
        Self {
            parent: self.key(),
            name,
        }
    }

    /// The name with its length before it, behind the parent's; nothing for the root.
    fn key(&self) -> Buf {
        let mut key = self.parent.clone();
        if let Ok(len @ 1..) = u8::try_from(self.name.len()) {
            key.add(&[len]);
            key.add(self.name.as_bytes());
        }
        key
    }
}

/// A field's entries: in storage, or in memory while `init` or `migrate` puts the struct
/// together and the field does not know its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Region {
    /// Where they are; the root as long as the field is loose.
    place: Place,
    /// What was done to a loose field, the newest last.
    log: Buf,
}

impl Default for Region {
    fn default() -> Self {
        Self::at(Place::root())
    }
}

/// Keys and values in a log; no value where the key was removed.
struct Log<'b>(Reader<'b>);

impl<'b> Iterator for Log<'b> {
    type Item = (&'b [u8], Option<&'b [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.0.is_empty() {
            return None;
        }
        let key = long(&mut self.0);
        let there = self.0.byte() != 0;
        Some((key, there.then(|| long(&mut self.0))))
    }
}

/// Bytes with their length before them.
fn long<'b>(reader: &mut Reader<'b>) -> &'b [u8] {
    let len = reader.word();
    reader.take(len as usize)
}

fn add_long(bytes: &[u8], log: &mut Buf) {
    log.add(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    log.add(bytes);
}

impl Region {
    pub fn at(place: Place) -> Self {
        Self {
            place,
            log: Buf::new(),
        }
    }

    /// What a key of this field begins with, to be written on; nothing while it is loose.
    pub fn key(&self) -> Buf {
        self.place.key()
    }

    fn is_loose(&self) -> bool {
        self.place.name.is_empty()
    }

    #[inline(never)]
    fn logged(&self, key: &[u8]) -> Option<&[u8]> {
        let mut found = None;
        for (own, value) in Log(Reader(&self.log)) {
            if own == key {
                found = value;
            }
        }
        found
    }

    #[inline(never)]
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
        if self.is_loose() {
            return self.logged_after(key, shared);
        }
        crate::host::storage_after(key, shared)
    }

    #[inline(never)]
    fn logged_after(&self, key: &[u8], shared: usize) -> Option<Buf> {
        let begin = key.get(..shared).unwrap_or(key);
        let mut least: Option<&[u8]> = None;
        for (own, _) in Log(Reader(&self.log)) {
            let follows = own > key && own.starts_with(begin);
            if follows && least.is_none_or(|least| own < least) && self.logged(own).is_some() {
                least = Some(own);
            }
        }
        least.map(Buf::copy)
    }

    /// Gives a loose field its place; what was done to it is done there.
    pub fn bind(&mut self, place: &Place) {
        if self.is_loose() {
            for (own, value) in Log(Reader(&self.log)) {
                let mut key = place.key();
                key.add(own);
                match value {
                    Some(value) => crate::host::storage_write(&key, value),
                    None => {
                        crate::host::storage_remove(&key);
                    }
                }
            }
            *self = Self::at(place.clone());
        } else if self.place != *place {
            crate::host::stop("a stored collection was put into a field of another name");
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

            fn load(place: $crate::storage::Place, _: &mut $crate::bytes::Reader<'_>) -> Self {
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
            ///
            /// ```
            /// use marque_sdk::prelude::*;
            ///
            /// let (quotas, listed) = (Map::<Address, u32>::new(), Set::<Address>::new());
            /// assert!(quotas.page(None, 1).is_empty() && listed.page(None, 1).is_empty());
            /// let (notes, laboratory) = (List::<Words>::new(), Value::<Address>::new());
            /// assert!(notes.is_empty() && laboratory.get().is_none());
            /// ```
            pub fn new() -> Self {
                Self::default()
            }
        }
    };
}
pub(super) use region_field;
