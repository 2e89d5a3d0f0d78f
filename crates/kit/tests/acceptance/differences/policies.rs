//! Roles and row-level security policies.

use expect_test::expect;
use schema::PolicyCommand;
use schema::build::{Object, Policy, Role, Table};

use super::{Column, check, enumeration, integer, table, text, types};

fn users<const N: usize>(policies: [Policy; N]) -> Object {
    policies.into_iter().fold(table("users", [integer("id"), text("email")]), Table::policy).into()
}

fn using(condition: &str) -> Policy {
    Policy::new("p").using(condition)
}

#[test]
fn roles_are_quoted_wherever_a_policy_names_them() {
    check(
        [users([Policy::new("p")])],
        [users([Policy::new("p").to([
            "My Role",
            "user",
            "reader",
            "q\"x",
            "current_user",
            "session_user",
            "CURRENT_USER",
        ])])],
        &[],
        expect![[
            r#"ALTER POLICY "p" ON "users" TO "CURRENT_USER", "My Role", current_user, "q""x", reader, session_user, "user";"#
        ]],
    );
}

#[test]
fn a_condition_that_is_removed_takes_a_new_policy() {
    check(
        [users([using("id > 0")])],
        [users([Policy::new("p")])],
        &[],
        expect![[r#"
        DROP POLICY "p" ON "users" CASCADE;
        CREATE POLICY "p" ON "users" AS PERMISSIVE FOR ALL TO public;"#]],
    );
    check(
        [users([using("id > 0").with_check("id > 1")])],
        [users([using("id > 2")])],
        &[],
        expect![[r#"
        DROP POLICY "p" ON "users" CASCADE;
        CREATE POLICY "p" ON "users" AS PERMISSIVE FOR ALL TO public USING (id > 2);"#]],
    );
}

#[test]
fn a_policy_is_dropped_before_the_role_that_it_names() {
    let reader = || Role::new("reader").into();
    let to_reader = |name: &str| Policy::new(name).to(["reader"]);
    check(
        [reader(), users([to_reader("p")])],
        [users([])],
        &[],
        expect![[r#"
        ALTER TABLE "users" DISABLE ROW LEVEL SECURITY;
        DROP POLICY "p" ON "users" CASCADE;
        DROP ROLE "reader";"#]],
    );
    check(
        [reader(), users([to_reader("p"), to_reader("q")])],
        [users([Policy::new("q").to(["current_user"])])],
        &[],
        expect![[r#"
            DROP POLICY "p" ON "users" CASCADE;
            ALTER POLICY "q" ON "users" TO current_user;
            DROP ROLE "reader";"#]],
    );
}

#[test]
fn a_role_that_a_policy_still_names_is_not_dropped() {
    let policy = || Policy::new("p").to(["reader"]);
    check([Role::new("reader").into(), users([policy()])], [users([policy()])], &[], expect![[r#""#]]);
}

#[test]
fn a_role_is_renamed_and_its_policies_say_its_new_name() {
    let named = |name: &str| [Role::new(name).into(), users([Policy::new("p").to([name, "member"])])];
    check(
        named("reader"),
        named("a reader"),
        &["reader=a reader"],
        expect![[r#"
            ALTER ROLE "reader" RENAME TO "a reader";
            ALTER POLICY "p" ON "users" TO "a reader", member;"#]],
    );
}

#[test]
fn a_policy_makes_way_for_what_it_stands_on() {
    let retyped = |column: Column| [table("users", [column]).policy(using("id is not null")).into()];
    check(
        retyped(integer("id")),
        retyped(Column::new("id", types::bigint())),
        &[],
        expect![[r#"
        DROP POLICY "p" ON "users" CASCADE;
        ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE bigint;
        CREATE POLICY "p" ON "users" AS PERMISSIVE FOR ALL TO public USING (id is not null);"#]],
    );
    check(
        [users([using("email = current_user")])],
        [table("users", [integer("id"), text("mail")]).policy(using("mail = current_user")).into()],
        &[],
        expect![[r#"
            DROP POLICY "p" ON "users" CASCADE;
            ALTER TABLE "users" ADD COLUMN "mail" text;
            ALTER TABLE "users" DROP COLUMN "email";
            CREATE POLICY "p" ON "users" AS PERMISSIVE FOR ALL TO public USING (mail = current_user);"#]],
    );
    let orders = || table("orders", [integer("user_id")]).into();
    check(
        [orders(), users([using("exists (select 1 from orders where user_id = id)")])],
        [users([using("id > 0")])],
        &[],
        expect![[r#"
            DROP POLICY "p" ON "users" CASCADE;
            DROP TABLE "orders" CASCADE;
            CREATE POLICY "p" ON "users" AS PERMISSIVE FOR ALL TO public USING (id > 0);"#]],
    );
}

#[test]
fn an_enum_is_made_anew_where_a_policy_mentions_what_changes() {
    let people = |values: &[&str], value: &str| {
        let mood = enumeration("mood", values.iter().copied());
        let one = Column::new("one", types::enumeration(&mood));
        [mood.into(), table("people", [one]).policy(using(&format!("one = '{value}'"))).into()]
    };
    check(
        people(&["ok", "bad"], "ok"),
        people(&["ok"], "ok"),
        &[],
        expect![[r#"
        DROP POLICY "p" ON "people" CASCADE;
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE text;
        DROP TYPE "public"."mood";
        CREATE TYPE "public"."mood" AS ENUM('ok');
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE "public"."mood" USING "one"::"public"."mood";
        CREATE POLICY "p" ON "people" AS PERMISSIVE FOR ALL TO public USING (one = 'ok');"#]],
    );
    check(
        people(&["ok"], "ok"),
        people(&["ok", "new"], "new"),
        &[],
        expect![[r#"
        DROP POLICY "p" ON "people" CASCADE;
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE text;
        DROP TYPE "public"."mood";
        CREATE TYPE "public"."mood" AS ENUM('ok', 'new');
        ALTER TABLE "people" ALTER COLUMN "one" SET DATA TYPE "public"."mood" USING "one"::"public"."mood";
        CREATE POLICY "p" ON "people" AS PERMISSIVE FOR ALL TO public USING (one = 'new');"#]],
    );
}

#[test]
fn a_linked_policy_that_goes_to_another_table_is_dropped_from_the_first() {
    check(
        [Policy::new("p").on("public", "a").into()],
        [Policy::new("p").on("app", "q\"t").into()],
        &[],
        expect![[r#"
            DROP POLICY "p" ON "public"."a" CASCADE;
            CREATE POLICY "p" ON "app"."q""t" AS PERMISSIVE FOR ALL TO public;"#]],
    );
}

#[test]
fn a_policy_that_is_renamed_is_altered_under_its_new_name() {
    let renamed = Policy::new("q").using("id > 1").to(["current_user"]);
    check(
        [users([using("id > 0")])],
        [users([renamed])],
        &["public.users.p=public.users.q"],
        expect![[r#"
        ALTER POLICY "p" ON "users" RENAME TO "q";
        ALTER POLICY "q" ON "users" TO current_user USING (id > 1);"#]],
    );
    let other = Policy::new("q").for_command(PolicyCommand::Delete);
    check(
        [users([using("id > 0")])],
        [users([other])],
        &["public.users.p=public.users.q"],
        expect![[r#"
        DROP POLICY "p" ON "users" CASCADE;
        CREATE POLICY "q" ON "users" AS PERMISSIVE FOR DELETE TO public;"#]],
    );
}
