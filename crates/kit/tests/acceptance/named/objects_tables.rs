//! What tables have that no snapshot holds, partitions, and comments.

use schema::build::{
    Check, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Function, Identity, Index, Object, Table,
    Trigger, View, enumeration, types,
};
use schema::{CommentKind, Deferral, Storage, TriggerEvent};

use super::{case, check};

fn rooms() -> Table {
    Table::new("rooms")
        .column(Column::new("room", types::text()))
        .column(Column::new("number", types::integer()))
        .column(Column::new("at", types::custom("int4range")))
}

fn free() -> Exclusion {
    Exclusion::new("free").element(ExclusionElement::column("at", "&&"))
}

#[test]
fn parts_of_tables_are_reached() {
    let hashed = || Exclusion::new("one").using("hash").element(ExclusionElement::column("number", "="));
    check(vec![
        case("a table comes with everything", [], [everything().into()], &[]).without_rows(),
        case("a table gets everything", [rooms().into()], [everything().into()], &[]),
        case("a table loses everything", [everything().into()], [rooms().into()], &[]),
        case(
            "everything stays while table, schema and columns are renamed",
            [everything().into()],
            [Table::new("halls")
                .in_schema("app")
                .column(Column::new("hall", types::text()).storage(Storage::External).compression("pglz"))
                .column(Column::new("number", types::integer()))
                .column(Column::new("during", types::custom("int4range")))
                .exclude(Exclusion::new("free").element(ExclusionElement::column("during", "&&")).filter("number > 0"))
                .storage_parameter("fillfactor", "70")
                .storage_parameter("toast.autovacuum_enabled", "false")
                .unlogged()
                .enable_rls()
                .force_rls()
                .into()],
            &["public.rooms=app.halls", "app.halls.room=app.halls.hall", "app.halls.at=app.halls.during"],
        ),
        case(
            "an exclusion constraint changes its condition, its time and its method",
            [rooms().exclude(free()).exclude(hashed()).into()],
            [rooms()
                .exclude(free().filter("number > 0").deferral(Deferral::InitiallyImmediate))
                .exclude(
                    Exclusion::new("one")
                        .using("btree")
                        .element(ExclusionElement::expression("number + 1", "=").operator_class("int4_ops")),
                )
                .into()],
            &[],
        ),
        case(
            "a column under an exclusion constraint gets another type",
            [rooms().exclude(hashed().filter("number <> 7")).into()],
            [Table::new("rooms")
                .column(Column::new("room", types::text()))
                .column(Column::new("number", types::text()))
                .column(Column::new("at", types::custom("int4range")))
                .exclude(hashed().filter("number <> '7'"))
                .into()],
            &[],
        ),
        case(
            "an exclusion constraint calls a function that is made anew",
            [
                Function::new("f")
                    .argument("a", types::integer())
                    .returns("integer")
                    .sql("select a")
                    .immutable()
                    .into(),
                rooms()
                    .exclude(Exclusion::new("x").element(ExclusionElement::expression("f(number)", "=")).using("btree"))
                    .into(),
            ],
            [
                Function::new("f")
                    .argument("b", types::integer())
                    .returns("integer")
                    .sql("select b")
                    .immutable()
                    .into(),
                rooms()
                    .exclude(Exclusion::new("x").element(ExclusionElement::expression("f(number)", "=")).using("btree"))
                    .into(),
            ],
            &[],
        ),
        case(
            "storage parameters change, and a new type keeps how values are stored",
            [everything().into()],
            [Table::new("rooms")
                .column(Column::new("room", types::varchar(9)).storage(Storage::External).compression("pglz"))
                .column(Column::new("number", types::numeric()).storage(Storage::External))
                .column(Column::new("at", types::custom("int4range")))
                .storage_parameter("fillfactor", "80")
                .storage_parameter("autovacuum_enabled", "off")
                .into()],
            &[],
        ),
    ]);
}

fn everything() -> Table {
    Table::new("rooms")
        .column(Column::new("room", types::text()).storage(Storage::External).compression("pglz"))
        .column(Column::new("number", types::integer()))
        .column(Column::new("at", types::custom("int4range")))
        .exclude(free().filter("number > 0"))
        .storage_parameter("fillfactor", "70")
        .storage_parameter("toast.autovacuum_enabled", "false")
        .unlogged()
        .enable_rls()
        .force_rls()
}

/// An object of every kind.
fn commented() -> Vec<Object> {
    vec![
        enumeration("mood", ["1", "2"]).into(),
        Domain::new("d", types::integer()).check("d_check", "VALUE > 0").into(),
        Composite::new("c").attribute("a", types::integer()).into(),
        Function::new("f").argument("a", types::integer()).returns("integer").sql("select a").immutable().into(),
        Function::new("touch").returns("trigger").plpgsql("begin return new; end").into(),
        Table::new("users")
            .column(Column::new("id", types::integer()).primary_key())
            .column(Column::new("name", types::text()).unique())
            .check(Check::new("positive", "f(id) > 0"))
            .index(Index::on(["name"]).name("by_name"))
            .trigger(Trigger::before("t", [TriggerEvent::Insert]).for_each_row().execute("touch"))
            .into(),
        View::new("v").query("select id, name from users").into(),
        View::new("m").query("select id from users").materialized().into(),
    ]
}

/// The same with a comment on each, or on its part.
fn comments(text: &str) -> Vec<Object> {
    let on = |kind, name: &str| Comment::on_object(kind, name, text).into();
    let part = |kind, owner: &str, name: &str| Comment::on_part(kind, owner, name, text).into();
    vec![
        on(CommentKind::Type, "mood"),
        on(CommentKind::Domain, "d"),
        part(CommentKind::DomainConstraint, "d", "d_check"),
        on(CommentKind::Type, "c"),
        part(CommentKind::Column, "c", "a"),
        Comment::on_function("f", [types::integer()], text).into(),
        on(CommentKind::Table, "users"),
        part(CommentKind::Column, "users", "name"),
        part(CommentKind::Constraint, "users", "users_pkey"),
        part(CommentKind::Constraint, "users", "users_name_unique"),
        part(CommentKind::Constraint, "users", "positive"),
        on(CommentKind::Index, "by_name"),
        part(CommentKind::Trigger, "users", "t"),
        on(CommentKind::View, "v"),
        part(CommentKind::Column, "v", "name"),
        on(CommentKind::MaterializedView, "m"),
        Comment::on(CommentKind::Schema, "public", text).into(),
    ]
}

fn with_comments(text: &str) -> Vec<Object> {
    commented().into_iter().chain(comments(text)).collect()
}

#[test]
fn comments_are_reached() {
    check(vec![
        case("comments come with what they are on", [], with_comments("it's \\ new"), &[]).without_rows(),
        case("comments come", commented(), with_comments("new"), &[]),
        case("comments change", with_comments("old"), with_comments("new"), &[]),
        case("comments go", with_comments("old"), commented(), &[]),
        case("comments go with what they are on", with_comments("old"), [], &[]).without_rows(),
        case(
            "what is made anew gets its comment back",
            with_comments("old"),
            [
                enumeration("mood", ["2"]).into(),
                Domain::new("d", types::bigint()).check("d_check", "VALUE > 0").into(),
                Composite::new("c").attribute("a", types::integer()).into(),
                Function::new("f")
                    .argument("b", types::integer())
                    .returns("integer")
                    .sql("select b")
                    .immutable()
                    .into(),
                Function::new("touch").returns("trigger").plpgsql("begin return new; end").into(),
                Table::new("users")
                    .column(Column::new("id", types::integer()).primary_key())
                    .column(Column::new("name", types::varchar(9)).unique())
                    .check(Check::new("positive", "f(id) > 0"))
                    .index(Index::on(["name", "id"]).name("by_name"))
                    .trigger(Trigger::after("t", [TriggerEvent::Insert]).for_each_row().execute("touch"))
                    .into(),
                View::new("v").query("select name, id from users").into(),
                View::new("m").query("select id + 1 as id from users").materialized().into(),
            ]
            .into_iter()
            .chain(comments("old")),
            &[],
        ),
        case(
            "comments stay while table and column are renamed and moved",
            [
                Table::new("users")
                    .column(Column::new("id", types::integer()).comment("the number").primary_key())
                    .column(Column::new("name", types::text()).unique())
                    .index(Index::on(["name"]).name("by_name"))
                    .comment("people")
                    .into(),
                Comment::on_object(CommentKind::Index, "by_name", "fast").into(),
                Comment::on_part(CommentKind::Constraint, "users", "users_pkey", "the key").into(),
            ],
            [
                Table::new("people")
                    .in_schema("app")
                    .column(Column::new("key", types::integer()).comment("the number").primary_key())
                    .column(Column::new("name", types::text()).unique())
                    .index(Index::on(["name"]).name("by_name"))
                    .comment("people")
                    .into(),
                Comment::on_object(CommentKind::Index, "by_name", "fast").in_schema("app").into(),
                Comment::on_part(CommentKind::Constraint, "people", "people_pkey", "the key").in_schema("app").into(),
            ],
            &["public.users=app.people", "app.people.id=app.people.key"],
        ),
        case(
            "comments go from what PostgreSQL named after a table and a column that are renamed",
            [
                Table::new("users")
                    .column(Column::new("id", types::serial()).primary_key())
                    .column(Column::new("number", types::integer()).identity(Identity::always()))
                    .into(),
                Comment::on_part(CommentKind::Constraint, "users", "users_pkey", "the key").into(),
                Comment::on_object(CommentKind::Index, "users_pkey", "fast").into(),
                Comment::on_object(CommentKind::Sequence, "users_id_seq", "the numbers").into(),
                Comment::on_object(CommentKind::Sequence, "users_number_seq", "more numbers").into(),
            ],
            [Table::new("people")
                .in_schema("app")
                .column(Column::new("key", types::serial()).primary_key())
                .column(Column::new("number", types::integer()).identity(Identity::always().name("users_number_seq")))
                .into()],
            &["public.users=app.people", "app.people.id=app.people.key"],
        ),
        case(
            "a primary key that has a comment gives way to one on a new column",
            [
                Table::new("t")
                    .column(Column::new("a", types::integer()))
                    .column(Column::new("b", types::integer()).primary_key())
                    .into(),
                Comment::on_part(CommentKind::Constraint, "t", "t_pkey", "the key").into(),
            ],
            [
                Table::new("t")
                    .column(Column::new("a", types::integer()))
                    .column(Column::new("c", types::integer()).primary_key())
                    .into(),
                Comment::on_part(CommentKind::Constraint, "t", "t_pkey", "the key").into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a generated column is made anew, and its comment with it",
            [Table::new("t")
                .column(Column::new("a", types::integer()))
                .column(Column::new("b", types::integer()).generated("a + 1").comment("more"))
                .into()],
            [Table::new("t")
                .column(Column::new("a", types::integer()))
                .column(Column::new("b", types::integer()).generated("a + 2").comment("more"))
                .into()],
            &[],
        ),
    ]);
}
