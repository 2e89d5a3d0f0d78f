//! What drizzle-kit reads wrongly, or not as it writes it.

use expect_test::{Expect, expect};
use kit::introspect::Filter;
use serde_json::Value;

use super::read_after;
use crate::support::Database;

/// One part of what is read after the statements, as the snapshot has it.
fn check(statements: &[&str], pick: impl Fn(&schema::Schema) -> Vec<Value>, expected: Expect) {
    let found = read_after(&Database::new(), statements, &Filter::default());
    let lines: String = pick(&found.schema).iter().map(|value| format!("{value}\n")).collect();
    expected.assert_eq(&lines);
}

/// The name, type and default of each column.
fn columns(schema: &schema::Schema) -> Vec<Value> {
    let columns = schema.tables.values().flat_map(|table| table.columns.values());
    columns.map(|column| serde_json::json!([column.name, column.sql_type, column.default])).collect()
}

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn an_operator_class_is_named_only_where_it_is_not_the_default_and_is_that_of_its_column() {
    check(
        &["CREATE TABLE t (a integer, b text)", "CREATE INDEX i ON t (a, b text_pattern_ops, b)"],
        |schema| schema.tables["public.t"].indexes["i"].columns.iter().map(json).collect(),
        expect![[r#"
            {"expression":"a","isExpression":false,"asc":true,"nulls":"last"}
            {"expression":"b","isExpression":false,"asc":true,"nulls":"last","opclass":"text_pattern_ops"}
            {"expression":"b","isExpression":false,"asc":true,"nulls":"last"}
        "#]],
    );
}

#[test]
fn a_type_is_spelt_as_generate_spells_it() {
    check(
        &["CREATE TABLE t (a timestamp(3), b timestamp(6) with time zone, c numeric(5), d integer[][])"],
        columns,
        expect![[r#"
            ["a","timestamp (3)",null]
            ["b","timestamp (6) with time zone",null]
            ["c","numeric(5)",null]
            ["d","integer[][]",null]
        "#]],
    );
}

#[test]
fn an_array_of_an_enum_has_the_enums_schema() {
    check(
        &["CREATE SCHEMA app", "CREATE TYPE app.mood AS ENUM ('a')", "CREATE TABLE t (a app.mood[] DEFAULT '{a}')"],
        |schema| vec![json(&schema.tables["public.t"].columns["a"])],
        expect![[r#"
            {"name":"a","type":"mood[]","typeSchema":"app","primaryKey":false,"notNull":false,"default":"'{a}'"}
        "#]],
    );
}

#[test]
fn a_negative_or_great_number_is_a_number() {
    check(
        &["CREATE TABLE t (a integer DEFAULT -1, b bigint DEFAULT 9007199254740993, c numeric DEFAULT -1.5)"],
        columns,
        expect![[r#"
            ["a","integer",-1]
            ["b","bigint",9007199254740993]
            ["c","numeric","'-1.5'"]
        "#]],
    );
}

#[test]
fn nulls_not_distinct_and_storage_parameters_are_read_as_they_are_declared() {
    if Database::new().is_before(15) {
        return;
    }
    check(
        &[
            "CREATE TABLE t (a integer, CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a))",
            "CREATE INDEX i ON t (a) NULLS NOT DISTINCT WITH (fillfactor = 70) WHERE a > 1",
            "CREATE UNIQUE INDEX j ON t (a) INCLUDE (a) NULLS NOT DISTINCT",
        ],
        |schema| {
            vec![
                json(&schema.tables["public.t"].unique_constraints["u"]),
                json(&schema.tables["public.t"].indexes["i"]),
                json(&schema.objects.tables["public.t"].indexes),
            ]
        },
        expect![[r#"
            {"name":"u","nullsNotDistinct":true,"columns":["a"]}
            {"name":"i","columns":[{"expression":"a","isExpression":false,"asc":true,"nulls":"last"}],"isUnique":false,"where":"a > 1","concurrently":false,"method":"btree","with":{"fillfactor":70}}
            {"j":{"include":["a"],"nullsNotDistinct":true}}
        "#]],
    );
}

#[test]
fn a_key_that_has_a_name_of_its_own_keeps_it() {
    check(
        &["CREATE TABLE t (a integer CONSTRAINT mine PRIMARY KEY)", "CREATE TABLE u (a integer PRIMARY KEY)"],
        |schema| {
            let tables = schema.tables.values();
            tables.map(|table| json((&table.composite_primary_keys, table.columns["a"].primary_key))).collect()
        },
        expect![[r#"
            [{"mine":{"name":"mine","columns":["a"]}},false]
            [{},true]
        "#]],
    );
}

#[test]
fn every_policy_keeps_using_and_with_check() {
    check(
        &[
            "CREATE TABLE t (a text)",
            "CREATE POLICY one ON t USING (a = 'x') WITH CHECK (true)",
            "CREATE POLICY two ON t AS RESTRICTIVE FOR UPDATE TO CURRENT_USER, public USING (a <> 'y')",
        ],
        |schema| {
            let policies = schema.tables["public.t"].policies.values();
            policies.map(|policy| json((&policy.using, &policy.with_check, policy.kind, policy.command))).collect()
        },
        expect![[r#"
            ["a = 'x'::text","true","PERMISSIVE","ALL"]
            ["a <> 'y'::text",null,"RESTRICTIVE","UPDATE"]
        "#]],
    );
}

#[test]
fn a_text_in_a_view_keeps_its_white_space() {
    check(
        &["CREATE VIEW v AS SELECT 'a  b\n c' AS x"],
        |schema| vec![json(&schema.views["public.v"].definition)],
        expect![[r#"
            "SELECT 'a  b\n c'::text AS x"
        "#]],
    );
}
