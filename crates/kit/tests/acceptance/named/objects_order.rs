//! Objects beside each other, and beside renames, found by random changes: what must come before what.

use schema::TriggerEvent;
use schema::build::{
    Check, Collation, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Extension, ForeignKey, Function,
    Index, Object, Partition, PartitionKey, Policy, Range, Table, Trigger, enumeration, types,
};
use schema::{CollationName, CommentKind, Deferral};

use super::{case, check};

fn table(name: &str) -> Table {
    Table::new(name).column(Column::new("a", types::integer()))
}

/// The rows of a table, by a function that PostgreSQL knows to depend on it.
fn rows_of(table: &str) -> Object {
    Function::new("all_rows").returns(format!("SETOF {table}")).sql(format!("select * from {table}")).stable().into()
}

fn touch() -> Object {
    Function::new("touch").returns("trigger").plpgsql("begin return new; end").into()
}

fn on_insert() -> Trigger {
    Trigger::before("t", [TriggerEvent::Insert]).for_each_row().execute("touch")
}

fn free() -> Exclusion {
    Exclusion::new("free").using("btree").element(ExclusionElement::column("a", "="))
}

#[test]
fn what_goes_with_a_table_is_known_where_the_table_goes_late() {
    let counts = |returns: &str| Function::new("counts").returns(returns).sql(format!("select 1::{returns}")).stable();
    check(vec![
        case(
            "a table goes with a function of its rows and the function of its trigger",
            [touch(), table("t").trigger(on_insert()).into(), rows_of("t"), table("u").into()],
            [table("u").into()],
            &[],
        ),
        case(
            "functions of one name and another schema go, one with the rows and one with the trigger of a table",
            [
                touch(),
                table("t").trigger(on_insert()).into(),
                Function::new("touch").in_schema("app").returns("SETOF t").sql("select * from t").into(),
                table("u").into(),
            ],
            [table("u").into()],
            &[],
        ),
        case(
            "another table gets an exclusion constraint of the same name",
            [table("t").exclude(free()).into(), rows_of("t"), table("v").into()],
            [table("u").exclude(free()).into(), table("v").into()],
            &[],
        ),
        case(
            "a partition has the name of one that goes with its table",
            [
                table("t").partition_by(PartitionKey::range().column("a")).into(),
                Partition::new("p", "t").into(),
                rows_of("t"),
                table("v").into(),
            ],
            [
                table("u").partition_by(PartitionKey::range().column("a")).into(),
                Partition::new("p", "u").into(),
                table("v").into(),
            ],
            &[],
        ),
        case(
            "a policy of the table reads a column of another that gets another type",
            [
                table("t").policy(Policy::new("p").using("exists (select from u where b > '1')")).into(),
                rows_of("t"),
                Table::new("u").column(Column::new("b", types::text())).into(),
            ],
            [Table::new("u").column(Column::new("b", types::integer())).into()],
            &[],
        ),
        case(
            "a policy of the table calls a function that is made anew",
            [
                table("t").policy(Policy::new("p").using("counts() > 0")).into(),
                counts("bigint").into(),
                table("u").into(),
            ],
            [counts("integer").into(), table("u").into()],
            &[],
        ),
        case(
            "a policy on another table gets the name of a commented one that goes with its table",
            [
                table("t").policy(Policy::new("p").using("true")).into(),
                Comment::on_part(CommentKind::Policy, "t", "p", "all").into(),
                table("u").into(),
            ],
            [Policy::new("p").on("public", "elsewhere").into(), table("u").into()],
            &[],
        )
        .after("CREATE TABLE elsewhere (id integer)"),
        case(
            "an index moves to the name of a commented one that goes with its table, and is commented in the same words",
            [
                table("t").index(Index::on(["a"]).name("by_a")).into(),
                Comment::on_object(CommentKind::Index, "by_a", "as it is").into(),
                Table::new("u")
                    .in_schema("app")
                    .column(Column::new("a", types::integer()))
                    .index(Index::on(["a"]).name("by_a"))
                    .into(),
            ],
            [
                table("u").index(Index::on(["a"]).name("by_a")).into(),
                Comment::on_object(CommentKind::Index, "by_a", "as it is").into(),
            ],
            &["app.u=public.u"],
        ),
        case(
            "a table takes the name of one that is renamed and loses its key",
            [Table::new("t").column(Column::new("id", types::serial()).primary_key()).into(), table("v").into()],
            [
                Table::new("u").column(Column::new("a", types::integer())).into(),
                Table::new("t").column(Column::new("id", types::serial()).primary_key()).into(),
                table("v").into(),
            ],
            &["public.t=public.u"],
        ),
    ]);
}

#[test]
fn a_rename_goes_into_the_types_of_functions_and_domains() {
    let taking = |of: &str| {
        vec![
            enumeration(of, ["1", "2"]).into(),
            Function::new("f")
                .argument("x", types::enumeration_named("public", of))
                .returns("integer")
                .sql("select 1")
                .immutable()
                .into(),
            Domain::new("d", types::enumeration_named("public", of)).default_sql("'1'").into(),
            Table::new("t").column(Column::new("a", types::custom("d"))).into(),
        ]
    };
    check(vec![
        case(
            "an enum is renamed under a function and a domain",
            taking("mood"),
            taking("Kind of"),
            &["enum:public.mood=public.Kind of"],
        ),
        case(
            "a table is renamed under a function of its rows",
            [table("t").into(), rows_of("t")],
            [table("u").into(), rows_of("u")],
            &["public.t=public.u"],
        ),
        case(
            "a schema is renamed that a function names with a quoted type",
            [
                Table::new("A t").in_schema("app").column(Column::new("a", types::integer())).into(),
                rows_of("app.\"A t\""),
            ],
            [
                Table::new("A t").in_schema("My app").column(Column::new("a", types::integer())).into(),
                rows_of("\"My app\".\"A t\""),
            ],
            &["schema:app=My app"],
        ),
    ]);
}

#[test]
fn what_names_a_late_column_or_value_waits_for_it() {
    let level = |values: [&str; 2]| enumeration("level", values);
    let late = |column: Column| table("t").column(column);
    check(vec![
        case(
            "a trigger's condition names a new column, whose type takes the name of one that goes",
            [
                touch(),
                Domain::new("level", types::integer()).into(),
                late(Column::new("old", types::custom("level"))).into(),
            ],
            [
                touch(),
                level(["a", "b"]).into(),
                late(Column::new("new", types::enumeration(&level(["a", "b"]))))
                    .trigger(
                        Trigger::before("t", [TriggerEvent::Update])
                            .for_each_row()
                            .when("new.\"new\" is not null")
                            .execute("touch"),
                    )
                    .into(),
            ],
            &[],
        ),
        case(
            "a new value of an enum is in the default of a new domain over its array",
            [enumeration("level", ["a"]).into(), table("t").into()],
            [
                level(["a", "b, c"]).into(),
                table("t").into(),
                Domain::new("levels", types::enumeration(&level(["a", "b, c"])).array())
                    .default_sql("'{\"b, c\"}'")
                    .into(),
            ],
            &[],
        ),
        case(
            "a domain and a composite type are made of the rows of a new table",
            [table("t").into()],
            [
                table("t").into(),
                Composite::new("pair").attribute("first", types::custom("u")).into(),
                Domain::new("some", types::custom("u")).into(),
                table("u").into(),
            ],
            &[],
        ),
        case(
            "a new value of an enum is in the row that a column has by default",
            [enumeration("level", ["a"]).into(), table("t").into()],
            [
                level(["a", "b"]).into(),
                Composite::new("pair").attribute("x", types::enumeration(&level(["a", "b"]))).into(),
                late(Column::new("pair", types::custom("pair")).default_sql("'(b)'")).into(),
            ],
            &[],
        ),
    ]);
}

#[test]
fn types_make_way_for_a_collation_whose_name_needs_quotes() {
    let collation = |locale: &str| Collation::new("Plain C", locale);
    let name = || CollationName { schema: Some("public".to_owned()), name: "Plain C".to_owned() };
    let with = |locale: &str| -> Vec<Object> {
        vec![
            collation(locale).into(),
            Domain::new("email", types::text()).collate(name()).into(),
            Range::new("span", types::text()).collate(name()).into(),
            Composite::new("pair").attribute("a", types::text()).collate(name()).into(),
            table("t").column(Column::new("email", types::custom("email"))).into(),
        ]
    };
    check(vec![case("a collation changes under types that have it", with("C"), with("POSIX"), &[])]);
}

#[test]
fn domains_and_collations_make_way() {
    let positive = |base| Domain::new("positive", base);
    let held = |sql_type: &str| Table::new("t").column(Column::new("a", types::custom(sql_type)));
    let german = |locale: &str| Object::from(Collation::new("german", locale));
    let declared = || CollationName { schema: Some("public".to_owned()), name: "german".to_owned() };
    let sorted = || Domain::new("email", types::text()).collate("C").into();
    let contact = || Column::new("a", types::custom("email"));
    check(vec![
        case(
            "a new column has an attribute by default whose domain is made anew",
            [
                positive(types::text()).into(),
                Composite::new("pair").attribute("x", types::integer()).into(),
                table("u").into(),
            ],
            [
                positive(types::integer()).into(),
                Composite::new("pair")
                    .attribute("x", types::integer())
                    .attribute("y", types::custom("positive"))
                    .into(),
                Table::new("t").column(Column::new("a", types::custom("pair")).default_sql("'(,)'")).into(),
                table("u").into(),
            ],
            &[],
        ),
        case(
            "a domain is narrowed that a column has an array of",
            [positive(types::integer()).into(), held("positive[]").into()],
            [positive(types::integer()).check("c", "VALUE > 0").not_null().into(), held("positive[]").into()],
            &[],
        ),
        case(
            "a domain has another type below it, and the one before goes",
            [
                enumeration("mood", ["1", "2"]).into(),
                positive(types::enumeration_named("public", "mood")).into(),
                held("positive").into(),
                Comment::on_object(CommentKind::Domain, "positive", "not less").into(),
            ],
            [
                positive(types::integer()).into(),
                held("positive").into(),
                Comment::on_object(CommentKind::Domain, "positive", "not less").into(),
            ],
            &[],
        ),
        case(
            "a new value is the default of a new domain, and of a column that has one",
            [enumeration("mood", ["1", "2"]).into(), table("t").into()],
            [
                enumeration("mood", ["1", "2", "3"]).into(),
                positive(types::enumeration_named("public", "mood")).default_sql("'3'").into(),
                Table::new("t")
                    .column(Column::new("a", types::integer()))
                    .column(Column::new("b", types::custom("positive")).default_sql("'3'"))
                    .into(),
            ],
            &[],
        ),
        case(
            "a collation is made anew under columns that get another type, or go",
            [
                german("C"),
                Table::new("t")
                    .column(Column::new("a", types::text()).collate(declared()))
                    .column(Column::new("b", types::text()).collate(declared()))
                    .column(Column::new("c", types::integer()))
                    .into(),
            ],
            [
                german("POSIX"),
                Table::new("t")
                    .column(Column::new("a", types::integer()))
                    .column(Column::new("c", types::integer()))
                    .into(),
            ],
            &[],
        ),
        case(
            "a column becomes a key with a collation that is made anew, and back",
            [german("C"), Table::new("t").column(Column::new("a", types::integer())).into()],
            [
                german("POSIX"),
                Table::new("t").column(Column::new("a", types::text()).collate(declared()).primary_key()).into(),
            ],
            &[],
        ),
        case(
            "a collation is made anew, and a column that had it gets that of its domain",
            [german("C"), sorted(), Table::new("t").column(contact().collate(declared())).into()],
            [german("POSIX"), sorted(), Table::new("t").column(contact()).into()],
            &[],
        ),
    ]);
}

#[test]
fn parts_of_tables_have_their_order() {
    let parent = || Table::new("p").column(Column::new("id", types::integer()).primary_key());
    let child = || table("c").foreign_key(ForeignKey::new(["a"]).references("p", ["id"]));
    check(vec![
        case(
            "a table is logged before another references it, and one that references it after it",
            [parent().unlogged().into(), child().unlogged().into(), table("n").into()],
            [
                parent().into(),
                child().into(),
                table("n").foreign_key(ForeignKey::new(["a"]).references("p", ["id"])).into(),
            ],
            &[],
        ),
        case(
            "a table is no longer logged before it references a new one that is not",
            [table("c").into()],
            [parent().unlogged().into(), child().unlogged().into()],
            &[],
        )
        .without_rows(),
        case(
            "a check on a partitioned table names the table",
            [
                table("t").partition_by(PartitionKey::range().column("a")).into(),
                Partition::new("low", "t").from_to("MINVALUE", "10").into(),
            ],
            [
                table("t")
                    .check(Check::new("c", "\"t\".\"a\" > -5 and 't.a' <> ''"))
                    .partition_by(PartitionKey::range().column("a"))
                    .into(),
                Partition::new("low", "t").from_to("MINVALUE", "10").into(),
            ],
            &[],
        ),
        case(
            "an extension goes with the schema that it is in",
            [
                Extension::new("citext").in_schema("app").into(),
                table("t").exclude(free().deferral(Deferral::InitiallyDeferred)).into(),
            ],
            [table("t").exclude(free().deferral(Deferral::InitiallyDeferred)).into()],
            &[],
        ),
    ]);
}
