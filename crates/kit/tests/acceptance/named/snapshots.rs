//! What a snapshot may say and a declaration in Rust does not.

use schema::build::{Column, Identity, Index, IndexColumn, Object, Table, types};
use schema::{ColumnDefault, Schema};

use super::{case, check};

fn items(columns: impl IntoIterator<Item = Column>) -> Object {
    columns.into_iter().fold(Table::new("items"), Table::column).into()
}

fn set_default(schema: &mut Schema, column: &str, json: &str) {
    schema.tables["public.items"].columns[column].default = Some(ColumnDefault::Literal(json.to_owned()));
}

#[test]
fn defaults_that_are_json_arrays_are_reached() {
    let columns = || {
        [
            Column::new("spot", types::point()),
            Column::new("edge", types::line()),
            Column::new("tags", types::text().array()),
            Column::new("grid", types::integer().array()),
            Column::new("doc", types::jsonb()),
        ]
    };
    let fill = |schema: &mut Schema| {
        set_default(schema, "spot", "[1, 2]");
        set_default(schema, "edge", r#"{"a": 1, "b": 2, "c": 3}"#);
        set_default(schema, "tags", r#"["a", "it's, \"b\""]"#);
        set_default(schema, "grid", "[[1, 2], [3, null]]");
        set_default(schema, "doc", r#"["a", 1]"#);
    };
    check(vec![
        case("a table is made with array defaults", [], [items(columns())], &[])
            .with(|_, next| fill(next))
            .without_rows(),
        case("columns get array defaults", [items(columns())], [items(columns())], &[]).with(|_, next| fill(next)),
        case(
            "a text that becomes an array has an array default",
            [items([Column::new("tags", types::text())])],
            [items(columns())],
            &[],
        )
        .with(|previous, next| {
            previous.tables["public.items"].columns["tags"].default =
                Some(ColumnDefault::Expression("'{a}'".to_owned()));
            fill(next);
        }),
    ]);
}

#[test]
fn identities_without_options_are_reached() {
    let table = |sql_type: fn() -> types::Type, identity: Identity| {
        [items([Column::new("id", sql_type()).identity(identity.name("numbers"))])]
    };
    let bare = |schema: &mut Schema| {
        let identity = schema.tables["public.items"].columns["id"].identity.as_mut().unwrap();
        (identity.increment, identity.start_with, identity.cache, identity.cycle) = (None, None, None, None);
        (identity.min_value, identity.max_value) = (None, None);
    };
    let five = || Identity::always().increment(5).cache(7).cycle();
    check(vec![
        case(
            "an identity's options are declared no more",
            table(types::integer, five()),
            table(types::integer, five()),
            &[],
        )
        .with(|_, next| bare(next)),
        case(
            "an identity that counts down turns round as its options go",
            table(types::integer, Identity::always().increment(-1)),
            table(types::integer, Identity::always()),
            &[],
        )
        .with(|_, next| bare(next)),
        case(
            "an identity without options becomes wider",
            table(types::smallint, Identity::always()),
            table(types::bigint, Identity::always()),
            &[],
        )
        .with(|previous, next| {
            bare(previous);
            bare(next);
        }),
        case(
            "options that are the defaults are no change",
            table(types::integer, Identity::always()),
            table(types::integer, Identity::always()),
            &[],
        )
        .with(|previous, _| bare(previous)),
    ]);
}

/// An operator class that needs its quotes.
const OPERATOR_CLASS: &str = r#"CREATE OPERATOR CLASS "My Ops" FOR TYPE integer USING btree AS OPERATOR 1 <,
    OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer)"#;

#[test]
fn parts_of_indexes_are_quoted_where_they_need_it() {
    let table = |index: Index| {
        let columns = [Column::new("a", types::integer()), Column::new("b", types::text())];
        [columns.into_iter().fold(Table::new("items"), Table::column).index(index.name("i")).into()]
    };
    let none = || [items([Column::new("a", types::integer()), Column::new("b", types::text())])];
    check(vec![
        case(
            "an operator class has a name with a blank, an order and a place for NULLs",
            none(),
            table(Index::on([IndexColumn::column("a").operator_class("My Ops").desc()])),
            &[],
        )
        .after(OPERATOR_CLASS),
        case(
            "an operator class has its schema",
            none(),
            table(Index::on([IndexColumn::column("b").operator_class("pg_catalog.text_pattern_ops")])),
            &[],
        ),
        case(
            "storage parameters are texts and numbers",
            none(),
            table(Index::on(["a"]).with("fillfactor", "70").with("deduplicate_items", "off")),
            &[],
        ),
    ]);
}
