//! The feature `rows`: decoding, the insertable, the change set, and identifiers for sea-query.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Ident};

use crate::check::is_option;
use crate::parse::column::{Column, Field, FieldKind};
use crate::parse::sql_type::SqlType;
use crate::parse::{Declaration, Kind};

pub(super) fn expand(declaration: &Declaration) -> TokenStream {
    let identifiers = identifiers(declaration);
    let from_row = from_row(declaration);
    let insertable = insertable(declaration);
    let changes = changes(declaration);
    let group = group(declaration);
    quote!(#identifiers #from_row #insertable #changes #group)
}

/// What a view has of it: nothing is written through its struct.
pub(super) fn of_view(declaration: &Declaration) -> TokenStream {
    let identifiers = identifiers(declaration);
    let from_row = from_row(declaration);
    quote!(#identifiers #from_row)
}

fn new_ident(declaration: &Declaration) -> Ident {
    format_ident!("New{}", declaration.ident.unraw(), span = declaration.ident.span())
}

fn changes_ident(declaration: &Declaration) -> Ident {
    format_ident!("{}Changes", declaration.ident.unraw(), span = declaration.ident.span())
}

/// The table that a column's identifier carries; the columns of a group have none.
fn table(declaration: &Declaration) -> TokenStream {
    match declaration.kind {
        Kind::Table | Kind::View => quote!(::core::option::Option::Some(Self::TABLE)),
        Kind::Group => quote!(::core::option::Option::None),
    }
}

/// `User::email`, `User::TABLE`.
fn identifiers(declaration: &Declaration) -> TokenStream {
    let ident = &declaration.ident;
    let in_table = table(declaration);
    let columns = columns(declaration).map(|(field, column)| {
        let (name, column) = (&field.ident, &column.name);
        let doc = format!("The column `{column}`.");
        quote! {
            #[doc = #doc]
            pub const #name: ::schema::rows::Column = ::schema::rows::Column { table: #in_table, name: #column };
        }
    });
    let own_table = (declaration.kind != Kind::Group).then(|| {
        let doc = if declaration.kind == Kind::View { "The view." } else { "The table." };
        let name = declaration.attributes.name.as_deref().unwrap_or_default();
        let schema = declaration.attributes.schema.as_deref().unwrap_or("public");
        quote! {
            #[doc = #doc]
            pub const TABLE: ::schema::TableName = ::schema::TableName { schema: #schema, name: #name };
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(dead_code, non_upper_case_globals)]
        impl #ident {
            #own_table
            #(#columns)*
        }
    }
}

fn columns(declaration: &Declaration) -> impl Iterator<Item = (&Field, &Column)> {
    declaration.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Column(column) => Some((field, &**column)),
        FieldKind::Group => None,
    })
}

fn from_row(declaration: &Declaration) -> TokenStream {
    let ident = &declaration.ident;
    let in_table = table(declaration);
    let fields = declaration.fields.iter().map(|Field { ident, kind, .. }| match kind {
        FieldKind::Column(column) => {
            let name = &column.name;
            quote!(#ident: ::schema::rows::get(row, #name)?)
        }
        FieldKind::Group => quote!(#ident: ::schema::rows::FromRow::from_row(row)?),
    });
    let columns = declaration.fields.iter().map(|Field { ident, ty, kind, .. }| match kind {
        FieldKind::Column(_) => quote!(columns.push(Self::#ident);),
        FieldKind::Group => quote!(columns.extend(::schema::rows::in_table::<#ty>(#in_table));),
    });
    quote! {
        #[automatically_derived]
        impl ::schema::rows::FromRow for #ident {
            fn from_row(row: &::schema::rows::Row) -> ::core::result::Result<Self, ::schema::rows::Error> {
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
            fn columns() -> ::std::vec::Vec<::schema::rows::Column> {
                let mut columns = ::std::vec::Vec::new();
                #(#columns)*
                columns
            }
        }
    }
}

/// How an INSERT may treat a column.
enum Insertion {
    /// The database computes it.
    Never,
    Required,
    /// `None` stands for DEFAULT.
    Optional,
}

fn insertion(field: &Field, column: &Column) -> Insertion {
    let always = column.identity.as_ref().is_some_and(|identity| !identity.by_default);
    let serial = column.sql_type.as_ref().is_some_and(SqlType::is_serial);
    if column.generated.is_some() || always {
        Insertion::Never
    } else if column.default.is_some() || column.identity.is_some() || serial || is_option(&field.ty) {
        Insertion::Optional
    } else {
        Insertion::Required
    }
}

/// The type through whose text the value is sent: the driver knows no binary form of it for this Rust type.
fn cast(column: &Column) -> TokenStream {
    const NATIVE: &[&str] = &[
        "smallint",
        "integer",
        "bigint",
        "smallserial",
        "serial",
        "bigserial",
        "boolean",
        "text",
        "varchar",
        "char",
        "real",
        "double_precision",
        "numeric",
        "json",
        "jsonb",
        "uuid",
        "date",
        "time",
        "timestamp",
        "timestamp_with_time_zone",
        "bytea",
        "inet",
        "point",
        "line",
        "interval",
        "vector",
    ];
    let Some(sql_type) = &column.sql_type else { return quote!(::core::option::Option::None) };
    let marker = sql_type.marker.to_string();
    let text = match marker.as_str() {
        "custom" => sql_type.text.clone().unwrap_or_default(),
        native if NATIVE.contains(&native) => return quote!(::core::option::Option::None),
        // `bit` alone is `bit(1)`; PostgreSQL assigns a `bit varying` to a column of any length.
        "bit" => "bit varying".to_owned(),
        other => other.replace('_', " "),
    };
    quote!(::core::option::Option::Some(#text))
}

/// A struct of the insertable or the change set under construction.
struct Generated<'a> {
    doc: String,
    ident: Ident,
    attributes: &'a [TokenStream],
    /// Whether the struct derives serde's `Deserialize`, whose `null` must be told from absence.
    deserialize: bool,
    fields: Vec<TokenStream>,
}

impl<'a> Generated<'a> {
    fn new(doc: String, ident: Ident, attributes: &'a [TokenStream]) -> Self {
        let derives = |attribute: &TokenStream| {
            let text = attribute.to_string();
            text.contains("derive") && text.contains("Deserialize")
        };
        let deserialize = attributes.iter().any(derives);
        Generated { doc, ident, attributes, deserialize, fields: Vec::new() }
    }

    fn push(&mut self, field: &Field, ty: &TokenStream, attributes: &[TokenStream], null_matters: bool) {
        let (docs, ident): (&[Attribute], _) = (&field.docs, &field.ident);
        let doc = docs.is_empty().then(|| {
            let doc = format!("The column `{}`.", ident.unraw());
            quote!(#[doc = #doc])
        });
        let serde = (self.deserialize && null_matters)
            .then(|| quote!(#[serde(default, deserialize_with = "::schema::rows::present")]));
        self.fields.push(quote!(#(#docs)* #doc #serde #(#attributes)* pub #ident: #ty));
    }

    fn push_group(&mut self, field: &Field, ty: &TokenStream) {
        let (docs, ident) = (&field.docs, &field.ident);
        let doc = docs.is_empty().then(|| quote!(#[doc = "A group of columns."]));
        let serde = self.deserialize.then(|| quote!(#[serde(flatten)]));
        self.fields.push(quote!(#(#docs)* #doc #serde pub #ident: #ty));
    }

    fn item(&self, declaration: &Declaration, derive: TokenStream) -> TokenStream {
        let Generated { doc, ident, attributes, fields, .. } = self;
        let vis = &declaration.vis;
        // Whoever needs no change set has none the less one.
        quote!(#[doc = #doc] #[allow(dead_code)] #derive #(#attributes)* #vis struct #ident { #(#fields),* })
    }
}

fn insertable(declaration: &Declaration) -> TokenStream {
    let this = &declaration.ident;
    let in_table = match declaration.kind {
        Kind::Table | Kind::View => quote!(::core::option::Option::Some(#this::TABLE)),
        Kind::Group => quote!(::core::option::Option::None),
    };
    let doc = format!("A row to insert as a [`{this}`]. `None` leaves a column to its default.");
    let mut new = Generated::new(doc, new_ident(declaration), &declaration.attributes.new);
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    let (mut required, mut fields) = (Vec::new(), Vec::new());
    for field in &declaration.fields {
        let Field { ident, ty, kind, .. } = field;
        let FieldKind::Column(column) = kind else {
            new.push_group(field, &quote!(<#ty as ::schema::rows::Group>::New));
            required.push(quote!(#ident: <#ty as ::schema::rows::Group>::New));
            fields.push(quote!(#ident));
            columns.push(quote!(columns.extend(::schema::rows::new_in_table::<#ty>(#in_table));));
            values.push(quote!(values.extend(::schema::rows::Insert::into_values(self.#ident));));
            continue;
        };
        let cast = cast(column);
        let (ty, value) = match insertion(field, column) {
            Insertion::Never => continue,
            Insertion::Required => {
                required.push(quote!(#ident: #ty));
                fields.push(quote!(#ident));
                (quote!(#ty), quote!(::schema::rows::expr(self.#ident, #cast)))
            }
            Insertion::Optional => {
                fields.push(quote!(#ident: ::core::option::Option::None));
                // Only where there is a default does an absent value differ from NULL.
                let ty = if is_option(ty) && column.default.is_none() {
                    quote!(#ty)
                } else {
                    quote!(::core::option::Option<#ty>)
                };
                (ty, quote!(::schema::rows::or_default(self.#ident, #cast)))
            }
        };
        let null_matters = is_option(&field.ty) && column.default.is_some();
        new.push(field, &ty, &column.new, null_matters);
        columns.push(quote!(columns.push(#this::#ident);));
        values.push(quote!(values.push(#value);));
    }
    let (ident, item) = (new.ident.clone(), new.item(declaration, TokenStream::new()));
    let insert = (declaration.kind == Kind::Table).then(|| {
        quote! {
            #[automatically_derived]
            #[allow(dead_code)]
            impl #ident {
                /// A row of what has no default. The rest follows by `..Self::new(…)`, so that a column
                /// that is added with a default or as nullable leaves its callers as they are.
                #[allow(clippy::too_many_arguments)]
                pub fn new(#(#required),*) -> Self {
                    Self { #(#fields),* }
                }
                /// `INSERT INTO` the table this one row.
                pub fn into_insert(self) -> ::schema::rows::InsertStatement {
                    ::schema::rows::insert(#this::TABLE, [self])
                }
                /// One `INSERT INTO` the table for all rows.
                pub fn insert_many(
                    rows: impl ::core::iter::IntoIterator<Item = Self>,
                ) -> ::schema::rows::InsertStatement {
                    ::schema::rows::insert(#this::TABLE, rows)
                }
            }
        }
    });
    quote! {
        #item
        #insert
        #[automatically_derived]
        impl ::schema::rows::Insert for #ident {
            fn columns() -> ::std::vec::Vec<::schema::rows::Column> {
                let mut columns = ::std::vec::Vec::new();
                #(#columns)*
                columns
            }
            fn into_values(self) -> ::std::vec::Vec<::schema::rows::Expr> {
                let mut values = ::std::vec::Vec::new();
                #(#values)*
                values
            }
        }
    }
}

/// Whether the column belongs to the primary key, by which a row is found rather than changed.
fn in_primary_key(declaration: &Declaration, field: &Field, column: &Column) -> bool {
    let named = declaration.attributes.primary_key.iter().flat_map(|key| &key.on);
    column.primary_key.is_some() || named.into_iter().any(|path| path.0.len() == 1 && path.0[0] == field.ident)
}

fn changes(declaration: &Declaration) -> TokenStream {
    let this = &declaration.ident;
    let doc = format!("Changes to a [`{this}`]. `None` leaves a column as it is.");
    let mut changes = Generated::new(doc, changes_ident(declaration), &declaration.attributes.changes);
    let (mut applied, mut empty) = (Vec::new(), Vec::new());
    for field in &declaration.fields {
        let Field { ident, ty, kind, .. } = field;
        let FieldKind::Column(column) = kind else {
            changes.push_group(field, &quote!(<#ty as ::schema::rows::Group>::Changes));
            applied.push(quote!(::schema::rows::Changes::apply(self.#ident, update);));
            empty.push(quote!(::schema::rows::Changes::is_empty(&self.#ident)));
            continue;
        };
        let never = matches!(insertion(field, column), Insertion::Never);
        if never || in_primary_key(declaration, field, column) {
            continue;
        }
        let cast = cast(column);
        changes.push(field, &quote!(::core::option::Option<#ty>), &column.changes, true);
        applied.push(quote! {
            if let ::core::option::Option::Some(value) = self.#ident {
                update.value(#this::#ident, ::schema::rows::expr(value, #cast));
            }
        });
        empty.push(quote!(self.#ident.is_none()));
    }
    let ident = changes.ident.clone();
    let item = changes.item(declaration, quote!(#[derive(::core::default::Default)]));
    let update = (declaration.kind == Kind::Table).then(|| {
        quote! {
            #[automatically_derived]
            #[allow(dead_code)]
            impl #ident {
                /// `UPDATE` of the table with these changes; the caller adds the condition.
                pub fn into_update(self) -> ::schema::rows::UpdateStatement {
                    ::schema::rows::update(#this::TABLE, self)
                }
            }
        }
    });
    let empty = if empty.is_empty() { vec![quote!(true)] } else { empty };
    let update_name = Ident::new(if applied.is_empty() { "_update" } else { "update" }, Span::call_site());
    quote! {
        #item
        #update
        #[automatically_derived]
        impl ::schema::rows::Changes for #ident {
            fn is_empty(&self) -> bool {
                #(#empty)&&*
            }
            fn apply(self, #update_name: &mut ::schema::rows::UpdateStatement) {
                #(#applied)*
            }
        }
    }
}

fn group(declaration: &Declaration) -> TokenStream {
    if declaration.kind != Kind::Group {
        return TokenStream::new();
    }
    let (ident, new, changes) = (&declaration.ident, new_ident(declaration), changes_ident(declaration));
    quote! {
        #[automatically_derived]
        impl ::schema::rows::Group for #ident {
            type New = #new;
            type Changes = #changes;
        }
    }
}
