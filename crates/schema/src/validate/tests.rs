//! Clashes of names, each as PostgreSQL would refuse it.

use expect_test::{Expect, expect};

use crate::build::{
    self, Check, Column, ForeignKey, Identity, Index, Object, Policy, Role, Table, Unique, enumeration, types,
};
use crate::model::{self, PolicyCommand};

fn check<const N: usize>(objects: [Object; N], expected: Expect) {
    let problems = build::schema(objects).expect_err("names clash");
    expected.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

fn users() -> Table {
    Table::new("users").column(Column::new("id", types::integer()).primary_key())
}

fn sequence(name: &str) -> model::Sequence {
    model::Sequence {
        name: name.to_owned(),
        schema: "public".to_owned(),
        increment: None,
        start_with: None,
        min_value: None,
        max_value: None,
        cache: None,
        cycle: None,
    }
}

fn long(end: &str) -> String {
    "x".repeat(63) + end
}

#[test]
fn names_that_differ_after_63_bytes_are_the_same_to_postgresql() {
    let table = |end| Table::new(long(end)).column(Column::new("id", types::integer()));
    check(
        [table("a").into(), table("b").into()],
        expect![[r#"
            table "public.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb": its name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" begins with the same 63 bytes as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", that of table "public.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", and PostgreSQL keeps no more; rename one of the two
        "#]],
    );
}

#[test]
fn columns_that_differ_after_63_bytes_clash() {
    let table = users().column(Column::new(long("a"), types::text())).column(Column::new(long("b"), types::text()));
    check(
        [table.into()],
        expect![[r#"
            a column of "public.users": its name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" begins with the same 63 bytes as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", that of a column of "public.users", and PostgreSQL keeps no more; rename one of the two
        "#]],
    );
}

#[test]
fn the_name_of_an_unnamed_primary_key_is_taken() {
    let index = Index::on(["id"]).name("users_pkey");
    check(
        [users().index(index).into()],
        expect![[r#"
            an index of "public.users": PostgreSQL gives its name "users_pkey" to the primary key of "public.users"; rename it
        "#]],
    );
}

#[test]
fn the_sequences_of_serial_and_identity_columns_are_taken() {
    let serial = Table::new("a").column(Column::new("id", types::serial()));
    let identity = Table::new("b").column(Column::new("id", types::bigint()).identity(Identity::always()));
    let named = Column::new("id", types::bigint()).identity(Identity::always().name("own_seq"));
    let objects: [Object; 6] = [
        serial.into(),
        identity.into(),
        Table::new("c").column(named).into(),
        Object::Sequence(sequence("a_id_seq")),
        Object::Sequence(sequence("b_id_seq")),
        Object::Sequence(sequence("own_seq")),
    ];
    check(
        objects,
        expect![[r#"
            sequence "public.a_id_seq": PostgreSQL gives its name "a_id_seq" to the sequence of "public.a"."id"; rename it
            the sequence of "public.b"."id": its name "b_id_seq" is also that of sequence "public.b_id_seq"; rename one of the two
            the sequence of "public.c"."id": its name "own_seq" is also that of sequence "public.own_seq"; rename one of the two
        "#]],
    );
}

#[test]
fn two_names_that_postgresql_chooses_do_not_clash() {
    let table = |name: &str, column: &str| Table::new(name).column(Column::new(column, types::serial()));
    assert!(build::schema([table("a_b", "c").into(), table("a", "b_c").into()]).is_ok(), "one becomes a_b_c_seq1");
}

#[test]
fn a_check_or_foreign_key_with_the_name_of_another_constraint_is_refused() {
    let to_itself = |name: &str| ForeignKey::new(["id"]).references("users", ["id"]).name(name);
    let table = users()
        .unique(Unique::on(["id"]).name("one"))
        .check(Check::new("one", "id > 0"))
        .check(Check::new("users_pkey", "id > 0"))
        .check(Check::new("two", "id > 0"))
        .foreign_key(to_itself("two"));
    check(
        [table.into()],
        expect![[r#"
            a check constraint of "public.users": its name "one" is also that of a unique constraint of "public.users"; rename one of the two
            a check constraint of "public.users": PostgreSQL gives its name "users_pkey" to the primary key of "public.users"; rename it
            a check constraint of "public.users": its name "two" is also that of a foreign key of "public.users"; rename one of the two
        "#]],
    );
}

#[test]
fn constraints_of_two_tables_may_share_a_name() {
    let table = |name: &str| {
        let table = Table::new(name).column(Column::new("id", types::integer()));
        table.check(Check::new("positive", "id > 0"))
    };
    assert!(build::schema([table("a").into(), table("b").into()]).is_ok());
}

#[test]
fn an_enum_with_the_name_of_a_table_in_its_schema_is_refused() {
    let elsewhere = model::Enum { schema: "other".to_owned(), ..enumeration("users", ["a"]) };
    check(
        [users().into(), enumeration("users", ["a"]).into(), elsewhere.into()],
        expect![[r#"
            enum "public.users": its name "users" is also that of table "public.users"; rename one of the two
        "#]],
    );
}

#[test]
fn a_clash_of_two_keys_of_one_table_is_reported_once() {
    let table = users().unique(Unique::on(["id"]).name("users_pkey"));
    check(
        [table.into()],
        expect![[r#"
            a unique constraint of "public.users": PostgreSQL gives its name "users_pkey" to the primary key of "public.users"; rename it
        "#]],
    );
}

#[test]
fn a_policy_that_postgresql_would_refuse_is_reported() {
    let table = users()
        .policy(Policy::new("a").for_command(PolicyCommand::Insert).using("true"))
        .policy(Policy::new("b").for_command(PolicyCommand::Select).with_check("true"))
        .policy(Policy::new("c").to(["member", "public"]))
        .policy(Policy::new("d").to(["member", "member"]))
        .policy(Policy::new("e").to([""; 0]));
    check(
        [table.into()],
        expect![[r#"
        policy "a" on "public.users": it is for INSERT, which reads no row; say WITH CHECK in place of USING
        policy "b" on "public.users": it is for SELECT, which writes no row; say USING in place of WITH CHECK
        policy "c" on "public.users": "public" is everybody; remove the other roles, or "public"
        policy "d" on "public.users": it names the role "member" twice; remove one of the two
        policy "e" on "public.users": it is for no role; name one, or "public" for everybody
    "#]],
    );
}

#[test]
fn policies_of_one_table_have_names_of_their_own() {
    let table = users().policy(Policy::new("a")).policy(Policy::new(long("a"))).policy(Policy::new(long("b")));
    check(
        [table.into(), Policy::new("a").on("public", "users").into()],
        expect![[r#"
        table "public.users": policy "a" is declared twice; rename or remove one of the two
        a policy of "public.users": its name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" begins with the same 63 bytes as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", that of a policy of "public.users", and PostgreSQL keeps no more; rename one of the two
    "#]],
    );
}

#[test]
fn a_linked_policy_becomes_one_of_a_table_that_is_declared() {
    let schema = build::schema([users().into(), Policy::new("a").on("public", "users").into()]).unwrap();
    assert_eq!(schema, build::schema([users().policy(Policy::new("a")).into()]).unwrap());
}

#[test]
fn linked_policies_of_two_declared_tables_may_share_a_name() {
    let table = |name: &str| Table::new(name).column(Column::new("id", types::integer()));
    let linked = ["a", "b"].map(|on| Policy::new("tenant").on("public", on).into());
    let schema = build::schema(linked.into_iter().chain([table("a").into(), table("b").into()])).unwrap();
    assert!(schema.tables.values().all(|table| table.policies.contains_key("tenant")));
    // Of tables that are not declared, a snapshot keeps policies by their names alone.
    check(
        ["a", "b"].map(|on| Policy::new("tenant").on("public", on).into()),
        expect![[r#"
            policy "tenant": it is declared twice; rename or remove one of the two
        "#]],
    );
}

#[test]
fn a_role_has_a_name_that_postgresql_keeps_for_no_other() {
    check(
        [
            Role::new("public").into(),
            Role::new("pg_mine").into(),
            Role::new(long("a")).into(),
            Role::new(long("b")).into(),
        ],
        expect![[r#"
            role "pg_mine": its name begins with pg_, which PostgreSQL keeps for its own roles; rename it
            role "public": its name is a word of PostgreSQL for no single role; rename it
            role "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb": its name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb" begins with the same 63 bytes as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", that of role "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", and PostgreSQL keeps no more; rename one of the two
        "#]],
    );
}
