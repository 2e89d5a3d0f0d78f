//! `#[column(…)]` on a field.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Ident, LitInt, LitStr, Path, Result, Token, Type, parenthesized};

use super::options::{self, Target};
use super::sql_type::{self, SqlType};
use super::{Kind, docs};

/// A field: one column, or a group of them.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) kind: FieldKind,
}

pub(crate) enum FieldKind {
    Column(Box<Column>),
    /// `#[column(flatten)]`: the columns of a struct that derives `PgColumns`.
    Group,
}

/// What `#[column(…)]` says.
#[derive(Default)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) sql_type: Option<SqlType>,
    /// Declared sizes of the array's dimensions.
    pub(crate) array: Option<Vec<Option<u32>>>,
    pub(crate) primary_key: Option<Span>,
    pub(crate) unique: Option<Unique>,
    pub(crate) default: Option<Default>,
    pub(crate) generated: Option<Generated>,
    pub(crate) identity: Option<Identity>,
    pub(crate) references: Option<References>,
    pub(crate) index: Option<Option<LitStr>>,
    /// Attributes for this field of the insertable and of the change set.
    pub(crate) new: Vec<TokenStream>,
    pub(crate) changes: Vec<TokenStream>,
}

/// An expression that computes the values of a column.
pub(crate) struct Generated {
    pub(crate) expression: LitStr,
    pub(crate) is_virtual: bool,
}

pub(crate) enum Default {
    /// A constant expression.
    Value(TokenStream),
    Sql(String),
}

#[derive(Default)]
pub(crate) struct Unique {
    pub(crate) name: Option<LitStr>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) deferral: Option<&'static str>,
}

pub(crate) struct Identity {
    pub(crate) by_default: bool,
    pub(crate) name: Option<LitStr>,
    /// Option of the sequence, and its number.
    pub(crate) numbers: Vec<(&'static str, i64)>,
    pub(crate) cycle: bool,
}

pub(crate) struct References {
    pub(crate) table: Path,
    pub(crate) fields: Vec<Ident>,
    pub(crate) actions: Actions,
}

/// What all foreign keys may say.
#[derive(Default)]
pub(crate) struct Actions {
    pub(crate) name: Option<LitStr>,
    pub(crate) on_delete: Option<String>,
    pub(crate) on_update: Option<String>,
    pub(crate) match_full: bool,
    pub(crate) deferral: Option<&'static str>,
}

const OPTIONS: &[&str] = &[
    "name",
    "array",
    "primary_key",
    "unique",
    "default",
    "default_sql",
    "default_now",
    "default_random",
    "generated",
    "generated_virtual",
    "identity",
    "references",
    "index",
    "flatten",
    "new",
    "changes",
];
/// What a column of a view may have beside a type; `index` if its view is materialized.
const VIEW_OPTIONS: &[&str] = &["name", "array", "index", "flatten"];
const ACTIONS: &[&str] = &["cascade", "restrict", "set_null", "set_default", "no_action"];

/// Reads a named field with its attributes.
pub(crate) fn field(field: &syn::Field, kind: Kind) -> Result<Field> {
    let Some(ident) = field.ident.clone() else {
        return Err(Error::new_spanned(&field.ty, "a column needs a name: use a struct with named fields"));
    };
    let mut column = Column { name: ident.unraw().to_string(), ..Column::default() };
    let mut seen = Vec::new();
    let mut flatten = None;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("column")) {
        attribute.parse_args_with(|input: ParseStream| options(input, kind, &mut column, &mut flatten, &mut seen))?;
    }
    let docs = docs::of(&field.attrs);
    let kind = match flatten {
        Some(_) if seen.len() == 1 => FieldKind::Group,
        Some(span) => return Err(Error::new(span, "a flattened group has no options; give them to its own fields")),
        None => FieldKind::Column(Box::new(column)),
    };
    Ok(Field { ident, ty: field.ty.clone(), docs, kind })
}

fn options(
    input: ParseStream,
    kind: Kind,
    column: &mut Column,
    flatten: &mut Option<Span>,
    seen: &mut Vec<String>,
) -> Result<()> {
    let known: Vec<&str> = OPTIONS.iter().copied().chain(sql_type::names()).collect();
    options::each(input, &known, |name, input| {
        let text = name.to_string();
        if seen.contains(&text) {
            return Err(options::twice(&text, name.span()));
        }
        if kind == Kind::View && OPTIONS.contains(&text.as_str()) && !VIEW_OPTIONS.contains(&text.as_str()) {
            let message = format!("`{text}` is of a table's columns: a view's has a name and a type");
            return Err(Error::new(name.span(), message));
        }
        if text == "flatten" {
            *flatten = Some(name.span());
        } else if OPTIONS.contains(&text.as_str()) {
            option(&text, name, input, column)?;
        } else if column.sql_type.is_some() {
            return Err(Error::new(name.span(), "a column has one type, and this is the second"));
        } else {
            column.sql_type = Some(sql_type::parse(name, input)?);
        }
        seen.push(text);
        Ok(())
    })
}

fn option(text: &str, name: &Ident, input: ParseStream, column: &mut Column) -> Result<()> {
    let span = name.span();
    match text {
        "name" => column.name = non_empty(options::value(input)?)?,
        "array" => column.array = Some(array_sizes(input)?),
        "primary_key" => column.primary_key = Some(span),
        "unique" => column.unique = Some(unique(input)?),
        "default" => set_default(column, span, default(input)?)?,
        "default_sql" => {
            let sql: LitStr = options::value(input)?;
            set_default(column, span, Default::Sql(sql.value()))?;
        }
        "default_now" => set_default(column, span, Default::Sql("now()".to_owned()))?,
        "default_random" => set_default(column, span, Default::Sql("gen_random_uuid()".to_owned()))?,
        "generated" | "generated_virtual" => {
            let is_virtual = text == "generated_virtual";
            if column.generated.is_some() {
                return Err(Error::new(span, "this column has a generated expression already"));
            }
            column.generated = Some(Generated { expression: options::value(input)?, is_virtual });
        }
        "identity" => column.identity = Some(identity(input)?),
        "references" => column.references = Some(references(input, span)?),
        "index" => column.index = Some(index_name(input)?),
        "new" => column.new = attributes(input)?,
        _ => column.changes = attributes(input)?,
    }
    Ok(())
}

fn set_default(column: &mut Column, span: Span, default: Default) -> Result<()> {
    if column.default.is_some() {
        return Err(Error::new(span, "a column has one default, and this is the second"));
    }
    column.default = Some(default);
    Ok(())
}

/// `= value` or `(sql("…"))`.
fn default(input: ParseStream) -> Result<Default> {
    if !input.peek(syn::token::Paren) {
        input.parse::<Token![=]>()?;
        return options::expression(input).map(Default::Value);
    }
    let inside;
    parenthesized!(inside in input);
    let word: Ident = inside.parse()?;
    if word != "sql" {
        return Err(Error::new(word.span(), "write `default = value` or `default(sql(\"…\"))`"));
    }
    Ok(Default::Sql(options::text_in_parentheses(&inside)?.value()))
}

fn array_sizes(input: ParseStream) -> Result<Vec<Option<u32>>> {
    let inside;
    parenthesized!(inside in input);
    let mut sizes = Vec::new();
    while !inside.is_empty() {
        if inside.peek(Token![_]) {
            inside.parse::<Token![_]>()?;
            sizes.push(None);
        } else {
            sizes.push(Some(inside.parse::<LitInt>()?.base10_parse()?));
        }
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(sizes)
}

/// Nothing, or `(name = "…", nulls_not_distinct, deferrable)`.
fn unique(input: ParseStream) -> Result<Unique> {
    let mut unique = Unique::default();
    if input.peek(syn::token::Paren) {
        options::nested(input, Unique::OPTIONS, |name, input| unique.read(name, input))?;
    }
    Ok(unique)
}

impl Unique {
    pub(crate) const OPTIONS: &[&str] = &["name", "nulls_not_distinct", "deferrable", "initially_deferred"];

    /// Reads one of [`OPTIONS`](Self::OPTIONS).
    pub(crate) fn read(&mut self, name: &Ident, input: ParseStream) -> Result<()> {
        match name.to_string().as_str() {
            "name" => self.name = Some(options::value(input)?),
            "nulls_not_distinct" => self.nulls_not_distinct = true,
            _ => options::deferral(name, &mut self.deferral),
        }
        Ok(())
    }
}

fn index_name(input: ParseStream) -> Result<Option<LitStr>> {
    let mut index = None;
    if input.peek(syn::token::Paren) {
        options::nested(input, &["name"], |_, input| {
            index = Some(options::value(input)?);
            Ok(())
        })?;
    }
    Ok(index)
}

/// Nothing, or `(by_default, name = "…", start_with = 10, …)`.
fn identity(input: ParseStream) -> Result<Identity> {
    const NUMBERS: &[&str] = &["increment", "start_with", "min_value", "max_value", "cache"];
    const KNOWN: &[&str] =
        &["always", "by_default", "name", "cycle", "increment", "start_with", "min_value", "max_value", "cache"];
    let mut identity = Identity { by_default: false, name: None, numbers: Vec::new(), cycle: false };
    let mut is_kind_given = false;
    if input.peek(syn::token::Paren) {
        options::nested(input, KNOWN, |name, input| {
            match NUMBERS.iter().find(|number| name == **number) {
                Some(number) => identity.numbers.push((number, integer(input)?)),
                None if name == "name" => identity.name = Some(options::value(input)?),
                None if name == "cycle" => identity.cycle = true,
                None if is_kind_given => {
                    let message = "an identity is `always` or `by_default`, and this is the second of the two";
                    return Err(Error::new(name.span(), message));
                }
                None => {
                    is_kind_given = true;
                    identity.by_default = name == "by_default";
                }
            }
            Ok(())
        })?;
    }
    Ok(identity)
}

fn integer(input: ParseStream) -> Result<i64> {
    input.parse::<Token![=]>()?;
    let minus = input.parse::<Option<Token![-]>>()?.map_or("", |_| "-");
    let number: LitInt = input.parse()?;
    let text = format!("{minus}{}", number.base10_digits());
    text.parse().map_err(|_| Error::new(number.span(), "PostgreSQL's sequences count in 64 bits"))
}

/// `(Organization::id, on_delete = cascade, on_update = …, name = "…", match_full, deferrable)`.
fn references(input: ParseStream, span: Span) -> Result<References> {
    let inside;
    parenthesized!(inside in input);
    if inside.is_empty() {
        return Err(Error::new(span, "name the referenced column: `references(Organization::id)`"));
    }
    let target: Target = inside.parse()?;
    let mut actions = Actions::default();
    if !inside.is_empty() {
        inside.parse::<Token![,]>()?;
        options::each(&inside, Actions::OPTIONS, |name, input| actions.read(name, input))?;
    }
    Ok(References { table: target.table, fields: vec![target.field], actions })
}

impl Actions {
    pub(crate) const OPTIONS: &[&str] =
        &["on_delete", "on_update", "name", "match_full", "deferrable", "initially_deferred"];

    /// Reads one of [`OPTIONS`](Self::OPTIONS).
    pub(crate) fn read(&mut self, name: &Ident, input: ParseStream) -> Result<()> {
        match name.to_string().as_str() {
            "name" => self.name = Some(options::value(input)?),
            "match_full" => self.match_full = true,
            "deferrable" | "initially_deferred" => options::deferral(name, &mut self.deferral),
            _ => self.read_action(name, input)?,
        }
        Ok(())
    }

    /// Reads `on_delete` or `on_update`.
    fn read_action(&mut self, name: &Ident, input: ParseStream) -> Result<()> {
        let (action, span) = options::word(input)?;
        let action = action.replace(' ', "_");
        if !ACTIONS.contains(&action.as_str()) {
            let given = syn::parse_str::<Ident>(&action).unwrap_or_else(|_| Ident::new("action", span));
            return Err(options::unknown("action", &Ident::new(&given.to_string(), span), ACTIONS.iter().copied()));
        }
        let action = Some(action.replace('_', " "));
        if name == "on_delete" {
            self.on_delete = action
        } else {
            self.on_update = action
        }
        Ok(())
    }
}

/// `(attribute, attribute)`: each becomes an attribute of the generated struct or field.
pub(crate) fn attributes(input: ParseStream) -> Result<Vec<TokenStream>> {
    let inside;
    parenthesized!(inside in input);
    let attributes: Punctuated<syn::Meta, Token![,]> = Punctuated::parse_terminated(&inside)?;
    Ok(attributes.into_iter().map(|meta| quote::quote!(#[#meta])).collect())
}

/// Refuses an empty name, which PostgreSQL does not have.
pub(crate) fn non_empty(name: LitStr) -> Result<String> {
    let text = name.value();
    if text.is_empty() { Err(Error::new(name.span(), "a name has at least one character")) } else { Ok(text) }
}
