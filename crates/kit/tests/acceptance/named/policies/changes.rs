//! What a policy names changes, and the policy makes way for it.

use schema::build::{Check, Column, Index, Object, Policy, View, enumeration, types};
use schema::{Enum, PolicyCommand};

use super::{ORDERS, case, check, integer, orders, table, text, users, using};

#[test]
fn policies_on_what_changes_are_reached() {
    let keyed = |id: Column, policy: Policy| -> [Object; 1] { [table("users", [id, text("email")], [policy]).into()] };
    let computed = |expression: &str| text("g").generated(expression);
    check(vec![
        case(
            "a column that a policy mentions is retyped",
            keyed(integer("id"), using("p", "id > 0")),
            keyed(Column::new("id", types::bigint()), using("p", "id > 0")),
            &[],
        ),
        case(
            "a column that a policy mentions becomes longer",
            [table("users", [Column::new("email", types::varchar(9))], [using("p", "email = current_user")]).into()],
            [table("users", [Column::new("email", types::varchar(20))], [using("p", "email = current_user")]).into()],
            &[],
        ),
        case(
            "a column is retyped and its policy says so",
            keyed(text("id"), using("p", "id <> ''")),
            keyed(integer("id"), using("p", "id > 0").with_check("id > 1")),
            &[],
        ),
        case(
            "a column is retyped while a policy on it is renamed",
            keyed(integer("id"), using("p", "id > 0")),
            keyed(text("id"), using("q", "id <> ''")),
            &["policy:public.users.p=public.users.q"],
        ),
        case(
            "a column of another table that a policy mentions is retyped",
            [orders([integer("user_id")]), users([using("p", ORDERS)])],
            [orders([Column::new("user_id", types::bigint())]), users([using("p", ORDERS)])],
            &[],
        ),
        case(
            "a column goes and its policy mentions another",
            [users([using("p", "\"email\" = current_user")])],
            [table("users", [integer("id"), text("mail")], [using("p", "\"mail\" = current_user")]).into()],
            &[],
        ),
        case(
            "a column goes with the policy that mentions it",
            [users([using("p", "\"email\" = current_user")])],
            [table("users", [integer("id")], []).into()],
            &[],
        ),
        case(
            "a column goes and a policy on another table loses what mentions it",
            [orders([integer("user_id"), integer("n")]), users([using("p", ORDERS)])],
            [orders([integer("n")]), users([using("p", "id > 0")])],
            &[],
        ),
        case(
            "a policy takes all columns of a table that loses one and gets one",
            [orders([integer("a"), integer("b")]), users([using("p", "exists (select * from orders)")])],
            [orders([integer("a"), integer("c")]), users([using("p", "exists (select * from orders)")])],
            &[],
        ),
        case(
            "a policy takes all columns of a table of which one is renamed",
            [orders([integer("a"), integer("b")]), users([using("p", "exists (select * from orders)")])],
            [orders([integer("a"), integer("c")]), users([using("p", "exists (select * from orders)")])],
            &["public.orders.b=public.orders.c"],
        ),
        case(
            "a generated column that a policy mentions is rebuilt",
            [table("users", [text("a"), computed("lower(a)")], [using("p", "g <> ''")]).into()],
            [table("users", [text("a"), computed("upper(a)")], [using("p", "g <> ''")]).into()],
            &[],
        ),
        case(
            "a column with a check, an index and a policy on it is retyped",
            [table("users", [text("a")], [using("p", "a <> ''")])
                .check(Check::new("c", "a <> 'x'"))
                .index(Index::on(["a"]).filter("a <> 'y'").name("i"))
                .into()],
            [table("users", [Column::new("a", types::varchar(9))], [using("p", "a <> ''")])
                .check(Check::new("c", "a <> 'x'"))
                .index(Index::on(["a"]).filter("a <> 'y'").name("i"))
                .into()],
            &[],
        ),
        case(
            "a table goes that a policy of another mentions",
            [orders([integer("user_id")]), users([using("p", ORDERS), using("q", ORDERS)])],
            [users([using("p", "id > 0")])],
            &[],
        ),
        case(
            "a table goes that a policy mentions, which mentions another from here on",
            [orders([integer("user_id")]), users([using("p", ORDERS)])],
            [table("sales", [integer("user_id")], []).into(), users([using("p", &ORDERS.replace("orders", "sales"))])],
            &[],
        ),
        case(
            "two tables go whose policies mention each other",
            [
                table("a", [integer("x")], [using("p", "exists (select 1 from b)")]).into(),
                table("b", [integer("y")], [using("p", "y > 0")]).into(),
            ],
            [],
            &[],
        )
        .without_rows(),
    ]);
}

#[test]
fn policies_on_views_are_reached() {
    let view = |name: &str, query: &str| -> Object { View::new(name).query(query).into() };
    let all = || view("all_orders", "select user_id from orders");
    let all_users = || view("all_users", "select id as user_id from users");
    let reads = |name: &str| using("p", &format!("exists (select 1 from {name} as v where v.user_id = id)"));
    check(vec![
        case(
            "a policy names a view that comes in the same step",
            [orders([integer("user_id")]), users([])],
            [orders([integer("user_id")]), all(), users([reads("all_orders")])],
            &[],
        ),
        case(
            "a view goes with the policy that names it",
            [orders([integer("user_id")]), all(), users([reads("all_orders")])],
            [orders([integer("user_id")]), users([])],
            &[],
        ),
        case(
            "a table and a view on it go, and the table's policy names the view",
            [orders([integer("id")]), table("users", [integer("id")], [reads("all_users")]).into(), all_users()],
            [orders([integer("id")])],
            &[],
        ),
        case(
            "a view goes and the policy that named it stays",
            [orders([integer("user_id")]), all(), users([reads("all_orders")])],
            [orders([integer("user_id")]), users([reads("orders")])],
            &[],
        ),
        case(
            "a view that a policy names gets another query",
            [orders([integer("user_id")]), all(), users([reads("all_orders")])],
            [
                orders([integer("user_id")]),
                view("all_orders", "select user_id + 1 as user_id from orders"),
                users([reads("all_orders")]),
            ],
            &[],
        ),
        case(
            "a view that a policy names makes way for a column",
            [orders([integer("user_id")]), all(), users([reads("all_orders")])],
            [orders([Column::new("user_id", types::bigint())]), all(), users([reads("all_orders")])],
            &[],
        ),
        case(
            "a view is renamed that a policy names",
            [orders([integer("user_id")]), all(), users([reads("all_orders")])],
            [orders([integer("user_id")]), view("o", "select user_id from orders"), users([reads("o")])],
            &["view:public.all_orders=public.o"],
        ),
        case(
            "a view is renamed, gets another query, and the policy on it another command",
            [orders([integer("user_id")]), all(), users([reads("all_orders")])],
            [
                orders([integer("user_id")]),
                view("o", "select 1 as user_id"),
                users([reads("o").for_command(PolicyCommand::Select)]),
            ],
            &["view:public.all_orders=public.o"],
        ),
    ]);
}

#[test]
fn policies_on_enums_are_reached() {
    let people = |mood: &Enum, policy: Policy| -> Vec<Object> {
        let one = Column::new("one", types::enumeration(mood)).default_text("ok");
        vec![mood.clone().into(), table("people", [integer("id"), one], [policy]).into()]
    };
    let is = |value: &str| using("p", &format!("\"one\" = '{value}'"));
    let (two, three) = (enumeration("mood", ["ok", "bad"]), enumeration("mood", ["ok", "bad", "new"]));
    let cast = || using("p", "'ok'::mood is not null");
    let elsewhere = |declared: &Enum, policy: Policy| -> Vec<Object> { vec![declared.clone().into(), users([policy])] };
    check(vec![
        case("a value goes while a policy is on its column", people(&three, is("ok")), people(&two, is("ok")), &[]),
        case("a value comes and a policy uses it at once", people(&two, is("ok")), people(&three, is("new")), &[]),
        case(
            "a value comes and a new policy of another table uses it at once",
            [people(&two, is("ok")), vec![users([])]].concat(),
            [people(&three, is("ok")), vec![users([using("q", "exists (select 1 from people where one = 'new')")])]]
                .concat(),
            &[],
        ),
        case(
            "a value goes from a type that only a policy mentions",
            elsewhere(&three, cast()),
            elsewhere(&two, cast()),
            &[],
        ),
        case(
            "a type goes that only a policy mentions",
            elsewhere(&two, cast()),
            vec![users([using("p", "true")])],
            &[],
        ),
        case("a type goes with the policy that mentions it", elsewhere(&two, cast()), vec![users([])], &[]),
        case(
            "a type is renamed that a policy mentions",
            elsewhere(&two, cast()),
            elsewhere(&enumeration("state", ["ok", "bad"]), using("p", "'ok'::state is not null")),
            &["public.mood=public.state"],
        ),
        case(
            "a column becomes text, its type goes, and the policy on it stays",
            people(&two, is("ok")),
            vec![table("people", [integer("id"), text("one").default_text("ok")], [is("ok")]).into()],
            &[],
        ),
    ]);
}
