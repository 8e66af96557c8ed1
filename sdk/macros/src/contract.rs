//! `#[contract]`: reads the module, leaves its code as it is, and adds the entries, the
//! interface and the metadata section.

mod emit;
mod entry;
mod read;

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{Error, ItemMod, LitStr, Path, Result, Token};

pub fn expand(args: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let mut name: Option<LitStr> = None;
    let mut included: Vec<Path> = Vec::new();
    let parser = syn::meta::parser(|meta| {
        if meta.path.is_ident("name") {
            name = Some(meta.value()?.parse()?);
            return Ok(());
        }
        if meta.path.is_ident("refusals") {
            let list;
            syn::parenthesized!(list in meta.input);
            included.extend(Punctuated::<Path, Token![,]>::parse_terminated_with(
                &list,
                Path::parse_mod_style,
            )?);
            return Ok(());
        }
        Err(meta.error("#[contract] takes name = \"…\", refusals(path, …) or nothing"))
    });
    syn::parse::Parser::parse2(parser, args)?;
    let module: ItemMod = syn::parse2(item).map_err(|error| {
        Error::new(
            error.span(),
            "#[contract] stands on a module: #[contract] mod fresh_food { … }",
        )
    })?;
    let contract = read::read(module, name, included)?;
    Ok(emit::emit(&contract))
}
