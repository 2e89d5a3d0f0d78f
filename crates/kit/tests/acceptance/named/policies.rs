mod changes;

use schema::build::{Column, Comment, Object, Policy, Table, types};
use schema::{CommentKind, PolicyCommand};

use super::{case, check};

fn text(name: &str) -> Column {
    Column::new(name, types::text())
}

fn integer(name: &str) -> Column {
    Column::new(name, types::integer())
}

/// A table in `public` with columns and policies.
fn table<const N: usize, const M: usize>(name: &str, columns: [Column; N], policies: [Policy; M]) -> Table {
    let table = columns.into_iter().fold(Table::new(name), Table::column);
    policies.into_iter().fold(table, Table::policy)
}

fn users<const N: usize>(policies: [Policy; N]) -> Object {
    table("users", [integer("id"), text("email")], policies).into()
}

fn using(name: &str, condition: &str) -> Policy {
    Policy::new(name).using(condition)
}

/// A condition on another table.
const ORDERS: &str = r#"exists (select 1 from "orders" where "orders"."user_id" = "users"."id")"#;

fn orders<const N: usize>(columns: [Column; N]) -> Object {
    table("orders", columns, []).into()
}

/// A name of 63 bytes.
const LONG: &str = "a_name_of_63_bytes_that_fills_all_the_room_there_is_for_a_name_";

#[test]
fn policies_are_reached() {
    let own = "\"email\" = current_user";
    let insert = || Policy::new("p").for_command(PolicyCommand::Insert).with_check("true");
    check(vec![
        case(
            "every kind of policy is made",
            [users([])],
            [users([
                using("a", own),
                using("b", own).with_check("id > 0").restrictive(),
                using("c", own).for_command(PolicyCommand::Select),
                Policy::new("d").for_command(PolicyCommand::Insert).with_check("true"),
                using("e", own).with_check("true").for_command(PolicyCommand::Update).to(["current_role"]),
                using("f", own).for_command(PolicyCommand::Delete).to(["session_user", "current_user"]),
            ])],
            &[],
        ),
        case("a policy's USING is removed", [users([using("p", own)])], [users([Policy::new("p")])], &[]),
        case(
            "a policy's WITH CHECK is removed and its USING changes",
            [users([using("p", own).with_check(own)])],
            [users([using("p", "true")])],
            &[],
        ),
        case(
            "a policy gets both conditions",
            [users([Policy::new("p")])],
            [users([using("p", own).with_check("id > 0")])],
            &[],
        ),
        case("a policy becomes restrictive", [users([using("p", own)])], [users([using("p", own).restrictive()])], &[]),
        case("a policy is for another command", [users([insert()])], [users([using("p", own)])], &[]),
        case(
            "two policies exchange their conditions",
            [users([using("a", own), using("b", "id > 0")])],
            [users([using("a", "id > 0"), using("b", own)])],
            &[],
        ),
        case(
            "a policy is renamed and altered in one step",
            [users([using("p", own)])],
            [users([using("q", "id > 0").to(["current_user"])])],
            &["public.users.p=public.users.q"],
        ),
        case(
            "a policy is renamed and for another command",
            [users([insert()])],
            [users([using("q", own).restrictive()])],
            &["policy:public.users.p=public.users.q"],
        ),
        case(
            "a policy says from here on what PostgreSQL takes for granted",
            [users([Policy::new("p")])],
            [users([Policy::new("p")])],
            &[],
        )
        .with(|previous, _| {
            let policy = &mut previous.tables["public.users"].policies["p"];
            (policy.kind, policy.command, policy.roles) = (None, None, None);
        }),
        case(
            "row-level security stays when the policies go",
            [users([using("p", own)])],
            [table("users", [integer("id"), text("email")], []).enable_rls().into()],
            &[],
        ),
        case("row-level security goes with the policies", [users([using("p", own)])], [users([])], &[]),
        case(
            "policies have quotes, dots, other scripts, reserved words and 63 bytes for names",
            [users([using("q\"x", own), using("a.b", own), using("user", own), using(LONG, own)])],
            [users([using("q\"y", own), using("смайл 😀", own), using("select", "id > 0"), using(LONG, "id > 0")])],
            &["policy:public.users.q\"x=public.users.q\"y", "public.users.a.b=public.users.смайл 😀"],
        ),
        case(
            "a policy's texts have semicolons, comments and quotes",
            [users([using("p", "\"email\" <> 'it''s; -- \"x\"'")])],
            [users([using("p", "\"email\" <> 'it''s; -- \"y\"'").with_check("'/*' <> \"email\"")])],
            &[],
        ),
    ]);
}

#[test]
fn policies_on_tables_that_move_are_reached() {
    let own = |table: &str| using("p", &format!("{table}.\"id\" > 0"));
    let people = |schema: &str, name: &str, policy: Policy| -> Object {
        table(name, [integer("id"), text("email")], [policy]).in_schema(schema).into()
    };
    check(vec![
        case(
            "a table is renamed with its policy",
            [people("public", "users", own("\"users\""))],
            [people("public", "people", own("\"people\""))],
            &["public.users=public.people"],
        ),
        case(
            "a table moves to another schema and its policy is renamed",
            [people("public", "users", own("\"users\""))],
            [people("app", "people", using("q", "\"id\" > 1"))],
            &["public.users=app.people", "app.people.p=app.people.q"],
        ),
        case(
            "a table moves while its policy is for another command",
            [people("app", "users", using("p", "\"id\" > 0"))],
            [people("shop", "people", using("p", "\"id\" > 0").for_command(PolicyCommand::Delete))],
            &["app=shop", "shop.users=shop.people"],
        ),
        case(
            "a table gives its name to a new one that a policy mentions as before",
            [orders([integer("user_id")]), users([using("p", ORDERS)])],
            [
                orders([integer("user_id"), integer("n")]),
                table("old", [integer("user_id")], []).into(),
                users([using("p", ORDERS)]),
            ],
            &["public.orders=public.old"],
        ),
        case(
            "a table that a policy mentions is renamed",
            [orders([integer("user_id")]), users([using("p", ORDERS)])],
            [table("sales", [integer("user_id")], []).into(), users([using("p", &ORDERS.replace("orders", "sales"))])],
            &["public.orders=public.sales"],
        ),
        case(
            "a column that a policy mentions is renamed",
            [users([using("p", "\"email\" = current_user")])],
            [table("users", [integer("id"), text("mail")], [using("p", "\"mail\" = current_user")]).into()],
            &["public.users.email=public.users.mail"],
        ),
        case(
            "a column gives its name to a new one that a policy mentions as before",
            [users([using("p", "\"email\" = current_user")])],
            [table("users", [integer("id"), text("mail"), text("email")], [using("p", "\"email\" = current_user")])
                .into()],
            &["public.users.email=public.users.mail"],
        ),
        case(
            "a table moves while its policy makes way for a column",
            [people("public", "users", using("p", "\"id\" > 0"))],
            [table("people", [Column::new("id", types::bigint()), text("email")], [using("p", "\"id\" > 0")])
                .in_schema("app")
                .into()],
            &["public.users=app.people"],
        ),
        case(
            "a table is dropped with its policies, and one of its name comes in another schema",
            [people("public", "users", own("\"users\""))],
            [people("app", "users", own("\"users\""))],
            &[],
        )
        .without_rows(),
    ]);
}

#[test]
fn a_comment_goes_with_the_policy_that_is_renamed() {
    let with = |name: &str, text: Option<&str>| {
        let comment = text.map(|text| Comment::on_part(CommentKind::Policy, "users", name, text).into());
        [users([using(name, "id > 0"), using("other", "id > 0")])].into_iter().chain(comment).collect::<Vec<Object>>()
    };
    let renamed = ["public.users.p=public.users.q"];
    check(vec![
        case("a renamed policy keeps its comment", with("p", Some("a")), with("q", Some("a")), &renamed),
        case("the comment of a renamed policy changes", with("p", Some("a")), with("q", Some("b")), &renamed),
        // Another policy is commented on, so that comments are compared.
        case(
            "a renamed policy loses its comment",
            [with("p", Some("a")), vec![Comment::on_part(CommentKind::Policy, "users", "other", "c").into()]].concat(),
            [with("q", None), vec![Comment::on_part(CommentKind::Policy, "users", "other", "c").into()]].concat(),
            &renamed,
        ),
    ]);
}

#[test]
fn policies_on_tables_that_are_declared_elsewhere_are_reached() {
    let elsewhere = "CREATE TABLE elsewhere (id integer, name text)";
    let linked = |policy: Policy| -> [Object; 1] { [policy.on("public", "elsewhere").into()] };
    let (one, other) = (|| using("p", "id > 0"), || using("p", "name = current_user"));
    check(vec![
        case("a linked policy is made", [], linked(one()), &[]).after(elsewhere).without_rows(),
        case("a linked policy goes", linked(one()), [], &[]).after(elsewhere).without_rows(),
        case("a linked policy is altered", linked(one()), linked(other()), &[]).after(elsewhere).without_rows(),
        case("a linked policy's USING is removed", linked(one()), linked(Policy::new("p")), &[])
            .after(elsewhere)
            .without_rows(),
        case(
            "a linked policy is renamed and altered",
            linked(one()),
            linked(using("q\"q", "id > 1")),
            &["policy:\"public\".\"elsewhere\".p=\"public\".\"elsewhere\".q\"q"],
        )
        .after(elsewhere)
        .without_rows(),
        case("a linked policy goes to another table", linked(one()), [one().on("app", "q\"t").into()], &[])
            .after(elsewhere)
            .after("CREATE SCHEMA app")
            .after("CREATE TABLE app.\"q\"\"t\" (id integer)")
            .without_rows(),
        case(
            "a linked policy mentions a declared table that goes",
            [linked(using("p", "exists (select 1 from orders where user_id = id)")), [orders([integer("user_id")])]]
                .concat(),
            linked(one()),
            &[],
        )
        .after(elsewhere)
        .without_rows(),
        case("a policy of a declared table is listed among the linked ones", [users([one()])], [users([one()])], &[])
            .with(|_, next| {
                let mut policy = next.tables["public.users"].policies.swap_remove("p").unwrap();
                policy.link("public", "users");
                next.tables["public.users"].is_rls_enabled = true;
                next.policies.insert("p".to_owned(), policy);
            }),
        case(
            "a table is renamed that a linked policy names though it is declared",
            [users([using("p", "id > 0")])],
            [table("people", [integer("id"), text("email")], [using("p", "id > 0")]).into()],
            &["public.users=public.people"],
        )
        .with(|previous, next| {
            for (schema, key) in [(previous, "public.users"), (next, "public.people")] {
                let mut policy = schema.tables[key].policies["p"].clone();
                policy.link("public", key.trim_start_matches("public."));
                schema.policies.insert("q".to_owned(), schema::Policy { name: "q".to_owned(), ..policy });
            }
        }),
    ]);
}
