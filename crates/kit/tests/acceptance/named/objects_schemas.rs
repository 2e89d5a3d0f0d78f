//! A schema that gets another name, under everything that names it.

use schema::TriggerEvent::Insert;
use schema::build::{
    Column, Composite, Domain, Exclusion, ExclusionElement, Function, Index, IndexColumn, Object, Partition,
    PartitionKey, Range, Statistics, Table, Trigger, View, types,
};

use super::{case, check};

/// What lives in the schema, and what names it.
fn of_schema(name: &str) -> Vec<Object> {
    let of = |text: &str| types::custom(format!("{name}.{text}"));
    let call = |function: &str, argument: &str| format!("{name}.{function}({argument})");
    let function = |called: &str, argument, returns: &str, body: &str| {
        Function::new(called).in_schema(name).argument("x", argument).returns(returns).sql(body).immutable()
    };
    let table = Table::new("t")
        .column(Column::new("a", types::integer()))
        .column(Column::new("s", of("span")))
        .column(Column::new("p", of("pair")))
        .exclude(
            Exclusion::new("e")
                .using("btree")
                .element(ExclusionElement::expression(call("twice", "a"), "="))
                .filter(format!("{} > 0", call("twice", "a"))),
        )
        .trigger(Trigger::after("g", [Insert]).for_each_row().when(call("is_even", "new.a")).execute_in(name, "touch"));
    let parted = Table::new("parted").column(Column::new("b", types::integer()));
    vec![
        Domain::new("even", types::integer())
            .in_schema(name)
            .default_sql(call("twice", "1"))
            .check("c", call("is_even", "VALUE"))
            .into(),
        Composite::new("pair").in_schema(name).attribute("a", of("even[]")).into(),
        function("distance", types::integer(), "double precision", "select x - y")
            .argument("y", types::integer())
            .into(),
        Range::new("span", types::integer()).in_schema(name).difference(format!("{name}.distance")).into(),
        function("twice", types::integer(), "integer", "select x * 2").into(),
        function("is_even", types::integer(), "boolean", "select x % 2 = 0").into(),
        Function::new("f")
            .argument_with_default("x", of("even"), call("twice", "1"))
            .returns("integer")
            .sql("select 1")
            .into(),
        Function::new("touch").in_schema(name).returns("trigger").plpgsql("begin return new; end").into(),
        table.into(),
        parted.partition_by(PartitionKey::range().expression(call("twice", "b"))).into(),
        Partition::new("low", "parted")
            .from_to("MINVALUE", &call("twice", "5"))
            .partition_by(PartitionKey::range().expression(call("twice", "b")))
            .into(),
        Partition::new("lowest", "low").from_to("MINVALUE", "MAXVALUE").into(),
        View::new("m")
            .query("select a from t")
            .materialized()
            .index(Index::on([IndexColumn::expression(call("twice", "a"))]).name("i"))
            .into(),
        Statistics::new("s", "t").expression(call("twice", "a")).into(),
    ]
}

#[test]
fn what_names_a_schema_follows_it() {
    check(vec![case(
        "a schema is renamed under everything that names it",
        of_schema("app"),
        of_schema("two"),
        &["schema:app=two"],
    )]);
}
