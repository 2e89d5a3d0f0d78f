//! Domains, collations and extensions.

use schema::build::{
    Check, Collation, Column, Composite, Domain, Extension, Function, Index, IndexColumn, Object, Table, View,
    enumeration, types,
};

use super::{case, check};

/// A table with a column of the type, and an integer beside it.
pub(super) fn users(sql_type: &str) -> Table {
    Table::new("users").column(Column::new("id", types::integer())).column(Column::new("a", types::custom(sql_type)))
}

pub(super) fn positive(base: types::Type) -> Domain {
    Domain::new("positive", base).check("positive_check", "VALUE > 0")
}

#[test]
fn domains_are_reached() {
    let integer = || positive(types::integer());
    check(vec![
        case("a domain comes with the table that has it", [], [integer().into(), users("positive").into()], &[])
            .without_rows(),
        case("a domain goes with the table that has it", [integer().into(), users("positive").into()], [], &[])
            .without_rows(),
        case(
            "a column gets a domain, and another loses one",
            [Domain::new("old", types::integer()).into(), users("old").into()],
            [integer().into(), users("positive").into()],
            &[],
        ),
        case(
            "a domain gets other conditions, a default and NOT NULL",
            [integer().into(), users("positive").into()],
            [
                Domain::new("positive", types::integer())
                    .check("small", "VALUE < 100")
                    .check("positive_check", "VALUE > -1")
                    .default_sql("7")
                    .not_null()
                    .into(),
                users("positive").into(),
            ],
            &[],
        ),
        case(
            "a column gets the domain of two that have its name",
            [users("text").into()],
            [
                Domain::new("d", types::custom("integer[]")).in_schema("app").into(),
                Domain::new("d", types::bigint()).into(),
                users("d").into(),
            ],
            &[],
        ),
        case(
            "a domain gets another type, and a column has another one of its name",
            [
                Domain::new("d", types::text()).in_schema("app").into(),
                Domain::new("d", types::custom("integer[]")).into(),
                users("d").into(),
            ],
            [
                Domain::new("d", types::integer()).in_schema("app").into(),
                Domain::new("d", types::custom("integer[]")).into(),
                users("d").into(),
            ],
            &[],
        ),
        case(
            "a row of nothing becomes an array of one",
            [
                Composite::new("pair").attribute("a", types::custom("uuid")).into(),
                users("integer").column(Column::new("p", types::custom("pair")).default_sql("'()'")).into(),
            ],
            [
                Composite::new("pair").attribute("a", types::custom("uuid")).into(),
                users("integer").column(Column::new("p", types::custom("pair[]"))).into(),
            ],
            &[],
        ),
        case(
            "an attribute gets another domain, and the one of the same name that it had goes",
            [
                Domain::new("d", types::integer()).in_schema("app").into(),
                Domain::new("d", types::integer()).into(),
                Composite::new("pair").attribute("a", types::custom("app.d")).into(),
            ],
            [
                Domain::new("d", types::integer()).into(),
                Composite::new("pair").attribute("a", types::custom("d")).into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a domain loses its default and its NOT NULL",
            [integer().default_sql("7").not_null().into(), users("positive").into()],
            [integer().into(), users("positive").into()],
            &[],
        ),
        case(
            "a domain gets another type under columns, an array, a default, a check, an index and a view",
            [
                integer().into(),
                users("positive")
                    .column(Column::new("many", types::custom("positive[]")))
                    .column(Column::new("b", types::custom("positive")).default_sql("1"))
                    .check(Check::new("a_check", "a <> 3"))
                    .index(Index::on([IndexColumn::expression("(a + 1)")]).name("by_a"))
                    .into(),
                View::new("v").query("select id, a from users").into(),
            ],
            [
                positive(types::numeric()).into(),
                users("positive")
                    .column(Column::new("many", types::custom("positive[]")))
                    .column(Column::new("b", types::custom("positive")).default_sql("1"))
                    .check(Check::new("a_check", "a <> 3"))
                    .index(Index::on([IndexColumn::expression("(a + 1)")]).name("by_a"))
                    .into(),
                View::new("v").query("select id, a from users").into(),
            ],
            &[],
        ),
        case(
            "a domain becomes text from a number that has no cast by itself",
            [Domain::new("code", types::text()).into(), users("code").into()],
            [Domain::new("code", types::integer()).into(), users("code").into()],
            &[],
        ),
        case(
            "a domain over a domain over another type follows",
            [
                integer().into(),
                Domain::new("tiny", types::custom("positive")).check("tiny_check", "VALUE < 10").into(),
                users("tiny").into(),
            ],
            [
                positive(types::bigint()).into(),
                Domain::new("tiny", types::custom("positive")).check("tiny_check", "VALUE < 10").into(),
                users("tiny").into(),
            ],
            &[],
        ),
        case(
            "a table with a domain is renamed, and the domain changes",
            [integer().into(), users("positive").into()],
            [
                positive(types::bigint()).into(),
                Table::new("people")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("b", types::custom("positive")))
                    .into(),
            ],
            &["public.users=public.people", "public.people.a=public.people.b"],
        ),
        case(
            "the schema of a domain is renamed",
            [integer().in_schema("old").into(), users("old.positive").into()],
            [integer().in_schema("new").into(), users("new.positive").into()],
            &["schema:old=new"],
        ),
        case(
            "a condition calls a function that is made anew",
            [
                Function::new("f")
                    .argument("x", types::integer())
                    .returns("boolean")
                    .sql("select x > 0")
                    .immutable()
                    .into(),
                Domain::new("d", types::integer()).check("d_check", "f(VALUE)").into(),
                users("d").into(),
            ],
            [
                Function::new("f")
                    .argument("y", types::integer())
                    .returns("boolean")
                    .sql("select y > 0")
                    .immutable()
                    .into(),
                Domain::new("d", types::integer()).check("d_check", "f(VALUE)").into(),
                users("d").into(),
            ],
            &[],
        ),
        case(
            "a column of an enum that is made anew gets a type that is made anew over it",
            [
                enumeration("mood", ["1"]).into(),
                Composite::new("pair").attribute("a", types::custom("mood")).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::enumeration(&enumeration("mood", ["1"]))).default_text("1"))
                    .into(),
            ],
            [
                enumeration("mood", ["2"]).into(),
                Composite::new("pair").attribute("a", types::custom("mood")).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::custom("pair")).default_sql("'(2)'"))
                    .into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a column of a type that is made anew gets the enum that it is over, which is made anew too",
            [
                enumeration("mood", ["1"]).into(),
                Composite::new("pair").attribute("a", types::custom("mood")).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::custom("pair")).default_sql("'(1)'"))
                    .into(),
            ],
            [
                enumeration("mood", ["2"]).into(),
                Composite::new("pair").attribute("a", types::custom("mood")).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::enumeration(&enumeration("mood", ["1"]))).default_text("2"))
                    .into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a column of an enum that is made anew gets a new domain over it",
            [
                enumeration("mood", ["1", "2", "3"]).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::enumeration(&enumeration("mood", ["1"]))).default_text("1"))
                    .into(),
            ],
            [
                enumeration("mood", ["2", "1"]).into(),
                Domain::new("m", types::custom("mood")).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::custom("m")).default_sql("'1'"))
                    .into(),
            ],
            &[],
        ),
        case(
            "an enum loses a value under a domain over it",
            [
                enumeration("mood", ["1", "2", "3"]).into(),
                Domain::new("m", types::custom("mood")).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::custom("m")))
                    .into(),
            ],
            [
                enumeration("mood", ["2", "1"]).into(),
                Domain::new("m", types::custom("mood")).into(),
                Table::new("t")
                    .column(Column::new("id", types::integer()))
                    .column(Column::new("m", types::custom("m")))
                    .into(),
            ],
            &[],
        ),
    ]);
}

#[test]
fn collations_and_extensions_are_reached() {
    let german = || Collation::new("german", "de-x-icu");
    let sorted = |collation: Collation| {
        let table = Table::new("t").column(Column::new("id", types::integer()));
        let name = Column::new("name", types::text())
            .collate(schema::CollationName { schema: Some("public".to_owned()), name: "german".to_owned() });
        vec![Object::from(collation), table.column(name).index(Index::on(["name"]).name("by_name")).into()]
    };
    check(vec![
        case("a collation comes with its column", [], sorted(german().icu()), &[]).without_rows(),
        case("a collation goes with its column", sorted(german().icu()), [], &[]).without_rows(),
        case(
            "a collation becomes another under a column and its index",
            sorted(german().icu()),
            sorted(Collation::new("german", "C")),
            &[],
        ),
        case(
            "a column gets a collation and another loses one, under a view and a generated column",
            [
                Table::new("t")
                    .column(Column::new("a", types::text()))
                    .column(Column::new("b", types::varchar(9)).collate("C"))
                    .column(Column::new("c", types::text()).generated("a || 'x'"))
                    .into(),
                View::new("v").query("select a, b from t").into(),
            ],
            [
                Table::new("t")
                    .column(Column::new("a", types::text()).collate("C"))
                    .column(Column::new("b", types::varchar(9)))
                    .column(Column::new("c", types::text()).generated("a || 'x'"))
                    .into(),
                View::new("v").query("select a, b from t").into(),
            ],
            &[],
        ),
        case(
            "a column keeps its collation through another type and name",
            [Table::new("t").column(Column::new("a", types::varchar(9)).collate("C")).into()],
            [Table::new("t").column(Column::new("b", types::text()).collate("C")).into()],
            &["public.t.a=public.t.b"],
        ),
        case(
            "an extension comes with the column, the index and the schema that need it",
            [Table::new("t").column(Column::new("a", types::text())).into()],
            [
                Extension::new("citext").in_schema("ext").into(),
                Extension::new("pg_trgm").into(),
                Table::new("t")
                    .column(Column::new("a", types::text()))
                    .column(Column::new("b", types::custom("ext.citext")))
                    .index(Index::on([IndexColumn::column("a").operator_class("gin_trgm_ops")]).using("gin"))
                    .into(),
            ],
            &[],
        ),
        case(
            "an extension goes with what needs it, and with its schema",
            [
                Extension::new("citext").in_schema("ext").into(),
                Table::new("t")
                    .column(Column::new("a", types::text()))
                    .column(Column::new("b", types::custom("ext.citext")))
                    .into(),
            ],
            [Table::new("t").column(Column::new("a", types::text())).into()],
            &[],
        ),
        case(
            "an extension moves to another schema, and gets a newer version",
            [Extension::new("hstore").version("1.7").into()],
            [Extension::new("hstore").in_schema("ext").version("1.8").into()],
            &[],
        )
        .one_way()
        .without_rows(),
        case(
            "an extension moves away after a function whose argument has its type without a schema",
            [
                Extension::new("citext").in_schema("public").into(),
                Function::new("f").argument("x", types::custom("citext")).returns("integer").sql("select 1").into(),
            ],
            [Extension::new("citext").in_schema("ext").into()],
            &[],
        )
        .without_rows(),
    ]);
}
