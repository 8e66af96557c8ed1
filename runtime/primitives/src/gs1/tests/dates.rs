//! The century rule and day 00.

use crate::date::Date;
use crate::gs1::date::from_yymmdd;

#[test]
fn the_century_is_the_nearest() {
    // (text, this year, year month day): GS1 General Specifications, figure 7.12-1.
    let cases = [
        ("260517", 2026, (2026, 5, 17)),
        ("760101", 2026, (2076, 1, 1)),
        ("770101", 2026, (1977, 1, 1)),
        ("000101", 2049, (2000, 1, 1)),
        ("000101", 2050, (2100, 1, 1)),
        ("990101", 2048, (1999, 1, 1)),
        ("990101", 2049, (2099, 1, 1)),
        ("010101", 2051, (2101, 1, 1)),
        ("020101", 2051, (2002, 1, 1)),
    ];
    for (text, year, (y, m, d)) in cases {
        assert_eq!(
            from_yymmdd(text, year).ok(),
            Date::from_ymd(y, m, d),
            "{text} in {year}"
        );
    }
}

#[test]
fn day_00_is_the_last_of_the_month() {
    for (text, last) in [
        ("280200", (2028, 2, 29)),
        ("270200", (2027, 2, 28)),
        ("270400", (2027, 4, 30)),
        ("271200", (2027, 12, 31)),
    ] {
        assert_eq!(
            from_yymmdd(text, 2026).map(Date::to_ymd),
            Ok(last),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "", "27050", "2705011", "270001", "271301", "270230", "270229", "270432", "27o501",
    ] {
        assert!(from_yymmdd(text, 2026).is_err(), "{text}");
    }
}
