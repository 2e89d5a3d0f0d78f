//! From a checked declaration to code.
//!
//! The lean part is what every build has. The row types come with the feature `rows` alone: the
//! schema is compiled after every edit, and they would take most of that time.

mod enumeration;
mod json;
mod literal;
mod newtype;
mod rows;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{LitStr, Type};

pub(crate) use enumeration::enumeration;
pub(crate) use newtype::newtype;

use crate::parse::column::FieldKind;
use crate::parse::sql_type::SqlType;
use crate::parse::{Declaration, Kind};

/// Everything that `PgTable` and `PgColumns` generate.
pub(crate) fn declaration(declaration: &Declaration) -> TokenStream {
    let lean = lean(declaration);
    if cfg!(feature = "rows") {
        let rows = rows::expand(declaration);
        quote!(#lean #rows)
    } else {
        lean
    }
}

fn lean(declaration: &Declaration) -> TokenStream {
    let ident = &declaration.ident;
    // The struct's own span, and not the derive's: the compiler's incremental cache keeps what has it when
    // lines move above, while it makes everything anew that is said to come from a macro there.
    let span = ident.span();
    let literal = literal::declaration(declaration);
    let checks = references(declaration);
    if declaration.kind == Kind::Group {
        return quote_spanned! {span=>
            #[automatically_derived]
            impl ::schema::PgColumns for #ident {
                const DECLARATION: &'static ::schema::__private::Declaration = &#literal;
            }
            #checks
        };
    }
    let name = LitStr::new(declaration.attributes.name.as_deref().unwrap_or_default(), span);
    let schema = LitStr::new(declaration.attributes.schema.as_deref().unwrap_or("public"), span);
    quote_spanned! {span=>
        #[automatically_derived]
        impl ::schema::PgTable for #ident {
            const NAME: ::schema::TableName = ::schema::TableName { schema: #schema, name: #name };
        }
        const _: () = {
            static __DECLARATION: ::schema::__private::Declaration = #literal;
            // Apart from the declaration, because linkme parses what it is put on.
            #[::schema::__private::linkme::distributed_slice(::schema::__private::TABLES)]
            #[linkme(crate = ::schema::__private::linkme)]
            static __REGISTERED: &::schema::__private::Declaration = &__DECLARATION;
        };
        #checks
    }
}

/// The constant of a column's type: by its Rust type alone, or checked against the type it names.
fn column_type(ty: &Type, sql_type: Option<&SqlType>) -> TokenStream {
    let span = ty.span();
    match sql_type {
        Some(SqlType { marker, .. }) => quote_spanned!(span=> <#ty as ::schema::Stores<::schema::sql::#marker>>::TYPE),
        None => quote_spanned!(span=> <#ty as ::schema::PgType>::TYPE),
    }
}

/// A function that is never called, in which the compiler looks up each referenced field and compares its type.
fn references(declaration: &Declaration) -> TokenStream {
    let span = declaration.ident.span();
    let this = syn::Path::from(declaration.ident.clone());
    let own = |field: &syn::Ident| {
        let field = declaration.fields.iter().find(|declared| declared.ident == *field);
        field.map(|field| field.ty.clone())
    };
    let mut checks = Vec::new();
    for field in &declaration.fields {
        let FieldKind::Column(column) = &field.kind else { continue };
        if let Some(key) = &column.references {
            let (ty, table, target) = (&field.ty, &key.table, &key.fields);
            checks.push((table, quote_spanned!(span=> #(::schema::__private::references::<#ty, _>(&table.#target);)*)));
        }
    }
    for key in &declaration.attributes.foreign_keys {
        for (path, target) in key.on.iter().zip(&key.fields) {
            let table = &key.table;
            match path.0.as_slice() {
                [field] if own(field).is_some() => {
                    let ty = own(field);
                    checks.push((
                        table,
                        quote_spanned!(span=> ::schema::__private::references::<#ty, _>(&table.#target);),
                    ));
                }
                _ => checks.push((table, quote_spanned!(span=> let _ = &table.#target;))),
            }
        }
    }
    for path in grouped(declaration) {
        let [group, field] = path.0.as_slice() else { continue };
        checks.push((&this, quote_spanned!(span=> let _ = &table.#group.#field;)));
    }
    let checks = checks.iter().map(|(table, check)| quote_spanned!(span=> const _: fn(&#table) = |table| { #check };));
    quote_spanned!(span=> #(#checks)*)
}

/// The fields of flattened groups that the attributes name.
fn grouped(declaration: &Declaration) -> impl Iterator<Item = &crate::parse::options::FieldPath> {
    crate::check::paths(&declaration.attributes).filter(|path| path.0.len() == 2)
}
