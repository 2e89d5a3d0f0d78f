//! The declaration as one string literal, and what only the compiler can resolve.
//!
//! `schema::declared` reads the literal when the schema is asked for. A literal costs the compiler next to nothing; the
//! same content as calls or as constant data costs it several times the time at hundreds of tables. What the compiler
//! must resolve is asked in types where it can be: a constant is a body to check, and a type argument is none.

use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{Ident, Lit, Path, Type};

use proc_macro2::TokenStream;

use super::default::{self, Value};
use super::json::{self, Json};
use super::registration;
use crate::parse::column::{Actions, Column, Default, FieldKind, Generated, Identity, Unique};
use crate::parse::options::FieldPath;
use crate::parse::policy::Policy;
use crate::parse::sql_type::{Size, SqlType};
use crate::parse::table::{Check, ForeignKey, Index, IndexColumn, IndexKey, TableAttributes};
use crate::parse::{Declaration, Kind, docs};

/// The most questions that one of `schema`'s functions takes.
const QUESTIONS: usize = 16;

/// The literal under construction with its lists; the literal names their elements by position.
#[derive(Default)]
pub(crate) struct Literal {
    /// What the compiler is asked, as types of `schema::__private`.
    questions: Vec<TokenStream>,
    /// How many of the questions are after a referenced table, or a group.
    references: usize,
    groups: usize,
    /// Values that the compiler must work out.
    defaults: Vec<TokenStream>,
    sizes: Vec<TokenStream>,
}

/// The expression of type `schema::__private::Declaration`.
pub(crate) fn declaration(declaration: &Declaration) -> TokenStream {
    let mut literal = Literal::default();
    let text = literal.table(declaration);
    let call = call(&declaration.ident, &text, &literal.questions);
    let Literal { defaults, sizes, .. } = literal;
    let defaults = (!defaults.is_empty()).then(|| quote!(.defaults(&[#(#defaults),*])));
    let sizes = (!sizes.is_empty()).then(|| {
        quote! {
            .sizes({
                const __SIZES: &[u32] = &[#(#sizes),*];
                __SIZES
            })
        }
    });
    quote!(#call #defaults #sizes)
}

/// The call that asks all questions, or has sixteen of them asked at a time.
fn call(ident: &Ident, text: &str, questions: &[TokenStream]) -> TokenStream {
    let place = registration::place(ident);
    if questions.len() <= QUESTIONS {
        let function = format_ident!("declaration{}", questions.len());
        return quote!(::schema::__private::#function::<#ident, #(#questions),*>(#place, #text));
    }
    let calls = questions.chunks(QUESTIONS).map(|questions| {
        let function = format_ident!("resolved{}", questions.len());
        quote!(::schema::__private::#function::<#(#questions),*>())
    });
    quote! {
        ::schema::__private::Declaration::large::<#ident>(#place, #text, {
            const __RESOLVED: &[::schema::__private::Resolved] = &[#(#calls),*];
            __RESOLVED
        })
    }
}

/// The question after a column's type: by its Rust type alone, or checked against the type it names.
fn column_type(ty: &Type, sql_type: Option<&SqlType>) -> TokenStream {
    let span = ty.span();
    match sql_type {
        Some(SqlType { marker, .. }) => {
            quote_spanned!(span=> ::schema::__private::Named<#ty, ::schema::sql::#marker>)
        }
        None => quote_spanned!(span=> ::schema::__private::Plain<#ty>),
    }
}

impl Literal {
    fn table(&mut self, declaration: &Declaration) -> String {
        let TableAttributes {
            name,
            schema,
            rls,
            comments,
            new: _,
            changes: _,
            indexes,
            uniques,
            primary_key,
            foreign_keys,
            checks,
            policies,
        } = &declaration.attributes;
        let columns = declaration.fields.iter().map(|field| match &field.kind {
            FieldKind::Column(column) => {
                // A group cannot know which tables take it in.
                let comment = (*comments || declaration.kind == Kind::Group).then(|| docs::text(&field.docs));
                self.column(&field.ident, &field.ty, column, comment.flatten())
            }
            FieldKind::Group => {
                let ty = &field.ty;
                self.questions.push(quote_spanned!(ty.span()=> ::schema::__private::Flattened<#ty>));
                let mut group = Json::object();
                group.text("field", &field.ident.unraw().to_string());
                group.raw("group", &self.groups.to_string());
                self.groups += 1;
                group.finish()
            }
        });
        let columns = columns.collect();
        let mut table = Json::object();
        table.some_text("name", name.as_ref()).some_text("schema", schema.as_ref()).flag("rls", *rls);
        if *comments {
            table.flag("comments", true).some_text("comment", docs::text(&declaration.docs));
        }
        table.list("columns", columns);
        table.list("indexes", indexes.iter().map(index).collect());
        let uniques = uniques.iter().map(|constraint| {
            let mut json = unique(&constraint.options);
            json.raw("columns", &paths(&constraint.on)).list("include", elements(&constraint.include));
            json.finish()
        });
        table.list("uniques", uniques.collect());
        if let Some(key) = primary_key {
            let mut json = Json::object();
            json.some_text("name", key.name.as_ref().map(syn::LitStr::value)).raw("columns", &paths(&key.on));
            json.list("include", elements(&key.include)).some_text("deferral", key.deferral);
            table.raw("primary_key", &json.finish());
        }
        table.list("foreign_keys", foreign_keys.iter().map(|key| self.foreign_key(key)).collect());
        table.list("checks", checks.iter().map(check).collect());
        table.list("policies", policies.iter().map(policy).collect());
        table.finish()
    }

    fn column(&mut self, ident: &Ident, ty: &Type, column: &Column, comment: Option<String>) -> String {
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
        self.questions.push(column_type(ty, sql_type.as_ref()));
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
                json.raw("default", &self.default_value(ty, value));
            }
            None => {}
        }
        if let Some(Generated { expression, is_virtual }) = generated {
            json.text("generated", &expression.value());
            json.flag("is_virtual", *is_virtual);
        }
        if let Some(options) = identity_options {
            json.raw("identity", &identity(options));
        }
        if let Some(key) = references {
            json.raw("references", &self.reference(&key.table, &key.fields, &key.actions, None));
        }
        if let Some(name) = index {
            json.text("index", &name.as_ref().map(syn::LitStr::value).unwrap_or_default());
        }
        json.some_text("comment", comment);
        json.finish()
    }

    fn default_value(&mut self, ty: &Type, value: &TokenStream) -> String {
        match default::value(ty, value) {
            Value::Variant(variant) => default::member("variant", &json::quoted(&variant)),
            Value::Literal(json, kind) => {
                self.questions.push(quote_spanned! {value.span()=>
                    ::schema::__private::Default<#ty, ::schema::__private::written::#kind>
                });
                default::member("literal", &json)
            }
            Value::Constant => {
                self.defaults.push(default::constant(ty, value));
                default::member("constant", &(self.defaults.len() - 1).to_string())
            }
        }
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
        self.questions.push(quote_spanned!(table.span()=> ::schema::__private::Target<#table>));
        let position = self.references;
        self.references += 1;
        let Actions { name, on_delete, on_update, match_full, deferral } = actions;
        let mut json = Json::object();
        json.raw("table", &position.to_string());
        json.some_text("name", name.as_ref().map(syn::LitStr::value));
        if let Some(on) = on {
            json.raw("on", &paths(on));
        }
        let fields: Vec<String> = fields.iter().map(|field| json::quoted(&field.unraw().to_string())).collect();
        json.raw("fields", &json::list(&fields));
        json.some_text("on_delete", on_delete.as_ref()).some_text("on_update", on_update.as_ref());
        json.flag("match_full", *match_full).some_text("deferral", *deferral);
        json.finish()
    }
}

fn unique(Unique { name, nulls_not_distinct, deferral }: &Unique) -> Json {
    let mut json = Json::object();
    json.some_text("name", name.as_ref().map(syn::LitStr::value));
    json.flag("nulls_not_distinct", *nulls_not_distinct).some_text("deferral", *deferral);
    json
}

fn check(Check { name, condition, no_inherit }: &Check) -> String {
    let mut json = Json::object();
    json.text("name", &name.value()).text("condition", &condition.value()).flag("no_inherit", *no_inherit);
    json.finish()
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
    let Index { name, on, unique, using, filter, with, concurrently, include, nulls_not_distinct } = index;
    let mut json = Json::object();
    json.some_text("name", name.as_ref().map(syn::LitStr::value));
    json.list("on", on.iter().map(index_column).collect());
    json.flag("unique", *unique).flag("concurrently", *concurrently);
    json.some_text("using", using.as_ref()).some_text("filter", filter.as_ref().map(syn::LitStr::value));
    with_parameters(&mut json, with);
    json.list("include", elements(include)).flag("nulls_not_distinct", *nulls_not_distinct);
    json.finish()
}

/// The parameters of `WITH (…)`, where there are any.
pub(super) fn with_parameters(json: &mut Json, with: &[(String, Lit)]) {
    if with.is_empty() {
        return;
    }
    let mut parameters = Json::object();
    for (name, value) in with {
        parameters.raw(name, &parameter(value));
    }
    json.raw("with", &parameters.finish());
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

fn policy(policy: &Policy) -> String {
    let Policy { name, kind, command, to, using, with_check } = policy;
    let mut json = Json::object();
    json.text("name", name).some_text("as", kind.as_ref()).some_text("for", command.as_ref());
    json.list("to", to.iter().map(|role| json::quoted(role)).collect());
    json.some_text("using", using.as_ref().map(syn::LitStr::value));
    json.some_text("with_check", with_check.as_ref().map(syn::LitStr::value));
    json.finish()
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
    json::list(&elements(paths))
}

fn elements(paths: &[FieldPath]) -> Vec<String> {
    paths.iter().map(|path| json::quoted(&path.text())).collect()
}
