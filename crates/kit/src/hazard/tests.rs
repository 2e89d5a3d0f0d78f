use expect_test::{Expect, expect};
use schema::Schema;
use schema::build::{
    self, Check, Column, Exclusion, ExclusionElement, Function, Identity, Index, Object, Partition, PartitionKey,
    Policy, Role, Table, View, enumeration, types,
};

use crate::Migration;
use crate::rename::{Answer, Answers, resolve};

/// The hazards of a change, a line each.
fn check(
    previous: impl IntoIterator<Item = Object>,
    next: impl IntoIterator<Item = Object>,
    renames: &[&str],
    expected: Expect,
) {
    let [previous, next]: [Schema; 2] = [build::schema(previous).unwrap(), build::schema(next).unwrap()];
    let answers = Answers::new(renames.iter().map(|rename| Answer::rename(rename).unwrap())).create_the_rest();
    let migration = Migration::new(crate::plan::plan(&resolve(&previous, &next, &answers), &next));
    let hazards = migration.steps().iter().flat_map(|step| &step.hazards).map(ToString::to_string);
    expected.assert_eq(&hazards.collect::<Vec<_>>().join("\n"));
}

fn users(columns: impl IntoIterator<Item = Column>) -> Table {
    columns.into_iter().fold(Table::new("users").column(Column::new("id", types::integer())), Table::column)
}

#[test]
fn a_volatile_default_rewrites_the_table_and_a_stable_one_does_not() {
    let with = |name: &str, sql_type, default: &str| [users([Column::new(name, sql_type).default_sql(default)]).into()];
    for default in ["now()", "'x(y)'::varchar(9)", "(now() at time zone 'utc')"] {
        check([users([]).into()], with("a", types::text(), default), &[], expect![""]);
    }
    check(
        [users([]).into()],
        with("key", types::uuid(), "gen_random_uuid()"),
        &[],
        expect![
            r#"lock: the default of "users"."key" calls gen_random_uuid() for every row; "users" is rewritten and blocked meanwhile"#
        ],
    );
}

#[test]
fn a_unique_index_of_a_materialized_view_may_fail_and_locks_one_that_was_there() {
    let view = |query: &str| View::new("v").query(query).materialized();
    let by_id = || Index::on(["id"]).name("by_id").unique();
    check(
        [users([]).into(), view("select id from users").into()],
        [users([]).into(), view("select id from users").index(by_id()).into()],
        &[],
        expect![[r#"
            may fail: unique index "by_id" fails if "v" has two equal rows
            lock: writes to "v" wait while index "by_id" is built"#]],
    );
    check(
        [users([]).into(), view("select id from users").index(by_id()).into()],
        [users([]).into(), view("select id + 1 as id from users").index(by_id()).into()],
        &[],
        expect![[r#"
            breaks running code: view "v" is made anew; the privileges on it are gone with the old one
            may fail: unique index "by_id" fails if "v" has two equal rows"#]],
    );
}

#[test]
fn a_type_that_contains_the_word_serial_is_none() {
    check(
        [users([]).into()],
        [users([Column::new("a", types::custom("serial_number")).not_null()]).into()],
        &[],
        expect![[r#"may fail: "users"."a" is NOT NULL without a default; it fails if "users" has rows"#]],
    );
}

#[test]
fn a_longer_varchar_is_no_hazard_and_a_lossy_conversion_is_named() {
    let a = |sql_type| [users([Column::new("a", sql_type)]).into()];
    check(a(types::varchar(10)), a(types::varchar(20)), &[], expect![""]);
    check(
        a(types::bigint()),
        a(types::real()),
        &[],
        expect![[r#"
            data loss: "users"."a" from bigint to real; what the new type does not hold of a value is gone without a word
            lock: "users" is rewritten under an exclusive lock"#]],
    );
}

#[test]
fn a_value_that_goes_is_in_rows_and_a_renamed_one_is_in_running_code() {
    let mood = |values: [&str; 2]| [enumeration("mood", values).into()];
    check(
        mood(["ok", "bad"]),
        mood(["ok", "worse"]),
        &[],
        expect![[
            r#"may fail: type "mood" is made anew; it fails if a row has a value that is gone, and where that only got another name, --rename public.mood.OLD=public.mood.NEW keeps it"#
        ]],
    );
    check(
        mood(["ok", "bad"]),
        mood(["ok", "worse"]),
        &["public.mood.bad=public.mood.worse"],
        expect![[r#"breaks running code: value bad of type "mood" is called worse from here on"#]],
    );
}

#[test]
fn a_dropped_table_takes_views_and_foreign_keys_along() {
    check(
        [users([]).into()],
        [],
        &[],
        expect![[
            r#"data loss: table "users" is dropped with all its rows, and with the views and foreign keys on it"#
        ]],
    );
}

#[test]
fn row_level_security_hides_the_rows_of_a_table_that_is_there() {
    check([], [users([]).enable_rls().into()], &[], expect![""]);
    check(
        [users([]).into()],
        [users([]).enable_rls().into()],
        &[],
        expect![[r#"breaks running code: who does not own "users" sees the rows that a policy allows, and no others"#]],
    );
}

#[test]
fn an_index_that_is_built_concurrently_runs_outside_the_transaction() {
    let index = |index: Index| [users([]).index(index.name("by_id")).into()];
    check(
        [users([]).into()],
        index(Index::on(["id"]).concurrently()),
        &[],
        expect![
            r#"may fail: index "by_id" is built outside the transaction: if that fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it"#
        ],
    );
    check(
        [users([]).into()],
        index(Index::on(["id"])),
        &[],
        expect![[r#"lock: writes to "users" wait while index "by_id" is built"#]],
    );
}

#[test]
fn a_name_that_postgresql_gave_may_be_an_older_one() {
    let table = |name: &str| [Table::new(name).column(Column::new("id", types::serial()).primary_key()).into()];
    check(
        table("users"),
        table("people"),
        &["public.users=public.people"],
        expect![[r#"
            breaks running code: table "users" is called "people" from here on
            may fail: "users_pkey" is the name that PostgreSQL gave it; after a rename by drizzle-kit it may still have the older one"#]],
    );
}

#[test]
fn a_primary_key_that_goes_breaks_what_relies_on_it() {
    let id = |primary: bool| {
        let id = Column::new("id", types::integer()).not_null();
        [Table::new("users").column(if primary { id.primary_key() } else { id }).into()]
    };
    check(
        id(true),
        id(false),
        &[],
        expect![[r#"
            breaks running code: "users" has no primary key once "users_pkey" is dropped; what relies on it, ON CONFLICT and logical replication say, fails until another is built
            may fail: "users_pkey" is the name that PostgreSQL gave it; after a rename by drizzle-kit it may still have the older one"#]],
    );
}

#[test]
fn a_policy_that_goes_takes_rows_away_or_opens_them() {
    let with = |policies: &[&Policy]| {
        let table = policies.iter().fold(users([]).enable_rls(), |table, policy| table.policy((*policy).clone()));
        [Object::from(table)]
    };
    let (wide, narrow) = (Policy::new("wide"), Policy::new("narrow").restrictive());
    check(
        with(&[&wide, &narrow]),
        with(&[]),
        &[],
        expect![[r#"
        breaks running code: the rows of "users" that only policy "wide" allowed are out of reach from here on
        breaks running code: the rows of "users" that only policy "narrow" hid are open from here on"#]],
    );
    check(
        with(&[&wide]),
        with(&[&wide, &narrow]),
        &[],
        expect![[r#"breaks running code: policy "narrow" hides rows of "users" that other policies allow"#]],
    );
    check(with(&[]), with(&[&wide]), &[], expect![[r#""#]]);
    check(
        with(&[&wide]),
        [users([]).into()],
        &[],
        expect![[r#"breaks running code: who may read "users" sees every row of it from here on"#]],
    );
    check([], with(&[&wide, &narrow]), &[], expect![[r#""#]]);
}

#[test]
fn a_policy_that_is_another_allows_other_rows_and_one_that_only_makes_way_does_not() {
    let with = |sql_type, condition: &str| {
        let table = Table::new("users").column(Column::new("id", sql_type)).policy(Policy::new("p").using(condition));
        [Object::from(table)]
    };
    check(
        with(types::integer(), "id > 0"),
        with(types::integer(), "id > 1"),
        &[],
        expect![[r#"breaks running code: policy "p" on "users" allows other rows from here on"#]],
    );
    check(with(types::varchar(1), "id > ''"), with(types::varchar(2), "id > ''"), &[], expect![[r#""#]]);
}

#[test]
fn a_role_loses_what_it_may_do() {
    let strong = || Role::new("a").create_db().create_role();
    check(
        [],
        [strong().into()],
        &[],
        expect![[
            r#"may fail: role "a" fails if it exists; roles belong to all databases of the server, and another one may have made it"#
        ]],
    );
    check(
        [strong().into()],
        [Role::new("b").no_inherit().into()],
        &["a=b"],
        expect![[r#"
        breaks running code: role "a" is called "b" from here on; if its password is kept as MD5, that is gone too
        breaks running code: role "b" no longer may create databases
        breaks running code: role "b" no longer may create roles
        breaks running code: role "b" no longer has the rights of the roles that it is a member of"#]],
    );
    check(
        [strong().into()],
        [],
        &[],
        expect![[r#"
        may fail: role "a" is dropped; it fails while the role owns or may do something, in any database of the server
        breaks running code: nobody can log in as "a" or act as it from here on"#]],
    );
}

#[test]
fn a_column_that_is_generated_no_more_may_go_with_the_function_that_computed_it() {
    let computed = Column::new("b", types::integer()).generated("twice(id)");
    let twice = Function::new("twice").argument("x", types::integer()).returns("integer").sql("select x").immutable();
    check(
        [users([computed]).into(), twice.into()],
        [users([Column::new("b", types::integer())]).into()],
        &[],
        expect![[r#"
            data loss: "users"."b" goes with the function that computed it on PostgreSQL 14, and stays on later ones
            breaks running code: function "twice" is dropped; whatever calls it fails from here on"#]],
    );
}

#[test]
fn an_identity_of_a_column_with_values_begins_at_its_start() {
    let number = || Column::new("n", types::bigint()).not_null();
    let identity = |identity: Identity| [users([number().identity(identity)]).into()];
    check(
        [users([number()]).into()],
        identity(Identity::always()),
        &[],
        expect![[
            r#"breaks running code: "users"."n" counts from 1, whatever its rows have; an INSERT gets a value that a row has already, until you run SELECT setval(pg_get_serial_sequence('"users"', 'n'), GREATEST((SELECT max("n") FROM "users") + 1, 1), false);"#
        ]],
    );
    check(
        [users([number()]).into()],
        identity(Identity::by_default().increment(-1).start_with(-5)),
        &[],
        expect![[
            r#"breaks running code: "users"."n" counts from -5, whatever its rows have; an INSERT gets a value that a row has already, until you run SELECT setval(pg_get_serial_sequence('"users"', 'n'), LEAST((SELECT min("n") FROM "users") - 1, -5), false);"#
        ]],
    );
    check([], identity(Identity::always()), &[], expect![""]);
    // Their sequence goes on where the one before it was.
    check(
        [users([Column::new("n", types::bigserial())]).into()],
        identity(Identity::always()),
        &[],
        expect![[
            r#"may fail: "users_n_seq" is the name that PostgreSQL gave it; after a rename by drizzle-kit it may still have the older one"#
        ]],
    );
}

#[test]
fn a_table_that_is_made_has_no_rows_that_anything_could_go_wrong_for() {
    let full = users([
        Column::new("n", types::bigint()).identity(Identity::always()),
        Column::new("s", types::serial()),
        Column::new("g", types::integer()).generated("id + 1"),
        Column::new("counted", types::bigint()).not_null().default_sql("counted()").unique(),
        Column::new("key", types::uuid()).primary_key().default_random(),
        Column::new("other", types::uuid()).references("users", "key"),
    ])
    .check(Check::new("c", "counted() >= 0"))
    .exclude(Exclusion::new("x").using("btree").element(ExclusionElement::column("id", "=")))
    .index(Index::on(["id"]).unique())
    .policy(Policy::new("p").restrictive().using("id > 0"))
    .force_rls()
    .unlogged();
    let parted = Table::new("parted").column(Column::new("a", types::integer()).not_null());
    check(
        [],
        [
            Function::new("counted").returns("bigint").sql("select count(*) from users").into(),
            full.into(),
            parted.partition_by(PartitionKey::list().column("a")).into(),
            Partition::new("p", "parted").values("1").unlogged().into(),
        ],
        &[],
        expect![""],
    );
}
