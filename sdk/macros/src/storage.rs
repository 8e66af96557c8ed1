//! `#[storage]`: what a contract keeps.

use crate::fields::not_generic;
use crate::text::{camel, docs};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct, Result};

/// Bytes of a field's name: it is part of storage keys.
const MAX_NAME: usize = 64;

pub fn expand(item: TokenStream) -> Result<TokenStream> {
    let item: ItemStruct = syn::parse2(item).map_err(|error| {
        Error::new(
            error.span(),
            "#[storage] stands on a struct with named fields",
        )
    })?;
    not_generic(&item.generics, "#[storage]")?;
    if let Fields::Unnamed(fields) = &item.fields {
        return Err(Error::new_spanned(
            fields,
            "stored fields have names, which are part of their keys: struct Dealers { listed: Set<Address> }",
        ));
    }
    let (mut names, mut types, mut labels, mut notes) = (vec![], vec![], vec![], vec![]);
    for field in &item.fields {
        let Some(name) = &field.ident else { continue };
        let label = camel(&name.to_string());
        if label.len() > MAX_NAME {
            return Err(Error::new(
                name.span(),
                "a stored field's name has at most 64 bytes",
            ));
        }
        names.push(name);
        types.push(&field.ty);
        labels.push(label);
        notes.push(docs(&field.attrs));
    }
    let storage = &item.ident;
    let semi = matches!(item.fields, Fields::Unit);
    let built = if semi {
        quote!(Self)
    } else {
        quote!(Self { #(#names),* })
    };
    Ok(quote! {
        #item

        impl ::marque_sdk::__private::Stored for #storage {
            const LAYOUT: ::marque_sdk::__private::LayoutPart =
                ::marque_sdk::__private::LayoutPart::Group(<Self as ::marque_sdk::__private::Storage>::SLOTS);
            const PLAIN: bool = ::marque_sdk::__private::any(&[
                #(<#types as ::marque_sdk::__private::Stored>::PLAIN),*
            ]);

            fn load(
                place: ::marque_sdk::__private::Place,
                plain: &mut ::marque_sdk::__private::Reader<'_>,
            ) -> Self {
                let _ = (&place, &plain);
                #(
                    let #names = <#types as ::marque_sdk::__private::Stored>::load(
                        place.field(#labels), plain,
                    );
                )*
                #built
            }

            fn plain(&self, plain: &mut ::marque_sdk::__private::Buf) {
                let _ = &plain;
                #(<#types as ::marque_sdk::__private::Stored>::plain(&self.#names, plain);)*
            }

            fn bind(&mut self, place: &::marque_sdk::__private::Place) {
                let _ = &place;
                #(
                    <#types as ::marque_sdk::__private::Stored>::bind(
                        &mut self.#names, &place.field(#labels),
                    );
                )*
            }
        }

        impl ::marque_sdk::__private::Storage for #storage {
            const SLOTS: &'static [::marque_sdk::__private::SlotPart] = &[
                #(::marque_sdk::__private::SlotPart {
                    name: #labels,
                    docs: #notes,
                    layout: <#types as ::marque_sdk::__private::Stored>::LAYOUT,
                }),*
            ];
            const FINGERPRINT: u64 = ::marque_sdk::__private::layout(Self::SLOTS);
        }
    })
}
