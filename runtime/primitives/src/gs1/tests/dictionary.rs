//! The dictionary's text is what the search and the linters assume it to be.

use std::collections::BTreeSet;
use std::string::{String, ToString};
use std::vec::Vec;

use super::{identifier, parse};
use crate::gs1::Ai;
use crate::gs1::dictionary::{Entry, TEXT, lint};

/// Every AI, ranges written out, with its line.
fn all() -> Vec<(Ai, &'static str)> {
    let lines = TEXT
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut all = Vec::new();
    for line in lines {
        let key = line.split(' ').next().unwrap();
        let (first, last) = key.split_once('-').unwrap_or((key, key));
        let (from, to): (u16, u16) = (first.parse().unwrap(), last.parse().unwrap());
        for ai in from..=to {
            let ai = std::format!("{ai:0width$}", width = first.len());
            all.push((Ai::new(&ai).unwrap(), line));
        }
    }
    all
}

#[test]
fn every_ai_is_found_and_no_other() {
    let all = all();
    assert_eq!(all.len(), 541);
    assert!(
        all.is_sorted_by(|(a, _), (b, _)| a < b),
        "the search needs lexical order"
    );
    for (ai, line) in &all {
        let entry = Entry::of(*ai).unwrap();
        assert!(line.contains(entry.title()), "{line}");
        assert_eq!(entry.ai(), *ai);
    }
    let known: BTreeSet<&str> = all.iter().map(|(ai, _)| ai.as_str()).collect();
    for number in 0..=9999 {
        for width in 2..=4 {
            let text = std::format!("{number:0width$}");
            if let Ok(ai) = Ai::new(&text) {
                assert_eq!(
                    Entry::of(ai).is_ok(),
                    known.contains(text.as_str()),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn no_ai_begins_with_another() {
    let all = all();
    for (one, _) in &all {
        for (other, _) in &all {
            assert!(
                one == other || !other.as_str().starts_with(one.as_str()),
                "{one} {other}"
            );
        }
    }
}

#[test]
fn every_word_of_the_dictionary_is_understood() {
    let mut linters = BTreeSet::new();
    for (ai, line) in all() {
        let entry = Entry::of(ai).unwrap();
        assert!(
            (1..=90).contains(&entry.max_len()) && entry.min_len() <= entry.max_len(),
            "{ai}"
        );
        let body = line.split('#').next().unwrap();
        for word in body.split_whitespace().skip(1) {
            let flags = word.chars().all(|c| "*?".contains(c));
            let attribute = ["req=", "ex=", "dlpkey"]
                .iter()
                .any(|key| word.starts_with(key));
            if flags || attribute {
                continue;
            }
            let format = word.split(',').next().unwrap().trim_matches(['[', ']']);
            let length = format[1..].trim_start_matches("..");
            assert!(
                "NXYZ".contains(&format[..1]) && length.parse::<u8>().is_ok(),
                "{word}"
            );
            linters.extend(word.split(',').skip(1).map(ToString::to_string));
        }
    }
    // A linter that is not known refuses everything, so one that passes something is.
    let passing = [
        ("csum", "09506000134352"),
        ("csumalpha", "1987654Ad4X4bL5ttr2310c2K"),
        ("gcppos1", "4012"),
        ("gcppos2", "04012"),
        ("hasnondigit", "1A"),
        ("hh", "23"),
        ("hhmi", "2359"),
        ("hyphen", "-"),
        ("iban", "GB82WEST12345698765432"),
        ("importeridx", "_"),
        ("iso3166alpha2", "DE"),
        ("iso5218", "9"),
        ("latitude", "1800000000"),
        ("longitude", "3600000000"),
        ("mi", "59"),
        ("nonzero", "01"),
        ("nozeroprefix", "10"),
        ("pcenc", "a%20b"),
        ("pieceoftotal", "0102"),
        ("posinseqslash", "1/3"),
        ("ss", "59"),
        ("winding", "9"),
        ("yesno", "1"),
        ("yymmd0", "280200"),
        ("yymmdd", "280229"),
        ("yyyymmdd", "19991231"),
        ("zero", "0"),
    ];
    for (name, value) in passing {
        assert_eq!(
            lint::apply(name, "field", value.as_bytes()),
            Ok(()),
            "{name}"
        );
    }
    let known: BTreeSet<String> = passing
        .iter()
        .map(|(name, _)| *name)
        .chain(lint::FORM_ONLY)
        .map(ToString::to_string)
        .collect();
    assert_eq!(linters, known);
    assert!(lint::apply("unheard-of", "field", b"1").is_err());
}

#[test]
fn linters_refuse() {
    for (name, values) in [
        ("csum", "09506000134353"),
        ("csumalpha", "1987654Ad4X4bL5ttr2310c2M"),
        ("gcppos1", "401 401A A012"),
        ("gcppos2", "4401 0A012"),
        ("hasnondigit", "12"),
        ("hh", "24 1 0x"),
        ("hhmi", "2400 2360 235"),
        ("hyphen", "+ 1"),
        ("iban", "GB82WEST12345698765433 82GBWEST12345698765432 GB82"),
        ("importeridx", "/"),
        ("iso3166alpha2", "De D1"),
        ("iso5218", "3"),
        ("latitude", "1800000001"),
        ("longitude", "3600000001"),
        ("mi", "60"),
        ("nonzero", "00 0"),
        ("nozeroprefix", "0 01"),
        ("pcenc", "% a%2 %gg"),
        ("pieceoftotal", "0201 0001 0100 0000 123"),
        ("posinseqslash", "0/1 1/0 2/1 01/2 1 1/ /1 1/2/3 a/b"),
        ("ss", "60"),
        ("winding", "2"),
        ("yesno", "2"),
        ("yymmd0", "280230 281301 280001"),
        ("yymmdd", "270229 280200 283101"),
        ("yyyymmdd", "20230229 19990000"),
        ("zero", "1"),
    ] {
        for value in values.split(' ') {
            assert!(
                lint::apply(name, "field", value.as_bytes()).is_err(),
                "{name} {value}"
            );
        }
    }
}

#[test]
fn values_are_cut_into_their_components() {
    let check = |ai: &str, value: &str| Entry::of(Ai::new(ai).unwrap()).unwrap().validate(value);
    for (ai, value, valid) in [
        ("7007", "270501", true),
        ("7007", "270501270502", true),
        ("7007", "27050127050", false),
        ("7007", "270501270532", false),
        ("423", "276", true),
        ("423", "276250840", true),
        ("423", "2762508", false),
        ("423", "276250840276250840276", false),
        ("8008", "27050112", true),
        ("8008", "270501125959", true),
        ("8008", "270501125960", false),
        ("8008", "2705011259599", false),
        ("7040", "1ABC", true),
        ("7040", "1AB/", false),
        ("4309", "02790858483015297971", true),
        ("4309", "18000000013015297971", false),
        ("4330", "001234", true),
        ("4330", "001234-", true),
        ("4330", "001234+", false),
        ("8030", "abc-_DEF=", true),
        ("8030", "abc+", false),
        ("253", "4012345000092", true),
        ("253", "4012345000092A", true),
        ("253", "4012345000093A", false),
        ("8001", "00010000100101", true),
        ("8001", "00000000100101", false),
    ] {
        assert_eq!(
            check(ai, value).is_ok(),
            valid,
            "({ai}){value}: {:?}",
            check(ai, value)
        );
    }
    // The position of a wrong character counts from the value's first one.
    let error = check("7007", "27050127o502").unwrap_err();
    assert!(matches!(
        error,
        crate::gs1::Gs1Error::Character {
            position: 8,
            found: 'o',
            ..
        }
    ));
}

#[test]
fn every_key_of_the_dictionary_is_an_identifier_with_each_of_its_qualifiers() {
    let value = |ai: &str| match ai {
        "00" => "340123451111111111",
        "01" => "09506000134352",
        "253" => "4012345000092PO",
        "255" => "401234599999044",
        "401" => "4012345333",
        "402" => "40123452223334442",
        "414" | "415" | "417" => "4012345000054",
        "8003" => "04012345000221334455",
        "8004" => "4012345ABC345",
        "8006" => "040123451111180102",
        "8010" => "4012345ABC",
        "8013" => "1987654Ad4X4bL5ttr2310c2K",
        "8017" | "8018" => "401234500000067657",
        "7040" => "1ABC",
        "8011" | "8019" => "123",
        _ => "A1",
    };
    let mut keys = 0;
    for (ai, _) in all() {
        let Some(order) = Entry::of(ai).unwrap().qualifiers() else {
            continue;
        };
        keys += 1;
        for alternative in order.split('|') {
            let qualifiers: Vec<&str> = alternative
                .split(',')
                .filter(|qualifier| !qualifier.is_empty())
                .collect();
            // Each subset of the qualifiers, in order.
            for chosen in 0..1u32 << qualifiers.len() {
                let mut path = std::format!("/{ai}/{}", value(ai.as_str()));
                for (bit, qualifier) in qualifiers.iter().enumerate() {
                    if chosen & 1 << bit != 0 {
                        path.push_str(&std::format!("/{qualifier}/{}", value(qualifier)));
                    }
                }
                if path == "/415/4012345000054" {
                    assert!(parse(&path).is_err(), "a payment slip needs its reference");
                    continue;
                }
                let key = identifier(&path);
                assert_eq!(key.to_canonical(), std::format!("https://id.gs1.org{path}"));
                assert_eq!(identifier(&key.to_element_string().unwrap()), key);
                assert_eq!(identifier(&key.to_raw_element_string().unwrap()), key);
            }
        }
    }
    assert_eq!(keys, 16);
}
