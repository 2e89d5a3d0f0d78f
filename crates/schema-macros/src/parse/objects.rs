//! `#[pg_objects]`: a function that gives objects of the schema.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Generics, Ident, Result, Token, Visibility, parenthesized};

use super::Errors;

/// A function that declares objects, by its name. What stands in it is the compiler's to read.
pub(crate) struct Objects {
    pub(crate) ident: Ident,
    /// `#[cfg(…)]` below `#[pg_objects]`, on which its registration depends too. One above has been decided already.
    pub(crate) conditions: Vec<Attribute>,
}

impl Parse for Objects {
    /// Reads the signature; the function is called without anything, and that decides what it cannot be.
    fn parse(input: ParseStream) -> Result<Self> {
        let mut errors = Errors::default();
        let mut conditions = input.call(Attribute::parse_outer)?;
        conditions.retain(|attribute| attribute.path().is_ident("cfg"));
        input.parse::<Visibility>()?;
        input.parse::<Option<Token![const]>>()?;
        if let Some(token) = input.parse::<Option<Token![async]>>()? {
            errors.push(Error::new(token.span, "a function that declares objects cannot be async"));
        }
        if let Some(token) = input.parse::<Option<Token![unsafe]>>()? {
            errors.push(Error::new(token.span, "a function that declares objects cannot be unsafe"));
        }
        if !input.peek(Token![fn]) {
            return Err(input.error("`pg_objects` is for functions that return objects: `fn roles() -> [Role; 2]`"));
        }
        input.parse::<Token![fn]>()?;
        let ident: Ident = input.parse()?;
        if let Some(parameter) = input.parse::<Generics>()?.params.first() {
            errors.push(Error::new_spanned(parameter, "a function that declares objects cannot be generic"));
        }
        let arguments;
        parenthesized!(arguments in input);
        if !arguments.is_empty() {
            errors.push(arguments.error("a function that declares objects takes no arguments"));
        }
        // What is left in the parentheses is no error of its own.
        arguments.parse::<TokenStream>()?;
        if !input.peek(Token![->]) {
            let message = "a function that declares objects returns them: `-> Vec<Object>`, or `-> [Role; 2]`";
            errors.push(Error::new(ident.span(), message));
        }
        input.parse::<TokenStream>()?;
        errors.finish()?;
        Ok(Objects { ident, conditions })
    }
}
