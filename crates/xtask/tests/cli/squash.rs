//! `squash`: several migrations become one, on databases that have none, all and some of them.

use devdb::test::Database;
use expect_test::expect;

use crate::support::{Outcome, Project};

const USERS: &str = "
#[derive(PgTable)] #[table(\"users\")]
pub struct User { #[column(primary_key)] pub id: i32 }
";
const WITH_NAME: &str = "
#[derive(PgTable)] #[table(\"users\")]
pub struct User { #[column(primary_key)] pub id: i32, pub name: Option<String> }
";
const WITH_MAIL: &str = "
#[derive(PgTable)] #[table(\"users\")]
pub struct User { #[column(primary_key)] pub id: i32, pub name: Option<String>, pub mail: Option<String> }
";

fn run(project: &Project, database: &Database, args: &[&str]) -> Outcome {
    let mut command = project.command(args);
    command.env("DATABASE_URL", database.url().reveal()).stdin(std::process::Stdio::null());
    command.output().unwrap().into()
}

fn done(outcome: Outcome) -> String {
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    outcome.stdout
}

fn generate(project: &Project, declarations: &str, name: &str) {
    project.declare(declarations);
    done(project.run(&["generate", "--name", name]));
}

/// A text with the hashes and moments in it made constant.
fn constant(text: &str) -> String {
    let word = |word: &str| {
        let inner = word.trim_matches(['(', ')', ',']);
        match inner.len() {
            64 => word.replace(inner, "HASH"),
            13 if inner.parse::<u64>().is_ok() => word.replace(inner, "WHEN"),
            _ => word.to_owned(),
        }
    };
    text.lines().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ") + "\n").collect()
}

async fn columns(database: &Database) -> String {
    let query = "SELECT coalesce(string_agg(attname, ' ' ORDER BY attnum), '-') FROM pg_attribute \
                 WHERE attrelid = to_regclass('users') AND attnum > 0";
    database.connect().await.unwrap().query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_new_database_applies_the_squashed_migration_an_old_one_has_it_and_one_between_is_refused() {
    let project = Project::new("");
    let (new, old, part) =
        (Database::empty().await.unwrap(), Database::empty().await.unwrap(), Database::empty().await.unwrap());
    generate(&project, USERS, "first");
    done(run(&project, &part, &["migrate"]));
    generate(&project, WITH_NAME, "second");
    done(run(&project, &old, &["migrate"]));

    let squashed = done(project.run(&["squash"]));
    expect![[r#"
        squashed 2 migrations, up to 0001_second, into 0001_squashed
        next: review migrations/0001_squashed.sql, and commit
        A database that has some of them and not 0001_second is refused from now on: migrate it before this is deployed.
    "#]]
    .assert_eq(&squashed);
    assert_eq!(project.migrations(), ["0001_squashed.sql", "meta/0001_snapshot.json", "meta/_journal.json"]);
    expect![[r#"
        -- migrate: replaces 0000_first (WHEN, HASH, HASH)
        -- migrate: replaces 0001_second (WHEN, HASH)
        CREATE TABLE "users" (
        	"id" integer PRIMARY KEY NOT NULL,
        	"name" text
        );
    "#]]
    .assert_eq(&constant(&project.read("migrations/0001_squashed.sql")));
    assert_eq!(done(project.run(&["check", "--offline"])).matches("ok").count(), 2);

    generate(&project, WITH_MAIL, "third");
    assert!(project.migrations().contains(&"0002_third.sql".to_owned()));
    let applied = done(run(&project, &new, &["migrate"]));
    assert!(applied.contains("applied 0001_squashed") && applied.contains("applied 0002_third"), "{applied}");
    let applied = done(run(&project, &old, &["migrate"]));
    assert!(!applied.contains("squashed") && applied.contains("applied 0002_third"), "{applied}");
    for database in [&new, &old] {
        assert_eq!(columns(database).await, "id name mail");
        let status = done(run(&project, database, &["status"]));
        assert_eq!(status, "applied       0001_squashed\napplied       0002_third\n");
        done(run(&project, database, &["check"]));
    }

    let refused = run(&project, &part, &["migrate"]);
    assert_eq!(refused.code, 1);
    let folder = project.path("").display().to_string();
    expect![[r#"
        error: 1 migration is to stand for others that are applied in part:
          migrations/0001_squashed.sql replaces 0001_second, which this database lacks
        Nothing was changed.
        Next: apply these first, with the files from before the squash: `git log -- FILE` names its commit; check out the one before it, run `cargo xtask migrate`, and come back.
        If the database already has what they make, record it instead:
          `cargo xtask resolve --applied 0001_squashed`
    "#]]
    .assert_eq(&refused.stderr.replace(&folder, ""));
    assert_eq!(columns(&part).await, "id");
    let status = done(run(&project, &part, &["status"]));
    expect![[r#"
        incomplete    0001_squashed  it replaces 0001_second, not applied here
        pending       0002_third
    "#]]
    .assert_eq(&status);

    // Squashed once more, it stands for all of it, whichever way a database came there.
    done(project.run(&["squash"]));
    assert_eq!(project.migrations(), ["0002_squashed.sql", "meta/0002_snapshot.json", "meta/_journal.json"]);
    for database in [&new, &old] {
        let applied = done(run(&project, database, &["migrate"]));
        assert_eq!(applied, "Nothing to apply: every migration is in the ledger.\n");
    }
    assert_eq!(run(&project, &part, &["migrate"]).code, 1);
}

#[tokio::test]
async fn what_a_squashed_migration_replaced_is_not_taken_back_nor_dropped() {
    let (project, old) = (Project::new(""), Database::empty().await.unwrap());
    generate(&project, USERS, "first");
    generate(&project, WITH_NAME, "second");
    done(run(&project, &old, &["migrate"]));
    done(project.run(&["squash"]));
    let back = run(&project, &old, &["rollback", "--allow-loss", "tables"]);
    expect![[r#"
        error: 0001_squashed stands for migrations that this database has applied one by one, whose files are gone; nothing was changed. Go back by a new migration, or begin again with `cargo xtask reset`
    "#]]
    .assert_eq(&back.stderr);
    let dropped = run(&project, &old, &["drop", "--offline"]);
    expect![[r#"
        error: 0001_squashed stands for the migrations before it, and without it nothing would make their tables; nothing was changed. Restore them from version control instead
    "#]]
    .assert_eq(&dropped.stderr);
    assert_eq!(columns(&old).await, "id name");
    assert!(project.migrations().contains(&"0001_squashed.sql".to_owned()));

    done(run(&project, &old, &["resolve", "--unapplied", "0001_squashed"]));
    assert_eq!(done(run(&project, &old, &["status"])), "pending       0001_squashed\n");
    done(run(&project, &old, &["resolve", "--applied", "0001_squashed"]));
    assert_eq!(done(run(&project, &old, &["status"])), "applied       0001_squashed\n");
}

#[tokio::test]
async fn what_no_snapshot_says_is_found_before_anything_is_written_and_taken_over_verbatim() {
    let (project, new) = (Project::new(""), Database::empty().await.unwrap());
    generate(&project, USERS, "first");
    done(project.run(&["generate", "--custom", "--name", "rows"]));
    let by_hand =
        "-- migrate: lock_timeout = 5s\nINSERT INTO users VALUES (1);\nCREATE VIEW of_one AS SELECT 1 AS one;";
    project.write("migrations/0001_rows.sql", by_hand);
    generate(&project, WITH_NAME, "third");
    let before = project.migrations();

    let refused = project.run(&["squash", "--to", "0001"]);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    expect![[r#"
        error: 0001_squashed would not make what the 2 migrations make; nothing was written
          missing     column public.of_one.one integer
          missing     relation public.of_one kind v persistence p rls f f options  method  tablespace 
          missing     view public.of_one  SELECT 1 AS one;
          missing     1 rows in users
        next: what is missing was written by hand: `cargo xtask squash --verbatim` takes the SQL of all of them over as it is
    "#]]
    .assert_eq(&refused.stderr);
    assert_eq!(project.migrations(), before);

    done(project.run(&["squash", "--verbatim", "--to", "0001"]));
    let text = constant(&project.read("migrations/0001_squashed.sql"));
    expect![[r#"
        -- migrate: replaces 0000_first (WHEN, HASH, HASH)
        -- migrate: replaces 0001_rows (WHEN, HASH, HASH)
        CREATE TABLE "users" (
        	"id" integer PRIMARY KEY NOT NULL
        );
        --> statement-breakpoint
        INSERT INTO users VALUES (1);
        CREATE VIEW of_one AS SELECT 1 AS one;
    "#]]
    .assert_eq(&text);
    done(run(&project, &new, &["migrate"]));
    assert_eq!(columns(&new).await, "id name");
}

#[tokio::test]
async fn there_is_nothing_to_squash_up_to_the_first_migration() {
    let project = Project::new("");
    assert_eq!(project.run(&["squash"]).code, 1);
    generate(&project, USERS, "first");
    expect![[r#"
        error: 0000_first is the first migration, so there is nothing to squash up to it
    "#]]
    .assert_eq(&project.run(&["squash"]).stderr);
}
