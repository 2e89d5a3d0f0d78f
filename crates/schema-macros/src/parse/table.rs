//! The attributes of a table's struct: `table`, `index`, `unique`, `primary_key`, `foreign_key`, `check`,
//! `policy`.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Error, Ident, Lit, LitStr, Path, Result, Token, parenthesized};

use super::column::{self, Actions, Unique};
use super::options::{self, FieldPath};
use super::policy::Policy;
use super::{Errors, Kind};

/// What the attributes on the struct say.
#[derive(Default)]
pub(crate) struct TableAttributes {
    pub(crate) name: Option<String>,
    pub(crate) schema: Option<String>,
    /// `ENABLE ROW LEVEL SECURITY`.
    pub(crate) rls: bool,
    /// Whether doc comments are comments of the database.
    pub(crate) comments: bool,
    pub(crate) new: Vec<TokenStream>,
    pub(crate) changes: Vec<TokenStream>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) uniques: Vec<TableUnique>,
    pub(crate) primary_key: Option<PrimaryKey>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    pub(crate) policies: Vec<Policy>,
}

#[derive(Default)]
pub(crate) struct Index {
    pub(crate) name: Option<LitStr>,
    pub(crate) on: Vec<IndexColumn>,
    pub(crate) unique: bool,
    pub(crate) using: Option<String>,
    pub(crate) filter: Option<LitStr>,
    pub(crate) with: Vec<(String, Lit)>,
    pub(crate) concurrently: bool,
    pub(crate) include: Vec<FieldPath>,
    pub(crate) nulls_not_distinct: bool,
}

pub(crate) struct IndexColumn {
    pub(crate) key: IndexKey,
    pub(crate) desc: bool,
    pub(crate) nulls_first: bool,
    pub(crate) operator_class: Option<LitStr>,
}

pub(crate) enum IndexKey {
    Field(FieldPath),
    Sql(LitStr),
}

pub(crate) struct TableUnique {
    pub(crate) on: Vec<FieldPath>,
    pub(crate) include: Vec<FieldPath>,
    pub(crate) options: Unique,
}

pub(crate) struct PrimaryKey {
    pub(crate) span: Span,
    pub(crate) on: Vec<FieldPath>,
    pub(crate) name: Option<LitStr>,
    pub(crate) include: Vec<FieldPath>,
    pub(crate) deferral: Option<&'static str>,
}

pub(crate) struct Check {
    pub(crate) name: LitStr,
    pub(crate) condition: LitStr,
    pub(crate) no_inherit: bool,
}

pub(crate) struct ForeignKey {
    pub(crate) on: Vec<FieldPath>,
    pub(crate) table: Path,
    pub(crate) fields: Vec<Ident>,
    pub(crate) actions: Actions,
}

impl TableAttributes {
    /// Reads all attributes; what is wrong with each is added to `errors`.
    pub(crate) fn parse(attributes: &[Attribute], kind: Kind, errors: &mut Errors) -> Self {
        let mut table = TableAttributes::default();
        if let Some(second) = attributes.iter().filter(|attribute| attribute.path().is_ident("table")).nth(1) {
            errors.push(Error::new_spanned(second.path(), "a struct has one `table`, and this is the second"));
        }
        for attribute in attributes {
            let read = attribute.path().get_ident().map(|name| table.read(name, kind, attribute));
            errors.keep(read.unwrap_or(Ok(())));
        }
        table
    }

    fn read(&mut self, name: &Ident, kind: Kind, attribute: &Attribute) -> Result<()> {
        match name.to_string().as_str() {
            "table" => attribute.parse_args_with(|input: ParseStream| self.read_table(kind, input))?,
            "index" => self.indexes.push(index_attribute(attribute)?),
            "unique" => self.uniques.push(attribute.parse_args_with(|input: ParseStream| unique(name, input))?),
            "check" => self.checks.push(attribute.parse_args_with(check)?),
            "policy" => {
                self.policies.push(attribute.parse_args_with(|input: ParseStream| Policy::parse(name, input))?);
            }
            "foreign_key" => {
                self.foreign_keys.push(attribute.parse_args_with(|input: ParseStream| foreign_key(name, input))?);
            }
            "primary_key" if self.primary_key.is_some() => {
                return Err(Error::new(name.span(), "a table has one primary key, and this is the second"));
            }
            "primary_key" => {
                let key = attribute.parse_args_with(|input: ParseStream| primary_key(name.span(), input))?;
                self.primary_key = Some(key);
            }
            _ => {}
        }
        Ok(())
    }

    /// `("users", schema = "auth", rls, comments, new(…), changes(…))`.
    fn read_table(&mut self, kind: Kind, input: ParseStream) -> Result<()> {
        if input.peek(LitStr) {
            self.name = Some(column::non_empty(input.parse()?)?);
            input.parse::<Option<Token![,]>>()?;
        }
        options::each(input, &["schema", "rls", "comments", "new", "changes"], |name, input| {
            match name.to_string().as_str() {
                "schema" | "rls" | "comments" if kind == Kind::Group => {
                    let message =
                        format!("`{name}` is of the tables that flatten the group; it takes `new` and `changes`");
                    return Err(Error::new(name.span(), message));
                }
                "schema" => self.schema = Some(column::non_empty(options::value(input)?)?),
                "rls" => self.rls = true,
                "comments" => self.comments = true,
                "new" => self.new = column::attributes(input)?,
                _ => self.changes = column::attributes(input)?,
            }
            Ok(())
        })
    }
}

/// One attribute `index`.
pub(super) fn index_attribute(attribute: &Attribute) -> Result<Index> {
    attribute.parse_args_with(|input: ParseStream| index(attribute.path().span(), input))
}

/// `(name = "…", on(…), unique, nulls_not_distinct, using = gin, include(…), filter = "…", with(fillfactor = 70),
/// concurrently)`.
fn index(attribute: Span, input: ParseStream) -> Result<Index> {
    const KNOWN: &[&str] =
        &["name", "on", "unique", "nulls_not_distinct", "using", "include", "filter", "where", "with", "concurrently"];
    let mut index = Index::default();
    let mut tells_nulls = None;
    options::each(input, KNOWN, |name, input| {
        match name.to_string().as_str() {
            "name" => index.name = Some(options::value(input)?),
            "on" => {
                let inside;
                parenthesized!(inside in input);
                index.on = inside.parse_terminated(IndexColumn::parse, Token![,])?.into_iter().collect();
            }
            "unique" => index.unique = true,
            "nulls_not_distinct" => tells_nulls = Some(name.span()),
            "using" => index.using = Some(options::word(input)?.0),
            "include" => index.include = options::fields(input)?,
            "with" => {
                index.with = parameters(input)?.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
            }
            "concurrently" => index.concurrently = true,
            // `where` is another word for it.
            _ if index.filter.is_some() => {
                return Err(Error::new(name.span(), "an index has one condition, and this is the second"));
            }
            _ => index.filter = Some(options::value(input)?),
        }
        Ok(())
    })?;
    if index.on.is_empty() {
        return Err(Error::new(attribute, "an index needs its columns: `index(on(name, email.desc()))`"));
    }
    if let Some(span) = tells_nulls.filter(|_| !index.unique) {
        return Err(Error::new(span, "an index that is not unique takes any number of NULLs: make it `unique`"));
    }
    index.nulls_not_distinct = tells_nulls.is_some();
    Ok(index)
}

/// `(fillfactor = 70, …)`.
pub(super) fn parameters(input: ParseStream) -> Result<Vec<(Ident, Lit)>> {
    let inside;
    parenthesized!(inside in input);
    let mut parameters = Vec::new();
    while !inside.is_empty() {
        let name = inside.call(Ident::parse_any)?;
        parameters.push((name, options::value(&inside)?));
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(parameters)
}

impl Parse for IndexColumn {
    /// `email`, `email.desc().nulls_first().op("text_pattern_ops")`, `sql("lower(email)")`.
    fn parse(input: ParseStream) -> Result<Self> {
        let is_sql = input.peek(Ident) && input.peek2(syn::token::Paren);
        let key = if is_sql {
            let word: Ident = input.parse()?;
            if word != "sql" {
                return Err(Error::new(word.span(), "an expression is written `sql(\"lower(email)\")`"));
            }
            IndexKey::Sql(options::text_in_parentheses(input)?)
        } else {
            IndexKey::Field(input.parse()?)
        };
        let mut column = IndexColumn { key, desc: false, nulls_first: false, operator_class: None };
        let mut said = Vec::new();
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            let method = input.call(Ident::parse_any)?;
            column.apply(&method, input)?;
            let about = match method.unraw().to_string().as_str() {
                "op" => "operator class",
                "asc" | "desc" => "order",
                _ => "place of NULLs",
            };
            if said.contains(&about) {
                return Err(Error::new(method.span(), format!("a key has one {about}, and this is the second")));
            }
            said.push(about);
        }
        Ok(column)
    }
}

impl IndexColumn {
    fn apply(&mut self, method: &Ident, input: ParseStream) -> Result<()> {
        const METHODS: &[&str] = &["asc", "desc", "nulls_first", "nulls_last", "op"];
        match method.unraw().to_string().as_str() {
            "op" => {
                self.operator_class = Some(options::text_in_parentheses(input)?);
                return Ok(());
            }
            "asc" => self.desc = false,
            "desc" => self.desc = true,
            "nulls_first" => self.nulls_first = true,
            "nulls_last" => self.nulls_first = false,
            _ => return Err(options::unknown("order", method, METHODS.iter().copied())),
        }
        let inside;
        parenthesized!(inside in input);
        if inside.is_empty() { Ok(()) } else { Err(inside.error("this takes nothing in parentheses")) }
    }
}

/// `(on(a, b), name = "…", nulls_not_distinct, include(c), deferrable)`.
fn unique(attribute: &Ident, input: ParseStream) -> Result<TableUnique> {
    let mut unique = TableUnique { on: Vec::new(), include: Vec::new(), options: Unique::default() };
    let known: Vec<&str> = ["on", "include"].into_iter().chain(Unique::OPTIONS.iter().copied()).collect();
    options::each(input, &known, |name, input| {
        match name.to_string().as_str() {
            "on" => unique.on = options::fields(input)?,
            "include" => unique.include = options::fields(input)?,
            _ => unique.options.read(name, input)?,
        }
        Ok(())
    })?;
    if unique.on.is_empty() {
        return Err(Error::new(attribute.span(), "a unique constraint needs its columns: `unique(on(team, name))`"));
    }
    Ok(unique)
}

/// `(a, b)`, `(a, b, name = "…")` or `(on(a, b), name = "…", include(c), deferrable)`: a word is a field until there is
/// an option with a value.
fn primary_key(span: Span, input: ParseStream) -> Result<PrimaryKey> {
    const KNOWN: &[&str] = &["on", "name", "include", "deferrable", "initially_deferred"];
    let mut key = PrimaryKey { span, on: Vec::new(), name: None, include: Vec::new(), deferral: None };
    while !input.is_empty() {
        if input.peek(Ident) && (input.peek2(Token![=]) || input.peek2(syn::token::Paren)) {
            options::each(input, KNOWN, |name, input| {
                match name.to_string().as_str() {
                    "on" => key.on.extend(options::fields(input)?),
                    "name" => key.name = Some(options::value(input)?),
                    "include" => key.include = options::fields(input)?,
                    _ => options::deferral(name, &mut key.deferral),
                }
                Ok(())
            })?;
            break;
        }
        key.on.push(input.parse()?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    if key.on.is_empty() {
        return Err(Error::new(span, "a primary key needs its columns: `primary_key(user_id, team_id)`"));
    }
    Ok(key)
}

/// `(on(a, b), references(Other::x, Other::y), on_delete = …, on_update = …, name = "…", match_full, deferrable)`.
fn foreign_key(attribute: &Ident, input: ParseStream) -> Result<ForeignKey> {
    let mut on = Vec::new();
    let mut target = None;
    let mut actions = Actions::default();
    let known: Vec<&str> = ["on", "references"].into_iter().chain(Actions::OPTIONS.iter().copied()).collect();
    options::each(input, &known, |name, input| {
        if name == "on" {
            on = options::fields(input)?;
        } else if name == "references" {
            let inside;
            parenthesized!(inside in input);
            target = Some(options::one_table(Punctuated::parse_terminated(&inside)?, name.span())?);
        } else {
            actions.read(name, input)?;
        }
        Ok(())
    })?;
    let Some((table, fields)) = target.filter(|_| !on.is_empty()) else {
        let message = "a foreign key needs its columns and what they reference: \
                       `foreign_key(on(a, b), references(Other::a, Other::b))`";
        return Err(Error::new(attribute.span(), message));
    };
    if fields.len() != on.len() {
        let message = format!("{} columns cannot reference {}: name as many on both sides", on.len(), fields.len());
        return Err(Error::new(attribute.span(), message));
    }
    Ok(ForeignKey { on, table, fields, actions })
}

/// `("name", "condition")` or `("name", "condition", no_inherit)`.
fn check(input: ParseStream) -> Result<Check> {
    let name = input.parse()?;
    input.parse::<Token![,]>()?;
    let mut check = Check { name, condition: input.parse()?, no_inherit: false };
    input.parse::<Option<Token![,]>>()?;
    options::each(input, &["no_inherit"], |_, _| {
        check.no_inherit = true;
        Ok(())
    })?;
    Ok(check)
}
