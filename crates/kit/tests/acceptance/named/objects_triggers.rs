//! Triggers, and what they stand on.

use schema::TriggerEvent::{Delete, Insert, Update};
use schema::TriggerState;
use schema::build::{Column, Function, Table, Trigger, View, types};

use super::objects_functions::{users, with};
use super::{case, check};

fn touch() -> Function {
    Function::new("touch").returns("trigger").plpgsql("begin\n  new.name := 'touched';\n  return new;\nend")
}

fn on_update() -> Trigger {
    Trigger::before("t", [Insert, Update]).of(["name"]).for_each_row().when("new.name <> ''").execute("touch")
}

#[test]
fn triggers_are_reached() {
    let table = || users().trigger(on_update());
    check(vec![
        case("a trigger comes with its table and function", [], with(touch(), vec![table().into()]), &[])
            .without_rows(),
        case("a trigger goes with its table and function", with(touch(), vec![table().into()]), [], &[]).without_rows(),
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
