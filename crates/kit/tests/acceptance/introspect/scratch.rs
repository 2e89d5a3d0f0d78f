//! Canonical form, in a database that is made for it and thrown away.

use expect_test::expect;
use kit::introspect::{Error, Scratch, Surroundings, canonical, rebuild};
use schema::Schema;
use schema::build::{Check, Column, Extension, Function, Index, IndexColumn, Policy, Role, Table, View, types};

use crate::support::Database;

fn declared(default: &str, check: &str, index: &str) -> Schema {
    let table = Table::new("t")
        .column(Column::new("a", types::text()).default_sql(default))
        .check(Check::new("c", check))
        .index(Index::on([IndexColumn::expression(index)]).name("i"));
    schema::build::schema([table.into()]).unwrap()
}

fn in_canonical_form(database: &Database, schema: &Schema, surroundings: &Surroundings) -> Result<Schema, Error> {
    database.with_client(async |client| canonical(client, schema, surroundings).await)
}

#[test]
fn two_ways_to_say_the_same_are_one_in_canonical_form() {
    let database = Database::new();
    let one = declared("'x'", "a <> 'y'", "lower(a)");
    let other = declared("('x'::text)", "( (\"t\".\"a\") != 'y'::text )", "lower(\"a\"::text)");
    let another = declared("'x'", "a <> 'z'", "lower(a)");
    let [one, other, another] =
        [one, other, another].map(|schema| in_canonical_form(&database, &schema, &Surroundings::default()).unwrap());
    assert_eq!(one, other);
    assert_ne!(one, another);
    assert_eq!(one.tables["public.t"].check_constraints["c"].value, "a <> 'y'::text");
}

#[test]
fn a_statement_that_postgresql_refuses_is_shown_with_its_reason() {
    let database = Database::new();
    let error =
        in_canonical_form(&database, &declared("nothing()", "true", "a"), &Surroundings::default()).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(error.to_string().contains("CREATE TABLE \"t\""), "{error}");
    assert!(source.contains("function nothing() does not exist (SQLSTATE 42883)"), "{source}");
    assert!(database.catalog().iter().all(|line| !line.contains("relation")), "the transaction was rolled back");
}

#[test]
fn functions_domains_and_extensions_of_the_database_are_there_for_the_schema() {
    let (source, empty) = (Database::new(), Database::new());
    for statement in [
        "CREATE SCHEMA \"my app\"",
        "CREATE EXTENSION citext SCHEMA \"my app\"",
        "CREATE TYPE mood AS ENUM ('ok')",
        "CREATE FUNCTION \"my app\".slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'",
        "CREATE FUNCTION of_mood(mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text'",
        "CREATE DOMAIN email AS \"my app\".citext DEFAULT 'a@b' NOT NULL CHECK (VALUE ~ '@')",
        "CREATE TYPE pair AS (a int, b email)",
    ] {
        source.run(statement).unwrap();
    }
    let mood = schema::build::enumeration("mood", ["ok"]);
    let table = Table::new("t")
        .column(Column::new("a", types::text()).default_sql("\"my app\".slug('X')"))
        .column(Column::new("b", types::custom("email")))
        .column(Column::new("c", types::custom("pair")))
        .column(Column::new("d", types::enumeration(&mood)))
        .check(Check::new("c", "of_mood(d) <> ''"));
    let declared = schema::build::schema([mood.into(), table.into()]).unwrap();
    let surroundings = source.with_client(async |client| Surroundings::read(client, &declared).await.unwrap());
    let found = in_canonical_form(&empty, &declared, &surroundings).unwrap();
    let columns = found.tables["public.t"].columns.values();
    let lines: String = columns.map(|column| format!("{} {:?}\n", column.sql_type, column.default_sql())).collect();
    expect![[r#"
        text Some("\"my app\".slug('X'::text)")
        email None
        pair None
        mood None
    "#]]
    .assert_eq(&lines);
    assert!(found.schemas.is_empty(), "a schema that nobody declared is none of the declared ones");
    assert!(in_canonical_form(&empty, &declared, &Surroundings::default()).is_err());
}

#[test]
fn an_extension_that_cannot_be_made_is_missed_by_what_needs_it_and_by_nothing_else() {
    let database = Database::new();
    let extensions = || ["citext", "only_an_administrator_has_it"].map(|name| Extension::new(name).into());
    let table =
        |sql_type: &str| Table::new("t").column(Column::new("a", types::custom(sql_type)).default_sql("'x'")).into();
    let declared = schema::build::schema(extensions().into_iter().chain([table("citext")])).unwrap();
    let found = in_canonical_form(&database, &declared, &Surroundings::default()).unwrap();
    assert_eq!(found, declared);
    let declared = schema::build::schema(extensions().into_iter().chain([table("its_type")])).unwrap();
    let error = in_canonical_form(&database, &declared, &Surroundings::default()).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("\"its_type\" does not exist"), "{error}");
}

#[test]
fn a_policy_names_a_role_that_the_server_does_not_have_and_will_not_have() {
    let database = Database::new();
    let role = format!("{}canonical", database.role_prefix());
    let policy = Policy::new("own").to([role.as_str()]).using("( a = 'x' )");
    let table = Table::new("t").column(Column::new("a", types::text())).policy(policy);
    let declared = schema::build::schema([table.into(), Role::new(&role).into()]).unwrap();
    let found = in_canonical_form(&database, &declared, &Surroundings::default()).unwrap();
    let policy = &found.tables["public.t"].policies["own"];
    assert_eq!((policy.using.as_deref(), policy.role_names()), (Some("a = 'x'::text"), vec![role.as_str()]));
    assert_eq!(found.roles, declared.roles);
    assert_eq!(database.texts(&format!("SELECT 1 FROM pg_roles WHERE rolname = '{role}'")), [""; 0]);
}

#[test]
fn what_is_left_to_be_looked_at_leaves_no_role_behind() {
    let database = Database::new();
    let role = format!("{}rebuilt", database.role_prefix());
    let policy = |name: &str, role: &str| Policy::new(name).to([role]).using("a = 'x'");
    let table = Table::new("t").column(Column::new("a", types::text()));
    let table = table.policy(policy("own", &role)).policy(policy("all", "public"));
    let declared = schema::build::schema([table.into(), Role::new(&role).into()]).unwrap();
    let none = Surroundings::default();
    let refused = database.with_client(async |client| rebuild(client, &declared, &none).await.unwrap());
    let refused: Vec<&str> = refused.iter().map(|refused| refused.statement.as_str()).collect();
    assert!(matches!(refused.as_slice(), [statement] if statement.starts_with("CREATE POLICY \"own\"")), "{refused:?}");
    assert_eq!(database.texts("SELECT policyname FROM pg_policies"), ["all"]);
    assert_eq!(database.texts(&format!("SELECT 1 FROM pg_roles WHERE rolname = '{role}'")), [""; 0]);
}

#[test]
fn a_scratch_database_is_empty_and_gone_afterwards() {
    let database = Database::new();
    let names = || database.texts("SELECT datname FROM pg_database WHERE datname ~ '^drizzle_scratch_'");
    let scratch = database.with_client(async |client| Scratch::create(client).await.unwrap());
    assert!(names().contains(&scratch.name().to_owned()));
    let name = scratch.name().to_owned();
    database.with_client(async |client| scratch.drop(client).await.unwrap());
    assert!(!names().contains(&name));
}

#[test]
fn a_role_that_may_not_create_a_database_is_told_what_it_lacks() {
    let database = Database::new();
    let role = format!("scratch_test_{}", database.texts("SELECT pg_backend_pid()")[0]);
    database.run(&format!("CREATE ROLE {role}; SET ROLE {role}")).unwrap();
    let error = database.with_client(async |client| Scratch::create(client).await.unwrap_err());
    database.run(&format!("RESET ROLE; DROP ROLE {role}")).unwrap();
    let message = error.to_string();
    assert!(
        message
            .ends_with("the role lacks CREATEDB. Grant it (ALTER ROLE … CREATEDB), or connect as a role that has it")
    );
}

#[test]
fn aggregates_operators_and_casts_of_the_database_are_there_for_what_calls_them() {
    let (source, empty) = (Database::new(), Database::new());
    for statement in [
        "CREATE FUNCTION longer(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS \
         'SELECT CASE WHEN length($1) > length($2) THEN $1 ELSE $2 END'",
        "CREATE AGGREGATE longest(text) (SFUNC = longer, STYPE = text, INITCOND = 'it''s')",
        "CREATE OPERATOR |>| (FUNCTION = longer, LEFTARG = text, RIGHTARG = text)",
        "CREATE TYPE mood AS ENUM ('1')",
        "CREATE CAST (mood AS int) WITH INOUT AS ASSIGNMENT",
    ] {
        source.run(statement).unwrap();
    }
    let mood = schema::build::enumeration("mood", ["1"]);
    let longer =
        Function::new("longer").argument("one", types::text()).argument("other", types::text()).returns("text");
    let table = Table::new("t")
        .column(Column::new("a", types::text()).default_sql("'x' |>| 'yy'"))
        .column(Column::new("b", types::integer()).default_sql("'1'::mood"));
    let declared = schema::build::schema([
        mood.into(),
        longer.sql("SELECT CASE WHEN length($1) > length($2) THEN $1 ELSE $2 END").immutable().into(),
        table.into(),
        View::new("v").query("select longest(a) from t").into(),
    ]);
    let declared = declared.unwrap();
    let surroundings = source.with_client(async |client| Surroundings::read(client, &declared).await.unwrap());
    let found = in_canonical_form(&empty, &declared, &surroundings).unwrap();
    let definition = found.views["public.v"].definition.as_deref().unwrap();
    assert!(definition.starts_with("SELECT longest("), "{definition}");
    assert!(in_canonical_form(&empty, &declared, &Surroundings::default()).is_err());
}
