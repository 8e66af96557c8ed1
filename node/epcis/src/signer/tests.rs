use super::{Role, candidates};
use crate::event::Event;
use crate::{Document, Limits};
use marque_primitives::gs1::Gln;
use serde_json::{Value, json};

const SELLER: &str = "https://id.gs1.org/417/9506000134376";
const BUYER: &str = "https://id.gs1.org/417/9521234000006";
const CARRIER: &str = "https://id.gs1.org/417/9521234000105";
const DOCK: &str = "urn:epc:id:sgln:9521234.00011.7";
const STORE: &str = "https://id.gs1.org/414/9521234000204";

fn event(step: &str, more: Value) -> Event {
    let mut event = json!({"type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-05-30T07:00:00Z", "eventTimeZoneOffset": "+02:00", "bizStep": step});
    event
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    Document::of(&event, &Limits::default())
        .unwrap()
        .events
        .remove(0)
        .event
        .unwrap()
}

fn everyone() -> Value {
    json!({
        "sourceList": [{"type": "owning_party", "source": SELLER}, {"type": "possessing_party", "source": CARRIER}],
        "destinationList": [{"type": "owning_party", "destination": BUYER}, {"type": "possessing_party", "destination": BUYER}],
        "readPoint": {"id": DOCK}, "bizLocation": {"id": STORE}, "gs1:informationProvider": {"id": SELLER},
    })
}

fn roles(step: &str, more: Value) -> Vec<Role> {
    let given = "9506000134352".parse::<Gln>().ok();
    candidates(&event(step, more), given)
        .unwrap()
        .iter()
        .map(|candidate| candidate.role)
        .collect()
}

#[test]
fn outbound_is_answered_for_by_who_had_it() {
    for step in [
        "shipping",
        "departing",
        "consigning",
        "void_shipping",
        "retail_selling",
    ] {
        assert_eq!(
            roles(step, everyone()),
            [
                Role::PossessingSource,
                Role::ReadPoint,
                Role::OwningSource,
                Role::Given
            ],
            "{step}"
        );
    }
}

#[test]
fn inbound_is_answered_for_by_who_gets_it_and_never_by_the_source() {
    for step in ["receiving", "accepting", "arriving", "collecting"] {
        let roles = roles(step, everyone());
        assert_eq!(
            roles,
            [
                Role::PossessingDestination,
                Role::BizLocation,
                Role::ReadPoint,
                Role::InformationProvider,
                Role::Given
            ],
            "{step}"
        );
    }
    let source_only = json!({"sourceList": [{"type": "possessing_party", "source": CARRIER}]});
    assert!(candidates(&event("receiving", source_only), None).is_err());
    let owner = json!({"destinationList": [{"type": "owning_party", "destination": BUYER}]});
    assert_eq!(
        roles("receiving", owner),
        [Role::OwningDestination, Role::Given]
    );
}

#[test]
fn anything_else_is_answered_for_where_it_happened() {
    for step in [
        "inspecting",
        "commissioning",
        "packing",
        "https://example.com/step",
    ] {
        assert_eq!(
            roles(step, everyone()),
            [
                Role::ReadPoint,
                Role::BizLocation,
                Role::InformationProvider,
                Role::Given
            ],
            "{step}"
        );
    }
    assert_eq!(
        roles(
            "inspecting",
            json!({"readPoint": {"id": "geo:1,2"}, "gs1:informationProvider": SELLER})
        ),
        [Role::InformationProvider, Role::Given]
    );
}

#[test]
fn one_number_stands_once_and_nobody_is_an_error() {
    let same = json!({"readPoint": {"id": STORE}, "bizLocation": {"id": STORE}});
    assert_eq!(roles("inspecting", same), [Role::ReadPoint, Role::Given]);
    let nobody = event("inspecting", json!({"readPoint": {"id": "geo:1,2"}}));
    assert!(
        candidates(&nobody, None)
            .unwrap_err()
            .to_string()
            .contains("--as")
    );
    let given = "9506000134352".parse::<Gln>().unwrap();
    let [only] = &candidates(&nobody, Some(given)).unwrap()[..] else {
        panic!()
    };
    assert_eq!((only.role, only.gln), (Role::Given, given));
}
