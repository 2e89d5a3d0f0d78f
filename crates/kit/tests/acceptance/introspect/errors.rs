use expect_test::expect;
use kit::introspect::{Error, Filter, read};

use crate::support::Database;

/// The error with its cause.
fn chain(error: &Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!("\ncaused by: {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

fn error(database: &Database) -> Error {
    database.with_client(async |client| read(client, &Filter::default()).await.unwrap_err())
}

#[test]
fn a_right_that_the_role_lacks_is_named_with_what_was_read() {
    let database = Database::new();
    let role = format!("introspect_test_{}", database.texts("SELECT pg_backend_pid()")[0]);
    database.run(&format!("REVOKE SELECT ON pg_policy FROM PUBLIC; CREATE ROLE {role}; SET ROLE {role}")).unwrap();
    let error = error(&database);
    database.run(&format!("RESET ROLE; DROP ROLE {role}")).unwrap();
    expect![[r#"
        cannot read the policies: the role lacks a right. Grant it, or connect as the role that owns the objects
        caused by: ERROR: permission denied for table pg_policy (SQLSTATE 42501)"#]]
    .assert_eq(&chain(&error));
}

#[test]
fn a_lost_connection_is_named_as_that() {
    let database = Database::new();
    let pid = database.texts("SELECT pg_backend_pid()").remove(0);
    let other = Database::new();
    other.run(&format!("SELECT pg_terminate_backend({pid}, 5000)")).unwrap();
    // The server says why it ended the session, unless the driver has noticed the end before.
    let message = chain(&error(&database));
    assert!(message.starts_with("cannot begin reading the database: the "), "{message}");
    let again = chain(&error(&database));
    expect![[r#"
        cannot begin reading the database: the connection was lost. Check that the server runs, and try again
        caused by: connection closed"#]]
    .assert_eq(&again);
}

#[test]
fn nothing_is_changed_and_no_setting_stays() {
    let database = Database::new();
    database.run("SET search_path = pg_catalog; CREATE TABLE public.t (a int)").unwrap();
    let before = database.texts("SHOW search_path");
    database.with_client(async |client| read(client, &Filter::default()).await.unwrap());
    assert_eq!(database.texts("SHOW search_path"), before);
}
