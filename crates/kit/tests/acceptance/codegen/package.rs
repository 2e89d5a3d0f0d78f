//! One package with a program for each schema, since a program declares all that is linked into it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use kit::codegen::Source;
use schema::Schema;

pub(super) struct Package {
    folder: PathBuf,
    name: &'static str,
}

const MAIN: &str = r#"//! Prints what is declared.
#![allow(dead_code, unreachable_pub, unused_imports)]
mod db {
    pub mod schema;
}
fn main() -> std::process::ExitCode {
    match ::schema::declared() {
        Ok(schema) => println!("{}", ::schema::companion::print(&schema)),
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}
"#;

impl Package {
    /// An empty package of that name in the folder for what tests build.
    pub(super) fn new(name: &str) -> Self {
        let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(folder.join("src"));
        fs::create_dir_all(folder.join("src/bin")).unwrap();
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().and_then(Path::parent).unwrap();
        let schema = workspace.join("crates/schema");
        // Warnings are errors, as in the continuous integration of whoever pulls.
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n\
             schema = {{ path = {schema:?}, features = [\"chrono\", \"derive\", \"rust_decimal\", \"uuid\"] }}\n\
             chrono = {{ version = \"0.4\", default-features = false, features = [\"clock\", \"serde\", \"std\"] }}\n\
             rust_decimal = {{ version = \"1\", default-features = false, features = [\"serde\", \"std\"] }}\n\
             serde_json = {{ version = \"1\", features = [\"preserve_order\"] }}\n\
             uuid = {{ version = \"1\", features = [\"serde\", \"v4\"] }}\n\n\
             [lints.rust]\nmissing_docs = \"deny\"\nwarnings = \"deny\"\n\n\
             [profile.dev]\ndebug = false\nincremental = false\nstrip = true\n\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Package { folder, name }
    }

    /// Adds a program that declares what the code says.
    pub(super) fn add(&self, program: &str, source: &Source) {
        let folder = self.folder.join("src/bin").join(program);
        fs::create_dir_all(folder.join("db/schema")).unwrap();
        fs::write(folder.join("main.rs"), MAIN).unwrap();
        for (path, text) in &source.files {
            fs::write(folder.join("db").join(path), text).unwrap();
        }
    }

    /// Where all packages of these tests are built, so that what they depend on is built once.
    fn target() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("codegen")
    }

    /// Builds all programs.
    pub(super) fn build(&self) {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--bins", "--keep-going", "--offline", "--quiet"])
            .env("CARGO_TARGET_DIR", Self::target())
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(built.status.success(), "{} does not compile: {}", self.name, String::from_utf8_lossy(&built.stderr));
    }

    /// What a program declares.
    pub(super) fn declared(&self, program: &str) -> Result<Schema, String> {
        let program = Self::target().join("debug").join(format!("{program}{}", env::consts::EXE_SUFFIX));
        let output = Command::new(program).output().unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(schema::companion::read_printed(&String::from_utf8_lossy(&output.stdout)).unwrap())
    }
}
