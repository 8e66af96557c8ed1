//! `#[data]`: SCALE encoding and a description for structs and enums.

use crate::fields::{bindings, braced, decoding, encode_struct, encoding, not_generic, parts};
use crate::text::{camel, docs};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DataStruct, DeriveInput, Error, Result};

pub fn expand(item: TokenStream) -> Result<TokenStream> {
    let item: DeriveInput = syn::parse2(item)
        .map_err(|error| Error::new(error.span(), "#[data] stands on a struct or an enum"))?;
    not_generic(&item.generics, "#[data]")?;
    let codec = match &item.data {
        syn::Data::Struct(data) => of_struct(&item, data),
        syn::Data::Enum(data) => of_enum(&item, data)?,
        syn::Data::Union(data) => {
            return Err(Error::new(
                data.union_token.span,
                "#[data] stands on a struct or an enum",
            ));
        }
    };
    Ok(quote!(#item #codec))
}

fn of_struct(item: &DeriveInput, data: &DataStruct) -> TokenStream {
    let name = &item.ident;
    let encode = encode_struct(name, &data.fields);
    let bindings = bindings(&data.fields);
    let built = braced(&data.fields, &bindings);
    let decoding = decoding(&data.fields, &bindings);
    let parts = parts(&data.fields);
    let described = described(
        item,
        &quote!(::marque_sdk::__private::NamedBody::Struct(&#parts)),
    );
    quote! {
        #encode

        impl ::marque_sdk::codec::Decode for #name {
            fn decode<I: ::marque_sdk::codec::Input>(
                input: &mut I,
            ) -> ::core::result::Result<Self, ::marque_sdk::codec::Error> {
                let _ = &input;
                #decoding
                ::core::result::Result::Ok(Self #built)
            }
        }

        #described
    }
}

fn of_enum(item: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let name = &item.ident;
    let (mut encodes, mut decodes, mut parts_of) = (Vec::new(), Vec::new(), Vec::new());
    if data.variants.is_empty() {
        return Err(Error::new(
            name.span(),
            "an enum without variants has no values to store or send",
        ));
    }
    for (at, variant) in data.variants.iter().enumerate() {
        let ident = &variant.ident;
        if let Some((_, number)) = &variant.discriminant {
            return Err(Error::new_spanned(
                number,
                "variants are numbered in order, from 0: leave the number out, and add new variants at the end",
            ));
        }
        let index = u8::try_from(at)
            .map_err(|_| Error::new(ident.span(), "an enum has at most 256 variants"))?;
        let bindings = bindings(&variant.fields);
        let pattern = braced(&variant.fields, &bindings);
        let (encoding, decoding) = (encoding(&bindings), decoding(&variant.fields, &bindings));
        encodes.push(quote! { Self::#ident #pattern => { out.push_byte(#index); #encoding } });
        decodes.push(
            quote! { #index => { #decoding ::core::result::Result::Ok(Self::#ident #pattern) } },
        );
        let (label, docs) = (camel(&ident.to_string()), docs(&variant.attrs));
        let fields = parts(&variant.fields);
        parts_of.push(quote! {
            ::marque_sdk::__private::VariantPart { index: #index, name: #label, docs: #docs, fields: &#fields }
        });
    }
    let described = described(
        item,
        &quote!(::marque_sdk::__private::NamedBody::Enum(&[#(#parts_of),*])),
    );
    Ok(quote! {
        impl ::marque_sdk::codec::Encode for #name {
            fn encode_to<O: ::marque_sdk::codec::Output + ?Sized>(&self, out: &mut O) {
                match self { #(#encodes)* }
            }
        }

        impl ::marque_sdk::codec::Decode for #name {
            fn decode<I: ::marque_sdk::codec::Input>(
                input: &mut I,
            ) -> ::core::result::Result<Self, ::marque_sdk::codec::Error> {
                match input.read_byte()? {
                    #(#decodes)*
                    _ => ::core::result::Result::Err(::core::convert::From::from("no such variant")),
                }
            }
        }

        #described
    })
}

fn described(item: &DeriveInput, body: &TokenStream) -> TokenStream {
    let name = &item.ident;
    let label = name.to_string();
    let docs = docs(&item.attrs);
    quote! {
        impl ::marque_sdk::Describe for #name {
            const SHAPE: ::marque_sdk::__private::Shape =
                ::marque_sdk::__private::Shape::Named(&::marque_sdk::__private::Named {
                    path: ::core::concat!(::core::module_path!(), "::", #label),
                    name: #label,
                    args: &[],
                    docs: #docs,
                    body: #body,
                });
        }
    }
}
