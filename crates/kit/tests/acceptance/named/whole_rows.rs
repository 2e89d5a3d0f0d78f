//! A table's name where a row of it is meant: nothing then says which columns are.

use schema::TriggerEvent::{Insert, Update};
use schema::build::{Check, Column, Function, Index, IndexColumn, Object, Policy, Table, Trigger, View, types};

use super::{case, check};

/// A table with a column that can change, beside another that makes it a table with rows.
fn notes(changing: Option<Column>) -> Table {
    let table = Table::new("notes").column(Column::new("id", types::integer()));
    changing.into_iter().fold(table, Table::column)
}

fn integer(name: &str) -> Option<Column> {
    Some(Column::new(name, types::integer()))
}

fn text(name: &str) -> Option<Column> {
    Some(Column::new(name, types::text()))
}

/// The changes of a column under what names its table.
fn changes(beside: impl Fn(Table) -> Vec<Object>) -> Vec<(Vec<Object>, Vec<Object>, &'static [&'static str])> {
    let with = |column| beside(notes(column));
    vec![
        (with(integer("a")), with(text("a")), &[]),
        (with(integer("a")), with(None), &[]),
        (with(integer("a")), with(integer("b")), &["public.notes.a=public.notes.b"]),
        (with(integer("a")), with(text("b")), &["public.notes.a=public.notes.b"]),
        (with(None), with(integer("a").map(|column| column.default_sql("(random() * 9)::integer"))), &[]),
    ]
}

fn check_changes(sentence: &'static str, beside: impl Fn(Table) -> Vec<Object>) {
    let cases = changes(beside).into_iter();
    check(cases.map(|(previous, next, renames)| case(sentence, previous, next, renames)).collect());
}

#[test]
fn a_view_of_whole_rows_stays_or_makes_way() {
    check_changes("a view has rows", |table| {
        vec![table.into(), View::new("v").query("select notes, notes.id from notes").into()]
    });
    check_changes("a view has rows of an alias", |table| {
        vec![table.into(), View::new("v").query("select n as note from notes as n where n is not null").into()]
    });
}

#[test]
fn a_materialized_view_of_whole_rows_stays_or_makes_way() {
    check_changes("a materialized view has rows", |table| {
        vec![table.into(), View::new("v").query("select notes as note from notes").materialized().into()]
    });
}

#[test]
fn a_policy_on_whole_rows_stays_or_makes_way() {
    check_changes("a policy looks at the row", |table| {
        vec![table.policy(Policy::new("p").using("notes is not null")).into()]
    });
}

#[test]
fn a_check_and_an_index_on_whole_rows_stay_or_make_way() {
    check_changes("a check looks at the row", |table| {
        vec![table.check(Check::new("c", "notes is null or true")).into()]
    });
    check_changes("an index is one of rows", |table| {
        vec![table.index(Index::on([IndexColumn::expression("(notes is null)")]).name("by_row")).into()]
    });
}

#[test]
fn a_trigger_that_compares_whole_rows_stays_or_makes_way() {
    let touch = || Function::new("touch").returns("trigger").plpgsql("begin return new; end");
    check_changes("a trigger compares rows", |table| {
        let compares = Trigger::before("t", [Update]).for_each_row().when("old is distinct from new").execute("touch");
        vec![touch().into(), table.trigger(compares).into()]
    });
    check_changes("a trigger looks at the row", |table| {
        let looks = Trigger::before("t", [Insert]).for_each_row().when("new is not null").execute("touch");
        vec![touch().into(), table.trigger(looks).into()]
    });
}

#[test]
fn a_function_of_whole_rows_stays_or_makes_way() {
    let of_row = || Function::new("of_row").argument("note", types::custom("notes")).returns("integer");
    check_changes("a function takes a row", |table| vec![table.into(), of_row().sql("select note.id").into()]);
    check_changes("a view calls a function of the row", |table| {
        vec![
            table.into(),
            of_row().sql("select note.id").into(),
            View::new("v").query("select of_row(notes) as number from notes").into(),
        ]
    });
    check_changes("a function gives rows", |table| {
        let all = Function::new("all_rows").returns("setof notes").sql("select notes from notes").stable();
        vec![table.into(), all.into()]
    });
}
