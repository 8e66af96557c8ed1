//! Where a transaction stands, by its id.
//!
//! Ids are random, and a tree of random keys costs a page for each row, the more the larger it
//! is. So each block writes its ids as one sorted segment; sixteen neighbouring segments become
//! one, those again, up to a million ids. Every write is of neighbours, an id is written a few
//! times in all, and a search asks one page of each segment, newest first.
//!
//! A segment is named by its first height; its pages by the first id in each. An entry holds
//! the first eight bytes of an id, which the receipt there confirms.

use std::ops::Bound;

use marque_primitives::Hash;
use marque_state::{Batch, Direction, Raw, Snapshot, StateError, TableKey};
use parity_scale_codec::{Decode, Encode};

use crate::tables::{self, Place};

/// Segments that become one.
const FAN: u64 = 16;
/// Ids of a segment at most.
const MOST: usize = 1 << 20;
/// Entries of a page, as long as no two of them begin alike.
const PAGE: usize = 200;
const ENTRY: usize = 20;

/// A segment of the ids of neighbouring blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Segment {
    /// Of how many blocks: a power of sixteen.
    pub(crate) blocks: u64,
    pub(crate) ids: u64,
}

/// The first bytes of an id, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    start: u64,
    height: u64,
    index: u32,
}

fn start(id: &Hash) -> u64 {
    id.0.first_chunk()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// Adds the ids of the block at `height`, in order of their indices; `before` is of the block
/// before it.
pub(crate) fn write(
    batch: &mut Batch,
    before: &dyn Snapshot,
    height: u64,
    ids: impl Iterator<Item = Hash>,
) -> Result<(), StateError> {
    write_up_to(batch, before, height, ids, MOST)
}

fn write_up_to(
    batch: &mut Batch,
    before: &dyn Snapshot,
    height: u64,
    ids: impl Iterator<Item = Hash>,
    most: usize,
) -> Result<(), StateError> {
    let numbered = (0_u32..).zip(ids);
    let mut entries: Vec<Entry> = numbered
        .map(|(index, id)| Entry {
            start: start(&id),
            height,
            index,
        })
        .collect();
    let (mut first, mut blocks) = (height, 1_u64);
    // A segment that ends a group of sixteen takes the others of the group in.
    while let Some(wider) = blocks
        .checked_mul(FAN)
        .filter(|wider| height.wrapping_add(1).is_multiple_of(*wider))
    {
        let from = height.wrapping_add(1).saturating_sub(wider);
        let others = segments(before, from..first)?;
        let whole = others.iter().all(|(_, segment)| segment.blocks == blocks);
        let ids = others
            .iter()
            .map(|(_, segment)| segment.ids)
            .fold(0, u64::saturating_add);
        let fits = usize::try_from(ids).is_ok_and(|ids| ids.saturating_add(entries.len()) <= most);
        if !whole || !fits {
            break;
        }
        for (other, _) in others {
            for row in pages(before, other)? {
                let (key, page) = row?;
                entries.extend(read(&page));
                tables::TRANSACTIONS.delete(batch, &key);
            }
            tables::SEGMENTS.delete(batch, &other);
        }
        (first, blocks) = (from, wider);
    }
    entries.sort_unstable();
    let ids = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    tables::SEGMENTS.put(batch, &first, &Segment { blocks, ids });
    let mut rest = entries.as_slice();
    while let Some(page) = next_page(rest) {
        let (page, after) = rest.split_at(page);
        let name = page.first().map_or(0, |entry| entry.start);
        tables::TRANSACTIONS.put(batch, &(first, name), &Raw(written(page)));
        rest = after;
    }
    Ok(())
}

/// How many entries the next page has: entries that begin alike are never parted.
fn next_page(entries: &[Entry]) -> Option<usize> {
    let last = entries.get(..PAGE).unwrap_or(entries).last()?;
    let alike = entries.get(PAGE..).unwrap_or_default();
    let alike = alike
        .iter()
        .take_while(|entry| entry.start == last.start)
        .count();
    Some(entries.len().min(PAGE).saturating_add(alike))
}

fn written(page: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(page.len().saturating_mul(ENTRY));
    for entry in page {
        bytes.extend_from_slice(&entry.start.to_be_bytes());
        bytes.extend_from_slice(&entry.height.to_be_bytes());
        bytes.extend_from_slice(&entry.index.to_be_bytes());
    }
    bytes
}

fn read(Raw(page): &Raw) -> impl Iterator<Item = Entry> {
    page.chunks_exact(ENTRY).filter_map(|entry| {
        let (start, rest) = entry.split_first_chunk()?;
        let (height, index) = rest.split_first_chunk()?;
        Some(Entry {
            start: u64::from_be_bytes(*start),
            height: u64::from_be_bytes(*height),
            index: u32::from_be_bytes(index.try_into().ok()?),
        })
    })
}

fn segments(
    snapshot: &dyn Snapshot,
    heights: std::ops::Range<u64>,
) -> Result<Vec<(u64, Segment)>, StateError> {
    let (from, to) = (
        Bound::Included(&heights.start),
        Bound::Excluded(&heights.end),
    );
    tables::SEGMENTS
        .range(snapshot, from, to, Direction::Ascending)?
        .collect()
}

type PageRow = Result<((u64, u64), Raw), StateError>;

fn pages(
    snapshot: &dyn Snapshot,
    segment: u64,
) -> Result<impl Iterator<Item = PageRow> + '_, StateError> {
    tables::TRANSACTIONS.prefix(snapshot, &segment.to_key(), Direction::Ascending)
}

/// Places where an id may stand, those in newer segments first.
pub(crate) fn find<'a>(
    snapshot: &'a dyn Snapshot,
    id: &Hash,
) -> Result<impl Iterator<Item = Result<Place, StateError>> + 'a, StateError> {
    let wanted = start(id);
    let all = tables::SEGMENTS.range(
        snapshot,
        Bound::Unbounded,
        Bound::Unbounded,
        Direction::Descending,
    )?;
    let found = all.map(move |segment| -> Result<Vec<Place>, StateError> {
        let (first, _) = segment?;
        let (from, to) = (
            Bound::Included(&(first, 0)),
            Bound::Included(&(first, wanted)),
        );
        let page = tables::TRANSACTIONS
            .range(snapshot, from, to, Direction::Descending)?
            .next();
        let Some((_, page)) = page.transpose()? else {
            return Ok(Vec::new());
        };
        let alike = read(&page).filter(|entry| entry.start == wanted);
        Ok(alike.map(|entry| (entry.height, entry.index)).collect())
    });
    Ok(found.flat_map(|found| match found {
        Ok(places) => places.into_iter().map(Ok).collect::<Vec<_>>(),
        Err(error) => vec![Err(error)],
    }))
}

#[cfg(test)]
mod tests;
