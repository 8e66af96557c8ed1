//! Every method: its name, and its parameters in their order.

use marque_client::api::{self, Method};

/// Name and parameters as the type says them, held to what its reader takes.
fn method<M: Method>() -> String {
    let error = serde_json::from_str::<M>(r#"{"no such parameter": 0}"#)
        .unwrap_err()
        .to_string();
    let known: Vec<&str> = error.split('`').skip(3).step_by(2).collect();
    assert_eq!(known, M::PARAMS, "{}", M::NAME);
    format!("{}({})", M::NAME, M::PARAMS.join(", "))
}

#[test]
fn methods_keep_their_names_and_parameters() {
    let found = [
        method::<api::NodeHealth>(),
        method::<api::NodeInfo>(),
        method::<api::ChainHead>(),
        method::<api::ChainHeader>(),
        method::<api::ChainBlock>(),
        method::<api::ChainSubscribeHeads>(),
        method::<api::TxSubmit>(),
        method::<api::TxSubmitAndWait>(),
        method::<api::TxDryRun>(),
        method::<api::TxReceipt>(),
        method::<api::TxNonce>(),
        method::<api::TxEncode>(),
        method::<api::ContractGet>(),
        method::<api::ContractList>(),
        method::<api::ContractQuery>(),
        method::<api::RegistryBrand>(),
        method::<api::RegistryParty>(),
        method::<api::RegistryProduct>(),
        method::<api::RegistryResolve>(),
        method::<api::RegistryList>(),
        method::<api::ItemGet>(),
        method::<api::ItemVerify>(),
        method::<api::ItemSellable>(),
        method::<api::ItemTrace>(),
        method::<api::ItemChildren>(),
        method::<api::HolderItems>(),
        method::<api::PartyInbox>(),
        method::<api::PartyCredentials>(),
        method::<api::LotGet>(),
        method::<api::LotItems>(),
        method::<api::LotOrigins>(),
        method::<api::RecallReach>(),
        method::<api::EventGet>(),
        method::<api::EventQuery>(),
        method::<api::RefusalQuery>(),
        method::<api::RecallGet>(),
        method::<api::RecallList>(),
        method::<api::EpcisCapture>(),
    ];
    let expected = [
        "node_health()",
        "node_info()",
        "chain_head()",
        "chain_header(at)",
        "chain_block(at)",
        "chain_subscribeHeads(fromHeight)",
        "tx_submit(transaction)",
        "tx_submitAndWait(transaction)",
        "tx_dryRun(transaction, account, key, gasLimit)",
        "tx_receipt(hash)",
        "tx_nonce(account, key, lane)",
        "tx_encode(transaction, account, key, lane, nonce, expiry, gasLimit)",
        "contract_get(address)",
        "contract_list(brand, cursor, limit)",
        "contract_query(address, message, args)",
        "registry_brand(brand)",
        "registry_party(party)",
        "registry_product(gtin)",
        "registry_resolve(location)",
        "registry_list(kind, account, cursor, limit)",
        "item_get(id, at)",
        "item_verify(gtin, serial, lot, expiry)",
        "item_sellable(id, place)",
        "item_trace(id, cursor, limit, includeRefused, epcis)",
        "item_children(id, cursor, limit)",
        "holder_items(address, gtin, expand, cursor, limit)",
        "party_inbox(address, cursor, limit)",
        "party_credentials(address, issuer, cursor, limit)",
        "lot_get(lot, cursor, limit)",
        "lot_items(lot, cursor, limit)",
        "lot_origins(lot, cursor, limit)",
        "recall_reach(lot, cursor, limit)",
        "event_get(id)",
        "event_query(epc, lot, party, place, bizStep, disposition, action, document, contract, eventTime, recordTime, \
         errorDeclared, cursor, limit, epcis)",
        "refusal_query(contract, product, party, rule, time, cursor, limit)",
        "recall_get(id)",
        "recall_list(brand, open, cursor, limit)",
        "epcis_capture(document, transactions, party)",
    ];
    assert_eq!(found, expected);
}
