//! What is given: lines of a file, names in the environment.

use super::{PREFIX, SETTINGS, Setting, Source};
use std::ffi::OsString;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value for a setting, as text.
pub struct Given {
    pub source: Source,
    pub key: String,
    pub text: String,
}

/// The values of a TOML file; what is wrong with it is added to `wrong`.
pub fn file(path: &Path, text: &str, wrong: &mut Vec<String>) -> Vec<Given> {
    let line = |at: usize| {
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let ends = before.iter().filter(|byte| **byte == b'\n').count();
        Source::Line(path.to_owned(), ends.saturating_add(1))
    };
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().replace('\n', ", ");
            wrong.push(format!("{}: this is no TOML: {message}", line(at)));
            return Vec::new();
        }
    };
    let mut found: Vec<(usize, Given)> = Vec::new();
    let mut take =
        |key: String, at: usize, value: &Spanned<DeValue<'_>>| match literal(value.get_ref()) {
            Some(text) => {
                let source = line(at);
                found.push((at, Given { source, key, text }));
            }
            None => wrong.push(format!(
                "{}: {key} is a {}, and it must be a text, a number or a list of texts",
                line(at),
                match value.get_ref().type_str() {
                    "array" => "list of other things",
                    other => other,
                }
            )),
        };
    for (key, value) in &table {
        let at = key.span().start;
        match value.get_ref() {
            DeValue::Table(section) => {
                for (below, value) in section {
                    take(
                        format!("{}.{}", key.get_ref(), below.get_ref()),
                        below.span().start,
                        value,
                    );
                }
            }
            _ => take(key.get_ref().to_string(), at, value),
        }
    }
    // As they stand in the file, so that errors do.
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, given)| given).collect()
}

fn literal(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            let number = i128::from_str_radix(number.as_str(), number.radix());
            number.ok().map(|number| number.to_string())
        }
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Array(list) => {
            let texts = list.iter().map(|one| one.get_ref().as_str());
            Some(texts.collect::<Option<Vec<_>>>()?.join(","))
        }
        DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}

/// The settings in the environment. A name that begins like those of a section, and is none,
/// is wrong; other names belong to other commands.
pub fn environment(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    wrong: &mut Vec<String>,
) -> Vec<Given> {
    let mut given = Vec::new();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else {
            continue;
        };
        let Some(setting) = SETTINGS.iter().find(|it| it.variable() == name) else {
            if section_of(name).is_some() {
                wrong.push(format!("{name}: {}", strange(name)));
            }
            continue;
        };
        match value.into_string() {
            Ok(text) => given.push(Given {
                source: Source::Variable(name.to_owned()),
                key: setting.key.to_owned(),
                text,
            }),
            Err(_) => wrong.push(format!("{name}: it is no text in UTF-8")),
        }
    }
    given
}

/// The section whose settings' names begin as this one does.
fn section_of(name: &str) -> Option<&'static str> {
    let sections = SETTINGS.iter().map(|setting| setting.parts().0);
    sections
        .filter(|section| !section.is_empty())
        .find(|section| {
            let rest = name.strip_prefix(PREFIX).unwrap_or_default();
            let rest = rest.strip_prefix(section.to_ascii_uppercase().as_str());
            rest.is_some_and(|rest| rest.starts_with('_'))
        })
}

fn strange(name: &str) -> String {
    let section = section_of(name);
    let names: Vec<String> = SETTINGS
        .iter()
        .filter(|setting| Some(setting.parts().0) == section)
        .map(Setting::variable)
        .collect();
    format!("this is no setting; there are {}", names.join(", "))
}
