//! Constraints and indexes that get another name and are the same otherwise, and are renamed.

use schema::CommentKind;
use schema::build::{
    Check, Column, Comment, Exclusion, ExclusionElement, ForeignKey, Index, Object, PrimaryKey, Table, Unique, types,
};

use super::{Named, case, check};

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

/// A table with all that is named after it, and one that references it.
fn shop(schema: &str, name: &str) -> Vec<Object> {
    let named = |what: &str| format!("{name}_{what}");
    let table = Table::new(name)
        .in_schema(schema)
        .column(integer("id").not_null())
        .column(integer("number"))
        .column(integer("parent"))
        .primary_key(PrimaryKey::on(["id"]).name(named("key")).include(["number"]))
        .unique(Unique::on(["number", "id"]).name(named("unique")).deferrable())
        .check(Check::new(named("check"), "number > 0").no_inherit())
        .index(Index::on(["number"]).name(named("index")).include(["id"]))
        .foreign_key(
            ForeignKey::new(["parent"]).references(name, ["id"]).in_schema(schema).name(named("parent")).match_full(),
        )
        .exclude(Exclusion::new(named("exclusion")).element(ExclusionElement::column("id", "=")).using("btree"));
    let pets = Table::new("pets").in_schema(schema).column(integer("owner")).foreign_key(
        ForeignKey::new(["owner"]).references(name, ["id"]).in_schema(schema).name(named("owner")).initially_deferred(),
    );
    let comments = [
        Comment::on_part(CommentKind::Constraint, name, named("check"), "it is checked").in_schema(schema),
        Comment::on_part(CommentKind::Constraint, name, named("key"), "it is the key").in_schema(schema),
        Comment::on_object(CommentKind::Index, named("index"), "it is quick").in_schema(schema),
    ];
    [table.into(), pets.into()].into_iter().chain(comments.map(Object::from)).collect()
}

fn users(name: &str, column: Column, with: impl FnOnce(Table) -> Table) -> Object {
    with(Table::new(name).column(integer("id").not_null()).column(column)).into()
}

fn plain(name: &str, with: impl FnOnce(Table) -> Table) -> Object {
    users(name, integer("n"), with)
}

#[test]
fn constraints_and_indexes_with_other_names_are_reached() {
    let key = |name: &'static str| move |table: Table| table.primary_key(PrimaryKey::on(["id"]).name(name));
    let implied = |name: &str| Table::new(name).column(integer("id").primary_key()).column(integer("n")).into();
    let unique = |name: &'static str| move |table: Table| table.unique(Unique::on(["n"]).name(name));
    let index = |name: &'static str| move |table: Table| table.index(Index::on(["n"]).name(name));
    let cases = vec![
        case(
            "all that is named after a table goes by its new name",
            shop("public", "users"),
            shop("public", "people"),
            &["public.users=public.people"],
        ),
        case(
            "it does in another schema too",
            shop("public", "users"),
            shop("app", "people"),
            &["table:public.users=app.people", "table:public.pets=app.pets"],
        ),
        case(
            "two tables change names, with what is named after them",
            [plain("a", |t| unique("a_u")(index("a_i")(t))), plain("b", |t| unique("b_u")(index("b_i")(t)))],
            [plain("b", |t| unique("b_u")(index("b_i")(t))), plain("a", |t| unique("a_u")(index("a_i")(t)))],
            &["public.a=public.b", "public.b=public.a"],
        ),
        case(
            "a constraint and an index change names",
            [plain("a", |t| unique("x")(index("y")(t)))],
            [plain("a", |t| unique("y")(index("x")(t)))],
            &[],
        ),
        case(
            "a unique constraint and a check change names",
            [plain("a", |t| unique("x")(t).check(Check::new("y", "n > 0")))],
            [plain("a", |t| unique("y")(t).check(Check::new("x", "n > 0")))],
            &[],
        ),
        case(
            "an index takes the name of one that goes",
            [plain("a", index("x")), plain("b", index("y"))],
            [plain("a", index("y")), plain("b", |t| t)],
            &[],
        ),
        case(
            "an index with another name is on a column with another type",
            [users("a", Column::new("n", types::text()), |t| t.index(Index::on(["n"]).name("x").filter("n > '1'")))],
            [users("a", integer("n"), |t| t.index(Index::on(["n"]).name("y").filter("n > '1'")))],
            &[],
        ),
        case("a key gets the name that PostgreSQL gives it", [plain("a", key("k"))], [implied("a")], &[]),
        case(
            "a key keeps the name that its table had",
            [implied("a")],
            [plain("b", key("a_pkey"))],
            &["public.a=public.b"],
        ),
        case(
            "two tables change names, and one of their keys is named",
            [implied("a"), plain("b", key("k"))],
            [plain("b", key("k")), implied("a")],
            &["public.a=public.b", "public.b=public.a"],
        ),
        case(
            "the columns of a key and of a reference to it are retyped, and the constraints get other names",
            [
                plain("a", key("k")),
                users("b", integer("a"), |t| t.foreign_key(ForeignKey::new(["a"]).references("a", ["id"]).name("f"))),
            ],
            [
                Table::new("a")
                    .column(Column::new("id", types::text()).not_null())
                    .column(integer("n"))
                    .primary_key(PrimaryKey::on(["id"]).name("l"))
                    .into(),
                users("b", Column::new("a", types::text()), |t| {
                    t.foreign_key(ForeignKey::new(["a"]).references("a", ["id"]).name("g"))
                }),
            ],
            &[],
        ),
    ];
    check(cases.into_iter().map(Named::renaming_parts).collect());
}
