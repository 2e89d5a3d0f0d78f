use schema::StatisticsKind::{Dependencies, Mcv, Ndistinct};
use schema::build::{
    Column, Comment, Composite, Domain, Function, Object, Partition, PartitionKey, Statistics, Table, View,
    enumeration, types,
};

use super::{case, check};

fn addresses(columns: impl IntoIterator<Item = Column>) -> Object {
    let table = Table::new("addresses").column(Column::new("id", types::integer()).primary_key());
    columns.into_iter().fold(table, Table::column).into()
}

fn text(name: &str) -> Column {
    Column::new(name, types::text())
}

fn both() -> Statistics {
    Statistics::new("both", "addresses").columns(["city", "zip"])
}

/// The table with its city and zip, and such statistics.
fn with<const N: usize>(statistics: [Statistics; N]) -> Vec<Object> {
    statistics.into_iter().map(Object::from).chain([addresses([text("city"), text("zip")])]).collect()
}

#[test]
fn statistics_are_reached() {
    check(vec![
        case("they come with their table", [], with([both().kind(Mcv).target(100)]), &[]).without_rows(),
        case(
            "some come, some go and some change",
            with([
                both(),
                both().expression("lower(city)").in_schema("app"),
                Statistics::new("c", "addresses").expression("id + 1"),
            ]),
            with([
                both().kind(Ndistinct).kind(Dependencies),
                Statistics::new("d", "addresses").columns(["city", "id"]),
            ]),
            &[],
        ),
        case("a target is set", with([both()]), with([both().target(0)]), &[]),
        case(
            "they go to another table, and the one they were on goes",
            with([both()]).into_iter().chain([Table::new("others").column(text("city")).column(text("zip")).into()]),
            [
                Table::new("others").column(text("city")).column(text("zip")).into(),
                Statistics::new("both", "others").columns(["city", "zip"]).into(),
            ],
            &[],
        ),
        case(
            "a comment on them comes back",
            with([both()]).into_iter().chain([comment()]),
            with([both().kind(Mcv)]).into_iter().chain([comment()]),
            &[],
        ),
    ]);
}

fn comment() -> Object {
    Comment::on_object(schema::CommentKind::Statistics, "both", "a zip is in one city").into()
}

#[test]
fn what_statistics_stand_on_is_reached() {
    let calling = |argument: &str| {
        let function = Function::new("f").argument(argument, types::text()).returns("text").sql("select $1");
        with([both().expression("f(city)")]).into_iter().chain([function.into()])
    };
    let moody = |values: &[&str]| {
        let mood = enumeration("mood", values.iter().copied());
        let column = Column::new("mood", types::enumeration(&mood));
        let statistics = Statistics::new("s", "addresses").columns(["id", "mood"]).expression("mood = 'ok'");
        [mood.into(), addresses([column]), statistics.into()]
    };
    let view = |query: &str| View::new("v").query(query).materialized();
    let of_view = || Statistics::new("of_v", "v").columns(["city"]).expression("lower(zip)");
    check(vec![
        case(
            "a column goes, and they do without it",
            with([both().columns(["id"])]),
            [addresses([text("city")]), Statistics::new("both", "addresses").columns(["city", "id"]).into()],
            &[],
        ),
        // PostgreSQL makes statistics again whose column gets another type, and forgets their target.
        case(
            "columns are retyped, below an expression and by themselves",
            with([
                both().target(9),
                Statistics::new("l", "addresses").columns(["id", "city"]).expression("lower(zip)"),
            ]),
            [
                addresses([text("city"), Column::new("zip", types::varchar(9))]),
                both().target(9).into(),
                Statistics::new("l", "addresses").columns(["id", "city"]).expression("lower(zip)").into(),
            ],
            &[],
        ),
        case(
            "a column, the table and its schema are renamed",
            [
                Table::new("a").in_schema("app").column(text("city")).column(text("zip")).into(),
                both_of("app", "a", "city"),
            ],
            [
                Table::new("b").in_schema("new").column(text("town")).column(text("zip")).into(),
                both_of("new", "b", "town"),
            ],
            &["schema:app=new", "new.a=new.b", "new.b.city=new.b.town"],
        ),
        case(
            "a generated column is computed anew",
            [addresses([text("city"), text("g").generated("lower(city)")]), of_generated()],
            [addresses([text("city"), text("g").generated("upper(city)")]), of_generated()],
            &[],
        ),
        case("a function is made anew", calling("a"), calling("b"), &[]),
        case("an enum is made anew", moody(&["ok", "good", "gone"]), moody(&["ok", "good", "new"]), &[]),
        case(
            "a materialized view is made anew",
            with([of_view()]).into_iter().chain([view("select city, zip from addresses").into()]),
            with([of_view()]).into_iter().chain([view("select zip as city, zip from addresses").into()]),
            &[],
        ),
        case(
            "a materialized view is renamed, and then made anew",
            with([of_view()]).into_iter().chain([view("select city, zip from addresses").into()]),
            with([Statistics::new("of_v", "w").columns(["city"]).expression("lower(zip)")])
                .into_iter()
                .chain([View::new("w").query("select zip as city, zip from addresses").materialized().into()]),
            &["view:public.v=public.w"],
        ),
        case("a partition is renamed", parted("p"), parted("q"), &[]),
        case(
            "columns of a partition are retyped, below an expression and by themselves",
            parted_by("a", Column::new("b", types::integer())),
            parted_by("a", Column::new("b", types::bigint())),
            &[],
        ),
        case(
            "they come with a target while their column gets a type that waits for another",
            [
                addresses([text("city"), text("zip")]),
                Domain::new("part", types::integer()).into(),
                Function::new("twice").argument("of", types::custom("part")).returns("integer").sql("select 2").into(),
            ],
            [
                addresses([text("city"), Column::new("zip", types::custom("pair"))]),
                Domain::new("part", types::text()).into(),
                Composite::new("pair").attribute("a", types::custom("part")).into(),
                Statistics::new("s", "addresses").expression("zip IS NULL").target(9).into(),
            ],
            &[],
        )
        .without_rows(),
    ]);
}

fn both_of(schema: &str, table: &str, city: &str) -> Object {
    let both = Statistics::new("both", table).in_schema(schema).table_schema(schema);
    both.columns([city, "zip"]).expression(format!("lower({city})")).into()
}

fn of_generated() -> Object {
    Statistics::new("of_g", "addresses").columns(["city", "g"]).into()
}

fn parted_by(key: &str, retyped: Column) -> [Object; 4] {
    let parts = Table::new("parts").column(Column::new(key, types::integer())).column(retyped);
    [
        parts.partition_by(PartitionKey::list().column(key)).into(),
        Partition::new("p", "parts").values("1, 2").into(),
        Statistics::new("of_part", "p").columns([key, "b"]).target(9).into(),
        Statistics::new("of_sum", "p").expression("b + 1").into(),
    ]
}

fn parted(partition: &str) -> [Object; 3] {
    let parts =
        Table::new("parts").column(Column::new("a", types::integer())).column(Column::new("b", types::integer()));
    [
        parts.partition_by(PartitionKey::list().column("a")).into(),
        Partition::new(partition, "parts").values("1, 2").into(),
        Statistics::new("of_part", partition).columns(["a", "b"]).into(),
    ]
}
