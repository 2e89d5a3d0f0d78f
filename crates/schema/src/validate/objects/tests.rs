use expect_test::{Expect, expect};

use crate::build::{
    self, Check, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, ForeignKey, Function, Index,
    IndexColumn, Object, Partition, PartitionKey, PrimaryKey, Range, Statistics, Table, Trigger, Unique, View,
    enumeration, types,
};
use crate::model::{CommentKind, Deferral, StatisticsKind, TriggerEvent};

fn check<const N: usize>(objects: [Object; N], expected: Expect) {
    let problems = build::schema(objects).expect_err("something is wrong");
    expected.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

fn users() -> Table {
    Table::new("users").column(Column::new("id", types::integer()))
}

#[test]
fn nothing_stands_on_a_virtual_column() {
    let doubled = |table: &str| {
        let columns = Table::new(table).column(Column::new("a", types::integer()));
        columns.column(Column::new("b", types::integer()).generated_virtual("a * 2"))
    };
    check(
        [
            doubled("t").index(Index::on(["b"]).name("by_b")).into(),
            doubled("u").unique(Unique::on(["a", "b"]).name("once")).into(),
            Table::new("v").column(Column::new("id", types::integer()).generated_virtual("1").primary_key()).into(),
            doubled("w").index(Index::on([IndexColumn::expression("a * 2")]).name("by_twice")).into(),
        ],
        expect![[r#"
            table "public.t": index "by_b" is on the virtual column "b", which PostgreSQL cannot; let it be stored
            table "public.u": unique constraint "once" is on the virtual column "b", which PostgreSQL cannot; let it be stored
            table "public.v": the primary key is on the virtual column "id", which PostgreSQL cannot; let it be stored
        "#]],
    );
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
fn functions_are_told_apart_by_types_without_lengths() {
    let takes =
        |sql_type: &str| Function::new("f").argument("x", types::custom(sql_type)).returns("integer").sql("select 1");
    check(
        [takes("timestamp").into(), takes("timestamp (3)").into(), takes("timestamptz").into(), takes("text").into()],
        expect![[r#"
            function "public.f(timestamp)": it takes what "public.f(timestamp (3))" takes, since PostgreSQL keeps no length of an argument; rename one of the two
        "#]],
    );
}

#[test]
fn an_index_of_a_view_needs_stored_rows_a_name_and_columns_that_are_there() {
    let by = |column: &str| Index::on([column]).name("by");
    let view = |name: &str| View::new(name).query("select id from users");
    let column = Column::new("id", types::integer());
    check(
        [
            users().index(Index::on(["id"]).name("of_stored")).into(),
            view("plain").index(by("id")).into(),
            View::new("existing").materialized().index(by("id").name("of_existing")).into(),
            view("stored")
                .materialized()
                .column(column)
                .index(by("age"))
                .index(Index::on(["id"]).name("of_stored"))
                .into(),
            view("unknown")
                .materialized()
                .index(Index::on(["whatever"]).name("whatever"))
                .index(Index::on([IndexColumn::expression("lower(name)")]))
                .index(by("name"))
                .index(by("name"))
                .into(),
        ],
        expect![[r#"
            view "public.unknown": index "by" is declared twice; rename or remove one of the two
            view "public.existing": it exists already, and its indexes are made by others; remove them here
            view "public.plain": it has an index, and stores no rows; make it materialized
            view "public.stored": index "by" names the column "age", which the view does not have
            view "public.unknown": an index on an expression has no name; give it one
            an index of view "public.stored": its name "by" is also that of an index of view "public.plain"; rename one of the two
            an index of view "public.stored": its name "of_stored" is also that of an index of "public.users"; rename one of the two
            an index of view "public.unknown": its name "by" is also that of an index of view "public.plain"; rename one of the two
        "#]],
    );
}

#[test]
fn statistics_need_a_table_and_two_columns_of_it_or_an_expression() {
    let on = |name: &str, table: &str| Statistics::new(name, table);
    check(
        [
            users().into(),
            View::new("v").query("select 1 as id").into(),
            on("a", "nothing").columns(["id", "age"]).into(),
            on("b", "v").expression("id + 1").into(),
            on("c", "users").columns(["id", "age"]).into(),
            on("d", "users").columns(["id", "id"]).into(),
            on("e", "users").columns(["id"]).into(),
            on("f", "users").expression("id + 1").kind(StatisticsKind::Mcv).into(),
            on("g", "users").expression("id + 1").into(),
        ],
        expect![[r#"
            statistics "public.a": they are on "public.nothing", which is no declared table or materialized view; declare it
            statistics "public.b": they are on "public.v", which is no declared table or materialized view; declare it
            statistics "public.c": they name the column "age", which "public.users" does not have
            statistics "public.d": they name the column "id" twice; remove one of the two
            statistics "public.e": they are on fewer than two columns; add a column or an expression
            statistics "public.f": they are on a single expression, which has no kinds; remove these
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
fn an_index_includes_columns_of_its_table_where_its_method_can() {
    check(
        [users()
            .primary_key(PrimaryKey::on(["id"]).include(["a"]))
            .unique(Unique::on(["id"]).include(["b"]))
            .index(Index::on(["id"]).include(["id", "c"]).using("hash").nulls_not_distinct())
            .into()],
        expect![[r#"
            table "public.users": index "users_id_index" includes the column "c", which the table does not have
            table "public.users": primary key "users_id_pk" includes the column "a", which the table does not have
            table "public.users": unique constraint "users_id_unique" includes the column "b", which the table does not have
            table "public.users": index "users_id_index" includes columns, which the method hash cannot; use btree or gist
            table "public.users": index "users_id_index" is NULLS NOT DISTINCT, and not unique; make it unique
        "#]],
    );
}

#[test]
fn a_foreign_key_references_no_key_that_can_wait() {
    let child = |name: &str| {
        let key = ForeignKey::new(["id"]).references("users", ["id"]).initially_deferred().match_full();
        Table::new(name).column(Column::new("id", types::integer())).foreign_key(key)
    };
    let key = || users().primary_key(PrimaryKey::on(["id"]).deferrable()).unique(Unique::on(["id"]).deferrable());
    check(
        [key().into(), child("a").into()],
        expect![[r#"
            table "public.a": foreign key "a_id_users_id_fk" references "public.users" (id), whose key is deferrable, and PostgreSQL wants one that is not; make the foreign key deferrable instead
        "#]],
    );
    assert!(build::schema([key().index(Index::on(["id"]).unique()).into(), child("a").into()]).is_ok());
}

#[test]
fn the_checks_of_a_partitioned_table_are_those_of_its_partitions() {
    let checked = Check::new("positive", "id > 0").no_inherit();
    check(
        [users().partition_by(PartitionKey::range().column("id")).check(checked).into()],
        expect![[r#"
            table "public.users": it is partitioned, and its partitions inherit check constraint "positive"; let them
        "#]],
    );
}

#[test]
fn what_belongs_to_a_constraint_or_index_needs_it() {
    let mut schema = build::schema([users()
        .primary_key(PrimaryKey::on(["id"]).name("key").deferrable())
        .unique(Unique::on(["id"]).name("one").deferrable())
        .check(Check::new("positive", "id > 0").no_inherit())
        .index(Index::on(["id"]).name("by").include(["id"]))
        .into()])
    .unwrap();
    let users = Table::new("users").column(Column::new("id", types::integer()));
    schema.tables = build::schema([users.into()]).unwrap().tables;
    let problems: String = super::problems(&schema).iter().map(|problem| format!("{problem}\n")).collect();
    expect![[r#"
        table "public.users": index "by" has properties and is not declared; declare it, or correct the name
        table "public.users": primary key "key" has properties and is not declared; declare it, or correct the name
        table "public.users": unique constraint "one" has properties and is not declared; declare it, or correct the name
        table "public.users": check constraint "positive" has properties and is not declared; declare it, or correct the name
    "#]]
    .assert_eq(&problems);
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
