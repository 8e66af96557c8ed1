//! The code that is added to the module.

use super::entry::{Entry, Receiver, Role};
use super::read::Contract;
use crate::text::camel;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

pub fn emit(contract: &Contract) -> TokenStream {
    let module = &contract.module;
    let (attrs, vis, ident) = (&module.attrs, &module.vis, &module.ident);
    let items = module
        .content
        .as_ref()
        .map(|(_, items)| items.as_slice())
        .unwrap_or_default();
    let handlers = handlers(contract);
    let names = handlers.iter().map(|(name, _, _)| name);
    let functions = handlers.iter().map(|(_, _, function)| function);
    let exports = handlers
        .iter()
        .map(|(name, handler, _)| export(name, handler));
    let native = handlers
        .iter()
        .map(|(name, handler, _)| quote!((#name, #handler)));
    let (name, parts) = (&contract.name, parts(contract));
    quote! {
        #(#attrs)*
        #vis mod #ident {
            #[allow(unused_imports)]
            use super::*;
            #(#items)*

            const __MARQUE_PARTS: ::marque_sdk::__private::Parts = #parts;
            const __MARQUE_LEN: usize = {
                const PARTS: &::marque_sdk::__private::Parts = &__MARQUE_PARTS;
                PARTS.encoded_len()
            };
            const __MARQUE_INTERFACE: &[u8] = {
                const PARTS: &::marque_sdk::__private::Parts = &__MARQUE_PARTS;
                const BYTES: [u8; __MARQUE_LEN] = PARTS.encode::<__MARQUE_LEN>();
                &BYTES
            };
            #(#functions)*
            #(#exports)*
            ::marque_sdk::__private::embed_meta!(
                #name, ::core::env!("CARGO_PKG_VERSION"), &[#(#names),*], __MARQUE_INTERFACE
            );

            /// The contract, to be run outside wasm.
            #[cfg(not(target_arch = "wasm32"))]
            pub const CONTRACT: ::marque_sdk::native::Contract = ::marque_sdk::native::Contract {
                name: #name,
                release: ::core::env!("CARGO_PKG_VERSION"),
                interface: __MARQUE_INTERFACE,
                entries: &[#(#native),*],
            };
        }
    }
}

fn export(name: &str, handler: &Ident) -> TokenStream {
    let symbol = format_ident!("__marque_export_{name}");
    quote! {
        #[cfg(target_arch = "wasm32")]
        #[unsafe(export_name = #name)]
        extern "C" fn #symbol() {
            ::marque_sdk::__private::export(#handler)
        }
    }
}

/// Every export with its handler, in ascending order of the names.
fn handlers(contract: &Contract) -> Vec<(String, Ident, TokenStream)> {
    let of = |role| {
        contract
            .entries
            .iter()
            .filter(move |entry| entry.role == role)
    };
    let mut handlers = vec![
        ("init".to_owned(), init(contract, of(Role::Init).next())),
        (
            "migrate".to_owned(),
            migrate(contract, of(Role::Migrate).next()),
        ),
    ];
    for (name, role) in [("message", Role::Message), ("query", Role::Query)] {
        if of(role).next().is_some() {
            handlers.push((name.to_owned(), dispatch(contract, of(role))));
        }
    }
    for rule in of(Role::Rule) {
        for kind in &rule.kinds {
            handlers.push((format!("rule_{kind}"), judge(contract, rule)));
        }
    }
    handlers.sort_by(|a, b| a.0.cmp(&b.0));
    handlers
        .into_iter()
        .map(|(name, body)| {
            let handler = format_ident!("__marque_{name}");
            let function = quote! {
                #[allow(non_snake_case, clippy::unit_arg, clippy::let_unit_value)]
                fn #handler() -> ::marque_sdk::Result<::marque_sdk::__private::Buf> { #body }
            };
            (name, handler, function)
        })
        .collect()
}

/// Lets that decode arguments, and their names.
fn arguments(args: &[(Ident, syn::Type)]) -> (TokenStream, Vec<&Ident>) {
    let names: Vec<&Ident> = args.iter().map(|(name, _)| name).collect();
    let labels = names.iter().map(|name| camel(&name.to_string()));
    let types = args.iter().map(|(_, ty)| ty);
    (
        quote! { #(let #names = call.arg::<#types>(#labels)?;)* call.end()?; },
        names,
    )
}

fn init(contract: &Contract, init: Option<&Entry>) -> TokenStream {
    let storage = &contract.storage;
    let Some(init) = init else {
        return quote_spanned! { storage.span() =>
            let call = ::marque_sdk::__private::call();
            call.end()?;
            ::marque_sdk::__private::IntoStorage::store(<#storage as ::core::default::Default>::default())
        };
    };
    let (lets, names) = arguments(&init.args);
    let method = &init.method;
    quote! {
        #[allow(unused_mut)]
        let mut call = ::marque_sdk::__private::call();
        #lets
        ::marque_sdk::__private::IntoStorage::store(#storage::#method(#(#names),*))
    }
}

fn migrate(contract: &Contract, migrate: Option<&Entry>) -> TokenStream {
    let storage = &contract.storage;
    let Some(migrate) = migrate else {
        return quote! {
            let call = ::marque_sdk::__private::call();
            call.end()?;
            ::marque_sdk::__private::same_layout::<#storage>()?;
            ::core::result::Result::Ok(::marque_sdk::__private::Buf::new())
        };
    };
    let method = &migrate.method;
    if migrate.receiver == Receiver::Exclusive {
        let (lets, names) = arguments(&migrate.args);
        return quote! {
                #[allow(unused_mut)]
        let mut call = ::marque_sdk::__private::call();
            ::marque_sdk::__private::same_layout::<#storage>()?;
            #lets
            ::marque_sdk::__private::change::<#storage>(|storage| {
                ::marque_sdk::__private::reply(storage.#method(#(#names),*))
            })
        };
    }
    let (former, args) = migrate
        .args
        .split_first()
        .map_or((None, &[][..]), |(first, rest)| (Some(&first.1), rest));
    let (lets, names) = arguments(args);
    quote! {
        #[allow(unused_mut)]
        let mut call = ::marque_sdk::__private::call();
        let former = ::marque_sdk::__private::before::<#former>()?;
        #lets
        ::marque_sdk::__private::IntoStorage::store(#storage::#method(former #(, #names)*))
    }
}

fn dispatch<'e>(contract: &Contract, entries: impl Iterator<Item = &'e Entry>) -> TokenStream {
    let arms = entries.map(|entry| {
        let (lets, names) = arguments(&entry.args);
        let label = syn::LitByteStr::new(entry.name.as_bytes(), entry.method.span());
        let call = call(contract, entry, &quote!(#(#names),*), "reply");
        quote! { #label => { #lets #call } }
    });
    quote! {
        #[allow(unused_mut)]
        let mut call = ::marque_sdk::__private::call();
        match call.name() {
            #(#arms)*
            name => ::core::result::Result::Err(::marque_sdk::__private::unknown(name)),
        }
    }
}

fn judge(contract: &Contract, rule: &Entry) -> TokenStream {
    if rule.args.is_empty() {
        let call = call(contract, rule, &quote!(), "answer");
        return quote! { let _ = ::marque_sdk::__private::movement(); #call };
    }
    let call = call(contract, rule, &quote!(&movement), "answer");
    quote! { let movement = ::marque_sdk::__private::movement(); #call }
}

/// Calls the method with the stored fields as it takes them, and encodes what it answers.
fn call(contract: &Contract, entry: &Entry, args: &TokenStream, encode: &str) -> TokenStream {
    let (storage, method) = (&contract.storage, &entry.method);
    let encode = format_ident!(
        "{encode}",
        span = entry.returns.as_ref().map_or(method.span(), |ty| ty.span())
    );
    match entry.receiver {
        Receiver::None => quote! { ::marque_sdk::__private::#encode(#storage::#method(#args)) },
        Receiver::Shared => quote! {
            ::marque_sdk::__private::look::<#storage>(|storage| {
                ::marque_sdk::__private::#encode(storage.#method(#args))
            })
        },
        Receiver::Exclusive => quote! {
            ::marque_sdk::__private::change::<#storage>(|storage| {
                ::marque_sdk::__private::#encode(storage.#method(#args))
            })
        },
    }
}

/// The interface's parts.
fn parts(contract: &Contract) -> TokenStream {
    let (docs, storage) = (&contract.docs, &contract.storage);
    let of = |role| {
        contract
            .entries
            .iter()
            .filter(move |entry| entry.role == role)
    };
    let init = maybe(
        of(Role::Init)
            .next()
            .map(|entry| function(entry, 0, &quote!(()))),
    );
    let migrate = maybe(of(Role::Migrate).next().map(|entry| {
        let former = usize::from(entry.receiver == Receiver::None);
        function(entry, former, &quote!(()))
    }));
    let rules = of(Role::Rule).flat_map(|entry| {
        let docs = &entry.docs;
        entry.kinds.iter().map(move |kind| quote!((#kind, #docs)))
    });
    let functions = |role| {
        let parts = of(role).map(|entry| {
            let returns = entry.returns.as_ref().map_or_else(
                || quote!(()),
                |ty| quote_spanned!(ty.span() => <#ty as ::marque_sdk::__private::Returns>::Value),
            );
            function(entry, 0, &returns)
        });
        quote!(&[#(#parts),*])
    };
    let (messages, queries) = (functions(Role::Message), functions(Role::Query));
    let (events, refusals) = (&contract.events, &contract.refusals);
    quote! {
        ::marque_sdk::__private::Parts {
            docs: #docs,
            storage: <#storage as ::marque_sdk::__private::Storage>::SLOTS,
            init: #init,
            migrate: #migrate,
            rules: &[#(#rules),*],
            messages: #messages,
            queries: #queries,
            events: &[#(<#events as ::marque_sdk::Event>::PART),*],
            refusals: &[#(<#refusals as ::marque_sdk::Refusals>::PARTS),*],
        }
    }
}

fn maybe(part: Option<TokenStream>) -> TokenStream {
    match part {
        Some(part) => quote!(::core::option::Option::Some(#part)),
        None => quote!(::core::option::Option::None),
    }
}

fn function(entry: &Entry, skip: usize, returns: &TokenStream) -> TokenStream {
    let (name, docs) = (&entry.name, &entry.docs);
    let args = entry.args.iter().skip(skip).map(|(arg, ty)| {
        let label = camel(&arg.to_string());
        quote_spanned! { ty.span() =>
            ::marque_sdk::__private::FieldPart {
                name: #label,
                docs: "",
                shape: <#ty as ::marque_sdk::Describe>::SHAPE,
            }
        }
    });
    quote! {
        ::marque_sdk::__private::FunctionPart {
            name: #name,
            docs: #docs,
            args: &[#(#args),*],
            returns: <#returns as ::marque_sdk::Describe>::SHAPE,
        }
    }
}
