use schema::build::{Column, Object, Policy, Role, Table, types};

use super::{case, check};

/// A table with a policy for each of the roles.
fn notes(policies: impl IntoIterator<Item = Policy>) -> Object {
    let notes = Table::new("notes").column(Column::new("owner", types::text()));
    policies.into_iter().fold(notes, Table::policy).into()
}

fn referencing(name: &str, other: &str) -> Table {
    let column = Column::new("id", types::integer()).unique();
    Table::new(name).column(column.references(other, "id"))
}

fn role(name: &str) -> Object {
    Role::new(name).into()
}

fn to(name: &str, roles: &[&str]) -> Policy {
    Policy::new(name).to(roles.iter().copied()).using("true")
}

/// With the prefix of the test it fills a name.
const LONG: &str = "a_role_of_49_bytes_that_fills_the_room_of_a_name_";

#[test]
fn roles_are_reached() {
    let strong = || Role::new("strong").create_db().create_role().no_inherit();
    check(vec![
        case("roles are made with their rights", [], [strong().into(), role("weak")], &[]).without_rows(),
        case("roles go", [strong().into(), role("weak")], [], &[]).without_rows(),
        case("a role loses its rights", [strong().into()], [role("strong")], &[]).without_rows(),
        case("a role gets rights", [role("strong")], [strong().into()], &[]).without_rows(),
        case("a role is renamed and altered in one step", [role("weak")], [strong().into()], &["weak=strong"])
            .without_rows(),
        case(
            "a role's name goes to a new one",
            [role("a"), role("b")],
            [role("b"), role("c"), strong().into()],
            &["role:a=c"],
        )
        .without_rows(),
        case(
            "roles have quotes, blanks, other scripts and reserved words for names",
            [role("q\"x"), role("My Role"), role("user"), notes([to("p", &["q\"x", "My Role", "user"])])],
            [role("q\"y"), role("роль 😀"), role("select"), notes([to("p", &["q\"y", "роль 😀", "select"])])],
            &["q\"x=q\"y", "My Role=роль 😀"],
        ),
        case("a role of 63 bytes is named by a policy", [notes([])], [role(LONG), notes([to("p", &[LONG])])], &[]),
    ]);
}

#[test]
fn roles_that_policies_name_are_reached() {
    check(vec![
        case(
            "a role goes together with the policy that names it",
            [role("reader"), notes([to("p", &["reader"])])],
            [notes([])],
            &[],
        ),
        case(
            "a role goes with the policy that names it, and with tables that reference each other",
            [role("reader"), referencing("a", "b").policy(to("p", &["reader"])).into(), referencing("b", "a").into()],
            [],
            &[],
        )
        .without_rows(),
        case(
            "a role goes and a policy stays without it",
            [role("reader"), role("writer"), notes([to("p", &["reader", "writer"])])],
            [role("writer"), notes([to("p", &["writer"])])],
            &[],
        ),
        case(
            "a role goes and another takes its place in the policy",
            [role("reader"), notes([to("p", &["reader"])])],
            [role("writer"), notes([to("p", &["writer"])])],
            &[],
        ),
        case(
            "a role goes with the table whose policy names it",
            [role("reader"), notes([to("p", &["reader"])])],
            [],
            &[],
        )
        .without_rows(),
        case(
            "a role goes with the linked policy that names it",
            [role("reader"), to("p", &["reader"]).on("public", "elsewhere").into()],
            [],
            &[],
        )
        .after("CREATE TABLE elsewhere (id integer)")
        .without_rows(),
        case(
            "a role is renamed and a policy names it as before",
            [role("reader"), notes([to("p", &["reader", "current_user"])])],
            [role("a reader"), notes([to("p", &["a reader", "current_user"])])],
            &["reader=a reader"],
        ),
        case(
            "a role is renamed while its policy changes in another way",
            [role("reader"), notes([to("p", &["reader"])])],
            [role("aa"), notes([Policy::new("p").to(["aa"]).using("\"owner\" = current_user").with_check("true")])],
            &["reader=aa"],
        ),
        case(
            "a role is renamed together with its policy and its table",
            [role("reader"), notes([to("p", &["reader"])])],
            [
                role("aa"),
                Table::new("memos").column(Column::new("owner", types::text())).policy(to("q", &["aa"])).into(),
            ],
            &["role:reader=aa", "public.notes=public.memos", "policy:public.memos.p=public.memos.q"],
        ),
        case(
            "a role that is declared no more stays while a policy names it",
            [role("reader"), notes([to("p", &["reader"])])],
            [notes([to("p", &["reader"])])],
            &[],
        )
        .after("CREATE ROLE \"reader\"")
        .with(|previous, _| previous.roles.clear()),
        case(
            "roles come and go while a policy changes its roles and its command",
            [role("a"), role("b"), notes([to("p", &["a", "b"])])],
            [role("b"), role("c"), notes([to("p", &["b", "c"]).for_command(schema::PolicyCommand::Select)])],
            &[],
        ),
    ]);
}
