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
    let names = handlers.iter().map(|handler| &handler.name);
    let functions = handlers.iter().map(Handler::function);
    let exports = handlers.iter().map(Handler::export);
    let native = handlers.iter().map(|handler| {
        let (name, function) = (&handler.name, handler.ident());
        quote!((#name, #function))
    });
    let (name, parts, judge) = (&contract.name, parts(contract), judge(contract));
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
            #judge
            #(#functions)*
            #(#exports)*
            const __MARQUE_META: ::marque_sdk::__private::MetaParts<'static> =
                ::marque_sdk::__private::MetaParts {
                    name: #name,
                    release: ::core::env!("CARGO_PKG_VERSION"),
                    entries: &[#(#names),*],
                    interface: __MARQUE_INTERFACE,
                };
            // Not `#[used]`, which would keep the bytes in the contract's memory as well.
            #[cfg(target_arch = "wasm32")]
            #[unsafe(link_section = "marque.meta")]
            static __MARQUE_SECTION: [u8; __MARQUE_META.encoded_len()] = __MARQUE_META.encode();
            #[cfg(not(target_arch = "wasm32"))]
            const _: [u8; __MARQUE_META.encoded_len()] = __MARQUE_META.encode();

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

/// What an export does.
enum Body {
    /// A function of its own.
    Own(TokenStream),
    /// The rule of this number.
    Rule(usize),
}

/// An export by its name.
struct Handler {
    name: String,
    body: Body,
}

impl Handler {
    fn ident(&self) -> Ident {
        format_ident!("__marque_{}", self.name)
    }

    /// The function behind it. In wasm a rule has none: its export says which rule it is, which
    /// is less code for each.
    fn function(&self) -> TokenStream {
        let handler = self.ident();
        let (cfg, body) = match &self.body {
            Body::Own(body) => (quote!(), quote!(#body)),
            Body::Rule(at) => (
                quote!(#[cfg(not(target_arch = "wasm32"))]),
                quote!(__marque_judge(#at)),
            ),
        };
        quote! {
            #cfg
            fn #handler() -> ::marque_sdk::Result<::marque_sdk::__private::Buf> { #body }
        }
    }

    fn export(&self) -> TokenStream {
        let (name, handler) = (&self.name, self.ident());
        let symbol = format_ident!("__marque_export_{name}");
        let call = match &self.body {
            Body::Own(_) => quote!(export(#handler)),
            Body::Rule(at) => quote!(export_rule(__marque_judge, #at)),
        };
        quote! {
            #[cfg(target_arch = "wasm32")]
            #[unsafe(export_name = #name)]
            extern "C" fn #symbol() {
                ::marque_sdk::__private::#call
            }
        }
    }
}

/// Every export, in ascending order of the names.
fn handlers(contract: &Contract) -> Vec<Handler> {
    let own = |name: &str, body| Handler {
        name: name.to_owned(),
        body: Body::Own(body),
    };
    let mut handlers = vec![
        own("init", init(contract)),
        own("migrate", migrate(contract)),
    ];
    for (name, role) in [("message", Role::Message), ("query", Role::Query)] {
        if of(contract, role).next().is_some() {
            handlers.push(own(name, dispatch(contract, role)));
        }
    }
    for (at, rule) in of(contract, Role::Rule).enumerate() {
        for kind in &rule.kinds {
            handlers.push(Handler {
                name: format!("rule_{kind}"),
                body: Body::Rule(at),
            });
        }
    }
    handlers.sort_by(|a, b| a.name.cmp(&b.name));
    handlers
}

fn of(contract: &Contract, role: Role) -> impl Iterator<Item = &Entry> {
    contract
        .entries
        .iter()
        .filter(move |entry| entry.role == role)
}

/// Lets that decode arguments, and their names.
fn arguments(args: &[(Ident, syn::Type)]) -> (TokenStream, Vec<&Ident>) {
    let names: Vec<&Ident> = args.iter().map(|(name, _)| name).collect();
    let labels = names.iter().map(|name| camel(&name.to_string()));
    let types = args.iter().map(|(_, ty)| ty);
    (
        quote! { #(let #names = __args.next::<#types>(#labels);)* __args.end(); },
        names,
    )
}

fn init(contract: &Contract) -> TokenStream {
    let storage = &contract.storage;
    let Some(init) = of(contract, Role::Init).next() else {
        return quote_spanned! { storage.span() =>
            ::marque_sdk::__private::call().args().end();
            ::marque_sdk::__private::IntoStorage::store(<#storage as ::core::default::Default>::default())
        };
    };
    let (lets, names) = arguments(&init.args);
    let method = &init.method;
    quote! {
        let __call = ::marque_sdk::__private::call();
        #[allow(unused_mut)]
        let mut __args = __call.args();
        #lets
        ::marque_sdk::__private::IntoStorage::store(#storage::#method(#(#names),*))
    }
}

fn migrate(contract: &Contract) -> TokenStream {
    let storage = &contract.storage;
    let Some(migrate) = of(contract, Role::Migrate).next() else {
        return quote! {
            ::marque_sdk::__private::call().args().end();
            ::marque_sdk::__private::same_layout::<#storage>()?;
            ::core::result::Result::Ok(::marque_sdk::__private::Buf::new())
        };
    };
    let method = &migrate.method;
    let (former, args) = match (migrate.receiver, migrate.args.split_first()) {
        (Receiver::None, Some(((_, former), rest))) => (Some(former), rest),
        _ => (None, migrate.args.as_slice()),
    };
    let (lets, names) = arguments(args);
    let work = match former {
        Some(former) => quote! {
            let __former = ::marque_sdk::__private::before::<#former>()?;
            ::marque_sdk::__private::IntoStorage::store(#storage::#method(__former #(, #names)*))
        },
        None => quote! {
            ::marque_sdk::__private::same_layout::<#storage>()?;
            ::marque_sdk::__private::change::<#storage>(&mut |storage| {
                ::marque_sdk::__private::reply(storage.#method(#(::core::clone::Clone::clone(&#names)),*))
            })
        },
    };
    quote! {
        let __call = ::marque_sdk::__private::call();
        #[allow(unused_mut)]
        let mut __args = __call.args();
        #lets
        #work
    }
}

/// Messages or queries: by the name, on fields that are loaded once for all of them.
fn dispatch(contract: &Contract, role: Role) -> TokenStream {
    let arms = of(contract, role).enumerate().map(|(at, entry)| {
        let (lets, names) = arguments(&entry.args);
        let call = call(contract, entry, &quote!(#(#names),*), "reply");
        quote! { #at => { #lets #call } }
    });
    let labels = of(contract, role).map(|entry| &entry.name);
    let body = quote! {
        match __at {
            #(#arms)*
            _ => ::core::result::Result::Ok(::marque_sdk::__private::Buf::new()),
        }
    };
    let body = on_storage(contract, of(contract, role), &body);
    quote! {
        let __call = ::marque_sdk::__private::call();
        #[allow(unused_mut)]
        let (__at, mut __args) = __call.parts(&[#(#labels),*]);
        #body
    }
}

/// The one function behind all rules.
fn judge(contract: &Contract) -> TokenStream {
    let arms = of(contract, Role::Rule).enumerate().map(|(at, rule)| {
        let args = if rule.args.is_empty() {
            quote!()
        } else {
            quote!(&__movement)
        };
        let call = call(contract, rule, &args, "answer");
        quote! { #at => #call, }
    });
    let body = quote! {
        match __rule {
            #(#arms)*
            _ => ::core::result::Result::Ok(::marque_sdk::__private::Buf::new()),
        }
    };
    let body = on_storage(contract, of(contract, Role::Rule), &body);
    quote! {
        #[allow(dead_code)]
        fn __marque_judge(__rule: usize) -> ::marque_sdk::Result<::marque_sdk::__private::Buf> {
            let __movement = ::marque_sdk::__private::movement();
            #body
        }
    }
}

/// Loads the stored fields as the strongest of the entries takes them.
fn on_storage<'e>(
    contract: &Contract,
    entries: impl Iterator<Item = &'e Entry>,
    body: &TokenStream,
) -> TokenStream {
    let storage = &contract.storage;
    let strongest = entries
        .map(|entry| entry.receiver)
        .max()
        .unwrap_or(Receiver::None);
    match strongest {
        Receiver::None => body.clone(),
        Receiver::Shared => quote! {
            ::marque_sdk::__private::look::<#storage>(&mut |storage| #body)
        },
        Receiver::Exclusive => quote! {
            ::marque_sdk::__private::change::<#storage>(&mut |storage| #body)
        },
    }
}

/// Calls the method and encodes what it answers.
fn call(contract: &Contract, entry: &Entry, args: &TokenStream, encode: &str) -> TokenStream {
    let (storage, method) = (&contract.storage, &entry.method);
    let span = entry.returns.as_ref().map_or(method.span(), |ty| ty.span());
    let encode = format_ident!("{encode}", span = span);
    match entry.receiver {
        Receiver::None => quote! { ::marque_sdk::__private::#encode(#storage::#method(#args)) },
        Receiver::Shared | Receiver::Exclusive => quote! {
            ::marque_sdk::__private::#encode(storage.#method(#args))
        },
    }
}

/// The interface's parts.
fn parts(contract: &Contract) -> TokenStream {
    let (docs, storage) = (&contract.docs, &contract.storage);
    let init = maybe(
        of(contract, Role::Init)
            .next()
            .map(|entry| function(entry, 0, &quote!(()))),
    );
    let migrate = maybe(of(contract, Role::Migrate).next().map(|entry| {
        let former = usize::from(entry.receiver == Receiver::None);
        function(entry, former, &quote!(()))
    }));
    let rules = of(contract, Role::Rule).flat_map(|entry| {
        let docs = &entry.docs;
        entry.kinds.iter().map(move |kind| quote!((#kind, #docs)))
    });
    let functions = |role| {
        let parts = of(contract, role).map(|entry| {
            let returns = entry.returns.as_ref().map_or_else(
                || quote!(()),
                |ty| quote_spanned!(ty.span() => <#ty as ::marque_sdk::__private::Returns>::Value),
            );
            function(entry, 0, &returns)
        });
        quote!(&[#(#parts),*])
    };
    let (messages, queries) = (functions(Role::Message), functions(Role::Query));
    let events = &contract.events;
    let refusals = contract.refusals.iter().map(
        |refusals| quote_spanned!(refusals.span() => <#refusals as ::marque_sdk::Refusals>::PARTS),
    );
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
            refusals: &[#(#refusals),*],
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
