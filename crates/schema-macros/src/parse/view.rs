//! `#[derive(PgView)]`: a struct whose fields are the columns of a view; its indexes are declared as those of a table.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{Attribute, DeriveInput, Error, Ident, Lit, LitStr, Result, Token};

use super::column::FieldKind;
use super::table::{self, Index, TableAttributes};
use super::{Declaration, Errors, Kind, column, options};

/// A view: its columns, and what makes it one.
pub(crate) struct View {
    pub(crate) declaration: Declaration,
    pub(crate) options: ViewOptions,
}

/// What `#[view(…)]` says beside name and schema.
#[derive(Default)]
pub(crate) struct ViewOptions {
    /// Absent for a view that exists already.
    pub(crate) query: Option<Query>,
    pub(crate) materialized: bool,
    /// Storage parameters by Drizzle's names.
    pub(crate) with: Vec<(String, Lit)>,
    pub(crate) with_no_data: bool,
    pub(crate) using: Option<String>,
    pub(crate) tablespace: Option<LitStr>,
}

/// The query, as far as its tokens tell.
pub(crate) enum Query {
    Literal(LitStr),
    /// A constant or a call that gives the text.
    Expression(TokenStream),
}

const OPTIONS: &[&str] =
    &["schema", "comments", "query", "materialized", "existing", "with", "with_no_data", "using", "tablespace"];
/// The options of `WITH (…)` of a view whose rows are not stored.
const PLAIN_WITH: &[&str] = &["check_option", "security_barrier", "security_invoker"];
const MATERIALIZED: &[&str] = &["with_no_data", "using", "tablespace"];

impl View {
    /// Reads the struct; reports what is wrong with its attributes and with its fields at once.
    pub(crate) fn parse(input: &DeriveInput) -> Result<Self> {
        let read = attribute(input)
            .and_then(|attribute| attribute.parse_args_with(|stream: ParseStream| view(&input.ident, stream)));
        match (read, Declaration::parse(input, Kind::View)) {
            (Ok((attributes, options)), Ok(declaration)) => {
                let mut errors = Errors::default();
                let attributes = TableAttributes { indexes: indexes(input, &options, &mut errors), ..attributes };
                indexed_fields(&declaration, &options, &mut errors);
                errors.finish()?;
                Ok(View { declaration: Declaration { attributes, ..declaration }, options })
            }
            (Err(mut error), Err(other)) => {
                error.combine(other);
                Err(error)
            }
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        }
    }
}

/// The one attribute `view`.
fn attribute(input: &DeriveInput) -> Result<&Attribute> {
    let mut attributes = input.attrs.iter().filter(|attribute| attribute.path().is_ident("view"));
    match (attributes.next(), attributes.next()) {
        (Some(attribute), None) => Ok(attribute),
        (_, Some(second)) => Err(Error::new_spanned(second.path(), "a view has one name, and this is the second")),
        (None, None) => {
            let message = "name the view: #[view(\"active_users\", query = \"select …\")]";
            Err(Error::new_spanned(&input.ident, message))
        }
    }
}

/// `("active_users", schema = "app", query = "…", materialized, …)`.
fn view(ident: &Ident, input: ParseStream) -> Result<(TableAttributes, ViewOptions)> {
    if !input.peek(LitStr) {
        return Err(input.error("a view's name comes first: `view(\"active_users\", query = \"select …\")`"));
    }
    let mut attributes = TableAttributes { name: Some(column::non_empty(input.parse()?)?), ..Default::default() };
    input.parse::<Option<Token![,]>>()?;
    let mut view = ViewOptions::default();
    let mut given: Vec<(String, Span)> = Vec::new();
    let mut parameters = Vec::new();
    options::each(input, OPTIONS, |name, input| {
        let text = name.to_string();
        match text.as_str() {
            "schema" => attributes.schema = Some(column::non_empty(options::value(input)?)?),
            "comments" => attributes.comments = true,
            "query" => view.query = Some(query(input)?),
            "materialized" => view.materialized = true,
            "with" => parameters = table::parameters(input)?,
            "with_no_data" => view.with_no_data = true,
            "using" => view.using = Some(options::word(input)?.0),
            "tablespace" => view.tablespace = Some(options::value(input)?),
            _ => {}
        }
        given.push((text, name.span()));
        Ok(())
    })?;
    together(ident, &given)?;
    for (name, value) in parameters {
        if !view.materialized {
            plain_parameter(&name, &value)?;
        }
        view.with.push((camel_case(&name.to_string()), value));
    }
    Ok((attributes, view))
}

/// The attributes `index`, which only a materialized view has.
fn indexes(input: &DeriveInput, options: &ViewOptions, errors: &mut Errors) -> Vec<Index> {
    let attributes = input.attrs.iter().filter(|attribute| attribute.path().is_ident("index"));
    let read = attributes.filter_map(|attribute| {
        let span = attribute.path().span();
        errors.keep(may_have_index(span, options).and_then(|()| table::index_attribute(attribute)))
    });
    read.collect()
}

fn indexed_fields(declaration: &Declaration, options: &ViewOptions, errors: &mut Errors) {
    for field in &declaration.fields {
        if let FieldKind::Column(column) = &field.kind
            && column.index.is_some()
        {
            errors.keep(may_have_index(field.ident.span(), options));
        }
    }
}

fn may_have_index(span: Span, options: &ViewOptions) -> Result<()> {
    match options {
        ViewOptions { query: None, .. } => {
            Err(Error::new(span, "an existing view is made by others: it has no `index` here"))
        }
        ViewOptions { materialized: false, .. } => {
            Err(Error::new(span, "an index is of materialized views: add `materialized` to `view`"))
        }
        _ => Ok(()),
    }
}

/// `= "select …"`, `= ACTIVE_USERS` or `= active_users()`.
fn query(input: ParseStream) -> Result<Query> {
    input.parse::<Token![=]>()?;
    let value = options::expression(input)?;
    Ok(match syn::parse2::<LitStr>(value.clone()) {
        Ok(text) => Query::Literal(text),
        Err(_) => Query::Expression(value),
    })
}

/// Which options go together.
fn together(ident: &Ident, given: &[(String, Span)]) -> Result<()> {
    let find = |name: &str| given.iter().find(|(given, _)| given == name);
    if find("existing").is_some() {
        let of_its_own = |name: &str| !["schema", "materialized", "existing"].contains(&name);
        return match given.iter().find(|(name, _)| of_its_own(name)) {
            Some((name, span)) => {
                let message = format!("an existing view is made by others: it has no `{name}` here");
                Err(Error::new(*span, message))
            }
            None => Ok(()),
        };
    }
    if find("query").is_none() {
        let message = "a view needs its query, `query = \"select …\"`, or is `existing`";
        return Err(Error::new(ident.span(), message));
    }
    match given.iter().find(|(name, _)| MATERIALIZED.contains(&name.as_str())) {
        Some((name, span)) if find("materialized").is_none() => {
            Err(Error::new(*span, format!("`{name}` is of materialized views: add `materialized`")))
        }
        _ => Ok(()),
    }
}

/// Refuses what a view that stores no rows does not know.
fn plain_parameter(name: &Ident, value: &Lit) -> Result<()> {
    if !PLAIN_WITH.iter().any(|known| name == known) {
        return Err(options::unknown("option of a view", name, PLAIN_WITH.iter().copied()));
    }
    let (fits, expected) = match value {
        Lit::Str(text) if name == "check_option" => {
            (["local", "cascaded"].contains(&text.value().as_str()), "\"local\" or \"cascaded\"")
        }
        _ if name == "check_option" => (false, "\"local\" or \"cascaded\""),
        value => (matches!(value, Lit::Bool(_)), "true or false"),
    };
    if fits { Ok(()) } else { Err(Error::new_spanned(value.to_token_stream(), format!("`{name}` is {expected}"))) }
}

/// `security_invoker` as Drizzle has it: `securityInvoker`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}
