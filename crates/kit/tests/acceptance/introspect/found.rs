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
        "CREATE INDEX i ON base (a) INCLUDE (b)",
        "CREATE UNLOGGED TABLE child () INHERITS (base)",
        "CREATE TABLE parts (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (9)",
        "CREATE MATERIALIZED VIEW m AS SELECT 'x' AS a",
        "ALTER MATERIALIZED VIEW m ALTER a SET STORAGE EXTERNAL",
        "ALTER DOMAIN d ADD CONSTRAINT d_nv CHECK (VALUE <> 'x') NOT VALID",
        "CREATE SEQUENCE s AS integer OWNED BY base.a",
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER srv FOREIGN DATA WRAPPER w",
        "CREATE FOREIGN TABLE far (a int, b int) SERVER srv",
        "CREATE STATISTICS far_st ON a, b FROM far",
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
        INHERITS: public.child
        NOT VALID: d_nv on public.d
        NOT VALID: nv on public.base
        OWNED BY: public.s
        STORAGE: public.m.a
        aggregate: public.g(integer)
        foreign data wrapper: w
        foreign server: srv
        foreign table: public.far
        publication: pub
        rule: ru on public.base
        statistics: public.far_st
        text search configuration: public.tsc
    "#]]
    .assert_eq(&notes);
    assert_eq!(
        found.schema.tables.keys().collect::<Vec<_>>(),
        ["public.base", "public.child", "public.parts"],
        "a partition is no table of its own"
    );
}

#[test]
fn privileges_and_what_is_rare_are_named_too() {
    let database = Database::new();
    let role = format!("{}reader", database.role_prefix());
    let statements = [
        format!("CREATE ROLE {role}"),
        "CREATE TABLE t (a int, b int); CREATE SEQUENCE s; CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('ok')"
            .to_owned(),
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'".to_owned(),
        "CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END".to_owned(),
        "CREATE FUNCTION h(int, int) RETURNS int LANGUAGE internal AS 'int4pl'".to_owned(),
        "CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = h)".to_owned(),
        "CREATE OPERATOR CLASS ops FOR TYPE int USING hash AS OPERATOR 1 =".to_owned(),
        "CREATE CAST (mood AS int) WITH INOUT".to_owned(),
        "CREATE TYPE shell".to_owned(),
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end'".to_owned(),
        "CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION e()".to_owned(),
        "CREATE COLLATION two (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX')".to_owned(),
        "CREATE TABLE p (a int, b int DEFAULT 1) PARTITION BY LIST (a)".to_owned(),
        "CREATE TABLE p1 (b int DEFAULT 2 NOT NULL, a int CONSTRAINT own CHECK (a > 0))".to_owned(),
        "CREATE INDEX i ON p1 (b); ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)".to_owned(),
        "CREATE POLICY po ON p1; ALTER TABLE p1 ENABLE ROW LEVEL SECURITY; COMMENT ON COLUMN p1.a IS 'x'".to_owned(),
        "COMMENT ON FUNCTION g() IS 'x'; COMMENT ON OPERATOR app.=== (int, int) IS 'x'".to_owned(),
        format!(
            "GRANT SELECT, INSERT ON t TO {role}; GRANT UPDATE (b) ON t TO PUBLIC; REVOKE ALL ON FUNCTION f() FROM PUBLIC"
        ),
        format!(
            "GRANT USAGE ON SCHEMA app TO {role}; GRANT USAGE ON SEQUENCE s TO {role}; GRANT USAGE ON TYPE mood TO {role}"
        ),
        format!("ALTER DEFAULT PRIVILEGES FOR ROLE {role} IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC"),
    ];
    let found = read_after(&database, &statements, &Filter::default());
    let notes: String = found.not_modelled.iter().map(|note| format!("{}: {}\n", note.kind, note.name)).collect();
    expect![[r#"
        LC_CTYPE of a collation: public.two
        NOT NULL of a partition's column: public.p1.b
        base type: public.shell
        body that is no text: public.g()
        cast: mood as integer
        comment: column public.p1.a
        comment: function public.g()
        comment: operator app.===(integer,integer)
        constraint of a partition: own on public.p1
        default of a partition's column: public.p1.b
        default privileges: of reader in app on tables
        event trigger: et
        function in internal: public.h(integer, integer)
        index of a partition: i on public.p1
        operator: app.===
        operator class: public.ops
        operator family: public.ops
        policy of a partition: po on public.p1
        privileges: function public.f() not of public
        privileges: schema app to reader
        privileges: sequence public.s to reader
        privileges: table column public.t.b to public
        privileges: table public.t to reader
        privileges: type public.mood to reader
        row-level security of a partition: public.p1
    "#]]
    .assert_eq(&notes.replace(&role, "reader"));
}

/// The newest minor versions mark every column, and a subscription's comment stays when it is dropped.
#[test]
fn what_postgresql_keeps_for_itself_is_not_noted() {
    let statements = [
        "CREATE TABLE t (a int, b int)",
        "ALTER TABLE t ALTER b SET (n_distinct = 5)",
        "UPDATE pg_attribute SET attoptions = array_append(attoptions, 'pg_attver=1')
         WHERE attrelid = 't'::regclass AND attnum > 0",
        "CREATE SUBSCRIPTION s CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false)",
        "COMMENT ON SUBSCRIPTION s IS 'x'",
        "ALTER SUBSCRIPTION s DISABLE",
        "ALTER SUBSCRIPTION s SET (slot_name = NONE)",
        "DROP SUBSCRIPTION s",
    ];
    let found = read_after(&Database::new(), &statements, &Filter::default());
    let notes: Vec<_> = found.not_modelled.iter().map(|note| (note.kind.as_str(), note.name.as_str())).collect();
    assert_eq!(notes, [("options", "public.t.b")]);
}
