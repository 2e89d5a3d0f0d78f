//! Which Rust type stands for which type of PostgreSQL. Resolved by traits, so that an alias is what it names.

use super::sql::{self, SqlType};
use super::values::{Interval, Json, Line, Point, Vector};
use crate::model::PUBLIC;

/// The type of a column, as far as the Rust type decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnType {
    /// The type in SQL without length or precision, or the bare name of an enum.
    pub sql: &'static str,
    /// The schema of an enum type.
    pub enum_schema: Option<&'static str>,
    /// How many dimensions an array has; 0 is no array.
    pub dimensions: usize,
    /// Whether NULL is allowed.
    pub nullable: bool,
}

impl ColumnType {
    /// A type that is not an enum, NOT NULL.
    pub const fn plain(sql: &'static str) -> Self {
        ColumnType { sql, enum_schema: None, dimensions: 0, nullable: false }
    }

    /// An enum type, NOT NULL. The schema is written out.
    pub const fn enumeration(schema: &'static str, name: &'static str) -> Self {
        ColumnType { sql: name, enum_schema: Some(schema), dimensions: 0, nullable: false }
    }

    /// The same type with NULL allowed.
    #[must_use]
    pub const fn or_null(self) -> Self {
        ColumnType { nullable: true, ..self }
    }

    /// An array whose elements are of this type.
    #[must_use]
    pub const fn array(self) -> Self {
        // An element of an array may always be NULL in PostgreSQL; only the array itself may not.
        ColumnType { dimensions: self.dimensions + 1, nullable: false, ..self }
    }

    /// The type as SQL writes it, without length or precision: `"auth"."mood"[]`.
    pub fn to_sql(&self) -> String {
        let name = match self.enum_schema {
            None => self.sql.to_owned(),
            Some(PUBLIC) => crate::quote::ident(self.sql),
            Some(schema) => format!("{}.{}", crate::quote::ident(schema), crate::quote::ident(self.sql)),
        };
        name + &"[]".repeat(self.dimensions)
    }
}

/// A Rust type whose type in PostgreSQL is plain: `String` is `text`.
///
/// For a newtype, derive it with [`PgType`](macro@crate::PgType).
#[diagnostic::on_unimplemented(
    message = "no type of PostgreSQL follows from `{Self}`",
    label = "this field's type is not known to the schema",
    note = "derive `PgEnum` for an enum, `PgType` for a newtype such as `struct UserId(Uuid)`, and wrap a document in `schema::Json`",
    note = "or name the type in the attribute: #[column(bigint)]",
    note = "the types of chrono, uuid and rust_decimal need the feature of that name on the crate `schema`"
)]
pub trait PgType {
    /// The column's type.
    const TYPE: &'static ColumnType;
}

/// A Rust type that can hold the values of the type `S`, which the attribute names.
#[diagnostic::on_unimplemented(
    message = "a column of type `{S}` cannot be a `{Self}`",
    label = "cannot hold a `{S}`",
    note = "remove the type from #[column(…)] to use the one that follows from `{Self}`, or change the field's type"
)]
pub trait Stores<S: SqlType> {
    /// The column's type.
    const TYPE: &'static ColumnType = &ColumnType::plain(S::NAME);
}

/// A column that can reference a column of type `T`.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot reference one of type `{T}`",
    label = "the referenced column is a `{T}`",
    note = "a foreign key and what it references have the same type"
)]
pub trait References<T> {}

impl<T> References<T> for T {}
impl<T> References<T> for Option<T> {}
impl<T> References<Option<T>> for T {}

impl<T: PgType> PgType for Option<T> {
    const TYPE: &'static ColumnType = &T::TYPE.or_null();
}

#[diagnostic::do_not_recommend]
impl<S: SqlType, T: Stores<S>> Stores<S> for Option<T> {
    const TYPE: &'static ColumnType = &T::TYPE.or_null();
}

impl<T: PgType> PgType for Vec<T> {
    const TYPE: &'static ColumnType = &T::TYPE.array();
}

#[diagnostic::do_not_recommend]
impl<S: SqlType, T: Stores<S>> Stores<S> for Vec<T> {
    const TYPE: &'static ColumnType = &T::TYPE.array();
}

impl<T> PgType for Json<T> {
    const TYPE: &'static ColumnType = &ColumnType::plain("jsonb");
}

#[diagnostic::do_not_recommend]
impl<T> Stores<sql::json> for Json<T> {}
#[diagnostic::do_not_recommend]
impl<T> Stores<sql::jsonb> for Json<T> {}

/// `Rust type: the type that follows from it, others that an attribute may name`.
macro_rules! types {
    ($($(#[$cfg:meta])* $rust:ty: $plain:ident $(, $other:ident)*;)+) => {$(
        $(#[$cfg])*
        impl PgType for $rust {
            const TYPE: &'static ColumnType = <$rust as Stores<sql::$plain>>::TYPE;
        }
        $(#[$cfg])*
        #[diagnostic::do_not_recommend]
        impl Stores<sql::$plain> for $rust {}
        // Types behind a feature have no others.
        $(
            #[diagnostic::do_not_recommend]
            impl Stores<sql::$other> for $rust {}
        )*
    )+};
}

types! {
    i16: smallint, smallserial;
    i32: integer, serial;
    i64: bigint, bigserial;
    bool: boolean;
    f32: real;
    f64: double_precision;
    String: text, varchar, char, cidr, macaddr, macaddr8, bit, time_with_time_zone, interval, halfvec, sparsevec, custom;
    Vec<u8>: bytea, custom;
    std::net::IpAddr: inet;
    serde_json::Value: jsonb, json;
    Point: point;
    Line: line;
    Interval: interval;
    #[cfg(feature = "uuid")]
    uuid::Uuid: uuid;
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal: numeric;
    #[cfg(feature = "chrono")]
    chrono::NaiveDate: date;
    #[cfg(feature = "chrono")]
    chrono::NaiveTime: time;
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime: timestamp;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc>: timestamp_with_time_zone;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::FixedOffset>: timestamp_with_time_zone;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Local>: timestamp_with_time_zone;
}

#[diagnostic::do_not_recommend]
impl Stores<sql::vector> for Vector {}

/// Refuses a foreign key between columns of different types; never called.
#[doc(hidden)]
pub fn references<Own: References<Target>, Target>(_: &Target) {}
