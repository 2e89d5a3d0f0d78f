use std::process::Stdio;
use std::time::Instant;

use expect_test::expect;

use crate::support::{Outcome, Project};

const USERS: &str = r#"
#[derive(PgTable)]
#[table("users")]
pub struct User {
    #[column(primary_key, default_random)]
    pub id: Uuid,
    pub name: String,
}
"#;

fn generate(project: &Project, args: &[&str]) -> Outcome {
    let outcome = project.run(&[&["generate"], args].concat());
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    outcome
}

/// The one story that everything here serves, in one project, since each edit is compiled.
#[test]
fn from_an_edit_to_a_migration_to_nothing_to_do() {
    let project = Project::new(USERS);

    let first = generate(&project, &[]);
    expect![[r#"
        wrote migrations/0000_create_users.sql

          CREATE TABLE "users" (
          	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
          	"name" text NOT NULL
          );

        1 statement; nothing needs special care
        next: review the SQL, then `cargo xtask migrate`, and commit schema and migration together
    "#]]
    .assert_eq(&first.stdout);
    assert_eq!(project.migrations(), ["0000_create_users.sql", "meta/0000_snapshot.json", "meta/_journal.json"]);

    let again = generate(&project, &[]);
    assert_eq!(again.stdout, "No schema changes, nothing to migrate\n");

    project.declare(&USERS.replace("pub name", "pub bio: Option<String>,\n    pub name"));
    generate(&project, &[]);
    assert_eq!(project.read("migrations/0001_add_users_bio.sql"), r#"ALTER TABLE "users" ADD COLUMN "bio" text;"#);

    // A name that is gone beside one that is new: nobody is there to ask.
    project.declare(&USERS.replace("pub name", "pub bio: Option<String>,\n    pub full_name"));
    let before = project.migrations();
    let refused = project.run(&["generate"]);
    assert_eq!(refused.code, 2);
    expect![[r#"
        error: 1 question is left open; nothing was written

          is column public.users.full_name new, or was it renamed from public.users.name?
            --rename public.users.name=public.users.full_name
            --create public.users.full_name

        next: run the command again with one flag for each, or put them into a file for --hints
    "#]]
    .assert_eq(&refused.stderr);
    assert_eq!(project.migrations(), before);

    project.write("hints.toml", "rename = [\"public.users.name=public.users.full_name\"]\n");
    generate(&project, &["--hints", "hints.toml", "--name", "Full name!"]);
    assert_eq!(
        project.read("migrations/0002_full_name.sql"),
        r#"ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";"#
    );

    generate(&project, &["--custom", "--name", "backfill"]);
    assert!(project.read("migrations/0003_backfill.sql").starts_with("-- "));
    assert_eq!(generate(&project, &[]).stdout, "No schema changes, nothing to migrate\n");

    let diff = project.run(&[
        "diff",
        "--from",
        "0000",
        "--to",
        "code",
        "--rename",
        "public.users.name=public.users.full_name",
    ]);
    expect![[r#"
        ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";--> statement-breakpoint
        ALTER TABLE "users" ADD COLUMN "bio" text;
    "#]]
    .assert_eq(&diff.stdout);

    // A type for which PostgreSQL has no cast from the old one.
    let renamed = USERS.replace("pub name", "pub bio: Option<String>,\n    pub full_name");
    project.declare(&renamed.replace("pub id: Uuid", "pub id: i64").replace(", default_random", ""));
    let refused = project.run(&["generate"]);
    assert_eq!(refused.code, 2);
    expect![[r#"
        error: 1 question is left open; nothing was written

          what becomes of the values of public.users.id, for which there is no cast from uuid to bigint?
            --using 'public.users.id="id"::text::bigint'
            or with another expression, which may name any column of the row

        next: run the command again with one flag for each, or put them into a file for --hints
    "#]]
    .assert_eq(&refused.stderr);
    generate(&project, &["--using", "public.users.id=hashtextextended(id::text, 0)"]);
    let migration = project.migrations().into_iter().find(|file| file.starts_with("0004_")).unwrap();
    expect![[r#"
        ALTER TABLE "users" ALTER COLUMN "id" DROP DEFAULT;--> statement-breakpoint
        ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE bigint USING hashtextextended(id::text, 0);"#]]
    .assert_eq(&project.read(&format!("migrations/{migration}")));
}

#[test]
fn a_schema_that_does_not_compile_leaves_everything_as_it_was() {
    let project = Project::new(&USERS.replace("default_random", "default_randomly"));
    let outcome = project.run(&["generate"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("default_randomly"), "{}", outcome.stderr);
    assert_eq!(project.migrations(), [""; 0]);
}

#[test]
fn two_tables_of_one_name_are_refused() {
    let project = Project::new(&format!("{USERS}{}", USERS.replace("struct User", "struct Person")));
    let outcome = project.run(&["generate"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("\"public.users\"") && outcome.stderr.contains("twice"), "{}", outcome.stderr);
    assert_eq!(project.migrations(), [""; 0]);
}

#[test]
fn a_generate_that_is_killed_leaves_all_of_a_migration_or_nothing() {
    let project = Project::bare();
    let started = Instant::now();
    generate(&project, &["--custom", "--name", "first"]);
    let whole_run = started.elapsed();
    let mut entries = 1;
    let (mut killed_before, mut killed_after) = (0, 0);
    for round in 0..60 {
        let mut command = project.command(&["generate", "--custom", "--name", "killed"]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole_run * round / 50);
        child.kill().ok();
        child.wait().unwrap();
        // Any next command finds a folder that is whole.
        assert_eq!(project.run(&["diff", "--from", "0000", "--to", "empty"]).code, 0);
        let files = project.migrations();
        let listed = project.read("migrations/meta/_journal.json").matches("\"tag\"").count();
        let written = |ending: &str| files.iter().filter(|file| file.ends_with(ending)).count();
        assert_eq!((written(".sql"), written("_snapshot.json")), (listed, listed), "round {round}: {files:?}");
        if listed == entries {
            killed_before += 1
        } else {
            killed_after += 1
        }
        entries = listed;
    }
    assert!(killed_before > 0 && killed_after > 0, "killed {killed_before} before and {killed_after} after");
}
