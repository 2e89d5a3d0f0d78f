use schema::build::{
    Column, Identity, Index, Object, Partition, PartitionKey, PrimaryKey, Table, Unique, View, enumeration, types,
};

use super::{case, check};

fn plain(schema: &str, name: &str, extra: &str) -> Object {
    let key = Column::new("id", types::serial()).primary_key();
    Table::new(name).in_schema(schema).column(key).column(Column::new(extra, types::text()).not_null()).into()
}

fn keyless(schema: &str, name: &str) -> Object {
    Table::new(name).in_schema(schema).column(Column::new("a", types::integer())).into()
}

fn keyed(schema: &str, name: &str, sql_type: types::Type) -> Object {
    let table = Table::new(name).in_schema(schema).column(Column::new("a", sql_type).not_null());
    table.primary_key(PrimaryKey::on(["a"]).name("key")).into()
}

fn identified(schema: &str, name: &str) -> Object {
    let key = Column::new("a", types::integer()).primary_key().identity(Identity::by_default());
    Table::new(name).in_schema(schema).column(key).into()
}

fn view(schema: &str, query: &str) -> Object {
    View::new("v").in_schema(schema).query(query).into()
}

/// Columns in an order that renames leave as it is.
fn columns(names: [&str; 3], change: impl FnOnce(Table) -> Table) -> Object {
    change(names.into_iter().fold(Table::new("t"), |table, name| table.column(Column::new(name, types::integer()))))
        .into()
}

fn with_everything(table: Table) -> Table {
    table
        .primary_key(PrimaryKey::on(["a"]).name("key"))
        .index(Index::on(["b"]).name("by"))
        .index(Index::on(["a"]).filter("b > 0").name("partial"))
        .column(Column::new("g", types::integer()).generated("a + b"))
}

/// A table that stays in its schema.
fn other(indexes: &[&str]) -> Object {
    let table = Table::new("other").in_schema("app").column(Column::new("x", types::integer()));
    indexes.iter().fold(table, |table, index| table.index(Index::on(["x"]).name(*index))).into()
}

fn indexed(schema: &str, name: &str, column: &str, indexes: &[&str]) -> Object {
    let column = Column::new(column, types::integer());
    let number = Column::new("n", types::bigint()).identity(Identity::always().name("numbers"));
    let table = Table::new(name).in_schema(schema).column(column.clone()).column(number);
    indexes.iter().fold(table, |table, index| table.index(Index::on(["n"]).name(*index))).into()
}

fn by_number(schema: &str, name: &str) -> Object {
    let number = Column::new("number", types::integer());
    Table::new(name).in_schema(schema).column(number).partition_by(PartitionKey::range().column("number")).into()
}

#[test]
fn tables_that_change_schemas_are_reached() {
    check(vec![
        case(
            "two tables of one name change schemas",
            [plain("app", "t", "x"), plain("public", "t", "y")],
            [plain("public", "t", "x"), plain("app", "t", "y")],
            &["table:app.t=public.t", "table:public.t=app.t"],
        ),
        case(
            "two tables with indexes and sequences of one name change schemas",
            [indexed("app", "a", "x", &["by", "too"]), indexed("public", "b", "y", &["by", "too"])],
            [indexed("public", "a", "x", &["by", "too"]), indexed("app", "b", "y", &["by", "too"])],
            &["table:app.a=public.a", "table:public.b=app.b"],
        ),
        case(
            "two tables change names and schemas, and no other name is free on the way",
            [plain("app", "a", "x"), plain("public", "b", "y"), plain("app", "b", "z")],
            [plain("public", "b", "x"), plain("app", "a", "y"), plain("app", "b", "z")],
            &["table:app.a=public.b", "table:public.b=app.a"],
        ),
        case(
            "a table changes name and schema, and other objects have the names on the way",
            [
                plain("app", "a", "x"),
                enumeration("a", ["1"]).into(),
                View::new("b").in_schema("app").query("select 1 as a").into(),
            ],
            [
                plain("public", "b", "x"),
                enumeration("a", ["1"]).into(),
                View::new("b").in_schema("app").query("select 1 as a").into(),
            ],
            &["table:app.a=public.b"],
        ),
        case(
            "two tables change names and schemas, and a partition of one has its name in the other schema",
            [
                by_number("app", "a"),
                Partition::new("a", "a").parent_schema("app").from_to("MINVALUE", "10").into(),
                plain("public", "b", "x"),
            ],
            [
                by_number("public", "b"),
                Partition::new("a", "b").from_to("MINVALUE", "10").into(),
                plain("app", "a", "x"),
            ],
            &["table:app.a=public.b", "table:public.b=app.a"],
        ),
        case(
            "three tables go round three schemas, each with the index of another",
            [
                plain("s3", "z", "x"),
                indexed("s1", "a", "x", &["i", "k"]),
                indexed("s2", "b", "y", &["i", "j"]),
                indexed("s3", "c", "z", &["j", "k"]),
            ],
            [
                plain("s3", "z", "x"),
                indexed("s2", "a", "x", &["i", "k"]),
                indexed("s3", "b", "y", &["i", "j"]),
                indexed("s1", "c", "z", &["j", "k"]),
            ],
            &["table:s1.a=s2.a", "table:s2.b=s3.b", "table:s3.c=s1.c"],
        ),
        case(
            "a table takes the place of one of its name, which gets another",
            [plain("app", "t", "x"), plain("public", "t", "y")],
            [plain("app", "t", "y"), plain("app", "u", "x")],
            &["table:app.t=app.u", "table:public.t=app.t"],
        ),
        case(
            "a table moves and loses its key with its column, beside a key of that name",
            [plain("public", "t", "x"), plain("app", "t", "y")],
            [
                Table::new("u").in_schema("app").column(Column::new("x", types::text()).not_null()).into(),
                plain("app", "t", "y"),
            ],
            &["table:public.t=app.u"],
        ),
        case(
            "a table moves and loses an index, of whose name another table there has one",
            [indexed("public", "a", "x", &["by"]), other(&["by"])],
            [indexed("app", "a", "x", &[]), other(&["by"])],
            &["table:public.a=app.a"],
        ),
    ]);
}

#[test]
fn names_that_change_places_are_reached() {
    check(vec![
        case(
            "two tables change names, and what PostgreSQL named after them",
            [plain("public", "a", "x"), plain("public", "b", "y")],
            [plain("public", "b", "x"), plain("public", "a", "y")],
            &["public.a=public.b", "public.b=public.a"],
        ),
        case(
            "three tables hand their names round",
            [plain("public", "a", "x"), plain("public", "b", "y"), plain("public", "c", "z")],
            [plain("public", "b", "x"), plain("public", "c", "y"), plain("public", "a", "z")],
            &["public.a=public.b", "public.b=public.c", "public.c=public.a"],
        ),
        case(
            "two views change schemas",
            [view("app", "select 1 as a"), view("other", "select 2 as b")],
            [view("other", "select 1 as a"), view("app", "select 2 as b")],
            &["view:app.v=other.v", "view:other.v=app.v"],
        )
        .without_rows(),
        case(
            "two tables change names across schemas, and one has an identity",
            [identified("app", "a"), keyless("public", "a"), keyless("public", "b")],
            [identified("public", "b"), keyless("public", "a"), keyless("app", "a")],
            &["table:app.a=public.b", "table:public.b=app.a"],
        ),
        case(
            "two tables change names and schemas, and the serial one waits for the name of its key",
            [keyed("app", "a", types::integer()), keyless("app", "b"), keyed("public", "a", types::serial())],
            [keyless("app", "a"), keyless("public", "a"), keyed("app", "b", types::serial())],
            &["table:app.b=public.a", "table:public.a=app.b"],
        ),
        case(
            "a table is renamed and a new one has its name",
            [plain("public", "a", "x")],
            [plain("public", "b", "x"), plain("public", "a", "y")],
            &["public.a=public.b"],
        ),
        case(
            "names move on by one, and the last is new",
            [plain("public", "a", "x"), plain("public", "b", "y")],
            [plain("public", "b", "x"), plain("public", "c", "y"), plain("public", "a", "z")],
            &["public.a=public.b", "public.b=public.c"],
        ),
        case(
            "two columns change names under keys, indexes and a generated column",
            [columns(["a", "b", "c"], with_everything)],
            [columns(["b", "a", "c"], with_everything)],
            &["public.t.a=public.t.b", "public.t.b=public.t.a"],
        ),
        case(
            "a column is renamed and a new one has its name",
            [columns(["a", "b", "c"], |table| table)],
            [columns(["d", "b", "c"], |table| table.column(Column::new("a", types::text())))],
            &["public.t.a=public.t.d"],
        ),
        case(
            "two enums change names under a table",
            [
                enumeration("e", ["a"]).into(),
                enumeration("f", ["b"]).into(),
                Table::new("t").column(Column::new("e", types::enumeration(&enumeration("e", ["a"])))).into(),
            ],
            [
                enumeration("f", ["a"]).into(),
                enumeration("e", ["b"]).into(),
                Table::new("t").column(Column::new("e", types::enumeration(&enumeration("f", ["a"])))).into(),
            ],
            &["enum:public.e=public.f", "enum:public.f=public.e"],
        ),
        case(
            "two views change names",
            [View::new("v").query("select 1 as a").into(), View::new("w").query("select 2 as b").into()],
            [View::new("w").query("select 1 as a").into(), View::new("v").query("select 2 as b").into()],
            &["view:public.v=public.w", "view:public.w=public.v"],
        )
        .without_rows(),
        case(
            "two schemas change names with what is in them",
            [plain("app", "t", "x"), plain("other", "u", "y")],
            [plain("other", "t", "x"), plain("app", "u", "y")],
            &["schema:app=other", "schema:other=app"],
        ),
    ]);
}

#[test]
fn columns_take_the_names_of_those_that_go() {
    let integer = |name: &str| Column::new(name, types::integer());
    let bigint = |name: &str| Column::new(name, types::bigint());
    let account = |columns: &[Column]| columns.iter().cloned().fold(Table::new("t"), Table::column);
    let long = "x".repeat(63);
    let to_long = format!("public.t.new=public.t.{long}");
    check(vec![
        case(
            "a second column takes the place of the first",
            [account(&[integer("a"), integer("amount"), bigint("new")]).into()],
            [account(&[integer("a"), bigint("amount")]).into()],
            &["public.t.new=public.t.amount"],
        ),
        case(
            "it does under another name of the table, and with the longest name there is",
            [account(&[integer("a"), integer(&long), bigint("new")]).into()],
            [Table::new("u").column(integer("a")).column(bigint(&long)).into()],
            &["public.t=public.u", &to_long.replace(".t.", ".u.")],
        ),
        case(
            "all that stands on the first goes, and what stands on the second stays",
            [
                account(&[integer("a"), integer("amount"), bigint("new").not_null()])
                    .column(integer("twice").generated("amount * 2"))
                    .index(Index::on(["amount"]).name("by_amount"))
                    .index(Index::on(["new"]).name("by_new").filter("new > 0"))
                    .unique(Unique::on(["new", "a"]).name("once"))
                    .into(),
                View::new("v").query("select amount from t").into(),
            ],
            [
                account(&[integer("a"), bigint("amount").not_null()])
                    .column(bigint("twice").generated("amount * 2"))
                    .index(Index::on(["amount"]).name("by_new").filter("amount > 0"))
                    .unique(Unique::on(["amount", "a"]).name("once"))
                    .into(),
                View::new("v").query("select amount from t").into(),
            ],
            &["public.t.new=public.t.amount"],
        ),
        case(
            "a serial key is followed by a bigger one, with what references it",
            [
                Table::new("t")
                    .column(Column::new("id", types::serial()).primary_key())
                    .column(Column::new("new", types::bigserial()).not_null().unique())
                    .into(),
                Table::new("u")
                    .column(integer("t").references("t", "id"))
                    .column(bigint("new").references("t", "new"))
                    .into(),
            ],
            [
                Table::new("t").column(Column::new("id", types::bigserial()).primary_key()).into(),
                Table::new("u").column(bigint("t").references("t", "id")).into(),
            ],
            &["public.t.new=public.t.id", "public.u.new=public.u.t"],
        ),
        // The answer counts for nothing: what a column is computed from cannot go before it has its name.
        case(
            "a computed column takes the name of the one that it is computed from",
            [account(&[integer("a"), integer("b"), integer("c").generated("b * 2")]).into()],
            [account(&[integer("a"), integer("b")]).into()],
            &["public.t.c=public.t.b"],
        ),
        case(
            "each column takes the name of the one before it, and the first goes",
            [account(&[integer("a"), integer("b"), bigint("c")]).into()],
            [account(&[integer("a"), bigint("b")]).into()],
            &["public.t.b=public.t.a", "public.t.c=public.t.b"],
        ),
    ]);
}
