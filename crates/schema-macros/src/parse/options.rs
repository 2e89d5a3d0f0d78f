//! The grammar that all attributes share: `option`, `option = value`, `option(…)`, with commas.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, LitStr, Path, Result, Token, parenthesized};

/// Reads the options of one attribute; `read` gets each name, and says whether it knows it.
pub(crate) fn each(
    input: ParseStream,
    known: &[&str],
    mut read: impl FnMut(&Ident, ParseStream) -> Result<()>,
) -> Result<()> {
    let mut seen: Vec<String> = Vec::new();
    while !input.is_empty() {
        let name = input.call(Ident::parse_any)?;
        let text = name.to_string();
        if !known.contains(&text.as_str()) {
            return Err(unknown("option", &name, known.iter().copied()));
        }
        if seen.contains(&text) {
            return Err(twice(&text, name.span()));
        }
        seen.push(text);
        read(&name, input)?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

/// What is said once, and is there for the second time.
pub(crate) fn twice(what: &str, span: Span) -> Error {
    Error::new(span, format!("`{what}` is given twice"))
}

/// "unknown option `x`: did you mean `y`?", or the list of what there is.
pub(crate) fn unknown<'a>(what: &str, name: &Ident, known: impl Iterator<Item = &'a str> + Clone) -> Error {
    let text = name.unraw().to_string();
    let nearest = known
        .clone()
        .map(|candidate| (strsim::damerau_levenshtein(&text, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.len() / 3));
    let help = match nearest {
        Some((_, candidate)) => format!("did you mean `{candidate}`?"),
        None => format!("known are {}", list(known)),
    };
    Error::new(name.span(), format!("unknown {what} `{text}`: {help}"))
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// `= value`.
pub(crate) fn value<T: Parse>(input: ParseStream) -> Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// A Rust expression up to the next comma, for the compiler to read.
pub(crate) fn expression(input: ParseStream) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    if tokens.is_empty() { Err(input.error("expected a value")) } else { Ok(tokens) }
}

/// `= "text"` or `= word`; a word's underscores become blanks where SQL has blanks.
pub(crate) fn word(input: ParseStream) -> Result<(String, Span)> {
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok((text.value(), text.span()));
    }
    let word = input.call(Ident::parse_any)?;
    Ok((word.unraw().to_string(), word.span()))
}

/// `(options)` after an option's name.
pub(crate) fn nested(
    input: ParseStream,
    known: &[&str],
    read: impl FnMut(&Ident, ParseStream) -> Result<()>,
) -> Result<()> {
    let inside;
    parenthesized!(inside in input);
    each(&inside, known, read)
}

/// `("text")` after an option's name.
pub(crate) fn text_in_parentheses(input: ParseStream) -> Result<LitStr> {
    let inside;
    parenthesized!(inside in input);
    let text = inside.parse()?;
    if inside.is_empty() { Ok(text) } else { Err(inside.error("expected nothing after the text")) }
}

/// A field of the struct, or of a flattened group of columns: `email`, `timestamps.created_at`.
#[derive(Clone)]
pub(crate) struct FieldPath(pub(crate) Vec<Ident>);

impl FieldPath {
    /// Whether the stream goes on with another segment rather than a method call.
    fn continues(input: ParseStream) -> bool {
        input.peek(Token![.]) && input.peek2(Ident::peek_any) && !input.peek3(syn::token::Paren)
    }

    /// The path as the declaration's literal has it.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(|ident| ident.unraw().to_string()).collect::<Vec<_>>().join(".")
    }

    pub(crate) fn span(&self) -> Span {
        self.0.last().map_or_else(Span::call_site, Ident::span)
    }
}

impl Parse for FieldPath {
    fn parse(input: ParseStream) -> Result<Self> {
        let mut path = vec![input.call(Ident::parse_any)?];
        while Self::continues(input) {
            input.parse::<Token![.]>()?;
            path.push(input.call(Ident::parse_any)?);
        }
        Ok(FieldPath(path))
    }
}

/// `(a, b)`: at least one field.
pub(crate) fn fields(input: ParseStream) -> Result<Vec<FieldPath>> {
    let inside;
    let parens = parenthesized!(inside in input);
    let fields: Vec<FieldPath> = inside.parse_terminated(FieldPath::parse, Token![,])?.into_iter().collect();
    if fields.is_empty() { Err(Error::new(parens.span.join(), "name at least one field")) } else { Ok(fields) }
}

/// `deferrable` or `initially_deferred`, the second of which says the first too; as the declaration's literal has it.
pub(crate) fn deferral(name: &Ident, deferral: &mut Option<&'static str>) {
    if name == "initially_deferred" {
        *deferral = Some("initiallyDeferred");
    } else {
        deferral.get_or_insert("initiallyImmediate");
    }
}

/// `Table::field`: the type that declares a table, and a field of it.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) table: Path,
    pub(crate) field: Ident,
}

impl Parse for Target {
    fn parse(input: ParseStream) -> Result<Self> {
        let mut path: Path = input.parse()?;
        let whole = path.clone();
        let last = path.segments.pop();
        path.segments.pop_punct();
        match last {
            Some(last) if !path.segments.is_empty() => Ok(Target { table: path, field: last.ident }),
            _ => Err(Error::new_spanned(whole, "name a table's struct and its field: `Organization::id`")),
        }
    }
}

/// Targets that are all of one table.
pub(crate) fn one_table(targets: Punctuated<Target, Token![,]>, span: Span) -> Result<(Path, Vec<Ident>)> {
    let mut targets = targets.into_iter();
    let Some(first) = targets.next() else {
        return Err(Error::new(span, "name the referenced columns: `references(Organization::id)`"));
    };
    let mut fields = vec![first.field];
    let same = |other: &Path| other.to_token_stream().to_string() == first.table.to_token_stream().to_string();
    for target in targets {
        if !same(&target.table) {
            return Err(Error::new_spanned(target.table, "a foreign key references the columns of one table"));
        }
        fields.push(target.field);
    }
    Ok((first.table, fields))
}
