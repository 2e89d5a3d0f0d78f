//! What `PgView` generates.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::json::{self, Json};
use super::registration::{self, List};
use super::{literal, rows};
use crate::parse::view::{Query, View, ViewOptions};

pub(crate) fn view(view: &View) -> TokenStream {
    let View { declaration, options } = view;
    let columns = literal::declaration(declaration);
    let (literal, query) = (self::options(options), query(options.query.as_ref()));
    let declared = quote! {
        ::schema::__private::ViewDeclaration { columns: #columns, options: #literal, query: #query }
    };
    let registered = registration::register(&List::Views, &declaration.ident, &declared);
    let rows = if cfg!(feature = "rows") { rows::of_view(declaration) } else { TokenStream::new() };
    quote!(#registered #rows)
}

/// The options as JSON.
fn options(options: &ViewOptions) -> String {
    let ViewOptions { query, materialized, with, with_no_data, using, tablespace } = options;
    let mut json = Json::object();
    if let Some(Query::Literal(sql)) = query {
        json.raw("query", &json::quoted(&sql.value()));
    }
    json.flag("materialized", *materialized).flag("with_no_data", *with_no_data);
    literal::with_parameters(&mut json, with);
    json.some_text("using", using.as_ref()).some_text("tablespace", tablespace.as_ref().map(syn::LitStr::value));
    json.finish()
}

/// The query that only the program knows, as a function that gives its text.
fn query(query: Option<&Query>) -> TokenStream {
    match query {
        Some(Query::Expression(value)) => {
            let text = quote_spanned!(value.span()=> ::std::string::ToString::to_string(&#value));
            quote!(::core::option::Option::Some(|| #text))
        }
        Some(Query::Literal(_)) | None => quote!(::core::option::Option::None),
    }
}
