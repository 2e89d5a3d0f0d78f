//! Composite and range types.

use schema::build::{Column, Composite, Domain, Index, Range, View, enumeration, types};

use super::objects_types::{positive, users};
use super::{case, check};

fn address() -> Composite {
    Composite::new("address").attribute("street", types::text()).attribute("number", types::integer())
}

#[test]
fn composite_and_range_types_are_reached() {
    let span = |subtype| Range::new("span", subtype);
    check(vec![
        case("a composite type comes with its table", [], [address().into(), users("address").into()], &[])
            .without_rows(),
        case("a composite type goes with its table", [address().into(), users("address").into()], [], &[])
            .without_rows(),
        case(
            "attributes come and go",
            [address().into(), users("address").into()],
            [
                Composite::new("address").attribute("number", types::integer()).attribute("city", types::text()).into(),
                users("address").into(),
            ],
            &[],
        ),
        case(
            "an attribute gets another type under a column with a default and an array, while one comes and one goes",
            [
                address().attribute("old", types::text()).into(),
                users("address").column(Column::new("b", types::custom("address[]")).default_sql("'{}'")).into(),
            ],
            [
                Composite::new("address")
                    .attribute("street", types::text())
                    .attribute("number", types::bigint())
                    .attribute("new", types::text())
                    .into(),
                users("address").column(Column::new("b", types::custom("address[]")).default_sql("'{}'")).into(),
            ],
            &[],
        ),
        case(
            "an attribute has a domain that gets another type",
            [
                positive(types::integer()).into(),
                address().attribute("floor", types::custom("positive")).into(),
                users("address").into(),
            ],
            [
                positive(types::bigint()).into(),
                address().attribute("floor", types::custom("positive")).into(),
                users("address").into(),
            ],
            &[],
        ),
        case(
            "an attribute had a type that goes, as does a composite type over the one that it is in",
            [
                enumeration("mood", ["ok"]).into(),
                Composite::new("pair").attribute("a", types::custom("mood")).into(),
                Composite::new("over").attribute("a", types::custom("pair")).into(),
            ],
            [Composite::new("pair").attribute("a", types::integer()).into()],
            &[],
        )
        .without_rows(),
        case(
            "an attribute goes over from a domain to the one under it, which gets another base",
            [
                enumeration("mood", ["ok"]).into(),
                Domain::new("email", types::custom("mood")).into(),
                Domain::new("work_email", types::custom("email")).into(),
                Composite::new("pair").attribute("a", types::custom("work_email")).into(),
            ],
            [
                Domain::new("email", types::integer()).into(),
                Composite::new("pair").attribute("a", types::custom("email")).into(),
            ],
            &[],
        )
        .without_rows(),
        case("a range type comes with its table", [], [span(types::numeric()).into(), users("span").into()], &[])
            .without_rows(),
        case(
            "a range type gets another type of bounds under an index and a view",
            [
                span(types::integer()).into(),
                users("span").index(Index::on(["a"]).using("gist").name("by_a")).into(),
                View::new("v").query("select a from users where '[1,1]'::span = a").into(),
            ],
            [
                span(types::bigint()).multirange("spans").into(),
                users("span").index(Index::on(["a"]).using("gist").name("by_a")).into(),
                View::new("v").query("select a from users where '[1,1]'::span = a").into(),
            ],
            &[],
        ),
    ]);
}
