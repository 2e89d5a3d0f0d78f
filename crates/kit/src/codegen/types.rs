//! Which Rust type, and which option of `#[column(…)]`, stands for a type of PostgreSQL.

use schema::{Column, PUBLIC, Schema, key, quote};

/// The type of a field.
pub(super) struct RustType {
    /// The crate or module it is imported from, if any, and its name.
    pub(super) element: Element,
    /// The declared size of each dimension of an array, the innermost first.
    pub(super) dimensions: Vec<Option<u32>>,
    /// The option of `#[column(…)]` that names the type.
    pub(super) option: Option<String>,
    /// What a foreign key compares: PostgreSQL's type without its sizes, or the key of an enum.
    pub(super) kind: String,
}

/// The type of a column, or of an array's elements.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Element {
    /// A type of the language or its prelude.
    Plain(&'static str),
    /// A type to import.
    Imported { from: &'static str, name: &'static str, argument: Option<(&'static str, &'static str)> },
    /// A type by its path.
    Path(&'static str),
    /// A declared enum, by its key.
    Enum(String),
}

/// What a column's constant default is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Constants {
    Integer,
    Float,
    Boolean,
    Text,
}

/// The type of a column.
pub(super) fn of(column: &Column, schema: &Schema) -> RustType {
    if let Some(found) = enumeration(column, schema) {
        return found;
    }
    let (element, dimensions) = split(&column.sql_type);
    let undeclared = column.type_schema.as_deref().map(|in_schema| path(in_schema, element));
    match known(element).filter(|_| undeclared.is_none()) {
        Some((rust, option)) => {
            let kind = element.split(" (").next().unwrap_or(element);
            let kind = kind.split('(').next().unwrap_or(kind).trim_end();
            let kind = if element.ends_with("with time zone") && !kind.ends_with("zone") {
                format!("{kind} with time zone")
            } else {
                kind.to_owned()
            };
            let kind = if kind.starts_with("interval") { "interval".to_owned() } else { kind };
            RustType { element: rust, dimensions, option, kind: comparable(&kind).to_owned() }
        }
        None => {
            let option = format!("custom({})", super::text::literal(undeclared.as_deref().unwrap_or(element)));
            RustType { element: Element::Plain("String"), dimensions, option: Some(option), kind: "text".to_owned() }
        }
    }
}

/// Kinds between which a foreign key compiles.
fn comparable(kind: &str) -> &str {
    match kind {
        "smallserial" => "smallint",
        "serial" => "integer",
        "bigserial" => "bigint",
        "varchar" | "char" => "text",
        kind => kind,
    }
}

/// A type that is declared nowhere, as SQL names it: what is in `public` is found without its schema.
fn path(in_schema: &str, name: &str) -> String {
    let name = quote::ident_if_needed(name);
    if in_schema == PUBLIC { name.into() } else { format!("{}.{name}", quote::ident_if_needed(in_schema)) }
}

fn enumeration(column: &Column, schema: &Schema) -> Option<RustType> {
    let in_schema = column.type_schema.as_deref()?;
    let whole = key(in_schema, &column.sql_type);
    let (element, dimensions) = split(&column.sql_type);
    let (key, dimensions) =
        if schema.enums.contains_key(&whole) { (whole, Vec::new()) } else { (key(in_schema, element), dimensions) };
    schema.enums.get(&key)?;
    Some(RustType { element: Element::Enum(key.clone()), dimensions, option: None, kind: key })
}

/// A type and the sizes of its dimensions: `integer[3][]` is an integer, 3 and none.
fn split(sql_type: &str) -> (&str, Vec<Option<u32>>) {
    let mut element = sql_type;
    let mut dimensions = Vec::new();
    while let Some((rest, size)) = element.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        let size = if size.is_empty() { None } else { Some(size.parse().ok()) };
        match size {
            None => dimensions.push(None),
            Some(Some(size)) => dimensions.push(Some(size)),
            Some(None) => break,
        }
        element = rest;
    }
    dimensions.reverse();
    (element, dimensions)
}

const fn imported(from: &'static str, name: &'static str) -> Element {
    Element::Imported { from, name, argument: None }
}

/// The type for one that is declared as in the documentation, with the option that it needs. Another spelling of the
/// same type would be another snapshot, so that it is declared as a custom one.
fn known(sql: &str) -> Option<(Element, Option<String>)> {
    let plain = |name| Some((Element::Plain(name), None));
    let named = |element, option: &str| Some((element, Some(option.to_owned())));
    let text = Element::Plain("String");
    let date_time = Element::Imported { from: "chrono", name: "DateTime", argument: Some(("chrono", "Utc")) };
    match sql {
        "smallint" => return plain("i16"),
        "integer" => return plain("i32"),
        "bigint" => return plain("i64"),
        "smallserial" => return named(Element::Plain("i16"), sql),
        "serial" => return named(Element::Plain("i32"), sql),
        "bigserial" => return named(Element::Plain("i64"), sql),
        "boolean" => return plain("bool"),
        "text" => return plain("String"),
        "varchar" | "char" | "bit" | "cidr" | "macaddr" | "macaddr8" => return named(text, sql),
        "real" => return plain("f32"),
        "double precision" => return plain("f64"),
        "numeric" => return Some((imported("rust_decimal", "Decimal"), None)),
        "json" => return named(Element::Path("serde_json::Value"), sql),
        "jsonb" => return Some((Element::Path("serde_json::Value"), None)),
        "uuid" => return Some((imported("uuid", "Uuid"), None)),
        "date" => return Some((imported("chrono", "NaiveDate"), None)),
        "time" => return Some((imported("chrono", "NaiveTime"), None)),
        "time with time zone" => return named(text, "time(with_time_zone)"),
        "timestamp" => return Some((imported("chrono", "NaiveDateTime"), None)),
        "timestamp with time zone" => return Some((date_time, None)),
        "interval" => return Some((imported("schema", "Interval"), None)),
        "inet" => return Some((imported("std::net", "IpAddr"), None)),
        "point" => return Some((imported("schema", "Point"), None)),
        "line" => return Some((imported("schema", "Line"), None)),
        "bytea" => return plain("Vec<u8>"),
        _ => {}
    }
    sized(sql, "varchar", "", 1..=10_485_760, text.clone())
        .or_else(|| sized(sql, "char", "", 1..=10_485_760, text.clone()))
        .or_else(|| sized(sql, "bit", "", 1..=83_886_080, text.clone()))
        .or_else(|| sized(sql, "vector", "", 1..=16_000, imported("schema", "Vector")))
        .or_else(|| sized(sql, "halfvec", "", 1..=16_000, text.clone()))
        .or_else(|| sized(sql, "sparsevec", "", 1..=1_000_000_000, text.clone()))
        .or_else(|| sized(sql, "time", "", 0..=6, imported("chrono", "NaiveTime")))
        .or_else(|| sized(sql, "time", " with time zone", 0..=6, text.clone()))
        .or_else(|| sized(sql, "timestamp ", "", 0..=6, imported("chrono", "NaiveDateTime")))
        .or_else(|| sized(sql, "timestamp ", " with time zone", 0..=6, date_time))
        .or_else(|| numeric(sql))
        .or_else(|| interval(sql))
}

/// `name(n)`, in the one spelling.
fn sized(
    sql: &str,
    name: &str,
    after: &str,
    range: std::ops::RangeInclusive<u32>,
    element: Element,
) -> Option<(Element, Option<String>)> {
    let size: u32 = sql.strip_prefix(name)?.strip_suffix(after)?.strip_prefix('(')?.strip_suffix(')')?.parse().ok()?;
    if !range.contains(&size) || format!("{name}({size}){after}") != sql {
        return None;
    }
    let zone = if after.is_empty() { "" } else { ", with_time_zone" };
    Some((element, Some(format!("{}({size}{zone})", name.trim_end()))))
}

fn numeric(sql: &str) -> Option<(Element, Option<String>)> {
    let sizes: Vec<u32> = sql
        .strip_prefix("numeric(")?
        .strip_suffix(')')?
        .split(", ")
        .map(|size| size.parse().ok())
        .collect::<Option<_>>()?;
    let text = match sizes.as_slice() {
        [precision] if (0..=1000).contains(precision) => format!("numeric({precision})"),
        [precision, scale] if *precision <= 1000 && *scale <= 1000 => format!("numeric({precision}, {scale})"),
        _ => return None,
    };
    (text == sql).then(|| (imported("rust_decimal", "Decimal"), Some(text)))
}

/// The fields that an interval can be limited to.
const INTERVAL_FIELDS: &[&str] = &[
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "year to month",
    "day to hour",
    "day to minute",
    "day to second",
    "hour to minute",
    "hour to second",
    "minute to second",
];

/// `interval(2)`, `interval month`, `interval day to second(3)`.
fn interval(sql: &str) -> Option<(Element, Option<String>)> {
    let rest = sql.strip_prefix("interval")?;
    let (fields, precision) = match rest.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((fields, precision)) => (fields, Some(precision.parse::<u32>().ok().filter(|digits| *digits <= 6)?)),
        None => (rest, None),
    };
    let digits = precision.map(|digits| digits.to_string());
    let option = match fields.strip_prefix(' ') {
        Some(fields) if INTERVAL_FIELDS.contains(&fields) => {
            let digits = digits.map(|digits| format!(", {digits}")).unwrap_or_default();
            format!("interval({}{digits})", fields.replace(' ', "_"))
        }
        None if fields.is_empty() => format!("interval({})", digits?),
        _ => return None,
    };
    Some((imported("schema", "Interval"), Some(option)))
}

impl RustType {
    /// How a constant default of an element is written.
    pub(super) fn constants(&self) -> Constants {
        match self.element {
            Element::Plain("i16" | "i32" | "i64") => Constants::Integer,
            Element::Plain("f32" | "f64") => Constants::Float,
            Element::Plain("bool") => Constants::Boolean,
            _ => Constants::Text,
        }
    }

    /// `array(3, _)`, where a dimension has a declared size.
    pub(super) fn array(&self) -> Option<String> {
        let sizes = self.dimensions.iter().map(|size| size.map_or("_".to_owned(), |size| size.to_string()));
        let sizes: Vec<String> = sizes.collect();
        self.dimensions.iter().any(Option::is_some).then(|| format!("array({})", sizes.join(", ")))
    }
}
