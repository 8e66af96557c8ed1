//! What a crate shows: the items that are reached from its root, their methods, and those that
//! its macros write.

use super::source::{Modules, docs, is_hidden, modules, shows_an_example};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::path::Path;
use syn::{Attribute, ImplItem, Item, ItemImpl, ItemUse, TraitItem, Type, UseTree, Visibility};

/// The sources are a folder beside the test's package. A walk that finds fewer items than are
/// known to be there has lost its way.
pub fn every_item_shows_an_example(sources: &str, least: usize) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let items = items(&modules(&package.join(sources)));
    assert!(items.len() >= least, "only {} public items", items.len());
    let lacking = items.iter().filter(|item| !shows_an_example(&item.docs));
    let lacking: Vec<String> = lacking
        .map(|item| format!("{}: {}", item.file, item.name))
        .collect();
    assert!(
        lacking.is_empty(),
        "without an example:\n{}",
        lacking.join("\n")
    );
}

/// A public item.
struct Public {
    file: String,
    name: String,
    docs: String,
}

/// All of a crate's.
fn items(modules: &Modules) -> Vec<Public> {
    let mut walk = Walk {
        modules,
        seen: BTreeSet::new(),
        types: BTreeSet::new(),
        found: Vec::new(),
    };
    walk.module(&[], None);
    for module in modules.values() {
        for item in &module.items {
            match item {
                Item::Impl(of) => walk.methods(&module.file, of),
                Item::Macro(of) => walk.of_macro(&module.file, of),
                _ => {}
            }
        }
    }
    walk.found
}

struct Walk<'m> {
    modules: &'m Modules,
    /// Items that were reached already, maybe by another name.
    seen: BTreeSet<(Vec<String>, String)>,
    /// The types and traits among them.
    types: BTreeSet<String>,
    found: Vec<Public>,
}

impl Walk<'_> {
    fn add(&mut self, file: &str, name: String, attrs: &[Attribute]) {
        self.found.push(Public {
            file: file.into(),
            name,
            docs: docs(attrs),
        });
    }

    /// What a module shows of itself, or the one name in it that another re-exports.
    fn module(&mut self, path: &[String], only: Option<&str>) {
        let module = &self.modules[path];
        for item in &module.items {
            let wanted = |name: &str| only.is_none_or(|only| only == name);
            match item {
                Item::Use(of) => self.re_exports(path, of, &wanted),
                Item::Mod(of) if is_public(&of.vis) && !is_hidden(&of.attrs) => {
                    let name = of.ident.to_string();
                    if wanted(&name) {
                        self.module(&[path, &[name]].concat(), None);
                    }
                }
                _ => {
                    let Some((name, vis, attrs)) = declared(item) else {
                        continue;
                    };
                    let shown = is_public(vis) && !is_hidden(attrs) && wanted(&name);
                    if shown && self.seen.insert((path.to_vec(), name.clone())) {
                        self.declared(&module.file, &name, attrs, item);
                    }
                }
            }
        }
    }

    fn declared(&mut self, file: &str, name: &str, attrs: &[Attribute], item: &Item) {
        self.add(file, name.into(), attrs);
        match item {
            Item::Struct(_) | Item::Enum(_) => {
                self.types.insert(name.into());
            }
            Item::Trait(of) => {
                for item in &of.items {
                    if let TraitItem::Fn(method) = item
                        && !is_hidden(&method.attrs)
                    {
                        let method_name = format!("{name}::{}", method.sig.ident);
                        self.add(file, method_name, &method.attrs);
                    }
                }
            }
            _ => {}
        }
    }

    fn re_exports(&mut self, from: &[String], of: &ItemUse, wanted: &impl Fn(&str) -> bool) {
        if !is_public(&of.vis) || is_hidden(&of.attrs) {
            return;
        }
        let mut leaves = Vec::new();
        leaves_of(&of.tree, &mut Vec::new(), &mut leaves);
        for (path, exported) in leaves {
            let Some((name, module)) = path.split_last().filter(|_| wanted(&exported)) else {
                continue;
            };
            let module = match module.split_first() {
                Some((first, rest)) if first == "crate" => rest.to_vec(),
                _ => [from, module].concat(),
            };
            // Other crates' items are theirs to show.
            if self.modules.contains_key(&module) && module != from {
                self.module(&module, Some(name));
            }
        }
    }

    /// The methods of a type that is shown, wherever they stand.
    fn methods(&mut self, file: &str, of: &ItemImpl) {
        let Type::Path(on) = &*of.self_ty else { return };
        let Some(on) = on.path.segments.last().map(|last| last.ident.to_string()) else {
            return;
        };
        if of.trait_.is_some() || !self.types.contains(&on) {
            return;
        }
        for item in &of.items {
            if let ImplItem::Fn(method) = item
                && is_public(&method.vis)
                && !is_hidden(&method.attrs)
            {
                let name = format!("{on}::{}", method.sig.ident);
                self.add(file, name, &method.attrs);
            }
        }
    }

    /// An exported macro; what another one writes, and what is documented where it is called.
    fn of_macro(&mut self, file: &str, of: &syn::ItemMacro) {
        let exported = |attr: &Attribute| attr.path().is_ident("macro_export");
        match &of.ident {
            Some(name) if of.attrs.iter().any(exported) => {
                self.add(file, format!("{name}!"), &of.attrs);
            }
            written => {
                let mut read = Written {
                    file,
                    by_a_macro: written.is_some(),
                    found: &mut self.found,
                };
                read.tokens(of.mac.tokens.clone());
            }
        }
    }
}

fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

fn declared(item: &Item) -> Option<(String, &Visibility, &[Attribute])> {
    let (name, vis, attrs) = match item {
        Item::Const(of) => (&of.ident, &of.vis, &of.attrs),
        Item::Enum(of) => (&of.ident, &of.vis, &of.attrs),
        Item::Fn(of) => (&of.sig.ident, &of.vis, &of.attrs),
        Item::Static(of) => (&of.ident, &of.vis, &of.attrs),
        Item::Struct(of) => (&of.ident, &of.vis, &of.attrs),
        Item::Trait(of) => (&of.ident, &of.vis, &of.attrs),
        Item::Type(of) => (&of.ident, &of.vis, &of.attrs),
        Item::Union(of) => (&of.ident, &of.vis, &of.attrs),
        _ => return None,
    };
    Some((name.to_string(), vis, attrs))
}

/// The paths that a `use` names, and the names that they get.
fn leaves_of(tree: &UseTree, path: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(of) => {
            path.push(of.ident.to_string());
            leaves_of(&of.tree, path, leaves);
            path.pop();
        }
        UseTree::Name(of) => {
            let name = of.ident.to_string();
            leaves.push(([&**path, std::slice::from_ref(&name)].concat(), name));
        }
        UseTree::Rename(of) => {
            let name = of.ident.to_string();
            leaves.push(([&**path, &[name]].concat(), of.rename.to_string()));
        }
        UseTree::Group(of) => {
            for tree in &of.items {
                leaves_of(tree, path, leaves);
            }
        }
        UseTree::Glob(_) => panic!("{path:?}: re-exports are named"),
    }
}

/// Tokens of a macro: of what it writes, the public items with a name of their own; of a call,
/// every name that has a doc comment.
struct Written<'w> {
    file: &'w str,
    by_a_macro: bool,
    found: &'w mut Vec<Public>,
}

impl Written<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let mut docs = String::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    if let Some(TokenTree::Group(attr)) = tokens.next() {
                        docs.push_str(&doc_line(attr.stream()));
                    }
                }
                // A repetition of attributes stands between a comment and its item.
                TokenTree::Punct(_) => {}
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(word) if self.by_a_macro && word == "pub" => {
                    let words = std::iter::from_fn(|| {
                        tokens.next_if(|next| matches!(next, TokenTree::Ident(_)))
                    });
                    let words: Vec<String> = words.map(|word| word.to_string()).collect();
                    // `pub(crate)` has no words behind it, and `$name` is no word.
                    if let [.., kind, name] = &*words
                        && matches!(&**kind, "fn" | "struct" | "enum" | "trait" | "type")
                    {
                        self.add(name, &docs);
                    }
                    docs.clear();
                }
                TokenTree::Ident(word) => {
                    if !self.by_a_macro && !docs.is_empty() {
                        self.add(&word.to_string(), &docs);
                    }
                    docs.clear();
                }
                TokenTree::Literal(_) => docs.clear(),
            }
        }
    }

    fn add(&mut self, name: &str, docs: &str) {
        self.found.push(Public {
            file: self.file.into(),
            name: name.into(),
            docs: docs.into(),
        });
    }
}

/// The line of a `doc` attribute.
fn doc_line(attr: TokenStream) -> String {
    match syn::parse2::<syn::MetaNameValue>(attr) {
        Ok(doc) if doc.path.is_ident("doc") => match doc.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => text.value() + "\n",
            _ => String::new(),
        },
        _ => String::new(),
    }
}
