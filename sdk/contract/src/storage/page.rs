//! A bounded part of a map, set or list.

use crate::buf::Buf;
use crate::bytes::{Reader, put_len};
use core::marker::PhantomData;
use marque_abi::interface::Describe;
use marque_abi::interface::describe::{FieldPart, Named, NamedBody, Shape};
use parity_scale_codec::{Decode, Encode, Output};

/// Items of one page at most, whatever is asked for.
///
/// ```
/// use marque_sdk::prelude::*;
/// use marque_sdk::storage::MAX_PAGE;
///
/// let serials = List::from_iter(0..300u32);
/// let page = serials.page(0, 1_000);
/// assert!(page.iter().count() == MAX_PAGE as usize && page.more());
/// ```
pub const MAX_PAGE: u32 = 256;

/// Some items in the order of their keys' bytes (of a list: of their numbers), and whether
/// others follow. Ask for those after the last one. Answered as `{items, more}`.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// /// All dealers, a page at a time.
/// fn all(dealers: &Set<Address>) -> Vec<Address> {
///     let (mut all, mut more) = (Vec::<Address>::new(), true);
///     while more {
///         let page = dealers.page(all.last(), 2);
///         all.extend(page.iter());
///         more = page.more();
///     }
///     all
/// }
/// let dealers = [7, 8, 9].map(|byte| Address([byte; 20]));
/// assert_eq!(all(&Set::from_iter(dealers)), dealers);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// The items' encodings, one after the other.
    items: Buf,
    count: usize,
    more: bool,
    types: PhantomData<T>,
}

impl<T: Encode + Decode> Page<T> {
    /// The items.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let quotas = Map::from_iter([(Address([7; 20]), 80), (Address([8; 20]), 20)]);
    /// let all: u32 = quotas.page(None, 10).iter().map(|(_, quota)| quota).sum();
    /// assert_eq!(all, 100);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = T> {
        let mut reader = Reader(&self.items);
        (0..self.count).map_while(move |_| T::decode(&mut reader).ok())
    }

    /// How many items.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let notes = List::from_iter(["seal broken", "seal replaced"].map(Words::from));
    /// assert_eq!((notes.page(0, 1).len(), notes.page(0, 10).len()), (1, 2));
    /// ```
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let notes = List::from_iter(["seal broken"].map(Words::from));
    /// assert!(!notes.page(0, 10).is_empty() && notes.page(1, 10).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether there are more behind the last.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let notes = List::from_iter(["seal broken", "seal replaced"].map(Words::from));
    /// assert!(notes.page(0, 1).more() && !notes.page(1, 1).more());
    /// ```
    pub fn more(&self) -> bool {
        self.more
    }
}

impl<T> Encode for Page<T> {
    fn encode_to<O: Output + ?Sized>(&self, out: &mut O) {
        let mut len = Buf::new();
        put_len(self.count, &mut len);
        out.write(&len);
        out.write(&self.items);
        out.write(&[u8::from(self.more)]);
    }
}

impl<T: Describe> Describe for Page<T> {
    const SHAPE: Shape = Shape::Named(&Named {
        path: "marque_sdk::storage::Page",
        name: "Page",
        args: &[T::SHAPE],
        docs: "Some items, and whether others follow.",
        body: NamedBody::Struct(&[
            FieldPart {
                name: "items",
                docs: "",
                shape: Shape::List(&T::SHAPE, MAX_PAGE),
            },
            FieldPart {
                name: "more",
                docs: "Whether there are more behind the last.",
                shape: bool::SHAPE,
            },
        ]),
    });
}

/// Gathers up to `limit` items that `next` writes, as long as it finds one.
pub(super) fn gather<T>(limit: u32, next: &mut dyn FnMut(&mut Buf) -> Option<()>) -> Page<T> {
    let mut page = Page {
        items: Buf::new(),
        count: 0,
        more: false,
        types: PhantomData,
    };
    for _ in 0..limit.clamp(1, MAX_PAGE) {
        if next(&mut page.items).is_none() {
            return page;
        }
        page.count = page.count.saturating_add(1);
    }
    page.more = next(&mut Buf::new()).is_some();
    page
}
