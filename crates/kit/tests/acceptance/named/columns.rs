use schema::build::{Check, Column, Identity, Index, IndexColumn, Object, Table, Type, Unique, enumeration, types};

use super::{case, check};

fn table(columns: impl IntoIterator<Item = Column>) -> Table {
    columns.into_iter().fold(Table::new("items"), Table::column)
}

fn one(table: Table) -> [Object; 1] {
    [table.into()]
}

/// Tables with a column of text, of limited text and of an enum, made of type and default.
fn one_of_each(column: impl Fn(Type, &str) -> Column) -> Vec<Object> {
    let mood = enumeration("mood", ["ok", "good"]);
    let table = |name: &str, sql_type| Table::new(name).column(column(sql_type, "ok")).into();
    let tables =
        [table("texts", types::text()), table("names", types::varchar(9)), table("moods", types::enumeration(&mood))];
    tables.into_iter().chain([mood.into()]).collect()
}

#[test]
fn columns_that_are_computed_when_they_are_read_are_reached() {
    let items = |column: Column| {
        one(table([Column::new("id", types::integer()).primary_key(), Column::new("a", types::integer()), column]))
    };
    let doubled = || Column::new("b", types::bigint());
    check(vec![
        case(
            "a virtual column comes",
            one(table([Column::new("id", types::integer()).primary_key(), Column::new("a", types::integer())])),
            items(doubled().generated_virtual("a * 2")),
            &[],
        )
        .since(18),
        case(
            "a virtual column is stored from now on, and has a check",
            items(doubled().generated_virtual("a * 2")),
            one(table([
                Column::new("id", types::integer()).primary_key(),
                Column::new("a", types::integer()),
                doubled().generated("a * 2"),
            ])
            .check(Check::new("positive", "b > 0 or true"))),
            &[],
        )
        .since(18),
        case(
            "the expression of a virtual column changes, as does the type of what it is computed from",
            items(doubled().generated_virtual("a * 2")),
            one(table([
                Column::new("id", types::integer()).primary_key(),
                Column::new("a", types::bigint()),
                doubled().generated_virtual("a * 3"),
            ])),
            &[],
        )
        .since(18),
        case(
            "a virtual column is an ordinary one from now on",
            items(doubled().generated_virtual("a * 2")),
            items(doubled().default_number(1)),
            &[],
        )
        .since(18),
        case(
            "a virtual column gets another name, as does the column that it is computed from",
            items(doubled().generated_virtual("a * 2")),
            one(table([
                Column::new("id", types::integer()).primary_key(),
                Column::new("c", types::integer()),
                Column::new("d", types::bigint()).generated_virtual("c * 2"),
            ])),
            &["public.items.a=public.items.c", "public.items.b=public.items.d"],
        )
        .since(18),
    ]);
}

#[test]
fn columns_are_reached() {
    let integer = |name: &str| Column::new(name, types::integer());
    let text = |name: &str| Column::new(name, types::text());
    let id = || integer("id").primary_key();
    let upper = |from: &str| text("upper").generated(format!("upper(\"{from}\")"));
    let upper_of_date = || Column::new("day", types::date()).generated("date(\"at\")");
    check(vec![
        case(
            "a renamed column changes its type, default and nullability",
            one(table([id(), integer("a").default_number(1)])),
            one(table([id(), text("b").not_null().default_text("x")])),
            &["public.items.a=public.items.b"],
        ),
        case(
            "a renamed column keeps its check, its expression index and what is generated from it",
            one(table([id(), text("a"), upper("a")])
                .check(Check::new("filled", "\"a\" <> ''"))
                .index(Index::on([IndexColumn::expression("lower(\"a\")")]).name("lower_a"))),
            one(table([id(), text("b"), upper("b")])
                .check(Check::new("filled", "\"b\" <> ''"))
                .index(Index::on([IndexColumn::expression("lower(\"b\")")]).name("lower_a"))),
            &["public.items.a=public.items.b"],
        ),
        case(
            "a column gives its name to a new one, and a check of the same text means the new one",
            one(table([id(), integer("a")]).check(Check::new("positive", "\"a\" > 0"))),
            one(table([id(), integer("a").not_null().default_number(1), integer("b")])
                .check(Check::new("positive", "\"a\" > 0"))),
            &[],
        ),
        case(
            "texts and the values of an enum become arrays of one",
            one_of_each(|sql_type, default| Column::new("a", sql_type).default_text(default)),
            one_of_each(|sql_type, default| Column::new("a", sql_type.array()).default_sql(format!("'{{{default}}}'"))),
            &[],
        ),
        case(
            "a column becomes shorter under what is generated from it",
            one(table([id(), Column::new("a", types::varchar(20)), upper("a")])),
            one(table([id(), Column::new("a", types::varchar(10)), upper("a")])),
            &[],
        ),
        case(
            "a column changes its type under a default, a check, an expression index and a partial one",
            one(table([id(), text("a").default_text("1")])
                .check(Check::new("c", "\"a\" <> 'x'"))
                .index(Index::on([IndexColumn::expression("\"a\" || 'x'")]).name("i"))
                .index(Index::on(["id"]).filter("\"a\" <> 'y'").name("p"))),
            one(table([id(), integer("a").default_number(1)])
                .check(Check::new("c", "\"a\" <> 7"))
                .index(Index::on([IndexColumn::expression("\"a\" + 1")]).name("i"))
                .index(Index::on(["id"]).filter("\"a\" <> 8").name("p"))),
            &[],
        ),
        case(
            "a generated column changes its expression and keeps index, unique and check",
            one(table([id(), text("a"), upper("a")])
                .index(Index::on(["upper"]))
                .unique(Unique::on(["upper"]))
                .check(Check::new("c", "\"upper\" <> 'no'"))),
            one(table([id(), text("a"), text("upper").not_null().generated("upper(\"a\") || '!'")])
                .index(Index::on(["upper"]))
                .unique(Unique::on(["upper"]))
                .check(Check::new("c", "\"upper\" <> 'no'"))),
            &[],
        ),
        case(
            "a generated column becomes a plain one with a default, and the other way round",
            one(table([id(), text("a"), upper("a"), text("plain").default_text("x")])),
            one(table([id(), text("a"), text("upper").default_text("y"), text("plain").generated("lower(\"a\")")])),
            &[],
        ),
        case(
            "serial becomes an identity, an identity an integer, and an integer serial",
            one(table([
                Column::new("s", types::serial()),
                integer("i").identity(Identity::always().name("seq")),
                integer("n").not_null(),
            ])),
            one(table([
                integer("s").identity(Identity::by_default().name("seq")),
                integer("i").not_null(),
                Column::new("n", types::bigserial()),
            ])),
            &[],
        ),
        case(
            "an identity counts down from where its column begins",
            one(table([Column::new("s", types::serial())])),
            one(table([integer("s").identity(Identity::always().increment(-1))])),
            &[],
        ),
        case(
            "an identity gets bounds that leave out where it began",
            one(table([integer("s").identity(Identity::always())])),
            one(table([integer("s").identity(Identity::by_default().increment(-1).cache(5))])),
            &[],
        ),
        case(
            "a column has the name of a function that a check, an index and a generated column call",
            one(table([
                id(),
                Column::new("date", types::integer()),
                Column::new("at", types::timestamp()),
                upper_of_date(),
            ])
            .check(Check::new("c", "date(\"at\") > '2000-01-01'"))
            .index(Index::on([IndexColumn::expression("date(\"at\")")]).name("i"))),
            one(table([
                id(),
                Column::new("date", types::text()),
                Column::new("at", types::timestamp()),
                upper_of_date(),
            ])
            .check(Check::new("c", "date(\"at\") > '2000-01-01'"))
            .index(Index::on([IndexColumn::expression("date(\"at\")")]).name("i"))),
            &[],
        ),
        case(
            "one value becomes an array",
            one(table([id(), integer("a").default_number(1), Column::new("b", types::uuid())])),
            one(table([
                id(),
                Column::new("a", types::text().array()).default_sql("'{}'"),
                Column::new("b", types::uuid().array()),
            ])),
            &[],
        ),
        case(
            "a NOT NULL column without a default is refused by rows alone",
            one(table([id()])),
            one(table([id(), text("a").not_null()])),
            &[],
        )
        .without_rows(),
    ]);
}

#[test]
fn what_stands_on_a_column_that_gets_a_type_of_one_family_is_reached() {
    let on = |column: Column, conditions: &[&str]| {
        let checks = conditions.iter().enumerate();
        let items = table([Column::new("id", types::integer()), column]);
        let items = checks.fold(items, |table, (at, sql)| table.check(Check::new(format!("c{at}"), *sql)));
        one(conditions
            .iter()
            .enumerate()
            .fold(items, |table, (at, sql)| table.index(Index::on(["id"]).filter(*sql).name(format!("p{at}")))))
    };
    let numbers = ["a > -5", "abs(a) >= id", "a in (1, 2)", "a % 2 = 0", "a = '5'", "coalesce(a, 1) > 0"];
    let texts = ["a <> ''", "lower(a) like 'x%'", "length(a) > 0", "a in ('x', 'xy')", "coalesce(a, 'x') <> ''"];
    let types =
        |types: [Type; 2], conditions: &[&str]| types.map(|sql_type| on(Column::new("a", sql_type), conditions));
    let pairs = [
        types([types::integer(), types::bigint()], &numbers),
        types([types::bigint(), types::smallint()], &numbers),
        types([types::varchar(9), types::text()], &texts),
        types([types::text(), types::varchar(9)], &texts),
        types([types::varchar(9), types::varchar(20)], &texts),
    ];
    check(
        pairs
            .into_iter()
            .map(|[from, to]| case("checks and conditions are what they are from empty", from, to, &[]))
            .collect(),
    );
}
