//! A clone gets its own name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Outcome, workspace};

/// A clone of this workspace as it is here, committed.
struct Clone {
    folder: tempfile::TempDir,
}

impl Clone {
    fn new() -> Self {
        let clone = Clone { folder: tempfile::tempdir().unwrap() };
        let listed = git(&workspace(), &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        for name in listed.split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (workspace().join(name), clone.path(name));
            // What was removed and is not yet committed is listed, too.
            if from.is_file() {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(from, to).unwrap();
            }
        }
        git(clone.folder.path(), &["init", "--quiet"]);
        clone.commit();
        clone
    }

    fn commit(&self) {
        git(self.folder.path(), &["add", "--all"]);
        git(self.folder.path(), &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "x"]);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn init(&self, args: &[&str]) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-database"));
        command.arg("init").args(args).current_dir(self.folder.path()).env("CARGO_TARGET_DIR", target());
        command.stdin(Stdio::null()).output().unwrap().into()
    }

    fn cargo(&self, args: &[&str]) -> Outcome {
        let mut command = Command::new(env!("CARGO"));
        command.args(args).current_dir(self.folder.path()).env("CARGO_TARGET_DIR", target());
        command.output().unwrap().into()
    }

    fn changed(&self) -> String {
        git(self.folder.path(), &["status", "--porcelain"])
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("init")
}

fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git").args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_clone_is_renamed_once_and_can_be_taken_back() {
    let clone = Clone::new();
    fs::write(clone.path("mine.txt"), "not committed").unwrap();
    let refused = clone.init(&["my-service"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    assert_eq!(clone.changed(), "?? mine.txt\n");
    clone.commit();
    let refused = clone.init(&["My Service"]);
    assert!(refused.code == 1 && refused.stderr.contains("cannot be the name"), "{}", refused.stderr);

    let renamed = clone.init(&["my-service"]);
    assert_eq!(renamed.code, 0, "{}{}", renamed.stdout, renamed.stderr);
    let metadata = clone.cargo(&["metadata", "--locked", "--offline", "--format-version", "1", "--no-deps"]);
    assert!(metadata.code == 0 && metadata.stdout.contains("\"my-service\""), "{}", metadata.stderr);
    let readme = clone.read("README.md");
    assert!(readme.starts_with("# my-service\n") && readme.contains("/posts/batch"), "{readme}");
    assert!(!readme.contains("xtask init my-service"), "{readme}");
    // These tests would clone what is renamed already.
    assert!(!clone.path("crates/xtask/tests/cli/init.rs").exists());
    assert!(!clone.read("crates/xtask/tests/cli/main.rs").contains("init"));
    assert!(clone.read(".env.example").contains(":5432/my_service\n"));
    assert!(clone.read("Dockerfile").contains("ENTRYPOINT [\"/my-service\"]"));
    assert!(clone.read(".github/workflows/release.yml").contains("--package my-service --bin my-service"));
    assert!(clone.read("apps/api/openapi.json").contains("\"title\": \"my-service\""));
    for name in ["deploy/compose.yml", "deploy/kubernetes.yaml"] {
        let text = clone.read(name);
        assert!(text.contains("image: my-service") && !text.contains("image: api"), "{text}");
    }

    let again = clone.init(&["other", "--force"]);
    assert!(again.code == 1 && again.stderr.contains("this is my-service already"), "{}", again.stderr);
    git(clone.folder.path(), &["checkout", "--quiet", "."]);
    assert_eq!(clone.changed(), "");
}

#[test]
#[ignore = "compiles two clones, which takes minutes: cargo xtask test --peers"]
fn a_renamed_clone_compiles_and_checks_with_the_samples_and_without() {
    for samples in [&[][..], &["--without-samples"]] {
        let clone = Clone::new();
        let renamed = clone.init(&[&["my-service"], samples].concat());
        assert_eq!(renamed.code, 0, "{}{}", renamed.stdout, renamed.stderr);
        assert_eq!(renamed.stdout.matches("next:").count(), 1, "{}", renamed.stdout);
        assert_eq!(clone.path("drizzle/migrations/0000_init.sql").is_file(), !samples.is_empty());
        let packages = ["--package", "my-service", "--package", "xtask", "--features", "xtask/database,xtask/lint"];
        let clippy = [&["clippy", "--all-targets", "--offline"], &packages[..], &["--", "-D", "warnings"]].concat();
        let clippy = clone.cargo(&clippy);
        assert_eq!(clippy.code, 0, "{}", clippy.stderr);
        let document =
            clone.cargo(&["test", "--package", "my-service", "--offline", "--test", "api", "--", "document"]);
        assert!(document.code == 0 && document.stdout.contains("services_name ... ok"), "{}", document.stdout);
        let format = clone.cargo(&["fmt", "--all", "--check"]);
        assert_eq!(format.code, 0, "{}", format.stdout);
        let check = clone.cargo(&["run", "--quiet", "--package", "xtask", "--", "check", "--offline"]);
        assert_eq!(check.code, 0, "{}{}", check.stdout, check.stderr);
        let tables = clone.read("apps/api/src/db/schema.rs");
        assert_eq!(tables.contains("struct Post"), samples.is_empty());
        assert_eq!(tables.contains("[sample]"), samples.is_empty());
        assert!(tables.contains("struct User"));
        assert_eq!(clone.read("README.md").contains("posts"), samples.is_empty());
    }
}
