//! A method that is an entry: which kind, and whether its signature fits.

use crate::text::{camel, docs, is};
use marque_abi::entry::MAX_NAME;
use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Error, FnArg, Ident, ImplItemFn, Pat, Result, ReturnType, Token, Type};

/// The kinds of movements that a contract may judge: `Kind::has_rule` of the primitives.
const KINDS: [&str; 15] = [
    "commission",
    "decommission",
    "reinstate",
    "offer",
    "accept",
    "reject",
    "withdraw",
    "claim",
    "release",
    "pack",
    "unpack",
    "observe",
    "associate",
    "dissociate",
    "transform",
];

/// What an attribute makes of a method.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Init,
    Rule,
    Message,
    Query,
    Migrate,
}

impl Role {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Init, "init"),
        (Self::Rule, "rule"),
        (Self::Message, "message"),
        (Self::Query, "query"),
        (Self::Migrate, "migrate"),
    ];

    fn of(attr: &Attribute) -> Option<(Self, &'static str)> {
        Self::ALL.into_iter().find(|(_, name)| is(attr, name))
    }
}

/// How a method takes the stored fields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Receiver {
    None,
    Shared,
    Exclusive,
}

/// An entry as the module declares it.
pub struct Entry {
    pub role: Role,
    /// The method.
    pub method: Ident,
    /// Its name in the interface.
    pub name: String,
    pub docs: String,
    pub receiver: Receiver,
    /// The arguments behind the receiver.
    pub args: Vec<(Ident, Type)>,
    pub returns: Option<Type>,
    /// Of a rule: the kinds of movements.
    pub kinds: Vec<String>,
}

/// Takes the entry's attribute off a method; `None` if it has none.
pub fn read(method: &mut ImplItemFn) -> Result<Option<Entry>> {
    let mut found = method
        .attrs
        .iter()
        .filter_map(|attr| Role::of(attr).map(|role| (role, attr)));
    let Some(((role, label), attr)) = found.next() else {
        return Ok(None);
    };
    if let Some((_, second)) = found.next() {
        return Err(Error::new_spanned(
            second,
            "a method is one entry: write a second method for this",
        ));
    }
    let name = method.sig.ident.clone();
    let kinds = kinds(role, attr, &name)?;
    let docs = docs(&method.attrs);
    method.attrs.retain(|attr| Role::of(attr).is_none());
    plain_signature(method, label)?;
    let receiver = receiver(method)?;
    let args = args(method)?;
    let returns = match &method.sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some((**ty).clone()),
    };
    let entry = Entry {
        role,
        name: camel(&name.to_string()),
        method: name,
        docs,
        receiver,
        args,
        returns,
        kinds,
    };
    fits(&entry, method)?;
    Ok(Some(entry))
}

fn kinds(role: Role, attr: &Attribute, method: &Ident) -> Result<Vec<String>> {
    let listed: Vec<Ident> = match &attr.meta {
        syn::Meta::Path(_) => Vec::new(),
        _ if role == Role::Rule => attr
            .parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)?
            .into_iter()
            .collect(),
        other => {
            return Err(Error::new_spanned(
                other,
                "this attribute takes no arguments",
            ));
        }
    };
    if role != Role::Rule {
        return Ok(Vec::new());
    }
    let named = if listed.is_empty() {
        vec![method.clone()]
    } else {
        listed
    };
    for kind in &named {
        if !KINDS.iter().any(|known| kind == known) {
            return Err(Error::new(
                kind.span(),
                format!(
                    "`{kind}` is no movement that a rule can judge: name the method after one, or list them as in #[rule(offer, accept)]; there are {}",
                    KINDS.join(", ")
                ),
            ));
        }
    }
    Ok(named.iter().map(ToString::to_string).collect())
}

fn plain_signature(method: &ImplItemFn, label: &str) -> Result<()> {
    let sig = &method.sig;
    if let Some(token) = &sig.asyncness {
        return Err(Error::new(
            token.span(),
            "an entry runs to its end at once: leave `async` out",
        ));
    }
    if !sig.generics.params.is_empty() {
        return Err(Error::new(
            sig.generics.span(),
            "an entry has no type parameters or lifetimes: its interface names one type",
        ));
    }
    if sig.ident.to_string().len() > MAX_NAME {
        return Err(Error::new(
            sig.ident.span(),
            format!("the name of a {label} has at most {MAX_NAME} bytes"),
        ));
    }
    Ok(())
}

fn receiver(method: &ImplItemFn) -> Result<Receiver> {
    match method.sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) => match (&receiver.reference, &receiver.mutability) {
            (None, _) => Err(Error::new(
                receiver.span(),
                "stored fields are borrowed: write `&self` or `&mut self`",
            )),
            (Some(_), None) => Ok(Receiver::Shared),
            (Some(_), Some(_)) => Ok(Receiver::Exclusive),
        },
        _ => Ok(Receiver::None),
    }
}

fn args(method: &ImplItemFn) -> Result<Vec<(Ident, Type)>> {
    let mut args = Vec::new();
    for input in &method.sig.inputs {
        let FnArg::Typed(arg) = input else { continue };
        let Pat::Ident(name) = &*arg.pat else {
            return Err(Error::new(
                arg.pat.span(),
                "an argument has a plain name, which callers see",
            ));
        };
        args.push((name.ident.clone(), (*arg.ty).clone()));
    }
    Ok(args)
}

fn fits(entry: &Entry, method: &ImplItemFn) -> Result<()> {
    let at = |span: Span, message: &str| Err(Error::new(span, message));
    let sig = &method.sig;
    match (entry.role, entry.receiver) {
        (Role::Init, Receiver::Shared | Receiver::Exclusive) => at(
            sig.inputs.span(),
            "#[init] makes the storage: fn new(limit: Decimal) -> Self, without `self`",
        ),
        (Role::Init, Receiver::None) if entry.returns.is_none() => at(
            sig.ident.span(),
            "#[init] returns the storage: `-> Self` or `-> Result<Self>`",
        ),
        (Role::Query, Receiver::Exclusive) => at(
            sig.inputs.span(),
            "a query changes nothing: take `&self`, or make it a #[message]",
        ),
        (Role::Query, _) if entry.returns.is_none() => at(
            sig.ident.span(),
            "a query answers something: give it a return type",
        ),
        (Role::Migrate, Receiver::Shared) => at(
            sig.inputs.span(),
            "a migration makes the new storage: fn migrate(old: FormerStorage) -> Self; or takes `&mut self` where the layout stays",
        ),
        (Role::Migrate, Receiver::None) if entry.args.is_empty() || entry.returns.is_none() => at(
            sig.ident.span(),
            "a migration takes the storage of the code before it and returns the new: fn migrate(old: FormerStorage) -> Self",
        ),
        (Role::Rule, _) => rule_args(entry, method),
        _ => owned_args(entry),
    }
}

/// A rule takes the movement or nothing.
fn rule_args(entry: &Entry, method: &ImplItemFn) -> Result<()> {
    const HINT: &str = "a rule takes the movement alone: fn offer(&self, movement: &Movement); what else it needs stands in the storage";
    match &*entry.args {
        [] => Ok(()),
        [(_, Type::Reference(reference))] if reference.mutability.is_none() => Ok(()),
        [(_, ty)] => Err(Error::new(ty.span(), HINT)),
        [..] => Err(Error::new(method.sig.inputs.span(), HINT)),
    }
}

/// Arguments are decoded, so they own what they hold.
fn owned_args(entry: &Entry) -> Result<()> {
    for (_, ty) in &entry.args {
        if let Type::Reference(_) | Type::ImplTrait(_) = ty {
            return Err(Error::new(
                ty.span(),
                "an argument arrives in the transaction, so the entry owns it: take `Text<64>` for `&str`, `Vec<T>` for `&[T]`, the type itself for `&T`",
            ));
        }
    }
    Ok(())
}
