use expect_test::{Expect, expect};

use super::*;

const ID: &ColumnType = &ColumnType::plain("integer");

/// A declaration as a derive writes it, at the line given.
fn declaration(literal: &'static str, types: &'static [&'static ColumnType], line: u32) -> Declaration {
    Declaration { literal, types, defaults: &[], sizes: &[], references: &[], groups: &[], file: "src/schema.rs", line }
}

fn check(declarations: &[&'static Declaration], expected: Expect) {
    let problems = gather(declarations, &[], []).expect_err("it is wrong");
    expected.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

fn leak(declaration: Declaration) -> &'static Declaration {
    Box::leak(Box::new(declaration))
}

#[test]
fn a_table_declared_twice_is_reported_with_both_places_in_whatever_order_it_was_linked() {
    let literal = r#"{"name":"users","columns":[{"name":"id"}]}"#;
    let (first, second) = (leak(declaration(literal, &[ID], 3)), leak(declaration(literal, &[ID], 9)));
    for order in [[first, second], [second, first]] {
        check(
            &order,
            expect![[r#"
                src/schema.rs:3, src/schema.rs:9: table "public.users": it is declared twice; rename or remove one of the two
            "#]],
        );
    }
}

#[test]
fn array_sizes_that_are_not_the_dimensions_are_refused() {
    const MATRIX: &ColumnType = &ColumnType::plain("integer").array().array();
    let literal = r#"{"name":"grids","columns":[{"name":"cells","array":[3]}]}"#;
    check(
        &[leak(declaration(literal, &[MATRIX], 7))],
        expect![[r#"
            src/schema.rs:7: table "public.grids": column "cells" gives 1 array sizes and its Rust type has 2 dimensions; give one size, or `_`, for each Vec
        "#]],
    );
}

#[test]
fn a_default_that_is_no_json_is_refused() {
    const JSON: &ColumnType = &ColumnType::plain("jsonb");
    let wrong = Declaration {
        defaults: &[&"{a: 1}"],
        ..declaration(r#"{"name":"events","columns":[{"name":"data","default":0}]}"#, &[JSON], 5)
    };
    check(
        &[leak(wrong)],
        expect![[r#"
            src/schema.rs:5: table "public.events": the default of column "data" is not JSON: key must be a string at line 1 column 2
        "#]],
    );
}

#[test]
fn a_declaration_of_another_version_is_refused_and_not_guessed_at() {
    check(
        &[leak(declaration(r#"{"name":"users","colour":1}"#, &[], 1))],
        expect![[r#"
            src/schema.rs:1: a declared table: its declaration is not understood (unknown field `colour`, expected one of `name`, `schema`, `rls`, `columns`, `indexes`, `uniques`, `primary_key`, `foreign_keys`, `checks` at line 1 column 24); build `schema` and `schema-macros` of one version
        "#]],
    );
}
