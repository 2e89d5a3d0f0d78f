//! `lint`: which files, how findings are printed, and the exit code.

use devdb::test::Database;
use expect_test::expect;
use serde_json::Value;

use crate::support::{Outcome, Project};

/// A project with these migrations, by tag.
fn project(files: &[(&str, &str)]) -> Project {
    let project = Project::bare();
    let mut entries = Vec::new();
    for (idx, (tag, sql)) in files.iter().enumerate() {
        project.write(&format!("migrations/{tag}.sql"), sql);
        let when = idx + 1;
        entries.push(serde_json::json!({"idx": idx, "version": "7", "when": when, "tag": tag, "breakpoints": true}));
    }
    let journal = serde_json::json!({"version": "7", "dialect": "postgresql", "entries": entries});
    project.write("migrations/meta/_journal.json", &journal.to_string());
    project
}

const CREATE: (&str, &str) = ("0000_create", r#"CREATE TABLE "users" ("id" uuid PRIMARY KEY, "bio" text);"#);
const DROP: (&str, &str) = ("0001_drop", r#"ALTER TABLE "users" DROP COLUMN "bio";"#);
const RENAME: (&str, &str) = ("0002_rename", r#"ALTER TABLE "users" RENAME TO "people";"#);

/// The rules that a run found, by file.
fn found(outcome: &Outcome) -> Vec<String> {
    let findings: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    let line =
        |finding: &Value| format!("{}: {}", finding["file"].as_str().unwrap(), finding["rule"].as_str().unwrap());
    findings.iter().map(line).collect()
}

#[test]
fn findings_stand_beside_their_line_and_errors_give_exit_code_3() {
    let project = project(&[CREATE, DROP, RENAME]);
    let outcome = project.run(&["lint"]);
    assert_eq!(outcome.code, 3);
    expect![[r#"
        error[ban-drop-column]: the column is gone with its values, and running code that names it fails
         --> migrations/0001_drop.sql:1:21
          |
        1 | ALTER TABLE "users" DROP COLUMN "bio";
          |                     ^^^^^^^^^^^^^^^^^
          |
          = help: deploy code without it first (make it nullable before, if inserts must leave it out), and drop it in a later migration

        warning[renaming-table]: running code that names the table fails
         --> migrations/0002_rename.sql:1:21
          |
        1 | ALTER TABLE "users" RENAME TO "people";
          |                     ^^^^^^^^^^^^^^^^^^
          |
          = help: rename it and create a view of the old name in the same migration; drop the view when no code uses it

        3 files: 1 error, 1 warning
    "#]].assert_eq(&outcome.stdout);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn warnings_alone_are_exit_code_0_unless_they_are_denied() {
    let project = project(&[CREATE, RENAME]);
    let outcome = project.run(&["lint", "--format", "github"]);
    assert_eq!(outcome.code, 0);
    expect![[r#"
        ::warning file=migrations/0002_rename.sql,line=1,endLine=1,col=21,title=renaming-table::running code that names the table fails%0Asafer: rename it and create a view of the old name in the same migration; drop the view when no code uses it
    "#]].assert_eq(&outcome.stdout);
    assert_eq!(project.run(&["lint", "--deny-warnings"]).code, 3);
    let clean = project.run(&["lint", "0000", "--deny-warnings"]);
    assert_eq!((clean.code, clean.stdout.as_str()), (0, "1 file: nothing found\n"));
}

#[test]
fn json_has_every_part_of_a_finding() {
    let outcome = project(&[CREATE, DROP]).run(&["lint", "--json"]);
    assert_eq!(outcome.code, 3);
    expect![[r#"
        [
          {
            "rule": "ban-drop-column",
            "level": "error",
            "file": "migrations/0001_drop.sql",
            "line": 1,
            "column": 21,
            "end_line": 1,
            "statement": {
              "number": 1,
              "excerpt": "ALTER TABLE \"users\" DROP COLUMN \"bio\";"
            },
            "message": "the column is gone with its values, and running code that names it fails",
            "help": "deploy code without it first (make it nullable before, if inserts must leave it out), and drop it in a later migration"
          }
        ]
    "#]].assert_eq(&outcome.stdout);
    assert_eq!(project(&[CREATE]).run(&["lint", "--json"]).stdout, "[]\n");
}

#[test]
fn files_are_named_by_tag_number_or_path() {
    let project = project(&[CREATE, DROP, RENAME]);
    project.write("by_hand.sql", "DROP TABLE \"users\";");
    let run = |names: &[&str]| found(&project.run(&[&["lint", "--json"], names].concat()));
    assert_eq!(run(&["0001_drop"]), ["migrations/0001_drop.sql: ban-drop-column"]);
    assert_eq!(run(&["0002"]), ["migrations/0002_rename.sql: renaming-table"]);
    assert_eq!(
        run(&["by_hand.sql", "migrations/0001_drop.sql"]),
        ["migrations/0001_drop.sql: ban-drop-column", "by_hand.sql: ban-drop-table"]
    );
}

#[test]
fn a_file_or_tag_that_is_not_there_is_named() {
    let project = project(&[CREATE]);
    let outcome = project.run(&["lint", "0007"]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (1, "error: there is no migration 0007; there are 0000_create\n")
    );
    let outcome = project.run(&["lint", "nothing.sql"]);
    assert_eq!(outcome.code, 1);
    expect![[r#"
        error: cannot read nothing.sql; name a migration by its tag or number, or an SQL file by its path
          caused by: No such file or directory (os error 2)
    "#]]
    .assert_eq(&outcome.stderr);
    std::fs::remove_file(project.path("migrations/0000_create.sql")).unwrap();
    let outcome = project.run(&["lint"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("0000_create.sql, and it is not there"), "{}", outcome.stderr);
}

#[test]
fn sql_that_does_not_parse_is_placed_and_the_rest_is_linted() {
    let sql = "ALTER TABLE users ADD COLUM;\n--> statement-breakpoint\nDROP TABLE users;";
    let outcome = project(&[("0000_broken", sql), DROP]).run(&["lint", "--json"]);
    assert_eq!(outcome.code, 3);
    assert_eq!(
        found(&outcome),
        [
            "migrations/0000_broken.sql: syntax-error",
            "migrations/0000_broken.sql: ban-drop-table",
            "migrations/0001_drop.sql: ban-drop-column"
        ]
    );
}

#[test]
fn settings_and_comments_decide_what_counts() {
    let project = project(&[CREATE, DROP, RENAME]);
    project.settings("[lint]\nban-drop-column = \"warn\"\nrenaming-table = \"off\"\n");
    let outcome = project.run(&["lint", "--json"]);
    assert_eq!((outcome.code, found(&outcome)), (0, vec!["migrations/0001_drop.sql: ban-drop-column".to_owned()]));
    project.write("migrations/0001_drop.sql", &format!("-- squawk-ignore ban-drop-column\n{}", DROP.1));
    assert_eq!(project.run(&["lint", "--json"]).stdout, "[]\n");
}

#[test]
fn a_rule_that_does_not_exist_is_answered_with_the_nearest() {
    let project = project(&[CREATE]);
    project.settings("[lint]\nban-drop-colum = \"warn\"\n");
    let outcome = project.run(&["lint"]);
    assert_eq!(outcome.code, 1);
    expect![[r#"
        error: drizzle.toml, [lint]: there is no rule `ban-drop-colum`; did you mean `ban-drop-column`?
    "#]]
    .assert_eq(&outcome.stderr);
}

#[test]
fn what_is_new_since_a_commit_is_linted_alone() {
    let project = project(&[CREATE, DROP]);
    let git = |args: &[&str]| {
        let config = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let output = std::process::Command::new("git").args(config).args(args).current_dir(project.path("")).output();
        assert!(output.unwrap().status.success(), "{args:?}");
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=first"]);
    assert_eq!(project.run(&["lint", "--since", "main"]).stdout, "0 files: nothing to lint\n");
    project.write("migrations/0001_drop.sql", "DROP TABLE \"users\";");
    assert_eq!(
        found(&project.run(&["lint", "--since", "main", "--json"])),
        ["migrations/0001_drop.sql: ban-drop-table"]
    );
    let outcome = project.run(&["lint", "--since", "nowhere"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("git cannot tell what changed since nowhere"), "{}", outcome.stderr);
}

#[tokio::test]
async fn what_is_pending_is_linted_alone() {
    let database = Database::empty().await.unwrap();
    let url = database.url().reveal();
    let project = project(&[CREATE]);
    assert_eq!(project.run(&["migrate", "--url", url]).code, 0);
    let later = self::project(&[CREATE, DROP]);
    let outcome = later.run(&["lint", "--pending", "--url", url, "--json"]);
    assert_eq!(found(&outcome), ["migrations/0001_drop.sql: ban-drop-column"], "{}", outcome.stderr);
    let outcome = later.run(&["lint", "--pending", "--url", "postgres://app:secret@127.0.0.1:1/app"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("not known what is pending"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("secret"), "{}", outcome.stderr);
}
