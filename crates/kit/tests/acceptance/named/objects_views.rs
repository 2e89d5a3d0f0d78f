use schema::CommentKind;
use schema::build::{
    Collation, Column, Comment, Function, Index, IndexColumn, Object, Table, View, enumeration, types,
};

use super::{case, check};

const NAMES: &str = r#"select "id", "name" from "users""#;

fn users(name: Column) -> Table {
    Table::new("users").column(Column::new("id", types::integer()).primary_key()).column(name)
}

fn text() -> Column {
    Column::new("name", types::text())
}

fn view(name: &str) -> View {
    View::new(name).query(NAMES).materialized()
}

/// A unique index, as REFRESH CONCURRENTLY needs it, under a name of its own.
fn by_id() -> Index {
    Index::on(["id"]).name("by_id").unique()
}

fn lower() -> Index {
    Index::on([IndexColumn::expression("lower(name)").desc()]).name("lower").filter("id > 0")
}

/// The table and such views.
fn with<const N: usize>(views: [View; N]) -> Vec<Object> {
    views.into_iter().map(Object::from).chain([users(text()).into()]).collect()
}

/// A view, and a function that its index calls.
fn calling(function: &str, body: &str, argument: &str) -> Vec<Object> {
    let twice = Function::new(function).argument(argument, types::integer()).returns("integer").immutable().sql(body);
    let on = IndexColumn::expression(format!("{function}(id)"));
    let mut objects = with([view("v").index(Index::on([on]).name("called"))]);
    objects.push(twice.into());
    objects
}

#[test]
fn indexes_of_materialized_views_are_reached() {
    check(vec![
        case(
            "an index comes to a view that stays, one goes, and one changes",
            with([view("v").index(by_id()).index(lower())]),
            with([view("v").index(lower().filter("id > 1")).index(Index::on(["name"]).with("fillfactor", 70))]),
            &[],
        ),
        case("an index is built concurrently", with([view("v")]), with([view("v").index(by_id().concurrently())]), &[]),
        case(
            "an index includes a column from now on",
            with([view("v").index(by_id())]),
            with([view("v").index(by_id().include(["name"]))]),
            &[],
        ),
        case(
            "a view is new with its indexes",
            with([]),
            with([view("v").with_no_data().index(by_id()).index(lower())]),
            &[],
        ),
        case(
            "a query changes, and the indexes come back",
            with([view("v").index(by_id()).index(lower())]),
            with([view("v").query(r#"select "id", "name" || 'a' as name from "users""#).index(by_id()).index(lower())]),
            &[],
        ),
        case(
            "a view becomes plain, and another one materialized with the name of its index",
            with([view("v").index(by_id()), View::new("w").query(NAMES)]),
            with([View::new("v").query(NAMES), view("w").index(by_id())]),
            &[],
        ),
        case(
            "a column is retyped below, and what stands on the view too",
            with([view("v").index(by_id()), view("on v").query("select id from v").index(by_id().name("on_id"))]),
            with([view("v").index(by_id()), view("on v").query("select id from v").index(by_id().name("on_id"))])
                .into_iter()
                .filter(|object| !matches!(object, Object::Table(_)))
                .chain([users(Column::new("name", types::varchar(99))).into()]),
            &[],
        ),
        case(
            "the name of an index goes to one of a table",
            with([view("v").index(by_id())]),
            [users(text()).index(by_id()).into()],
            &[],
        ),
    ]);
}

#[test]
fn indexes_go_along_with_their_view() {
    let in_app = |name: &str| view(name).in_schema("app");
    check(vec![
        case(
            "a view is renamed and keeps them",
            with([view("v").index(by_id()).index(lower())]),
            with([view("w").index(by_id()).index(lower().filter("id > 1"))]),
            &["view:public.v=public.w"],
        ),
        case(
            "a view is moved and renamed, and one of them is another",
            with([view("v").index(by_id()).index(lower())]),
            with([in_app("w").index(by_id()).index(lower().filter("id > 1"))]),
            &["view:public.v=app.w"],
        ),
        case(
            "the schema is renamed",
            with([in_app("v").index(by_id())]),
            with([view("v").in_schema("new").index(by_id())]),
            &["schema:app=new"],
        ),
        case(
            "two views change schemas, with indexes of one name",
            with([view("v").index(by_id()), in_app("w").index(by_id())]),
            with([in_app("v").index(by_id()), view("w").index(by_id())]),
            &["view:public.v=app.v", "view:app.w=public.w"],
        ),
        case(
            "a view and a table change schemas, with indexes of one name",
            with([view("v").index(by_id())]).into_iter().chain([Table::new("t")
                .in_schema("app")
                .column(text())
                .index(Index::on(["name"]).name("by_id"))
                .into()]),
            with([in_app("v").index(by_id())])
                .into_iter()
                .chain([Table::new("t").column(text()).index(Index::on(["name"]).name("by_id")).into()]),
            &["view:public.v=app.v", "app.t=public.t"],
        ),
        case(
            "a view comes to where another index has the name for longer",
            with([view("v").index(by_id()), in_app("w").index(by_id())]),
            with([in_app("v").index(by_id().name("other")), in_app("w").index(by_id())]),
            &["view:public.v=app.v"],
        ),
        case(
            "comments on them stay, and come back",
            with([view("v").index(by_id()), view("w").index(lower())])
                .into_iter()
                .chain([index_comment("public", "by_id"), index_comment("public", "lower")]),
            with([in_app("v").index(by_id()), view("w").query("select id, name from users").index(lower())])
                .into_iter()
                .chain([index_comment("app", "by_id"), index_comment("public", "lower")]),
            &["view:public.v=app.v"],
        ),
    ]);
}

fn index_comment(schema: &str, name: &str) -> Object {
    Comment::on_object(CommentKind::Index, name, "as it is").in_schema(schema).into()
}

#[test]
fn what_an_index_of_a_view_stands_on_is_reached() {
    let german = |locale: &str| {
        let on = IndexColumn::expression("name COLLATE german");
        let mut objects = with([view("v").index(Index::on([on]).name("sorted"))]);
        objects.push(Collation::new("german", locale).into());
        objects
    };
    let moody = |values: &[&str]| {
        let mood = enumeration("mood", values.iter().copied());
        let table = Table::new("users").column(Column::new("name", types::text()));
        let cast = Index::on(["name"]).name("ok").filter("'ok'::mood < 'good'::mood");
        [mood.into(), table.into(), View::new("v").query("select name from users").materialized().index(cast).into()]
    };
    check(vec![
        case(
            "a function is made anew under an index alone",
            calling("twice", "select 2 * $1", "a"),
            calling("twice", "select 2 * $1", "b"),
            &[],
        ),
        case(
            "a function is renamed",
            calling("twice", "select 2 * $1", "a"),
            calling("double", "select 2 * $1", "a"),
            &["function:public.twice=public.double"],
        ),
        case(
            "a function comes with the index, and goes with it",
            with([view("v")]),
            calling("twice", "select 2 * $1", "a"),
            &[],
        ),
        case("a function goes with the view", calling("twice", "select 2 * $1", "a"), with([]), &[]),
        case("a collation is made anew", german("C"), german("POSIX"), &[]),
        case("an enum is made anew", moody(&["ok", "good", "gone"]), moody(&["ok", "good", "new"]), &[]),
    ]);
}
