//! A column's default that is a value.

use serde::Deserialize;
use serde_json::Value;

use super::super::ColumnType;
use super::super::enumeration::Enums;
use super::super::registry::Declaration;
use crate::build::Literal;

/// How the derive has written it down.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Default {
    /// A position in the declaration's list: only the compiler knows the value.
    Constant(usize),
    /// A literal of Rust, of a kind that the compiler has compared with the column's type.
    Literal(Value),
    /// A variant of the column's enum.
    Variant(String),
}

impl Default {
    /// The value for the builder.
    ///
    /// # Errors
    /// When the value is not one of the column's type.
    pub(super) fn literal(
        &self,
        column_type: &ColumnType,
        declaration: &Declaration,
        enums: &Enums,
    ) -> Result<Literal, String> {
        let literal = match self {
            Default::Constant(at) => {
                let value = declaration.defaults.get(*at).ok_or("it is not in the program; build the derives anew")?;
                value.literal()
            }
            Default::Literal(value) => written(value, column_type)?,
            Default::Variant(variant) => Literal::Text(enums.label(variant, column_type)?.to_owned()),
        };
        document(literal, column_type)
    }
}

fn written(value: &Value, column_type: &ColumnType) -> Result<Literal, String> {
    let literal = match value {
        Value::String(text) => Some(Literal::Text(text.clone())),
        Value::Bool(value) => Some(Literal::Bool(*value)),
        Value::Array(elements) => {
            let elements = elements.iter().map(|element| written(element, column_type));
            Some(Literal::Array(elements.collect::<Result<_, _>>()?))
        }
        Value::Number(number) if number.is_f64() => number.as_f64().map(|number| float(number, column_type)),
        Value::Number(number) => number.as_i64().filter(|number| fits(*number, column_type)).map(Literal::Integer),
        Value::Null | Value::Object(_) => None,
    };
    literal.ok_or_else(|| format!("{value} is out of range for the type {}", column_type.sql))
}

/// By the shortest text of what the column keeps: 0.1 in a `real` is 0.1, and not 0.10000000149011612.
fn float(number: f64, column_type: &ColumnType) -> Literal {
    #[allow(clippy::cast_possible_truncation)]
    let kept = if column_type.sql == "real" { (number as f32).to_string().parse().unwrap_or(number) } else { number };
    Literal::Float(kept)
}

fn fits(number: i64, column_type: &ColumnType) -> bool {
    match column_type.sql {
        "smallint" | "smallserial" => i16::try_from(number).is_ok(),
        "integer" | "serial" => i32::try_from(number).is_ok(),
        _ => true,
    }
}

/// A text is a document where the column is JSON.
fn document(literal: Literal, column_type: &ColumnType) -> Result<Literal, String> {
    let sql_type = match column_type.sql {
        "json" => "json",
        "jsonb" => "jsonb",
        _ => return Ok(literal),
    };
    match literal {
        Literal::Text(text) => match serde_json::from_str::<Value>(&text) {
            // As drizzle-kit writes it: without blanks.
            Ok(document) => Ok(Literal::Json { sql_type, text: document.to_string() }),
            Err(error) => Err(format!("it is not JSON: {error}")),
        },
        Literal::Array(elements) => {
            let elements = elements.into_iter().map(|element| document(element, column_type));
            elements.collect::<Result<_, _>>().map(Literal::Array)
        }
        other => Ok(other),
    }
}
