//! A crate's modules as they are written.

use std::collections::BTreeMap;
use std::path::Path;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta};

/// A module: its file, and the items in it.
pub struct Module {
    pub file: String,
    pub items: Vec<Item>,
}

/// Modules by their paths; the root's is empty.
pub type Modules = BTreeMap<Vec<String>, Module>;

/// The modules of a crate whose `lib.rs` is in this folder, but for those of wasm alone and
/// those that documentation leaves out.
pub fn modules(sources: &Path) -> Modules {
    let mut modules = Modules::new();
    let root = sources.join("lib.rs");
    add(sources, &root, sources, Vec::new(), &mut modules);
    modules
}

/// Adds the module of a file, and those whose files are in `folder`, below it.
fn add(sources: &Path, file: &Path, folder: &Path, path: Vec<String>, modules: &mut Modules) {
    let text = std::fs::read_to_string(file);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let parsed = syn::parse_file(&text);
    let items = parsed
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        .items;
    for item in &items {
        let Item::Mod(module) = item else { continue };
        if is_hidden(&module.attrs) || is_of_wasm(&module.attrs) {
            continue;
        }
        assert!(
            module.content.is_none(),
            "{}: a module has a file",
            module.ident
        );
        let name = module.ident.to_string();
        let (own, beside) = (folder.join(&name), folder.join(format!("{name}.rs")));
        let file = match beside.is_file() {
            true => beside,
            false => own.join("mod.rs"),
        };
        let path = [&*path, &[name]].concat();
        add(sources, &file, &own, path, modules);
    }
    let file = file.strip_prefix(sources).unwrap_or(file);
    let file = file.display().to_string();
    modules.insert(path, Module { file, items });
}

/// Whether documentation leaves it out.
pub fn is_hidden(attrs: &[Attribute]) -> bool {
    lists(attrs, "doc").any(|list| list == "hidden")
}

fn is_of_wasm(attrs: &[Attribute]) -> bool {
    lists(attrs, "cfg").any(|list| list.starts_with("target_arch") && list.contains("wasm32"))
}

/// What stands in the parentheses of attributes of this name.
fn lists(attrs: &[Attribute], name: &str) -> impl Iterator<Item = String> {
    attrs.iter().filter_map(move |attr| match &attr.meta {
        Meta::List(list) if list.path.is_ident(name) => Some(list.tokens.to_string()),
        _ => None,
    })
}

/// The lines of the doc comment.
pub fn docs(attrs: &[Attribute]) -> String {
    let line = |attr: &Attribute| match &attr.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    let lines: Vec<String> = attrs.iter().filter_map(line).collect();
    lines.join("\n")
}

/// Whether one of the code blocks is compiled.
pub fn shows_an_example(docs: &str) -> bool {
    let mut inside = false;
    docs.lines().any(|line| {
        let Some(kind) = line.trim().strip_prefix("```") else {
            return false;
        };
        inside = !inside;
        inside && matches!(kind, "" | "no_run" | "should_panic")
    })
}
