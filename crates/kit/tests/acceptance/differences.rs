//! The SQL where it is not drizzle-kit's, each case a line or two of docs/differences.md. That it
//! also runs, and leads where it should, is the matter of the cases in `named`.

mod needless;
mod policies;
mod renames;

use expect_test::{Expect, expect};
use kit::Migration;
use kit::rename::{Answer, Answers};
use schema::build::{
    self, Check, Column, Identity, Index, IndexColumn, Object, PrimaryKey, Table, Unique, View, enumeration, types,
};
use schema::{ReferentialAction, Schema};

fn check<const N: usize, const M: usize>(previous: [Object; N], next: [Object; M], renames: &[&str], expected: Expect) {
    let [previous, next] = [build::schema(previous), build::schema(next)].map(Result::unwrap);
    check_by(previous, next, &answers(renames), expected);
}

fn answers(renames: &[&str]) -> Answers {
    Answers::new(renames.iter().map(|rename| Answer::rename(rename).unwrap())).create_the_rest()
}

fn check_by(previous: Schema, next: Schema, answers: &Answers, expected: Expect) {
    let resolved = kit::rename::resolve(&previous, &next, answers);
    let migration = Migration::new(kit::plan::plan(&resolved, &next));
    let statements: Vec<&str> = migration.statements().into_iter().map(str::trim_end).collect();
    expected.assert_eq(&statements.join("\n"));
}

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

fn text(name: &str) -> Column {
    Column::new(name, types::text())
}

fn table(name: &str, columns: impl IntoIterator<Item = Column>) -> Table {
    columns.into_iter().fold(Table::new(name), Table::column)
}

fn indexed(index: Index) -> Object {
    table("t", [integer("a")]).index(index.name("i")).into()
}

#[test]
fn an_operator_class_keeps_its_order() {
    let column = IndexColumn::column("a").operator_class("int4_ops").desc();
    check(
        [table("t", [integer("a")]).into()],
        [indexed(Index::on([column]))],
        &[],
        expect![[r#"CREATE INDEX "i" ON "t" USING btree ("a" int4_ops DESC NULLS LAST);"#]],
    );
}

#[test]
fn an_expression_in_an_index_gets_its_parentheses() {
    let sum = Index::on([IndexColumn::expression("\"a\" + 1")]);
    check(
        [table("t", [integer("a")]).into()],
        [indexed(sum)],
        &[],
        expect![[r#"CREATE INDEX "i" ON "t" USING btree (("a" + 1));"#]],
    );
    let call = Index::on([IndexColumn::expression("abs(\"a\")")]);
    check(
        [table("t", [integer("a")]).into()],
        [indexed(call)],
        &[],
        expect![[r#"CREATE INDEX "i" ON "t" USING btree (abs("a"));"#]],
    );
}

#[test]
fn only_a_btree_has_an_order() {
    let hash = Index::on([IndexColumn::column("a").desc()]).using("hash");
    check(
        [table("t", [integer("a")]).into()],
        [indexed(hash)],
        &[],
        expect![[r#"CREATE INDEX "i" ON "t" USING hash ("a");"#]],
    );
}

#[test]
fn how_an_index_is_built_is_no_change() {
    check([indexed(Index::on(["a"]))], [indexed(Index::on(["a"]).concurrently())], &[], expect![[""]]);
}

#[test]
fn a_type_that_begins_like_a_native_one_is_quoted_and_has_its_schema() {
    let kind = |schema: &str| {
        let mut kind = enumeration("date_kind", ["a"]);
        schema.clone_into(&mut kind.schema);
        kind
    };
    let column = |schema: &str| table("t", [Column::new("k", types::enumeration(&kind(schema)))]).into();
    check(
        [],
        [kind("public").into(), column("public")],
        &[],
        expect![[r#"
        CREATE TYPE "public"."date_kind" AS ENUM('a');
        CREATE TABLE "t" (
        	"k" "date_kind"
        );"#]],
    );
    check(
        [],
        [kind("app").into(), column("app")],
        &[],
        expect![[r#"
        CREATE SCHEMA "app";
        CREATE TYPE "app"."date_kind" AS ENUM('a');
        CREATE TABLE "t" (
        	"k" "app"."date_kind"
        );"#]],
    );
}

#[test]
fn quotes_in_names_and_values_are_doubled() {
    let mood = |values: &[&str]| enumeration("mood", values.iter().copied()).into();
    check([mood(&["a"])], [mood(&["a", "it's"])], &[], expect![[r#"ALTER TYPE "public"."mood" ADD VALUE 'it''s';"#]]);
    check(
        [],
        [table("a\"b", [integer("c\"d")]).into()],
        &[],
        expect![[r#"
        CREATE TABLE "a""b" (
        	"c""d" integer
        );"#]],
    );
}

#[test]
fn an_unnamed_primary_key_is_dropped_by_its_name() {
    let id = |is_key: bool| if is_key { integer("id").not_null().primary_key() } else { integer("id").not_null() };
    check(
        [table("t", [id(true)]).into()],
        [table("t", [id(false)]).into()],
        &[],
        expect![[r#"ALTER TABLE "t" DROP CONSTRAINT "t_pkey";"#]],
    );
}

#[test]
fn a_unique_constraint_on_the_primary_key_is_made_on_its_own() {
    check(
        [],
        [table("t", [integer("id").primary_key()]).unique(Unique::on(["id"]).name("u")).into()],
        &[],
        expect![[r#"
        CREATE TABLE "t" (
        	"id" integer PRIMARY KEY NOT NULL
        );
        ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE("id");"#]],
    );
}

#[test]
fn serial_and_identity_are_made_and_taken_apart() {
    let (serial, plain) = (Column::new("a", types::serial()), integer("a").not_null());
    let identity = || integer("a").identity(Identity::always().name("numbers"));
    let one = |column: &Column| [table("t", [column.clone()]).into()];
    check(
        one(&serial),
        one(&plain),
        &[],
        expect![[r#"
        ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
        DROP SEQUENCE "t_a_seq";"#]],
    );
    check(
        one(&plain),
        one(&serial),
        &[],
        expect![[r#"
        CREATE SEQUENCE "t_a_seq" AS integer OWNED BY "t"."a";
        ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT nextval('"t_a_seq"'::regclass);
        SELECT setval(pg_get_serial_sequence('"t"', 'a'), GREATEST((SELECT max("a") FROM "t") + 1, 1), false);"#]],
    );
    check(
        one(&serial),
        one(&Column::new("a", types::bigserial())),
        &[],
        expect![[r#"
        ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bigint;
        ALTER SEQUENCE "t_a_seq" AS bigint;"#]],
    );
    check(
        one(&serial),
        one(&identity()),
        &[],
        expect![[r#"
        ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
        DROP SEQUENCE "t_a_seq";
        ALTER TABLE "t" ALTER COLUMN "a" ADD GENERATED ALWAYS AS IDENTITY (sequence name "numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);
        SELECT setval(pg_get_serial_sequence('"t"', 'a'), GREATEST((SELECT max("a") FROM "t") + 1, 1), false);"#]],
    );
    check(
        one(&integer("a")),
        one(&identity()),
        &[],
        expect![[r#"
        ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;
        ALTER TABLE "t" ALTER COLUMN "a" ADD GENERATED ALWAYS AS IDENTITY (sequence name "numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);"#]],
    );
    check(
        one(&identity()),
        one(&integer("a")),
        &[],
        expect![[r#"
        ALTER TABLE "t" ALTER COLUMN "a" DROP IDENTITY;
        ALTER TABLE "t" ALTER COLUMN "a" DROP NOT NULL;"#]],
    );
    let renamed = integer("a").identity(Identity::always().name("others"));
    check(one(&identity()), one(&renamed), &[], expect![[r#"ALTER SEQUENCE "numbers" RENAME TO "others";"#]]);
    let descending = integer("a").identity(Identity::always().name("numbers").increment(-1));
    check(
        one(&identity()),
        one(&descending),
        &[],
        expect![[r#"
        ALTER TABLE "t" ALTER COLUMN "a" DROP IDENTITY;
        ALTER TABLE "t" ALTER COLUMN "a" ADD GENERATED ALWAYS AS IDENTITY (sequence name "numbers" INCREMENT BY -1 MINVALUE -2147483648 MAXVALUE -1 START WITH -1 CACHE 1);
        SELECT setval(pg_get_serial_sequence('"t"', 'a'), LEAST((SELECT min("a") FROM "t") - 1, -1), false);"#]],
    );
}

#[test]
fn a_type_changes_with_using_and_without_the_default_in_its_way() {
    let one = |column: Column| [table("t", [column]).into()];
    check(
        one(text("a").default_text("1")),
        one(integer("a").default_number(1)),
        &[],
        expect![[r#"
        ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
        ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE integer USING "a"::integer;
        ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1;"#]],
    );
}

#[test]
fn a_value_becomes_an_array_of_one() {
    let one = |sql_type: types::Type| [table("t", [Column::new("a", sql_type)]).into()];
    check(
        one(types::integer()),
        one(types::integer().array()),
        &[],
        expect![[
            r#"ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE integer[] USING CASE WHEN "a" IS NOT DISTINCT FROM NULL THEN NULL ELSE ARRAY["a"] END;"#
        ]],
    );
}

#[test]
fn a_column_that_leaves_the_primary_key_may_be_null_again() {
    let keyed = |columns: &[&str]| {
        let key = PrimaryKey::on(columns.iter().copied()).name("k");
        [table("t", [integer("a"), integer("b")]).primary_key(key).into()]
    };
    check(
        keyed(&["a", "b"]),
        keyed(&["a"]),
        &[],
        expect![[r#"
        ALTER TABLE "t" DROP CONSTRAINT "k";
        ALTER TABLE "t" ALTER COLUMN "b" DROP NOT NULL;
        ALTER TABLE "t" ADD CONSTRAINT "k" PRIMARY KEY("a");"#]],
    );
}

#[test]
fn a_generated_column_is_rebuilt_with_what_stands_on_it() {
    let with = |a: Column, expression: &str| {
        [table("t", [a, text("g").generated(expression)])
            .index(Index::on(["g"]).name("i"))
            .check(Check::new("c", "\"g\" <> ''"))
            .into()]
    };
    check(
        with(text("a"), "lower(\"a\")"),
        with(text("a"), "upper(\"a\")"),
        &[],
        expect![[r#"
        ALTER TABLE "t" DROP CONSTRAINT "c";
        DROP INDEX "i";
        ALTER TABLE "t" DROP COLUMN "g";
        ALTER TABLE "t" ADD COLUMN "g" text GENERATED ALWAYS AS (upper("a")) STORED;
        CREATE INDEX "i" ON "t" USING btree ("g");
        ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("g" <> '');"#]],
    );
    let longer = Column::new("a", types::varchar(9));
    check(
        with(text("a"), "lower(\"a\")"),
        with(longer, "lower(\"a\")"),
        &[],
        expect![[r#"
        ALTER TABLE "t" DROP CONSTRAINT "c";
        DROP INDEX "i";
        ALTER TABLE "t" DROP COLUMN "g";
        ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE varchar(9);
        ALTER TABLE "t" ADD COLUMN "g" text GENERATED ALWAYS AS (lower("a")) STORED;
        CREATE INDEX "i" ON "t" USING btree ("g");
        ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("g" <> '');"#]],
    );
}

#[test]
fn a_unique_constraint_comes_before_the_foreign_key_that_needs_it_and_goes_after_it() {
    let users = |code: Column| table("users", [code]).into();
    let (plain, unique) = (integer("code"), integer("code").unique());
    let pets = |owner: Column| table("pets", [owner]).into();
    let key = || integer("owner").references("users", "code");
    check(
        [users(plain.clone()), pets(integer("owner"))],
        [users(unique.clone()), pets(key())],
        &[],
        expect![[r#"
        ALTER TABLE "users" ADD CONSTRAINT "users_code_unique" UNIQUE("code");
        ALTER TABLE "pets" ADD CONSTRAINT "pets_owner_users_code_fk" FOREIGN KEY ("owner") REFERENCES "public"."users"("code") ON DELETE no action ON UPDATE no action;"#]],
    );
    check(
        [users(unique), pets(key())],
        [users(plain), pets(integer("owner"))],
        &[],
        expect![[r#"
        ALTER TABLE "pets" DROP CONSTRAINT "pets_owner_users_code_fk";
        ALTER TABLE "users" DROP CONSTRAINT "users_code_unique";"#]],
    );
}

#[test]
fn a_foreign_key_is_dropped_before_the_table_that_it_references() {
    let users = || table("users", [integer("id").primary_key()]).enable_rls().into();
    let key = build::ForeignKey::new(["owner"]).references("users", ["id"]).on_delete(ReferentialAction::Cascade);
    let pets = |owner: Column| table("pets", [owner]).into();
    check(
        [users(), pets(integer("owner").references_as(key))],
        [pets(integer("owner"))],
        &[],
        expect![[r#"
        ALTER TABLE "pets" DROP CONSTRAINT "pets_owner_users_id_fk";
        DROP TABLE "users" CASCADE;"#]],
    );
}

#[test]
fn an_enum_is_made_anew_with_what_stands_on_it() {
    let people = |values: &[&str]| {
        let mood = enumeration("mood", values.iter().copied());
        let one = Column::new("one", types::enumeration(&mood)).default_text("ok");
        let people = table("people", [one, Column::new("is_ok", types::boolean()).generated("\"one\" = 'ok'")])
            .check(Check::new("c", "\"one\" <> 'bad'"))
            .index(Index::on(["one"]).filter("\"one\" = 'ok'").name("i"));
        [mood.into(), people.into()]
    };
    check(
        people(&["ok", "bad", "gone"]),
        people(&["ok", "bad"]),
        &[],
        expect![[r#"
        ALTER TABLE "people" DROP CONSTRAINT "c";
        DROP INDEX "i";
        ALTER TABLE "people" DROP COLUMN "is_ok";
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE text;
        ALTER TABLE "people" ALTER COLUMN "one" SET DEFAULT 'ok'::text;
        DROP TYPE "public"."mood";
        CREATE TYPE "public"."mood" AS ENUM('ok', 'bad');
        ALTER TABLE "people" ALTER COLUMN "one" SET DEFAULT 'ok'::"public"."mood";
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE "public"."mood" USING "one"::"public"."mood";
        ALTER TABLE "people" ADD COLUMN "is_ok" boolean GENERATED ALWAYS AS ("one" = 'ok') STORED;
        CREATE INDEX "i" ON "people" USING btree ("one") WHERE "one" = 'ok';
        ALTER TABLE "people" ADD CONSTRAINT "c" CHECK ("one" <> 'bad');"#]],
    );
}

#[test]
fn an_enum_is_made_anew_where_the_same_migration_uses_a_new_value() {
    let people = |values: &[&str], default: &str| {
        let mood = enumeration("mood", values.iter().copied());
        let one = Column::new("one", types::enumeration(&mood)).default_text(default);
        [mood.into(), table("people", [one]).into()]
    };
    check(
        people(&["ok"], "ok"),
        people(&["ok", "new"], "new"),
        &[],
        expect![[r#"
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE text;
        ALTER TABLE "people" ALTER COLUMN "one" SET DEFAULT 'new'::text;
        DROP TYPE "public"."mood";
        CREATE TYPE "public"."mood" AS ENUM('ok', 'new');
        ALTER TABLE "people" ALTER COLUMN "one" SET DEFAULT 'new'::"public"."mood";
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE "public"."mood" USING "one"::"public"."mood";"#]],
    );
}

#[test]
fn a_cycle_ends() {
    let sequence = |cycle: bool| {
        let sequence = serde_json::json!({ "name": "s", "schema": "public", "increment": "2", "cycle": cycle });
        [Object::Sequence(serde_json::from_value(sequence).unwrap())]
    };
    check(sequence(true), sequence(false), &[], expect![[r#"ALTER SEQUENCE "public"."s" INCREMENT BY 2 NO CYCLE;"#]]);
}

#[test]
fn names_in_a_view_are_quoted() {
    let view = View::new("v\"w").query("select 1;").materialized().using("My am").tablespace("My Space");
    check(
        [],
        [view.option("fillfactor", 70).into()],
        &[],
        expect![[
            r#"CREATE MATERIALIZED VIEW "public"."v""w" USING "My am" WITH (fillfactor = 70) TABLESPACE "My Space" AS (select 1);"#
        ]],
    );
}

#[test]
fn a_view_makes_way_for_the_column_that_it_reads_and_so_does_a_view_on_it() {
    let users = |name: Column| -> [Object; 3] {
        [
            table("users", [integer("id"), name]).into(),
            View::new("names").query("select name from users").into(),
            View::new("first").query("select min(name) from names").into(),
        ]
    };
    check(
        users(text("name")),
        users(Column::new("name", types::varchar(9))),
        &[],
        expect![[r#"
            DROP VIEW "public"."first";
            DROP VIEW "public"."names";
            ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE varchar(9);
            CREATE VIEW "public"."names" AS (select name from users);
            CREATE VIEW "public"."first" AS (select min(name) from names);"#]],
    );
}
