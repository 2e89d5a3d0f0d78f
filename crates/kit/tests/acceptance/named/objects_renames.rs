//! Types, functions and triggers that get another name or move to another schema.

use schema::TriggerEvent::{Insert, Update};
use schema::build::{
    Check, Collation, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Function, Index, IndexColumn,
    Object, PartitionKey, Policy, Range, Table, Trigger, View, types,
};
use schema::{CollationName, CommentKind, Deferral};

use super::{case, check};

/// Everything that can have a type, and name it.
fn of_type(name: &str, literal: &str) -> Vec<Object> {
    let value = || format!("{literal}::{name}");
    vec![
        Table::new("users")
            .column(Column::new("id", types::integer()))
            .column(Column::new("a", types::custom(name)).default_sql(value()))
            .column(Column::new("many", types::custom(format!("{name}[]"))))
            .check(Check::new("a_check", format!("a IS DISTINCT FROM {} OR true", value())))
            .index(Index::on(["id"]).filter(format!("a IS DISTINCT FROM {}", value())).name("some_users"))
            .into(),
        Composite::new("holder").attribute("held", types::custom(name)).into(),
        Domain::new("over", types::custom(name))
            .check("over_check", format!("VALUE IS DISTINCT FROM {}", value()))
            .into(),
        Function::new("takes")
            .argument_with_default("x", types::custom(name), value())
            .returns("boolean")
            .plpgsql("begin return true; end")
            .into(),
        View::new("v").query(format!("select id, {} as b from users", value())).into(),
        Comment::on_function("takes", [types::custom(name)], "it takes").into(),
    ]
}

fn with(object: impl Into<Object>, others: Vec<Object>) -> Vec<Object> {
    others.into_iter().chain([object.into()]).collect()
}

#[test]
fn types_get_other_names() {
    let positive = |name: &str| Domain::new(name, types::integer()).check("positive", "VALUE > 0").default_sql("7");
    let pair = |name: &str| Composite::new(name).attribute("a", types::integer()).attribute("b", types::text());
    check(vec![
        case(
            "a domain is renamed under everything that has it",
            with(positive("natural"), of_type("natural", "'3'")),
            with(positive("counting"), of_type("counting", "'3'")),
            &["domain:public.natural=public.counting"],
        ),
        case(
            "a domain moves to another schema with another name",
            with(positive("natural"), of_type("natural", "'3'")),
            with(positive("counting").in_schema("app"), of_type("app.counting", "'3'")),
            &["public.natural=app.counting"],
        ),
        case(
            "a domain is renamed and gets another type, and a function that takes it is made anew",
            with(positive("natural"), of_type("natural", "'3'")),
            with(
                Domain::new("counting", types::bigint()).check("positive", "VALUE > 0").default_sql("8"),
                of_type("counting", "'3'"),
            ),
            &["public.natural=public.counting"],
        ),
        case(
            "a domain that allows no NULL is renamed",
            with(Domain::new("natural", types::integer()).not_null(), Vec::new()),
            with(Domain::new("counting", types::integer()).not_null(), Vec::new()),
            &["public.natural=public.counting"],
        )
        .without_rows(),
        case(
            "two domains change names",
            [
                Domain::new("a", types::integer()).into(),
                Domain::new("b", types::text()).into(),
                Table::new("t")
                    .column(Column::new("id", types::custom("a")))
                    .column(Column::new("name", types::custom("b")))
                    .into(),
            ],
            [
                Domain::new("b", types::integer()).into(),
                Domain::new("a", types::text()).into(),
                Table::new("t")
                    .column(Column::new("id", types::custom("b")))
                    .column(Column::new("name", types::custom("a")))
                    .into(),
            ],
            &["domain:public.a=public.b", "domain:public.b=public.a"],
        ),
        case(
            "a domain gets the name of another one, which goes",
            [
                Domain::new("a", types::integer()).into(),
                Domain::new("b", types::text()).into(),
                Table::new("t").column(Column::new("id", types::custom("a"))).into(),
            ],
            [
                Domain::new("a", types::text()).into(),
                Table::new("t").column(Column::new("id", types::integer())).into(),
            ],
            &[],
        ),
        case(
            "a composite type is renamed under everything that has it",
            with(pair("pair"), of_type("pair", "'(1,x)'")),
            with(pair("couple"), of_type("couple", "'(1,x)'")),
            &["composite:public.pair=public.couple"],
        ),
        case(
            "a composite type moves, gets an attribute, and loses another",
            with(pair("pair"), of_type("pair", "'(1,)'")),
            with(
                Composite::new("couple")
                    .in_schema("app")
                    .attribute("a", types::integer())
                    .attribute("c", types::text()),
                of_type("app.couple", "'(1,)'"),
            ),
            &["public.pair=app.couple"],
        ),
    ]);
}

#[test]
fn ranges_and_collations_get_other_names() {
    let span = |name: &str| Range::new(name, types::integer());
    let made = |range: &str, many: &str| {
        vec![
            Table::new("t")
                .column(Column::new("id", types::integer()))
                .column(Column::new("a", types::custom(range)).default_sql(format!("{range}(1, 2)")))
                .column(Column::new("b", types::custom(many)).default_sql(format!("{many}({range}(1, 2))")))
                .check(Check::new("c", format!("a <> {range}(3, 4, '[]')")))
                .into(),
        ]
    };
    let sorted = |name: &str, schema: &str| {
        let collation = || CollationName { schema: Some(schema.to_owned()), name: name.to_owned() };
        vec![
            Collation::new(name, "de-x-icu").in_schema(schema).icu().into(),
            Domain::new("word", types::text()).collate(collation()).into(),
            Table::new("t")
                .column(Column::new("id", types::integer()))
                .column(Column::new("name", types::text()).collate(collation()))
                .check(Check::new("c", format!("name collate {schema}.{name} < 'z'")))
                .index(Index::on(["name"]).name("by_name"))
                .into(),
            Comment::on_object(CommentKind::Collation, name, "as in the book").in_schema(schema).into(),
        ]
    };
    check(vec![
        case(
            "a range type is renamed with its multirange and what makes both",
            with(span("span"), made("span", "span_multirange")),
            with(span("period"), made("period", "period_multirange")),
            &["range:public.span=public.period"],
        ),
        case(
            "a range type moves with a multirange that has a name of its own",
            with(span("span").multirange("spans"), made("span", "spans")),
            with(span("period").in_schema("app").multirange("spans"), made("app.period", "app.spans")),
            &["range:public.span=app.period"],
        ),
        case(
            "a range type is renamed and gets another type of bounds",
            with(span("span"), vec![Table::new("t").column(Column::new("a", types::custom("span"))).into()]),
            with(
                Range::new("period", types::bigint()),
                vec![Table::new("t").column(Column::new("a", types::custom("period"))).into()],
            ),
            &["range:public.span=public.period"],
        ),
        case(
            "a collation is renamed under a column, a domain, a check and an index",
            sorted("german", "public"),
            sorted("deutsch", "public"),
            &["collation:public.german=public.deutsch"],
        ),
        case(
            "a collation moves to another schema",
            sorted("german", "public"),
            sorted("german", "app"),
            &["collation:public.german=app.german"],
        ),
    ]);
}

fn twice(name: &str) -> Function {
    Function::new(name).argument("x", types::integer()).returns("integer").sql("select x * 2").immutable()
}

/// Everything that can call a function.
fn callers(name: &str) -> Vec<Object> {
    vec![
        Table::new("users")
            .column(Column::new("id", types::integer()))
            .column(Column::new("a", types::integer()).default_sql(format!("{name}(1)")))
            .column(Column::new("b", types::integer()).generated(format!("{name}(id)")))
            .check(Check::new("c", format!("{name}(id) > 0")))
            .index(Index::on([IndexColumn::expression(format!("({name}(id))"))]).name("by_twice"))
            .exclude(
                Exclusion::new("once").using("btree").element(ExclusionElement::expression(format!("{name}(id)"), "=")),
            )
            .policy(Policy::new("own").using(format!("{name}(id) > 1")))
            .into(),
        Domain::new("even", types::integer()).check("even_check", format!("{name}(VALUE) > 0")).into(),
        Function::new("more")
            .argument_with_default("x", types::integer(), format!("{name}(1)"))
            .returns("integer")
            .sql(format!("select {name}(x)"))
            .into(),
        View::new("v").query(format!("select {name}(id) from users")).into(),
    ]
}

#[test]
fn functions_get_other_names() {
    let parted = |name: &str| -> Object {
        Table::new("parted")
            .column(Column::new("id", types::integer()))
            .partition_by(PartitionKey::range().expression(format!("{name}(id)")))
            .into()
    };
    check(vec![
        case(
            "a function is renamed under a partition key that calls it",
            [twice("twice").into(), parted("twice")],
            [twice("doubled").into(), parted("doubled")],
            &["function:public.twice=public.doubled"],
        )
        .without_rows(),
        case(
            "a function is renamed under all that calls it",
            with(twice("twice"), callers("twice")),
            with(twice("doubled"), callers("doubled")),
            &["function:public.twice=public.doubled"],
        ),
        case(
            "a function moves to another schema with another name",
            with(twice("twice"), callers("twice")),
            with(twice("doubled").in_schema("app"), callers("app.doubled")),
            &["public.twice=app.doubled"],
        ),
        case(
            "a function is renamed and the name of an argument changes",
            with(twice("twice"), callers("twice")),
            with(
                Function::new("doubled")
                    .argument("y", types::integer())
                    .returns("integer")
                    .sql("select y * 2")
                    .immutable(),
                callers("doubled"),
            ),
            &["public.twice(integer)=public.doubled(integer)"],
        ),
        case(
            "two functions change names, and one of them its body",
            [
                twice("a").into(),
                Function::new("b")
                    .argument("x", types::integer())
                    .returns("integer")
                    .sql("select 1")
                    .immutable()
                    .into(),
                Table::new("t").column(Column::new("id", types::integer()).default_sql("a(b(1))")).into(),
                View::new("v").query("select a(1) as a").into(),
            ],
            [
                twice("b").into(),
                Function::new("a")
                    .argument("x", types::integer())
                    .returns("integer")
                    .sql("select 2")
                    .immutable()
                    .into(),
                Table::new("t").column(Column::new("id", types::integer()).default_sql("b(a(1))")).into(),
                View::new("v").query("select a(1) as a").into(),
            ],
            &["public.a=public.b", "public.b=public.a"],
        ),
        case(
            "a function is renamed, and another one gets its name",
            with(twice("twice"), vec![View::new("v").query("select twice(1) as t").into()]),
            [
                twice("doubled").into(),
                Function::new("twice").argument("x", types::integer()).returns("bigint").sql("select 1::bigint").into(),
                View::new("v").query("select twice(1) as t").into(),
            ],
            &["public.twice=public.doubled"],
        )
        .without_rows(),
        case(
            "one of two functions of a name is renamed",
            [
                twice("twice").into(),
                Function::new("twice").argument("x", types::text()).returns("text").sql("select x || x").into(),
                Table::new("t").column(Column::new("a", types::text()).default_sql("twice('x')")).into(),
            ],
            [
                twice("doubled").into(),
                Function::new("twice").argument("x", types::text()).returns("text").sql("select x || x").into(),
                Table::new("t").column(Column::new("a", types::text()).default_sql("twice('x')")).into(),
            ],
            &["public.twice=public.doubled"],
        ),
        case(
            "a procedure is renamed with its comment, and its argument has a domain and a table that are renamed too",
            [
                Domain::new("natural", types::integer()).into(),
                Table::new("users").column(Column::new("id", types::integer())).into(),
                Function::procedure("clean")
                    .argument("x", types::custom("natural"))
                    .argument("y", types::custom("users"))
                    .plpgsql("begin end")
                    .into(),
                Comment::on_function("clean", ["natural", "users"].map(types::custom), "once a day").procedure().into(),
            ],
            [
                Domain::new("counting", types::integer()).into(),
                Table::new("people").column(Column::new("id", types::integer())).into(),
                Function::procedure("sweep")
                    .argument("x", types::custom("counting"))
                    .argument("y", types::custom("people"))
                    .plpgsql("begin end")
                    .into(),
                Comment::on_function("sweep", ["counting", "people"].map(types::custom), "once a day")
                    .procedure()
                    .into(),
            ],
            &[
                "domain:public.natural=public.counting",
                "public.users=public.people",
                "procedure:public.clean=public.sweep",
            ],
        ),
    ]);
}

#[test]
fn triggers_get_other_names() {
    let touch = |name: &str| Function::new(name).returns("trigger").plpgsql("begin return new; end");
    let table = |name: &str, triggers: Vec<Trigger>| -> Object {
        let table =
            Table::new(name).column(Column::new("id", types::integer())).column(Column::new("a", types::text()));
        triggers.into_iter().fold(table, Table::trigger).into()
    };
    let on_update = |name: &str, function: &str| {
        Trigger::before(name, [Insert, Update]).of(["a"]).for_each_row().when("new.a <> ''").execute(function)
    };
    let deferred = |name: &str, function: &str| {
        Trigger::after(name, [Insert]).for_each_row().constraint(Deferral::InitiallyDeferred).execute(function)
    };
    check(vec![
        case(
            "triggers are renamed on a table that is, with their function and a comment",
            [
                touch("touch").into(),
                table("users", vec![on_update("a", "touch"), deferred("c", "touch")]),
                Comment::on_part(CommentKind::Trigger, "users", "a", "what it does").into(),
            ],
            [
                touch("on_touch").into(),
                table("people", vec![on_update("b", "on_touch"), deferred("d", "on_touch")]),
                Comment::on_part(CommentKind::Trigger, "people", "b", "what it does").into(),
            ],
            &[
                "public.users=public.people",
                "function:public.touch=public.on_touch",
                "trigger:public.people.a=public.people.b",
                "trigger:public.people.c=public.people.d",
            ],
        ),
        case(
            "two triggers change names, and one of them is another one",
            [touch("touch").into(), table("users", vec![on_update("a", "touch"), deferred("b", "touch")])],
            [
                touch("touch").into(),
                table(
                    "users",
                    vec![on_update("b", "touch").state(schema::TriggerState::Disabled), deferred("a", "touch")],
                ),
            ],
            &["trigger:public.users.a=public.users.b", "trigger:public.users.b=public.users.a"],
        ),
        case(
            "a trigger of a view is renamed with the view",
            [
                touch("touch").into(),
                table("users", vec![]),
                View::new("v").query("select id from users").into(),
                Trigger::instead_of("a", [Insert]).on("public", "v").execute("touch").into(),
            ],
            [
                touch("touch").into(),
                table("users", vec![]),
                View::new("w").query("select id from users").into(),
                Trigger::instead_of("b", [Insert]).on("public", "w").execute("touch").into(),
            ],
            &["view:public.v=public.w", "trigger:public.w.a=public.w.b"],
        ),
    ]);
}
