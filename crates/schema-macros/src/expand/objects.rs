//! What `#[pg_objects]` generates beside the function.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::registration::{self, List};
use crate::parse::objects::Objects;

pub(crate) fn objects(function: &Objects) -> TokenStream {
    let Objects { ident, conditions } = function;
    let place = registration::place(ident);
    // At the function's name, so that the compiler shows it where what it returns is no list of objects.
    let called = quote_spanned!(ident.span()=> ::schema::__private::objects(#ident()));
    let declared = quote!(::schema::__private::ObjectsDeclaration { place: #place, objects: || #called });
    let registered = registration::register(&List::Objects, ident, &declared);
    quote!(#(#conditions)* #registered)
}
