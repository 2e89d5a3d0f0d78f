use schema::build::{Column, Object, Policy, PrimaryKey, Table, View, enumeration, types};

use super::{case, check};

const NAMES: &str = r#"select "name" from "users""#;

fn users(columns: impl IntoIterator<Item = Column>) -> Table {
    let table = Table::new("users").column(Column::new("id", types::integer()).primary_key());
    columns.into_iter().fold(table, Table::column)
}

fn text(name: &str) -> Column {
    Column::new(name, types::text())
}

fn named() -> Table {
    users([text("name")])
}

/// A table, and views by name and query.
fn with(table: Table, views: &[(&str, &str)]) -> Vec<Object> {
    let views = views.iter().map(|(name, query)| Object::from(View::new(*name).query(*query)));
    views.chain([table.into()]).collect()
}

fn materialized(view: &str, query: &str) -> Vec<Object> {
    vec![View::new(view).query(query).materialized().into(), named().into()]
}

/// A view that groups by the key of its table, and a policy on another one.
fn grouped(note: Column, key: PrimaryKey, policy: Policy) -> Vec<Object> {
    let table = Table::new("users").column(Column::new("id", types::integer())).column(text("name")).column(note);
    let others = Table::new("others").column(text("name")).policy(policy);
    let view = View::new("v").query("select id, name from users group by id");
    vec![table.primary_key(key).into(), others.into(), view.into()]
}

#[test]
fn views_are_reached() {
    let on_v = (r#"on "v""#, r#"select "name" from "v" where "name" <> '"v"'"#);
    check(vec![
        case(
            "a view gets another query",
            with(named(), &[("v", NAMES)]),
            with(named(), &[("v", "select 1 as a;\n-- that is all")]),
            &[],
        ),
        case("a view becomes materialized", with(named(), &[("v", NAMES)]), materialized("v", NAMES), &[]),
        case("a view is no longer materialized", materialized("v", NAMES), with(named(), &[("v", NAMES)]), &[]),
        case(
            "a view is renamed and gets another query",
            with(named(), &[("v", NAMES)]),
            with(named(), &[("w", "select 1 as a")]),
            &["view:public.v=public.w"],
        ),
        case(
            "a view is moved and renamed",
            with(named(), &[("v", NAMES)]),
            [View::new("w").in_schema("app").query(NAMES).into(), named().into()],
            &["view:public.v=app.w"],
        ),
        case(
            "the schema of a view is renamed, and the view with it",
            [View::new("v").in_schema("app").query(NAMES).into(), named().into()],
            [View::new("w").in_schema("new").query(NAMES).into(), named().into()],
            &["schema:app=new", "view:new.v=new.w"],
        ),
        case(
            "a view is renamed under another one that names it",
            with(named(), &[("v", NAMES), on_v]),
            with(named(), &[("w", NAMES), (on_v.0, r#"select "name" from "w""#)]),
            &["view:public.v=public.w"],
        ),
        case(
            "views come in the order in which they stand on each other",
            with(named(), &[]),
            with(named(), &[("a", r#"select * from "c""#), ("b", "select * from a"), ("c", NAMES)]),
            &[],
        ),
        case(
            "views go in the order in which they stand on each other",
            with(named(), &[("a", "select * from public.c"), ("b", r#"select * from "public"."a""#), ("c", NAMES)]),
            with(named(), &[]),
            &[],
        ),
        case(
            "a query changes below two views that stay as they are written",
            with(named(), &[("a", "select x.* from c x"), ("b", "select name from a"), ("c", NAMES)]),
            with(named(), &[("a", "select x.* from c x"), ("b", "select name from a"), ("c", "select 'x' as name")]),
            &[],
        ),
        case(
            "a view goes, and a table of its name comes under a view that stays",
            with(named(), &[("v", NAMES), on_v]),
            with(named(), &[on_v]).into_iter().chain([Table::new("v").column(text("name")).into()]),
            &[],
        ),
        case(
            "a table goes, and a view of its name comes under a view that stays",
            with(named(), &[on_v]).into_iter().chain([Table::new("v").column(text("name")).into()]),
            with(named(), &[("v", NAMES), on_v]),
            &[],
        ),
        case(
            "options are set, changed and taken back",
            [
                View::new("a").query(NAMES).option("securityBarrier", true).option("checkOption", "local").into(),
                View::new("b").query(NAMES).materialized().option("fillfactor", 50).into(),
                named().into(),
            ],
            [
                View::new("a").query(NAMES).option("securityInvoker", true).option("checkOption", "cascaded").into(),
                View::new("b").query(NAMES).materialized().option("autovacuumVacuumScaleFactor", 0.5).into(),
                named().into(),
            ],
            &[],
        ),
    ]);
}

#[test]
fn what_a_view_stands_on_is_reached() {
    let moody = |values: &[&str], query: &str| {
        let mood = enumeration("mood", values.iter().copied());
        let table = users([Column::new("mood", types::enumeration(&mood))]);
        with(table, &[("v", query)]).into_iter().chain([mood.into()])
    };
    check(vec![
        case(
            "a column is retyped under a view, and that under another one",
            with(named(), &[("v", NAMES), ("on v", "select v.name from v"), ("aside", "select id from users")]),
            with(
                users([Column::new("name", types::varchar(255))]),
                &[("v", NAMES), ("on v", "select v.name from v"), ("aside", "select id from users")],
            ),
            &[],
        ),
        case(
            "a column only grows under a materialized view",
            [View::new("v").query(NAMES).materialized().into(), users([Column::new("name", types::varchar(9))]).into()],
            [
                View::new("v").query(NAMES).materialized().into(),
                users([Column::new("name", types::varchar(20))]).into(),
            ],
            &[],
        ),
        case(
            "a column goes, and the view does without it",
            with(users([text("name"), text("mail")]), &[("v", r#"select "name", "mail" from "users""#)]),
            with(named(), &[("v", NAMES)]),
            &[],
        ),
        case(
            "a column comes into a view on all columns",
            with(named(), &[("v", "select * from users")]),
            with(users([text("name"), text("mail")]), &[("v", "select * from users")]),
            &[],
        ),
        case(
            "a column comes under a view that is the table",
            with(named(), &[("v", "table users")]),
            with(users([text("name"), text("mail")]), &[("v", "table users")]),
            &[],
        ),
        case(
            "a column goes from a view on all columns",
            with(users([text("name"), text("mail")]), &[("v", "select u.*, count(*) over () from users u")]),
            with(named(), &[("v", "select u.*, count(*) over () from users u")]),
            &[],
        ),
        case(
            "a column is renamed in a view on all columns",
            with(users([text("name"), text("mail")]), &[("v", "SELECT *\nFROM users")]),
            with(users([text("name"), text("email")]), &[("v", "SELECT *\nFROM users")]),
            &["public.users.mail=public.users.email"],
        ),
        case(
            "a column and the table are renamed, and the query says so",
            with(named(), &[("v", NAMES)]),
            with(
                Table::new("people").column(Column::new("id", types::integer()).primary_key()).column(text("label")),
                &[("v", r#"select "label" from "people""#)],
            ),
            &["public.users=public.people", "public.people.name=public.people.label"],
        ),
        case(
            "a generated column is computed anew under a view",
            with(users([text("name"), text("g").generated("lower(name)")]), &[("v", "select g from users")]),
            with(users([text("name"), text("g").generated("upper(name)")]), &[("v", "select g from users")]),
            &[],
        ),
        case(
            "a value goes from an enum under a view that names another one",
            moody(&["ok", "good", "gone"], r#"select "id" from "users" where "mood" = 'ok'"#),
            moody(&["ok", "good", "new"], r#"select "id" from "users" where "mood" = 'ok'"#),
            &[],
        ),
        case(
            "a value goes from an enum that a view casts to",
            moody(&["ok", "good", "gone"], "select 'ok'::mood as m"),
            moody(&["ok", "good", "new"], "select 'ok'::mood as m"),
            &[],
        ),
        case(
            "a value comes, and a view names it in the same step",
            moody(&["a", "b"], "select id from users"),
            moody(&["a", "b", "c"], "select id from users where mood = 'c'"),
            &[],
        ),
        case(
            "the primary key changes under a query that groups by it",
            with(
                Table::new("users").column(Column::new("id", types::integer()).primary_key()).column(text("name")),
                &[("v", "select id, name from users group by id")],
            ),
            with(
                Table::new("users")
                    .column(Column::new("id", types::integer()))
                    .column(text("name"))
                    .primary_key(PrimaryKey::on(["id"]).name("key")),
                &[("v", "select id, name from users group by id")],
            ),
            &[],
        ),
        case(
            "the primary key under a query that groups by it waits for a column of its index, and that for a policy",
            grouped(
                text("note").generated("upper(name)"),
                PrimaryKey::on(["id"]).name("key"),
                Policy::new("p").using("exists (select from users where note is null)"),
            ),
            grouped(
                text("note"),
                PrimaryKey::on(["id"]).name("key").include(["note"]),
                Policy::new("p").using("exists (select from users where name is null)"),
            ),
            &[],
        ),
        case(
            "a table goes with the view on it, and comes again in another form",
            with(named(), &[("v", NAMES)]),
            [Table::new("others").column(text("name")).into(), View::new("v").query("select name from others").into()],
            &[],
        )
        .without_rows(),
        case(
            "names with quotes, dots and semicolons are kept apart",
            with(
                Table::new("a\"b;c").column(text("d.\"e")).column(text("select")),
                &[("v\"; --", r#"select "d.""e", "select" from "a""b;c""#)],
            ),
            with(
                Table::new("a\"b;c").column(Column::new("d.\"e", types::varchar(9))).column(text("select")),
                &[("v\"; --", r#"select "d.""e", "select" from "a""b;c""#)],
            ),
            &[],
        ),
    ]);
}
