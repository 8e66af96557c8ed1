//! Lists that are several lists of the chain, one after the other.

use crate::context;
use crate::error::RpcError;
use marque_chain::reads::PageRequest;
use marque_client::api::Page;

/// A list of the chain, page by page.
pub(crate) type List<'a, T> = Box<dyn Fn(&PageRequest) -> Result<Page<T>, RpcError> + 'a>;

/// A page of the lists in their order. Its cursor says in which of them it goes on, and
/// where: `1`, or `1:` and that list's own cursor.
pub(crate) fn page<T>(
    cursor: Option<String>,
    limit: Option<u32>,
    lists: &[List<'_, T>],
) -> Result<Page<T>, RpcError> {
    let wrong = || RpcError::params("cursor", "the cursor is not one that this list gave");
    let (first, mut own) = match cursor
        .as_deref()
        .map(|text| text.split_once(':').unwrap_or((text, "")))
    {
        None => (0, None),
        Some((at, "")) => (at.parse().map_err(|_| wrong())?, None),
        Some((at, own)) => (at.parse().map_err(|_| wrong())?, Some(own.to_owned())),
    };
    let wanted = context::page(None, limit)?.limit.unwrap_or(usize::MAX);
    let mut items = Vec::new();
    for (at, list) in lists.iter().enumerate().skip(first) {
        let room = wanted.saturating_sub(items.len());
        if room == 0 {
            return Ok(Page {
                items,
                cursor: Some(at.to_string()),
            });
        }
        let mut request = context::page(own.take(), limit)?;
        request.limit = Some(room);
        let found = list(&request)?;
        items.extend(found.items);
        if let Some(next) = found.cursor {
            return Ok(Page {
                items,
                cursor: Some(format!("{at}:{next}")),
            });
        }
    }
    Ok(Page {
        items,
        cursor: None,
    })
}
