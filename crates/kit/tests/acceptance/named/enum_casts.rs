//! Enums that are made anew while an expression casts to them, in every place that an expression can stand in, on
//! tables without a column of the type.

use schema::TriggerEvent::Update;
use schema::build::{
    Check, Column, Domain, Exclusion, ExclusionElement, Function, Index, IndexColumn, Object, Policy, Statistics,
    Table, Trigger, View, enumeration, types,
};

use super::{Named, case, check};

/// The type, and what casts to it.
fn with(values: &[&str], others: impl FnOnce() -> Vec<Object>) -> Vec<Object> {
    others().into_iter().chain([enumeration("mood", values.iter().copied()).into()]).collect()
}

fn people() -> Table {
    Table::new("people").column(Column::new("id", types::integer())).column(Column::new("name", types::text()))
}

/// Whether a name is that of a value, in words that PostgreSQL knows to be immutable.
const IS_OK: &str = "CASE WHEN name = 'x' THEN 'ok'::mood ELSE 'good'::public.mood END = 'ok'";

/// What stands on the type stays as it is while a value goes, and while another one changes its place.
fn stays(sentence: &'static str, others: impl Fn() -> Vec<Object>) -> [Named; 2] {
    let values = ["good", "ok", "gone"];
    [
        case(sentence, with(&values, &others), with(&values[..2], &others), &[]),
        case(sentence, with(&values[..2], &others), with(&["ok", "good"], &others), &[]),
    ]
}

#[test]
fn what_casts_to_an_enum_in_a_table_is_reached() {
    let index = |index: Index| vec![people().index(index.name("by")).into()];
    let of_column = |column: Column| vec![people().column(column).into()];
    let cases = [
        stays("a key of an index casts to the type", || index(Index::on([IndexColumn::expression(IS_OK)]))),
        stays("the predicate of an index casts to the type", || index(Index::on(["name"]).filter(IS_OK))),
        stays("a check casts to the type", || vec![people().check(Check::new("c", format!("{IS_OK} or true"))).into()]),
        stays("a generated column casts to the type", || {
            of_column(Column::new("is_ok", types::boolean()).generated(IS_OK).not_null())
        }),
        stays("a default casts to the type", || of_column(Column::new("d", types::text()).default_sql("'ok'::mood"))),
        stays("a policy casts to the type", || {
            vec![people().policy(Policy::new("p").using("'ok'::mood = 'ok'").with_check(IS_OK)).into()]
        }),
        stays("a policy on another table casts to the type", || {
            vec![
                people().into(),
                Table::new("others")
                    .column(Column::new("name", types::text()))
                    .policy(Policy::new("q").using(IS_OK))
                    .into(),
            ]
        }),
        stays("a view casts to the type", || {
            let query = format!("select id, {IS_OK} as is_ok from people");
            vec![people().into(), View::new("v").query(query).into()]
        }),
    ];
    check(cases.into_iter().flatten().collect());
}

#[test]
fn what_casts_to_an_enum_beside_a_table_is_reached() {
    let beside = |object: Object| vec![people().into(), object];
    let refuse = || Function::new("refuse").returns("trigger").plpgsql("begin return null; end");
    let cases = [
        stays("an exclusion constraint casts to the type", || {
            let [name, is_ok] = [ExclusionElement::column("name", "="), ExclusionElement::expression(IS_OK, "=")];
            vec![people().exclude(Exclusion::new("free").using("btree").element(name).element(is_ok)).into()]
        }),
        stays("statistics cast to the type", || beside(Statistics::new("s", "people").expression(IS_OK).into())),
        stays("the condition of a trigger casts to the type", || {
            let trigger = Trigger::before("t", [Update]).for_each_row().when("new.name = 'ok'::mood::text");
            vec![refuse().into(), people().trigger(trigger.execute("refuse")).into()]
        }),
        stays("the default of an argument casts to the type", || {
            let function = Function::new("f").argument_with_default("x", types::text(), "'ok'::mood::text");
            beside(function.returns("text").sql("select x").into())
        }),
        stays("the default of a domain casts to the type", || {
            beside(Domain::new("d", types::text()).default_sql("'ok'::mood::text").into())
        }),
        stays("the check of a domain casts to the type", || {
            beside(Domain::new("d", types::text()).check("c", "VALUE <> 'ok'::mood::text").into())
        }),
        stays("the index of a materialized view casts to the type", || {
            let view = View::new("v").query("select id, name from people").materialized();
            beside(view.index(Index::on(["id"]).name("by").filter(IS_OK)).into())
        }),
    ];
    check(cases.into_iter().flatten().collect());
}

#[test]
fn a_new_value_that_only_a_cast_names_is_reached() {
    let table = |with: fn(Table) -> Table| move || vec![with(people()).into()];
    let comes = |sentence, others: &dyn Fn() -> Vec<Object>| {
        case(sentence, with(&["good"], || vec![people().into()]), with(&["good", "ok"], others), &[])
    };
    check(vec![
        comes("a check casts a new value", &table(|t| t.check(Check::new("c", "name <> 'ok'::mood::text")))),
        comes(
            "a default casts a new value",
            &table(|t| t.column(Column::new("d", types::text()).default_sql("'ok'::mood"))),
        ),
        comes("an index casts a new value", &table(|t| t.index(Index::on(["id"]).name("by").filter(IS_OK)))),
    ]);
}

#[test]
fn casts_to_an_enum_that_gets_another_name_are_reached() {
    let place = |schema: &str, name: &str, values: [&str; 2], others: &dyn Fn(&str) -> Vec<Object>| {
        let mut declared = enumeration(name, values);
        schema.clone_into(&mut declared.schema);
        others(&format!("'ok'::{schema}.{name}")).into_iter().chain([declared.into()]).collect::<Vec<Object>>()
    };
    let moves = |sentence, others: &dyn Fn(&str) -> Vec<Object>| {
        let was = place("public", "mood", ["good", "ok"], others);
        case(sentence, was, place("app", "state", ["ok", "good"], others), &["enum:public.mood=app.state"])
    };
    let is_ok = |ok: &str| format!("{ok} = 'ok'");
    check(vec![
        moves("the predicate of an index follows", &|ok| {
            vec![people().index(Index::on(["name"]).name("by").filter(is_ok(ok))).into()]
        }),
        moves("a generated column follows", &|ok| {
            vec![people().column(Column::new("is_ok", types::boolean()).generated(is_ok(ok))).into()]
        }),
        moves("a check follows", &|ok| vec![people().check(Check::new("c", is_ok(ok))).into()]),
        moves("a default follows", &|ok| vec![people().column(Column::new("d", types::text()).default_sql(ok)).into()]),
        moves("a policy follows", &|ok| vec![people().policy(Policy::new("p").using(is_ok(ok))).into()]),
        moves("the default and the check of a domain follow", &|ok| {
            let domain = Domain::new("d", types::text()).default_sql(format!("{ok}::text"));
            vec![people().into(), domain.check("c", format!("VALUE <> {ok}::text")).into()]
        }),
        moves("the default of an argument follows", &|ok| {
            let function = Function::new("f").argument_with_default("x", types::text(), format!("{ok}::text"));
            vec![people().into(), function.returns("text").sql("select x").into()]
        }),
        moves("a view and an index of it follow", &|ok| {
            let view = View::new("v").query(format!("select id, {ok} as ok from people")).materialized();
            vec![people().into(), view.index(Index::on(["id"]).name("by").filter(is_ok(ok))).into()]
        }),
    ]);
}
