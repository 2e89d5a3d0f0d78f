use expect_test::{Expect, expect};

use super::*;
use crate::database_error::ServerError;
use crate::migrations::Statement;

fn server_error(sqlstate: &str, message: &str) -> ServerError {
    ServerError {
        severity: "ERROR".into(),
        sqlstate: sqlstate.into(),
        message: message.into(),
        detail: None,
        hint: None,
        where_: None,
        position: None,
        internal_query: None,
        schema: None,
        table: None,
        column: None,
        constraint: None,
    }
}

fn failure(stage: Stage, error: ServerError, outcome: Outcome) -> Failure {
    Failure {
        tag: "0002_posts".into(),
        file: "drizzle/migrations/0002_posts.sql".into(),
        stage,
        cause: Cause::Database(DatabaseError::Server(Box::new(error))),
        outcome,
        applied: vec!["0000_init".into(), "0001_users".into()],
    }
}

fn in_statement(text: &str, position: u32) -> Stage {
    let statement = Statement { number: 3, line: 12, text };
    Stage::Statement { number: 3, of: 4, excerpt: Excerpt::of(&statement, Some(position)) }
}

fn check(failure: &Failure, expected: &Expect) {
    expected.assert_eq(&format!("{failure}\n"));
}

#[test]
fn a_failure_shows_place_error_outcome_and_next_step() {
    let error = ServerError {
        detail: Some("Some detail.".into()),
        hint: Some("Perhaps you meant \"uuid\".".into()),
        where_: Some("PL/pgSQL function f() line 3\nSQL statement \"SELECT 1\"".into()),
        ..server_error("42704", "type \"uux\" does not exist")
    };
    let stage = in_statement("CREATE TABLE \"posts\" (\n\t\"id\" uux\n);", 29);
    check(
        &failure(stage, error, Outcome::RolledBack),
        &expect![[r#"
        migration 0002_posts failed in statement 3 of 4
          --> drizzle/migrations/0002_posts.sql:13
        12 | CREATE TABLE "posts" (
        13 |     "id" uux
           |         ^
        14 | );

        ERROR: type "uux" does not exist (SQLSTATE 42704)
        DETAIL: Some detail.
        HINT: Perhaps you meant "uuid".
        WHERE: PL/pgSQL function f() line 3
            SQL statement "SELECT 1"

        Rolled back: all of 0002_posts; schema, data and ledger are as before it.
        Applied before it in this run, and kept: 0000_init, 0001_users.
        Next: correct drizzle/migrations/0002_posts.sql and run the migrations again.
    "#]],
    );
}

#[test]
fn an_error_inside_a_function_shows_the_function_s_query() {
    let error = ServerError {
        internal_query: Some("SELECT oops".into()),
        where_: Some("PL/pgSQL function f() line 3 at PERFORM".into()),
        ..server_error("42703", "column \"oops\" does not exist")
    };
    let stage = in_statement("SELECT f();", 1);
    check(
        &failure(stage, error, Outcome::RolledBack),
        &expect![[r#"
        migration 0002_posts failed in statement 3 of 4
          --> drizzle/migrations/0002_posts.sql:12
        12 | SELECT f();
           | ^

        ERROR: column "oops" does not exist (SQLSTATE 42703)
        QUERY: SELECT oops
        WHERE: PL/pgSQL function f() line 3 at PERFORM

        Rolled back: all of 0002_posts; schema, data and ledger are as before it.
        Applied before it in this run, and kept: 0000_init, 0001_users.
        Next: correct drizzle/migrations/0002_posts.sql and run the migrations again.
    "#]],
    );
}

#[test]
fn a_lock_timeout_advises_to_run_again() {
    let error = server_error("55P03", "canceling statement due to lock timeout");
    let stage = in_statement("DROP TABLE a;", 1);
    check(
        &failure(stage, error, Outcome::RolledBack),
        &expect![[r#"
        migration 0002_posts failed in statement 3 of 4
          --> drizzle/migrations/0002_posts.sql:12
        12 | DROP TABLE a;
           | ^

        ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)

        Rolled back: all of 0002_posts; schema, data and ledger are as before it.
        Applied before it in this run, and kept: 0000_init, 0001_users.
        Next: another session holds a lock that the statement needs, longer than lock_timeout allows. Run again when it is done, or allow a longer lock_timeout.
    "#]],
    );
}

#[test]
fn a_deferred_constraint_fails_at_the_commit() {
    let error = server_error("23503", "insert or update violates foreign key constraint");
    check(
        &failure(Stage::Commit, error, Outcome::RolledBack),
        &expect![[r#"
        migration 0002_posts could not be committed (drizzle/migrations/0002_posts.sql)
        ERROR: insert or update violates foreign key constraint (SQLSTATE 23503)

        Rolled back: all of 0002_posts; schema, data and ledger are as before it.
        Applied before it in this run, and kept: 0000_init, 0001_users.
        Next: correct drizzle/migrations/0002_posts.sql and run the migrations again.
    "#]],
    );
}

#[test]
fn a_lost_connection_does_not_pretend_to_know() {
    let error = server_error("57P01", "terminating connection due to administrator command");
    check(
        &failure(Stage::Commit, error, Outcome::Unknown),
        &expect![[r#"
        migration 0002_posts could not be committed (drizzle/migrations/0002_posts.sql)
        ERROR: terminating connection due to administrator command (SQLSTATE 57P01)

        Unknown: the connection was lost before the server told whether 0002_posts was committed; it is either applied and recorded or not there at all.
        Applied before it in this run, and kept: 0000_init, 0001_users.
        Next: run the migrations again; they go on from where the ledger stands.
    "#]],
    );
}

#[test]
fn a_file_with_its_own_commit_is_told_so() {
    let failure = Failure {
        cause: Cause::EndedTransaction,
        applied: vec![],
        ..failure(Stage::Ledger, server_error("", ""), Outcome::PartlyCommitted)
    };
    check(
        &failure,
        &expect![[r#"
        migration 0002_posts could not be recorded (drizzle/migrations/0002_posts.sql)
        the file ends the transaction in which it runs (COMMIT, ROLLBACK or END)

        Not rolled back: what 0002_posts did up to its COMMIT, or after its ROLLBACK, is permanent, and it is not in the ledger.
        Next: take COMMIT, ROLLBACK and END out of drizzle/migrations/0002_posts.sql (every migration runs in a transaction already), undo by hand what it did, then run the migrations again.
    "#]],
    );
}

#[test]
fn a_failure_is_also_json() {
    let error = server_error("42601", "syntax error at or near \"x\"");
    let failure = failure(in_statement("x", 1), error, Outcome::RolledBack);
    let json = serde_json::to_string_pretty(&failure).unwrap();
    expect![[r#"
        {
          "tag": "0002_posts",
          "file": "drizzle/migrations/0002_posts.sql",
          "stage": {
            "at": "statement",
            "number": 3,
            "of": 4,
            "excerpt": {
              "lines": [
                {
                  "number": 12,
                  "text": "x",
                  "caret": 0
                }
              ],
              "truncated": false
            }
          },
          "cause": {
            "kind": "database",
            "error": {
              "severity": "ERROR",
              "sqlstate": "42601",
              "message": "syntax error at or near \"x\"",
              "detail": null,
              "hint": null,
              "where": null,
              "position": null,
              "internal_query": null,
              "schema": null,
              "table": null,
              "column": null,
              "constraint": null
            }
          },
          "outcome": "rolled-back",
          "applied": [
            "0000_init",
            "0001_users"
          ]
        }"#]]
    .assert_eq(&json);
}
