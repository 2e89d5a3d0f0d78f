//! What a rename takes along.

use expect_test::expect;
use schema::build::{ForeignKey, Index, Unique};

use super::{Column, check, enumeration, integer, table, types};

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
