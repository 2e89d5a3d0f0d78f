//! `pull` and `export`: a schema as Rust, and as what other tools read.

use std::process::Command;

use devdb::test::Database;
use expect_test::{Expect, expect};

use crate::support::{Outcome, Project};

const DATABASE: &str = "CREATE TYPE mood AS ENUM ('ok', 'so so'); \
    CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email varchar(255) NOT NULL UNIQUE, \
    mood mood NOT NULL DEFAULT 'ok'); \
    CREATE TABLE posts (id serial PRIMARY KEY, author uuid REFERENCES users ON DELETE CASCADE, title text NOT NULL)";
/// What no schema can say.
const RULE: &str = "CREATE RULE quiet AS ON DELETE TO posts DO INSTEAD NOTHING";

async fn database(sql: &str) -> Database {
    let database = Database::empty().await.unwrap();
    database.connect().await.unwrap().batch_execute(sql).await.unwrap();
    database
}

fn run(project: &Project, database: &Database, args: &[&str]) -> Outcome {
    let mut command = project.command(args);
    command.env("DATABASE_URL", database.url().reveal()).stdin(std::process::Stdio::null());
    command.output().unwrap().into()
}

fn check(outcome: &Outcome, code: i32, expected: Expect) {
    assert_eq!(outcome.code, code, "{}{}", outcome.stdout, outcome.stderr);
    expected.assert_eq(&outcome.stdout);
}

/// Makes a repository with all that is there.
fn commit(project: &Project) {
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
        let done = Command::new("git").args(identity).args(args).current_dir(project.path("")).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "all"]);
}

#[tokio::test]
async fn a_database_becomes_code_from_which_generate_finds_no_change() {
    let (project, database) = (Project::new(""), database(DATABASE).await);
    commit(&project);
    check(
        &run(&project, &database, &["pull", "--init"]),
        0,
        expect![[r#"
            wrote src/db/schema.rs
            wrote migrations/0000_init.sql
            recorded 0000_init as applied
        "#]],
    );
    check(
        &run(&project, &database, &["generate"]),
        0,
        expect![[r#"
        No schema changes, nothing to migrate
    "#]],
    );
    check(
        &run(&project, &database, &["status"]),
        0,
        expect![[r#"
        applied       0000_init
    "#]],
    );
    check(
        &run(&project, &database, &["pull"]),
        0,
        expect![[r#"
        The schema in code is this one already.
    "#]],
    );
    let again = run(&project, &database, &["pull", "--init"]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("--init writes the first migration, and migrations has 1 already"),
        "{}",
        again.stderr
    );
}

#[tokio::test]
async fn the_code_of_a_snapshot_needs_no_database() {
    let (project, database) = (Project::bare(), database(DATABASE).await);
    let snapshot = run(&project, &database, &["export", "--from", "db", "--format", "json"]);
    project.write("next.json", &snapshot.stdout);
    check(
        &project.run(&["pull", "--from", "next.json", "--stdout"]),
        0,
        expect![[r#"
        //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
        //! docs/schema.md has every attribute.

        #![allow(missing_docs, reason = "the names of the database say what it is")]

        use schema::{PgEnum, PgTable};
        use uuid::Uuid;

        #[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
        #[pg_enum("mood")]
        pub enum Mood {
            Ok,
            #[value("so so")]
            SoSo,
        }

        #[derive(Clone, Debug, PgTable)]
        #[table("posts")]
        pub struct Post {
            #[column(serial, primary_key)]
            pub id: i32,
            #[column(references(User::id, on_delete = cascade, name = "posts_author_fkey"))]
            pub author: Option<Uuid>,
            pub title: String,
        }

        #[derive(Clone, Debug, PgTable)]
        #[table("users")]
        pub struct User {
            #[column(primary_key, default_random)]
            pub id: Uuid,
            #[column(varchar(255), unique(name = "users_email_key"))]
            pub email: String,
            #[column(default = Mood::Ok)]
            pub mood: Mood,
        }
    "#]],
    );
}

#[tokio::test]
async fn a_schema_that_git_does_not_have_is_not_overwritten() {
    let (project, database) = (Project::bare(), database(DATABASE).await);
    let refused = |outcome: &Outcome, why: &str| {
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    };
    refused(&run(&project, &database, &["pull"]), "src/db/schema.rs is not in Git, and would be overwritten");
    commit(&project);
    project.write("src/db/schema.rs", "// mine\n");
    refused(&run(&project, &database, &["pull"]), "src/db/schema.rs has changes that are not committed");
    assert_eq!(project.read("src/db/schema.rs"), "// mine\n");
    check(
        &run(&project, &database, &["pull", "--force", "--file-per-schema"]),
        0,
        expect![[r#"
        wrote src/db/schema/mod.rs
        wrote src/db/schema/public.rs
    "#]],
    );
    assert!(!project.path("src/db/schema.rs").exists());
}

#[tokio::test]
async fn what_the_model_cannot_say_is_named_and_strict_refuses_it() {
    let (project, database) = (Project::bare(), database(&format!("{DATABASE}; {RULE}")).await);
    let strict = run(&project, &database, &["pull", "--strict", "--force"]);
    assert_eq!(strict.code, 1);
    assert!(strict.stderr.contains("left alone: rule quiet on public.posts"), "{}", strict.stderr);
    assert_eq!(project.read("src/db/schema.rs"), "");
    check(
        &run(&project, &database, &["pull", "--verify"]),
        0,
        expect![[r#"
            understood, and built again the same
                   6 columns
                   4 constraints
                   1 enums
                   1 extensions
                   3 indexes
                   1 schemas
                   1 sequences
                   2 tables
            left alone, since the model cannot say it
                   1 rule: quiet on public.posts
            Everything else in the catalog is the same when it is built again.
        "#]],
    );
    assert_eq!(project.read("src/db/schema.rs"), "");
}

#[tokio::test]
async fn what_a_restored_dump_has_in_other_words_is_the_same_to_verify() {
    let is_one = "kind IN ('day', 'night')";
    let shifts = format!(
        "CREATE TABLE shifts (kind varchar(9) CONSTRAINT known CHECK ({is_one})); \
         CREATE INDEX by_kind ON shifts (kind) WHERE {is_one}; CREATE VIEW known_shifts AS SELECT kind FROM shifts WHERE {is_one}"
    );
    let (project, database) = (Project::bare(), database(&shifts).await);
    check(
        &run(&project, &database, &["pull", "--verify"]),
        0,
        expect![[r#"
        understood, and built again the same
               2 columns
               1 constraints
               1 extensions
               1 indexes
               1 queries of views
               1 schemas
               1 tables
               1 views
               3 of these in other words, as after a dump is restored
        Everything else in the catalog is the same when it is built again.
    "#]],
    );
}

#[tokio::test]
async fn a_schema_is_exported_as_sql_and_as_diagrams() {
    let (project, database) = (Project::bare(), database(DATABASE).await);
    let sql = run(&project, &database, &["export", "--from", "db", "--sql"]);
    assert!(sql.stdout.starts_with("CREATE TYPE \"public\".\"mood\" AS ENUM('ok', 'so so');\n"), "{}", sql.stdout);
    assert!(!sql.stdout.contains("statement-breakpoint"));
    check(
        &run(&project, &database, &["export", "--from", "db", "--format", "mermaid"]),
        0,
        expect![[r#"
        erDiagram
            posts {
                serial id PK
                uuid author FK "null"
                text title
            }
            users {
                uuid id PK
                varchar(255) email UK
                mood mood
            }
            users |o--o{ posts : "author"
    "#]],
    );
    let dbml = run(&project, &database, &["export", "--from", "db", "--format", "dbml"]);
    assert!(
        dbml.stdout.contains("Ref \"posts_author_fkey\": \"posts\".\"author\" > \"users\".\"id\" [delete: cascade]")
    );
}
