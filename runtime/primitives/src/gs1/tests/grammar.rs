//! The grammar of Digital Link 1.2: names beside AIs, and which paths there are.

use std::collections::BTreeMap;
use std::string::String;
use std::vec::Vec;

use super::documents::fixture;
use super::{identifier, parse};

/// What the grammar says about itself: `rule = definition`, continued lines joined.
fn rules() -> BTreeMap<String, String> {
    let text = fixture("gs1-digital-link-js/grammar/GS1_Digital_Link_Grammar_1_2.abnf");
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in text.lines() {
        let line = line.split(';').next().unwrap_or_default();
        let begins_rule = line.starts_with(|c: char| c.is_ascii_alphabetic());
        match line.split_once('=') {
            Some((name, definition)) if begins_rule => {
                last = name.trim().into();
                rules.insert(last.clone(), definition.trim().into());
            }
            _ if !last.is_empty() => {
                let definition = rules.entry(last.clone()).or_default();
                definition.push(' ');
                definition.push_str(line.trim());
            }
            _ => {}
        }
    }
    rules
}

/// A value of the rule's form, and whether the dictionary has narrowed it since.
fn value(rule: &str) -> &'static str {
    match rule {
        "gtin" => "09506000134352",
        "itip" => "040123451111180102",
        "gmn" => "1987654Ad4X4bL5ttr2310c2K",
        "cpid" => "4012345ABC",
        "gln" | "partyGln" => "4012345000054",
        "gsrn" | "gsrnp" => "401234500000067657",
        "gcn" => "401234599999044",
        "sscc" => "340123451111111111",
        "gdti" => "4012345000092PO",
        "ginc" => "4012345333",
        "gsin" => "40123452223334442",
        "grai" => "04012345000221A1",
        "giai" => "4012345ABC",
        "uic-ext" => "1ABC",
        "cpsn" | "srin" => "123",
        _ => "A1",
    }
}

#[test]
fn every_path_of_the_grammar_is_read_by_ai_and_by_name() {
    let rules = rules();
    let codes = |component: &str| -> Vec<String> {
        let rule = &rules[&std::format!("{component}-code")];
        rule.split('/')
            .map(|code| {
                code.trim()
                    .trim_start_matches("%s")
                    .trim_matches('"')
                    .into()
            })
            .collect()
    };
    let paths: Vec<&str> = rules["gs1path"].split('/').map(str::trim).collect();
    assert_eq!(paths.len(), 19);
    let mut read = 0;
    for path in paths {
        let components: Vec<String> = rules[path]
            .split_whitespace()
            .map(|word| {
                word.trim_matches(['[', ']'])
                    .trim_end_matches("-comp")
                    .into()
            })
            .collect();
        // By AI, then by name where there is one; the whole path, then its key alone.
        let write = |by_name: bool, take: usize| -> String {
            components
                .iter()
                .take(take)
                .fold(String::new(), |path, component| {
                    let codes = codes(component);
                    let code = if by_name { codes.last() } else { codes.first() };
                    std::format!("{path}/{}/{}", code.unwrap(), value(component))
                })
        };
        for take in [1, components.len()] {
            let by_ai = identifier(&write(false, take));
            assert_eq!(
                by_ai.to_canonical(),
                std::format!("https://id.gs1.org{}", write(false, take))
            );
            let by_name = std::format!(
                "https://brand.example{}?linkType=gs1:pip",
                write(true, take)
            );
            assert_eq!(identifier(&by_name), by_ai, "{by_name}");
            read += 1;
        }
        if components.len() > 2 {
            let mut reversed: Vec<&String> = components.iter().skip(1).collect();
            reversed.reverse();
            let path = reversed.iter().fold(write(false, 1), |path, component| {
                std::format!("{path}/{}/{}", codes(component)[0], value(component))
            });
            assert_eq!(parse(&path).unwrap_err().name(), "Qualifier", "{path}");
        }
    }
    assert_eq!(read, 38);
}
