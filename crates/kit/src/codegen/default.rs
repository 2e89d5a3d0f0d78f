//! A column's default, in the nicest form that gives the same snapshot again.

use schema::build::{self, Literal, types};
use schema::{Column, ColumnDefault, quote};

use super::module::Module;
use super::text::literal;
use super::types::{Constants, Element, RustType};

/// How `#[column(…)]` says it.
pub(super) enum Form {
    /// An option by itself: `default_now`.
    Option(&'static str),
    /// `default = …`.
    Constant(String),
    /// `default_sql = …`.
    Sql(String),
}

/// The form of the column's default.
pub(super) fn form(column: &Column, rust: &RustType, module: &mut Module) -> Option<Form> {
    let default = column.default.as_ref()?;
    if let ColumnDefault::Expression(sql) = default {
        match sql.as_str() {
            "now()" => return Some(Form::Option("default_now")),
            "gen_random_uuid()" => return Some(Form::Option("default_random")),
            _ => {}
        }
    }
    let sql = default.sql(&column.sql_type).into_owned();
    Some(match constant(default, &sql, column, rust, module) {
        Some(code) => Form::Constant(code),
        None => Form::Sql(sql),
    })
}

/// The default as a constant, if it is one that the derive reads back as the same default.
fn constant(
    default: &ColumnDefault,
    sql: &str,
    column: &Column,
    rust: &RustType,
    module: &mut Module,
) -> Option<String> {
    let (code, value) = if rust.dimensions.is_empty() {
        let text = text_of(sql).or_else(|| document(sql, &column.sql_type));
        scalar(text.as_deref(), sql, rust, module)?
    } else {
        let text = text_of(sql)?;
        let (parts, rest) = array(&text)?;
        if !rest.is_empty() || rust.dimensions.len() < depth(&parts) {
            return None;
        }
        elements(&parts, rust, module)?
    };
    let value = match (column.sql_type.as_str(), value) {
        ("json", Literal::Text(text)) => Literal::Json { sql_type: "json", text: normal_json(&text)? },
        ("jsonb", Literal::Text(text)) => Literal::Json { sql_type: "jsonb", text: normal_json(&text)? },
        (sql_type, Literal::Array(_)) if sql_type.starts_with("json") => return None,
        (_, value) => value,
    };
    let read = read_back(value)?;
    // drizzle-kit writes a point as JSON, for which the derive has text: the same SQL.
    let is_structure = matches!(default, ColumnDefault::Literal(json) if json.starts_with(['[', '{']));
    (read == *default || (is_structure && read.sql(&column.sql_type) == sql)).then_some(code)
}

/// What the builder, and so the derive, makes of a constant.
fn read_back(value: Literal) -> Option<ColumnDefault> {
    let column = build::Column::new("c", types::text()).default_literal(value);
    let mut schema = build::schema([build::Table::new("t").column(column).into()]).ok()?;
    schema.tables.get_mut("public.t")?.columns.get_mut("c")?.default.take()
}

/// The text of an SQL literal that stands alone.
fn text_of(sql: &str) -> Option<String> {
    let is_literal = sql.starts_with('\'') && sql.len() > 1 && quote::quoted_length(sql, '\'') == sql.len();
    is_literal.then(|| sql[1..sql.len() - 1].replace("''", "'"))
}

/// The text of a JSON document with its cast.
fn document(sql: &str, sql_type: &str) -> Option<String> {
    text_of(sql.strip_suffix(sql_type)?.strip_suffix("::")?)
}

fn normal_json(text: &str) -> Option<String> {
    serde_json::from_str::<serde_json::Value>(text).ok().map(|document| document.to_string())
}

/// Code and value of one constant; `text` where the SQL is a literal, `sql` where it is not.
fn scalar(text: Option<&str>, sql: &str, rust: &RustType, module: &mut Module) -> Option<(String, Literal)> {
    if let Element::Enum(key) = &rust.element {
        let declared = &module.schema.enums[key];
        let variant = module.names().variants(declared).of(text?)?;
        return Some((format!("{}::{variant}", module.enumeration(key)), Literal::Text(text?.to_owned())));
    }
    match rust.constants() {
        Constants::Integer => integer(sql, rust),
        Constants::Float => float(sql, rust),
        Constants::Boolean => Some((sql.to_owned(), Literal::Bool(sql.parse().ok()?))),
        Constants::Text => Some((literal(text?), Literal::Text(text?.to_owned()))),
    }
}

fn integer(sql: &str, rust: &RustType) -> Option<(String, Literal)> {
    let number: i64 = sql.parse().ok()?;
    let fits = match rust.element {
        Element::Plain("i16") => i16::try_from(number).is_ok(),
        Element::Plain("i32") => i32::try_from(number).is_ok(),
        _ => true,
    };
    fits.then(|| (number.to_string(), Literal::Integer(number)))
}

fn float(sql: &str, rust: &RustType) -> Option<(String, Literal)> {
    let number: f64 = sql.parse().ok().filter(|number: &f64| number.is_finite())?;
    let kept = match rust.element {
        // As the derive reads it for a `real`.
        #[allow(clippy::cast_possible_truncation)]
        Element::Plain("f32") => (number as f32).to_string().parse().ok()?,
        _ => number,
    };
    Some((format!("{number:?}"), Literal::Float(kept)))
}

/// A part of an array's text.
enum Part {
    Element(String),
    Array(Vec<Part>),
}

fn depth(parts: &[Part]) -> usize {
    let inner = parts.iter().map(|part| match part {
        Part::Element(_) => 0,
        Part::Array(parts) => depth(parts),
    });
    1 + inner.max().unwrap_or_default()
}

/// The parts of `{1,{2},"three"}`, and what follows. NULL is none that a constant can say.
fn array(text: &str) -> Option<(Vec<Part>, &str)> {
    let mut rest = text.strip_prefix('{')?;
    let mut parts = Vec::new();
    loop {
        if let Some(end) = rest.strip_prefix('}') {
            return Some((parts, end));
        }
        if !parts.is_empty() {
            rest = rest.strip_prefix(',')?;
        }
        let (part, after) = match rest.chars().next()? {
            '{' => array(rest).map(|(parts, after)| (Part::Array(parts), after))?,
            '"' => quoted(rest)?,
            _ => {
                let end = rest.find([',', '}'])?;
                (Part::Element(rest[..end].to_owned()), &rest[end..])
            }
        };
        if matches!(&part, Part::Element(text) if text.eq_ignore_ascii_case("null")) {
            return None;
        }
        parts.push(part);
        rest = after;
    }
}

fn quoted(text: &str) -> Option<(Part, &str)> {
    let mut element = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => return Some((Part::Element(element), &text[at + 1..])),
            '\\' => element.push(letters.next()?.1),
            c => element.push(c),
        }
    }
    None
}

fn elements(parts: &[Part], rust: &RustType, module: &mut Module) -> Option<(String, Literal)> {
    let mut codes = Vec::new();
    let mut values = Vec::new();
    for part in parts {
        let (code, value) = match part {
            Part::Element(text) => scalar(Some(text), text, rust, module)?,
            Part::Array(parts) => elements(parts, rust, module)?,
        };
        codes.push(code);
        values.push(value);
    }
    Some((format!("[{}]", codes.join(", ")), Literal::Array(values)))
}
