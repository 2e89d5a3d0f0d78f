//! What `PgEnum` generates.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt;

use super::registration::{self, List};
use crate::parse::enumeration::Enumeration;

pub(crate) fn enumeration(declared: &Enumeration) -> TokenStream {
    let Enumeration { ident, name, schema, variants, comment } = declared;
    let schema_name = schema.as_deref().unwrap_or("public");
    let (names, labels): (Vec<_>, Vec<_>) = variants.iter().map(|(ident, label)| (ident, label)).unzip();
    let inherent = inherent(ident, name, &names, &labels);
    let rows = if cfg!(feature = "rows") { rows(ident, name, schema.as_deref()) } else { TokenStream::new() };
    let place = registration::place(ident);
    let variants = variants.iter().map(|(ident, label)| {
        let name = ident.unraw().to_string();
        quote!((#name, #label))
    });
    let comment = match comment {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    let declaration = quote! {
        ::schema::__private::EnumDeclaration {
            name: #name,
            schema: #schema_name,
            variants: &[#(#variants),*],
            comment: #comment,
            place: #place,
        }
    };
    let registered = registration::register(&List::Enums, ident, &declaration);
    quote! {
        #inherent
        #registered
        #[automatically_derived]
        impl ::schema::PgType for #ident {
            const TYPE: &'static ::schema::ColumnType = &::schema::ColumnType::enumeration(#schema_name, #name);
        }
        #[automatically_derived]
        impl ::schema::HasDefault for #ident {
            type Default = Self;
        }
        #[automatically_derived]
        impl ::schema::DefaultValue for #ident {
            fn literal(&self) -> ::schema::build::Literal {
                ::schema::build::Literal::Text(self.as_str().to_owned())
            }
        }
        #rows
    }
}

fn inherent(ident: &Ident, name: &str, variants: &[&Ident], labels: &[&String]) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl #ident {
            /// Every label of the type, in the type's own order.
            pub const VALUES: &'static [&'static str] = &[#(#labels),*];

            /// The label in the database.
            pub fn as_str(&self) -> &'static str {
                match *self {
                    #(Self::#variants => #labels,)*
                }
            }
        }
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = ::schema::UnknownLabel;
            // The error by its path: `Self::Err` could also be a variant.
            fn from_str(label: &str) -> ::core::result::Result<Self, ::schema::UnknownLabel> {
                match label {
                    #(#labels => ::core::result::Result::Ok(Self::#variants),)*
                    _ => ::core::result::Result::Err(::schema::UnknownLabel::new(#name, label)),
                }
            }
        }
    }
}

/// Decoding, binding, and use as a value in a query.
fn rows(ident: &Ident, name: &str, schema: Option<&str>) -> TokenStream {
    let value = |label: TokenStream| match schema {
        // sea-query writes the type's name beside the parameter, and cannot qualify it; without
        // one, PostgreSQL takes the type from the column.
        Some(_) => quote!(::schema::rows::Value::String(#label)),
        None => quote!(::schema::rows::enum_value(#name, #label)),
    };
    let array_type = match schema {
        Some(_) => quote!(::schema::rows::ArrayType::String),
        None => quote!(::schema::rows::enum_array_type(#name)),
    };
    let some = value(quote!(::core::option::Option::Some(self.as_str().to_owned())));
    let none = value(quote!(::core::option::Option::None));
    quote! {
        #[automatically_derived]
        impl ::schema::rows::Encode for #ident {
            fn sql() -> ::std::string::String {
                ::schema::rows::type_name::<Self>()
            }
            fn value(self) -> ::schema::rows::Value {
                #some
            }
            fn null() -> ::schema::rows::Value {
                #none
            }
            fn array_type() -> ::schema::rows::ArrayType {
                #array_type
            }
            fn text(&self) -> ::core::option::Option<::std::string::String> {
                ::core::option::Option::Some(self.as_str().to_owned())
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
                <Self as ::schema::rows::Encode>::null()
            }
        }
        #[automatically_derived]
        impl ::schema::rows::Decode for #ident {
            fn accepts(ty: &::schema::rows::Type) -> bool {
                ty.name() == #name
            }
            fn decode(_: &::schema::rows::Type, raw: &[u8]) -> ::core::result::Result<Self, ::schema::rows::BoxError> {
                ::core::result::Result::Ok(::core::str::from_utf8(raw)?.parse()?)
            }
        }
        #[automatically_derived]
        impl<'a> ::schema::rows::FromSql<'a> for #ident {
            fn from_sql(
                ty: &::schema::rows::Type,
                raw: &'a [u8],
            ) -> ::core::result::Result<Self, ::schema::rows::BoxError> {
                <Self as ::schema::rows::Decode>::decode(ty, raw)
            }
            fn accepts(ty: &::schema::rows::Type) -> bool {
                <Self as ::schema::rows::Decode>::accepts(ty)
            }
        }
    }
}
