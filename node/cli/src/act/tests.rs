use super::verbs::VERBS;
use super::{Act, action, things};
use clap::{Command, FromArgMatches as _, Subcommand as _};
use serde_json::{Value, json};

const ITEM: &str = "https://id.gs1.org/01/09506000134352/21/A1";

fn typed(line: &[&str]) -> Result<Value, String> {
    let command = Act::augment_subcommands(Command::new("marque"));
    let matches = command
        .try_get_matches_from([&["marque"], line].concat())
        .map_err(|error| error.to_string())?;
    let act = Act::from_arg_matches(&matches).map_err(|error| error.to_string())?;
    let action = action(act.verb.action, act.fields).map_err(|failure| failure.to_string())?;
    Ok(serde_json::to_value(action).unwrap())
}

#[test]
fn every_example_is_an_action() {
    for verb in VERBS {
        // The address of a development account comes from the node.
        let example = verb.example.replace("--from alice", "");
        let words: Vec<String> = split(&example);
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let read = typed(&words);
        match verb.name {
            // Its hash is cut short for people.
            "declare-error" => assert!(read.is_err()),
            _ => assert!(read.is_ok(), "{}: {}", verb.name, read.unwrap_err()),
        }
    }
}

/// As a shell splits words with single quotes.
fn split(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (at, part) in line.split('\'').enumerate() {
        let last = words.len() - 1;
        if at % 2 == 1 {
            words[last].push_str(part);
            continue;
        }
        for (at, piece) in part.split(' ').enumerate() {
            if at > 0 {
                words.push(String::new());
            }
            let last = words.len() - 1;
            words[last].push_str(piece);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn an_offer_with_all_that_goes_with_it() {
    let offer = typed(&[
        "offer",
        "(00)095060001343500019",
        "--to",
        "9506000134376",
        "--what",
        "both",
        "--deadline",
        "2027-05-02T08:00:00Z",
        "--time",
        "2027-05-01T08:00:00+02:00",
        "--place",
        "https://id.gs1.org/414/9506000134352/254/dock-4",
        "--step",
        "shipping",
        "--fact",
        "traceabilityLotCode=TLC-1",
        "--fact",
        "weight:=12.5KGM",
        "--fact",
        "packed=2027-04-30T08:00:00Z",
        "--fact",
        "source=(414)9506000134376",
        "--document",
        "desadv=urn:shop:1",
        "--document",
        "urn:shop:2",
    ])
    .unwrap();
    assert_eq!(
        offer,
        json!({"offer": {
            "items": ["https://id.gs1.org/00/095060001343500019"],
            "to": "https://id.gs1.org/417/9506000134376",
            "what": "both",
            "deadline": "2027-05-02T08:00:00.000Z",
            "time": "2027-05-01T08:00:00.000+02:00",
            "place": "https://id.gs1.org/414/9506000134352/254/dock-4",
            "step": "shipping",
            "facts": {
                "packed": {"time": "2027-04-30T08:00:00.000Z"},
                "source": {"id": "https://id.gs1.org/414/9506000134376"},
                "traceabilityLotCode": "TLC-1",
                "weight": {"value": "12.5", "unit": "KGM"},
            },
            "documents": [{"type": "desadv", "id": "urn:shop:1"}, {"type": "", "id": "urn:shop:2"}],
        }})
    );
}

#[test]
fn a_recall_has_one_target() {
    let recall = |more: &[&str]| typed(&[&["recall", "--reason", "x"], more].concat());
    let lot = recall(&["--lot", "(01)09506000134352(10)B7"]).unwrap();
    assert_eq!(
        lot["recall"]["target"],
        json!({"lot": "https://id.gs1.org/01/09506000134352/10/B7"})
    );
    let items = recall(&[ITEM]).unwrap();
    assert_eq!(items["recall"]["target"], json!({"items": [ITEM]}));
    let none = recall(&[]).unwrap_err().to_string();
    for way in ["ITEM", "--product <GTIN>", "--lot <LOT>"] {
        assert!(none.contains(way), "{none}");
    }
    assert!(recall(&["--product", "09506000134352", ITEM]).is_err());
}

#[test]
fn recalls_and_holds_end_by_what_they_are_of() {
    let lot = "(01)09506000134352(10)B7";
    let canonical = json!({"lot": "https://id.gs1.org/01/09506000134352/10/B7"});
    assert_eq!(
        typed(&["lift-of", "--lot", lot]).unwrap()["liftOf"]["target"],
        canonical
    );
    assert_eq!(
        typed(&["end-hold", "--lot", lot]).unwrap()["endHold"]["target"],
        canonical
    );
    let holder = "0x0101010101010101010101010101010101010101";
    let quantity = format!("12.5KGM@{lot}");
    let things = typed(&["end-hold", &quantity, "--holder", holder]).unwrap();
    assert_eq!(
        things["endHold"]["target"]["things"]["holder"],
        json!(holder)
    );
    assert!(typed(&["end-hold"]).is_err());
}

#[test]
fn ranges_count_digits_and_leave_text_serials_alone() {
    let gtin = "https://id.gs1.org/01/09506000134352";
    assert_eq!(
        things::read("(01)09506000134352(10)B7(21)000001..+500").unwrap(),
        json!({"gtin": gtin, "lot": "B7", "from": "000001", "count": 500})
    );
    assert_eq!(
        things::read("https://id.gs1.org/8003/09506000134376001..+3").unwrap(),
        json!({"grai": "https://id.gs1.org/8003/09506000134376", "from": "001", "count": 3})
    );
    for text in [
        "(01)09506000134352(21)A1..+5",
        "(01)09506000134352(21)1..+x",
        ITEM,
    ] {
        assert_eq!(things::read(text).unwrap(), json!(text));
    }
}

#[test]
fn quantities_are_of_lots_and_classes() {
    let lot = "https://id.gs1.org/01/09506000134352/10/B7";
    assert_eq!(
        things::read(&format!("12.5KGM@{lot}")).unwrap(),
        json!({"lot": lot, "quantity": "12.5", "unit": "KGM"})
    );
    assert_eq!(
        things::read(&format!("300@{lot}")).unwrap(),
        json!({"lot": lot, "quantity": "300"})
    );
    assert_eq!(
        things::read("3@(01)09506000134352").unwrap(),
        json!({"class": "(01)09506000134352", "quantity": "3"})
    );
    assert!(things::read("3@B7").is_err());
}

#[test]
fn mistakes_are_named() {
    let words = typed(&["accept", "(00)095060001343500018"]).unwrap_err();
    assert!(words.contains("check digit"), "{words}");
    let words = typed(&["accept", ITEM, "--fact", "x"]).unwrap_err();
    assert!(words.contains("NAME=VALUE"), "{words}");
    let words = typed(&["accept", ITEM, "--fact", "x=1", "--fact", "x=2"]).unwrap_err();
    assert!(words.contains("twice"), "{words}");
    let words = typed(&["offer", ITEM]).unwrap_err();
    assert!(words.contains("--to"), "{words}");
    let words = typed(&["offer", ITEM, "--to", "9506000134376", "--what", "all"]).unwrap_err();
    assert!(words.contains("possession"), "{words}");
}
