//! PostgreSQL's types as `#[column(…)]` names them, for the compiler to check against a field's type.

/// A type of PostgreSQL that an attribute can name.
pub trait SqlType {
    /// The type in SQL, without its length or precision.
    const NAME: &'static str;
}

macro_rules! types {
    ($($(#[$doc:meta])* $marker:ident = $name:literal;)+) => {$(
        #[doc = concat!("`", $name, "`.")]
        #[allow(non_camel_case_types)]
        pub struct $marker;

        impl SqlType for $marker {
            const NAME: &'static str = $name;
        }
    )+};
}

types! {
    smallint = "smallint";
    integer = "integer";
    bigint = "bigint";
    smallserial = "smallserial";
    serial = "serial";
    bigserial = "bigserial";
    boolean = "boolean";
    text = "text";
    varchar = "varchar";
    char = "char";
    real = "real";
    double_precision = "double precision";
    numeric = "numeric";
    json = "json";
    jsonb = "jsonb";
    uuid = "uuid";
    date = "date";
    time = "time";
    time_with_time_zone = "time with time zone";
    timestamp = "timestamp";
    timestamp_with_time_zone = "timestamp with time zone";
    interval = "interval";
    inet = "inet";
    cidr = "cidr";
    macaddr = "macaddr";
    macaddr8 = "macaddr8";
    point = "point";
    line = "line";
    bytea = "bytea";
    bit = "bit";
    vector = "vector";
    halfvec = "halfvec";
    sparsevec = "sparsevec";
    custom = "custom";
}
