//! What is taken, what is left out, and what is named because a schema cannot say it.

use expect_test::expect;
use kit::introspect::{Filter, Ledger, Patterns};
use schema::{Map, Objects};

use super::read_after;
use crate::support::Database;

#[test]
fn what_belongs_to_an_extension_or_is_the_ledger_is_left_out() {
    let database = Database::new();
    let statements = [
        "CREATE SCHEMA drizzle",
        "CREATE TABLE drizzle.history (id serial PRIMARY KEY, hash text)",
        "CREATE TABLE drizzle.half (tag text)",
        "COMMENT ON TABLE drizzle.history IS 'whose?'",
        "CREATE SCHEMA ext",
        "CREATE EXTENSION pg_trgm SCHEMA ext",
        "CREATE EXTENSION pg_stat_statements",
        "CREATE TEMPORARY TABLE passing (a int)",
        "CREATE TABLE t (a text)",
        "CREATE INDEX i ON t USING gin (a ext.gin_trgm_ops)",
    ];
    let ledger = Ledger { schema: "drizzle".to_owned(), table: "history".to_owned(), progress: "half".to_owned() };
    let found = read_after(&database, &statements, &Filter { ledger, ..Filter::default() });
    assert_eq!(found.schema.tables.keys().collect::<Vec<_>>(), ["public.t"]);
    assert_eq!(found.schema.schemas.keys().collect::<Vec<_>>(), ["ext"]);
    assert!(found.schema.sequences.is_empty() && found.schema.views.is_empty(), "{found:#?}");
    let class = found.schema.tables["public.t"].indexes["i"].columns[0].opclass.as_deref();
    assert_eq!(class, Some("ext.gin_trgm_ops"));
    let extensions: Vec<_> = found.schema.objects.extensions.keys().collect();
    assert_eq!(extensions, ["pg_stat_statements", "pg_trgm"]);
    assert_eq!(Objects { extensions: Map::new(), ..found.schema.objects }, Objects::default());
    assert_eq!(found.not_modelled, []);
}

#[test]
fn a_filter_takes_schemas_and_tables_by_pattern_and_nothing_of_the_others() {
    let database = Database::new();
    let statements = [
        "CREATE SCHEMA app",
        "CREATE SCHEMA other",
        "CREATE TYPE other.mood AS ENUM ('a')",
        "CREATE TABLE app.one (id serial)",
        "CREATE TABLE app.two (id serial)",
        "CREATE TABLE other.one (id serial)",
        "CREATE DOMAIN other.d AS text",
    ];
    let schemas = Patterns::new(["a*", "!public"]).unwrap();
    let tables = Patterns::new(["!two"]).unwrap();
    let found = read_after(&database, &statements, &Filter { schemas, tables, ..Filter::default() });
    assert_eq!(found.schema.tables.keys().collect::<Vec<_>>(), ["app.one"]);
    assert_eq!(found.schema.schemas.keys().collect::<Vec<_>>(), ["app"]);
    assert!(found.schema.enums.is_empty() && found.schema.sequences.is_empty(), "{:#?}", found.schema);
    assert_eq!(found.not_modelled, []);
}

#[test]
fn what_a_schema_cannot_say_is_named() {
    let statements = [
        "CREATE DOMAIN d AS text CHECK (VALUE <> '')",
        "CREATE TYPE c AS (a int)",
        "CREATE TYPE r AS RANGE (subtype = float8)",
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'",
        "CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int)",
        "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TABLE base (a int PRIMARY KEY, b text COLLATE \"C\", e d, EXCLUDE USING btree (a WITH =),
         CONSTRAINT k UNIQUE (b) INCLUDE (a) DEFERRABLE) WITH (fillfactor = 70)",
        "ALTER TABLE base ADD CONSTRAINT nv CHECK (a > 0) NOT VALID",
        "ALTER TABLE base FORCE ROW LEVEL SECURITY",
        "CREATE TRIGGER tr AFTER INSERT ON base EXECUTE FUNCTION tf()",
        "CREATE RULE ru AS ON DELETE TO base DO INSTEAD NOTHING",
        "CREATE STATISTICS st ON a, b FROM base",
        "CREATE INDEX i ON base (a) INCLUDE (b)",
        "CREATE UNLOGGED TABLE child () INHERITS (base)",
        "CREATE TABLE parts (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (9)",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a",
        "CREATE INDEX mi ON m (a)",
        "CREATE SEQUENCE s AS integer OWNED BY base.a",
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER srv FOREIGN DATA WRAPPER w",
        "CREATE FOREIGN TABLE far (a int) SERVER srv",
        "CREATE COLLATION co (provider = libc, locale = 'C')",
        "CREATE TEXT SEARCH CONFIGURATION tsc (COPY = simple)",
        "CREATE PUBLICATION pub",
        "COMMENT ON TABLE base IS 'x'",
        "COMMENT ON COLUMN base.a IS 'x'",
    ];
    let found = read_after(&Database::new(), &statements, &Filter::default());
    let notes: String = found.not_modelled.iter().map(|note| format!("{}: {}\n", note.kind, note.name)).collect();
    expect![[r#"
        AS integer: public.s
        DEFERRABLE: k on public.base
        INCLUDE: i on public.base
        INCLUDE: k on public.base
        INHERITS: public.child
        NOT VALID: nv on public.base
        OWNED BY: public.s
        aggregate: public.g(integer)
        foreign data wrapper: w
        foreign server: srv
        foreign table: public.far
        index of a materialized view: mi on public.m
        publication: pub
        rule: ru on public.base
        statistics: public.st
        text search configuration: public.tsc
    "#]]
    .assert_eq(&notes);
    assert_eq!(
        found.schema.tables.keys().collect::<Vec<_>>(),
        ["public.base", "public.child", "public.parts"],
        "a partition is no table of its own"
    );
}
