//! PostgreSQL's types as `#[column(…)]` names them.

use std::ops::RangeInclusive;

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitInt, LitStr, Result, Token, parenthesized};

use super::options;

/// A type given by its name, with what stands in its parentheses.
pub(crate) struct SqlType {
    /// The type of `schema::sql` that stands for it when the compiler checks the pair.
    pub(crate) marker: Ident,
    pub(crate) sizes: Vec<Size>,
    /// The fields of an interval, or a custom type's text.
    pub(crate) text: Option<String>,
}

impl SqlType {
    /// Whether it is one of the serial types: an integer with a sequence as its default, never NULL.
    pub(crate) fn is_serial(&self) -> bool {
        ["smallserial", "serial", "bigserial"].iter().any(|serial| self.marker == serial)
    }
}

/// A length, precision or scale.
pub(crate) enum Size {
    Literal(u32),
    /// A constant that only the compiler knows.
    Constant(TokenStream),
}

/// The types without parentheses.
const PLAIN: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "smallserial",
    "serial",
    "bigserial",
    "boolean",
    "text",
    "real",
    "double_precision",
    "json",
    "jsonb",
    "uuid",
    "date",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "point",
    "line",
    "bytea",
];
/// The types that may have sizes: name, fewest, most, least value, greatest value.
const SIZED: &[(&str, usize, usize, u32, u32)] = &[
    ("varchar", 0, 1, 1, 10_485_760),
    ("char", 0, 1, 1, 10_485_760),
    ("numeric", 0, 2, 0, 1000),
    ("bit", 0, 1, 1, 83_886_080),
    ("vector", 1, 1, 1, 16_000),
    ("halfvec", 1, 1, 1, 16_000),
    ("sparsevec", 1, 1, 1, 1_000_000_000),
];
const TEMPORAL: &[&str] = &["time", "timestamp"];
const INTERVAL_FIELDS: &[&str] = &[
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "year_to_month",
    "day_to_hour",
    "day_to_minute",
    "day_to_second",
    "hour_to_minute",
    "hour_to_second",
    "minute_to_second",
];

/// The names of all types, for [`parse`] and for what an unknown option may have meant.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PLAIN.iter().chain(TEMPORAL).copied().chain(SIZED.iter().map(|(name, ..)| *name)).chain(["interval", "custom"])
}

/// Reads what follows a type's name.
pub(crate) fn parse(name: &Ident, input: ParseStream) -> Result<SqlType> {
    let text = name.to_string();
    if let Some((_, fewest, most, least, greatest)) = SIZED.iter().find(|(sized, ..)| *sized == text) {
        let sizes = sizes(input, *least..=*greatest)?;
        if (*fewest..=*most).contains(&sizes.len()) {
            return Ok(SqlType { marker: name.clone(), sizes, text: None });
        }
        let message = match (fewest, most) {
            (1, _) => format!("`{text}` needs its number of dimensions: `{text}(3)`"),
            (_, 1) => format!("`{text}` takes one number: `{text}(255)`"),
            _ => format!("`{text}` takes a precision and a scale: `{text}(10, 2)`"),
        };
        return Err(Error::new(name.span(), message));
    }
    match text.as_str() {
        "time" | "timestamp" => temporal(name, input),
        "interval" => interval(name, input),
        "custom" => {
            let text = options::text_in_parentheses(input)?;
            Ok(SqlType { marker: name.clone(), sizes: Vec::new(), text: Some(text.value()) })
        }
        _ if input.peek(syn::token::Paren) => Err(input.error(format!("`{text}` takes nothing in parentheses"))),
        _ => Ok(SqlType { marker: name.clone(), sizes: Vec::new(), text: None }),
    }
}

fn sizes(input: ParseStream, range: RangeInclusive<u32>) -> Result<Vec<Size>> {
    if !input.peek(syn::token::Paren) {
        return Ok(Vec::new());
    }
    let inside;
    parenthesized!(inside in input);
    let mut sizes = Vec::new();
    while !inside.is_empty() {
        sizes.push(size(&inside, &range)?);
        inside.parse::<Option<Token![,]>>()?;
    }
    Ok(sizes)
}

fn size(input: ParseStream, range: &RangeInclusive<u32>) -> Result<Size> {
    if !input.peek(LitInt) {
        return options::expression(input).map(Size::Constant);
    }
    let number: LitInt = input.parse()?;
    match number.base10_parse::<u32>() {
        Ok(value) if range.contains(&value) => Ok(Size::Literal(value)),
        _ => {
            let message = format!("PostgreSQL takes a number from {} to {} here", range.start(), range.end());
            Err(Error::new(number.span(), message))
        }
    }
}

/// `(3)`, `(with_time_zone)`, `(3, with_time_zone)` or `(precision = 3, with_time_zone)`.
fn temporal(name: &Ident, input: ParseStream) -> Result<SqlType> {
    let mut sizes = Vec::new();
    let mut with_time_zone = false;
    if input.peek(syn::token::Paren) {
        let inside;
        parenthesized!(inside in input);
        while !inside.is_empty() {
            let word: Option<Ident> = inside.fork().call(Ident::parse_any).ok();
            if word.as_ref().is_some_and(|word| word == "with_time_zone") {
                inside.call(Ident::parse_any)?;
                with_time_zone = true;
            } else {
                if word.is_some_and(|word| word == "precision") && inside.peek2(Token![=]) {
                    inside.call(Ident::parse_any)?;
                    inside.parse::<Token![=]>()?;
                }
                sizes.push(size(&inside, &(0..=6))?);
            }
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
    }
    if sizes.len() > 1 {
        return Err(Error::new(name.span(), format!("`{name}` takes one precision: `{name}(3, with_time_zone)`")));
    }
    let marker = if with_time_zone { Ident::new(&format!("{name}_with_time_zone"), name.span()) } else { name.clone() };
    Ok(SqlType { marker, sizes, text: None })
}

/// `(2)`, `(month)` or `(day_to_second, 3)`.
fn interval(name: &Ident, input: ParseStream) -> Result<SqlType> {
    let mut parsed = SqlType { marker: name.clone(), sizes: Vec::new(), text: None };
    if !input.peek(syn::token::Paren) {
        return Ok(parsed);
    }
    let inside;
    parenthesized!(inside in input);
    if inside.peek(LitStr) || inside.peek(Ident::peek_any) {
        let (fields, span) = interval_fields(&inside)?;
        if !INTERVAL_FIELDS.contains(&fields.as_str()) {
            let given = Ident::new(&fields, span);
            return Err(options::unknown("interval field", &given, INTERVAL_FIELDS.iter().copied()));
        }
        parsed.text = Some(fields.replace('_', " "));
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    if !inside.is_empty() {
        parsed.sizes.push(size(&inside, &(0..=6))?);
    }
    Ok(parsed)
}

fn interval_fields(input: ParseStream) -> Result<(String, Span)> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok((text.value().replace(' ', "_"), text.span()));
    }
    let word = input.call(Ident::parse_any)?;
    Ok((word.unraw().to_string(), word.span()))
}
