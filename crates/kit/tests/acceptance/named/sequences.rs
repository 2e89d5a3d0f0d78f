//! Sequences that stand alone under defaults, and the sequences of serial and identity columns that take their places.

use schema::build::{Column, Identity, Object, PrimaryKey, Sequence, Table, View, types};

use super::{case, check};

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

fn serial() -> Column {
    Column::new("x", types::serial())
}

fn table(name: &str, columns: impl IntoIterator<Item = Column>) -> Object {
    columns.into_iter().fold(Table::new(name), Table::column).into()
}

/// A sequence, and a column that draws from it.
fn drawing(sequence: &str, default: &str) -> [Object; 2] {
    [Sequence::new(sequence).into(), table("a", [integer("x").not_null().default_sql(default)])]
}

#[test]
fn sequences_under_defaults_are_reached() {
    let alone = || [table("a", [integer("y")])];
    check(vec![
        case(
            "a sequence is renamed under a default",
            drawing("s", "nextval('s'::regclass)"),
            drawing("r", "nextval('r'::regclass)"),
            &["sequence:public.s=public.r"],
        ),
        case(
            "a sequence is moved under a default",
            drawing("s", "nextval('s')"),
            [
                Sequence::new("s").in_schema("app").into(),
                table("a", [integer("x").not_null().default_sql("nextval('app.s')")]),
            ],
            &["sequence:public.s=app.s"],
        ),
        case(
            "a sequence goes with the default that draws from it",
            drawing("s", "nextval('s')"),
            [table("a", [integer("x").not_null()])],
            &[],
        ),
        case(
            "a sequence goes with the column that draws from it",
            [Sequence::new("s").into(), table("a", [integer("y"), integer("x").default_sql("nextval('s')")])],
            alone(),
            &[],
        ),
        case("a column draws from another sequence", drawing("s", "nextval('s')"), drawing("q", "nextval('q')"), &[]),
        case(
            "a new table in a new schema draws from a new sequence there, and a view reads it",
            alone(),
            alone().into_iter().chain([
                Sequence::new("s").in_schema("app").into(),
                Table::new("b").in_schema("app").column(integer("x").default_sql("nextval('app.s')")).into(),
                View::new("v").query("select x from app.b").into(),
            ]),
            &[],
        ),
    ]);
}

#[test]
fn sequences_that_take_each_others_places_are_reached() {
    let named = |table: &str, column: Column| [self::table(table, [column])];
    check(vec![
        case("a sequence becomes that of a serial", drawing("s", "nextval('s')"), named("a", serial()), &[]),
        case(
            "the sequence of a serial becomes one that stands alone",
            named("a", serial()),
            drawing("s", "nextval('s')"),
            &[],
        ),
        case(
            "a sequence takes the name of a serial's",
            named("a", serial()),
            drawing("a_x_seq", "nextval('a_x_seq')"),
            &[],
        ),
        case(
            "the sequence of an identity takes the name of one that stood alone",
            drawing("a_x_seq", "nextval('a_x_seq')"),
            named("a", integer("x").identity(Identity::always())),
            &[],
        ),
        case(
            "a serial becomes a wider identity under another name",
            named("a", serial().primary_key()),
            named("a", Column::new("id", types::bigint()).identity(Identity::by_default()).primary_key()),
            &["public.a.x=public.a.id"],
        ),
        case(
            "a serial becomes an identity while its table is renamed",
            named("a", serial().primary_key()),
            named("b", integer("x").identity(Identity::always()).primary_key()),
            &["public.a=public.b"],
        ),
        case(
            "an identity becomes a wider serial while its table and column are renamed",
            named("a", integer("x").identity(Identity::always())),
            named("b", Column::new("y", types::bigserial())),
            &["public.a=public.b", "public.b.x=public.b.y"],
        ),
        case(
            "the key of an identity becomes one of two columns",
            [table("a", [integer("x").identity(Identity::always()).primary_key(), integer("y").not_null()])],
            [Table::new("a")
                .column(integer("x").identity(Identity::always()))
                .column(integer("y").not_null())
                .primary_key(PrimaryKey::on(["x", "y"]))
                .into()],
            &[],
        ),
    ]);
}
