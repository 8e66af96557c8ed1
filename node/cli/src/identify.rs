//! `marque id`: what an identifier is, or what is wrong with it.

#[cfg(test)]
mod tests;

use crate::failure::Failure;
use crate::output::{Output, Style, Table};
use clap::Args;
use marque_primitives::gs1::{Form, Gs1Error, Identifier, ParseOptions, Parsed};
use serde_json::{Map, Value, json};
use std::io::BufRead as _;

const EXAMPLES: &str = "\
Examples:
  marque id 'https://example.com/01/09506000134352/21/A1?17=270501'
  marque id '(01)09506000134352(21)A1' --gcp 7
  marque id - --json < labels.txt";

/// What to identify.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct IdArgs {
    /// Identifiers in any form; `-` reads one a line from stdin
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// The company prefix's digits, which an EPC URN needs and no other form tells
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(6..=12))]
    gcp: Option<u8>,
    /// Take GTINs without the zeros that fill them up to 14 digits
    #[arg(long)]
    zero_suppressed: bool,
}

/// `marque id`.
pub fn run(args: &IdArgs, output: &Output) -> Result<(), Failure> {
    let mut seen = Seen::default();
    for id in &args.ids {
        if id != "-" {
            seen.show(id, args, output)?;
            continue;
        }
        for line in std::io::stdin().lock().lines() {
            let line =
                line.map_err(|error| Failure::new(format!("stdin cannot be read: {error}"), ""))?;
            // A scanner's FNC1 is no space, though it is a control character.
            let line = line.trim_matches([' ', '\t', '\r']);
            if !line.is_empty() {
                seen.show(line, args, output)?;
            }
        }
    }
    match (seen.all, seen.wrong) {
        (_, 0) => Ok(()),
        (1, _) => Err(Failure::new("it is no identifier", "see above")),
        (all, wrong) => Err(Failure::new(
            format!("{wrong} of {all} are no identifiers"),
            "see above",
        )),
    }
}

#[derive(Default)]
struct Seen {
    all: usize,
    wrong: usize,
}

impl Seen {
    fn show(&mut self, text: &str, args: &IdArgs, output: &Output) -> Result<(), Failure> {
        let options = ParseOptions {
            zero_suppressed_gtin: args.zero_suppressed,
        };
        let read = Identifier::parse(text, options);
        self.wrong = self.wrong.saturating_add(usize::from(read.is_err()));
        let first = self.all == 0;
        self.all = self.all.saturating_add(1);
        if output.json {
            let value = match &read {
                Ok(parsed) => right(text, parsed, args.gcp),
                Err(error) => wrong(text, error),
            };
            return output.value_line(&value);
        }
        if !first {
            output.line("")?;
        }
        output.table(&match &read {
            Ok(parsed) => right_table(text, parsed, args.gcp),
            Err(error) => wrong_table(text, error),
        })
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::DigitalLink => "Digital Link",
        Form::EpcUrn => "EPC URN",
        Form::ElementString => "element string",
        Form::RawElementString => "scanned element string",
        Form::Uri => "URI",
    }
}

/// What the AIs of keys and qualifiers hold.
fn title(ai: &str) -> &'static str {
    match ai {
        "00" => "SSCC",
        "01" => "GTIN",
        "10" => "lot",
        "21" => "serial",
        "22" => "variant",
        "235" => "third-party serial",
        "253" => "document (GDTI)",
        "254" => "extension",
        "255" => "coupon (GCN)",
        "401" => "consignment (GINC)",
        "402" => "shipment (GSIN)",
        "414" => "location (GLN)",
        "415" => "payee (GLN)",
        "417" => "party (GLN)",
        "7040" => "issuer (EU 2018/574)",
        "8003" => "returnable asset (GRAI)",
        "8004" => "asset (GIAI)",
        "8006" => "piece of a trade item (ITIP)",
        "8010" => "part (CPID)",
        "8011" => "part's serial",
        "8013" => "product model (GMN)",
        "8017" => "service provider (GSRN)",
        "8018" => "service recipient (GSRN)",
        "8019" => "service instance",
        "8020" => "payment reference",
        _ => "",
    }
}

/// The EPC URN, or why there is none; nothing without a prefix's length.
fn urn(parsed: &Parsed, gcp: Option<u8>) -> Option<Result<String, Gs1Error>> {
    let opaque = matches!(parsed.identifier, Identifier::Opaque(_));
    gcp.filter(|_| !opaque)
        .map(|digits| parsed.identifier.to_epc_urn(digits))
}

fn right(text: &str, parsed: &Parsed, gcp: Option<u8>) -> Value {
    let id = &parsed.identifier;
    let parts = id
        .elements()
        .into_iter()
        .map(|(ai, value)| json!({"ai": ai, "title": title(ai), "value": value}));
    let attributes = parsed.attributes.iter().map(
        |attribute| json!({"ai": attribute.ai.to_string(), "title": attribute.title, "value": attribute.value}),
    );
    let mut value = Map::new();
    let mut put = |name: &str, of: Value| value.insert(name.into(), of);
    put("input", text.into());
    put("valid", true.into());
    put("kind", id.kind().into());
    put("class", id.is_class().into());
    put("form", form(parsed.form).into());
    put("parts", parts.collect());
    put("digitalLink", id.to_canonical().into());
    match urn(parsed, gcp) {
        Some(Ok(urn)) => put("epcUrn", urn.into()),
        Some(Err(error)) => put("noEpcUrn", error.what().into()),
        None => None,
    };
    put("elementString", id.to_element_string().into());
    put("attributes", attributes.collect());
    put("query", parsed.query.clone().into());
    value.retain(|_, of| !of.is_null() && of.as_array().is_none_or(|list| !list.is_empty()));
    value.into()
}

fn right_table(text: &str, parsed: &Parsed, gcp: Option<u8>) -> Table {
    let id = &parsed.identifier;
    let mut table = Table::pairs();
    table.pair("read as", format!("{text}  ({})", form(parsed.form)));
    let class = if id.is_class() {
        ", a class of things"
    } else {
        ""
    };
    table.pair("kind", format!("{}{class}", id.kind()));
    for (ai, value) in id.elements() {
        table.pair("", format!("({ai}) {}: {value}", title(ai)));
    }
    let link = match id {
        Identifier::Opaque(_) => "URI",
        _ => "Digital Link",
    };
    table.pair(link, id.to_canonical());
    match urn(parsed, gcp) {
        Some(Ok(urn)) => table.pair("EPC URN", urn),
        Some(Err(error)) => table.pair("EPC URN", format!("none: {}", error.what())),
        None => {}
    }
    table.pair("element string", id.to_element_string().unwrap_or_default());
    for attribute in &parsed.attributes {
        let (ai, title, value) = (&attribute.ai, attribute.title, &attribute.value);
        table.pair("beside it", format!("({ai}) {title}: {value}"));
    }
    table
}

fn wrong(text: &str, error: &Gs1Error) -> Value {
    json!({
        "input": text,
        "valid": false,
        "error": {
            "code": error.code(),
            "name": error.name(),
            "message": error.what(),
            "field": error.field(),
            "expected": error.expected(),
            "remedy": error.remedy(),
        },
    })
}

fn wrong_table(text: &str, error: &Gs1Error) -> Table {
    let mut table = Table::pairs();
    table.pair("read", text);
    let what = format!("{} [{} {}]", error.what(), error.name(), error.code());
    table.pair("wrong", crate::output::Cell::new(Style::Bad, what));
    table.pair("remedy", error.remedy());
    table
}
