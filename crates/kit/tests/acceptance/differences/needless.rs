//! What drizzle-kit writes that changes nothing in the end, and what it leaves out that only some databases need.

use expect_test::expect;
use schema::build::{Check, ForeignKey, Index, IndexColumn, PrimaryKey, Unique};

use super::{Column, Object, check, enumeration, integer, table, types};

#[test]
fn a_column_that_is_made_anew_with_an_expression_is_not_altered_before() {
    let computed = |column: Column| [table("t", [integer("a"), column]).into()];
    check(
        computed(integer("b").not_null().default_number(1)),
        computed(Column::new("b", types::bigint()).generated("a + 1")),
        &[],
        expect![[r#"
            ALTER TABLE "t" DROP COLUMN "b";
            ALTER TABLE "t" ADD COLUMN "b" bigint GENERATED ALWAYS AS (a + 1) STORED;"#]],
    );
}

#[test]
fn a_key_that_changes_goes_before_a_column_of_it_is_retyped() {
    let keyed = |a: Column, key: [&str; 2]| {
        [table("t", [a.not_null(), integer("b").not_null()]).primary_key(PrimaryKey::on(key).name("k")).into()]
    };
    check(
        keyed(integer("a"), ["a", "b"]),
        keyed(Column::new("a", types::bigint()), ["b", "a"]),
        &[],
        expect![[r#"
            ALTER TABLE "t" DROP CONSTRAINT "k";
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bigint;
            ALTER TABLE "t" ADD CONSTRAINT "k" PRIMARY KEY("b","a");"#]],
    );
}

#[test]
fn a_new_table_waits_for_the_enum_that_is_made_anew() {
    let mood = enumeration("mood", ["a"]);
    let of_mood = table("t", [Column::new("m", types::enumeration(&mood)).default_text("a")]);
    check(
        [enumeration("mood", ["a", "b"]).into()],
        [mood.into(), of_mood.into()],
        &[],
        expect![[r#"
            DROP TYPE "public"."mood";
            CREATE TYPE "public"."mood" AS ENUM('a');
            CREATE TABLE "t" (
            	"m" "mood" DEFAULT 'a'
            );"#]],
    );
}

#[test]
fn a_table_that_moves_keeps_its_row_level_security_where_another_is_altered() {
    let moved = |schema: &str, is_other: bool| -> [Object; 2] {
        let other = if is_other { integer("b").not_null() } else { integer("b") };
        [table("t", [integer("a")]).in_schema(schema).enable_rls().into(), table("u", [other]).into()]
    };
    check(
        moved("app", false),
        moved("public", true),
        &["app.t=public.t"],
        expect![[r#"
            ALTER TABLE "app"."t" SET SCHEMA "public";
            ALTER TABLE "u" ALTER COLUMN "b" SET NOT NULL;
            DROP SCHEMA "app";"#]],
    );
}

#[test]
fn a_foreign_key_makes_way_for_a_key_even_where_another_has_its_columns() {
    let referenced = |table: super::Table| {
        let key = ForeignKey::new(["b"]).references("t", ["a"]).name("f");
        [table.into(), super::table("u", [integer("b")]).foreign_key(key).into()]
    };
    let keyed = || table("t", [integer("a").primary_key()]);
    check(
        referenced(keyed().unique(Unique::on(["a"]).name("k"))),
        referenced(keyed()),
        &[],
        expect![[r#"
            ALTER TABLE "u" DROP CONSTRAINT "f";
            ALTER TABLE "t" DROP CONSTRAINT "k";
            ALTER TABLE "u" ADD CONSTRAINT "f" FOREIGN KEY ("b") REFERENCES "public"."t"("a") ON DELETE no action ON UPDATE no action;"#]],
    );
}

#[test]
fn an_enum_is_made_anew_where_rows_of_another_type_may_have_its_new_value() {
    let people = |values: &[&str], is_text: bool| {
        let mood = enumeration("mood", values.iter().copied());
        let column = if is_text { types::text() } else { types::enumeration(&mood) };
        [mood.into(), table("people", [Column::new("m", column)]).into()]
    };
    check(
        people(&["ok"], true),
        people(&["ok", "new"], false),
        &[],
        expect![[r#"
            ALTER TABLE "people" ALTER COLUMN "m" SET DATA TYPE text;
            DROP TYPE "public"."mood";
            CREATE TYPE "public"."mood" AS ENUM('ok', 'new');
            ALTER TABLE "people" ALTER COLUMN "m" SET DATA TYPE "public"."mood" USING "m"::"public"."mood";"#]],
    );
}

#[test]
fn of_what_stands_on_a_retyped_column_only_that_is_made_anew_which_would_be_another() {
    let on = |column: Column| {
        let double = Index::on([IndexColumn::expression("a * 2")]).name("double");
        let table = table("t", [column]).check(Check::new("positive", "a > 0")).index(double);
        [table.check(Check::new("known", "a in (1, 2)")).into()]
    };
    check(
        on(integer("a")),
        on(Column::new("a", types::bigint())),
        &[],
        expect![[r#"
            ALTER TABLE "t" DROP CONSTRAINT "known";
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bigint;
            ALTER TABLE "t" ADD CONSTRAINT "known" CHECK (a in (1, 2));"#]],
    );
}

#[test]
fn a_foreign_key_stays_where_its_ends_compare_all_the_way() {
    let referenced = |key: types::Type, from: types::Type| {
        let key = table("t", [Column::new("a", key).primary_key()]);
        let from = table("u", [Column::new("b", from)]);
        [key.into(), from.foreign_key(ForeignKey::new(["b"]).references("t", ["a"]).name("f")).into()]
    };
    check(
        referenced(types::text(), types::text()),
        referenced(types::varchar(9), types::varchar(9)),
        &[],
        expect![[r#"
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE varchar(9);
            ALTER TABLE "u" ALTER COLUMN "b" SET DATA TYPE varchar(9);"#]],
    );
    check(
        referenced(types::timestamp(), types::timestamp()),
        referenced(types::date(), types::date()),
        &[],
        expect![[r#"
            ALTER TABLE "u" DROP CONSTRAINT "f";
            ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE date;
            ALTER TABLE "u" ALTER COLUMN "b" SET DATA TYPE date;
            ALTER TABLE "u" ADD CONSTRAINT "f" FOREIGN KEY ("b") REFERENCES "public"."t"("a") ON DELETE no action ON UPDATE no action;"#]],
    );
}
