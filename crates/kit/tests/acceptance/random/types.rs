//! The types that a random column may have, with what can be said about each.

/// A native type.
pub(crate) struct Native {
    pub(crate) sql: &'static str,
    pub(crate) kind: Kind,
    /// Defaults; the first is drizzle-kit's way to write a literal of the type.
    pub(crate) defaults: &'static [&'static str],
}

/// What can be done with values of the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Serial,
    Number,
    Text,
    /// Ordered, and nothing else.
    Ordered,
    /// `jsonb`: ordered, and a gin index takes it.
    Document,
    Network,
    /// A range: ordered, and a gist index tells what overlaps.
    Range,
    /// Not ordered.
    Point,
    /// Neither ordered nor equal.
    Opaque,
}

impl Kind {
    /// Whether a btree can hold it, and so a key.
    pub(crate) fn is_ordered(self) -> bool {
        !matches!(self, Kind::Point | Kind::Opaque)
    }
}

const fn native(sql: &'static str, kind: Kind, defaults: &'static [&'static str]) -> Native {
    Native { sql, kind, defaults }
}

/// Every native type that can be declared, plain and with parameters; the likeliest first.
pub(crate) const NATIVE: &[Native] = &[
    native("integer", Kind::Integer, &["1", "(1 + 1)"]),
    native("text", Kind::Text, &["'x'", "'it''s; -- \"x\"'", "lower('X')"]),
    native("bigint", Kind::Integer, &["9007199254740993", "1"]),
    native("uuid", Kind::Ordered, &["gen_random_uuid()", "'00000000-0000-0000-0000-000000000001'"]),
    native("serial", Kind::Serial, &[]),
    native("varchar(255)", Kind::Text, &["'x'"]),
    native("timestamp with time zone", Kind::Ordered, &["now()", "'2001-01-01 01:01:01+00'"]),
    native("boolean", Kind::Ordered, &["false", "true"]),
    native("jsonb", Kind::Document, &["'{\"a\":1}'::jsonb", "'[]'"]),
    native("smallint", Kind::Integer, &["1"]),
    native("bigserial", Kind::Serial, &[]),
    native("smallserial", Kind::Serial, &[]),
    native("varchar", Kind::Text, &["'y'", "'x'"]),
    native("varchar(10)", Kind::Text, &["'x'"]),
    native("char(3)", Kind::Text, &["'abc'"]),
    native("char", Kind::Text, &["'c'"]),
    native("numeric", Kind::Number, &["'1.5'", "1.5"]),
    native("numeric(10, 2)", Kind::Number, &["'1.50'"]),
    native("numeric(5)", Kind::Number, &["1"]),
    native("real", Kind::Number, &["1.5"]),
    native("double precision", Kind::Number, &["1e-7", "random()"]),
    native("json", Kind::Opaque, &["'{}'::json"]),
    native("time", Kind::Ordered, &["'01:01:01'", "now()"]),
    native("time(3) with time zone", Kind::Ordered, &["'01:01:01+00'"]),
    native("timestamp", Kind::Ordered, &["now()", "'2001-01-01 01:01:01'"]),
    native("timestamp (3)", Kind::Ordered, &["'2001-01-01 01:01:01.123'"]),
    native("timestamp (3) with time zone", Kind::Ordered, &["now()"]),
    native("date", Kind::Ordered, &["now()", "'2001-01-01'", "CURRENT_DATE"]),
    native("interval", Kind::Ordered, &["'1 day'"]),
    native("interval day to second(3)", Kind::Ordered, &["'1 day'"]),
    native("interval(3)", Kind::Ordered, &["'1 day'"]),
    native("inet", Kind::Network, &["'10.0.0.1'"]),
    native("cidr", Kind::Network, &["'10.0.0.0/8'"]),
    native("macaddr", Kind::Ordered, &["'08:00:2b:01:02:03'"]),
    native("macaddr8", Kind::Ordered, &["'08:00:2b:01:02:03:04:05'"]),
    native("point", Kind::Point, &["'(1,2)'"]),
    native("line", Kind::Opaque, &["'{1,2,3}'"]),
    native("bytea", Kind::Ordered, &["'\\x01'"]),
    native("bit(3)", Kind::Ordered, &["'101'", "B'111'"]),
    native("int4range", Kind::Range, &["'[1,2)'"]),
];
