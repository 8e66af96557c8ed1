use super::{right, right_table, wrong, wrong_table};
use marque_primitives::gs1::{Gs1Error, Identifier, ParseOptions, Parsed};
use serde_json::json;

fn parse(text: &str) -> Result<Parsed, Gs1Error> {
    Identifier::parse(text, ParseOptions::default())
}

#[test]
fn an_item_is_told_in_every_form() {
    let link = "https://example.com/01/09506000134352/10/B7/21/A1?17=270501";
    let told = right(link, &parse(link).unwrap(), Some(7));
    assert_eq!(
        told,
        json!({
            "input": link,
            "valid": true,
            "kind": "SGTIN",
            "class": false,
            "form": "Digital Link",
            "parts": [
                {"ai": "01", "title": "GTIN", "value": "09506000134352"},
                {"ai": "10", "title": "lot", "value": "B7"},
                {"ai": "21", "title": "serial", "value": "A1"},
            ],
            "digitalLink": "https://id.gs1.org/01/09506000134352/10/B7/21/A1",
            "epcUrn": "urn:epc:id:sgtin:9506000.013435.A1",
            "elementString": "(01)09506000134352(10)B7(21)A1",
            "attributes": [{"ai": "17", "title": "USE BY or EXPIRY", "value": "270501"}],
            "query": "17=270501",
        })
    );
}

#[test]
fn people_read_the_same() {
    let text = "(00)095060001343500019";
    let table = right_table(text, &parse(text).unwrap(), Some(12)).render(None, false);
    assert_eq!(
        table,
        "read as         (00)095060001343500019  (element string)\n\
         kind            SSCC\n\
         \u{20}               (00) SSCC: 095060001343500019\n\
         Digital Link    https://id.gs1.org/00/095060001343500019\n\
         EPC URN         urn:epc:id:sscc:950600013435.00001\n\
         element string  (00)095060001343500019\n"
    );
}

#[test]
fn a_wrong_check_digit_names_the_right_one() {
    let text = "https://id.gs1.org/01/09506000134353/21/A1";
    let error = parse(text).unwrap_err();
    let told = wrong(text, &error);
    assert_eq!(told["error"]["name"], "CheckDigit");
    assert_eq!(told["error"]["expected"], "2");
    let table = wrong_table(text, &error).render(None, false);
    assert!(table.contains("[CheckDigit 2004]"), "{table}");
}

#[test]
fn other_uris_are_told_as_such_and_have_no_urn() {
    let told = right("urn:gdst:x:1", &parse("urn:gdst:x:1").unwrap(), Some(7));
    assert_eq!(
        (&told["kind"], &told["epcUrn"]),
        (&json!("URI"), &json!(null))
    );
}
