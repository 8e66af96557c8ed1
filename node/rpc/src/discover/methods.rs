//! Every method with the causes for which it may fail. A test holds this list to what the
//! server registers.

use super::book::{Book, Feed};
use super::errors::Cause::{Cursor, Interface, Lagging, Missing, Name, Refused, Submit, Waiting};
use crate::error::Missing as What;
use marque_client::api::{
    BlockHeader, ChainBlock, ChainGenesis, ChainHead, ChainHeader, ChainSubscribeHeads,
    ContractGet, ContractList, ContractQuery, EpcisCapture, Event, EventGet, EventQuery,
    EventSubscribe, HolderItems, ItemChildren, ItemGet, ItemProve, ItemSellable, ItemTrace,
    ItemVerify, LotGet, LotItems, LotOrigins, NodeHealth, NodeInfo, PartyCredentials, PartyInbox,
    RecallGet, RecallList, RecallReach, RefusalQuery, RegistryBrand, RegistryList, RegistryParty,
    RegistryProduct, RegistryResolve, RpcDiscover, TxDryRun, TxEncode, TxNonce, TxReceipt,
    TxSubmit, TxSubmitAndWait,
};

/// Headers as they commit.
const HEADS: Feed = Feed {
    notification: "chain_heads",
    unsubscribe: "chain_unsubscribeHeads",
};
/// Events as they are recorded.
const EVENTS: Feed = Feed {
    notification: "event",
    unsubscribe: "event_unsubscribe",
};

pub(super) fn write(book: &mut Book) {
    book.method::<RpcDiscover>(&[]);
    book.method::<NodeHealth>(&[]);
    book.method::<NodeInfo>(&[]);

    book.method::<ChainHead>(&[]);
    book.method::<ChainHeader>(&[Missing(What::Block)]);
    book.method::<ChainGenesis>(&[]);
    book.method::<ChainBlock>(&[Missing(What::Block)]);
    book.subscription::<ChainSubscribeHeads, BlockHeader>(&HEADS, &[Lagging]);

    book.method::<TxSubmit>(&[Submit]);
    book.method::<TxSubmitAndWait>(&[Submit, Waiting]);
    book.method::<TxDryRun>(&[Name, Submit]);
    book.method::<TxReceipt>(&[Missing(What::Transaction)]);
    book.method::<TxNonce>(&[]);
    book.method::<TxEncode>(&[Name, Submit]);

    book.method::<ContractGet>(&[Missing(What::Contract)]);
    book.method::<ContractList>(&[Cursor]);
    book.method::<ContractQuery>(&[
        Missing(What::Contract),
        Missing(What::Query),
        Refused,
        Interface,
    ]);

    book.method::<RegistryBrand>(&[Name, Missing(What::Brand)]);
    book.method::<RegistryParty>(&[Name, Missing(What::Party)]);
    book.method::<RegistryProduct>(&[Name, Missing(What::Product)]);
    book.method::<RegistryResolve>(&[Name, Missing(What::Party)]);
    book.method::<RegistryList>(&[Cursor]);

    book.method::<ItemGet>(&[Name, Missing(What::Item), Missing(What::Block)]);
    book.method::<ItemProve>(&[Name, Cursor]);
    book.method::<ItemVerify>(&[Name]);
    book.method::<ItemSellable>(&[Name, Missing(What::Item)]);
    book.method::<ItemChildren>(&[Name, Missing(What::Item), Cursor]);
    book.method::<ItemTrace>(&[Name, Missing(What::Item), Missing(What::Lot), Cursor]);
    book.method::<HolderItems>(&[Name, Missing(What::Party), Cursor]);
    book.method::<PartyInbox>(&[Name, Missing(What::Party), Cursor]);
    book.method::<PartyCredentials>(&[Name, Missing(What::Party), Cursor]);

    book.method::<LotGet>(&[Name, Missing(What::Lot), Cursor]);
    book.method::<LotItems>(&[Name, Missing(What::Lot), Cursor]);
    book.method::<LotOrigins>(&[Name, Missing(What::Lot), Cursor]);
    book.method::<RecallReach>(&[Name, Missing(What::Lot), Cursor]);

    book.method::<EventGet>(&[Missing(What::Event)]);
    book.method::<EventQuery>(&[Name, Missing(What::Party), Cursor]);
    book.subscription::<EventSubscribe, Event>(&EVENTS, &[Name, Missing(What::Party), Lagging]);
    book.method::<RefusalQuery>(&[Name, Missing(What::Party), Cursor]);
    book.method::<RecallGet>(&[Missing(What::Recall)]);
    book.method::<RecallList>(&[Cursor]);
    book.method::<EpcisCapture>(&[Name, Missing(What::Party), Submit]);
}
