//! The safer form of migrations, run in the migrator's units: it leads where the other one leads, with the same rows.

use kit::rename::Answer;
use schema::Schema;
use schema::build::{self, Check, Column, ForeignKey, Index, IndexColumn, Object, PrimaryKey, Table, Unique, types};

use crate::random::{check, edited, edits};
use crate::support::{Case, Database, Failure};

fn table(name: &str) -> Table {
    Table::new(name)
        .column(Column::new("a", types::integer()))
        .column(Column::new("b", types::text()))
        .column(Column::new("c", types::integer()))
}

fn schema(objects: impl IntoIterator<Item = Object>) -> Schema {
    build::schema(objects).unwrap()
}

#[test]
fn everything_that_has_a_safer_form_is_reached_by_it() {
    let database = Database::new();
    let previous = schema([
        table("t").index(Index::on(["b"]).name("old")).index(Index::on(["c"]).name("other")).into(),
        table("u").unique(Unique::on(["b"]).name("u_b")).into(),
        table("q\"t").in_schema("app").into(),
        table("keys").into(),
    ]);
    let next = schema([
        Table::new("t")
            .column(Column::new("a", types::integer()).not_null())
            .column(Column::new("b", types::text()))
            .column(Column::new("c", types::integer()))
            .index(Index::on(["b", "a"]).name("old"))
            .index(Index::on([IndexColumn::expression("lower(b)")]).name("lower").filter("a > 0").unique())
            .check(Check::new("positive", "a > 0"))
            .primary_key(PrimaryKey::on(["a", "c"]).name("key"))
            .foreign_key(ForeignKey::new(["b"]).references("u", ["b"]).name("to_u"))
            .into(),
        Table::new("u")
            .column(Column::new("a", types::integer()).primary_key())
            .column(Column::new("b", types::text()))
            .column(Column::new("c", types::integer()))
            .unique(Unique::on(["b"]).name("u_b"))
            .into(),
        table("people").in_schema("app").unique(Unique::on(["a", "b"]).name("q\"u")).into(),
        table("keys")
            .primary_key(PrimaryKey::on(["a"]).name("of_keys").include(["b"]).deferrable())
            .unique(Unique::on(["b"]).name("keys_b").include(["a"]).initially_deferred())
            .index(Index::on(["c"]).name("keys_c").include(["b"]).unique())
            .foreign_key(ForeignKey::new(["c"]).references("keys", ["c"]).name("to_c").match_full().deferrable())
            .check(Check::new("positive", "a > 0").no_inherit())
            .into(),
        table("new").check(Check::new("positive", "a > 0")).index(Index::on(["a"]).name("of_new")).into(),
    ]);
    let answers = vec![Answer::rename("app.q\"t=app.people").unwrap()];
    let case = Case { previous, next, answers, is_safer: true, ..Case::default() };
    match case.check(&database) {
        Ok(report) => assert!(report.kept_rows),
        Err(Failure::Fixture(why) | Failure::Migration(why)) => panic!("{why}"),
    }
}

#[test]
fn a_changed_schema_is_reached_by_the_safer_form_too() {
    check(edits(), 15, |(spec, edits)| Case { is_safer: true, ..edited(spec, edits) });
}
