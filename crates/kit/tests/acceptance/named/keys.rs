use schema::ReferentialAction;
use schema::build::{Column, ForeignKey, Identity, Index, Object, PrimaryKey, Table, Unique, types};

use super::{case, check};

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

fn table(name: &str, columns: impl IntoIterator<Item = Column>) -> Table {
    columns.into_iter().fold(Table::new(name), Table::column)
}

fn child(column: Column) -> Object {
    table("pets", [integer("pet"), column]).into()
}

#[test]
fn keys_are_reached() {
    let id = || integer("id").primary_key();
    let not_null = |name: &str| integer(name).not_null();
    let itself = |from: &str, to: &str| {
        let key = ForeignKey::new([from]).references("t", [to]).name("fk");
        table("t", [integer(from), integer(to)]).foreign_key(key)
    };
    let pair = || table("users", [not_null("id"), not_null("tenant")]);
    check(vec![
        case(
            "one column's key becomes one of two columns under a foreign key that follows",
            [table("users", [id(), not_null("tenant")]).into(), child(integer("owner").references("users", "id"))],
            [
                pair().primary_key(PrimaryKey::on(["id", "tenant"])).unique(Unique::on(["id"])).into(),
                child(integer("owner").references("users", "id")),
            ],
            &[],
        ),
        case(
            "a key of two columns becomes one of one",
            [pair().primary_key(PrimaryKey::on(["id", "tenant"])).into()],
            [table("users", [id(), not_null("tenant")]).into()],
            &[],
        ),
        case(
            "a key moves to another column, whose table and column are renamed",
            [table("users", [id(), not_null("other")]).into()],
            [table("people", [integer("id"), integer("number").primary_key()]).into()],
            &["public.users=public.people", "public.people.other=public.people.number"],
        ),
        case(
            "a column that is the key goes and a new one comes",
            [table("users", [id(), integer("x")]).into()],
            [table("users", [Column::new("key", types::serial()).primary_key(), integer("x")]).into()],
            &[],
        ),
        case(
            "the key moves to a column that is computed no more, from one that goes",
            [table("users", [id(), integer("x").generated("id * 2")]).into()],
            [table("users", [integer("x").primary_key()]).into()],
            &[],
        ),
        case(
            "the key moves to a column that gets an identity, from one that goes",
            [table("users", [id(), integer("x"), integer("y")]).into()],
            [table("users", [integer("x").primary_key().identity(Identity::by_default()), integer("y")]).into()],
            &[],
        ),
        case(
            "a column that had no order becomes the key, with an identity",
            [table("users", [Column::new("id", types::point()), integer("x")]).into()],
            [table("users", [id().identity(Identity::always()), integer("x")]).into()],
            &[],
        )
        .without_rows(),
        case(
            "a foreign key comes with the unique constraint that it needs",
            [table("users", [id(), integer("code")]).into(), child(integer("owner"))],
            [
                table("users", [id(), integer("code").unique()]).into(),
                child(integer("owner").references("users", "code")),
            ],
            &[],
        ),
        case(
            "a foreign key comes with the unique index that it needs",
            [table("users", [id(), integer("code")]).into(), child(integer("owner"))],
            [
                table("users", [id(), integer("code")]).index(Index::on(["code"]).unique()).into(),
                child(integer("owner").references("users", "code")),
            ],
            &[],
        ),
        case(
            "a foreign key goes with the unique constraint that it needed",
            [
                table("users", [id(), integer("code").unique()]).into(),
                child(integer("owner").references("users", "code")),
            ],
            [table("users", [id(), integer("code")]).into(), child(integer("owner"))],
            &[],
        ),
        case(
            "a unique index that a foreign key stands on gets another name",
            [
                table("users", [id(), integer("code")]).index(Index::on(["code"]).name("by").unique()).into(),
                child(integer("owner").references("users", "code")),
            ],
            [
                table("users", [id(), integer("code")]).index(Index::on(["code"]).name("by_code").unique()).into(),
                child(integer("owner").references("users", "code")),
            ],
            &[],
        ),
        case(
            "a unique index that a foreign key stands on becomes a constraint",
            [
                table("users", [id(), integer("code")]).index(Index::on(["code"]).unique()).into(),
                child(integer("owner").references("users", "code")),
            ],
            [
                table("users", [id(), integer("code").unique()]).into(),
                child(integer("owner").references("users", "code")),
            ],
            &[],
        ),
        case(
            "two columns change names under a foreign key to their own table, and its unique index goes",
            [itself("a", "b").index(Index::on(["b"]).unique()).into()],
            [itself("b", "a").unique(Unique::on(["a"])).into()],
            &["public.t.a=public.t.b", "public.t.b=public.t.a"],
        ),
        case(
            "a table is dropped that a kept table references",
            [table("users", [id()]).into(), child(integer("owner").references("users", "id"))],
            [child(integer("owner"))],
            &[],
        ),
        case(
            "both sides of a foreign key change their type",
            [table("users", [id()]).into(), child(integer("owner").references("users", "id"))],
            [
                table("users", [Column::new("id", types::text()).primary_key()]).into(),
                child(Column::new("owner", types::text()).references("users", "id")),
            ],
            &[],
        ),
        case(
            "a foreign key changes its action while both tables and columns are renamed",
            [table("users", [id()]).into(), child(integer("owner").references("users", "id"))],
            [
                table("people", [integer("key").primary_key()]).into(),
                table(
                    "animals",
                    [
                        integer("pet"),
                        integer("person").references_as(
                            ForeignKey::new(["person"])
                                .references("people", ["key"])
                                .on_delete(ReferentialAction::Cascade),
                        ),
                    ],
                )
                .into(),
            ],
            &[
                "public.users=public.people",
                "public.pets=public.animals",
                "public.people.id=public.people.key",
                "public.animals.owner=public.animals.person",
            ],
        ),
        case(
            "a unique constraint on the column of the primary key is one of its own",
            [],
            [table("users", [integer("id").primary_key().unique()]).into()],
            &[],
        )
        .without_rows(),
    ]);
}
