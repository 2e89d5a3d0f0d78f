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
        units: None,
        together: vec![],
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
            Next: another session holds a lock that the statement needs, longer than lock_timeout allows. Run again when it is done, or allow a longer wait by `-- migrate: lock_timeout = 2min` in the file.
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
            Next: correct drizzle/migrations/0002_posts.sql, or the rows that do not fit, and run the migrations again.
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

fn in_units(stage: Stage, error: ServerError, outcome: Outcome, units: FailedUnits) -> Failure {
    Failure { units: Some(units), applied: vec![], ..failure(stage, error, outcome) }
}

#[test]
fn of_a_migration_in_units_it_says_which_stay_applied() {
    let error = server_error("42703", "column \"a\" does not exist");
    let units = FailedUnits { applied: 2, of: 4, outside: false };
    check(
        &in_units(in_statement("ALTER TABLE t DROP a;", 1), error, Outcome::RolledBack, units),
        &expect![[r#"
            migration 0002_posts failed in statement 3 of 4, unit 3 of 4
              --> drizzle/migrations/0002_posts.sql:12
            12 | ALTER TABLE t DROP a;
               | ^

            ERROR: column "a" does not exist (SQLSTATE 42703)

            Rolled back: unit 3 of 4 of 0002_posts. Units 1 to 2 stay applied.
            Next: correct drizzle/migrations/0002_posts.sql from this statement on (what is applied must stay as it is) and run the migrations again; they go on with unit 3.
        "#]],
    );
}

#[test]
fn of_a_statement_outside_a_transaction_it_says_what_it_left() {
    let stage = || in_statement("CREATE INDEX CONCURRENTLY a ON t (b);", 1);
    let units = FailedUnits { applied: 0, of: 2, outside: true };
    let error = server_error("42703", "column \"b\" does not exist");
    check(
        &in_units(stage(), error, Outcome::RolledBack, units),
        &expect![[r#"
        migration 0002_posts failed in statement 3 of 4, unit 1 of 2, outside a transaction
          --> drizzle/migrations/0002_posts.sql:12
        12 | CREATE INDEX CONCURRENTLY a ON t (b);
           | ^

        ERROR: column "b" does not exist (SQLSTATE 42703)

        Undone: unit 1 of 2 of 0002_posts left nothing behind. Nothing of it is applied.
        Next: correct drizzle/migrations/0002_posts.sql and run the migrations again.
    "#]],
    );
    let error = server_error("57P01", "terminating connection due to administrator command");
    check(
        &in_units(stage(), error, Outcome::Interrupted, FailedUnits { applied: 1, ..units }),
        &expect![[r#"
        migration 0002_posts failed in statement 3 of 4, unit 2 of 2, outside a transaction
          --> drizzle/migrations/0002_posts.sql:12
        12 | CREATE INDEX CONCURRENTLY a ON t (b);
           | ^

        ERROR: terminating connection due to administrator command (SQLSTATE 57P01)

        Interrupted: unit 2 of 2 of 0002_posts ran outside a transaction, so nothing of it is rolled back. The next run looks how far it came, and clears or completes what it left. Unit 1 stays applied.
        Next: run the migrations again; they go on with the unit that was interrupted.
    "#]],
    );
}

#[test]
fn a_lock_timeout_outside_a_transaction_says_what_was_waited_for() {
    let error = server_error("55P03", "canceling statement due to lock timeout");
    let units = FailedUnits { applied: 0, of: 1, outside: true };
    check(
        &in_units(in_statement("CREATE INDEX CONCURRENTLY a ON t (b);", 1), error, Outcome::RolledBack, units),
        &expect![[r#"
            migration 0002_posts failed in statement 3 of 4, unit 1 of 1, outside a transaction
              --> drizzle/migrations/0002_posts.sql:12
            12 | CREATE INDEX CONCURRENTLY a ON t (b);
               | ^

            ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)

            Undone: unit 1 of 1 of 0002_posts left nothing behind. Nothing of it is applied.
            Next: the statement waits for every transaction that is older than it. Run again when these have ended, or allow a longer wait: `-- migrate: lock_timeout = 10min` before the statement in drizzle/migrations/0002_posts.sql.
        "#]],
    );
}

#[test]
fn an_index_that_is_not_valid_is_not_called_built() {
    let units = FailedUnits { applied: 0, of: 1, outside: true };
    let stage = in_statement("CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON t (b);", 1);
    let failure = Failure {
        cause: Cause::InvalidIndex { drop: "DROP INDEX CONCURRENTLY public.a".into() },
        ..in_units(stage, server_error("", ""), Outcome::RolledBack, units)
    };
    check(
        &failure,
        &expect![[r#"
        migration 0002_posts failed in statement 3 of 4, unit 1 of 1, outside a transaction
          --> drizzle/migrations/0002_posts.sql:12
        12 | CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON t (b);
           | ^

        the index exists already and is not valid: an earlier attempt to build it failed

        Undone: unit 1 of 1 of 0002_posts left nothing behind. Nothing of it is applied.
        Next: `DROP INDEX CONCURRENTLY public.a`, then run the migrations again.
    "#]],
    );
}

#[test]
fn what_an_interrupted_run_left_may_resist() {
    let error = server_error("42501", "must be owner of index a");
    let units = FailedUnits { applied: 1, of: 3, outside: true };
    let stage = Stage::Repair { statement: "DROP INDEX CONCURRENTLY public.a".into() };
    check(
        &in_units(stage, error, Outcome::Interrupted, units),
        &expect![[r#"
            migration 0002_posts could not go on where it was interrupted (drizzle/migrations/0002_posts.sql)
              DROP INDEX CONCURRENTLY public.a
            ERROR: must be owner of index a (SQLSTATE 42501)

            Interrupted: unit 2 of 3 of 0002_posts ran outside a transaction, so nothing of it is rolled back. The next run looks how far it came, and clears or completes what it left. Unit 1 stays applied.
            Next: the role lacks a right. Grant it, or connect as the role that owns the objects.
        "#]],
    );
}

#[test]
fn where_all_units_are_applied_only_the_record_is_missing() {
    let units = FailedUnits { applied: 3, of: 3, outside: false };
    let error = || server_error("XX000", "no space");
    check(
        &in_units(Stage::Ledger, error(), Outcome::RolledBack, units),
        &expect![[r#"
        migration 0002_posts could not be recorded (drizzle/migrations/0002_posts.sql)
        ERROR: no space (SQLSTATE XX000)

        All 3 units of 0002_posts stay applied; only its row in the ledger is missing.
        Next: run the migrations again.
    "#]],
    );
    check(
        &in_units(Stage::Commit, error(), Outcome::Unknown, units),
        &expect![[r#"
        migration 0002_posts could not be committed (drizzle/migrations/0002_posts.sql)
        ERROR: no space (SQLSTATE XX000)

        All 3 units of 0002_posts stay applied; the connection was lost before the server told whether it is in the ledger.
        Next: run the migrations again; they go on from where the ledger stands.
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
          "units": null,
          "together": [],
          "applied": [
            "0000_init",
            "0001_users"
          ]
        }"#]]
    .assert_eq(&json);
}
