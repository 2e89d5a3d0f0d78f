//! Declaring is registering: the static that puts a declaration into one of `schema`'s lists.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

/// A list of `schema::__private`.
pub(super) enum List {
    Tables,
    Enums,
    Views,
    Objects,
}

/// Registers what `ident` declares. The static stands beside the struct, since a `const _` around it would be one more
/// body for the compiler.
pub(super) fn register(list: &List, ident: &Ident, declaration: &TokenStream) -> TokenStream {
    let (list, element) = match list {
        List::Tables => (quote!(TABLES), quote!(Declaration)),
        List::Enums => (quote!(ENUMS), quote!(EnumDeclaration)),
        List::Views => (quote!(VIEWS), quote!(ViewDeclaration)),
        List::Objects => (quote!(OBJECTS), quote!(ObjectsDeclaration)),
    };
    let name = format_ident!("__DECLARATION_OF_{}", ident.unraw(), span = Span::call_site());
    quote! {
        ::schema::__private::#list! {
            #![linkme_macro = ::schema::__private::#list]
            #[allow(non_upper_case_globals)]
            static #name: ::schema::__private::#element = #declaration;
        }
    }
}

/// Where the declaration stands, as `file:line`.
pub(super) fn place(ident: &Ident) -> String {
    let span = ident.span().unwrap();
    format!("{}:{}", span.file(), span.line())
}
