//! Where the package's name stands, and what takes its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::names::Names;
use super::{Error, PACKAGE};

/// What is renamed.
const OLD: &str = "api";

/// What stands before the name where a command or a text means the program or the package.
const MENTIONS: [&str; 8] = [
    "-p ",
    "--package ",
    "--bin ",
    "\"--package\", \"",
    "\"--bin\", \"",
    "package_bench(&[\"",
    "docker build -t ",
    "`",
];

/// What stands before the database's name, in settings and examples.
const DATABASES: [&str; 7] =
    [":5432/", ":5433/", "POSTGRES_DB:-", "POSTGRES_DB=", "POSTGRES_DB: ", "-d ", "DEVELOPMENT_DATABASE: &str = \""];

/// What stands before it in the SQL of documentation and help, where `app` is a role, too.
const DATABASES_IN_TEXT: [&str; 2] = ["DATABASE ", "database `"];

/// How the documentation calls a service in its examples.
const EXAMPLE: &str = "my-service";

/// The database that is renamed.
const OLD_DATABASE: &str = "app";

type Files = BTreeMap<PathBuf, String>;

fn manifest() -> PathBuf {
    Path::new(PACKAGE).join("Cargo.toml")
}

/// Nothing, if the package has the name with which it was cloned.
pub(super) fn refuse_twice(files: &Files) -> Result<(), Error> {
    let text = files.get(&manifest()).map(String::as_str).unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    match name {
        Some(OLD) => Ok(()),
        other => Err(Error::Already { name: other.unwrap_or("another project").to_owned() }),
    }
}

/// Renames everything, in memory.
pub(super) fn apply(files: &mut Files, names: &Names) -> Result<(), Error> {
    for (path, text) in files.iter_mut() {
        *text = renamed(path, text, names);
    }
    replace(files, &manifest(), names)
}

/// The manifest's entries are known by what stands before them: the library keeps its name.
fn replace(files: &mut Files, file: &Path, names: &Names) -> Result<(), Error> {
    for text in ["[package]\nname = \"api\"\n", "default-run = \"api\"\n", "[[bin]]\nname = \"api\"\n"] {
        let missing = || Error::Missing { file: file.to_owned(), text };
        let content = files.get_mut(file).filter(|content| content.contains(text)).ok_or_else(missing)?;
        *content = content.replacen(text, &text.replace(OLD, &names.package), 1);
    }
    Ok(())
}

/// A file's text with the new names; the same where it has none to rename.
fn renamed(path: &Path, text: &str, names: &Names) -> String {
    let is = |name: &str| path == Path::new(name);
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let deployed = is("Dockerfile") || is(".github/workflows/release.yml") || path.starts_with("deploy");
    let settings =
        is(".env.example") || is("docker-compose.yml") || is("crates/xtask/src/commands/database/connection.rs");
    let mut text = text.to_owned();
    if deployed {
        text = words(&text, &names.package);
    } else if extension == "md" || is("justfile") || is(".env.example") || commands(path) {
        for before in MENTIONS {
            text = after(&text, before, OLD, &names.package);
        }
        text = after(&text, "OTEL_SERVICE_NAME=", OLD, &names.package);
        // The one command of this name is no program.
        text = text.replace(&format!("`migrate`, `{}`, `studio`", names.package), "`migrate`, `api`, `studio`");
    } else if is("crates/xtask/tests/architecture.rs") {
        text = after(&text, "(\"", OLD, &names.package);
    } else if path == Path::new(PACKAGE).join("openapi.json") {
        text = after(&text, "\"title\": \"", OLD, &names.package);
    }
    if deployed || settings {
        for before in DATABASES {
            text = after(&text, before, OLD_DATABASE, &names.database);
        }
    }
    if extension == "md" || path.starts_with("crates/xtask/src/cli") {
        for before in DATABASES_IN_TEXT {
            text = after(&text, before, OLD_DATABASE, &names.database);
        }
    }
    if extension == "md" {
        text = text.replace(EXAMPLE, &names.package);
    }
    if is("README.md") {
        text = titled(&text, &names.package);
    }
    text
}

/// Code that runs Cargo on the package, or speaks of the program.
fn commands(path: &Path) -> bool {
    [".ci", ".github", "crates/xtask/src/commands/bench"].iter().any(|folder| path.starts_with(folder))
        || path.starts_with(Path::new(PACKAGE).join("src"))
}

/// Replaces the old name where it stands alone behind `before`.
fn after(text: &str, before: &str, old: &str, new: &str) -> String {
    let mention = format!("{before}{old}");
    let mut parts = text.split(&mention);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // `api::db` is the library, and `api_...` a token.
        let alone = !part.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '/'));
        result.push_str(before);
        result.push_str(if alone { new } else { old });
        result.push_str(part);
    }
    result
}

/// Replaces the old name wherever it is a word: what is deployed has one name. The folder keeps its own.
fn words(text: &str, new: &str) -> String {
    let mut parts = text.split(OLD);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let before = !result.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !result.ends_with("apps/");
        let behind = !part.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        result.push_str(if before && behind { new } else { OLD });
        result.push_str(part);
    }
    result
}

/// The first line is the title.
fn titled(text: &str, name: &str) -> String {
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    format!("# {name}\n{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &str) {
        assert_eq!(renamed(Path::new(path), text, &Names::parse("my-service").unwrap()), expected, "{path}");
    }

    #[test]
    fn a_text_means_the_program_and_not_the_folder_or_the_library() {
        check(
            "docs/deploy.md",
            "`api migrate` of `apps/api`, `cargo run -p api -- openapi`, `api::db`, Bearer api_1, `api`",
            "`my-service migrate` of `apps/api`, `cargo run -p my-service -- openapi`, `api::db`, Bearer api_1, `my-service`",
        );
        check("apps/api/tests/api/main.rs", "use api::config; // -p api", "use api::config; // -p api");
    }

    #[test]
    fn what_is_deployed_has_one_name() {
        check(
            "deploy/kubernetes.yaml",
            "apiVersion: v1\nname: api-migrate\nimage: api:latest\nsecret: { name: api }",
            "apiVersion: v1\nname: my-service-migrate\nimage: my-service:latest\nsecret: { name: my-service }",
        );
        check(
            "Dockerfile",
            "COPY apps/api apps/api\nENTRYPOINT [\"/api\"]",
            "COPY apps/api apps/api\nENTRYPOINT [\"/my-service\"]",
        );
        check("deploy/compose.yml", "DATABASE_URL: db:5432/app\nx: apps", "DATABASE_URL: db:5432/my_service\nx: apps");
    }

    #[test]
    fn readme_and_document_have_their_title_and_settings_their_database() {
        check("README.md", "# A service\n\nText", "# my-service\n\nText");
        check(
            ".env.example",
            "# URL=postgres://u@h:5432/app\n# X=app",
            "# URL=postgres://u@h:5432/my_service\n# X=app",
        );
        check("docker-compose.yml", "POSTGRES_DB: ${POSTGRES_DB:-app}", "POSTGRES_DB: ${POSTGRES_DB:-my_service}");
        check(
            "apps/api/openapi.json",
            r#""title": "api", "description": "#,
            r#""title": "my-service", "description": "#,
        );
    }

    #[test]
    fn the_documentation_names_the_database_and_keeps_role_and_benchmark() {
        check(
            "docs/deploy.md",
            "the database `app`: CREATE ROLE app; GRANT CREATE ON DATABASE app TO app_migrator; `app`: SELECT",
            "the database `my_service`: CREATE ROLE app; GRANT CREATE ON DATABASE my_service TO app_migrator; `app`: SELECT",
        );
        check(
            "README.md",
            "#\n`bench loop`, `migrate`, `api`, `studio`",
            "# my-service\n`bench loop`, `migrate`, `api`, `studio`",
        );
        check(".env.example", "# OTEL_SERVICE_NAME=api", "# OTEL_SERVICE_NAME=my-service");
        check("crates/xtask/src/cli/database.rs", "ALTER DATABASE app SET", "ALTER DATABASE my_service SET");
    }

    #[test]
    fn an_example_becomes_the_service_itself() {
        let text =
            renamed(Path::new("docs/first-table.md"), "cargo test -p my-service", &Names::parse("shop").unwrap());
        assert_eq!(text, "cargo test -p shop");
    }

    #[test]
    fn the_manifest_keeps_the_name_of_the_library() {
        let text = "[package]\nname = \"api\"\ndefault-run = \"api\"\n[lib]\nname = \"api\"\n[[bin]]\nname = \"api\"\n";
        let mut files = Files::from([(manifest(), text.to_owned())]);
        refuse_twice(&files).unwrap();
        apply(&mut files, &Names::parse("my-service").unwrap()).unwrap();
        let expected =
            text.replace("\"api\"", "\"my-service\"").replace("[lib]\nname = \"my-service\"", "[lib]\nname = \"api\"");
        assert_eq!(files[&manifest()], expected);
        assert!(matches!(refuse_twice(&files), Err(Error::Already { name }) if name == "my-service"));
        assert!(matches!(apply(&mut files, &Names::parse("other").unwrap()), Err(Error::Missing { .. })));
    }
}
