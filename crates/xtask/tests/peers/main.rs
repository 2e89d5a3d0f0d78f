//! drizzle-kit itself, from npm, on the same folders and databases: what one tool writes, the other
//! reads; and the parsers of the languages that `export` prints. Run by `cargo xtask test --peers`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod diagrams;
mod history;
#[path = "../support/mod.rs"]
mod support;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use devdb::test::Database;
use support::{Project, workspace};

/// The twin of schema.ts.
const TWIN: &str = include_str!("schema.rs");

/// A project of these tables, and the two migrations that make them.
fn project() -> Project {
    let (first, _) = TWIN.split_once("// The second migration begins here.\n").unwrap();
    let project = Project::new(first);
    for (name, declarations) in [("first", first), ("second", TWIN)] {
        project.declare(declarations);
        let generated = project.run(&["generate", "--name", name]);
        assert_eq!(generated.code, 0, "{}", generated.stderr);
    }
    project
}

/// Copies a migrations folder.
fn copy(from: &Path, to: &Path) {
    for folder in ["", "meta"] {
        fs::create_dir_all(to.join(folder)).unwrap();
        for item in fs::read_dir(from.join(folder)).unwrap().flatten().filter(|item| item.path().is_file()) {
            fs::copy(item.path(), to.join(folder).join(item.file_name())).unwrap();
        }
    }
}

/// drizzle-kit with a configuration of its own, in a folder below the one that has its packages.
struct DrizzleKit {
    packages: PathBuf,
    folder: tempfile::TempDir,
    /// Two installations at once would be in each other's way.
    _lock: File,
}

/// The folder with the packages of a `package.json` of `crates/xtask/peers`, installed once, and a lock on it.
fn installed(name: &str, manifest: &str) -> (PathBuf, File) {
    let packages = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&packages).unwrap();
    let lock = File::create(packages.join(".lock")).unwrap();
    lock.lock().unwrap();
    // npm writes it when it is done.
    if !packages.join("node_modules/.package-lock.json").exists() {
        fs::copy(workspace().join("crates/xtask/peers").join(manifest), packages.join("package.json")).unwrap();
        let npm = Command::new("npm").args(["install", "--no-audit", "--no-fund"]).current_dir(&packages).output();
        let npm = npm.expect("npm is on the PATH");
        assert!(npm.status.success(), "{}", String::from_utf8_lossy(&npm.stderr));
    }
    (packages, lock)
}

impl DrizzleKit {
    fn new() -> Self {
        let (packages, lock) = installed("drizzle-kit", "package.json");
        DrizzleKit { folder: tempfile::tempdir_in(&packages).unwrap(), packages, _lock: lock }
    }

    /// Runs a command on a migrations folder, with the twin of our schema, and gives what it printed.
    fn run(&self, command: &str, migrations: &Path, url: &str) -> String {
        let twin = fs::read_to_string(workspace().join("crates/xtask/tests/peers/schema.ts")).unwrap();
        self.run_on(&twin, command, migrations, url)
    }

    /// Likewise with a schema of its own.
    fn run_on(&self, schema: &str, command: &str, migrations: &Path, url: &str) -> String {
        let (is_done, printed) = self.attempt(schema, command, migrations, url);
        assert!(is_done, "drizzle-kit {command}: {printed}");
        printed
    }

    /// Runs a command that may fail; tells whether it did not.
    fn attempt(&self, schema: &str, command: &str, migrations: &Path, url: &str) -> (bool, String) {
        fs::write(self.folder.path().join("schema.ts"), schema).unwrap();
        let config = self.folder.path().join("drizzle.config.ts");
        // drizzle-kit takes paths as relative to where it runs, also those that are not.
        let (schema, out) = (self.relative(&self.folder.path().join("schema.ts")), self.relative(migrations));
        let text = format!(
            "export default {{ dialect: 'postgresql', schema: './{schema}', out: './{out}', \
             dbCredentials: {{ url: '{url}' }}, migrations: {{ table: '__drizzle_migrations', schema: 'public' }} }};\n"
        );
        fs::write(&config, text).unwrap();
        let args = ["drizzle-kit", command, "--config", &self.relative(&config)];
        let output = Command::new("npx").args(args).current_dir(&self.packages).output().unwrap();
        let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), printed)
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.packages).unwrap().display().to_string()
    }

    /// A copy of a project's migrations where drizzle-kit can have them.
    fn copy_of(&self, project: &Project) -> PathBuf {
        let migrations = self.folder.path().join("migrations");
        copy(&project.path("migrations"), &migrations);
        migrations
    }
}

/// The ledger's rows as both tools write them.
async fn ledger(database: &Database) -> Vec<(String, i64)> {
    let client = database.connect().await.unwrap();
    let rows = client.query("SELECT hash, created_at FROM public.__drizzle_migrations ORDER BY id", &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
#[ignore = "needs drizzle-kit from npm: cargo xtask test --peers"]
async fn drizzle_kit_checks_and_applies_our_folder_and_then_we_have_nothing_to_do() {
    let (kit, theirs, ours) = (DrizzleKit::new(), Database::empty().await.unwrap(), Database::empty().await.unwrap());
    let project = project();
    let migrations = kit.copy_of(&project);
    let checked = kit.run("check", &migrations, theirs.url().reveal());
    assert!(checked.contains("Everything's fine"), "{checked}");

    kit.run("migrate", &migrations, theirs.url().reveal());
    let after = project.run(&["migrate", "--url", theirs.url().reveal()]);
    assert_eq!(after.stdout, "Nothing to apply: every migration is in the ledger.\n", "{}", after.stderr);

    assert_eq!(project.run(&["migrate", "--url", ours.url().reveal()]).code, 0);
    kit.run("migrate", &migrations, ours.url().reveal());
    let rows = ledger(&ours).await;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows, ledger(&theirs).await);
}

#[tokio::test]
#[ignore = "needs drizzle-kit from npm: cargo xtask test --peers"]
async fn a_folder_that_drizzle_kit_wrote_from_the_twin_leaves_nothing_to_generate() {
    let (kit, database) = (DrizzleKit::new(), Database::empty().await.unwrap());
    let migrations = kit.folder.path().join("twin");
    kit.run("generate", &migrations, database.url().reveal());
    let project = Project::new(TWIN);
    copy(&migrations, &project.path("migrations"));
    let generated = project.run(&["generate"]);
    assert_eq!(generated.stdout, "No schema changes, nothing to migrate\n", "{}", generated.stderr);

    let applied = project.run(&["migrate", "--url", database.url().reveal()]);
    assert!(applied.stdout.starts_with("applied 0000_"), "{}{}", applied.stdout, applied.stderr);
    kit.run("migrate", &migrations, database.url().reveal());
    assert_eq!(ledger(&database).await.len(), 1);
}

#[tokio::test]
#[ignore = "needs drizzle-kit from npm: cargo xtask test --peers"]
async fn drizzle_kit_finds_nothing_to_generate_after_our_migrations() {
    let (kit, database) = (DrizzleKit::new(), Database::empty().await.unwrap());
    let migrations = kit.copy_of(&project());
    let generated = kit.run("generate", &migrations, database.url().reveal());
    assert!(generated.contains("No schema changes, nothing to migrate"), "{generated}");
}
