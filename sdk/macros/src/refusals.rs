//! `#[refusals]`: why a contract says no.

use crate::fields::{not_generic, part};
use crate::text::{camel, docs, is};
use marque_abi::interface::names::{FIRST_REFUSAL, LAST_REFUSAL, refusal_code};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeMap;
use syn::{Error, Fields, ItemEnum, LitInt, LitStr, Result, Variant};

/// What `#[refusal(…)]` says.
#[derive(Default)]
struct Stated {
    code: Option<LitInt>,
    field: Option<LitStr>,
    expected: Option<LitStr>,
    remedy: Option<LitStr>,
}

pub fn expand(item: TokenStream) -> Result<TokenStream> {
    let mut item: ItemEnum = syn::parse2(item).map_err(|error| {
        Error::new(
            error.span(),
            "#[refusals] stands on an enum with a variant for each reason",
        )
    })?;
    not_generic(&item.generics, "#[refusals]")?;
    let (mut parts, mut arms) = (vec![], vec![]);
    let mut codes: BTreeMap<u32, String> = BTreeMap::new();
    for variant in &mut item.variants {
        let stated = stated(variant)?;
        let name = variant.ident.to_string();
        let code = code(variant, &stated)?;
        if let Some(other) = codes.insert(code, name.clone()) {
            let free = (FIRST_REFUSAL..=LAST_REFUSAL).find(|code| !codes.contains_key(code));
            return Err(Error::new(
                variant.ident.span(),
                format!(
                    "`{other}` and `{name}` both have the code {code}: write #[refusal(code = {})] on the newer one, and the older keeps its own",
                    free.unwrap_or(LAST_REFUSAL)
                ),
            ));
        }
        let message = message(variant)?;
        let ident = &variant.ident;
        if let Fields::Unnamed(fields) = &variant.fields {
            return Err(Error::new_spanned(
                fields,
                format!(
                    "the values of a refusal have names, by which its message shows them: {name} {{ receiver: Address }}"
                ),
            ));
        }
        let fields: Vec<_> = variant
            .fields
            .iter()
            .filter_map(|field| field.ident.clone())
            .collect();
        let labels: Vec<String> = fields.iter().map(ToString::to_string).collect();
        check_template(&message, variant.ident.span(), &labels)?;
        for text in [&stated.field, &stated.expected, &stated.remedy]
            .into_iter()
            .flatten()
        {
            check_template(&text.value(), text.span(), &labels)?;
        }
        let described = variant.fields.iter().map(part);
        let texts = texts_of(code, &name, &stated, &message);
        arms.push(quote! {
            Self::#ident { #(#fields,)* } => {
                #(::marque_sdk::codec::Encode::encode_to(#fields, &mut __values);)*
                #code
            }
        });
        parts.push(quote! {
            ::marque_sdk::__private::RefusalPart { #texts fields: &[#(#described),*] }
        });
    }
    if item.variants.is_empty() {
        return Err(Error::new(
            item.ident.span(),
            "name at least one reason to refuse",
        ));
    }
    let name = &item.ident;
    Ok(quote! {
        #item

        impl ::marque_sdk::Refusals for #name {
            const PARTS: &'static [::marque_sdk::__private::RefusalPart] = &[#(#parts),*];

            fn refused(&self) -> ::marque_sdk::Refused {
                let mut __values = ::marque_sdk::__private::Buf::new();
                let __code = match self { #(#arms)* };
                ::marque_sdk::__private::raise::<Self>(__code, &__values)
            }
        }
    })
}

/// Takes `#[refusal(…)]` off a variant.
fn stated(variant: &mut Variant) -> Result<Stated> {
    let mut stated = Stated::default();
    for attr in variant.attrs.iter().filter(|attr| is(attr, "refusal")) {
        attr.parse_nested_meta(|meta| {
            let slot = match meta.path.get_ident().map(ToString::to_string).as_deref() {
                Some("code") => {
                    stated.code = Some(meta.value()?.parse()?);
                    return Ok(());
                }
                Some("field") => &mut stated.field,
                Some("expected") => &mut stated.expected,
                Some("remedy") => &mut stated.remedy,
                _ => {
                    return Err(meta.error(
                        "#[refusal] takes code = 5010 to 5999, field = \"…\", expected = \"…\", remedy = \"…\"",
                    ));
                }
            };
            *slot = Some(meta.value()?.parse()?);
            Ok(())
        })?;
    }
    variant.attrs.retain(|attr| !is(attr, "refusal"));
    Ok(stated)
}

fn code(variant: &Variant, stated: &Stated) -> Result<u32> {
    let Some(literal) = &stated.code else {
        return Ok(refusal_code(&variant.ident.to_string()));
    };
    let code: u32 = literal.base10_parse()?;
    if (FIRST_REFUSAL..=LAST_REFUSAL).contains(&code) {
        return Ok(code);
    }
    Err(Error::new(
        literal.span(),
        format!("a contract's refusals have codes from {FIRST_REFUSAL} to {LAST_REFUSAL}"),
    ))
}

fn message(variant: &Variant) -> Result<String> {
    let message = docs(&variant.attrs);
    if message.is_empty() {
        return Err(Error::new(
            variant.ident.span(),
            format!(
                "say what happened in a doc comment, for whoever gets the refusal: /// {} …",
                camel(&variant.ident.to_string())
            ),
        ));
    }
    Ok(message)
}

/// Every brace has its pair and every name in braces its field.
fn check_template(template: &str, span: proc_macro2::Span, fields: &[String]) -> Result<()> {
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (_, tail) = rest.split_at(at);
        let Some(inside) = tail.strip_prefix('{') else {
            return Err(Error::new(span, "a `}` without its `{` in the text"));
        };
        let Some((name, after)) = inside.split_once('}') else {
            return Err(Error::new(span, "a `{` without its `}` in the text"));
        };
        if !fields.iter().any(|field| field == name) {
            let known = if fields.is_empty() {
                "it has none".to_owned()
            } else {
                fields.join(", ")
            };
            return Err(Error::new(
                span,
                format!("`{{{name}}}` is no field of this refusal; its fields: {known}"),
            ));
        }
        rest = after;
    }
    Ok(())
}

/// The fields of a `RefusalPart` that are texts, values named as in the interface.
fn texts_of(code: u32, name: &str, stated: &Stated, message: &str) -> TokenStream {
    let maybe = |text: &Option<LitStr>| match text {
        Some(text) => {
            let text = renamed(&text.value());
            quote!(::core::option::Option::Some(#text))
        }
        None => quote!(::core::option::Option::None),
    };
    let message = renamed(message);
    let (field, expected, remedy) = (
        maybe(&stated.field),
        maybe(&stated.expected),
        maybe(&stated.remedy),
    );
    quote! {
        code: #code,
        name: #name,
        message: #message,
        field: #field,
        expected: #expected,
        remedy: #remedy,
    }
}

/// The template with its fields named as in the interface.
fn renamed(template: &str) -> String {
    rewritten(template, camel)
}

/// The template with another name in each pair of braces.
fn rewritten(template: &str, rename: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        out.push('{');
        out.push_str(&rename(name));
        out.push('}');
        rest = after;
    }
    out.push_str(rest);
    out
}
