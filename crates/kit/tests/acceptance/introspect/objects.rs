//! What no snapshot holds, read from the catalog and built again.

use expect_test::expect;
use kit::introspect::{Compared, Filter, Ledger, Patterns, Surroundings, canonical, compared, read};
use schema::Schema;
use schema::build::{Column, Extension, Function, Policy, Table, schema, types};

use super::{compare, disagreement, read_after, statements};
use crate::support::Database;

/// An object of each kind, in SQL as a person writes it.
const EVERYTHING: [&str; 33] = [
    "CREATE SCHEMA app",
    "CREATE EXTENSION citext SCHEMA app",
    "CREATE COLLATION app.posix (provider = libc, locale = 'C')",
    "CREATE DOMAIN email AS varchar(99) COLLATE \"C\" DEFAULT 'a@b' NOT NULL CONSTRAINT at CHECK (VALUE LIKE '%@%')",
    "CREATE TYPE app.place AS (name text COLLATE \"C\", at point, \"mail\" email)",
    "CREATE TYPE span AS RANGE (subtype = text, subtype_opclass = text_pattern_ops, collation = \"C\",
     multirange_type_name = spans)",
    "CREATE TYPE floats AS RANGE (subtype = float8, subtype_diff = float8mi)",
    "CREATE FUNCTION app.sum(a int, VARIADIC b int[] DEFAULT '{}', OUT total bigint) LANGUAGE plpgsql IMMUTABLE STRICT
     LEAKPROOF PARALLEL SAFE COST 7 SET search_path = '' SET work_mem = '1MB' AS 'begin total := a; end'",
    "CREATE FUNCTION many(text) RETURNS TABLE (n int, t text) LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 AS 'SELECT 1, $1'",
    "CREATE PROCEDURE app.note(INOUT a email) LANGUAGE plpgsql AS 'begin end'",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'",
    "CREATE UNLOGGED TABLE rooms (id int PRIMARY KEY, name text COLLATE app.posix, at int4range,
     CONSTRAINT free EXCLUDE USING gist (at WITH &&) WHERE (id > 0) DEFERRABLE INITIALLY DEFERRED)
     WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = true)",
    "ALTER TABLE rooms ALTER name SET STORAGE EXTERNAL, ALTER name SET COMPRESSION pglz, FORCE ROW LEVEL SECURITY",
    "CREATE TRIGGER t BEFORE INSERT OR UPDATE OF name, id ON rooms FOR EACH ROW WHEN (new.name <> '') EXECUTE FUNCTION
     touch('it''s', '')",
    "ALTER TABLE rooms ENABLE ALWAYS TRIGGER t",
    "CREATE CONSTRAINT TRIGGER w AFTER DELETE ON rooms DEFERRABLE FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE TRIGGER s AFTER UPDATE ON rooms REFERENCING OLD TABLE AS o NEW TABLE AS n EXECUTE FUNCTION touch()",
    "CREATE TABLE keys (a int, b int, c text, PRIMARY KEY (a) INCLUDE (c, b) DEFERRABLE, CONSTRAINT one UNIQUE (b)
     INCLUDE (a), CONSTRAINT two UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT fk FOREIGN KEY (b) REFERENCES
     keys (b) MATCH FULL DEFERRABLE INITIALLY DEFERRED, CONSTRAINT positive CHECK (a > 0) NO INHERIT)",
    "CREATE INDEX included ON keys (b) INCLUDE (c, a)",
    "CREATE VIEW v AS SELECT id FROM rooms",
    "CREATE TRIGGER i INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE TABLE events (at timestamptz NOT NULL, \"na,me\" text, n int)
     PARTITION BY RANGE (at, lower(\"na,me\"), (n + 1), \"na,me\" COLLATE \"C\")",
    "CREATE TABLE app.old PARTITION OF events FOR VALUES FROM (MINVALUE, MINVALUE, MINVALUE, MINVALUE)
     TO ('2024-01-01', 'a', 1, 'b') PARTITION BY LIST (n)",
    "CREATE UNLOGGED TABLE app.oldest PARTITION OF app.old FOR VALUES IN (1, NULL) WITH (fillfactor = 50)",
    "CREATE TABLE rest PARTITION OF events DEFAULT",
    "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 'x'::text AS b WITH NO DATA",
    "CREATE UNIQUE INDEX by_a ON m (a DESC, lower(b) text_pattern_ops) WITH (fillfactor = 70) WHERE a > 0",
    "CREATE STATISTICS app.both ON name, (id + 1), id FROM rooms; COMMENT ON STATISTICS app.both IS 'b'",
    "CREATE STATISTICS one ON (lower(name)) FROM rooms; ALTER STATISTICS one SET STATISTICS 100",
    "CREATE STATISTICS of_m (mcv, ndistinct) ON a, b FROM m; CREATE STATISTICS of_part ON at, n FROM app.oldest",
    "COMMENT ON TABLE rooms IS 'it''s'; COMMENT ON COLUMN rooms.name IS 'n'; COMMENT ON CONSTRAINT free ON rooms IS 'f';
     COMMENT ON INDEX rooms_pkey IS 'k'; COMMENT ON TRIGGER t ON rooms IS 't'; COMMENT ON VIEW v IS 'v';
     COMMENT ON COLUMN v.id IS 'i'; COMMENT ON MATERIALIZED VIEW m IS 'm';
     COMMENT ON INDEX by_a IS 'b'; COMMENT ON TABLE app.oldest IS 'o'",
    "COMMENT ON DOMAIN email IS 'd'; COMMENT ON CONSTRAINT at ON DOMAIN email IS 'c'; COMMENT ON TYPE app.place IS 'p';
     COMMENT ON COLUMN app.place.name IS 'a'; COMMENT ON TYPE span IS 's'; COMMENT ON SCHEMA app IS 'a';
     COMMENT ON COLLATION app.posix IS 'x'; COMMENT ON EXTENSION citext IS 'mine'",
    "COMMENT ON FUNCTION many(text) IS 'm'; COMMENT ON PROCEDURE app.note(email) IS 'n'",
];

fn everything(database: &Database) -> Schema {
    let mut found = read_after(database, &EVERYTHING, &Filter::default());
    assert_eq!(found.not_modelled, []);
    // Each server brings its own.
    found.schema.objects.extensions.values_mut().for_each(|extension| extension.version = None);
    found.schema
}

#[test]
fn everything_that_no_snapshot_holds_is_read() {
    let database = Database::new();
    let json = everything(&database).objects.to_json();
    expect_test::expect_file!["objects.json"].assert_eq(&json);
}

#[test]
fn what_is_read_builds_what_was_read() {
    let database = Database::new();
    let once = everything(&database);
    let built = kit::prove::from_empty(&once);
    let mut again = read_after(&database, &built, &Filter::default()).schema;
    again.objects.extensions.values_mut().for_each(|extension| extension.version = None);
    assert_eq!(compare(&once, &again), "");
    for statement in &built {
        database.run(statement).unwrap();
    }
    assert_eq!(disagreement(&database, &once), [""; 0]);
}

#[test]
fn kinds_that_are_not_declared_are_left_alone_and_of_the_others_everything_is_compared() {
    let found = everything(&Database::new());
    let declared = schema([
        Extension::new("citext").into(),
        Function::new("one").returns("integer").sql("select 1").into(),
        Table::new("rooms").column(Column::new("name", types::text()).collate("C")).into(),
    ])
    .unwrap();
    let Compared { schema: found, left_alone } = compared(found, &declared);
    let left: String = left_alone.iter().map(|found| format!("{}: {}\n", found.kind, found.name)).collect();
    expect![[r#"
        COMPRESSION: public.rooms.name
        DEFERRABLE: public.keys.fk
        DEFERRABLE: public.keys.keys_pkey
        DEFERRABLE: public.keys.two
        FORCE ROW LEVEL SECURITY: public.rooms
        INCLUDE: public.keys.included
        INCLUDE: public.keys.keys_pkey
        INCLUDE: public.keys.one
        MATCH FULL: public.keys.fk
        NO INHERIT: public.keys.positive
        STORAGE: public.rooms.name
        UNLOGGED: public.rooms
        collation: app.posix
        comment: collation app.posix
        comment: column app.place.name
        comment: column public.rooms.name
        comment: column public.v.id
        comment: constraint public.rooms.free
        comment: domain constraint public.email.at
        comment: domain public.email
        comment: extension citext
        comment: function public.many(text)
        comment: index public.by_a
        comment: index public.rooms_pkey
        comment: materialized view public.m
        comment: procedure app.note(email)
        comment: schema app
        comment: statistics app.both
        comment: table app.oldest
        comment: table public.rooms
        comment: trigger public.rooms.t
        comment: type app.place
        comment: type public.span
        comment: view public.v
        composite type: app.place
        domain: public.email
        exclusion constraint: public.rooms.free
        index of a materialized view: public.m.by_a
        partition: app.old
        partition: app.oldest
        partition: public.rest
        partition key: public.events
        range type: public.floats
        range type: public.span
        statistics: app.both
        statistics: public.of_m
        statistics: public.of_part
        statistics: public.one
        storage parameters: public.rooms
        trigger: public.rooms.s
        trigger: public.rooms.t
        trigger: public.rooms.w
        trigger: public.v.i
    "#]]
    .assert_eq(&left);
    assert_eq!(found.objects.functions.len(), 4);
    assert!(found.tables["public.keys"].columns["a"].primary_key, "what is left of the key is its column's");
    assert!(!found.objects.tables.contains_key("public.keys"));
    let columns = &found.objects.tables["public.rooms"].columns;
    assert_eq!(serde_json::to_string(columns).unwrap(), r#"{"name":{"collation":{"schema":"app","name":"posix"}}}"#);
    assert_eq!(serde_json::to_string(&found.objects.extensions).unwrap(), r#"{"citext":{"name":"citext"}}"#);
}

#[test]
fn other_owners_and_what_is_theirs_are_not_read() {
    let database = Database::new();
    let role = format!("{}owner", database.role_prefix());
    let owned = [
        format!("CREATE ROLE {role}"),
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id serial); CREATE TYPE c AS ENUM ('x')".to_owned(),
        "CREATE TYPE d AS (a int); CREATE FUNCTION e() RETURNS int LANGUAGE sql AS 'SELECT 1'".to_owned(),
        "CREATE DOMAIN f AS int; CREATE SEQUENCE g; COMMENT ON TABLE b IS 'b'; COMMENT ON DOMAIN f IS 'f'".to_owned(),
        "CREATE POLICY p ON b".to_owned(),
        format!("ALTER TABLE b OWNER TO {role}; ALTER TYPE c OWNER TO {role}; ALTER TYPE d OWNER TO {role}"),
        format!("ALTER FUNCTION e() OWNER TO {role}; ALTER DOMAIN f OWNER TO {role}; ALTER SEQUENCE g OWNER TO {role}"),
    ];
    let owners = Patterns::new([format!("!{role}")]).unwrap();
    let found = read_after(&database, &owned, &Filter { owners, linked_policies: true, ..Filter::default() });
    let mut expected = Schema::default();
    let of_a = read_after(&database, &["CREATE TABLE a (id int PRIMARY KEY)"], &Filter::default()).schema;
    expected.tables.clone_from(&of_a.tables);
    assert_eq!(compare(&expected, &found.schema), "");
    assert_eq!(found.not_modelled, []);
}

#[test]
fn a_policy_on_a_table_that_is_not_read_is_linked_where_that_is_asked_for() {
    let made = [
        "CREATE SCHEMA auth",
        "CREATE TABLE auth.users (id int)",
        "CREATE TABLE auth.\"oth\"\"er\" (id int)",
        "CREATE TABLE __drizzle_migrations (id int)",
        "CREATE POLICY p ON auth.users FOR SELECT USING (id > 0)",
        "CREATE POLICY p ON auth.\"oth\"\"er\"",
        "CREATE POLICY q ON auth.\"oth\"\"er\"",
        "CREATE POLICY r ON __drizzle_migrations",
    ];
    let filter = |linked_policies| Filter {
        schemas: Patterns::exactly(["public"]),
        linked_policies,
        ledger: Ledger::default(),
        ..Filter::default()
    };
    let database = Database::new();
    let found = read_after(&database, &made, &filter(true));
    let policies: Vec<String> =
        found.schema.policies.values().map(|policy| serde_json::to_string(policy).unwrap()).collect();
    expect![[r#"
        {"name":"p","as":"PERMISSIVE","for":"ALL","to":["public"],"schema":"auth","on":"\"auth\".\"oth\"\"er\""}
        {"name":"q","as":"PERMISSIVE","for":"ALL","to":["public"],"schema":"auth","on":"\"auth\".\"oth\"\"er\""}
    "#]]
    .assert_eq(&(policies.join("\n") + "\n"));
    let notes: Vec<_> = found.not_modelled.iter().map(|note| format!("{}: {}", note.kind, note.name)).collect();
    assert_eq!(notes, ["policy whose name is another's too, on a table that is not read: p on auth.users"]);
    let without = read_after(&database, &made, &filter(false));
    assert_eq!((without.schema.policies.len(), without.not_modelled.len()), (0, 0));
}

#[test]
fn what_the_schema_names_and_does_not_make_is_taken_from_the_database() {
    let database = Database::new();
    for statement in [
        "CREATE SCHEMA auth",
        "CREATE DOMAIN auth.key AS int",
        "CREATE FUNCTION auth.uid() RETURNS int LANGUAGE sql RETURN 1",
        "CREATE TABLE auth.users (id auth.key PRIMARY KEY DEFAULT auth.uid(), name text UNIQUE)",
        "CREATE POLICY seen ON auth.users USING (id IN (1, 2))",
        "CREATE TABLE posts (author auth.key DEFAULT auth.uid() REFERENCES auth.users (id))",
    ] {
        database.run(statement).unwrap();
    }
    let mut declared = schema([
        Table::new("posts").column(Column::new("author", types::custom("auth.key")).default_sql("auth.uid( )")).into(),
        Policy::new("seen").using("id in (1,2)").on("auth", "users").into(),
    ])
    .unwrap();
    let filter = Filter { schemas: Patterns::exactly(["public"]), ..Filter::default() };
    let found = database.with_client(async |client| read(client, &filter).await.unwrap()).schema;
    let posts = declared.tables.get_mut("public.posts").unwrap();
    posts.foreign_keys.clone_from(&found.tables["public.posts"].foreign_keys);
    assert_eq!(disagreement(&database, &declared), [""; 0]);
}

#[test]
fn a_comparison_sees_what_differs() {
    let database = Database::new();
    let declared = everything(&database);
    let built = kit::prove::from_empty(&declared);
    for statement in built.iter().map(String::as_str).chain([
        "ALTER DOMAIN email DROP CONSTRAINT at",
        "ALTER TYPE app.place DROP ATTRIBUTE at",
        "ALTER FUNCTION app.sum(int, int[]) VOLATILE",
        "ALTER TABLE rooms DISABLE TRIGGER t, SET (fillfactor = 71), NO FORCE ROW LEVEL SECURITY, SET LOGGED",
        "ALTER TABLE rooms DROP CONSTRAINT free",
        "ALTER TABLE keys ALTER CONSTRAINT fk NOT DEFERRABLE",
        "ALTER TABLE keys DROP CONSTRAINT keys_pkey, ADD PRIMARY KEY (a), DROP CONSTRAINT positive",
        "DROP INDEX included; CREATE INDEX included ON keys (b)",
        "COMMENT ON TABLE rooms IS NULL",
        "DROP TABLE rest",
    ]) {
        database.run(statement).unwrap();
    }
    let surroundings = Surroundings::default();
    let filter = Filter { schemas: Patterns::exactly(["public", "app"]), ..Filter::default() };
    let found = database.with_client(async |client| read(client, &filter).await.unwrap());
    database.clear();
    let declared = database.with_client(async |client| canonical(client, &declared, &surroundings).await.unwrap());
    let found = compared(found.schema, &declared).schema;
    expect![[r#"
        CREATE OR REPLACE FUNCTION "app"."sum"("a" integer, VARIADIC "b" integer[] DEFAULT '{}'::integer[], OUT "total" bigint)
        	LANGUAGE "plpgsql" IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE COST 7
        	SET "search_path" TO ''
        	SET "work_mem" TO '1MB'
        	AS $$begin total := a; end$$;
        ALTER TYPE "app"."place" ADD ATTRIBUTE "at" point;
        ALTER DOMAIN "public"."email" ADD CONSTRAINT "at" CHECK ((VALUE)::text ~~ '%@%'::text);
        ALTER TABLE "rooms" FORCE ROW LEVEL SECURITY;
        DROP INDEX "included";
        ALTER TABLE "keys" DROP CONSTRAINT "keys_pkey";
        ALTER TABLE "keys" ADD CONSTRAINT "keys_pkey" PRIMARY KEY("a") INCLUDE ("c","b") DEFERRABLE INITIALLY IMMEDIATE;
        ALTER TABLE "keys" ALTER CONSTRAINT "fk" DEFERRABLE INITIALLY DEFERRED;
        CREATE INDEX "included" ON "keys" USING btree ("b") INCLUDE ("c","a");
        ALTER TABLE "keys" ADD CONSTRAINT "positive" CHECK (a > 0) NO INHERIT;
        ALTER TABLE "rooms" ADD CONSTRAINT "free" EXCLUDE USING gist ("at" WITH &&) WHERE (id > 0) DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE "rooms" SET UNLOGGED;
        ALTER TABLE "rooms" SET (fillfactor = 70);
        CREATE TABLE "rest" PARTITION OF "events" DEFAULT;
        ALTER TABLE "rooms" ENABLE ALWAYS TRIGGER "t";
        COMMENT ON CONSTRAINT "free" ON "public"."rooms" IS 'f';
        COMMENT ON CONSTRAINT "at" ON DOMAIN "public"."email" IS 'c';
        COMMENT ON TABLE "public"."rooms" IS 'it''s';
    "#]].assert_eq(&(statements(&found, &declared).join("\n") + "\n"));
}
