//! The contract as a module.

use crate::scene::{Scene, code, scene};
use marque_sdk::Refusals;

#[test]
fn the_chain_takes_it() {
    let code = code();
    let code = code.wasm();
    let checked = marque_vm::check(code).expect("taken code");
    assert_eq!(checked.meta().name.as_str(), "pharmaceuticals");
    println!("pharmaceuticals: {} bytes", code.len());
    assert!(code.len() < 40_000, "{} bytes", code.len());
}

/// A code is made of the name, wherever the refusal is declared: no reordering changes one.
#[test]
fn refusals_keep_their_numbers() {
    let scene = scene();
    let interface = scene.world.interface(scene.rules);
    let mut codes: Vec<(u32, &str)> = interface
        .refusals
        .iter()
        .map(|refusal| (refusal.code, refusal.name.as_str()))
        .collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            (5088, "FinalEnd"),
            (5148, "NotHolder"),
            (5216, "SensorAlarm"),
            (5352, "NotVerified"),
            (5371, "OutOfRange"),
            (5497, "UnderInvestigation"),
            (5511, "Mismatch"),
            (5573, "TenDaysOver"),
            (5649, "Recalled"),
            (5656, "NoCase"),
            (5661, "Unlinked"),
            (5719, "OtherAuthorisation"),
            (5778, "UnreadableTemperature"),
            (5789, "LicenceLapsed"),
            (5816, "NotPartner"),
            (5879, "NotLicensedHere"),
            (5880, "Expired"),
            (5909, "OtherPremises"),
        ]
    );
}

#[test]
fn the_librarys_refusals_stand_in_the_interface() {
    let mut scene = Scene::received();
    for part in <marque_trade::cold::Refuse as Refusals>::PARTS {
        let interface = scene.world.interface(scene.rules);
        let listed = interface.refusal(part.code).expect("listed by its code");
        assert_eq!(listed.name, part.name);
        assert_eq!(listed.message, part.message);
        assert_eq!(listed.field.as_deref(), part.field);
        assert_eq!(listed.remedy.as_deref(), part.remedy);
        assert_eq!(listed.fields.len(), part.fields.len());
    }
    // What is raised is what is listed.
    let packs = [scene.pills.items(1, 1)];
    let now = scene.world.now();
    let offer = scene.world.by("bob").offer(packs, "carol");
    let odd = offer.temperature("600", "A1", now, now);
    let refused = odd.is_refused("UnreadableTemperature").refusal;
    let interface = scene.world.interface(scene.rules);
    let listed = interface.refusal(refused.code).expect("listed");
    assert_eq!(refused.name.as_str(), listed.name);
    assert_eq!(refused.field.as_deref(), Some("sensors"));
    assert_eq!(refused.field.as_deref(), listed.field.as_deref());
    assert_eq!(refused.remedy.as_deref(), listed.remedy.as_deref());
}
