//! The commands that take something back: rollback of what is applied, drop of what is not.

use devdb::test::Database;
use expect_test::expect;

use crate::support::{Outcome, Project};

const USERS: &str = "
#[derive(PgTable)] #[table(\"users\")]
pub struct User { #[column(primary_key)] pub id: i32 }
";
const USERS_WITH_NAME: &str = "
#[derive(PgTable)] #[table(\"users\")]
pub struct User { #[column(primary_key)] pub id: i32, pub name: Option<String> }
";

/// A project with two migrations that are applied to a database, with a row.
async fn project() -> (Project, Database) {
    let (project, database) = (Project::new(USERS), Database::empty().await.unwrap());
    assert_eq!(project.run(&["generate", "--name", "first"]).code, 0);
    project.declare(USERS_WITH_NAME);
    assert_eq!(project.run(&["generate", "--name", "second"]).code, 0);
    let migrated = run(&project, &database, &["migrate"]);
    assert_eq!(migrated.code, 0, "{}", migrated.stderr);
    database.connect().await.unwrap().batch_execute("INSERT INTO users VALUES (1, 'Ada')").await.unwrap();
    (project, database)
}

fn run(project: &Project, database: &Database, args: &[&str]) -> Outcome {
    let mut command = project.command(args);
    command.env("DATABASE_URL", database.url().reveal()).stdin(std::process::Stdio::null());
    command.output().unwrap().into()
}

#[tokio::test]
async fn a_rollback_needs_consent_to_what_it_loses_and_makes_the_migration_pending_again() {
    let (project, database) = project().await;
    let refused = run(&project, &database, &["rollback"]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    expect![[r#"
        error: something would be lost, and nobody is here to agree; nothing was changed

          columns
            ALTER TABLE "users" DROP COLUMN "name";

        next: rename what was renamed (--rename OLD=NEW), or agree with --allow-loss columns
    "#]]
    .assert_eq(&refused.stderr);
    let status = "applied       0000_first\napplied       0001_second\n";
    assert_eq!(run(&project, &database, &["status"]).stdout, status);
    let nothing = run(&project, &database, &["rollback", "--to", "0001_second"]);
    assert_eq!((nothing.code, &*nothing.stdout), (0, "Nothing to take back: no newer migration is applied.\n"));

    let back = run(&project, &database, &["rollback", "--allow-loss", "columns"]);
    assert_eq!(back.code, 0, "{}", back.stderr);
    expect![[r#"
        0001_second
          ALTER TABLE "users" DROP COLUMN "name";
            ! data loss: column "users"."name" is dropped with its values
        rolled back 0001_second
        next: it is pending again; correct, or remove by `cargo xtask drop`, before the next `migrate`
    "#]]
    .assert_eq(&back.stdout);
    let status = "applied       0000_first\npending       0001_second\n";
    assert_eq!(run(&project, &database, &["status"]).stdout, status);
    let rows = database.connect().await.unwrap().query("SELECT id FROM users", &[]).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(run(&project, &database, &["migrate"]).stdout.starts_with("applied 0001_second ("));
}

#[tokio::test]
async fn a_way_back_that_fails_leaves_everything_as_it_was() {
    let (project, database) = project().await;
    project.write(
        "migrations/0001_second.down.sql",
        "ALTER TABLE users DROP COLUMN name;\n--> statement-breakpoint\nSELECT 1 / 0;\n",
    );
    let asked = run(&project, &database, &["rollback", "--all", "--allow-loss", "tables"]);
    assert_eq!(asked.code, 2, "{}", asked.stdout);
    let failed = run(&project, &database, &["rollback", "--all", "--allow-loss", "tables", "--yes"]);
    assert_eq!(failed.code, 1, "{}", failed.stdout);
    expect![[r#"
        error: statement 3 of 6 failed; everything was rolled back
          SELECT 1 / 0;
          caused by: ERROR: division by zero (SQLSTATE 22012)
    "#]]
    .assert_eq(&failed.stderr);
    assert_eq!(run(&project, &database, &["check"]).code, 0);
    project.write("migrations/0001_second.down.sql", "ALTER TABLE users DROP COLUMN name;");
    assert_eq!(run(&project, &database, &["check"]).code, 0);
    let back = run(&project, &database, &["rollback", "--all", "--allow-loss", "tables", "--yes"]);
    assert!(
        back.stdout.contains("rolled back 0001_second\nrolled back 0000_first\n"),
        "{}{}",
        back.stdout,
        back.stderr
    );
    assert_eq!(run(&project, &database, &["rollback"]).code, 1);
}

#[tokio::test]
async fn a_way_back_that_cannot_be_one_transaction_is_refused_before_it_begins() {
    let (project, database) = project().await;
    project.write(
        "migrations/0001_second.down.sql",
        "ALTER TABLE users DROP COLUMN name;\n--> statement-breakpoint\nDROP INDEX CONCURRENTLY by_name;\n",
    );
    let refused = run(&project, &database, &["rollback", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    expect![[r#"
        error: migrations/0001_second.down.sql:3: this statement cannot be in a transaction with others, and a way back is one, with the ledger; nothing was changed. Take it out and run it by itself; an index is dropped in a transaction without CONCURRENTLY
          DROP INDEX CONCURRENTLY by_name;
    "#]].assert_eq(&refused.stderr);
    assert_eq!(run(&project, &database, &["check"]).code, 0);
    project.write("migrations/0001_second.down.sql", "ALTER TABLE users DROP COLUMN name;\nCOMMIT;");
    assert_eq!(run(&project, &database, &["rollback", "--yes"]).code, 1);
    assert_eq!(run(&project, &database, &["check"]).code, 0);
}

#[tokio::test]
async fn what_was_written_by_hand_has_no_way_back_that_could_be_worked_out() {
    let (project, database) = project().await;
    assert_eq!(project.run(&["generate", "--custom", "--name", "fill"]).code, 0);
    assert_eq!(run(&project, &database, &["migrate"]).code, 0);
    let refused = run(&project, &database, &["rollback"]);
    assert_eq!(refused.code, 1);
    expect![[r#"
        error: 0002_fill changes nothing that a snapshot holds, so its way back is not known; write it to migrations/0002_fill.down.sql, statements parted by `--> statement-breakpoint`
    "#]]
    .assert_eq(&refused.stderr);
}

#[tokio::test]
async fn the_newest_migration_is_dropped_whole_unless_it_is_applied() {
    let (project, database) = project().await;
    let refused = run(&project, &database, &["drop"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("0001_second is applied"), "{}", refused.stderr);
    assert_eq!(run(&project, &database, &["rollback", "--allow-loss", "columns"]).code, 0);
    let dropped = run(&project, &database, &["drop"]);
    assert!(dropped.stdout.starts_with("dropped 0001_second\n"), "{}{}", dropped.stdout, dropped.stderr);
    assert_eq!(project.migrations(), ["0000_first.sql", "meta/0000_snapshot.json", "meta/_journal.json"]);
    let again = run(&project, &database, &["generate", "--name", "second"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
}
