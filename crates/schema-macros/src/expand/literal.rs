//! The declaration as one string literal, and the lists of what only the compiler can resolve.
//!
//! `schema::declared` reads the literal when the schema is asked for. A literal costs the
//! compiler next to nothing; the same content as calls or as constant data costs it several times
//! the time at hundreds of tables.

use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{Ident, Lit, LitStr, Path, Type};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::json::{self, Json};
use crate::parse::Declaration;
use crate::parse::column::{Actions, Column, Default, FieldKind, Identity, Unique};
use crate::parse::options::FieldPath;
use crate::parse::sql_type::{Size, SqlType};
use crate::parse::table::{ForeignKey, Index, IndexColumn, IndexKey, TableAttributes};

/// The literal under construction with its lists; the literal names their elements by position.
#[derive(Default)]
pub(crate) struct Literal {
    types: Vec<TokenStream>,
    defaults: Vec<TokenStream>,
    sizes: Vec<TokenStream>,
    references: Vec<TokenStream>,
    groups: Vec<TokenStream>,
}

/// The expression of type `schema::Declaration`.
pub(crate) fn declaration(declaration: &Declaration) -> TokenStream {
    let mut literal = Literal::default();
    let span = declaration.ident.span();
    let text = LitStr::new(&literal.table(declaration), span);
    let Literal { types, defaults, sizes, references, groups } = literal;
    quote_spanned! {span=>
        ::schema::__private::Declaration {
            literal: #text,
            types: &[#(#types),*],
            defaults: &[#(#defaults),*],
            sizes: &[#(#sizes),*],
            references: &[#(#references),*],
            groups: &[#(#groups),*],
            file: ::core::file!(),
            line: ::core::line!(),
        }
    }
}

impl Literal {
    fn table(&mut self, declaration: &Declaration) -> String {
        let TableAttributes {
            name,
            schema,
            rls,
            new: _,
            changes: _,
            indexes,
            uniques,
            primary_key,
            foreign_keys,
            checks,
        } = &declaration.attributes;
        let columns = declaration.fields.iter().map(|field| match &field.kind {
            FieldKind::Column(column) => self.column(&field.ident, &field.ty, column),
            FieldKind::Group => {
                let ty = &field.ty;
                self.groups.push(quote_spanned!(ty.span()=> <#ty as ::schema::PgColumns>::DECLARATION));
                let mut group = Json::object();
                group.text("field", &field.ident.unraw().to_string());
                group.raw("group", &(self.groups.len() - 1).to_string());
                group.finish()
            }
        });
        let columns = columns.collect();
        let mut table = Json::object();
        table.some_text("name", name.as_ref()).some_text("schema", schema.as_ref()).flag("rls", *rls);
        table.list("columns", columns);
        table.list("indexes", indexes.iter().map(index).collect());
        let uniques = uniques.iter().map(|constraint| {
            let mut json = unique(&constraint.options);
            json.raw("columns", &paths(&constraint.on));
            json.finish()
        });
        table.list("uniques", uniques.collect());
        if let Some(key) = primary_key {
            let mut json = Json::object();
            json.some_text("name", key.name.as_ref().map(syn::LitStr::value)).raw("columns", &paths(&key.on));
            table.raw("primary_key", &json.finish());
        }
        table.list("foreign_keys", foreign_keys.iter().map(|key| self.foreign_key(key)).collect());
        let checks = checks
            .iter()
            .map(|(name, condition)| json::list(&[json::quoted(&name.value()), json::quoted(&condition.value())]));
        table.list("checks", checks.collect());
        table.finish()
    }

    fn column(&mut self, ident: &Ident, ty: &Type, column: &Column) -> String {
        let Column {
            name,
            sql_type,
            array,
            primary_key,
            unique: unique_constraint,
            default,
            generated,
            identity: identity_options,
            references,
            index,
            new: _,
            changes: _,
        } = column;
        self.types.push(super::column_type(ty, sql_type.as_ref()));
        let mut json = Json::object();
        json.text("name", name);
        let field = ident.unraw().to_string();
        json.some_text("field", (field != *name).then_some(field));
        if let Some(sql_type) = sql_type {
            json.raw("type", &self.sql_type(sql_type));
        }
        if let Some(sizes) = array {
            let sizes = sizes.iter().map(|size| size.map_or("null".to_owned(), |size| size.to_string()));
            json.raw("array", &json::list(&sizes.collect::<Vec<_>>()));
        }
        json.flag("primary_key", primary_key.is_some());
        if let Some(constraint) = unique_constraint {
            json.raw("unique", &unique(constraint).finish());
        }
        match default {
            Some(Default::Sql(sql)) => {
                json.text("default_sql", sql);
            }
            Some(Default::Value(value)) => {
                self.defaults.push(default_value(ty, value));
                json.raw("default", &(self.defaults.len() - 1).to_string());
            }
            None => {}
        }
        json.some_text("generated", generated.as_ref().map(syn::LitStr::value));
        if let Some(options) = identity_options {
            json.raw("identity", &identity(options));
        }
        if let Some(key) = references {
            json.raw("references", &self.reference(&key.table, &key.fields, &key.actions, None));
        }
        if let Some(name) = index {
            json.text("index", &name.as_ref().map(syn::LitStr::value).unwrap_or_default());
        }
        json.finish()
    }

    fn sql_type(&mut self, sql_type: &SqlType) -> String {
        let mut json = Json::object();
        json.text("name", &sql_type.marker.to_string());
        let sizes = sql_type.sizes.iter().map(|size| match size {
            Size::Literal(size) => size.to_string(),
            Size::Constant(constant) => {
                self.sizes.push(quote!(#constant));
                format!("{{\"constant\":{}}}", self.sizes.len() - 1)
            }
        });
        let sizes = sizes.collect();
        json.list("sizes", sizes).some_text("text", sql_type.text.as_ref());
        json.finish()
    }

    fn foreign_key(&mut self, key: &ForeignKey) -> String {
        self.reference(&key.table, &key.fields, &key.actions, Some(&key.on))
    }

    fn reference(&mut self, table: &Path, fields: &[Ident], actions: &Actions, on: Option<&[FieldPath]>) -> String {
        self.references.push(quote_spanned!(table.span()=> <#table as ::schema::PgTable>::NAME));
        let Actions { name, on_delete, on_update } = actions;
        let mut json = Json::object();
        json.raw("table", &(self.references.len() - 1).to_string());
        json.some_text("name", name.as_ref().map(syn::LitStr::value));
        if let Some(on) = on {
            json.raw("on", &paths(on));
        }
        let fields: Vec<String> = fields.iter().map(|field| json::quoted(&field.unraw().to_string())).collect();
        json.raw("fields", &json::list(&fields));
        json.some_text("on_delete", on_delete.as_ref()).some_text("on_update", on_update.as_ref());
        json.finish()
    }
}

/// The default as constant data, whose type the compiler checks against the column's.
fn default_value(ty: &Type, value: &TokenStream) -> TokenStream {
    let value = borrowed(value.clone());
    quote_spanned! {ty.span()=> {
        const __DEFAULT: <#ty as ::schema::HasDefault>::Default = #value;
        &__DEFAULT
    } }
}

/// An array is written as in Rust and stored as a slice, and so are the arrays in it.
fn borrowed(value: TokenStream) -> TokenStream {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Bracket => {
            let mut inner = TokenStream::new();
            for token in group.stream() {
                inner.extend(borrowed(token.into()));
            }
            let mut slice = proc_macro2::Group::new(Delimiter::Bracket, inner);
            slice.set_span(group.span());
            quote!(&#slice)
        }
        _ => value,
    }
}

fn unique(unique: &Unique) -> Json {
    let mut json = Json::object();
    json.some_text("name", unique.name.as_ref().map(syn::LitStr::value));
    json.flag("nulls_not_distinct", unique.nulls_not_distinct);
    json
}

fn identity(identity: &Identity) -> String {
    let mut json = Json::object();
    json.flag("by_default", identity.by_default).flag("cycle", identity.cycle);
    json.some_text("name", identity.name.as_ref().map(syn::LitStr::value));
    for (option, number) in &identity.numbers {
        json.raw(option, &number.to_string());
    }
    json.finish()
}

fn index(index: &Index) -> String {
    let Index { name, on, unique, using, filter, with, concurrently } = index;
    let mut json = Json::object();
    json.some_text("name", name.as_ref().map(syn::LitStr::value));
    json.list("on", on.iter().map(index_column).collect());
    json.flag("unique", *unique).flag("concurrently", *concurrently);
    json.some_text("using", using.as_ref()).some_text("filter", filter.as_ref().map(syn::LitStr::value));
    if !with.is_empty() {
        let mut parameters = Json::object();
        for (name, value) in with {
            parameters.raw(name, &parameter(value));
        }
        json.raw("with", &parameters.finish());
    }
    json.finish()
}

/// A storage parameter's value: numbers and booleans as they are, everything else as text.
fn parameter(value: &Lit) -> String {
    match value {
        Lit::Int(number) => number.base10_digits().to_owned(),
        Lit::Float(number) => number.base10_digits().to_owned(),
        Lit::Bool(value) => value.value.to_string(),
        Lit::Str(text) => json::quoted(&text.value()),
        other => json::quoted(&other.to_token_stream().to_string()),
    }
}

fn index_column(column: &IndexColumn) -> String {
    let mut json = Json::object();
    match &column.key {
        IndexKey::Field(path) => json.text("field", &path.text()),
        IndexKey::Sql(sql) => json.text("sql", &sql.value()),
    };
    json.flag("desc", column.desc).flag("nulls_first", column.nulls_first);
    json.some_text("op", column.operator_class.as_ref().map(syn::LitStr::value));
    json.finish()
}

fn paths(paths: &[FieldPath]) -> String {
    json::list(&paths.iter().map(|path| json::quoted(&path.text())).collect::<Vec<_>>())
}
