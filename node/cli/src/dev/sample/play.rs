//! The steps, in the order in which they are told.

use super::cast::Cast;
use crate::dev::contracts;
use crate::failure::Failure;
use crate::output::Output;
use marque_client::Client;
use marque_primitives::date::Date;
use marque_primitives::gs1::{Gtin, LotNumber, Serial};
use marque_primitives::hash::to_hex;
use marque_primitives::thing::LotId;
use marque_primitives::{Address, Decimal, TimeMs};
use parity_scale_codec::Encode;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// The bag whose journey is shown.
pub const ITEM: &str = "https://id.gs1.org/01/09506000134352/21/000001";

const GTIN: &str = "09506000134352";
const LOT: &str = "S-2611";
const PALLET: &str = "https://id.gs1.org/00/095060001343500019";
const FARM: &str = "https://id.gs1.org/414/9506000134376";
const FIELD: &str = "https://id.gs1.org/414/9506000134376/254/F7";
const HUB: &str = "https://id.gs1.org/414/9506000134383";
const SHOP: &str = "https://id.gs1.org/414/9506000134390";
/// Bags in the lot.
const BAGS: u64 = 1_000;
/// Days until the lot's last good one.
const SHELF_LIFE_DAYS: u64 = 12;
const MS_PER_DAY: u64 = 86_400_000;

/// Registers parties and product, deploys the rules, and sends a lot on its way.
pub async fn play(client: &Client, output: &Output) -> Result<(), Failure> {
    let cast = Cast::new(client).await?;
    let mut progress = output.progress("playing the sample: step", 14);
    let mut step = || progress.step();
    register(&cast).await?;
    step();
    let contract = rules(&cast).await?;
    step();
    cast.act("alice", &[packed()]).await?;
    step();
    // Frank is on no list: the brand's own rule says no.
    cast.refused(
        "alice",
        &[offer(&bags(1, 10), "frank", FARM, "invoice-4410")],
        "NotListed",
    )
    .await?;
    step();
    cast.act("alice", &[json!({"pack": {"parent": PALLET, "children": [bags(1, BAGS)], "step": "packing", "place": FARM}})])
        .await?;
    step();
    // One write moves the pallet and the thousand bags in it.
    cast.act(
        "alice",
        &[offer(&json!(PALLET), "bob", FARM, "desadv-7001")],
    )
    .await?;
    step();
    cast.act("bob", &[accept(&json!(PALLET), HUB, "desadv-7001")])
        .await?;
    step();
    cast.act("bob", &[alarm()]).await?;
    step();
    // The lot is held since the alarm, in every unit and hand.
    cast.refused(
        "bob",
        &[offer(&bags(1, 1), "carol", HUB, "desadv-7002")],
        "Quarantined",
    )
    .await?;
    step();
    cast.act("grace", &[release(contract)?]).await?;
    step();
    cast.act("bob", &[offer(&bags(1, 100), "carol", HUB, "desadv-7003")])
        .await?;
    step();
    cast.act("carol", &[accept(&bags(1, 100), SHOP, "desadv-7003")])
        .await?;
    step();
    let sale = json!({"release": {"items": [ITEM], "step": "retail_selling", "disposition": "retail_sold", "place": SHOP}});
    cast.act("carol", &[sale]).await?;
    step();
    Ok(())
}

async fn register(cast: &Cast) -> Result<(), Failure> {
    let party = |name: &str, shown: &str, locations: &[&str]| json!({"registerParty": {"account": Cast::address(name), "name": shown, "locations": locations}});
    let parties = [
        party("alice", "Valley Greens (alice)", &["9506000134376"]),
        party("bob", "Northgate Distribution (bob)", &["9506000134383"]),
        party("carol", "Carol's Grocery (carol)", &["9506000134390"]),
        party("frank", "Frank Wholesale (frank)", &[]),
        party("grace", "Grace Laboratory (grace)", &[]),
        json!({"license": {"brand": Cast::address("alice"), "key": {"prefix": "9506000"}}}),
    ];
    cast.act("judy", &parties).await.map(drop)
}

/// Deploys the fresh-food rules and registers the product that they govern.
async fn rules(cast: &Cast) -> Result<Address, Failure> {
    let broken = || {
        Failure::new(
            "the binary carries no fresh-food contract",
            "report this as a bug",
        )
    };
    let code = contracts::code("fresh-food").ok_or_else(broken)?;
    let limit = Decimal::from_integer(5);
    let receivers = vec![Cast::address("bob"), Cast::address("carol")];
    let inspectors = vec![Cast::address("grace")];
    let args = (limit, 30u32, receivers, inspectors).encode();
    let receipt = cast
        .act(
            "alice",
            &[json!({"deploy": {"code": to_hex(code), "args": to_hex(&args)}})],
        )
        .await?;
    let contract = receipt
        .actions
        .first()
        .and_then(|action| action.contract)
        .ok_or_else(broken)?;
    let product = json!({"registerProduct": {"gtin": GTIN, "name": "Baby spinach, 250 g", "contract": contract}});
    cast.act("alice", &[product]).await?;
    Ok(contract)
}

/// So many bags from a serial on.
fn bags(from: u64, count: u64) -> Value {
    json!({"gtin": GTIN, "from": format!("{from:06}"), "count": count})
}

fn document(name: &str) -> Value {
    json!([{"type": name.split('-').next(), "id": format!("https://valley.example/{name}")}])
}

fn packed() -> Value {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|span| span.as_millis())
        .unwrap_or_default();
    let now = TimeMs(u64::try_from(now).unwrap_or_default());
    let expiry = Date::of(now.plus(SHELF_LIFE_DAYS.saturating_mul(MS_PER_DAY)));
    json!({"commission": {
        "items": [bags(1, BAGS)],
        "lot": LOT,
        "expiry": expiry,
        "step": "commissioning",
        "disposition": "active",
        "place": FARM,
        "documents": document("prodorder-2611"),
        "facts": {"farmLocation": {"id": FIELD}, "harvestDate": Date::of(now).to_string()},
    }})
}

fn offer(items: &Value, to: &str, place: &str, with: &str) -> Value {
    json!({"offer": {
        "items": [items],
        "to": Cast::address(to),
        "what": "both",
        "step": "shipping",
        "disposition": "in_transit",
        "place": place,
        "documents": document(with),
    }})
}

fn accept(items: &Value, place: &str, with: &str) -> Value {
    json!({"accept": {
        "items": [items],
        "step": "receiving",
        "disposition": "in_progress",
        "place": place,
        "documents": document(with),
    }})
}

/// The logger on the pallet was too warm for a while.
fn alarm() -> Value {
    json!({"observe": {
        "items": [PALLET],
        "step": "sensor_reporting",
        "place": HUB,
        "sensors": [{"type": "Temperature", "unit": "CEL", "min": "3.8", "max": "11.4", "mean": "6.2", "alarm": true}],
    }})
}

/// The inspector found half of the lot good.
fn release(contract: Address) -> Result<Value, Failure> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::new(error.to_string(), "report this as a bug");
    let gtin = Gtin::new(GTIN).map_err(|error| wrong(&error))?;
    let lot = LotId {
        gtin,
        lot: LotNumber::new(LOT).map_err(|error| wrong(&error))?,
    };
    let first = Serial::new("000001").map_err(|error| wrong(&error))?;
    let finding = "Swab and temperature log checked: the first 500 bags are good.";
    let args = (lot, first, BAGS / 2, finding).encode();
    Ok(json!({"message": {"contract": contract, "name": "releaseItems", "args": to_hex(&args)}}))
}
