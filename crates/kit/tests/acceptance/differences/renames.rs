//! What a rename takes along.

use expect_test::{Expect, expect};
use schema::build::{self, Check, ForeignKey, Index, Object, PrimaryKey, Unique};

use super::{Column, answers, check, check_by, enumeration, integer, table, types};

#[test]
fn a_table_that_is_renamed_takes_along_what_postgresql_named_after_it() {
    let users = |name: &str| table(name, [Column::new("id", types::serial()).primary_key()]).into();
    check(
        [users("users")],
        [users("people")],
        &["public.users=public.people"],
        expect![[r#"
        ALTER TABLE "users" RENAME TO "people";
        ALTER TABLE "people" RENAME CONSTRAINT "users_pkey" TO "people_pkey";
        ALTER SEQUENCE IF EXISTS "users_id_seq" RENAME TO "people_id_seq";"#]],
    );
}

#[test]
fn what_stands_on_a_renamed_column_or_table_stays() {
    let users = |name: &str, column: &str| {
        let users = table(name, [integer("id"), integer(column)]).index(Index::on([column]).name("i"));
        let parent = ForeignKey::new(["id"]).references(name, [column]).name("parent");
        users.unique(Unique::on([column]).name("u")).foreign_key(parent).into()
    };
    check(
        [users("users", "a")],
        [users("people", "b")],
        &["public.users=public.people", "public.people.a=public.people.b"],
        expect![[r#"
            ALTER TABLE "users" RENAME TO "people";
            ALTER TABLE "people" RENAME COLUMN "a" TO "b";"#]],
    );
}

#[test]
fn an_array_of_a_renamed_enum_stays() {
    let moods = |name: &str| {
        let mood = enumeration(name, ["ok"]);
        let column = Column::new("moods", types::enumeration(&mood).array()).default_sql("'{}'");
        [mood.into(), table("people", [column]).into()]
    };
    check(
        moods("mood"),
        moods("state"),
        &["enum:public.mood=public.state"],
        expect![[r#"ALTER TYPE "public"."mood" RENAME TO "state";"#]],
    );
}

#[test]
fn a_value_of_an_enum_is_renamed() {
    let moods = |values: [&str; 2], bad: &str| {
        let mood = enumeration("mood", values);
        let one = Column::new("one", types::enumeration(&mood)).default_text(bad);
        let many = Column::new("many", types::enumeration(&mood).array()).default_sql(format!("ARRAY['{bad}'::mood]"));
        [mood.into(), table("people", [one, many]).check(Check::new("c", format!("\"one\" <> '{bad}'"))).into()]
    };
    let rename = ["public.mood.bad=public.mood.worse"];
    check(
        moods(["ok", "bad"], "bad"),
        moods(["ok", "worse"], "worse"),
        &rename,
        expect![[r#"
        ALTER TYPE "public"."mood" RENAME VALUE 'bad' TO 'worse';
        ALTER TABLE "people" DROP CONSTRAINT "c";
        ALTER TABLE "people" ADD CONSTRAINT "c" CHECK ("one" <> 'worse');"#]],
    );
    check(
        moods(["ok", "bad"], "bad"),
        moods(["worse", "ok"], "worse"),
        &rename,
        expect![[r#"
            ALTER TYPE "public"."mood" RENAME VALUE 'bad' TO 'worse';
            ALTER TABLE "people" DROP CONSTRAINT "c";
            ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE text;
            ALTER TABLE "people" ALTER COLUMN "one" SET DEFAULT 'worse'::text;
            ALTER TABLE "people" ALTER COLUMN "many" DROP DEFAULT;
            ALTER TABLE "people" ALTER COLUMN "many" SET DATA TYPE text;
            DROP TYPE "public"."mood";
            CREATE TYPE "public"."mood" AS ENUM('worse', 'ok');
            ALTER TABLE "people" ALTER COLUMN "one" SET DEFAULT 'worse'::"public"."mood";
            ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE "public"."mood" USING "one"::"public"."mood";
            ALTER TABLE "people" ALTER COLUMN "many" SET DATA TYPE "public"."mood"[] USING "many"::"public"."mood"[];
            ALTER TABLE "people" ALTER COLUMN "many" SET DEFAULT ARRAY['worse'::mood];
            ALTER TABLE "people" ADD CONSTRAINT "c" CHECK ("one" <> 'worse');"#]],
    );
}

#[test]
fn a_second_column_takes_the_place_of_the_first() {
    check(
        [table("users", [integer("id"), Column::new("new_id", types::bigint())]).into()],
        [table("users", [Column::new("id", types::bigint())]).into()],
        &["public.users.new_id=public.users.id"],
        expect![[r#"
            ALTER TABLE "users" DROP COLUMN "id";
            ALTER TABLE "users" RENAME COLUMN "new_id" TO "id";"#]],
    );
}

/// What `--safe` writes of renames.
fn check_safe<const N: usize, const M: usize>(
    previous: [Object; N],
    next: [Object; M],
    renames: &[&str],
    expected: Expect,
) {
    let [previous, next] = [build::schema(previous), build::schema(next)].map(Result::unwrap);
    check_by(previous, next, &answers(renames).rename_parts(), expected);
}

#[test]
fn a_constraint_or_index_that_becomes_another_in_nothing_but_its_name_is_renamed() {
    let users = |name: &str| {
        let named = |what: &str| format!("{name}_{what}");
        let users = table(name, [integer("id").not_null(), integer("age"), integer("parent")]);
        let parent = ForeignKey::new(["parent"]).references(name, ["id"]).name(named("parent_fk"));
        users
            .primary_key(PrimaryKey::on(["id"]).name(named("key")))
            .unique(Unique::on(["age", "id"]).name(named("age_unique")))
            .check(Check::new(named("grown"), "age > 0"))
            .index(Index::on(["age"]).name(named("age_index")))
            .foreign_key(parent)
            .into()
    };
    check_safe(
        [users("users")],
        [users("people")],
        &["public.users=public.people"],
        expect![[r#"
        ALTER TABLE "users" RENAME TO "people";
        ALTER TABLE "people" RENAME CONSTRAINT "users_key" TO "people_key";
        ALTER TABLE "people" RENAME CONSTRAINT "users_age_unique" TO "people_age_unique";
        ALTER TABLE "people" RENAME CONSTRAINT "users_grown" TO "people_grown";
        ALTER TABLE "people" RENAME CONSTRAINT "users_parent_fk" TO "people_parent_fk";
        ALTER INDEX "users_age_index" RENAME TO "people_age_index";"#]],
    );
}

#[test]
fn a_primary_key_is_renamed_to_or_from_the_name_that_postgresql_gives_it() {
    let users = |name: &str, key: Option<&str>| {
        let id = integer("id").not_null();
        match key {
            Some(key) => table(name, [id]).primary_key(PrimaryKey::on(["id"]).name(key)).into(),
            None => table(name, [id.primary_key()]).into(),
        }
    };
    let people = &["public.users=public.people"];
    check_safe(
        [users("users", Some("k"))],
        [users("users", None)],
        &[],
        expect![[r#"ALTER TABLE "users" RENAME CONSTRAINT "k" TO "users_pkey";"#]],
    );
    check_safe(
        [users("users", None)],
        [users("people", Some("k"))],
        people,
        expect![[r#"
        ALTER TABLE "users" RENAME TO "people";
        ALTER TABLE "people" RENAME CONSTRAINT "users_pkey" TO "k";"#]],
    );
    check_safe(
        [users("users", None)],
        [users("people", Some("users_pkey"))],
        people,
        expect![[r#"ALTER TABLE "users" RENAME TO "people";"#]],
    );
    check_safe(
        [users("users", Some("people_pkey"))],
        [users("people", None)],
        people,
        expect![[r#"ALTER TABLE "users" RENAME TO "people";"#]],
    );
}

#[test]
fn what_is_made_anew_is_not_renamed_before() {
    let users = |index: &str, sql_type| {
        let age = Column::new("age", sql_type);
        [table("users", [age]).index(Index::on(["age"]).name(index).filter("age > '1'")).into()]
    };
    check_safe(
        users("a", types::text()),
        users("b", types::integer()),
        &[],
        expect![[r#"
        DROP INDEX "a";
        ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE integer USING "age"::integer;
        CREATE INDEX "b" ON "users" USING btree ("age") WHERE age > '1';"#]],
    );
}
