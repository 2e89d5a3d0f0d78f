//! One history in the hands of both tools.

use std::path::{Path, PathBuf};

use devdb::test::Database;

use crate::support::{Outcome, Project};
use crate::{DrizzleKit, ledger};

/// A table with a column for each of so many migrations, declared for either tool.
fn declared(columns: usize) -> (String, String) {
    let rust: String = (1..columns).map(|number| format!(", pub c{number}: Option<String>")).collect();
    let typescript: String = (1..columns).map(|number| format!(", c{number}: text()")).collect();
    (
        format!("#[derive(PgTable)] #[table(\"a\")] pub struct A {{ #[column(primary_key)] pub id: i32{rust} }}"),
        format!(
            "import {{ pgTable, integer, text }} from 'drizzle-orm/pg-core';\n\
             export const a = pgTable('a', {{ id: integer().primaryKey(){typescript} }});\n"
        ),
    )
}

/// A project whose migrations are where drizzle-kit can have them.
fn project(kit: &DrizzleKit) -> (Project, PathBuf) {
    let (project, migrations) = (Project::new(""), kit.folder.path().join("migrations"));
    let settings = format!("dialect = \"postgresql\"\nschema = \"src/db/schema.rs\"\nout = {migrations:?}\n");
    project.write("drizzle.toml", &settings);
    (project, migrations)
}

fn done(outcome: Outcome) -> String {
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    outcome.stdout
}

fn check(kit: &DrizzleKit, project: &Project, migrations: &Path, typescript: &str, url: &str) {
    let theirs = kit.run_on(typescript, "check", migrations, url);
    assert!(theirs.contains("Everything's fine"), "{theirs}");
    done(project.run(&["check", "--url", url]));
}

#[tokio::test]
#[ignore = "needs drizzle-kit from npm: cargo xtask test --peers"]
async fn both_tools_take_turns_on_one_folder_and_database_through_ten_migrations() {
    let (kit, database) = (DrizzleKit::new(), Database::empty().await.unwrap());
    let url = database.url().reveal();
    let (project, migrations) = project(&kit);
    for number in 1..=10 {
        let (rust, typescript) = declared(number);
        project.declare(&rust);
        let (we_generate, we_migrate) = (number % 2 == 0, number % 4 < 2);
        if we_generate {
            done(project.run(&["generate"]));
        } else {
            kit.run_on(&typescript, "generate", &migrations, url);
        }
        let theirs = kit.run_on(&typescript, "generate", &migrations, url);
        assert!(theirs.contains("No schema changes"), "{theirs}");
        let ours = done(project.run(&["generate"]));
        assert_eq!(ours, "No schema changes, nothing to migrate\n");
        if we_migrate {
            assert!(done(project.run(&["migrate", "--url", url])).starts_with("applied "));
            kit.run_on(&typescript, "migrate", &migrations, url);
        } else {
            kit.run_on(&typescript, "migrate", &migrations, url);
            let nothing = done(project.run(&["migrate", "--url", url]));
            assert_eq!(nothing, "Nothing to apply: every migration is in the ledger.\n");
        }
        check(&kit, &project, &migrations, &typescript, url);
        assert_eq!(ledger(&database).await.len(), number);
    }
}

#[tokio::test]
#[ignore = "needs drizzle-kit from npm: cargo xtask test --peers"]
async fn drizzle_kit_applies_a_squashed_migration_where_it_is_new_and_passes_over_it_where_it_is_not() {
    let kit = DrizzleKit::new();
    let (new, old, part) =
        (Database::empty().await.unwrap(), Database::empty().await.unwrap(), Database::empty().await.unwrap());
    let (project, migrations) = project(&kit);
    let mut typescript = String::new();
    for number in 1..=4 {
        let rust;
        (rust, typescript) = declared(number);
        project.declare(&rust);
        match number {
            2 => drop(kit.run_on(&typescript, "migrate", &migrations, part.url().reveal())),
            4 => {
                kit.run_on(&typescript, "migrate", &migrations, old.url().reveal());
                done(project.run(&["squash"]));
            }
            _ => {}
        }
        done(project.run(&["generate"]));
    }
    let before = ledger(&part).await;
    assert_eq!((before.len(), ledger(&old).await.len()), (1, 3));

    for (database, rows) in [(&new, 2), (&old, 4)] {
        let url = database.url().reveal();
        kit.run_on(&typescript, "migrate", &migrations, url);
        assert_eq!(ledger(database).await.len(), rows);
        let nothing = done(project.run(&["migrate", "--url", url]));
        assert_eq!(nothing, "Nothing to apply: every migration is in the ledger.\n");
        check(&kit, &project, &migrations, &typescript, url);
    }
    // It fails without a word; we say what to do. Neither changes anything.
    let (is_done, _) = kit.attempt(&typescript, "migrate", &migrations, part.url().reveal());
    assert!(!is_done);
    assert_eq!(project.run(&["migrate", "--url", part.url().reveal()]).code, 1);
    assert_eq!(ledger(&part).await, before);

    let (rust, typescript) = declared(5);
    kit.run_on(&typescript, "generate", &migrations, new.url().reveal());
    project.declare(&rust);
    assert_eq!(done(project.run(&["generate"])), "No schema changes, nothing to migrate\n");
}
