//! A bounded part of a map, set or list.

use alloc::vec::Vec;
use marque_abi::interface::Describe;
use marque_abi::interface::describe::{FieldPart, Named, NamedBody, Shape};
use parity_scale_codec::{Decode, Encode};

/// Items of one page at most, whatever is asked for.
pub const MAX_PAGE: u32 = 256;

/// Some items, and whether others follow. Ask for those after the last one.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Page<T> {
    /// In the order of their keys' bytes, or of their numbers in a list.
    pub items: Vec<T>,
    /// Whether there are more behind the last.
    pub more: bool,
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

/// Gathers up to `limit` items.
pub(super) fn gather<T>(limit: u32, mut next: impl FnMut() -> Option<T>) -> Page<T> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut items = Vec::new();
    for _ in 0..limit {
        match next() {
            Some(item) => items.push(item),
            None => return Page { items, more: false },
        }
    }
    Page {
        items,
        more: next().is_some(),
    }
}
