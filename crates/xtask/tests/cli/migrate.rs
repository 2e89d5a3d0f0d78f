use devdb::test::Database;
use expect_test::expect;

use crate::support::Project;

/// A project with one migration of these statements.
fn project(statements: &[&str]) -> Project {
    let project = Project::bare();
    project.write("migrations/0000_first.sql", &statements.join("--> statement-breakpoint\n"));
    let journal = r#"{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1,"tag":"0000_first","breakpoints":true}]}"#;
    project.write("migrations/meta/_journal.json", journal);
    project
}

#[tokio::test]
async fn what_is_pending_is_applied_once() {
    let database = Database::empty().await.unwrap();
    let url = database.url().reveal();
    let project = project(&["CREATE TABLE a (id int);", "CREATE TABLE b (id int);"]);
    let status = project.run(&["status", "--url", url]);
    assert_eq!(status.stdout, "pending       0000_first\n");
    let first = project.run(&["migrate", "--url", url]);
    assert!(first.stdout.starts_with("applied 0000_first ("), "{}{}", first.stdout, first.stderr);
    let second = project.run(&["migrate", "--url", url]);
    assert_eq!(second.stdout, "Nothing to apply: every migration is in the ledger.\n");
    let status = project.run(&["status", "--url", url]);
    assert_eq!(status.stdout, "applied       0000_first\n");
}

#[tokio::test]
async fn a_failing_third_statement_is_shown_and_nothing_stays() {
    let database = Database::empty().await.unwrap();
    let project =
        project(&["CREATE TABLE a (id int);\n", "CREATE TABLE b (id int);\n", "CREATE TABLE a (name text);\n"]);
    let outcome = project.run(&["migrate", "--url", database.url().reveal()]);
    assert_eq!(outcome.code, 1);
    let folder = project.path("").display().to_string();
    expect![[r#"
        error: migration 0000_first failed in statement 3 of 3
          --> migrations/0000_first.sql:5
        5 | CREATE TABLE a (name text);

        ERROR: relation "a" already exists (SQLSTATE 42P07)

        Rolled back: all of 0000_first; schema, data and ledger are as before it.
        Next: the object exists already. If the database was made by other means, record the migration in the ledger instead of running it.
    "#]].assert_eq(&outcome.stderr.replace(&folder, ""));
    let client = database.connect().await.unwrap();
    let tables = "SELECT count(*) FROM pg_tables WHERE tablename IN ('a', 'b')";
    let count: i64 = client.query_one(tables, &[]).await.unwrap().get(0);
    assert_eq!(count, 0);
}

#[tokio::test]
async fn a_wrong_password_is_named_without_being_shown() {
    let database = Database::empty().await.unwrap();
    let url = database.url().reveal().replacen(':', "\u{0}", 1);
    let (scheme, rest) = url.split_once('\u{0}').unwrap();
    let (user, host) = (rest.split(':').next().unwrap(), rest.split_once('@').unwrap().1);
    let outcome = project(&["SELECT 1;"]).run(&["migrate", "--url", &format!("{scheme}:{user}:not-the-one@{host}")]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("password"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("not-the-one"), "{}", outcome.stderr);
}

#[test]
fn a_line_of_dotenv_that_cannot_be_read_stops_the_command_before_another_database_is_used() {
    let project = project(&["SELECT 1;"]);
    project.write(".env", "SECRET='not closed\nDATABASE_URL=postgres://127.0.0.1:1/app\n");
    let outcome = project.run(&["status"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains(".env: the line of SECRET"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("not closed"), "{}", outcome.stderr);
}

#[test]
fn a_server_that_does_not_answer_is_named() {
    let outcome = project(&["SELECT 1;"]).run(&["migrate", "--url", "postgres://app:secret@127.0.0.1:1/app"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("127.0.0.1") && !outcome.stderr.contains("secret"), "{}", outcome.stderr);
}

#[tokio::test]
async fn a_half_applied_migration_is_shown_gone_on_with_or_started_again() {
    let database = Database::empty().await.unwrap();
    let url = database.url().reveal();
    let project = project(&["CREATE TABLE a (id int);\n", "CREATE INDEX CONCURRENTLY b ON a (oops);\n"]);
    let outcome = project.run(&["migrate", "--url", url]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("unit 2 of 2, outside a transaction"), "{}", outcome.stderr);

    let status = project.run(&["status", "--url", url]);
    assert_eq!(status.stdout, "half applied  0000_first  unit 1 of 2 done\n");
    let json = project.run(&["status", "--json", "--url", url]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let state = serde_json::json!({"state": "half-applied", "done": 1, "of": 2, "begun": false});
    assert_eq!(json["migrations"][0]["state"], state);

    let edited = "CREATE TABLE a (id bigint);--> statement-breakpoint\nCREATE INDEX CONCURRENTLY b ON a (id);\n";
    project.write("migrations/0000_first.sql", edited);
    let status = project.run(&["status", "--url", url]);
    assert_eq!(status.stdout, "edited        0000_first  in unit 1, after it was half applied\n");
    let outcome = project.run(&["migrate", "--url", url]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("`cargo xtask migrate --restart 0000_first`"), "{}", outcome.stderr);

    let client = database.connect().await.unwrap();
    client.batch_execute("DROP TABLE a").await.unwrap();
    let outcome = project.run(&["migrate", "--restart", "0000_first", "--url", url]);
    assert!(outcome.stdout.starts_with("applied 0000_first ("), "{}{}", outcome.stdout, outcome.stderr);
    let outcome = project.run(&["migrate", "--restart", "0000_first", "--url", url]);
    expect![[r#"
        error: 0000_first is not half applied, so there is nothing to start again. If it is pending, run the migrations
    "#]]
    .assert_eq(&outcome.stderr);
}

#[tokio::test]
async fn a_half_applied_migration_goes_on_with_what_was_corrected() {
    let database = Database::empty().await.unwrap();
    let url = database.url().reveal();
    let first = "CREATE TABLE a (id int);\n";
    let broken = project(&[first, "CREATE INDEX CONCURRENTLY b ON a (oops);\n"]);
    assert_eq!(broken.run(&["migrate", "--url", url]).code, 1);
    let corrected = project(&[first, "CREATE INDEX CONCURRENTLY b ON a (id);\n"]);
    let outcome = corrected.run(&["migrate", "--url", url]);
    assert!(outcome.stdout.starts_with("applied 0000_first ("), "{}{}", outcome.stdout, outcome.stderr);
    assert_eq!(corrected.run(&["status", "--url", url]).stdout, "applied       0000_first\n");
}
