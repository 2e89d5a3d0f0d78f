//! From Rust to the values of sea-query.

use std::net::IpAddr;

use sea_query::{ArrayType, Enum, Expr, ExprTrait, OptionEnum, Value};
use sea_query_postgres::PostgresValue;

use crate::{Interval, Json, Line, PgType, Point, Vector};

/// A Rust type that can be bound as a query's parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written to a row",
    label = "cannot be bound to a query",
    note = "derive `PgEnum` or `PgType` for it, or wrap a document in `schema::Json`"
)]
pub trait Encode: Sized {
    /// Whether the value travels as text that PostgreSQL casts, because sea-query has no value for it.
    const VIA_TEXT: bool = false;
    /// Whether this is an array.
    const IS_ARRAY: bool = false;

    /// The type to cast to, where there is a cast.
    fn sql() -> String;
    /// The value of sea-query; for a type that travels as text, that text.
    fn value(self) -> Value;
    /// The NULL of the same kind.
    fn null() -> Value;
    /// The kind of an array's elements.
    fn array_type() -> ArrayType;
    /// PostgreSQL's text of the value, or none for NULL.
    fn text(&self) -> Option<String>;
}

/// A value in a query; `cast` names the column's type where the Rust type alone does not tell it.
pub fn expr<T: Encode>(value: T, cast: Option<&'static str>) -> Expr {
    if !T::VIA_TEXT && cast.is_none() {
        return Expr::value(value.value());
    }
    // The inner cast tells PostgreSQL that the parameter is text, which is what the driver sends.
    let text = Expr::value(Value::String(value.text())).cast_as("text");
    let element = cast.map(|cast| cast.to_owned() + if T::IS_ARRAY { "[]" } else { "" });
    text.cast_as(element.unwrap_or_else(T::sql))
}

/// A value in an INSERT, or `DEFAULT`.
pub fn or_default<T: Encode>(value: Option<T>, cast: Option<&'static str>) -> Expr {
    value.map_or_else(Expr::keyword_default, |value| expr(value, cast))
}

/// A value as a parameter of the driver itself, for a query that is not built with sea-query.
/// A derived enum has no `ToSql` of its own, since that asks for `Debug`.
///
/// Where the value travels as text ([`Encode::VIA_TEXT`]), the query casts it: `$1::text::inet`.
pub fn param<T: Encode>(value: T) -> PostgresValue {
    PostgresValue(value.value())
}

/// The value of an enum type in `public`, which sea-query writes with its type.
#[doc(hidden)]
pub fn enum_value(name: &'static str, label: Option<String>) -> Value {
    Value::Enum(match label {
        Some(label) => OptionEnum::Some(Box::new(Enum { type_name: name.into(), value: label.into() })),
        None => OptionEnum::None(name.into()),
    })
}

#[doc(hidden)]
pub fn enum_array_type(name: &'static str) -> ArrayType {
    ArrayType::Enum(Box::new(name.into()))
}

/// The type in SQL, quoted where it is an enum.
#[doc(hidden)]
pub fn type_name<T: PgType>() -> String {
    T::TYPE.to_sql()
}

impl<T: Encode> Encode for Option<T> {
    const VIA_TEXT: bool = T::VIA_TEXT;
    const IS_ARRAY: bool = T::IS_ARRAY;

    fn sql() -> String {
        T::sql()
    }

    fn value(self) -> Value {
        self.map_or_else(T::null, T::value)
    }

    fn null() -> Value {
        T::null()
    }

    fn array_type() -> ArrayType {
        T::array_type()
    }

    fn text(&self) -> Option<String> {
        self.as_ref().and_then(T::text)
    }
}

impl<T: Encode> Encode for Vec<T> {
    // sea-query has arrays of one dimension only.
    const VIA_TEXT: bool = T::VIA_TEXT || T::IS_ARRAY;
    const IS_ARRAY: bool = true;

    fn sql() -> String {
        T::sql() + "[]"
    }

    fn value(self) -> Value {
        if Self::VIA_TEXT {
            return Value::String(self.text());
        }
        Value::Array(T::array_type(), Some(Box::new(self.into_iter().map(T::value).collect())))
    }

    fn null() -> Value {
        if Self::VIA_TEXT { Value::String(None) } else { Value::Array(T::array_type(), None) }
    }

    fn array_type() -> ArrayType {
        T::array_type()
    }

    fn text(&self) -> Option<String> {
        let element = |element: &T| match element.text() {
            Some(text) if T::IS_ARRAY => text,
            Some(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            None => "NULL".to_owned(),
        };
        Some(format!("{{{}}}", self.iter().map(element).collect::<Vec<_>>().join(",")))
    }
}

/// A document whose type has no JSON, such as a map with keys that are no strings, is sent as a text
/// that says so. PostgreSQL refuses it as JSON and repeats it, so the query fails where it is run.
impl<T: serde::Serialize> Encode for Json<T> {
    // As text the refusal is in PostgreSQL's message; in jsonb's binary form it would be noise.
    const VIA_TEXT: bool = true;

    fn sql() -> String {
        "jsonb".to_owned()
    }

    fn value(self) -> Value {
        // Bound as JSON the parameter needs no cast, which a newtype of it in a condition does not have.
        match serde_json::to_value(&self.0) {
            Ok(document) => Value::Json(Some(Box::new(document))),
            Err(error) => Value::String(Some(no_json(&error))),
        }
    }

    fn null() -> Value {
        Value::Json(None)
    }

    fn array_type() -> ArrayType {
        ArrayType::Json
    }

    fn text(&self) -> Option<String> {
        Some(serde_json::to_string(&self.0).unwrap_or_else(|error| no_json(&error)))
    }
}

/// No JSON, whatever the error says: a string without its closing quote, which PostgreSQL repeats
/// to its end. Of bare words it would repeat the first alone.
fn no_json(error: &serde_json::Error) -> String {
    let mut text = serde_json::Value::from(format!("the value cannot be written as JSON: {error}")).to_string();
    text.pop();
    text
}

/// Types that sea-query has: type, its name, its array, its NULL, its text.
macro_rules! native {
    ($($(#[$cfg:meta])* $rust:ty, $sql:literal, $kind:ident, $text:expr;)+) => {$(
        $(#[$cfg])*
        impl Encode for $rust {
            fn sql() -> String {
                $sql.to_owned()
            }

            fn value(self) -> Value {
                self.into()
            }

            fn null() -> Value {
                Value::$kind(None)
            }

            fn array_type() -> ArrayType {
                ArrayType::$kind
            }

            fn text(&self) -> Option<String> {
                let text: fn(&$rust) -> String = $text;
                Some(text(self))
            }
        }
    )+};
}

native! {
    bool, "boolean", Bool, ToString::to_string;
    i16, "smallint", SmallInt, ToString::to_string;
    i32, "integer", Int, ToString::to_string;
    i64, "bigint", BigInt, ToString::to_string;
    f32, "real", Float, ToString::to_string;
    f64, "double precision", Double, ToString::to_string;
    String, "text", String, Clone::clone;
    serde_json::Value, "jsonb", Json, ToString::to_string;
    Vec<u8>, "bytea", Bytes, |bytes| {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("\\x{digits}")
    };
    #[cfg(feature = "uuid")]
    uuid::Uuid, "uuid", Uuid, ToString::to_string;
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal, "numeric", Decimal, ToString::to_string;
    #[cfg(feature = "chrono")]
    chrono::NaiveDate, "date", ChronoDate, ToString::to_string;
    #[cfg(feature = "chrono")]
    chrono::NaiveTime, "time", ChronoTime, ToString::to_string;
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime, "timestamp", ChronoDateTime, ToString::to_string;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc>, "timestamp with time zone", ChronoDateTimeUtc, chrono::DateTime::to_rfc3339;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::FixedOffset>, "timestamp with time zone", ChronoDateTimeWithTimeZone, chrono::DateTime::to_rfc3339;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Local>, "timestamp with time zone", ChronoDateTimeLocal, chrono::DateTime::to_rfc3339;
}

/// Types that sea-query does not have, which travel as text.
macro_rules! via_text {
    ($($rust:ty, $sql:literal, $text:expr;)+) => {$(
        impl Encode for $rust {
            const VIA_TEXT: bool = true;

            fn sql() -> String {
                $sql.to_owned()
            }

            fn value(self) -> Value {
                Value::String(self.text())
            }

            fn null() -> Value {
                Value::String(None)
            }

            fn array_type() -> ArrayType {
                ArrayType::String
            }

            fn text(&self) -> Option<String> {
                let text: fn(&$rust) -> String = $text;
                Some(text(self))
            }
        }
    )+};
}

via_text! {
    IpAddr, "inet", ToString::to_string;
    Point, "point", |Point { x, y }| format!("({x},{y})");
    Line, "line", |Line { a, b, c }| format!("{{{a},{b},{c}}}");
    Interval, "interval", ToString::to_string;
    Vector, "vector", |Vector(numbers)| {
        format!("[{}]", numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
    };
}
