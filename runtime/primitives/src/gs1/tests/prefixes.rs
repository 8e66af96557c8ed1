//! Company prefixes.

use super::identifier;
use crate::gs1::*;

fn prefix(digits: &str) -> CompanyPrefix {
    CompanyPrefix::new(digits).unwrap()
}

#[test]
fn prefixes_are_matched_where_they_stand_in_each_key() {
    let brand = prefix("4012345");
    for text in [
        "(01)04012345111118",
        "(01)04012345111118(10)L",
        "(01)04012345111118(21)A",
        "(01)04012345111118(235)A",
        "(8006)040123451234560102",
        "(00)340123451111111111",
        "(8003)04012345000221",
        "(8004)4012345ABC",
        "(414)4012345000054",
        "(417)4012345000009",
        "(8017)401234500000000074",
        "(8018)401234500000067657",
        "(253)4012345000092PO",
        "(255)4012345999990",
        "(401)4012345333",
        "(402)40123452223334442",
        "(8010)4012345ABC(8011)1",
    ] {
        let key = identifier(text);
        assert!(brand.matches(&key), "{text}");
        assert!(
            prefix("401234").matches(&key) && !prefix("401234500007").matches(&key),
            "{text}"
        );
        assert!(!prefix("4012346").matches(&key), "{text}");
        assert_eq!(CompanyPrefix::of(&key, 7), Some(brand));
        assert_eq!(
            (CompanyPrefix::of(&key, 3), CompanyPrefix::of(&key, 13)),
            (None, None)
        );
    }
    // The indicator digit is no part of the prefix.
    assert!(prefix("0614141").matches(&identifier("(01)80614141123458")));
    // Digits end where letters begin.
    assert_eq!(CompanyPrefix::of(&identifier("(8004)4012345ABC"), 8), None);
    assert_eq!(CompanyPrefix::of(&identifier("urn:uuid:0"), 7), None);
}

#[test]
fn prefixes_overlap_if_one_begins_with_the_other() {
    assert!(prefix("4012345").overlaps(prefix("4012345")));
    assert!(prefix("4012345").overlaps(prefix("401234")));
    assert!(prefix("401234").overlaps(prefix("4012345")));
    assert!(!prefix("4012345").overlaps(prefix("4012346")));
    assert!(
        !prefix("0614141").overlaps(prefix("614141")),
        "a leading zero counts"
    );
    assert!(prefix("0000").overlaps(prefix("000000000000")));
}

#[test]
fn prefixes_have_4_to_12_digits() {
    for digits in ["", "123", "1234567890123", "12345x", "+1234"] {
        assert!(CompanyPrefix::new(digits).is_err(), "{digits}");
    }
    assert_eq!(std::format!("{}", prefix("0614141")), "0614141");
    assert_eq!(prefix("0614141").len(), 7);
}
