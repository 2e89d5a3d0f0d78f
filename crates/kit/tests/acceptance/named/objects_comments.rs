//! What a migration makes anew has lost its comment, and gets it back: an object of every kind, and what is on one.

use schema::CommentKind;
use schema::TriggerEvent::Insert;
use schema::build::{
    Collation, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Function, Identity, Index, Object,
    Partition, PartitionKey, Policy, Range, Statistics, Table, Trigger, View, types,
};

use super::{Named, case, check};

/// A change of the first objects into the second ones, of which these have comments before and after.
fn remaking<const N: usize>(
    sentence: &'static str,
    [previous, next]: [Vec<Object>; 2],
    commented: [Comment; N],
) -> Named {
    let comments = commented.map(Object::from).to_vec();
    case(sentence, previous.into_iter().chain(comments.clone()), next.into_iter().chain(comments), &[])
}

fn on(kind: CommentKind, name: &str) -> Comment {
    Comment::on_object(kind, name, "as it was")
}

fn part(kind: CommentKind, owner: &str, name: &str) -> Comment {
    Comment::on_part(kind, owner, name, "as it was")
}

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

/// A function that is made anew for the name of its argument.
fn twice(argument: &str) -> Object {
    Function::new("twice").argument(argument, types::integer()).returns("integer").sql("select 2").immutable().into()
}

fn touch() -> Object {
    Function::new("touch").returns("trigger").plpgsql("begin return new; end").into()
}

fn trigger() -> Trigger {
    Trigger::after("fires", [Insert]).for_each_row().execute("touch")
}

#[test]
fn what_stands_on_a_table_gets_its_comments_back() {
    let generated = |expression: &str| {
        let table = Table::new("t")
            .column(integer("a"))
            .column(integer("g").generated(expression).unique())
            .index(Index::on(["g"]).name("by_g"))
            .check(schema::build::Check::new("c", "g > 0"))
            .exclude(Exclusion::new("x").element(ExclusionElement::column("g", "=")).using("btree"))
            .policy(Policy::new("p").using("g > 0"))
            .trigger(trigger().when("new.g > 0"));
        let other = Table::new("u").column(integer("b").references("t", "g"));
        vec![touch(), table.into(), other.into(), Statistics::new("s", "t").columns(["a", "g"]).into()]
    };
    let keyed = |sql_type| vec![Table::new("t").column(Column::new("a", sql_type).primary_key()).into()];
    let numbered = |column: Column| vec![Table::new("t").column(column).into()];
    let counted = |least, greatest| {
        let identity = Identity::always().name("numbers").min_value(least).max_value(greatest).start_with(least);
        numbered(integer("a").identity(identity))
    };
    check(vec![
        remaking(
            "a generated column is made anew with all that stands on it",
            ["a + 1", "a + 2"].map(generated),
            [
                part(CommentKind::Column, "t", "g"),
                part(CommentKind::Constraint, "t", "t_g_unique"),
                on(CommentKind::Index, "t_g_unique"),
                on(CommentKind::Index, "by_g"),
                part(CommentKind::Constraint, "t", "c"),
                part(CommentKind::Constraint, "t", "x"),
                on(CommentKind::Index, "x"),
                part(CommentKind::Policy, "t", "p"),
                part(CommentKind::Trigger, "t", "fires"),
                part(CommentKind::Constraint, "u", "u_b_t_g_fk"),
                on(CommentKind::Statistics, "s"),
            ],
        ),
        remaking(
            "a key gets a column of another type",
            [keyed(types::text()), keyed(types::uuid())],
            [part(CommentKind::Constraint, "t", "t_pkey"), on(CommentKind::Index, "t_pkey")],
        )
        .without_rows(),
        remaking(
            "the sequence of an identity is made anew",
            [counted(1, 10), counted(100, 200)],
            [on(CommentKind::Sequence, "numbers")],
        ),
        remaking(
            "a serial column becomes an identity, whose sequence has the name of the one that goes",
            [
                numbered(Column::new("a", types::serial())),
                numbered(integer("a").not_null().identity(Identity::always().name("t_a_seq"))),
            ],
            [on(CommentKind::Sequence, "t_a_seq")],
        ),
        remaking(
            "a sequence goes with its column, and another column gets one of the same name",
            [
                vec![Table::new("t").column(integer("a").identity(Identity::always().name("numbers"))).into()],
                vec![Table::new("u").column(integer("b").identity(Identity::always().name("numbers"))).into()],
            ],
            [on(CommentKind::Sequence, "numbers")],
        )
        .without_rows(),
    ]);
}

#[test]
fn types_and_functions_get_their_comments_back() {
    let over = |base| {
        let columns = ["d", "c", "r"].map(|name| Column::new(name, types::custom(name)));
        let table = columns.into_iter().fold(Table::new("t"), Table::column);
        vec![
            Domain::new("d", types::custom(base)).check("d_check", "VALUE IS NOT NULL").into(),
            Composite::new("c").attribute("a", types::custom("d")).attribute("b", types::text()).into(),
            Range::new("r", types::custom(base)).into(),
            table.into(),
        ]
    };
    let sorted = |locale: &str| {
        let column = Column::new("a", types::text()).collate("sorted");
        vec![Collation::new("sorted", locale).into(), Table::new("t").column(column).into()]
    };
    let called = |argument: &str| {
        let domain = Domain::new("d", types::integer()).check("d_check", "twice(VALUE) > 0");
        let table = Table::new("t").column(integer("a")).check(schema::build::Check::new("c", "twice(a) > 0"));
        let table = table.policy(Policy::new("p").using("twice(a) > 0"));
        vec![twice(argument), domain.into(), table.into()]
    };
    check(vec![
        remaking(
            "a domain, a composite type over it and a range are made anew",
            ["integer", "bigint"].map(over),
            [
                on(CommentKind::Domain, "d"),
                part(CommentKind::DomainConstraint, "d", "d_check"),
                on(CommentKind::Type, "c"),
                part(CommentKind::Column, "c", "b"),
                on(CommentKind::Type, "r"),
            ],
        ),
        remaking("a collation is made anew", ["C", "POSIX"].map(sorted), [on(CommentKind::Collation, "sorted")]),
        remaking(
            "a function is made anew with the checks and the policy that call it",
            ["a", "b"].map(called),
            [
                Comment::on_function("twice", [types::integer()], "as it was"),
                part(CommentKind::DomainConstraint, "d", "d_check"),
                part(CommentKind::Constraint, "t", "c"),
                part(CommentKind::Policy, "t", "p"),
            ],
        ),
    ]);
}

#[test]
fn views_and_partitions_get_their_comments_back() {
    let viewed = |query: &str| {
        vec![
            Table::new("t").column(integer("a")).into(),
            View::new("m").query(query).materialized().index(Index::on(["a"]).name("by_a")).into(),
            View::new("v").query("select a from m").into(),
            touch(),
            Trigger::instead_of("i", [Insert]).on("public", "v").execute("touch").into(),
        ]
    };
    let parted = |parent: &str| {
        let of = |name: &str, key: &str| {
            let table = Table::new(name).column(integer(key)).column(integer("b"));
            table.partition_by(PartitionKey::list().column(key)).into()
        };
        let part = Partition::new("p", parent).values("1").into();
        let statistics = Statistics::new("s", "p").expression("b + 1").into();
        vec![touch(), of("t", "a"), of("u", "c"), part, statistics, trigger().on("public", "p").into()]
    };
    check(vec![
        remaking(
            "a materialized view is made anew, and the view on it",
            ["select a from t", "select a + 1 as a from t"].map(viewed),
            [
                on(CommentKind::MaterializedView, "m"),
                part(CommentKind::Column, "m", "a"),
                on(CommentKind::Index, "by_a"),
                on(CommentKind::View, "v"),
                part(CommentKind::Column, "v", "a"),
                part(CommentKind::Trigger, "v", "i"),
            ],
        ),
        remaking(
            "a partition becomes one of another table of other columns",
            ["t", "u"].map(parted),
            [on(CommentKind::Table, "p"), part(CommentKind::Trigger, "p", "fires"), on(CommentKind::Statistics, "s")],
        )
        .without_rows(),
    ]);
}
