//! Fields of structs and variants: their encoding and description.

use crate::text::{camel, docs};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned as _;
use syn::{Error, Fields, Generics, Ident, Result};

/// Types with parameters would need a description for each use.
pub fn not_generic(generics: &Generics, what: &str) -> Result<()> {
    if generics.params.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        generics.span(),
        format!(
            "{what} has no type parameters or lifetimes: its interface names one type; write the types out"
        ),
    ))
}

/// `FieldPart`s of the fields.
pub fn parts(fields: &Fields) -> TokenStream {
    let parts = fields.iter().map(part);
    quote!([#(#parts),*])
}

/// One field's `FieldPart`.
pub fn part(field: &syn::Field) -> TokenStream {
    let name = field
        .ident
        .as_ref()
        .map(|ident| camel(&ident.to_string()))
        .unwrap_or_default();
    let docs = docs(&field.attrs);
    let ty = &field.ty;
    quote! {
        ::marque_sdk::__private::FieldPart {
            name: #name,
            docs: #docs,
            shape: <#ty as ::marque_sdk::Describe>::SHAPE,
        }
    }
}

/// Names to bind the fields to in a pattern: their own, or `field_0` and on.
pub fn bindings(fields: &Fields) -> Vec<Ident> {
    fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            field
                .ident
                .clone()
                .unwrap_or_else(|| format_ident!("field_{at}"))
        })
        .collect()
}

/// A pattern or expression of these fields bound to these names.
pub fn braced(fields: &Fields, bindings: &[Ident]) -> TokenStream {
    match fields {
        Fields::Named(_) => quote!({ #(#bindings),* }),
        Fields::Unnamed(_) => quote!(( #(#bindings),* )),
        Fields::Unit => quote!(),
    }
}

/// Decodes each binding in order.
pub fn decoding(fields: &Fields, bindings: &[Ident]) -> TokenStream {
    let types = fields.iter().map(|field| &field.ty);
    quote! { #( let #bindings = <#types as ::marque_sdk::codec::Decode>::decode(input)?; )* }
}

/// Encodes each binding in order.
pub fn encoding(bindings: &[Ident]) -> TokenStream {
    quote! { #( ::marque_sdk::codec::Encode::encode_to(#bindings, out); )* }
}

/// `impl Encode` of a struct: its fields in order.
pub fn encode_struct(name: &Ident, fields: &Fields) -> TokenStream {
    let bindings = bindings(fields);
    let pattern = braced(fields, &bindings);
    let encoding = encoding(&bindings);
    quote! {
        impl ::marque_sdk::codec::Encode for #name {
            fn encode_to<O: ::marque_sdk::codec::Output + ?Sized>(&self, out: &mut O) {
                let Self #pattern = self;
                let _ = &out;
                #encoding
            }
        }
    }
}
