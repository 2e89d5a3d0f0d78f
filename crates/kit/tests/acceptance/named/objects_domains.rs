//! Domains over domains: PostgreSQL copies the default of the one below.

use kit::rename::Answer;
use schema::Enum;
use schema::build::{Column, Domain, Function, Table, Type, enumeration, types};

use super::{case, check};

fn users() -> Table {
    Table::new("users").column(Column::new("id", types::integer())).column(Column::new("a", types::custom("tiny")))
}

fn positive() -> Domain {
    Domain::new("positive", types::integer())
}

fn tiny() -> Domain {
    Domain::new("tiny", types::custom("positive"))
}

fn seven(argument: &str) -> Function {
    Function::new("seven")
        .argument(argument, types::integer())
        .returns("integer")
        .sql(format!("select {argument}"))
        .immutable()
}

#[test]
fn the_default_of_a_domain_is_that_of_the_domain_below_it() {
    check(vec![
        case(
            "the default changes in a domain, one over it and one over that",
            [
                positive().default_sql("7").into(),
                tiny().into(),
                Domain::new("tinier", types::custom("public.tiny")).into(),
                users().into(),
            ],
            [
                positive().default_sql("8").into(),
                tiny().into(),
                Domain::new("tinier", types::custom("public.tiny")).into(),
                users().into(),
            ],
            &[],
        ),
        case(
            "a domain loses its default, and another one over it comes",
            [positive().default_sql("7").into()],
            [positive().into(), tiny().into(), users().into()],
            &[],
        )
        .without_rows(),
        case(
            "a domain gets another default, and another one over it comes",
            [positive().default_sql("7").into()],
            [positive().default_sql("8").into(), tiny().into(), users().into()],
            &[],
        )
        .without_rows(),
        case(
            "a domain loses a default of its own, and has the one below",
            [positive().default_sql("7").into(), tiny().default_sql("1").into(), users().into()],
            [positive().default_sql("7").into(), tiny().into(), users().into()],
            &[],
        ),
        case(
            "a domain over an array has no default of its elements",
            [positive().into(), Domain::new("many", types::custom("positive[]")).into(), tiny().into(), users().into()],
            [
                positive().default_sql("7").into(),
                Domain::new("many", types::custom("positive[]")).into(),
                tiny().into(),
                users().into(),
            ],
            &[],
        ),
        case(
            "a domain gets another type with another default, under one that has both",
            [positive().default_sql("7").into(), tiny().into(), users().into()],
            [Domain::new("positive", types::bigint()).default_sql("8").into(), tiny().into(), users().into()],
            &[],
        ),
        case(
            "a function that the default calls is made anew",
            [seven("x").into(), positive().default_sql("seven(7)").into(), tiny().into(), users().into()],
            [seven("y").into(), positive().default_sql("seven(7)").into(), tiny().into(), users().into()],
            &[],
        ),
        case(
            "a function that the default calls goes with the domain that has a copy",
            [
                seven("x").into(),
                positive().default_sql("seven(7)").into(),
                tiny().into(),
                Table::new("users").column(Column::new("id", types::integer())).into(),
            ],
            [positive().into(), Table::new("users").column(Column::new("id", types::integer())).into()],
            &[],
        ),
    ]);
}

#[test]
fn a_column_of_a_domain_made_anew_gets_the_type_of_an_enum_made_anew() {
    let with = |base, labels: [&'static str; 1], column: fn(&Enum) -> Type| {
        let level = enumeration("level", labels);
        let users =
            Table::new("users").column(Column::new("id", types::integer())).column(Column::new("a", column(&level)));
        [level.into(), Domain::new("tiny", base).into(), users.into()]
    };
    let [before, after]: [fn(&Enum) -> Type; 2] =
        [|_| types::custom("tiny"), |level| types::enumeration(level).array()];
    let as_one = Answer::using("public.users.a=array[case \"a\" when 1 then 'good' end]::\"level\"[]").unwrap();
    let mut said = case(
        "by the expression that somebody gave",
        with(types::bigint(), ["ok"], before),
        with(types::integer(), ["good"], after),
        &[],
    );
    said.case.answers.push(as_one);
    check(vec![
        case(
            "through text, for want of a better expression",
            with(types::bigint(), ["ok"], before),
            with(types::integer(), ["good"], after),
            &[],
        )
        .without_rows(),
        said,
    ]);
}

#[test]
fn a_domain_over_an_array_of_a_domain_made_anew_is_an_array_meanwhile() {
    let with = |base, column: &str| {
        let users = Table::new("users")
            .column(Column::new("id", types::integer()))
            .column(Column::new("a", types::custom(column)).default_sql("'{1,2}'"));
        let domains = [Domain::new("positive", base), Domain::new("many", types::custom("positive").array())];
        let [positive, many] = domains.map(Into::into);
        [positive, many, users.into()]
    };
    check(vec![
        case("as it is", with(types::bigint(), "many"), with(types::integer(), "many"), &[]),
        case("becoming an array", with(types::bigint(), "many"), with(types::integer(), "integer[]"), &[]),
        case("from an array", with(types::bigint(), "bigint[]"), with(types::integer(), "many"), &[]),
    ]);
}

#[test]
fn a_check_that_cannot_come_back_takes_its_domain_with_it() {
    let with = |argument, base: Type| {
        let positive = Domain::new("positive", types::integer()).check("known", "seven(VALUE) is not null");
        let users = Table::new("users")
            .column(Column::new("id", types::integer()))
            .column(Column::new("all", types::custom("positive[]")))
            .column(Column::new("a", types::custom("tiny")));
        let takes = Function::new("takes").argument("x", types::custom("positive")).returns("integer").sql("select 1");
        [seven(argument).into(), positive.into(), Domain::new("tiny", base).into(), takes.into(), users.into()]
    };
    check(vec![
        case(
            "a function that it calls is made anew, and arrays hold the domain",
            with("x", types::integer()),
            with("y", types::integer()),
            &[],
        ),
        case(
            "another domain and a function stand on it",
            with("x", types::custom("positive")),
            with("y", types::custom("positive")),
            &[],
        ),
    ]);
}
