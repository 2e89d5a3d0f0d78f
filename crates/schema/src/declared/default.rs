//! Defaults that are Rust values.

use super::values::{Interval, Json, Line, Point, Vector};
use crate::build::Literal;

/// A constant that can be a column's default. The derives call it; [`PgEnum`](macro@crate::PgEnum) implements it.
pub trait DefaultValue {
    /// The value, as the builder takes it.
    fn literal(&self) -> Literal;
}

/// A Rust type whose columns can have a constant default: `default = …` is of the type [`Default`](Self::Default).
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` has no constant default",
    label = "use `default_sql = \"…\"` here"
)]
pub trait HasDefault {
    /// The type of the constant. Text stands for a type that has no constants of its own, such as
    /// a date; PostgreSQL reads it.
    type Default: DefaultValue + 'static;
}

/// The kinds of literals that a derive writes down without the compiler, by which the compiler refuses one that does
/// not fit.
pub mod written {
    use std::marker::PhantomData;

    /// `3`.
    pub struct IntegerLiteral;
    /// `0.5`.
    pub struct FloatLiteral;
    /// `true`.
    pub struct BooleanLiteral;
    /// `"text"`.
    pub struct TextLiteral;
    /// `[1, 2]`: all of one kind.
    pub struct ArrayLiteral<K>(PhantomData<K>);
    /// `[]`.
    pub struct EmptyArrayLiteral;
}

/// A type of which a literal of the kind `W` can be.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "mismatched types: the column takes a `{Self}` as its default",
    label = "expected `{Self}`"
)]
pub trait Written<W> {}

#[diagnostic::do_not_recommend]
impl Written<written::IntegerLiteral> for i16 {}
#[diagnostic::do_not_recommend]
impl Written<written::IntegerLiteral> for i32 {}
#[diagnostic::do_not_recommend]
impl Written<written::IntegerLiteral> for i64 {}
#[diagnostic::do_not_recommend]
impl Written<written::FloatLiteral> for f32 {}
#[diagnostic::do_not_recommend]
impl Written<written::FloatLiteral> for f64 {}
#[diagnostic::do_not_recommend]
impl Written<written::BooleanLiteral> for bool {}
#[diagnostic::do_not_recommend]
impl Written<written::TextLiteral> for &'static str {}
#[diagnostic::do_not_recommend]
impl<T> Written<written::EmptyArrayLiteral> for &'static [T] {}
#[diagnostic::do_not_recommend]
impl<T: Written<K>, K> Written<written::ArrayLiteral<K>> for &'static [T] {}

impl DefaultValue for &str {
    fn literal(&self) -> Literal {
        Literal::Text((*self).to_owned())
    }
}

impl DefaultValue for bool {
    fn literal(&self) -> Literal {
        Literal::Bool(*self)
    }
}

impl<T: DefaultValue> DefaultValue for &[T] {
    fn literal(&self) -> Literal {
        Literal::Array(self.iter().map(DefaultValue::literal).collect())
    }
}

macro_rules! numbers {
    ($($number:ty => $wide:ident as $variant:ident),+) => {$(
        impl DefaultValue for $number {
            fn literal(&self) -> Literal {
                Literal::$variant($wide::from(*self))
            }
        }
        impl HasDefault for $number {
            type Default = $number;
        }
    )+};
}

numbers!(i16 => i64 as Integer, i32 => i64 as Integer, i64 => i64 as Integer, f64 => f64 as Float);

impl DefaultValue for f32 {
    fn literal(&self) -> Literal {
        // By its own shortest text: 0.1f32 is 0.1, and not 0.10000000149011612.
        Literal::Float(self.to_string().parse().unwrap_or(f64::from(*self)))
    }
}

impl HasDefault for f32 {
    type Default = f32;
}

impl HasDefault for bool {
    type Default = bool;
}

impl<T: HasDefault> HasDefault for Option<T> {
    type Default = T::Default;
}

impl<T: HasDefault> HasDefault for Vec<T> {
    type Default = &'static [T::Default];
}

impl<T> HasDefault for Json<T> {
    type Default = &'static str;
}

macro_rules! text {
    ($($(#[$cfg:meta])* $rust:ty),+ $(,)?) => {$(
        $(#[$cfg])*
        impl HasDefault for $rust {
            type Default = &'static str;
        }
    )+};
}

text!(
    String,
    Vec<u8>,
    std::net::IpAddr,
    serde_json::Value,
    Point,
    Line,
    Interval,
    Vector,
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
