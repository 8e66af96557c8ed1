//! What the module declares.

use super::entry::{self, Entry, Role};
use crate::text::{docs, is, kebab};
use marque_abi::meta::MAX_NAME;
use syn::{Attribute, Error, Ident, ImplItem, Item, ItemImpl, ItemMod, LitStr, Path, Result, Type};

/// The contract's parts; `module` is stripped of what only this macro understands.
pub struct Contract {
    pub name: String,
    pub docs: String,
    pub module: ItemMod,
    pub storage: Ident,
    pub entries: Vec<Entry>,
    /// Its own, then those of libraries that it includes.
    pub refusals: Vec<Path>,
    pub events: Vec<Ident>,
}

/// The attributes that are macros of their own, to be found without an import.
const OWN: [&str; 4] = ["storage", "refusals", "event", "data"];

pub fn read(mut module: ItemMod, name: Option<LitStr>, included: Vec<Path>) -> Result<Contract> {
    let Some((_, items)) = &mut module.content else {
        return Err(Error::new_spanned(
            &module,
            "the contract's module is written here: #[contract] mod fresh_food { … }, not in a file of its own",
        ));
    };
    let span = module.ident.span();
    let (mut refusals, mut events, mut storages) = (vec![], vec![], vec![]);
    let mut entries: Vec<Entry> = Vec::new();
    let mut owner: Option<Ident> = None;
    for item in items {
        if let Some((attrs, ident)) = declared(item) {
            for attr in attrs {
                let Some(own) = OWN.into_iter().find(|own| is(attr, own)) else {
                    continue;
                };
                match own {
                    "storage" => storages.push(ident.clone()),
                    "refusals" => refusals.push(Path::from(ident.clone())),
                    "event" => events.push(ident.clone()),
                    _ => {}
                }
                qualify(attr, own);
            }
        }
        if let Item::Impl(block) = item {
            let found = entries_of(block)?;
            if found.is_empty() {
                continue;
            }
            let holder = holder(block)?;
            if owner.as_ref().is_some_and(|owner| *owner != holder) {
                return Err(Error::new(
                    holder.span(),
                    "all entries stand on one storage: put them into its impl, or group fields in a #[storage] struct within it",
                ));
            }
            owner = Some(holder);
            entries.extend(found);
        }
    }
    let storage = storage(owner, &storages, span)?;
    once(&entries)?;
    refusals.extend(included);
    let name_span = name.as_ref().map_or(span, LitStr::span);
    let name = name.map_or_else(|| kebab(&module.ident.to_string()), |name| name.value());
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(Error::new(
            name_span,
            format!("a contract's name has 1 to {MAX_NAME} bytes"),
        ));
    }
    Ok(Contract {
        name,
        docs: docs(&module.attrs),
        module,
        storage,
        entries,
        refusals,
        events,
    })
}

fn declared(item: &mut Item) -> Option<(&mut Vec<Attribute>, Ident)> {
    match item {
        Item::Struct(item) => Some((&mut item.attrs, item.ident.clone())),
        Item::Enum(item) => Some((&mut item.attrs, item.ident.clone())),
        _ => None,
    }
}

/// Names the macro by its full path; arguments, if any, stay and are refused there.
fn qualify(attr: &mut Attribute, own: &str) {
    let name = Ident::new(own, proc_macro2::Span::call_site());
    let path: Path = syn::parse_quote!(::marque_sdk::#name);
    match &mut attr.meta {
        syn::Meta::Path(old) => *old = path,
        syn::Meta::List(list) => list.path = path,
        syn::Meta::NameValue(pair) => pair.path = path,
    }
}

fn entries_of(block: &mut ItemImpl) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(method) = item {
            found.extend(entry::read(method)?);
        }
    }
    Ok(found)
}

/// Whose impl it is.
fn holder(block: &ItemImpl) -> Result<Ident> {
    if let Some((_, path, _)) = &block.trait_ {
        return Err(Error::new_spanned(
            path,
            "entries stand in the storage's own impl, not in a trait's",
        ));
    }
    let named = match &*block.self_ty {
        Type::Path(path) => path.path.get_ident(),
        _ => None,
    };
    named.cloned().ok_or_else(|| {
        Error::new_spanned(
            &block.self_ty,
            "entries stand in the impl of the module's #[storage] struct",
        )
    })
}

fn storage(owner: Option<Ident>, storages: &[Ident], span: proc_macro2::Span) -> Result<Ident> {
    let Some(owner) = owner else {
        return Err(Error::new(
            span,
            "a contract has at least one #[rule], #[message] or #[query], in the impl of its #[storage] struct",
        ));
    };
    if storages.contains(&owner) {
        return Ok(owner);
    }
    Err(Error::new(
        owner.span(),
        format!(
            "`{owner}` holds the entries: put #[storage] on it (a struct without fields if nothing is kept)"
        ),
    ))
}

/// One init, one migration, one rule for a movement, one meaning for a name.
fn once(entries: &[Entry]) -> Result<()> {
    for (at, entry) in entries.iter().enumerate() {
        let earlier = || {
            entries
                .iter()
                .take(at)
                .filter(|other| other.role == entry.role)
        };
        let clash = match entry.role {
            Role::Init => earlier()
                .next()
                .map(|_| "a contract has one #[init]".to_owned()),
            Role::Migrate => earlier()
                .next()
                .map(|_| "a contract has one #[migrate]".to_owned()),
            Role::Rule => entry
                .kinds
                .iter()
                .find(|kind| {
                    earlier().any(|other| other.kinds.contains(kind))
                        || entry.kinds.iter().filter(|other| other == kind).count() > 1
                })
                .map(|kind| format!("`{kind}` has its rule already: a movement is judged by one")),
            Role::Message | Role::Query => earlier()
                .find(|other| other.name == entry.name)
                .map(|other| format!("`{}` has the same name in the interface", other.method)),
        };
        if let Some(message) = clash {
            return Err(Error::new(entry.method.span(), message));
        }
    }
    if entries
        .iter()
        .all(|entry| matches!(entry.role, Role::Init | Role::Migrate))
    {
        let first = entries
            .first()
            .map_or_else(proc_macro2::Span::call_site, |entry| entry.method.span());
        return Err(Error::new(
            first,
            "a contract has at least one #[rule], #[message] or #[query]",
        ));
    }
    Ok(())
}
