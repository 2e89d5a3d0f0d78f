//! Functions that read tables, and run while these are changed: a default is computed for the rows that are there.

use schema::build::{Column, Function, Object, Table, View, types};

use super::{case, check};

fn items() -> Table {
    Table::new("items").column(Column::new("id", types::integer()))
}

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

/// A column that counts by default.
fn counted(name: &str) -> Column {
    Column::new(name, types::bigint()).default_sql("counts()")
}

fn doubled(name: &str, from: &str) -> Column {
    Column::new(name, types::bigint()).generated(format!("{from} * 2"))
}

/// A function that counts the values of a column, which PostgreSQL looks for when it runs.
fn counts(column: &str) -> Object {
    counts_by(format!("select count({column}) from items"))
}

fn counts_by(query: impl std::fmt::Display) -> Object {
    Function::new("counts").returns("bigint").plpgsql(format!("begin return ({query}); end")).stable().into()
}

/// The same, of which PostgreSQL looks for the column when it is made, too.
fn counts_in_sql(column: &str) -> Object {
    Function::new("counts").returns("bigint").sql(format!("select count({column}) from items")).stable().into()
}

#[test]
fn a_function_runs_while_the_column_that_it_reads_is_there() {
    check(vec![
        case(
            "a column is computed from one whose default reads it as it was",
            [counts("a"), items().column(integer("a")).into()],
            [counts("a"), items().column(doubled("a", "b")).column(counted("b")).into()],
            &[],
        ),
        case(
            "a column is computed from one whose default reads it as it was by a function in SQL",
            [counts_in_sql("a"), items().column(integer("a")).into()],
            [counts_in_sql("a"), items().column(doubled("a", "b")).column(counted("b")).into()],
            &[],
        ),
        case(
            "a column is computed from one whose default reads it as it was by a new function in SQL",
            [items().column(integer("a")).into()],
            [counts_in_sql("a"), items().column(doubled("a", "b")).column(counted("b")).into()],
            &[],
        ),
        case(
            "a column is computed from one whose default reads it as it was by way of another function",
            [counts("a"), items().column(integer("a")).into()],
            [
                counts("a"),
                Function::new("more").returns("bigint").plpgsql("begin return counts() + 1; end").into(),
                items()
                    .column(doubled("a", "b"))
                    .column(Column::new("b", types::bigint()).not_null().default_sql("more()"))
                    .into(),
            ],
            &[],
        ),
        case(
            "a default reads a column that is computed from a later one",
            [counts("a"), items().column(integer("a")).into()],
            [
                counts("a"),
                items().column(doubled("a", "c")).column(counted("b")).column(integer("c").default_number(1)).into(),
            ],
            &[],
        ),
        case(
            "a default reads a later column",
            [counts("a"), items().column(integer("a")).into()],
            [counts("c"), items().column(integer("a")).column(counted("b")).column(integer("c")).into()],
            &[],
        ),
        case(
            "a default reads its own column",
            [counts("a"), items().column(integer("a")).into()],
            [counts("b"), items().column(integer("a")).column(counted("b").not_null()).into()],
            &[],
        ),
        case(
            "a default reads its own column and one that is computed from it",
            [counts("a"), items().column(integer("a")).into()],
            [
                counts_by("select count(a) + count(b) from items"),
                items().column(doubled("a", "b")).column(counted("b")).into(),
            ],
            &[],
        ),
        case(
            "a default reads its own column and one that is computed from it by a new function in SQL",
            [items().column(integer("a")).into()],
            [
                Function::new("counts").returns("bigint").sql("select count(a) + count(b) from items").into(),
                items().column(doubled("a", "b")).column(counted("b")).into(),
            ],
            &[],
        ),
    ]);
}

#[test]
fn a_function_runs_while_the_function_that_it_calls_is_there() {
    let more = |of: &str| {
        Function::new("more").argument(of, types::bigint()).returns("bigint").sql("select $1 + max(c) from items")
    };
    let calling = || counts_by("select more(count(*)) from items");
    check(vec![
        case(
            "a default calls by way of another function a new one in SQL that reads a later column",
            [calling(), items().into()],
            [calling(), more("n").into(), items().column(counted("b")).column(integer("c")).into()],
            &[],
        ),
        case(
            "a default calls by way of another function one in SQL that is made anew and reads a column made anew",
            [calling(), more("n").into(), items().column(integer("c")).into()],
            [
                calling(),
                more("of").into(),
                items().column(counted("b")).column(doubled("c", "d")).column(integer("d")).into(),
            ],
            &[],
        ),
    ]);
}

#[test]
fn a_function_runs_while_the_view_that_it_reads_is_there() {
    let view = || View::new("v").query("select id from items");
    check(vec![case(
        "a default reads a view of a column that gets another type",
        [counts_by("select count(*) from v"), items().into(), view().into()],
        [
            counts_by("select count(*) from v"),
            Table::new("items").column(Column::new("id", types::bigint())).column(counted("b")).into(),
            view().into(),
        ],
        &[],
    )]);
}
