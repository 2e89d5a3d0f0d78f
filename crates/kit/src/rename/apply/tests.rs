//! What a rename leaves to be done: PostgreSQL knows what it renames by number, wherever that is named.

use expect_test::{Expect, expect};
use schema::CollationName;
use schema::TriggerEvent::Insert;
use schema::build::{
    self, Collation, Column, Composite, Domain, Exclusion, ExclusionElement, Function, Index, IndexColumn, Object,
    Partition, PartitionKey, Range, Statistics, Table, Trigger, View, enumeration, types,
};

use crate::rename::{Answer, Answers, resolve};

fn check([previous, next]: [Vec<Object>; 2], rename: &str, expected: Expect) {
    let [previous, next] = [previous, next].map(|objects| build::schema(objects).unwrap());
    let answers = Answers::new([Answer::rename(rename).unwrap()]).create_the_rest();
    let steps = crate::plan::plan(&resolve(&previous, &next, &answers), &next);
    let statements: Vec<String> = steps.iter().flat_map(crate::sql::statements).collect();
    expected.assert_eq(&statements.join("\n"));
}

/// Everything that can name a schema, but for what a snapshot holds.
fn of_schema(name: &str) -> Vec<Object> {
    let of = |text: &str| types::custom(format!("{name}.{text}"));
    let call = |function: &str, argument: &str| format!("{name}.{function}({argument})");
    let german = || CollationName { schema: Some(name.to_owned()), name: "german".to_owned() };
    let function = |called: &str, argument, returns: &str| {
        Function::new(called).in_schema(name).argument("x", argument).returns(returns).sql("select x").immutable()
    };
    let table = Table::new("t")
        .column(Column::new("a", types::integer()))
        .column(Column::new("b", types::text()).collate(german()))
        .exclude(
            Exclusion::new("e")
                .using("gist")
                .element(ExclusionElement::column("a", format!("OPERATOR({name}.=)")))
                .element(
                    ExclusionElement::expression(call("twice", "a"), "=").operator_class(format!("{name}.number_ops")),
                )
                .filter(format!("{} > 0", call("twice", "a"))),
        );
    let parted = |called: &str| {
        let table = Table::new(called).column(Column::new("a", types::integer()));
        table.partition_by(PartitionKey::range().expression(call("twice", "a")))
    };
    vec![
        Collation::new("german", "de-x-icu").in_schema(name).icu().into(),
        Domain::new("number", types::integer()).in_schema(name).into(),
        Domain::new("even", of("number"))
            .in_schema(name)
            .default_sql(call("twice", "1"))
            .check("c", call("is_even", "VALUE"))
            .into(),
        Domain::new("word", types::text()).collate(german()).into(),
        Composite::new("pair").attribute("a", of("even[]")).attribute("b", types::text()).collate(german()).into(),
        function("distance", of("number"), "double precision").argument("y", of("number")).into(),
        Range::new("span", of("number")).difference(format!("{name}.distance")).into(),
        function("twice", types::integer(), "integer").into(),
        function("is_even", of("number"), &format!("SETOF {name}.even")).into(),
        Function::new("f").argument_with_default("x", of("even"), call("twice", "1")).returns("integer").sql("").into(),
        Function::new("touch").in_schema(name).returns("trigger").plpgsql("begin return new; end").into(),
        table
            .trigger(
                Trigger::after("g", [Insert]).for_each_row().when(call("is_even", "new.a")).execute_in(name, "touch"),
            )
            .into(),
        parted("p").into(),
        Partition::new("low", "p")
            .from_to("MINVALUE", &call("twice", "5"))
            .partition_by(PartitionKey::list().expression(call("twice", "a")))
            .into(),
        View::new("m")
            .query("select a from t")
            .materialized()
            .index(
                Index::on([
                    IndexColumn::expression(call("twice", "a")),
                    IndexColumn::from("a").operator_class(format!("{name}.number_ops")),
                ])
                .name("i"),
            )
            .into(),
        Statistics::new("s", "t").expression(call("twice", "a")).into(),
    ]
}

#[test]
fn a_schema_is_renamed_under_everything_that_names_it() {
    check(
        ["app", "two"].map(of_schema),
        "schema:app=two",
        expect![[r#"
        ALTER SCHEMA "app" RENAME TO "two";
    "#]],
    );
}

/// Everything that can cast to a type.
fn of_type(name: &str) -> Vec<Object> {
    let is_ok = |value: &str| format!("{value} = 'ok'::{name}");
    vec![
        enumeration(name, ["ok", "bad"]).into(),
        Domain::new("d", types::custom(name)).check("c", is_ok("VALUE")).into(),
        Function::new("f")
            .argument_with_default("x", types::custom(name), format!("'ok'::{name}"))
            .returns("integer")
            .sql("")
            .into(),
        Function::new("touch").returns("trigger").plpgsql("begin return new; end").into(),
        Table::new("t")
            .column(Column::new("a", types::text()))
            .partition_by(PartitionKey::list().expression(is_ok(&format!("a::{name}"))))
            .into(),
        Partition::new("p", "t").values("true").partition_by(PartitionKey::list().expression(is_ok("a"))).into(),
        Trigger::after("g", [Insert]).on("public", "p").for_each_row().when(is_ok("new.a")).execute("touch").into(),
        Statistics::new("s", "t").expression(is_ok("a")).into(),
    ]
}

#[test]
fn an_enum_is_renamed_under_every_cast_to_it() {
    check(
        ["mood", "state"].map(of_type),
        "enum:public.mood=public.state",
        expect![[r#"ALTER TYPE "public"."mood" RENAME TO "state";"#]],
    );
}
