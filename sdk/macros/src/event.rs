//! `#[event]`: what a contract emits.

use crate::fields::{encode_struct, not_generic, part};
use crate::text::{docs, is};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct, Result};

pub fn expand(item: TokenStream) -> Result<TokenStream> {
    let mut item: ItemStruct = syn::parse2(item).map_err(|error| {
        Error::new(
            error.span(),
            "#[event] stands on a struct with named fields",
        )
    })?;
    not_generic(&item.generics, "#[event]")?;
    if let Fields::Unnamed(fields) = &item.fields {
        return Err(Error::new_spanned(
            fields,
            "an event's fields have names, by which readers find them: struct Released { lot: LotId }",
        ));
    }
    let mut parts = Vec::new();
    for field in &mut item.fields {
        let before = field.attrs.len();
        field.attrs.retain(|attr| !is(attr, "indexed"));
        let indexed = field.attrs.len() < before;
        let part = part(field);
        parts.push(quote!((#part, #indexed)));
    }
    let name = &item.ident;
    let (label, docs) = (name.to_string(), docs(&item.attrs));
    let encode = encode_struct(name, &item.fields);
    Ok(quote! {
        #item

        #encode

        impl ::marque_sdk::Event for #name {
            const PART: ::marque_sdk::__private::EventPart = ::marque_sdk::__private::EventPart {
                name: #label,
                docs: #docs,
                fields: &[#(#parts),*],
            };
        }
    })
}
