use super::line::{Mark, row};
use super::{standing, table};
use crate::names::Names;
use marque_client::api::{Item, TraceLine};
use marque_primitives::Address;
use serde_json::{Value, json};

const ITEM: &str = "https://id.gs1.org/01/09506000134352/21/000042";
const PALLET: &str = "https://id.gs1.org/00/095060001343500019";
const FARM: Address = Address([1; 20]);
const SHOP: Address = Address([2; 20]);
const RULES: Address = Address([9; 20]);

fn names() -> Names {
    Names::known(
        &[(FARM, "Green Farm"), (SHOP, "Carol's")],
        &[(RULES, "fresh-food")],
    )
}

fn event(kind: &str, more: Value) -> Value {
    let mut event = json!({
        "position": 7, "hash": "0x".to_owned() + &"11".repeat(32), "height": 3,
        "recorded": "2027-05-01T08:00:00.000Z", "transaction": "0x".to_owned() + &"22".repeat(32),
        "action": 0, "kind": kind, "signer": FARM, "account": FARM, "items": [ITEM], "late": false,
        "decided": [], "detail": {"time": "2027-05-01T09:30:00.000+02:00"},
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn entry(kind: &str, more: Value) -> Value {
    let mut entry = json!({
        "position": 9, "hash": "0x".to_owned() + &"33".repeat(32), "index": 0,
        "subject": {"gtin": "09506000134352", "from": "000001", "count": 500},
        "role": "subject", "kind": kind, "inferred": false,
    });
    for (name, value) in more.as_object().unwrap() {
        entry[name] = value.clone();
    }
    entry
}

fn line(value: Value) -> TraceLine {
    serde_json::from_value(value).unwrap()
}

fn lines() -> Vec<TraceLine> {
    let refusal = json!({
        "code": 5003, "name": "UnlistedReceiver", "message": "Carol's is not listed",
        "field": "to", "expected": "a listed receiver", "remedy": "add the receiver with add_receiver",
        "contract": RULES, "items": [],
    });
    let refused = json!({
        "transaction": "0x".to_owned() + &"44".repeat(32), "height": 4, "time": "2027-05-01T10:00:00.000Z",
        "account": FARM, "signer": FARM, "action": 0, "kind": "offer", "refusal": refusal,
    });
    let held = json!({"contract": RULES, "version": 1, "note": "9.5 CEL for 3 h", "held": true});
    let sensor =
        json!([{"type": "Temperature", "unit": "CEL", "min": "2", "max": "9.5", "alarm": true}]);
    vec![
        line(
            json!({"source": "own", "entry": entry("commission", json!({})), "event": event("commission", json!({}))}),
        ),
        line(
            json!({"source": "own", "entry": entry("pack", json!({"index": 1})), "event": event("pack", json!({"parent": PALLET}))}),
        ),
        line(
            json!({"source": "parent", "through": PALLET, "entry": entry("offer", json!({"subject": PALLET})),
            "event": event("offer", json!({"items": [PALLET], "to": {"account": SHOP}, "what": "both",
                "detail": {"time": "2027-05-02T08:00:00.000Z", "step": "shipping", "place": "9506000134376", "documents": [{"type": "desadv", "id": "urn:shop:1"}]}}))}),
        ),
        line(
            json!({"source": "own", "entry": entry("unpack", json!({"inferred": true})), "event": event("observe", json!({"parent": PALLET, "decided": [held],
            "detail": {"time": "2027-05-02T09:00:00.000Z", "sensors": sensor}}))}),
        ),
        line(
            json!({"source": "beside", "event": event("observe", json!({"account": SHOP, "signer": SHOP, "late": true,
            "withheld": {"code": 4001, "name": "NotCustodian", "message": "Green Farm has it", "field": null, "expected": null,
                "remedy": "ask them", "contract": null, "items": []}}))}),
        ),
        line(json!({"source": "refused", "refused": refused})),
    ]
}

#[test]
fn a_journey_reads_as_a_table() {
    let text = table(&lines(), &names()).render(None, false);
    let expected = "   when                       what                            who                   where          lot, unit                        result
●  2027-05-01 09:30:00+02:00  commission                      Green Farm                           one of 500                       accepted
●  2027-05-01 09:30:00+02:00  pack                            Green Farm                           in (00)095060001343500019        accepted
                                                                                                   one of 500
┊  2027-05-02 08:00:00        offer possession and ownership  Green Farm → Carol's  9506000134376  in (00)095060001343500019        accepted
                              shipping                                                             desadv urn:shop:1
●  2027-05-02 09:00:00        unpack (inferred)               Green Farm                           out of (00)095060001343500019    observed
                                                                                                   one of 500                       held by fresh-food: 9.5 CEL for 3 h
                                                                                                   Temperature 2 to 9.5 CEL, alarm
○  2027-05-01 09:30:00+02:00  observe                         Carol's                                                               kept as an observation: NotCustodian: Green Farm has it
                                                                                                                                    ask them
                                                                                                                                    recorded late
✗  2027-05-01 10:00:00        offer                           Green Farm                                                            refused by fresh-food: UnlistedReceiver: Carol's is not listed (field to, expected a listed receiver)
                                                                                                                                    add the receiver with add_receiver
";
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn every_source_has_its_mark() {
    let marks: Vec<_> = lines().iter().map(Mark::of).collect();
    assert_eq!(
        marks,
        [
            Mark::Own,
            Mark::Own,
            Mark::Parent,
            Mark::Own,
            Mark::Beside,
            Mark::Refused
        ]
    );
    for line in lines() {
        assert_eq!(row(&line, &names()).len(), 7);
    }
}

#[test]
fn how_it_stands_comes_first() {
    let item: Item = serde_json::from_value(json!({
        "id": ITEM, "run": ITEM, "external": false, "brand": FARM, "custodian": SHOP, "owner": null, "offer": null,
        "parent": PALLET, "parents": [PALLET], "place": "9506000134376", "lot": "B7", "expiry": "2027-05-09",
        "disposition": "in_transit", "persistent": [], "status": "quarantined", "why": {"parent": PALLET},
        "recalls": [1], "moved": 0, "history": {"length": 3, "head": "0x".to_owned() + &"33".repeat(32)},
    }))
    .unwrap();
    let text = standing::table(&ITEM.parse().unwrap(), Some(&item), &names()).render(None, false);
    assert_eq!(
        text,
        "SGTIN        https://id.gs1.org/01/09506000134352/21/000042
status       quarantined, since (00)095060001343500019 is
recall       recall 1 is open
brand        Green Farm
custodian    Carol's
owner        someone without an account
packed in    (00)095060001343500019
place        9506000134376
lot          B7
good until   2027-05-09
disposition  in_transit
"
    );
}
