//! Triggers, and what they stand on.

use schema::TriggerEvent::{Delete, Insert, Update};
use schema::TriggerState;
use schema::build::{Column, Function, Object, Partition, PartitionKey, Table, Trigger, View, types};

use super::objects_functions::{users, with};
use super::{case, check};

fn touch() -> Function {
    Function::new("touch").returns("trigger").plpgsql("begin\n  new.name := 'touched';\n  return new;\nend")
}

fn on_update() -> Trigger {
    Trigger::before("t", [Insert, Update]).of(["name"]).for_each_row().when("new.name <> ''").execute("touch")
}

fn numbers() -> Object {
    Table::new("numbers").column(Column::new("x", types::integer())).into()
}

#[test]
fn triggers_are_reached() {
    let table = || users().trigger(on_update());
    check(vec![
        case("a trigger comes with its table and function", [], with(touch(), vec![table().into()]), &[])
            .without_rows(),
        case("a trigger goes with its table and function", with(touch(), vec![table().into()]), [], &[]).without_rows(),
        case(
            "a table goes with its trigger, and a view gets its name",
            with(touch(), vec![table().into(), numbers(), View::new("seen").query("select x from numbers").into()]),
            with(touch(), vec![numbers(), View::new("users").query("select x from numbers").into()]),
            &["view:public.seen=public.users"],
        ),
        case("a trigger goes with its function", with(touch(), vec![table().into()]), [users().into()], &[]),
        case(
            "a trigger fires on something else",
            with(touch(), vec![table().into()]),
            with(
                touch(),
                vec![users().trigger(Trigger::after("t", [Delete]).old_table("gone").execute("touch")).into()],
            ),
            &[],
        ),
        case(
            "a trigger is switched off, and another is made so",
            with(touch(), vec![table().into()]),
            with(
                touch(),
                vec![
                    users()
                        .trigger(on_update().state(TriggerState::Disabled))
                        .trigger(
                            Trigger::before("u", [Insert]).for_each_row().execute("touch").state(TriggerState::Always),
                        )
                        .into(),
                ],
            ),
            &[],
        ),
        case(
            "a trigger stays while its table and column are renamed",
            with(touch(), vec![users().trigger(Trigger::before("t", [Update]).of(["name"]).execute("touch")).into()]),
            with(
                touch(),
                vec![
                    Table::new("people")
                        .in_schema("app")
                        .column(Column::new("id", types::integer()))
                        .column(Column::new("title", types::text()))
                        .trigger(Trigger::before("t", [Update]).of(["title"]).execute("touch"))
                        .into(),
                ],
            ),
            &["public.users=app.people", "app.people.name=app.people.title"],
        ),
        case(
            "a trigger changes while its table is renamed",
            with(touch(), vec![table().into()]),
            with(
                touch(),
                vec![
                    Table::new("people")
                        .column(Column::new("id", types::integer()))
                        .column(Column::new("name", types::text()))
                        .trigger(Trigger::before("t", [Insert]).for_each_row().arguments(["it's"]).execute("touch"))
                        .into(),
                ],
            ),
            &["public.users=public.people"],
        ),
        case(
            "a column that a trigger names gets another type",
            with(touch(), vec![table().into()]),
            with(
                touch(),
                vec![
                    Table::new("users")
                        .column(Column::new("id", types::integer()))
                        .column(Column::new("name", types::varchar(9)))
                        .trigger(on_update())
                        .into(),
                ],
            ),
            &[],
        ),
        case(
            "a trigger's function is made anew",
            with(touch(), vec![table().into()]),
            [
                Function::procedure("other").plpgsql("begin end").into(),
                Function::new("touch").returns("trigger").plpgsql("begin return old; end").into(),
                Function::new("is_it").argument("a", types::text()).returns("boolean").sql("select true").into(),
                users().trigger(on_update().when("is_it(new.name)")).into(),
            ],
            &[],
        ),
        case(
            "what a trigger's condition calls is made anew",
            [
                touch().into(),
                Function::new("is_it").argument("a", types::text()).returns("boolean").sql("select true").into(),
                users().trigger(on_update().when("is_it(new.name)")).into(),
            ],
            [
                touch().into(),
                Function::new("is_it").argument("b", types::text()).returns("boolean").sql("select true").into(),
                users().trigger(on_update().when("is_it(new.name)")).into(),
            ],
            &[],
        ),
        case(
            "a constraint trigger waits, and one sees its rows as tables",
            with(touch(), vec![users().into()]),
            with(
                touch(),
                vec![
                    users()
                        .trigger(
                            Trigger::after("w", [Insert])
                                .for_each_row()
                                .constraint(schema::Deferral::InitiallyDeferred)
                                .execute_in("public", "touch"),
                        )
                        .trigger(Trigger::after("s", [Update]).old_table("o").new_table("n").execute("touch"))
                        .into(),
                ],
            ),
            &[],
        ),
        case(
            "a view with a trigger is made anew",
            [
                touch().into(),
                users().into(),
                View::new("v").query("select id, name from users").into(),
                Trigger::instead_of("i", [Insert]).on("public", "v").execute("touch").into(),
            ],
            [
                touch().into(),
                users().into(),
                View::new("v").query("select name, id from users").into(),
                Trigger::instead_of("i", [Insert]).on("public", "v").execute("touch").into(),
            ],
            &[],
        ),
        case(
            "a view with a trigger is renamed",
            [
                touch().into(),
                users().into(),
                View::new("v").query("select id, name from users").into(),
                Trigger::instead_of("i", [Insert]).on("public", "v").execute("touch").into(),
            ],
            [
                touch().into(),
                users().into(),
                View::new("w").query("select id, name from users").into(),
                Trigger::instead_of("i", [Insert]).on("public", "w").execute("touch").into(),
            ],
            &["view:public.v=public.w"],
        ),
    ]);
}

/// A table `name` of numbers and names, with those other objects and the function of its triggers.
fn parted(name: &str, number: &str, rest: impl IntoIterator<Item = Object>) -> Vec<Object> {
    let table = Table::new(name)
        .column(Column::new(number, types::integer()).not_null())
        .column(Column::new("name", types::text()))
        .partition_by(PartitionKey::range().column(number));
    with(touch(), [table.into()].into_iter().chain(rest).collect()).into_iter().collect()
}

fn low(name: &str, parent: &str) -> Object {
    Partition::new(name, parent).from_to("MINVALUE", "10").into()
}

/// An object of its own, since a partition is none that has triggers.
fn on(partition: &str, trigger: Trigger) -> Object {
    trigger.on("public", partition).into()
}

#[test]
fn triggers_of_partitions_are_reached() {
    let stays = || Trigger::after("stays", [Insert]).for_each_row().execute("touch");
    let is_it = |argument: &str| {
        Function::new("is_it").argument(argument, types::text()).returns("boolean").sql("select true").into()
    };
    check(vec![
        case(
            "of a partition's triggers one goes, one comes, one changes and one is switched off",
            parted(
                "t",
                "n",
                [
                    low("p", "t"),
                    on("p", Trigger::after("gone", [Insert]).execute("touch")),
                    on("p", Trigger::after("changed", [Insert]).execute("touch")),
                    on("p", stays()),
                ],
            ),
            parted(
                "t",
                "n",
                [
                    low("p", "t"),
                    on("p", Trigger::after("new", [Insert]).execute("touch")),
                    on("p", Trigger::after("changed", [Delete]).execute("touch")),
                    on("p", stays().state(TriggerState::Disabled)),
                ],
            ),
            &[],
        ),
        case(
            "a partition is renamed, and its triggers go, change and stay",
            parted(
                "t",
                "n",
                [
                    low("p", "t"),
                    on("p", Trigger::after("gone", [Insert]).execute("touch")),
                    on("p", Trigger::after("changed", [Insert]).execute("touch")),
                    on("p", stays()),
                ],
            ),
            parted(
                "t",
                "n",
                [
                    low("q", "t"),
                    on("q", Trigger::after("changed", [Delete]).execute("touch")),
                    on("q", stays().state(TriggerState::Always)),
                ],
            ),
            &[],
        ),
        case(
            "a partition becomes one of another table and is made anew with its trigger",
            parted("t", "n", [low("p", "t"), on("p", stays())]),
            parted("t", "n", [])
                .into_iter()
                .chain([
                    Table::new("u")
                        .column(Column::new("n", types::integer()).not_null())
                        .partition_by(PartitionKey::range().column("n"))
                        .into(),
                    low("p", "u"),
                    on("p", stays()),
                ])
                .collect::<Vec<_>>(),
            &[],
        )
        .without_rows(),
        case(
            "a partition goes with its trigger, and the function of that is made anew",
            parted("t", "n", [low("p", "t"), on("p", stays())]),
            [
                Function::new("touch").returns("integer").sql("select 1").into(),
                Table::new("t")
                    .column(Column::new("n", types::integer()).not_null())
                    .column(Column::new("name", types::text()))
                    .partition_by(PartitionKey::range().column("n"))
                    .into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "what the condition of a partition's trigger calls is made anew while the partition is renamed",
            parted("t", "n", [low("p", "t"), is_it("a"), on("p", stays().when("is_it(new.name)"))]),
            parted("t", "n", [low("q", "t"), is_it("b"), on("q", stays().when("is_it(new.name)"))]),
            &[],
        ),
        case(
            "what the condition of a partition's trigger calls goes with the partition",
            parted("t", "n", [low("p", "t"), is_it("a"), on("p", stays().when("is_it(new.name)"))]),
            parted("t", "n", []),
            &[],
        )
        .without_rows(),
        case(
            "a partitioned table goes with its partition and the trigger of that",
            parted("t", "n", [low("p", "t"), is_it("a"), on("p", stays().when("is_it(new.name)"))]),
            [],
            &[],
        )
        .without_rows(),
        case(
            "a column that a partition's trigger names gets another type",
            parted("t", "n", [low("p", "t"), on("p", Trigger::after("t", [Update]).of(["name"]).execute("touch"))]),
            [
                touch().into(),
                Table::new("t")
                    .column(Column::new("n", types::integer()).not_null())
                    .column(Column::new("name", types::varchar(9)))
                    .partition_by(PartitionKey::range().column("n"))
                    .into(),
                low("p", "t"),
                on("p", Trigger::after("t", [Update]).of(["name"]).execute("touch")),
            ],
            &[],
        ),
        case(
            "a partitioned table and a column that its partition's trigger names are renamed",
            parted("t", "n", [low("p", "t"), on("p", Trigger::after("t", [Update]).of(["n"]).execute("touch"))]),
            parted("u", "m", [low("p", "u"), on("p", Trigger::after("t", [Update]).of(["m"]).execute("touch"))]),
            &["public.t=public.u", "public.u.n=public.u.m"],
        ),
    ]);
}
