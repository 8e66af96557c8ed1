//! `holder_items`, `party_inbox` and `party_credentials`: what parties hold, offer and are
//! offered, and what others say of them.

use crate::context::{Context, page};
use crate::error::RpcError;
use crate::names;
use crate::register::{Module, Register as _, Registered};
use crate::sequence;
use crate::view;
use marque_chain::reads::{HoldingFilter, PageRequest, Reader, Side};
use marque_client::api::{
    Credential, Direction, Held, HolderItems, InboxItem, Page, PartyCredentials, PartyInbox,
};
use marque_primitives::Address;

pub(super) fn register(module: &mut Module) -> Registered {
    module.work::<HolderItems>(holdings)?;
    module.work::<PartyInbox>(inbox)?;
    module.work::<PartyCredentials>(credentials)
}

fn holdings(context: &Context, asked: HolderItems) -> Result<Page<Held>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let holder = names::account(&reader, "address", &asked.address)?;
    let filter = HoldingFilter {
        product: asked
            .gtin
            .map(|name| names::product("gtin", &name))
            .transpose()?,
        expand: asked.expand.unwrap_or(false),
    };
    Ok(view::page(
        reader.holdings(&holder, &filter, &request)?.map(view::held),
    ))
}

fn inbox(context: &Context, asked: PartyInbox) -> Result<Page<InboxItem>, RpcError> {
    let reader = context.reader()?;
    let party = names::account(&reader, "address", &asked.address)?;
    sequence::page(
        asked.cursor,
        asked.limit,
        &[
            Box::new(|request| offers(&reader, &party, Side::In, request)),
            Box::new(|request| offers(&reader, &party, Side::Out, request)),
        ],
    )
}

fn offers(
    reader: &Reader,
    party: &Address,
    side: Side,
    request: &PageRequest,
) -> Result<Page<InboxItem>, RpcError> {
    let direction = match side {
        Side::In => Direction::In,
        Side::Out => Direction::Out,
    };
    let found = view::page(reader.offers(party, side, request)?);
    let items = found.items.into_iter().map(|at| {
        let offer = view::offer(reader, at.id, at.offer)?;
        Ok(InboxItem { direction, offer })
    });
    Ok(Page {
        items: items.collect::<Result<_, RpcError>>()?,
        cursor: found.cursor,
    })
}

fn credentials(context: &Context, asked: PartyCredentials) -> Result<Page<Credential>, RpcError> {
    let request = page(asked.cursor, asked.limit)?;
    let reader = context.reader()?;
    let subject = names::account(&reader, "address", &asked.address)?;
    let issuer = asked
        .issuer
        .map(|issuer| names::account(&reader, "issuer", &issuer))
        .transpose()?;
    let now = reader.head().time();
    let found = reader.credentials(&subject, issuer.as_ref(), &request)?;
    Ok(view::page(found.map(|((issuer, kind), credential)| {
        Credential {
            issuer,
            kind,
            valid: credential.valid_at(now),
            number: credential.number,
            from: credential.from,
            until: credential.until,
            revoked: credential.revoked,
            event: credential.event,
        }
    })))
}
