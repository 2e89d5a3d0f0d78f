//! The commands by which code, files and database come to agree: check, push, baseline, resolve, reset.

use devdb::test::Database;
use expect_test::{Expect, expect};

use crate::support::{Outcome, Project};

const USERS: &str = "
#[derive(PgTable)] #[table(\"users\")]
pub struct User { #[column(primary_key)] pub id: i32, #[column(default = 0)] pub age: i32 }
";

/// The same with a column more.
const USERS_WITH_NAME: &str = "
#[derive(PgTable)] #[table(\"users\")]
pub struct User { #[column(primary_key)] pub id: i32, #[column(default = 0)] pub age: i32, pub name: Option<String> }
";

/// A project with one migration, and an empty database.
async fn project() -> (Project, Database) {
    let project = Project::new(USERS);
    let generated = project.run(&["generate", "--name", "first"]);
    assert_eq!(generated.code, 0, "{}", generated.stderr);
    (project, Database::empty().await.unwrap())
}

fn run(project: &Project, database: &Database, args: &[&str]) -> Outcome {
    let mut command = project.command(args);
    command.env("DATABASE_URL", database.url().reveal()).stdin(std::process::Stdio::null());
    command.output().unwrap().into()
}

async fn execute(database: &Database, sql: &str) {
    database.connect().await.unwrap().batch_execute(sql).await.unwrap();
}

fn check(outcome: &Outcome, code: i32, expected: Expect) {
    assert_eq!(outcome.code, code, "{}{}", outcome.stdout, outcome.stderr);
    expected.assert_eq(&outcome.stdout);
}

#[tokio::test]
async fn check_says_of_files_code_and_database_whether_they_agree_and_in_what_they_do_not() {
    let (project, database) = project().await;
    check(
        &run(&project, &database, &["check"]),
        3,
        expect![[r#"
            files     ok  1 migration
            code      ok  is what 0000_first makes
            database  1 finding
              ! 0000_first is pending
              next: `cargo xtask migrate` applies what is pending
        "#]],
    );
    assert_eq!(run(&project, &database, &["migrate"]).code, 0);
    check(
        &run(&project, &database, &["check"]),
        0,
        expect![[r#"
            files     ok  1 migration
            code      ok  is what 0000_first makes
            database  ok  is what 0000_first makes, and nothing is pending
        "#]],
    );

    execute(&database, "ALTER TABLE users ALTER age SET DEFAULT 1, ADD born date; CREATE TABLE stray (id int)").await;
    project.declare(USERS_WITH_NAME);
    project.write("migrations/fix.sql", "SELECT 1;");
    let outcome = run(&project, &database, &["check"]);
    check(
        &outcome,
        3,
        expect![[r#"
            files     1 finding
              ! migrations/fix.sql: it is not in the journal, so it is never applied; move it out of the folder, and its SQL into a migration that `cargo xtask generate --custom` makes
              next: correct the files; `git log -- migrations` shows what became of them
            code      not checked: the files come first
            database  not checked: the files come first
        "#]],
    );
    std::fs::remove_file(project.path("migrations/fix.sql")).unwrap();
    check(
        &run(&project, &database, &["check"]),
        3,
        expect![[r#"
            files     ok  1 migration
            code      1 finding
              + column public.users.name: in the code only
              next: `cargo xtask generate` writes the migration that is missing
            database  3 findings
              - table public.stray: in the database only
              ~ column public.users.age: default is 1 in the database, 0 in 0000_first
              - column public.users.born: in the database only
              next: `cargo xtask diff --from db --to 0000_first` prints what would undo it; a change that is to stay belongs into the code and a migration
        "#]],
    );
    check(
        &run(&project, &database, &["check", "--offline", "--json"]),
        3,
        expect![[r#"
            {
              "checks": [
                {
                  "name": "files",
                  "state": "ok",
                  "findings": []
                },
                {
                  "name": "code",
                  "state": "differs",
                  "findings": [
                    {
                      "kind": "column",
                      "name": "public.users.name",
                      "onlyIn": "the code"
                    }
                  ],
                  "next": "`cargo xtask generate` writes the migration that is missing"
                }
              ]
            }
        "#]],
    );
    check(
        &run(&project, &database, &["check", "--offline", "--format", "github"]),
        3,
        expect![[r#"
            ::error file=src/db/schema.rs,title=check code::+ column public.users.name: in the code only%0Anext: `cargo xtask generate` writes the migration that is missing
        "#]],
    );
}

#[tokio::test]
async fn a_push_makes_the_database_what_the_code_says_and_a_second_one_does_nothing() {
    let (project, database) = project().await;
    let outcome = run(&project, &database, &["push", "--dry-run"]);
    assert!(outcome.stdout.ends_with("Nothing was changed (--dry-run).\n"), "{}{}", outcome.stdout, outcome.stderr);
    let outcome = run(&project, &database, &["push"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("It is not recorded"), "{}", outcome.stdout);
    let again = run(&project, &database, &["push"]);
    check(&again, 0, expect!["Nothing to push: the database is what the code says.\n"]);
    check(
        &run(&project, &database, &["check"]),
        3,
        expect![[r#"
            files     ok  1 migration
            code      ok  is what 0000_first makes
            database  1 finding
              ! 0000_first is pending
              next: the database has what the migrations make, and does not know of them: `cargo xtask baseline` records them as applied
        "#]],
    );
}

#[tokio::test]
async fn a_push_that_loses_something_needs_consent_for_each_kind_of_loss() {
    let (project, database) = project().await;
    assert_eq!(run(&project, &database, &["push"]).code, 0);
    execute(&database, "ALTER TABLE users ADD born date; CREATE TABLE stray (id int); INSERT INTO stray VALUES (1)")
        .await;
    let refused = run(&project, &database, &["push", "--allow-loss", "columns"]);
    assert_eq!(refused.code, 2, "{}{}", refused.stdout, refused.stderr);
    expect![[r#"
        error: something would be lost, and nobody is here to agree; nothing was changed

          tables
            DROP TABLE "stray" CASCADE;

        next: rename what was renamed (--rename OLD=NEW), or agree with --allow-loss tables
    "#]]
    .assert_eq(&refused.stderr);
    let rows = database.connect().await.unwrap().query("SELECT id FROM stray", &[]).await.unwrap();
    assert_eq!(rows.len(), 1);
    let allowed = run(&project, &database, &["push", "--allow-loss", "columns,tables"]);
    assert_eq!(allowed.code, 0, "{}", allowed.stderr);
    check(&run(&project, &database, &["push"]), 0, expect!["Nothing to push: the database is what the code says.\n"]);
}

#[tokio::test]
async fn a_push_leaves_alone_what_is_migrated_and_what_is_for_production() {
    let (project, database) = project().await;
    assert_eq!(run(&project, &database, &["migrate"]).code, 0);
    project.declare(USERS_WITH_NAME);
    let refused = run(&project, &database, &["push"]);
    assert_eq!(refused.code, 1);
    expect![[r#"
        error: the ledger has 1 applied migration, and a push is not recorded: every other database would miss it. `cargo xtask generate` and `cargo xtask migrate` bring it to all of them; --ignore-ledger pushes nevertheless
    "#]]
    .assert_eq(&refused.stderr);
    let name: String =
        database.connect().await.unwrap().query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    execute(&database, &format!("ALTER DATABASE \"{name}\" SET drizzle.environment = 'production'")).await;
    for command in [&["push", "--ignore-ledger"][..], &["reset", "--yes"]] {
        let refused = run(&project, &database, command);
        assert_eq!(refused.code, 1, "{}", refused.stdout);
        assert!(refused.stderr.contains("is marked for production"), "{}", refused.stderr);
    }
}

#[tokio::test]
async fn a_baseline_is_recorded_where_the_database_is_what_the_migrations_make_and_nowhere_else() {
    let (project, database) = project().await;
    assert_eq!(run(&project, &database, &["push"]).code, 0);
    project.declare(USERS_WITH_NAME);
    assert_eq!(run(&project, &database, &["generate", "--name", "second"]).code, 0);
    check(
        &run(&project, &database, &["baseline"]),
        3,
        expect![[r#"
            The database is not what 0001_second makes; nothing was recorded.
              + column public.users.name: in 0001_second only
            It is what 0000_first makes: `cargo xtask baseline --to 0000_first`.
        "#]],
    );
    check(
        &run(&project, &database, &["status"]),
        0,
        expect![[r#"
        pending       0000_first
        pending       0001_second
    "#]],
    );
    check(&run(&project, &database, &["baseline", "--to", "0000"]), 0, expect!["recorded 0000_first\n"]);
    let migrated = run(&project, &database, &["migrate"]);
    assert!(migrated.stdout.starts_with("applied 0001_second ("), "{}{}", migrated.stdout, migrated.stderr);
    check(
        &run(&project, &database, &["baseline"]),
        0,
        expect!["Nothing to record: the ledger has every migration up to 0001_second.\n"],
    );
}

#[tokio::test]
async fn the_ledger_is_mended_one_migration_at_a_time() {
    let (project, database) = project().await;
    assert_eq!(run(&project, &database, &["push"]).code, 0);
    check(
        &run(&project, &database, &["resolve", "--applied", "0000"]),
        0,
        expect!["resolved 0000_first is recorded as applied; none of its statements was run\n"],
    );
    let twice = run(&project, &database, &["resolve", "--applied", "0000"]);
    assert_eq!(twice.code, 1);
    assert_eq!(
        twice.stderr,
        "error: the ledger needs no mending for 0000_first: it is recorded as applied already. Nothing was changed\n"
    );
    project.write("migrations/0000_first.sql", &format!("-- reviewed\n{}", project.read("migrations/0000_first.sql")));
    assert_eq!(run(&project, &database, &["status"]).stdout, "edited        0000_first\n");
    let refused = run(&project, &database, &["migrate"]);
    assert!(refused.stderr.contains("cargo xtask resolve --rehash 0000_first"), "{}", refused.stderr);
    check(
        &run(&project, &database, &["resolve", "--rehash", "0000_first"]),
        0,
        expect!["resolved 0000_first is recorded with its file as it is now\n"],
    );
    assert_eq!(run(&project, &database, &["status"]).stdout, "applied       0000_first\n");
    assert_eq!(run(&project, &database, &["resolve", "--unapplied", "0000"]).code, 0);
    assert_eq!(run(&project, &database, &["status"]).stdout, "pending       0000_first\n");
    let unknown = run(&project, &database, &["resolve", "--unapplied", "0007"]);
    assert!(unknown.stderr.contains("there is no migration 0007; there are 0000_first"), "{}", unknown.stderr);
}

#[tokio::test]
async fn a_reset_drops_what_is_ours_and_migrates_again() {
    let (project, database) = project().await;
    assert_eq!(run(&project, &database, &["migrate"]).code, 0);
    execute(&database, "INSERT INTO users (id) VALUES (1); CREATE TABLE theirs AS SELECT 1 AS id").await;
    let refused = run(&project, &database, &["reset"]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    assert!(refused.stderr.starts_with("to be dropped: 1 table in database"), "{}", refused.stderr);
    assert!(refused.stderr.contains("nothing was changed. --yes agrees"), "{}", refused.stderr);
    let outcome = run(&project, &database, &["reset", "--yes"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("dropped 1 table in database"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("applied 0000_first ("), "{}", outcome.stdout);
    let client = database.connect().await.unwrap();
    let row =
        client.query_one("SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM theirs)", &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (0, 1));
}

#[tokio::test]
async fn a_reset_knows_a_function_by_its_types_in_whatever_words() {
    let (project, database) = project().await;
    let function = "#[schema::pg_objects]\nfn objects() -> Vec<schema::build::Object> { use schema::build::*; vec![
        Function::new(\"twice\").argument(\"x\", types::custom(\"int\")).returns(\"int\").sql(\"select x * 2\").into()
    ] }";
    project.declare(&format!("{USERS}{function}"));
    assert_eq!(run(&project, &database, &["generate", "--name", "second"]).code, 0);
    assert_eq!(run(&project, &database, &["migrate"]).code, 0);
    execute(&database, "CREATE FUNCTION twice(x text) RETURNS text LANGUAGE sql AS 'select x || x'").await;
    let outcome = run(&project, &database, &["reset", "--yes"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("dropped 1 table, 1 function in database"), "{}", outcome.stdout);
    execute(&database, "SELECT twice(1), twice('theirs')").await;
}

#[tokio::test]
async fn drift_is_shown_before_something_is_applied_to_it_and_refused_where_that_is_set() {
    let (project, database) = project().await;
    assert_eq!(run(&project, &database, &["migrate"]).code, 0);
    execute(&database, "ALTER TABLE users ALTER age DROP NOT NULL").await;
    project.declare(USERS_WITH_NAME);
    assert_eq!(run(&project, &database, &["generate", "--name", "second"]).code, 0);
    project.settings("[migrations]\ndrift = \"refuse\"\n");
    let refused = run(&project, &database, &["migrate"]);
    assert_eq!(refused.code, 3, "{}", refused.stdout);
    expect![[r#"
        error: the database is not what its newest applied migration makes, and drizzle.toml says `drift = "refuse"`; nothing was changed
          ~ column public.users.age: not null is false in the database, true in 0000_first
        next: `cargo xtask diff --from db --to 0000_first` prints what would undo it; a change that is to stay belongs into the code and a migration
    "#]]
    .assert_eq(&refused.stderr);
    let json = run(&project, &database, &["migrate", "--json"]);
    let error: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((json.code, &error["error"]), (3, &"drift".into()));
    assert!(error["message"].as_str().unwrap().contains("column public.users.age"), "{error:#}");
    let status = run(&project, &database, &["status"]).stdout;
    assert_eq!(status, "applied       0000_first\npending       0001_second\n");
    project.settings("");
    let warned = run(&project, &database, &["migrate"]);
    assert!(warned.stdout.starts_with("applied 0001_second ("), "{}", warned.stdout);
    expect![[r#"
        drift: the database is not what 0000_first makes:
          ~ column public.users.age: not null is false in the database, true in 0000_first
    "#]]
    .assert_eq(&warned.stderr);
}

#[tokio::test]
async fn a_migration_that_meets_its_own_tables_says_which_command_fits() {
    let (project, database) = project().await;
    assert_eq!(run(&project, &database, &["push"]).code, 0);
    let failed = run(&project, &database, &["migrate"]);
    assert_eq!(failed.code, 1);
    let advice = "The database is what 0000_first makes already: `cargo xtask baseline --to 0000_first` records that.";
    assert!(failed.stderr.contains("(SQLSTATE 42P07)") && failed.stderr.contains(advice), "{}", failed.stderr);
    execute(&database, "ALTER TABLE users DROP COLUMN age").await;
    let failed = run(&project, &database, &["migrate"]);
    let advice =
        "It is not what 0000_first makes either, so `cargo xtask baseline` does not fit:\n  + column public.users.age";
    assert!(failed.stderr.contains(advice), "{}", failed.stderr);
}

#[tokio::test]
async fn a_database_that_was_pushed_past_the_migration_that_fails_is_recorded_whole_as_the_error_says() {
    let (project, database) = project().await;
    project.declare(USERS_WITH_NAME);
    assert_eq!(project.run(&["generate", "--name", "second"]).code, 0);
    assert_eq!(run(&project, &database, &["push"]).code, 0);
    let failed = run(&project, &database, &["migrate"]);
    assert!(failed.stderr.starts_with("error: migration 0000_first failed"), "{}", failed.stderr);
    let advice =
        "The database is what 0001_second makes already, as after a push: `cargo xtask baseline` records that.";
    assert!(failed.stderr.contains(advice), "{}", failed.stderr);
    assert_eq!(run(&project, &database, &["baseline"]).stdout, "recorded 0000_first\nrecorded 0001_second\n");
}

#[test]
fn a_folder_of_an_older_drizzle_kit_is_brought_to_todays_format_without_touching_its_sql() {
    let project = Project::bare();
    project.write("migrations/0000_old.sql", "CREATE TABLE \"users\" (\"id\" integer);");
    let entry = r#"{"idx":0,"version":"5","when":1,"tag":"0000_old","breakpoints":true}"#;
    project.write("migrations/meta/_journal.json", &format!(r#"{{"version":"5","dialect":"pg","entries":[{entry}]}}"#));
    project.write(
        "migrations/meta/0000_snapshot.json",
        r#"{"id":"1","prevId":"00000000-0000-0000-0000-000000000000","version":"5","dialect":"pg","tables":{"users":
        {"name":"users","schema":"","columns":{"id":{"name":"id","type":"integer","primaryKey":false,"notNull":false}},
        "indexes":{},"foreignKeys":{},"compositePrimaryKeys":{},"uniqueConstraints":{}}},"enums":{},"schemas":{},
        "_meta":{"columns":{},"schemas":{},"tables":{}}}"#,
    );
    let older = project.run(&["diff", "--from", "empty", "--to", "0000"]);
    assert!(older.stderr.contains("`cargo xtask up`"), "{}", older.stderr);
    check(
        &project.run(&["up"]),
        0,
        expect![[r#"
            upgraded meta/_journal.json
            upgraded meta/0000_snapshot.json
            next: `cargo xtask check --offline`, and commit
        "#]],
    );
    check(
        &project.run(&["diff", "--from", "empty", "--to", "0000"]),
        0,
        expect![[r#"
            CREATE TABLE "users" (
            	"id" integer
            );
        "#]],
    );
    assert_eq!(project.read("migrations/0000_old.sql"), "CREATE TABLE \"users\" (\"id\" integer);");
    check(&project.run(&["up"]), 0, expect!["Nothing to do: journal and snapshots are of version 7.\n"]);
}
