//! What the service's build has the compiler look up beside the declaration.
//!
//! Each takes a body, and bodies are what the lean build has no time for: there, `schema::declared` finds the same
//! while it reads the literals, with an error that names the struct and the field.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned as _;

use super::default;
use crate::parse::Declaration;
use crate::parse::column::{Default, FieldKind};
use crate::parse::options::FieldPath;

/// All of them.
pub(super) fn expand(declaration: &Declaration) -> TokenStream {
    let mut checks = references(declaration);
    checks.extend(variants(declaration));
    checks
}

/// Functions that are never called, in which the compiler looks up each referenced field and compares its type.
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
fn grouped(declaration: &Declaration) -> impl Iterator<Item = &FieldPath> {
    crate::check::paths(&declaration.attributes).filter(|path| path.0.len() == 2)
}

/// Constants that are the defaults that are variants.
fn variants(declaration: &Declaration) -> TokenStream {
    let mut checks = TokenStream::new();
    for field in &declaration.fields {
        let FieldKind::Column(column) = &field.kind else { continue };
        let (Some(Default::Value(value)), ty) = (&column.default, &field.ty) else { continue };
        if let default::Value::Variant(_) = default::value(ty, value) {
            checks.extend(quote_spanned!(ty.span()=> const _: <#ty as ::schema::HasDefault>::Default = #value;));
        }
    }
    checks
}
