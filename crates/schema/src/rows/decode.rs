//! From PostgreSQL's binary values to Rust.

use std::net::IpAddr;

use postgres_types::{FromSql, Kind, Type, WasNull};
use tokio_postgres::{Error, Row};

use super::BoxError;
use super::text::{self, Elements};
use crate::{Interval, Json, Line, Point, Vector};

/// A Rust type that a column can be read as.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a row",
    label = "cannot be decoded",
    note = "derive `PgEnum` or `PgType` for it, or wrap a document in `schema::Json`"
)]
pub trait Decode: Sized {
    /// How many dimensions an array of this type has.
    #[doc(hidden)]
    const DIMENSIONS: usize = 0;

    /// Whether a column of this type can be read.
    fn accepts(ty: &Type) -> bool;

    /// Decodes the binary form.
    ///
    /// # Errors
    /// When the bytes are not of the type, or the value is out of this type's range.
    fn decode(ty: &Type, raw: &[u8]) -> Result<Self, BoxError>;

    /// Decodes NULL.
    ///
    /// # Errors
    /// When the type has no value for it.
    fn decode_null() -> Result<Self, BoxError> {
        Err(Box::new(WasNull))
    }

    /// Takes what it needs from an array's elements, which stand in row-major order.
    #[doc(hidden)]
    fn assemble(element: &Type, _sizes: &[usize], elements: &mut Elements) -> Result<Self, BoxError> {
        match elements.next()? {
            Some(raw) => Self::decode(element, raw),
            None => Self::decode_null(),
        }
    }
}

/// Reads one column of a row.
///
/// # Errors
/// When the row has no such column, or its type or value does not fit.
pub fn get<T: Decode>(row: &Row, column: &str) -> Result<T, Error> {
    row.try_get::<_, Cell<T>>(column).map(|cell| cell.0)
}

/// Brings [`Decode`] to the driver.
struct Cell<T>(T);

impl<'a, T: Decode> FromSql<'a> for Cell<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        T::decode(ty, raw).map(Cell)
    }

    fn from_sql_null(_: &Type) -> Result<Self, BoxError> {
        T::decode_null().map(Cell)
    }

    fn accepts(ty: &Type) -> bool {
        T::accepts(ty)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn accepts(ty: &Type) -> bool {
        T::accepts(ty)
    }

    fn decode(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        T::decode(ty, raw).map(Some)
    }

    fn decode_null() -> Result<Self, BoxError> {
        Ok(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    const DIMENSIONS: usize = T::DIMENSIONS + 1;

    fn accepts(ty: &Type) -> bool {
        // An array type is the same whatever its dimensions; those are checked with the value.
        matches!(ty.kind(), Kind::Array(element) if T::accepts(element) || T::accepts(ty))
    }

    fn decode(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let Kind::Array(element) = ty.kind() else { return Err("the column is no array".into()) };
        let (sizes, mut elements) = text::array(raw)?;
        if sizes.is_empty() {
            return Ok(Vec::new());
        }
        if sizes.len() != Self::DIMENSIONS {
            return Err(format!("the array has {} dimensions, and the field {}", sizes.len(), Self::DIMENSIONS).into());
        }
        Self::assemble(element, &sizes, &mut elements)
    }

    fn assemble(element: &Type, sizes: &[usize], elements: &mut Elements) -> Result<Self, BoxError> {
        let (size, inner) = sizes.split_first().ok_or("the array has too few dimensions")?;
        (0..*size).map(|_| T::assemble(element, inner, elements)).collect()
    }
}

impl<T: serde::de::DeserializeOwned> Decode for Json<T> {
    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::JSON | Type::JSONB)
    }

    fn decode(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        // jsonb has a version before the document.
        let document = if *ty == Type::JSONB { raw.get(1..).unwrap_or_default() } else { raw };
        Ok(Json(serde_json::from_slice(document)?))
    }
}

impl Decode for serde_json::Value {
    fn accepts(ty: &Type) -> bool {
        Json::<Self>::accepts(ty)
    }

    fn decode(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        Json::decode(ty, raw).map(|Json(document)| document)
    }
}

/// Text also reads what Rust has no type for, such as `cidr`.
impl Decode for String {
    fn accepts(ty: &Type) -> bool {
        <String as FromSql>::accepts(ty) || text::has_text(ty)
    }

    fn decode(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        if text::has_text(ty) { text::of(ty, raw) } else { <String as FromSql>::from_sql(ty, raw) }
    }
}

macro_rules! by_the_driver {
    ($($(#[$cfg:meta])* $rust:ty),+ $(,)?) => {$(
        $(#[$cfg])*
        impl Decode for $rust {
            fn accepts(ty: &Type) -> bool {
                <$rust as FromSql>::accepts(ty)
            }

            fn decode(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
                <$rust as FromSql>::from_sql(ty, raw)
            }
        }
    )+};
}

by_the_driver!(
    bool,
    i16,
    i32,
    i64,
    f32,
    f64,
    Vec<u8>,
    IpAddr,
    #[cfg(feature = "uuid")]
    uuid::Uuid,
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal,
    #[cfg(feature = "chrono")]
    chrono::NaiveDate,
    #[cfg(feature = "chrono")]
    chrono::NaiveTime,
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc>,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::FixedOffset>,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Local>,
);

impl Decode for Point {
    fn accepts(ty: &Type) -> bool {
        *ty == Type::POINT
    }

    fn decode(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let [x, y] = text::floats(raw)?;
        Ok(Point { x, y })
    }
}

impl Decode for Line {
    fn accepts(ty: &Type) -> bool {
        *ty == Type::LINE
    }

    fn decode(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let [a, b, c] = text::floats(raw)?;
        Ok(Line { a, b, c })
    }
}

impl Decode for Interval {
    fn accepts(ty: &Type) -> bool {
        *ty == Type::INTERVAL
    }

    fn decode(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        text::interval(raw)
    }
}

impl Decode for Vector {
    fn accepts(ty: &Type) -> bool {
        ty.name() == "vector"
    }

    fn decode(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        // Two numbers of 16 bits, how many there are and nothing, then the numbers.
        let numbers = raw.get(4..).ok_or("a vector has four bytes before its numbers")?;
        Ok(Vector(numbers.chunks_exact(4).map(|n| f32::from_be_bytes([n[0], n[1], n[2], n[3]])).collect()))
    }
}
