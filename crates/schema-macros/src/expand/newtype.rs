//! `#[derive(PgType)]`: a newtype is stored as what it wraps.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

/// The impls of a struct with one unnamed field.
pub(crate) fn newtype(input: &DeriveInput) -> Result<TokenStream> {
    let inner = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first().map(|field| &field.ty),
            _ => None,
        },
        _ => None,
    };
    let Some(inner) = inner else {
        let message = "PgType is for a struct around one value: `struct UserId(Uuid);`";
        return Err(Error::new_spanned(&input.ident, message));
    };
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new_spanned(parameter, "a newtype of a column cannot be generic"));
    }
    let ident = &input.ident;
    let rows = if cfg!(feature = "rows") { rows(ident, inner) } else { TokenStream::new() };
    Ok(quote! {
        #[automatically_derived]
        impl ::schema::PgType for #ident {
            const TYPE: &'static ::schema::ColumnType = <#inner as ::schema::PgType>::TYPE;
        }
        #[automatically_derived]
        impl<S: ::schema::sql::SqlType> ::schema::Stores<S> for #ident
        where
            #inner: ::schema::Stores<S>,
        {
            const TYPE: &'static ::schema::ColumnType = <#inner as ::schema::Stores<S>>::TYPE;
        }
        #[automatically_derived]
        impl ::schema::HasDefault for #ident {
            type Default = <#inner as ::schema::HasDefault>::Default;
        }
        #rows
    })
}

/// Decoding and binding, each by the value inside.
fn rows(ident: &syn::Ident, inner: &syn::Type) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::schema::rows::Decode for #ident {
            fn accepts(ty: &::schema::rows::Type) -> bool {
                <#inner as ::schema::rows::Decode>::accepts(ty)
            }
            fn decode(ty: &::schema::rows::Type, raw: &[u8]) -> ::core::result::Result<Self, ::schema::rows::BoxError> {
                <#inner as ::schema::rows::Decode>::decode(ty, raw).map(#ident)
            }
        }
        #[automatically_derived]
        impl ::schema::rows::Encode for #ident {
            const VIA_TEXT: bool = <#inner as ::schema::rows::Encode>::VIA_TEXT;
            const IS_ARRAY: bool = <#inner as ::schema::rows::Encode>::IS_ARRAY;
            fn sql() -> ::std::string::String {
                <#inner as ::schema::rows::Encode>::sql()
            }
            fn value(self) -> ::schema::rows::Value {
                ::schema::rows::Encode::value(self.0)
            }
            fn null() -> ::schema::rows::Value {
                <#inner as ::schema::rows::Encode>::null()
            }
            fn array_type() -> ::schema::rows::ArrayType {
                <#inner as ::schema::rows::Encode>::array_type()
            }
            fn text(&self) -> ::core::option::Option<::std::string::String> {
                ::schema::rows::Encode::text(&self.0)
            }
        }
        #[automatically_derived]
        impl ::core::convert::From<#ident> for ::schema::rows::Value {
            fn from(value: #ident) -> Self {
                ::schema::rows::Encode::value(value)
            }
        }
        #[automatically_derived]
        impl ::schema::rows::Nullable for #ident {
            fn null() -> ::schema::rows::Value {
                <#inner as ::schema::rows::Encode>::null()
            }
        }
    }
}
