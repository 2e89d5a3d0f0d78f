//! What keys, checks and indexes have that no snapshot holds.

use schema::build::{
    Check, Column, ForeignKey, Index, Object, Partition, PartitionKey, PrimaryKey, Table, Unique, types,
};

use super::{case, check};

fn table(name: &str, columns: impl IntoIterator<Item = Column>) -> Table {
    columns.into_iter().fold(Table::new(name), Table::column)
}

fn integer(name: &str) -> Column {
    Column::new(name, types::integer()).not_null()
}

/// A table with a key, and one that references it.
fn pets(key: PrimaryKey, owner: ForeignKey) -> Vec<Object> {
    vec![
        table("users", [integer("id"), integer("age")]).primary_key(key).into(),
        table("pets", [integer("id"), integer("owner")]).foreign_key(owner).into(),
    ]
}

fn key() -> PrimaryKey {
    PrimaryKey::on(["id"]).name("key")
}

fn owner() -> ForeignKey {
    ForeignKey::new(["owner"]).references("users", ["id"])
}

fn everything([schema, name]: [&str; 2], [a, b, c]: [&str; 3]) -> Table {
    table(name, [integer(a), integer(b), Column::new(c, types::text())])
        .primary_key(PrimaryKey::on([a]).name("key").include([c, b]))
        .unique(Unique::on([b]).name("one").include([c]).initially_deferred())
        .index(Index::on([b]).name("by").unique().include([a, c]))
        .check(Check::new("positive", format!("{a} > 0")).no_inherit())
        .foreign_key(ForeignKey::new([b]).references(name, [a]).in_schema(schema).name("fk").match_full().deferrable())
        .in_schema(schema)
}

fn plain(name: &str, [a, b, c]: [&str; 3]) -> Table {
    table(name, [integer(a), integer(b), Column::new(c, types::text())])
        .primary_key(PrimaryKey::on([a]).name("key"))
        .unique(Unique::on([b]).name("one"))
        .index(Index::on([b]).name("by").unique())
        .check(Check::new("positive", format!("{a} > 0")))
        .foreign_key(ForeignKey::new([b]).references(name, [a]).name("fk"))
}

#[test]
fn what_no_snapshot_holds_of_keys_and_indexes_is_reached() {
    const T: [&str; 2] = ["public", "t"];
    const ABC: [&str; 3] = ["a", "b", "c"];
    check(vec![
        case("a table comes with all of it", [], [everything(T, ABC).into()], &[]).without_rows(),
        case("a table gets all of it", [plain("t", ABC).into()], [everything(T, ABC).into()], &[]),
        case("a table loses all of it", [everything(T, ABC).into()], [plain("t", ABC).into()], &[]),
        case("a table goes with all of it", [everything(T, ABC).into()], [], &[]).without_rows(),
        case(
            "all of it stays while table, schema and columns are renamed",
            [everything(T, ABC).into()],
            [everything(["app", "u"], ["d", "e", "f"]).into()],
            &["public.t=app.u", "app.u.a=app.u.d", "app.u.b=app.u.e", "app.u.c=app.u.f"],
        ),
        case(
            "a foreign key is checked later, and at once again",
            pets(key(), owner()),
            pets(key(), owner().initially_deferred()),
            &[],
        ),
        case(
            "a foreign key is checked later by another word",
            pets(key(), owner().initially_deferred()),
            pets(key(), owner().deferrable()),
            &[],
        ),
        case(
            "a foreign key gets another time, and its table and columns other names",
            pets(key(), owner().name("fk")),
            [
                table("people", [integer("number"), integer("age")])
                    .primary_key(PrimaryKey::on(["number"]).name("key"))
                    .into(),
                table("animals", [integer("id"), integer("person")])
                    .in_schema("app")
                    .foreign_key(
                        ForeignKey::new(["person"]).references("people", ["number"]).name("fk").initially_deferred(),
                    )
                    .into(),
            ],
            &[
                "public.users=public.people",
                "public.pets=app.animals",
                "public.people.id=public.people.number",
                "app.animals.owner=app.animals.person",
            ],
        ),
        case(
            "the key under a foreign key includes a column from now on",
            pets(key(), owner().deferrable()),
            pets(key().include(["age"]), owner().deferrable()),
            &[],
        ),
        case(
            "the key under a foreign key can wait from now on, and an index takes its place",
            pets(key(), owner()),
            [
                table("users", [integer("id"), integer("age")])
                    .primary_key(key().deferrable())
                    .index(Index::on(["id"]).name("by").unique().include(["age"]))
                    .into(),
                table("pets", [integer("id"), integer("owner")]).foreign_key(owner()).into(),
            ],
            &[],
        ),
        case(
            "a key that is its column's becomes one that can wait, under the name that it has",
            [table("t", [integer("id").primary_key()]).into()],
            [table("t", [integer("id")]).primary_key(PrimaryKey::on(["id"]).name("t_pkey").deferrable()).into()],
            &[],
        ),
        case(
            "a column goes that a key and an index include, and another one comes",
            [table("t", [integer("a"), Column::new("old", types::text())])
                .primary_key(PrimaryKey::on(["a"]).name("key").include(["old"]))
                .unique(Unique::on(["a"]).name("one").include(["old"]))
                .index(Index::on(["a"]).name("by").include(["old"]))
                .into()],
            [table("t", [integer("a"), Column::new("new", types::text())])
                .primary_key(PrimaryKey::on(["a"]).name("key").include(["new"]))
                .unique(Unique::on(["a"]).name("one").include(["new"]))
                .index(Index::on(["a"]).name("by").include(["new"]))
                .into()],
            &[],
        ),
        case(
            "an included column goes, and what included it stays without",
            [plain("t", ABC).index(Index::on(["a"]).name("also").include(["c"])).into()],
            [table("t", [integer("a"), integer("b")])
                .primary_key(PrimaryKey::on(["a"]).name("key"))
                .index(Index::on(["a"]).name("also"))
                .into()],
            &[],
        ),
        case(
            "an included column gets another type, and a generated one is made anew",
            [table("t", [integer("a"), Column::new("g", types::integer()).generated("a + 1")])
                .unique(Unique::on(["a"]).name("one").include(["a", "g"]).deferrable())
                .index(Index::on(["a"]).name("by").include(["g"]))
                .into()],
            [table(
                "t",
                [Column::new("a", types::bigint()).not_null(), Column::new("g", types::bigint()).generated("a + 2")],
            )
            .unique(Unique::on(["a"]).name("one").include(["a", "g"]).deferrable())
            .index(Index::on(["a"]).name("by").include(["g"]))
            .into()],
            &[],
        ),
        case(
            "a partitioned table has keys that wait and include",
            [
                table("t", [integer("a"), integer("b")]).partition_by(PartitionKey::list().column("a")).into(),
                Partition::new("t_1", "t").values("1, 2").into(),
            ],
            [
                table("t", [integer("a"), integer("b")])
                    .partition_by(PartitionKey::list().column("a"))
                    .primary_key(key2().include(["b"]).initially_deferred())
                    .unique(Unique::on(["a"]).name("one").include(["b"]))
                    .index(Index::on(["b"]).name("by").include(["a"]))
                    .foreign_key(ForeignKey::new(["b"]).references("t", ["a"]).name("fk").match_full().deferrable())
                    .into(),
                Partition::new("t_1", "t").values("1, 2").into(),
            ],
            &[],
        ),
        case(
            "a foreign key of a partitioned table is checked at another time",
            partitioned(ForeignKey::new(["b"]).references("t", ["a"]).name("fk").deferrable()),
            partitioned(ForeignKey::new(["b"]).references("t", ["a"]).name("fk")),
            &[],
        ),
        case(
            "a unique index tells NULLs apart no more",
            [table("t", [Column::new("a", types::integer())]).index(Index::on(["a"]).name("by").unique()).into()],
            [table("t", [Column::new("a", types::integer())])
                .index(Index::on(["a"]).name("by").unique().nulls_not_distinct().include(["a"]))
                .into()],
            &[],
        )
        .since(15),
    ]);
}

fn key2() -> PrimaryKey {
    PrimaryKey::on(["a"]).name("key")
}

fn partitioned(key: ForeignKey) -> Vec<Object> {
    vec![
        table("t", [integer("a"), integer("b")])
            .partition_by(PartitionKey::list().column("a"))
            .unique(Unique::on(["a"]).name("one"))
            .foreign_key(key)
            .into(),
        Partition::new("t_1", "t").values("1, 2").into(),
    ]
}

#[test]
fn a_key_whose_included_column_gets_another_type_takes_along_what_references_it() {
    let pets = |key: &dyn Fn(Table) -> Table, sql_type| -> Vec<Object> {
        let users = table("users", [integer("id"), Column::new("name", sql_type)]);
        vec![key(users).into(), table("pets", [integer("id"), integer("owner")]).foreign_key(owner()).into()]
    };
    let retyped = |sentence, key: &dyn Fn(Table) -> Table| {
        case(sentence, pets(key, types::varchar(9)), pets(key, types::text()), &[])
    };
    check(vec![
        retyped("of a primary key", &|users| users.primary_key(key().include(["name"]))),
        retyped("of a unique constraint", &|users| users.unique(Unique::on(["id"]).name("one").include(["name"]))),
        retyped("of a unique index", &|users| users.index(Index::on(["id"]).name("by").unique().include(["name"]))),
    ]);
}
