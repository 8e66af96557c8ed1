//! When, where and why: the options that every movement shares.

use marque_primitives::gs1::Identifier;
use marque_primitives::json::time;
use serde_json::{Map, Value, json};

/// The detail of a movement.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "When, where and why")]
pub struct DetailArgs {
    /// When it happened, as 2027-05-01T08:00:00+02:00; now unless given
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Where it was seen: GLN or URI
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// Where it is thereafter: GLN or URI
    #[arg(long, value_name = "PLACE")]
    location: Option<String>,
    /// CBV business step, such as shipping
    #[arg(long, value_name = "STEP")]
    step: Option<String>,
    /// CBV disposition thereafter, such as in_transit
    #[arg(long, value_name = "TERM")]
    disposition: Option<String>,
    /// A fact that rules read: NAME=WORDS (a moment or identifier is known as such), NAME:=12.5KGM
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    facts: Vec<String>,
    /// A document that it belongs to: TYPE=URI, such as desadv=urn:shop:1, or a URI alone
    #[arg(long = "document", value_name = "TYPE=ID")]
    documents: Vec<String>,
}

impl DetailArgs {
    /// As fields of the action.
    pub fn fields(&self) -> Result<Map<String, Value>, String> {
        let mut fields = Map::new();
        let texts = [
            ("time", &self.time),
            ("place", &self.place),
            ("location", &self.location),
            ("step", &self.step),
            ("disposition", &self.disposition),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                fields.insert(name.into(), text.as_str().into());
            }
        }
        let mut facts = Map::new();
        for text in &self.facts {
            let (name, value) = fact(text)?;
            if facts.insert(name.clone(), value).is_some() {
                return Err(format!("the fact {name} is given twice"));
            }
        }
        if !facts.is_empty() {
            fields.insert("facts".into(), facts.into());
        }
        if !self.documents.is_empty() {
            let documents: Vec<Value> = self.documents.iter().map(|text| document(text)).collect();
            fields.insert("documents".into(), documents.into());
        }
        Ok(fields)
    }
}

/// `NAME=WORDS` or `NAME:=NUMBER[UNIT]`.
fn fact(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("--fact {text}: write NAME=VALUE"))?;
    if let Some(name) = name.strip_suffix(':') {
        let (value, unit) = super::things::number_and_unit(value);
        let value = match unit {
            "" => json!({ "value": value }),
            unit => json!({ "value": value, "unit": unit }),
        };
        return Ok((name.to_string(), value));
    }
    Ok((name.to_string(), scalar(value)))
}

/// A moment, an identifier or words, as capture reads facts of documents.
fn scalar(words: &str) -> Value {
    if words.len() > 10 && time::parse(words).is_ok() {
        return json!({ "time": words });
    }
    let names = words.contains(':') || words.starts_with('(');
    match names && words.parse::<Identifier>().is_ok() {
        true => json!({ "id": words }),
        false => words.into(),
    }
}

/// A CBV word before `=`, or a URI alone.
fn document(text: &str) -> Value {
    match text.split_once('=') {
        Some((kind, id)) if !kind.contains([':', '/']) => json!({ "type": kind, "id": id }),
        _ => json!({ "id": text }),
    }
}
