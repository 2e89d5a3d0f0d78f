//! PostgreSQL's types as drizzle-kit spells them in a snapshot.

use crate::model::Enum;

/// A column's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// The type as SQL writes it, or the bare name of an enum.
    pub(super) sql: String,
    /// The schema of an enum, written out.
    pub(super) schema: Option<String>,
    /// Serial types are NOT NULL by themselves.
    pub(super) not_null: bool,
}

impl Type {
    fn new(sql: impl Into<String>) -> Self {
        Type { sql: sql.into(), schema: None, not_null: false }
    }

    /// An array of this type; again for another dimension.
    #[must_use]
    pub fn array(mut self) -> Self {
        self.sql.push_str("[]");
        self
    }

    /// An array of a declared size, which PostgreSQL notes and does not enforce.
    #[must_use]
    pub fn array_of(mut self, size: u32) -> Self {
        self.sql.push_str(&format!("[{size}]"));
        self
    }
}

/// A type by its SQL text, for what has no function here: `citext`, `int4range`, `geometry(point)`.
pub fn custom(sql: impl Into<String>) -> Type {
    Type::new(sql)
}

/// A declared enum type.
pub fn enumeration(declared: &Enum) -> Type {
    Type { sql: declared.name.clone(), schema: Some(declared.schema.clone()), not_null: false }
}

/// An enum type by its name; the schema is written out.
pub fn enumeration_named(schema: impl Into<String>, name: impl Into<String>) -> Type {
    Type { sql: name.into(), schema: Some(schema.into()), not_null: false }
}

/// `serial`: an integer with a sequence of its own. [`smallserial`] and [`bigserial`] differ in range.
pub fn serial() -> Type {
    Type { not_null: true, ..Type::new("serial") }
}

/// `smallserial`.
pub fn smallserial() -> Type {
    Type { not_null: true, ..Type::new("smallserial") }
}

/// `bigserial`.
pub fn bigserial() -> Type {
    Type { not_null: true, ..Type::new("bigserial") }
}

macro_rules! plain {
    ($($(#[$doc:meta])* $function:ident => $sql:literal;)+) => {$(
        $(#[$doc])*
        #[doc = concat!("`", $sql, "`.")]
        pub fn $function() -> Type {
            Type::new($sql)
        }
    )+};
}

plain! {
    smallint => "smallint";
    integer => "integer";
    bigint => "bigint";
    boolean => "boolean";
    text => "text";
    real => "real";
    double_precision => "double precision";
    numeric => "numeric";
    json => "json";
    jsonb => "jsonb";
    uuid => "uuid";
    date => "date";
    time => "time";
    time_with_time_zone => "time with time zone";
    timestamp => "timestamp";
    timestamp_with_time_zone => "timestamp with time zone";
    interval => "interval";
    inet => "inet";
    cidr => "cidr";
    macaddr => "macaddr";
    macaddr8 => "macaddr8";
    point => "point";
    line => "line";
    bytea => "bytea";
}

macro_rules! sized {
    ($($function:ident => $sql:literal, $meaning:literal;)+) => {$(
        #[doc = concat!("`", $sql, "(n)`, where n is ", $meaning, ".")]
        pub fn $function(n: u32) -> Type {
            Type::new(format!(concat!($sql, "({})"), n))
        }
    )+};
}

sized! {
    varchar => "varchar", "the greatest number of characters";
    char => "char", "the number of characters, padded with blanks";
    vector => "vector", "the number of dimensions (pgvector)";
    halfvec => "halfvec", "the number of dimensions (pgvector)";
    sparsevec => "sparsevec", "the number of dimensions (pgvector)";
    bit => "bit", "the number of bits";
    numeric_with_precision => "numeric", "the number of digits";
    time_with_precision => "time", "the number of fractional digits of a second";
    interval_with_precision => "interval", "the number of fractional digits of a second";
}

/// `interval day to second(3)`: the fields that are kept, and the fractional digits of a second.
pub fn interval_with_fields(fields: &str, precision: Option<u32>) -> Type {
    let precision = precision.map(|digits| format!("({digits})")).unwrap_or_default();
    Type::new(format!("interval {fields}{precision}"))
}

/// `numeric(precision, scale)`: digits in all, and digits after the point.
pub fn numeric_with_scale(precision: u32, scale: u32) -> Type {
    Type::new(format!("numeric({precision}, {scale})"))
}

/// `timestamp (n)`, where n is the number of fractional digits of a second. The blank is drizzle-kit's.
pub fn timestamp_with_precision(n: u32) -> Type {
    Type::new(format!("timestamp ({n})"))
}

/// `timestamp (n) with time zone`.
pub fn timestamp_with_time_zone_and_precision(n: u32) -> Type {
    Type::new(format!("timestamp ({n}) with time zone"))
}

/// `time(n) with time zone`.
pub fn time_with_time_zone_and_precision(n: u32) -> Type {
    Type::new(format!("time({n}) with time zone"))
}
