//! The SQL of each kind, with its name and its hazards. That it runs and leads where it should is the matter of
//! `tests/acceptance/named/objects_*.rs`.

use expect_test::{Expect, expect};
use schema::build::{
    self, Check, Collation, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Extension, Function,
    Object, Partition, PartitionKey, Range, Table, Trigger, View, types,
};
use schema::{CommentKind, Storage, TriggerEvent, TriggerState};

use crate::Migration;
use crate::rename::{Answers, resolve};

fn check<const N: usize, const M: usize>(previous: [Object; N], next: [Object; M], expected: Expect) {
    let [previous, next] = [build::schema(previous), build::schema(next)].map(Result::unwrap);
    let resolved = resolve(&previous, &next, &Answers::default().create_the_rest());
    let migration = Migration::new(super::super::plan(&resolved, &next));
    let mut lines = vec![format!("-- {}", crate::tag::suggest(&migration))];
    for step in migration.steps() {
        lines.extend(step.statements.iter().map(|statement| statement.trim_end().to_owned()));
        lines.extend(step.hazards.iter().map(|hazard| format!("  ! {hazard}")));
    }
    expected.assert_eq(&lines.join("\n"));
}

fn table(columns: impl IntoIterator<Item = Column>) -> Table {
    columns.into_iter().fold(Table::new("t"), Table::column)
}

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

fn column(sql_type: &str) -> Column {
    Column::new("a", types::custom(sql_type))
}

fn function(argument: &str, body: &str) -> Function {
    Function::new("f").argument(argument, types::integer()).returns("integer").sql(body).immutable()
}

#[test]
fn extensions() {
    check(
        [Extension::new("citext").version("1.5").into(), Extension::new("hstore").into()],
        [Extension::new("citext").in_schema("ext").version("1.6").into(), Extension::new("my \"ext\"").into()],
        expect![[r#"
            -- add_my_ext_remove_hstore
            CREATE SCHEMA "ext";
            CREATE EXTENSION IF NOT EXISTS "my ""ext""";
              ! may fail: extension "my "ext"" is made unless it is there; who runs the migration may not be allowed to make it, and the server must have its files
            ALTER EXTENSION "citext" SET SCHEMA "ext";
              ! may fail: extension "citext" fails where it cannot be moved
              ! breaks running code: what extension "citext" brings is in schema "ext" from here on
            ALTER EXTENSION "citext" UPDATE TO '1.6';
              ! may fail: extension "citext" fails where no way leads to version 1.6
            DROP EXTENSION "hstore";
              ! may fail: extension "hstore" stays where something still uses it, and the step fails"#]],
    );
}

#[test]
fn collations() {
    check(
        [Collation::new("sorted", "C").into(), table([Column::new("a", types::text())]).into()],
        [
            Collation::new("german", "de-DE").icu().nondeterministic().in_schema("app").into(),
            table([Column::new("a", types::text()).collate("de-x-icu")]).into(),
        ],
        expect![[r#"
            -- add_german_remove_sorted
            CREATE SCHEMA "app";
            CREATE COLLATION "app"."german" (provider = icu, locale = 'de-DE', deterministic = false);
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text COLLATE "de-x-icu";
            DROP COLLATION "public"."sorted";
              ! breaks running code: collation "sorted" is dropped"#]],
    );
}

#[test]
fn domains() {
    check(
        [],
        [Domain::new("email", types::varchar(255))
            .collate("C")
            .default_sql("'a@b'")
            .not_null()
            .check("at", "VALUE ~ '@'")
            .into()],
        expect![[r#"
            -- add_email
            CREATE DOMAIN "public"."email" AS varchar(255) COLLATE "C" DEFAULT 'a@b' NOT NULL CONSTRAINT "at" CHECK (VALUE ~ '@');"#]],
    );
    check(
        [Domain::new("d", types::integer()).check("low", "VALUE > 0").default_sql("1").into()],
        [Domain::new("d", types::integer()).check("low", "VALUE > 1").not_null().into()],
        expect![[r#"
            -- alter_d
            ALTER DOMAIN "public"."d" DROP CONSTRAINT "low";
            ALTER DOMAIN "public"."d" DROP DEFAULT;
            ALTER DOMAIN "public"."d" SET NOT NULL;
              ! may fail: NOT NULL of domain "d" fails if a value somewhere does not satisfy it
              ! lock: every table with a column of domain "d" is scanned and blocked for writes
            ALTER DOMAIN "public"."d" ADD CONSTRAINT "low" CHECK (VALUE > 1);
              ! may fail: check "low" of domain "d" fails if a value somewhere does not satisfy it
              ! lock: every table with a column of domain "d" is scanned and blocked for writes"#]],
    );
}

#[test]
fn a_domain_over_another_type_sends_its_columns_to_the_type_below() {
    let domain = |base| Domain::new("d", base).into();
    check(
        [domain(types::integer()), table([column("d").default_sql("1"), integer("id")]).into()],
        [domain(types::bigint()), table([column("d").default_sql("1"), integer("id")]).into()],
        expect![[r#"
            -- alter_t_a_and_d
            ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE integer;
              ! may fail: "t"."a" from d to integer; it fails if a value does not fit or convert
              ! lock: "t" is rewritten under an exclusive lock
            DROP DOMAIN "public"."d";
              ! may fail: domain "d" is made anew; it fails if a value does not fit the new one
            CREATE DOMAIN "public"."d" AS bigint;
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE "d";
              ! may fail: "t"."a" from integer to d; it fails if a value does not fit or convert
              ! lock: "t" is rewritten under an exclusive lock
            ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1;"#]],
    );
}

#[test]
fn composite_and_range_types() {
    check(
        [],
        [
            Composite::new("pair").attribute("a b", types::integer()).attribute("c", types::text()).collate("C").into(),
            Range::new("span", types::double_precision()).difference("float8mi").multirange("spans").into(),
        ],
        expect![[r#"
            -- add_span_and_pair
            CREATE TYPE "public"."span" AS RANGE (subtype = double precision, subtype_diff = float8mi, multirange_type_name = "public"."spans");
            CREATE TYPE "public"."pair" AS ("a b" integer, "c" text COLLATE "C");"#]],
    );
    check(
        [
            Composite::new("pair").attribute("a", types::integer()).attribute("b", types::text()).into(),
            table([column("pair")]).into(),
        ],
        [
            Composite::new("pair").attribute("a", types::bigint()).attribute("c", types::text()).into(),
            table([column("pair")]).into(),
        ],
        expect![[r#"
            -- remove_pair_b_add_pair_c
            ALTER TYPE "public"."pair" DROP ATTRIBUTE "b";
              ! data loss: attribute "pair"."b" is dropped with its values
            ALTER TYPE "public"."pair" ADD ATTRIBUTE "c" text;
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text;
              ! lock: "t" is rewritten under an exclusive lock
            ALTER TYPE "public"."pair" ALTER ATTRIBUTE "a" SET DATA TYPE bigint;
              ! may fail: "pair"."a" becomes bigint; it fails if a value does not read as one
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE "pair" USING "a"::"pair";
              ! may fail: "t"."a" from text to pair; it fails if a value does not fit or convert
              ! lock: "t" is rewritten under an exclusive lock"#]],
    );
}

#[test]
fn functions_with_every_attribute() {
    let full = Function::new("full")
        .in_schema("app")
        .argument("a", types::integer())
        .argument_with_default("b b", types::text(), "'x'")
        .variadic("c", types::text().array())
        .returns("TABLE (n integer)")
        .sql("select 1")
        .stable()
        .leakproof()
        .strict()
        .security_definer()
        .parallel(schema::Parallel::Restricted)
        .cost(5)
        .rows(7)
        .set("search_path", "app, pg_temp")
        .set("my.setting", "'on'");
    check(
        [],
        [full.into(), Function::procedure("p").in_out("x", types::integer()).plpgsql("begin\nend").into()],
        expect![[r#"
            -- add_full_and_p
            CREATE SCHEMA "app";
            CREATE FUNCTION "app"."full"("a" integer, "b b" text DEFAULT 'x', VARIADIC "c" text[]) RETURNS TABLE (n integer)
            	LANGUAGE "sql" STABLE LEAKPROOF STRICT SECURITY DEFINER PARALLEL RESTRICTED COST 5 ROWS 7
            	SET "search_path" TO app, pg_temp
            	SET "my"."setting" TO 'on'
            	AS $$select 1$$;
            CREATE PROCEDURE "public"."p"(INOUT "x" integer)
            	LANGUAGE "plpgsql"
            	AS $$begin
            end$$;"#]],
    );
}

#[test]
fn a_function_is_replaced_where_it_can_be_and_made_anew_with_its_callers_where_not() {
    let callers =
        || table([integer("a").default_sql("f(1)"), integer("b").generated("f(a)")]).check(Check::new("c", "f(a) > 0"));
    let view = || View::new("v").query("select f(a) as x from t").into();
    check(
        [function("x", "select x").into(), callers().into(), view()],
        [function("x", "select x + 1").into(), callers().into(), view()],
        expect![[r#"
            -- alter_f
            CREATE OR REPLACE FUNCTION "public"."f"("x" integer) RETURNS integer
            	LANGUAGE "sql" IMMUTABLE
            	AS $$select x + 1$$;"#]],
    );
    check(
        [function("x", "select x").into(), callers().into(), view()],
        [function("y", "select y").into(), callers().into(), view()],
        expect![[r#"
            -- alter_v_and_t_a_and_t_b_and_f
            DROP VIEW "public"."v";
              ! breaks running code: view "v" is made anew; the privileges on it are gone with the old one
            ALTER TABLE "t" DROP CONSTRAINT "c";
            ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
            ALTER TABLE "t" DROP COLUMN "b";
            DROP FUNCTION "public"."f"(integer);
              ! breaks running code: function "f" is made anew; the privileges on it are gone with the old one
            CREATE FUNCTION "public"."f"("y" integer) RETURNS integer
            	LANGUAGE "sql" IMMUTABLE
            	AS $$select y$$;
            ALTER TABLE "t" ADD COLUMN "b" integer GENERATED ALWAYS AS (f(a)) STORED;
              ! lock: "t"."b" is computed for every row; "t" is rewritten and blocked meanwhile
            ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT f(1);
            ALTER TABLE "t" ADD CONSTRAINT "c" CHECK (f(a) > 0);
              ! may fail: check "c" fails if a row of "t" does not satisfy it
              ! lock: "t" is scanned under an exclusive lock
            CREATE VIEW "public"."v" AS (select f(a) as x from t);"#]],
    );
}

#[test]
fn a_table_that_a_function_in_sql_reads_comes_without_what_calls_the_function() {
    check(
        [],
        [
            Function::new("f").returns("bigint").sql("select count(*) from t").into(),
            table([integer("a").default_sql("f()"), integer("b").default_sql("1")])
                .check(Check::new("c", "f() > 0"))
                .into(),
        ],
        expect![[r#"
            -- create_t
            CREATE TABLE "t" (
            	"a" integer,
            	"b" integer DEFAULT 1
            );
            CREATE FUNCTION "public"."f"() RETURNS bigint
            	LANGUAGE "sql"
            	AS $$select count(*) from t$$;
            ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT f();
            ALTER TABLE "t" ADD CONSTRAINT "c" CHECK (f() > 0);"#]],
    );
}

#[test]
fn triggers() {
    let touch = || Function::new("touch").returns("trigger").plpgsql("begin return new; end").into();
    let on_row =
        || Trigger::before("t", [TriggerEvent::Insert, TriggerEvent::Update]).of(["a"]).for_each_row().execute("touch");
    check(
        [touch(), table([integer("a")]).trigger(on_row()).into()],
        [
            touch(),
            table([integer("a")])
                .trigger(on_row().when("NEW.a > 0").state(TriggerState::Disabled))
                .trigger(
                    Trigger::after("u", [TriggerEvent::Delete])
                        .old_table("gone")
                        .execute_in("public", "touch")
                        .arguments(["it's"]),
                )
                .into(),
        ],
        expect![[r#"
            -- add_t_u
            DROP TRIGGER "t" ON "t";
            CREATE TRIGGER "t" BEFORE INSERT OR UPDATE OF "a" ON "t" FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION "touch"();
            ALTER TABLE "t" DISABLE TRIGGER "t";
            CREATE TRIGGER "u" AFTER DELETE ON "t" REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "public"."touch"('it''s');"#]],
    );
    check(
        [touch(), table([integer("a")]).trigger(on_row()).into()],
        [table([integer("a")]).into()],
        expect![[r#"
        -- remove_t_t_and_touch
        DROP TRIGGER "t" ON "t";
          ! breaks running code: trigger "t" on "t" does not fire from here on
        DROP FUNCTION "public"."touch"();
          ! breaks running code: function "touch" is dropped; whatever calls it fails from here on"#]],
    );
}

#[test]
fn what_tables_have_besides() {
    let full = || {
        table([Column::new("a", types::text()).collate("C").storage(Storage::External).compression("lz4")])
            .exclude(
                Exclusion::new("x")
                    .element(ExclusionElement::column("a", "="))
                    .element(ExclusionElement::expression("lower(a)", "=").operator_class("text_ops"))
                    .using("btree")
                    .filter("a <> ''"),
            )
            .storage_parameter("fillfactor", "70")
            .storage_parameter("toast.autovacuum_enabled", "off")
            .unlogged()
            .enable_rls()
            .force_rls()
    };
    check(
        [],
        [full().into()],
        expect![[r#"
        -- create_t
        CREATE UNLOGGED TABLE "t" (
        	"a" text COLLATE "C"
        ) WITH (fillfactor = 70, toast.autovacuum_enabled = off);
        ALTER TABLE "t" ENABLE ROW LEVEL SECURITY;
        ALTER TABLE "t" FORCE ROW LEVEL SECURITY;
        ALTER TABLE "t" ADD CONSTRAINT "x" EXCLUDE USING btree ("a" WITH =, lower(a) text_ops WITH =) WHERE (a <> '');
        ALTER TABLE "t" ALTER COLUMN "a" SET STORAGE EXTERNAL;
        ALTER TABLE "t" ALTER COLUMN "a" SET COMPRESSION lz4;"#]],
    );
    check(
        [full().into()],
        [table([Column::new("a", types::text())]).into()],
        expect![[r#"
        -- alter_t_and_t_a
        ALTER TABLE "t" DISABLE ROW LEVEL SECURITY;
          ! breaks running code: who may read "t" sees every row of it from here on
        ALTER TABLE "t" NO FORCE ROW LEVEL SECURITY;
          ! breaks running code: the owner of "t" sees every row from here on
        ALTER TABLE "t" DROP CONSTRAINT "x";
        ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text;
        ALTER TABLE "t" SET LOGGED;
          ! lock: "t" is rewritten under an exclusive lock
        ALTER TABLE "t" RESET (fillfactor, toast.autovacuum_enabled);"#]],
    );
}

#[test]
fn partitions() {
    let by_range = || table([integer("a")]).partition_by(PartitionKey::range().column("a").expression("a + 1")).into();
    let part = |name: &str, from, to| Partition::new(name, "t").from_to(from, to);
    check(
        [],
        [by_range(), part("p", "1, 2", "MAXVALUE, MAXVALUE").partition_by(PartitionKey::hash().column("a")).into()],
        expect![[r#"
            -- create_t
            CREATE TABLE "t" (
            	"a" integer
            ) PARTITION BY RANGE ("a", (a + 1));
            CREATE TABLE "p" PARTITION OF "t" FOR VALUES FROM (1, 2) TO (MAXVALUE, MAXVALUE) PARTITION BY HASH ("a");"#]],
    );
    check(
        [
            by_range(),
            part("a", "1, 1", "2, 2").into(),
            part("b", "3, 3", "4, 4").into(),
            part("c", "5, 5", "6, 6").into(),
        ],
        [by_range(), part("a", "1, 1", "3, 3").into(), part("d", "5, 5", "6, 6").in_schema("app").into()],
        expect![[r#"
            -- rename_c_to_d
            CREATE SCHEMA "app";
            DROP TABLE "b";
              ! data loss: partition "b" is dropped with all its rows
            ALTER TABLE "c" SET SCHEMA "app";
            ALTER TABLE "app"."c" RENAME TO "d";
              ! breaks running code: partition "c" is called "app"."d" from here on
            ALTER TABLE "t" DETACH PARTITION "a";
            ALTER TABLE "t" ATTACH PARTITION "a" FOR VALUES FROM (1, 1) TO (3, 3);
              ! may fail: partition "a" fails if a row of it is outside of its bounds
              ! lock: partition "a" is scanned under an exclusive lock"#]],
    );
}

#[test]
fn comments() {
    let commented = |text: &str| table([integer("a").comment(text)]).comment("it's a table").into();
    let on_schema = |text: &str| Comment::on(CommentKind::Schema, "public", text).into();
    check(
        [commented("old"), on_schema("gone")],
        [commented("new")],
        expect![[r#"
        -- comment_on_public_and_on_t_a
        COMMENT ON SCHEMA "public" IS NULL;
        COMMENT ON COLUMN "public"."t"."a" IS 'new';"#]],
    );
    check(
        [View::new("v").query("select 1 as a").comment("kept").into()],
        [View::new("v").query("select 2 as a").comment("kept").into()],
        expect![[r#"
            -- alter_v
            DROP VIEW "public"."v";
              ! breaks running code: view "v" is made anew; the privileges on it are gone with the old one
            CREATE VIEW "public"."v" AS (select 2 as a);
            COMMENT ON VIEW "public"."v" IS 'kept';"#]],
    );
}
