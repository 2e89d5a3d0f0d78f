use devdb::test::Database;
use expect_test::expect;

use crate::support::{Outcome, Project};

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
async fn a_role_that_may_change_the_schema_comes_before_the_application_s_own() {
    let database = Database::empty().await.unwrap();
    let project = project(&["CREATE TABLE a (id int);"]);
    let mut command = project.command(&["migrate"]);
    command.env("DATABASE_URL", "postgres://app@127.0.0.1:1/app");
    command.env("MIGRATION_DATABASE_URL", database.url().reveal());
    let outcome = Outcome::from(command.output().unwrap());
    assert!(outcome.stdout.starts_with("applied 0000_first ("), "{}{}", outcome.stdout, outcome.stderr);
}

#[tokio::test]
async fn a_folder_without_snapshots_is_migrated_and_told_that_drift_was_not_looked_for() {
    let database = Database::empty().await.unwrap();
    let url = database.url().reveal();
    let project = two_migrations();
    assert_eq!(project.run(&["migrate", "--to", "0000_a", "--url", url]).code, 0);
    project.settings("[migrations]\ndrift = \"refuse\"\n");
    let refused = project.run(&["migrate", "--url", url]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    assert!(refused.stderr.contains("the snapshot of 0000_a is missing"), "{}", refused.stderr);
    project.settings("");
    let migrated = project.run(&["migrate", "--url", url]);
    assert_eq!(migrated.code, 0, "{}", migrated.stderr);
    assert!(migrated.stdout.starts_with("applied 0001_b ("), "{}", migrated.stdout);
    let note = "note: drift was not looked for: the snapshot of 0000_a is missing";
    assert!(migrated.stderr.starts_with(note), "{}", migrated.stderr);
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

#[tokio::test]
async fn what_libpq_s_variables_say_of_another_server_does_not_reach_one_that_was_started_here() {
    let database = Database::empty().await.unwrap();
    let project = project(&["CREATE TABLE a (id int);"]);
    let others = [
        ("PGHOST", "192.0.2.1"),
        ("PGHOSTADDR", "192.0.2.1"),
        ("PGPORT", "1"),
        ("PGDATABASE", "elsewhere"),
        ("PGUSER", "nobody"),
        ("PGPASSWORD", "not-the-one"),
        ("PGSERVICE", "elsewhere"),
        ("PGOPTIONS", "-c search_path=elsewhere"),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", "system"),
        ("PGSSLCERT", "/nowhere.crt"),
    ];
    let mut command = project.command(&["migrate", "--url", database.url().reveal()]);
    let outcome = Outcome::from(command.envs(others).output().unwrap());
    assert!(outcome.stdout.starts_with("applied 0000_first ("), "{}{}", outcome.stdout, outcome.stderr);
}

#[cfg(unix)]
#[tokio::test]
async fn a_password_is_read_from_the_password_file_unless_others_may_read_it_too() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = Database::empty().await.unwrap();
    let url = database.url().reveal();
    let (start, at) = url.split_once('@').unwrap();
    let (start, password) = start.rsplit_once(':').unwrap();
    let project = project(&["SELECT 1;"]);
    project.write("pgpass", &format!("*:*:{}:*:{password}\n", database.name()));
    let status = |mode, file: &str| {
        std::fs::set_permissions(project.path("pgpass"), std::fs::Permissions::from_mode(mode)).unwrap();
        let mut command = project.command(&["status", "--url", &format!("{start}@{at}")]);
        Outcome::from(command.env("PGPASSFILE", file).env_remove("PGPASSWORD").output().unwrap())
    };
    let outcome = status(0o600, "pgpass");
    assert_eq!(outcome.stdout, "pending       0000_first\n", "{}", outcome.stderr);
    for (outcome, expected) in [
        (
            status(0o644, "pgpass"),
            "There is no password, since pgpass is passed over: others have access to it; `chmod 0600` takes that from them",
        ),
        (
            status(0o600, "none"),
            "There is no password: if the server wants one, put it into the connection URL, the variable PGPASSWORD or the file ~/.pgpass",
        ),
    ] {
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
    project.write("pgpass", "*:*:*:*:not-the-one\n");
    let outcome = status(0o600, "pgpass");
    assert!(outcome.stderr.contains("Check the user, the password in pgpass, and"), "{}", outcome.stderr);
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
    project.write(".env", "DATABASE_URL postgres://app:secret@127.0.0.1:1/app?sslmode=require\n");
    let outcome = project.run(&["status"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains(".env: a line does not begin with a name"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("secret"), "{}", outcome.stderr);
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
    assert_eq!(status.stderr, "next: `cargo xtask migrate` goes on where it stopped\n");
    let json = project.run(&["status", "--json", "--url", url]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let state = serde_json::json!({"state": "half-applied", "done": 1, "of": 2, "begun": false});
    assert_eq!(json["migrations"][0]["state"], state);

    let edited = "CREATE TABLE a (id bigint);--> statement-breakpoint\nCREATE INDEX CONCURRENTLY b ON a (id);\n";
    project.write("migrations/0000_first.sql", edited);
    let status = project.run(&["status", "--url", url]);
    assert_eq!(status.stdout, "edited        0000_first  in unit 1, after it was half applied\n");
    assert!(
        status.stderr.contains("applies nothing before this is repaired, and names the repair"),
        "{}",
        status.stderr
    );
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

/// A project with two migrations, of which the second needs two units.
fn two_migrations() -> Project {
    let project = Project::bare();
    project.write("migrations/0000_a.sql", "CREATE TABLE a (id int);");
    project.write(
        "migrations/0001_b.sql",
        "CREATE TABLE b (id int);--> statement-breakpoint\nCREATE INDEX CONCURRENTLY a_id ON a (id);",
    );
    let entry = |idx: u32, tag: &str| {
        format!(r#"{{"idx":{idx},"version":"7","when":{},"tag":"{tag}","breakpoints":true}}"#, idx + 1)
    };
    let entries = [entry(0, "0000_a"), entry(1, "0001_b")].join(",");
    project.write(
        "migrations/meta/_journal.json",
        &format!(r#"{{"version":"7","dialect":"postgresql","entries":[{entries}]}}"#),
    );
    project.settings("[migrations]\ndrift = \"off\"\n");
    project
}

#[tokio::test]
async fn a_plan_shows_what_would_run_and_how_and_runs_nothing() {
    let (database, project) = (Database::empty().await.unwrap(), two_migrations());
    let url = database.url().reveal();
    let plan = project.run(&["migrate", "--plan", "--url", url]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    expect![[r#"
        0000_a
          CREATE TABLE a (id int);

        0001_b
          -- unit 1 of 2: a transaction
          CREATE TABLE b (id int);
          -- unit 2 of 2: outside a transaction
          CREATE INDEX CONCURRENTLY a_id ON a (id);

        2 migrations would be applied; nothing was changed
        next: `cargo xtask lint --pending` names what in it loses data, blocks or breaks running code
    "#]]
    .assert_eq(&plan.stdout);
    assert_eq!(project.run(&["status", "--url", url]).stdout, "pending       0000_a\npending       0001_b\n");
    let first = project.run(&["migrate", "--to", "0000", "--url", url]);
    assert!(first.stdout.starts_with("applied 0000_a (") && !first.stdout.contains("0001_b"), "{}", first.stdout);
    let rest = project.run(&["migrate", "--plan", "--json", "--url", url]);
    expect![[r#"
        {
          "pending": [
            {
              "tag": "0001_b",
              "units": [
                {
                  "inTransaction": true,
                  "statements": [
                    "CREATE TABLE b (id int);"
                  ]
                },
                {
                  "inTransaction": false,
                  "statements": [
                    "CREATE INDEX CONCURRENTLY a_id ON a (id);"
                  ]
                }
              ]
            }
          ]
        }
    "#]]
    .assert_eq(&rest.stdout);
    let unknown = project.run(&["migrate", "--to", "0009", "--url", url]);
    assert!(unknown.stderr.contains("there is no migration 0009"), "{}", unknown.stderr);
}

#[tokio::test]
async fn a_failure_is_printed_as_json_field_by_field() {
    let database = Database::empty().await.unwrap();
    let project = project(&["CREATE TABLE a (id int);\n", "SELECT * FROM nothing;\n"]);
    let failed = project.run(&["migrate", "--json", "--url", database.url().reveal()]);
    assert_eq!((failed.code, failed.stderr.as_str()), (1, ""));
    let json: serde_json::Value = serde_json::from_str(&failed.stdout).unwrap();
    let failure = &json["failure"];
    assert_eq!(failure["tag"], "0000_first");
    assert_eq!((&failure["stage"]["number"], &failure["stage"]["of"]), (&2.into(), &2.into()));
    assert_eq!(failure["cause"]["error"]["sqlstate"], "42P01");
    assert_eq!(failure["outcome"], "rolled-back");
    assert!(json["message"].as_str().unwrap().contains("relation \"nothing\" does not exist"));
}

#[tokio::test]
async fn a_backup_is_written_before_something_is_applied_and_a_failed_one_stops_it() {
    let (database, project) = (Database::empty().await.unwrap(), two_migrations());
    let url = database.url().reveal();
    let without = project.command(&["migrate", "--backup", "backups", "--url", url]).env("PATH", "").output().unwrap();
    let without = Outcome::from(without);
    assert_eq!(without.code, 1);
    assert!(without.stderr.contains("cannot run pg_dump"), "{}", without.stderr);
    assert_eq!(project.run(&["status", "--url", url]).stdout, "pending       0000_a\npending       0001_b\n");
    if std::process::Command::new("pg_dump").arg("--version").output().is_err() {
        // A machine with a Docker engine alone has none.
        return;
    }
    // What libpq would read from the environment is not what was migrated.
    let elsewhere = [("PGHOSTADDR", "192.0.2.1"), ("PGSERVICE", "elsewhere"), ("PGOPTIONS", "-c oops=1")];
    let migrated = project.command(&["migrate", "--backup", "backups", "--url", url]).envs(elsewhere).output().unwrap();
    let migrated = Outcome::from(migrated);
    assert_eq!(migrated.code, 0, "{}", migrated.stderr);
    assert!(migrated.stdout.starts_with("backed up to backups/"), "{}", migrated.stdout);
    let nothing = project.run(&["migrate", "--to", "0000_a", "--url", url]);
    assert_eq!(nothing.stdout, "Nothing to apply: every migration up to 0000_a is in the ledger.\n");
    let count = || std::fs::read_dir(project.path("backups")).unwrap().count();
    let dump = std::fs::read_dir(project.path("backups")).unwrap().next().unwrap().unwrap().path();
    assert!(std::fs::read(dump).unwrap().starts_with(b"PGDMP"));
    assert_eq!(project.run(&["migrate", "--backup", "backups", "--url", url]).code, 0);
    assert_eq!(count(), 1, "nothing was pending the second time");
}

#[tokio::test]
async fn what_is_refused_is_refused_before_drift_is_looked_for_and_a_backup_written() {
    let (database, project) = (Database::empty().await.unwrap(), two_migrations());
    let url = database.url().reveal();
    assert_eq!(project.run(&["migrate", "--to", "0000_a", "--url", url]).code, 0);
    project.write("migrations/0000_a.sql", "SELECT 'edited';");
    let refused = project.run(&["migrate", "--backup", "backups", "--url", url]);
    assert!(refused.stderr.starts_with("error: 1 migration is edited after being applied"), "{}", refused.stderr);
    assert!(!project.path("backups").exists());
}
