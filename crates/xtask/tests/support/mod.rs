//! A scratch project: a package with tables, a `drizzle.toml`, and the command line run on it.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of this workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// One target folder for all projects: what is built for one serves the next.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("scratch")
}

/// Waits until no other project builds: their binaries have one name, and so one place.
fn lock() -> File {
    fs::create_dir_all(target()).unwrap();
    let file = File::create(target().join(".scratch.lock")).unwrap();
    file.lock().unwrap();
    file
}

/// What a command did.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A project in a folder of its own, gone with the value.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    /// Held while a project that is compiled is in use.
    _lock: Option<File>,
}

impl Project {
    /// A project with these declarations and the migrations folder `migrations`.
    pub(crate) fn new(declarations: &str) -> Self {
        let project = Project { folder: tempfile::tempdir().unwrap(), _lock: Some(lock()) };
        let schema = workspace().join("crates/schema");
        project.write(
            "Cargo.toml",
            &format!(
                "[workspace]\n[package]\nname = \"scratch\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                 [dependencies]\nschema = {{ path = {schema:?}, features = [\"chrono\", \"derive\", \"uuid\"] }}\n\
                 chrono = {{ version = \"0.4\", default-features = false }}\n\
                 uuid = {{ version = \"1\", features = [\"serde\", \"v4\"] }}\n"
            ),
        );
        fs::copy(workspace().join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
        let printer = workspace().join("apps/api/src/bin/schema.rs");
        project.write("src/bin/schema.rs", &fs::read_to_string(printer).unwrap());
        project.declare(declarations);
        project.settings("");
        project
    }

    /// A project whose tables are those of `apps/api`.
    pub(crate) fn of_the_api(migrations: &Path) -> Self {
        let project = Project { folder: tempfile::tempdir().unwrap(), _lock: Some(lock()) };
        let schema = workspace().join("apps/api/src/db/schema.rs");
        project.write(
            "drizzle.toml",
            &format!(
                "dialect = \"postgresql\"\nschema = {schema:?}\nout = {migrations:?}\n[generate]\nprove = false\n"
            ),
        );
        project
    }

    /// A project without tables of its own, for commands that read migrations only.
    pub(crate) fn bare() -> Self {
        let project = Project { folder: tempfile::tempdir().unwrap(), _lock: None };
        project.write("src/db/schema.rs", "");
        project.settings("");
        project
    }

    /// Replaces the tables.
    pub(crate) fn declare(&self, declarations: &str) {
        let uses = "#![allow(unused_imports)]\nuse schema::{PgEnum, PgTable};\nuse uuid::Uuid;\n";
        self.write("src/db/schema.rs", &format!("{uses}{declarations}"));
    }

    /// Replaces `drizzle.toml`; `more` follows the required keys. Nothing is proven on the server of the tests unless it
    /// says so.
    pub(crate) fn settings(&self, more: &str) {
        let required = "dialect = \"postgresql\"\nschema = \"src/db/schema.rs\"\nout = \"migrations\"\n";
        let proof = if more.contains("[generate]") { "" } else { "\n[generate]\nprove = false\n" };
        self.write("drizzle.toml", &format!("{required}{more}{proof}"));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Every file below the migrations folder, sorted.
    pub(crate) fn migrations(&self) -> Vec<String> {
        let mut files = Vec::new();
        for folder in ["migrations", "migrations/meta"] {
            for item in fs::read_dir(self.path(folder)).into_iter().flatten() {
                let path = item.unwrap().path();
                if path.is_file() {
                    files.push(path.strip_prefix(self.path("migrations")).unwrap().display().to_string());
                }
            }
        }
        files.sort();
        files
    }

    /// `cargo xtask` with these arguments, ready to run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-database"));
        command.args(args).current_dir(self.folder.path()).env("CARGO_TARGET_DIR", target());
        command.env_remove("DATABASE_URL").env_remove("MIGRATION_DATABASE_URL").env_remove("CARGO");
        command
    }

    /// Runs `cargo xtask` without a terminal.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.command(args).stdin(std::process::Stdio::null()).output().unwrap().into()
    }
}
