//! The macros that make a module of rules into a contract. `marque-sdk` re-exports them and
//! is what their expansions name.
//!
//! **Knows nothing about** what types mean: descriptions of types are put together by the
//! compiler (`marque_abi::interface`), so an alias or an import never misleads a macro.
//! Every misuse is an error at the place of the mistake that says what to write instead;
//! `tests/ui` holds them.
//!
//! Start reading at [`macro@contract`]; `contract/` reads the module and writes the entries,
//! one file each for the other attributes.

mod contract;
mod data;
mod event;
mod fields;
mod refusals;
mod storage;
mod text;

use proc_macro::TokenStream;
use proc_macro2::Span;

/// Makes a module into a contract.
///
/// The module holds one `#[storage]` struct with an impl of its entries, and whatever else
/// the rules need: `#[refusals]` enums, `#[event]` structs, `#[data]` types, functions.
/// `use super::*` is understood.
///
/// | on a method | is |
/// |---|---|
/// | `#[init]` | what deployment runs: `fn(args…) -> Self`; without it the storage begins as its `Default` |
/// | `#[rule]` | the rule for the movement that the method is named after (`offer`, `accept`, …), or for those in `#[rule(offer, accept)]`; takes `&self` or `&mut self` and, if it wants, `&Movement` |
/// | `#[message]` | what accounts can tell the contract: takes `&mut self` and arguments |
/// | `#[query]` | what anyone can ask it: takes `&self` and arguments, changes nothing |
/// | `#[migrate]` | what an upgrade runs: `fn(old: FormerStorage, args…) -> Self`, or `&mut self` where the layout stays |
///
/// The contract is named after the module (`fresh_food` is `fresh-food`), or
/// `#[contract(name = "…")]`; its version is the package's.
///
/// Its interface lists the module's own `#[refusals]`. Those that a library declares and the
/// contract raises stand beside them with `#[contract(refusals(library::Refuse, …))]`, under the
/// library's names and codes; two of one name or code do not compile.
#[proc_macro_attribute]
pub fn contract(args: TokenStream, item: TokenStream) -> TokenStream {
    done(contract::expand(args.into(), item.into()))
}

/// The struct of what a contract keeps; see `marque_sdk::storage`.
#[proc_macro_attribute]
pub fn storage(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "storage").and_then(|()| storage::expand(item.into())))
}

/// An enum of named refusals.
///
/// A variant's doc comment is its message: `{field}` stands for the field's value.
/// `#[refusal(field = "…", expected = "…", remedy = "…")]` says what was at fault and what
/// to do; `code = 5123` fixes a number where two names' numbers meet.
#[proc_macro_attribute]
pub fn refusals(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "refusals").and_then(|()| refusals::expand(item.into())))
}

/// A struct that the contract emits; readers search by the fields marked `#[indexed]`.
#[proc_macro_attribute]
pub fn event(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "event").and_then(|()| event::expand(item.into())))
}

/// A struct or enum that can be stored, sent and answered: encoded in SCALE, described in
/// the contract's interface.
#[proc_macro_attribute]
pub fn data(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "data").and_then(|()| data::expand(item.into())))
}

macro_rules! inside_a_contract {
    ($($name:ident)*) => {$(
        /// On a method of the storage's impl inside a `#[contract]` module; see [`macro@contract`].
        #[proc_macro_attribute]
        pub fn $name(_: TokenStream, _: TokenStream) -> TokenStream {
            let message = concat!(
                "#[", stringify!($name), "] stands on a method of the storage's impl, inside a `#[contract] mod`"
            );
            done(Err(syn::Error::new(Span::call_site(), message)))
        }
    )*};
}
inside_a_contract!(init rule message query migrate);

fn done(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
