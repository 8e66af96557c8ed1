//! Names and doc comments.

use proc_macro2::Span;
use syn::{Attribute, Error, Expr, ExprLit, Lit, Meta, Result};

/// An attribute that takes nothing.
pub fn no_args(args: proc_macro::TokenStream, name: &str) -> Result<()> {
    if args.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Span::call_site(),
        format!("#[{name}] takes no arguments"),
    ))
}

/// An item's doc comment: lines of a paragraph joined, paragraphs on lines of their own. An
/// example or a section with a heading ends it: the chain keeps what who calls has to know.
pub fn docs(attrs: &[Attribute]) -> String {
    let mut docs = String::new();
    let mut fresh = true;
    for line in attrs.iter().filter_map(doc_line) {
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("# ") {
            break;
        }
        if line.is_empty() {
            fresh = true;
            continue;
        }
        if !docs.is_empty() {
            docs.push(if fresh { '\n' } else { ' ' });
        }
        docs.push_str(line);
        fresh = false;
    }
    docs
}

fn doc_line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attr.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// `max_temperature` or `MaxTemperature` as `maxTemperature`, the names of JSON.
pub fn camel(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for (at, c) in name.trim_start_matches('_').chars().enumerate() {
        match c {
            '_' => upper = true,
            c if at == 0 => out.extend(c.to_lowercase()),
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// `fresh_food` as `fresh-food`.
pub fn kebab(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).replace('_', "-")
}

/// Whether the attribute's last segment is `name`, however it was imported.
pub fn is(attr: &Attribute, name: &str) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == name)
}
