//! Defaults that wait for what they call, and defaults that make way for what they name.

use schema::TriggerEvent::Update;
use schema::build::{Check, Column, Composite, Domain, Function, Object, Range, Table, Trigger, View, types};

use super::{case, check};

fn table(name: &str) -> Table {
    Table::new(name).column(Column::new("a", types::integer()))
}

#[test]
fn a_default_that_waits_for_its_function_is_reached() {
    let late = |column: Column| table("t").column(column);
    let refuse = || -> Object { Function::new("refuse").returns("trigger").plpgsql("begin raise 'no'; end").into() };
    let locked = |table: Table| table.trigger(Trigger::before("t", [Update]).execute("refuse"));
    check(vec![
        case(
            "a function counts the rows of a table with a default that calls it, beside a view of the table's name",
            [table("t").into()],
            [
                Function::new("count_rows").returns("bigint").sql("select count(*) from posts").stable().into(),
                table("posts").column(Column::new("number", types::bigint()).default_sql("count_rows()")).into(),
                View::new("posts").in_schema("app").query("select number from public.posts").into(),
                table("t").into(),
            ],
            &[],
        ),
        case(
            "a function counts the values of a new column, whose default calls it",
            [table("t").into()],
            [
                Function::new("count_numbers").returns("bigint").sql("select count(number) from t").stable().into(),
                late(Column::new("number", types::bigint()).default_sql("count_numbers()").not_null()).into(),
            ],
            &[],
        ),
        case(
            "rows get the default that waits for its function, past a trigger that refuses updates",
            [refuse(), locked(table("t")).into()],
            [
                refuse(),
                Function::new("last").returns("text").sql("select 'after ' || coalesce(max(name), '') from t").into(),
                locked(late(Column::new("name", types::text()).default_sql("last()").not_null().collate("C")))
                    .column(Column::new("length", types::integer()).generated("length(name)"))
                    .check(Check::new("named", "name = 'after ' and length = 6"))
                    .into(),
                View::new("names").query("select name from t").into(),
            ],
            &[],
        ),
    ]);
}

#[test]
fn a_default_makes_way_for_a_type_that_is_made_anew() {
    let spans = |bounds, column: Column| {
        vec![Range::new("span", bounds).in_schema("app").into(), table("t").column(column).into()]
    };
    let span = || Column::new("b", types::custom("app.span"));
    let text = || Column::new("b", types::text());
    let codes = |base, column: Column| vec![Domain::new("code", base).into(), table("t").column(column).into()];
    let code = || Column::new("b", types::custom("code"));
    let pairs = |attribute, column: Column| {
        vec![Composite::new("pair").attribute("x", attribute).into(), table("t").column(column).into()]
    };
    check(vec![
        case(
            "a column with a default becomes text while its range type gets other bounds",
            spans(types::integer(), span().default_sql("'empty'")),
            spans(types::text(), text()),
            &[],
        ),
        case(
            "a column becomes text with another default while its range type gets other bounds",
            spans(types::integer(), span().default_sql("'empty'")),
            spans(types::text(), text().default_text("none")),
            &[],
        ),
        case(
            "a column with a default becomes an integer while its domain becomes text",
            codes(types::integer(), code().default_sql("1")),
            codes(types::text(), Column::new("b", types::integer()).default_sql("2")),
            &[],
        ),
        case(
            "the default of another column casts to a domain that is made anew",
            codes(types::integer(), Column::new("b", types::integer()).default_sql("1::code")),
            codes(types::smallint(), Column::new("b", types::integer()).default_sql("1::code")),
            &[],
        ),
        case(
            "the default of another column casts to a domain that is made anew, and is another one then",
            codes(types::integer(), Column::new("b", types::integer()).default_sql("1::code")),
            codes(types::smallint(), Column::new("b", types::integer()).default_sql("2")),
            &[],
        ),
        case(
            "the default of another column is an attribute of a type that gets another one",
            pairs(types::integer(), Column::new("b", types::text()).default_sql("('(1)'::pair).x::text")),
            pairs(types::text(), Column::new("b", types::text()).default_sql("('(1)'::pair).x::text")),
            &[],
        ),
    ]);
}
