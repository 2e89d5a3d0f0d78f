use std::any::TypeId;

use expect_test::{Expect, expect};

use super::resolved::Resolved;
use super::*;
use crate::build::{Column, Policy, Role, Sequence, Table, types};

struct Users;
struct Posts;

impl PgTable for Users {}
impl PgTable for Posts {}

const ID: Resolved = Resolved::Column(&ColumnType::plain("integer"));
const SMALL: Resolved = Resolved::Column(&ColumnType::plain("smallint"));
const NAME: Resolved = Resolved::Column(&ColumnType::plain("text"));
const MOOD: Resolved = Resolved::Column(&ColumnType::enumeration("public", "mood"));

/// A declaration of a table as a derive writes it.
fn declaration<T: PgTable>(place: &'static str, literal: &'static str, resolved: Resolved) -> Declaration {
    Declaration::new(TypeId::of::<T>(), place, literal, resolved)
}

fn check(declarations: Vec<Declaration>, expected: Expect) {
    const ENUMS: &[EnumDeclaration] = &[EnumDeclaration {
        name: "mood",
        schema: "public",
        variants: &[("Good", "good"), ("SoSo", "so_so")],
        comment: None,
        place: "src/schema.rs:1",
    }];
    refused(&Registered { tables: declarations.leak(), enums: ENUMS, ..Registered::default() }, expected);
}

fn refused(registered: &Registered, expected: Expect) {
    let problems = gather(registered).expect_err("it is wrong");
    expected.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

#[test]
fn a_table_declared_twice_is_reported_with_both_places_in_whatever_order_it_was_linked() {
    let literal = r#"{"name":"users","columns":[{"name":"id"}]}"#;
    for [first, second] in [["src/schema.rs:3", "src/schema.rs:9"], ["src/schema.rs:9", "src/schema.rs:3"]] {
        check(
            vec![declaration::<Users>(first, literal, ID), declaration::<Posts>(second, literal, ID)],
            expect![[r#"
                src/schema.rs:3, src/schema.rs:9: table "public.users": it is declared twice; rename or remove one of the two
            "#]],
        );
    }
}

#[test]
fn array_sizes_that_are_not_the_dimensions_are_refused() {
    const MATRIX: Resolved = Resolved::Column(&ColumnType::plain("integer").array().array());
    let literal = r#"{"name":"grids","columns":[{"name":"cells","array":[3]}]}"#;
    check(
        vec![declaration::<Users>("src/schema.rs:7", literal, MATRIX)],
        expect![[r#"
            src/schema.rs:7: table "public.grids": column "cells" gives 1 array sizes and its Rust type has 2 dimensions; give one size, or `_`, for each Vec
        "#]],
    );
}

#[test]
fn a_default_that_is_no_json_is_refused() {
    const JSON: Resolved = Resolved::Column(&ColumnType::plain("jsonb"));
    for default in [r#"{"constant":0}"#, r#"{"literal":"{a: 1}"}"#] {
        let literal = format!(r#"{{"name":"events","columns":[{{"name":"data","default":{default}}}]}}"#).leak();
        check(
            vec![declaration::<Users>("src/schema.rs:5", literal, JSON).defaults(&[&"{a: 1}"])],
            expect![[r#"
                src/schema.rs:5: table "public.events": the default of column "data": it is not JSON: key must be a string at line 1 column 2
            "#]],
        );
    }
}

#[test]
fn a_declaration_of_another_version_is_refused_and_not_guessed_at() {
    check(
        vec![declaration::<Users>("src/schema.rs:1", r#"{"name":"users","colour":1}"#, Resolved::Several(&[]))],
        expect![[r#"
            src/schema.rs:1: a declared table: its declaration is not understood (unknown field `colour`, expected one of `name`, `schema`, `rls`, `comments`, `comment`, `columns`, `indexes`, `uniques`, `primary_key`, `foreign_keys`, `checks`, `policies` at line 1 column 24); build `schema` and `schema-macros` of one version
        "#]],
    );
}

#[test]
fn a_default_that_its_integer_type_cannot_hold_is_refused() {
    let literal = r#"{"name":"users","columns":[{"name":"small","default":{"literal":40000}}]}"#;
    check(
        vec![declaration::<Users>("src/schema.rs:1", literal, SMALL)],
        expect![[r#"
        src/schema.rs:1: table "public.users": the default of column "small": 40000 is out of range for the type smallint
    "#]],
    );
}

#[test]
fn a_default_that_is_no_variant_of_its_enum_is_refused() {
    let literal = r#"{"name":"users","columns":[{"name":"mood","default":{"variant":"Bad"}}]}"#;
    check(
        vec![declaration::<Users>("src/schema.rs:1", literal, MOOD)],
        expect![[r#"
        src/schema.rs:1: table "public.users": the default of column "mood": `Bad` is no variant of the enum "mood": known are `Good`, `SoSo`
    "#]],
    );
}

#[test]
fn a_variant_is_no_default_of_a_column_that_is_no_enum() {
    let literal = r#"{"name":"users","columns":[{"name":"name","default":{"variant":"Good"}}]}"#;
    check(
        vec![declaration::<Users>("src/schema.rs:1", literal, NAME)],
        expect![[r#"
        src/schema.rs:1: table "public.users": the default of column "name": `Good` is no variant of an enum that derives PgEnum
    "#]],
    );
}

#[test]
fn a_reference_to_a_field_that_is_not_there_is_refused() {
    let literal = r#"{"name":"users","columns":[{"name":"post_id","references":{"table":0,"fields":["key"]}}]}"#;
    const REFERENCE: Resolved = Resolved::Several(&[ID, Resolved::Table(TypeId::of::<Posts>())]);
    check(
        vec![
            declaration::<Users>("src/schema.rs:1", literal, REFERENCE),
            declaration::<Posts>("src/schema.rs:9", r#"{"name":"posts","columns":[{"name":"id"}]}"#, ID),
        ],
        expect![[r#"
            src/schema.rs:1: table "public.users": the struct of table "posts" has no field `key`: it has `id`
        "#]],
    );
}

#[test]
fn a_reference_between_columns_of_different_types_is_refused() {
    let literal = r#"{"name":"users","columns":[{"name":"post_id","references":{"table":0,"fields":["title"]}}]}"#;
    const REFERENCE: Resolved = Resolved::Several(&[ID, Resolved::Table(TypeId::of::<Posts>())]);
    check(
        vec![
            declaration::<Users>("src/schema.rs:1", literal, REFERENCE),
            declaration::<Posts>("src/schema.rs:9", r#"{"name":"posts","columns":[{"name":"title"}]}"#, NAME),
        ],
        expect![[r#"
            src/schema.rs:1: table "public.users": column "post_id" is integer and cannot reference "posts"."title", which is text
        "#]],
    );
}

#[test]
fn an_index_on_a_field_that_a_group_does_not_have_is_refused() {
    let literal = r#"{"name":"users","columns":[{"name":"id"}],"indexes":[{"on":[{"field":"times.when"}]}]}"#;
    check(
        vec![declaration::<Users>("src/schema.rs:1", literal, ID)],
        expect![[r#"
        src/schema.rs:1: table "public.users": the struct has no field `times.when`: it has `id`
    "#]],
    );
}

#[test]
fn a_problem_of_an_object_is_reported_with_the_functions_that_give_it() {
    const OBJECTS: &[ObjectsDeclaration] = &[
        ObjectsDeclaration { place: "src/roles.rs:9", objects: || vec![Role::new("app").into()] },
        ObjectsDeclaration { place: "src/roles.rs:3", objects: || vec![Role::new("app").into()] },
        ObjectsDeclaration { place: "src/other.rs:1", objects: || vec![Sequence::new("fine").into()] },
        ObjectsDeclaration {
            place: "src/policies.rs:5",
            objects: || vec![Policy::new("own").on("public", "users").into(), Role::new("pg_own").into()],
        },
        ObjectsDeclaration {
            place: "src/tables.rs:2",
            objects: || vec![Table::new("users").column(Column::new("id", types::uuid())).into()],
        },
    ];
    let literal = r#"{"name":"users","columns":[{"name":"id"}],"policies":[{"name":"own"}]}"#;
    let tables = vec![declaration::<Users>("src/schema.rs:3", literal, ID)].leak();
    refused(
        &Registered { tables, objects: OBJECTS, ..Registered::default() },
        expect![[r#"
        src/roles.rs:3, src/roles.rs:9: role "app": it is declared twice; rename or remove one of the two
        src/schema.rs:3, src/tables.rs:2: table "public.users": it is declared twice; rename or remove one of the two
        src/policies.rs:5, src/schema.rs:3: table "public.users": policy "own" is declared twice; rename or remove one of the two
        src/policies.rs:5: role "pg_own": its name begins with pg_, which PostgreSQL keeps for its own roles; rename it
    "#]],
    );
}

#[test]
fn a_view_declared_twice_is_reported_with_both_places() {
    let view = |place| ViewDeclaration {
        columns: Declaration::new(TypeId::of::<Users>(), place, r#"{"name":"active","columns":[{"name":"id"}]}"#, ID),
        options: r#"{"query":"select 1 as id"}"#,
        query: None,
    };
    refused(
        &Registered { views: vec![view("src/b.rs:1"), view("src/a.rs:1")].leak(), ..Registered::default() },
        expect![[r#"
            src/a.rs:1, src/b.rs:1: view "public.active": it is declared twice; rename or remove one of the two
        "#]],
    );
}

#[test]
fn a_view_of_another_version_is_refused_and_not_guessed_at() {
    let view = ViewDeclaration {
        columns: Declaration::new(TypeId::of::<Users>(), "src/a.rs:1", r#"{"name":"active"}"#, Resolved::Several(&[])),
        options: r#"{"colour":1}"#,
        query: None,
    };
    refused(
        &Registered { views: vec![view].leak(), ..Registered::default() },
        expect![[r#"
        src/a.rs:1: a declared view: its declaration is not understood (unknown field `colour`, expected one of `query`, `materialized`, `with_no_data`, `with`, `using`, `tablespace` at line 1 column 9); build `schema` and `schema-macros` of one version
    "#]],
    );
}
