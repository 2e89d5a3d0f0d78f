//! Two branches that each add a migration, and become one.

use std::process::Command;

use devdb::test::Database;
use expect_test::expect;

use crate::support::{Outcome, Project};

/// A table with these columns beside its key.
fn users(columns: &str) -> String {
    format!(
        "#[derive(PgTable)] #[table(\"users\")]\npub struct User {{\n    #[column(primary_key)] pub id: i32,\n    {columns}\n}}\n"
    )
}

fn git(project: &Project, args: &[&str]) -> bool {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false"]).args(args);
    git.current_dir(project.path("")).output().unwrap().status.success()
}

fn generate(project: &Project, columns: &str, name: &str) {
    project.declare(&users(columns));
    let generated = project.run(&["generate", "--name", name]);
    assert_eq!(generated.code, 0, "{}", generated.stderr);
    assert!(git(project, &["add", "."]) && git(project, &["commit", "-qm", name]));
}

/// A project with the branches `mine` and `theirs`, on `mine`.
fn project(mine: &[(&str, &str)], theirs: &[(&str, &str)]) -> Project {
    let project = Project::new(&users(""));
    assert!(git(&project, &["init", "-qb", "main"]));
    generate(&project, "", "first");
    assert!(git(&project, &["checkout", "-qb", "theirs"]));
    theirs.iter().for_each(|(columns, name)| generate(&project, columns, name));
    assert!(git(&project, &["checkout", "-qb", "mine", "main"]));
    mine.iter().for_each(|(columns, name)| generate(&project, columns, name));
    project
}

#[test]
fn a_merge_that_stopped_goes_on_with_my_migrations_behind_theirs() {
    let mine = [("pub age: Option<i32>,", "age"), ("pub age: Option<i32>, pub born: Option<i32>,", "born")];
    let project = project(&mine, &[("pub name: Option<String>,", "name")]);
    assert!(!git(&project, &["merge", "theirs"]), "both have a second migration");
    let rebased = project.run(&["rebase", "--offline"]);
    assert_eq!(rebased.code, 0, "{}", rebased.stderr);
    expect![[r#"
        rebased 0001_age as 0002_age
        rebased 0002_born as 0003_born
        next: review the SQL, `cargo xtask check --offline`, and commit
    "#]]
    .assert_eq(&rebased.stdout);
    assert_eq!(
        project.migrations(),
        [
            "0000_first.sql",
            "0001_name.sql",
            "0002_age.sql",
            "0003_born.sql",
            "meta/0000_snapshot.json",
            "meta/0001_snapshot.json",
            "meta/0002_snapshot.json",
            "meta/0003_snapshot.json",
            "meta/_journal.json",
        ]
    );
    assert_eq!(project.read("migrations/0003_born.sql"), "ALTER TABLE \"users\" ADD COLUMN \"born\" integer;");
    project.declare(&users("pub name: Option<String>, pub age: Option<i32>, pub born: Option<i32>,"));
    let check = project.run(&["check", "--offline"]);
    assert_eq!(check.code, 0, "{}{}", check.stdout, check.stderr);
    assert_eq!(project.run(&["generate"]).stdout, "No schema changes, nothing to migrate\n");
    assert_eq!(project.run(&["rebase", "--offline", "--onto", "main"]).code, 0);
}

#[tokio::test]
async fn what_is_mine_and_applied_is_taken_back_before_it_moves() {
    let project = project(&[("pub age: Option<i32>,", "age")], &[("pub name: Option<String>,", "name")]);
    let database = Database::empty().await.unwrap();
    let run = |args: &[&str]| -> Outcome {
        project.command(args).env("DATABASE_URL", database.url().reveal()).output().unwrap().into()
    };
    assert_eq!(run(&["migrate"]).code, 0);
    assert!(!git(&project, &["merge", "theirs"]), "both have a second migration");
    let refused = run(&["rebase"]);
    let next = "After `git merge --abort`, `cargo xtask rollback` takes it back, --offline does not ask a database\n";
    assert!(refused.code == 1 && refused.stderr.contains("0001_age is yours"), "{}", refused.stderr);
    assert!(refused.stderr.ends_with(next), "{}", refused.stderr);

    assert!(git(&project, &["merge", "--abort"]));
    let taken_back = run(&["rollback", "--allow-loss", "columns"]);
    assert_eq!(taken_back.code, 0, "{}", taken_back.stderr);
    assert!(!git(&project, &["merge", "theirs"]));
    let rebased = run(&["rebase"]);
    assert_eq!(rebased.code, 0, "{}", rebased.stderr);
    let migrated = run(&["migrate"]);
    assert!(migrated.stdout.contains("0001_name") && migrated.stdout.contains("0002_age"), "{}", migrated.stdout);
}

#[test]
fn before_a_merge_the_other_branch_is_named_and_a_second_time_does_nothing() {
    let project = project(&[("pub age: Option<i32>,", "age")], &[("pub name: Option<String>,", "name")]);
    let unnamed = project.run(&["rebase", "--offline"]);
    assert_eq!(unnamed.code, 1);
    assert!(unnamed.stderr.contains("--onto origin/main"), "{}", unnamed.stderr);
    let unknown = project.run(&["rebase", "--offline", "--onto", "nowhere"]);
    assert_eq!(unknown.code, 1, "{}", unknown.stdout);
    assert_eq!(project.run(&["rebase", "--offline", "--onto", "theirs"]).code, 0);
    let rebased =
        project.migrations().iter().map(|file| project.read(&format!("migrations/{file}"))).collect::<Vec<_>>();
    let again = project.run(&["rebase", "--offline", "--onto", "theirs"]);
    assert_eq!(again.stdout, "Nothing to rebase: the migrations of theirs come first already.\n", "{}", again.stderr);
    let after = project.migrations().iter().map(|file| project.read(&format!("migrations/{file}"))).collect::<Vec<_>>();
    assert_eq!(rebased, after);
}

#[test]
fn what_both_branches_changed_in_different_ways_is_named_and_nothing_is_written() {
    let project = project(&[("pub age: i32,", "age")], &[("pub age: Option<i64>,", "age_too")]);
    let before = project.migrations();
    let refused = project.run(&["rebase", "--offline", "--onto", "theirs"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    expect![[r#"
        error: both branches changed the same; nothing was changed
          tables.public.users.columns.age.type: "integer" here, "bigint" there
          tables.public.users.columns.age.notNull: true here, false there
        next: end a merge that has stopped (`git merge --abort`), have it on one branch as it is on the other, with that migration made anew (`cargo xtask drop`, then `generate`), and merge again
    "#]]
    .assert_eq(&refused.stderr);
    assert_eq!(project.migrations(), before);
}

#[test]
fn a_way_back_that_was_written_by_hand_moves_with_its_migration() {
    let project = project(&[("pub age: Option<i32>,", "age")], &[("pub name: Option<String>,", "name")]);
    project.write("migrations/0001_age.down.sql", "ALTER TABLE users DROP COLUMN age;");
    assert!(git(&project, &["add", "."]) && git(&project, &["commit", "-qm", "a way back"]));
    let rebased = project.run(&["rebase", "--offline", "--onto", "theirs"]);
    assert_eq!(rebased.code, 0, "{}", rebased.stderr);
    assert_eq!(project.read("migrations/0002_age.down.sql"), "ALTER TABLE users DROP COLUMN age;");
    assert!(!project.migrations().contains(&"0001_age.down.sql".to_owned()));
}

#[test]
fn what_both_branches_made_and_cannot_both_be_is_named() {
    let indexed = |table: &str| {
        format!(
            "#[derive(PgTable)] #[table(\"{table}\")] #[index(name = \"by_id\", on(id))]\npub struct X {{ pub id: i32 }}\n"
        )
    };
    let project = project(&[], &[]);
    for (branch, table) in [("mine", "a"), ("theirs", "b")] {
        assert!(git(&project, &["checkout", "-q", branch]));
        project.declare(&(users("") + &indexed(table)));
        let generated = project.run(&["generate", "--name", table]);
        assert_eq!(generated.code, 0, "{}", generated.stderr);
        assert!(git(&project, &["add", "."]) && git(&project, &["commit", "-qm", table]));
    }
    let refused = project.run(&["rebase", "--offline", "--onto", "mine"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    expect![[r#"
        error: what 0001_b changes and what the other branch has do not go together: an index of "public.b": its name "by_id" is also that of an index of "public.a"; rename one of the two; nothing was changed. Correct it on one of the two branches, in a migration made anew (`cargo xtask drop`, then `generate`)
    "#]].assert_eq(&refused.stderr);
}

#[test]
fn my_migration_comes_behind_those_that_the_other_branch_has_squashed() {
    let project = project(&[("pub age: Option<i32>,", "age")], &[("pub name: Option<String>,", "name")]);
    assert!(git(&project, &["checkout", "-q", "theirs"]));
    let squashed = project.run(&["squash"]);
    assert_eq!(squashed.code, 0, "{}", squashed.stderr);
    assert!(git(&project, &["add", "."]) && git(&project, &["commit", "-qm", "squashed"]));
    assert!(git(&project, &["checkout", "-q", "mine"]));
    let rebased = project.run(&["rebase", "--offline", "--onto", "theirs"]);
    assert_eq!(rebased.code, 0, "{}", rebased.stderr);
    assert!(rebased.stdout.starts_with("rebased 0001_age as 0002_age\n"), "{}", rebased.stdout);
    assert_eq!(
        project.migrations(),
        [
            "0001_squashed.sql",
            "0002_age.sql",
            "meta/0001_snapshot.json",
            "meta/0002_snapshot.json",
            "meta/_journal.json",
        ]
    );
    assert_eq!(project.read("migrations/0002_age.sql"), "ALTER TABLE \"users\" ADD COLUMN \"age\" integer;");
}
