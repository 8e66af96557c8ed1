use super::fsma::contents::{Contents, Portion};
use super::sheet::Sheet;

#[test]
fn cells_are_quoted_and_never_formulas() {
    let mut sheet = Sheet::new(&["a", "b"]);
    sheet.row(&["x, \"y\"\nz", "=HYPERLINK(\"https://evil.example\")"]);
    sheet.row(&["12.5", "-1"]);
    assert_eq!(
        sheet.into_text(),
        "a,b\r\n\"x, \"\"y\"\"\nz\",\"'=HYPERLINK(\"\"https://evil.example\"\")\"\r\n12.5,'-1\r\n"
    );
}

fn portion(class: &str, quantity: &str) -> Portion {
    Portion {
        class: class.into(),
        quantity: quantity.parse().ok(),
        unit: "CS".into(),
    }
}

#[test]
fn a_unit_holds_what_was_put_in_and_not_taken_out() {
    let (pallet, case) = ("urn:pallet", "urn:case".to_owned());
    let mut contents = Contents::default();
    contents.pack(&case, &[portion("urn:a", "2")], &[]);
    contents.pack(
        pallet,
        &[portion("urn:a", "10.5"), portion("urn:b", "1")],
        &[],
    );
    contents.pack(pallet, &[], std::slice::from_ref(&case));
    assert_eq!(
        contents.of(pallet),
        [portion("urn:a", "12.5"), portion("urn:b", "1")]
    );
    contents.unpack(pallet, &[portion("urn:a", "4"), portion("urn:b", "1")], &[]);
    contents.unpack(pallet, &[], std::slice::from_ref(&case));
    assert_eq!(contents.of(pallet), [portion("urn:a", "6.5")]);
    contents.unpack(pallet, &[], &[]);
    assert_eq!(contents.of(pallet), []);
    // Whatever was reported, no unit is looked into for ever.
    contents.pack(
        pallet,
        &[portion("urn:a", "1")],
        std::slice::from_ref(&case),
    );
    contents.pack(&case, &[], &[pallet.to_owned()]);
    assert!(!contents.of(pallet).is_empty());
}
