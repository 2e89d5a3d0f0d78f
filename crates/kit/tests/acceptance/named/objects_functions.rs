//! Functions and procedures, and what stands on them.

use schema::build::{
    Check, Column, Composite, Domain, Function, Index, IndexColumn, Object, Policy, Table, View, enumeration, types,
};

use super::{case, check};

fn taking(name: &str, argument: types::Type) -> Function {
    let function = Function::new(name).argument("a", argument).returns("integer").immutable();
    function.sql("select case when a is null then 0 else 5 end")
}

fn twice(argument: &str) -> Function {
    Function::new("twice")
        .argument(argument, types::integer())
        .returns("integer")
        .sql(format!("select {argument} * 2"))
        .immutable()
}

pub(super) fn users() -> Table {
    Table::new("users").column(Column::new("id", types::integer())).column(Column::new("name", types::text()))
}

/// Everything in a table that can call a function, and a view.
fn callers() -> Vec<Object> {
    let table = users()
        .column(Column::new("a", types::integer()).default_sql("twice(1)"))
        .column(Column::new("b", types::integer()).generated("twice(id)"))
        .check(Check::new("c", "twice(id) > 0"))
        .index(Index::on([IndexColumn::expression("twice(id)")]).name("by_twice"))
        .index(Index::on(["name"]).filter("\"twice\"(id) > 1").name("some_names"));
    vec![table.into(), View::new("v").query("select twice(id) as t from users").into()]
}

pub(super) fn with(function: Function, others: Vec<Object>) -> Vec<Object> {
    others.into_iter().chain([function.into()]).collect()
}

#[test]
fn functions_are_reached() {
    check(vec![
        case("a function comes with all that calls it", [], with(twice("x"), callers()), &[]).without_rows(),
        case("a function goes with all that calls it", with(twice("x"), callers()), [], &[]).without_rows(),
        case("callers come to a function", with(twice("x"), vec![users().into()]), with(twice("x"), callers()), &[]),
        case(
            "callers go from a function that stays",
            with(twice("x"), callers()),
            with(twice("x"), vec![users().into()]),
            &[],
        ),
        case(
            "a function goes from under its callers, which go too",
            with(twice("x"), callers()),
            [users().into()],
            &[],
        ),
        case(
            "a function goes with a default that calls it, and one of its name with the rows that it gives",
            [
                twice("x").into(),
                Function::new("twice").returns("setof users").sql("select * from users").stable().into(),
                users().column(Column::new("a", types::integer()).default_sql("twice(1)")).into(),
            ],
            [],
            &[],
        )
        .without_rows(),
        case(
            "a body and every attribute change under the callers",
            with(twice("x"), callers()),
            with(
                twice("x")
                    .sql("select x + x")
                    .strict()
                    .leakproof()
                    .security_definer()
                    .parallel(schema::Parallel::Safe)
                    .cost(7)
                    .set("search_path", "''")
                    .set("work_mem", "'8MB'"),
                callers(),
            ),
            &[],
        ),
        case(
            "the name of an argument changes under the callers",
            with(twice("x"), callers()),
            with(twice("y"), callers()),
            &[],
        ),
        case(
            "the result of a function changes under the callers",
            with(twice("x"), callers()),
            with(
                Function::new("twice")
                    .argument("x", types::integer())
                    .returns("bigint")
                    .sql("select x * 2::bigint")
                    .immutable(),
                callers().into_iter().filter(|object| !matches!(object, Object::View(_))).collect(),
            ),
            &[],
        ),
        case(
            "an argument's type loses a length that PostgreSQL does not look at",
            [Function::new("f")
                .argument("x", types::custom("numeric(10, 2)"))
                .returns("integer")
                .sql("select 1")
                .into()],
            [Function::new("f").argument("x", types::numeric()).returns("integer").sql("select 1").into()],
            &[],
        )
        .without_rows(),
        case(
            "a column is generated no more while the function that computed it is made anew",
            with(twice("x"), callers()),
            with(twice("y"), vec![users().column(Column::new("b", types::integer())).into()]),
            &[],
        )
        // Before, PostgreSQL forgets to let go of the function, which takes the column along.
        .since(15),
        case(
            "a column is generated no more while the function that computed it goes",
            with(twice("x"), vec![users().column(Column::new("b", types::integer()).generated("twice(id)")).into()]),
            [users().column(Column::new("b", types::integer())).into()],
            &[],
        )
        // Before, PostgreSQL forgets to let go of the function, which takes the column along.
        .since(15),
        case(
            "the name of an argument changes under callers whose table and column are renamed",
            with(twice("x"), vec![users().column(Column::new("a", types::integer()).default_sql("twice(1)")).into()]),
            with(
                twice("y"),
                vec![
                    Table::new("people")
                        .column(Column::new("id", types::integer()))
                        .column(Column::new("name", types::text()))
                        .column(Column::new("b", types::integer()).default_sql("twice(1)"))
                        .into(),
                ],
            ),
            &["public.users=public.people", "public.people.a=public.people.b"],
        ),
        case(
            "a default that called a function made anew is another one, or none",
            with(
                twice("x"),
                vec![
                    users()
                        .column(Column::new("a", types::integer()).default_sql("twice(1)"))
                        .column(Column::new("b", types::integer()).default_sql("twice(2)"))
                        .column(Column::new("c", types::integer()).default_sql("twice(3)"))
                        .into(),
                ],
            ),
            with(
                twice("y"),
                vec![
                    users()
                        .column(Column::new("a", types::integer()).default_sql("7"))
                        .column(Column::new("b", types::integer()))
                        .column(Column::new("c", types::bigint()).default_sql("twice(3)"))
                        .into(),
                ],
            ),
            &[],
        ),
        case(
            "a policy calls a function that is made anew, and another is replaced",
            with(
                twice("x"),
                vec![
                    users().policy(Policy::new("p").using("twice(id) > 0")).into(),
                    Function::new("who").returns("text").sql("select 'a'").into(),
                ],
            ),
            with(
                twice("y"),
                vec![
                    users()
                        .policy(Policy::new("p").using("twice(id) > 0"))
                        .policy(Policy::new("q").using("name = who()"))
                        .into(),
                    Function::new("who").returns("text").sql("select 'b'").into(),
                ],
            ),
            &[],
        ),
        case(
            "a function goes from under a policy that goes too",
            with(twice("x"), vec![users().policy(Policy::new("p").using("twice(id) > 0")).into()]),
            [users().policy(Policy::new("p").using("id > 0")).into()],
            &[],
        ),
        case(
            "an argument's default comes, goes and calls another function",
            [
                twice("x").into(),
                Function::new("f")
                    .argument_with_default("a", types::integer(), "1")
                    .returns("integer")
                    .sql("select a")
                    .into(),
                Function::new("g").argument("a", types::integer()).returns("integer").sql("select a").into(),
            ],
            [
                twice("x").into(),
                Function::new("f").argument("a", types::integer()).returns("integer").sql("select a").into(),
                Function::new("g")
                    .argument_with_default("a", types::integer(), "twice(2)")
                    .returns("integer")
                    .sql("select a")
                    .into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a function gets another of its name, and then goes",
            [
                Function::new("f")
                    .argument("a", types::integer())
                    .returns("integer")
                    .sql("select a")
                    .immutable()
                    .into(),
                users().check(Check::new("c", "f(id) > 0")).into(),
            ],
            [
                Function::new("f").argument("a", types::bigint()).returns("bigint").sql("select a").immutable().into(),
                users().check(Check::new("c", "f(id::bigint) > 0")).into(),
            ],
            &[],
        ),
        case(
            "functions come in the order in which they call each other and read tables and views",
            [],
            [
                users().into(),
                View::new("v").query("select name from users").into(),
                Function::new("a").returns("bigint").sql("select b() + 1").into(),
                Function::new("b").returns("bigint").sql("select count(*) from v").into(),
                Function::new("c").returns("SETOF users").sql("select * from users").into(),
                Function::new("d")
                    .argument("u", types::custom("users"))
                    .returns("text")
                    .plpgsql("declare x users.name%TYPE; begin return x; end")
                    .into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "functions go before the table whose rows they give",
            [users().into(), Function::new("c").returns("SETOF users").sql("select * from users").into()],
            [Table::new("others").column(Column::new("id", types::integer())).into()],
            &[],
        )
        .without_rows(),
        case(
            "a table's default and check call functions in SQL that read the table",
            [],
            [
                users()
                    .column(Column::new("n", types::bigint()).default_sql("how_many()"))
                    .check(Check::new("few", "how_many_more() < 10"))
                    .into(),
                Function::new("how_many").returns("bigint").sql("select count(*) from users").into(),
                Function::new("how_many_more").returns("bigint").sql("select how_many() + 1").into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a function in SQL reads a column that comes with it",
            [users().into()],
            [
                users().column(Column::new("age", types::integer())).into(),
                Function::new("oldest").returns("integer").sql("select max(age) from users").into(),
            ],
            &[],
        ),
        case(
            "a default calls a function of the same name that takes an enum whose values are others",
            [
                enumeration("mood", ["good"]).into(),
                taking("first", types::integer()).into(),
                taking("second", types::custom("mood")).into(),
                Table::new("t").column(Column::new("a", types::integer()).default_sql("first(NULL::integer)")).into(),
            ],
            [
                enumeration("mood", ["ok"]).into(),
                taking("first", types::custom("mood")).into(),
                taking("second", types::text()).into(),
                Table::new("t").column(Column::new("a", types::integer()).default_sql("first(NULL::mood)")).into(),
            ],
            &[],
        ),
        case(
            "a function takes a domain that gets another type, and a composite type",
            [
                Domain::new("d", types::integer()).into(),
                Composite::new("pair").attribute("a", types::integer()).into(),
                Function::new("f")
                    .argument("a", types::custom("d"))
                    .argument("b", types::custom("pair"))
                    .returns("d")
                    .sql("select a")
                    .immutable()
                    .into(),
                users().check(Check::new("c", "f(id::d, null) > 0")).into(),
            ],
            [
                Domain::new("d", types::bigint()).into(),
                Composite::new("pair").attribute("a", types::bigint()).attribute("b", types::text()).into(),
                Function::new("f")
                    .argument("a", types::custom("d"))
                    .argument("b", types::custom("pair"))
                    .returns("d")
                    .sql("select a")
                    .immutable()
                    .into(),
                users().check(Check::new("c", "f(id::d, null) > 0")).into(),
            ],
            &[],
        ),
        case(
            "a function becomes a procedure, with arguments that go both ways",
            [Function::new("p")
                .argument("a", types::integer())
                .out("b", types::text())
                .plpgsql("begin b := a; end")
                .into()],
            [
                Function::procedure("p")
                    .argument("a", types::integer())
                    .in_out("c", types::text())
                    .plpgsql("begin c := a; end")
                    .into(),
                Function::new("many")
                    .variadic("v", types::integer().array())
                    .returns("TABLE (n integer)")
                    .sql("select unnest(v)")
                    .rows(5)
                    .into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "the schema of a function is renamed",
            [twice("x").in_schema("old").into()],
            [twice("x").in_schema("new").into()],
            &["schema:old=new"],
        )
        .without_rows(),
        case(
            "bodies have every kind of quote in them",
            [Function::new("q\"f").returns("text").plpgsql("begin return 'it''s'; end").into()],
            [Function::new("q\"f")
                .returns("text")
                .plpgsql("-- $$ \\ $body_1$\n--> statement-breakpoint\nbegin return $x$it's$x$; end")
                .into()],
            &[],
        )
        .without_rows(),
    ]);
}
