//! From a checked declaration to code.
//!
//! The lean part is what every build has. The row types come with the feature `rows` alone: the
//! schema is compiled after every edit, and they would take most of that time.

mod checks;
mod default;
mod enumeration;
mod json;
mod literal;
mod newtype;
mod objects;
mod registration;
mod rows;
mod view;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

pub(crate) use enumeration::enumeration;
pub(crate) use newtype::newtype;
pub(crate) use objects::objects;
pub(crate) use view::view;

use crate::parse::{Declaration, Kind};
use registration::List;

/// Everything that `PgTable` and `PgColumns` generate.
pub(crate) fn declaration(declaration: &Declaration) -> TokenStream {
    let lean = lean(declaration);
    if cfg!(feature = "rows") {
        let (checks, rows) = (checks::expand(declaration), rows::expand(declaration));
        quote!(#lean #checks #rows)
    } else {
        lean
    }
}

fn lean(declaration: &Declaration) -> TokenStream {
    let ident = &declaration.ident;
    let declared = literal::declaration(declaration);
    // At the struct's place, so that the compiler shows the struct where it lists who has the trait.
    let span = ident.span();
    match declaration.kind {
        Kind::Table => {
            let registered = registration::register(&List::Tables, ident, &declared);
            quote_spanned! {span=>
                impl ::schema::PgTable for #ident {}
                #registered
            }
        }
        // A view has a list of its own, and `view` registers it there.
        Kind::View => TokenStream::new(),
        Kind::Group => quote_spanned! {span=>
            impl ::schema::PgColumns for #ident {
                const DECLARATION: &'static ::schema::__private::Declaration = &#declared;
            }
        },
    }
}
