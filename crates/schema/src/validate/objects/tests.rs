use expect_test::{Expect, expect};

use crate::build::{
    self, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Function, Object, Partition, PartitionKey,
    Range, Table, Trigger, enumeration, types,
};
use crate::model::{CommentKind, Deferral, TriggerEvent};

fn check<const N: usize>(objects: [Object; N], expected: Expect) {
    let problems = build::schema(objects).expect_err("something is wrong");
    expected.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

fn users() -> Table {
    Table::new("users").column(Column::new("id", types::integer()))
}

#[test]
fn types_of_all_kinds_share_their_names_and_a_composite_those_of_tables() {
    check(
        [
            enumeration("a", ["x"]).into(),
            Domain::new("a", types::text()).into(),
            Range::new("a", types::integer()).into(),
            Composite::new("users").attribute("b", types::text()).into(),
            users().into(),
            Partition::new("users", "users").into(),
        ],
        expect![[r#"
            partition "public.users": it is a part of "public.users", which is not declared as partitioned; give that a partition key
            partition "public.users": it is a part of itself; name another parent
            partition "public.users": its name "users" is also that of table "public.users"; rename one of the two
            composite type "public.users": its name "users" is also that of table "public.users"; rename one of the two
            domain "public.a": its name "a" is also that of enum "public.a"; rename one of the two
            range type "public.a": its name "a" is also that of enum "public.a"; rename one of the two
        "#]],
    );
}

#[test]
fn a_trigger_needs_a_table_its_columns_and_an_event() {
    let on_nothing = Trigger::after("t", []).on("app", "nothing").execute("f");
    let deferred = Trigger::before("d", [TriggerEvent::Insert]).constraint(Deferral::InitiallyDeferred).execute("f");
    check(
        [
            users()
                .trigger(Trigger::before("t", [TriggerEvent::Insert]).of(["name"]))
                .trigger(Trigger::instead_of("i", [TriggerEvent::Insert]).execute("f"))
                .trigger(deferred)
                .into(),
            on_nothing.into(),
        ],
        expect![[r#"
            trigger "app.nothing.t": it is on "app.nothing", which is not declared; declare the table or view
            trigger "app.nothing.t": it fires on nothing; give it an event
            trigger "public.users.d": it is a constraint trigger, which fires AFTER, and for each row; declare it so
            trigger "public.users.i": it fires in place of a change, which only a view allows; use BEFORE
            trigger "public.users.t": it names the column "name", which "public.users" does not have
            trigger "public.users.t": it calls no function; say which one it executes
            trigger "public.users.t": it names columns, and does not fire on UPDATE; add that event
        "#]],
    );
}

#[test]
fn a_partition_needs_a_parent_with_a_key_of_its_columns() {
    check(
        [
            users().partition_by(PartitionKey::range().column("at").column("id").column("id")).unlogged().into(),
            Partition::new("p", "parent").into(),
        ],
        expect![[r#"
            table "public.users": its partition key names the column "at", which the table does not have
            table "public.users": its partition key names the column "id" twice; remove one of the two
            table "public.users": it is partitioned and unlogged; make its partitions unlogged instead
            partition "public.p": it is a part of "public.parent", which is not declared as partitioned; give that a partition key
        "#]],
    );
}

#[test]
fn an_exclusion_constraint_compares_columns_and_has_a_name_of_its_own() {
    let exclusion = |column| Exclusion::new("users_pkey").element(ExclusionElement::column(column, "="));
    check(
        [Table::new("users")
            .column(Column::new("id", types::integer()).primary_key())
            .exclude(exclusion("other"))
            .exclude(exclusion("id"))
            .into()],
        expect![[r#"
            table "public.users": exclusion constraint "users_pkey" is declared twice; rename or remove one of the two
            table "public.users": exclusion constraint "users_pkey" names the column "other", which the table does not have
            an exclusion constraint of "public.users": PostgreSQL gives its name "users_pkey" to the primary key of "public.users"; rename it
        "#]],
    );
}

#[test]
fn a_comment_is_on_something_and_says_something() {
    check(
        [
            users().comment("").into(),
            Function::new("f").argument("a", types::integer()).returns("integer").sql("select a").into(),
            Comment::on_function("f", [types::text()], "not that one").into(),
            Comment::on_part(CommentKind::Column, "users", "name", "gone").into(),
        ],
        expect![[r#"
            comment on column public.users.name: there is no such object; declare it, or correct the name
            comment on function public.f(text): there is no such object; declare it, or correct the name
            comment on table public.users: it is empty, and PostgreSQL keeps none; remove it
        "#]],
    );
}
