//! `drizzle.toml`: what drizzle.config.ts is to drizzle-kit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

pub(crate) mod filters;
mod prove;

use self::filters::{EntitiesTable, ExtensionFilter, Filters, OneOrMany};
pub(crate) use self::prove::Prove;

/// The name of the file, which marks the root of the workspace.
const FILE: &str = "drizzle.toml";

/// The settings of a project.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(all(feature = "database", feature = "lint")),
    expect(dead_code, reason = "some are for commands that other binaries have")
)]
pub(crate) struct Config {
    /// The folder that holds the file; the paths in it are relative to that.
    pub(crate) root: PathBuf,
    /// The module that declares the tables.
    pub(crate) schema: PathBuf,
    /// The migrations folder.
    pub(crate) out: PathBuf,
    /// Whether statements are parted by breakpoints.
    pub(crate) breakpoints: bool,
    /// Whether `push` always asks before it runs.
    pub(crate) strict: bool,
    /// The schema of the ledger of applied migrations.
    pub(crate) ledger_schema: String,
    /// The table of the ledger.
    pub(crate) ledger_table: String,
    /// How migration files are numbered.
    pub(crate) prefix: Prefix,
    /// What `migrate` does about a database that is not what its ledger says.
    pub(crate) drift: Drift,
    /// What `migrate` does about a migration that is older than one that is applied.
    pub(crate) out_of_order: OutOfOrder,
    /// The environment variable with the URL of the database.
    pub(crate) url_variable: String,
    /// The environment variable with the URL of a role that may change the schema.
    pub(crate) migration_url_variable: String,
    /// What of a database is looked at.
    pub(crate) filters: Filters,
    /// What `generate` does unless its flags say otherwise.
    pub(crate) generate: Generate,
    /// The levels of lint's rules that are not their own, by name.
    pub(crate) lint: BTreeMap<String, LintLevel>,
}

/// What `generate` does unless its flags say otherwise.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Generate {
    /// Whether it writes the safer form.
    pub(crate) safe: bool,
    /// When it proves what it writes.
    pub(crate) prove: Prove,
}

/// How much a finding of a rule matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LintLevel {
    Off,
    Warn,
    Error,
}

/// What is done about a migration that is older than one that is applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutOfOrder {
    /// Nothing is applied.
    #[default]
    Refuse,
    /// It is applied.
    Allow,
}

/// What is done about a database that is not what its ledger says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Drift {
    /// It is not looked for.
    Off,
    /// It is shown, and the migration is applied.
    #[default]
    Warn,
    /// It is shown, and nothing is applied.
    Refuse,
}

/// What a migration's file name begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Prefix {
    /// `0001_`: the position in the journal.
    #[default]
    Index,
    /// `20261123021109_`: the UTC time.
    Timestamp,
    /// `1795399871_`: seconds since 1970.
    Unix,
    /// As `timestamp`: what Supabase's own command line expects.
    Supabase,
    /// Nothing: the name alone.
    None,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("no {FILE} in {} or above it; run the command inside the workspace, or restore the file", from.display())]
    NotFound { from: PathBuf },
    #[error("cannot read {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} is not valid: {reason}{}", path.display(), hint.as_deref().unwrap_or_default())]
    Invalid { path: PathBuf, reason: String, hint: Option<String> },
    #[error(
        "{}: dialect is \"{found}\", and this workspace is for PostgreSQL; write dialect = \"postgresql\"",
        path.display()
    )]
    Dialect { path: PathBuf, found: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    dialect: String,
    schema: PathBuf,
    out: PathBuf,
    #[serde(default = "enabled")]
    breakpoints: bool,
    #[serde(default)]
    strict: bool,
    #[serde(default)]
    migrations: MigrationsTable,
    #[serde(default)]
    database: DatabaseTable,
    #[serde(default)]
    tables_filter: OneOrMany,
    #[serde(default)]
    schema_filter: OneOrMany,
    #[serde(default)]
    #[expect(dead_code, reason = "it is read so that a wrong value is an error, and says what holds anyway")]
    extensions_filters: Vec<ExtensionFilter>,
    #[serde(default)]
    entities: EntitiesTable,
    #[serde(default)]
    generate: Generate,
    #[serde(default)]
    lint: BTreeMap<String, LintLevel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MigrationsTable {
    table: String,
    schema: String,
    prefix: Prefix,
    drift: Drift,
    out_of_order: OutOfOrder,
}

impl Default for MigrationsTable {
    fn default() -> Self {
        MigrationsTable {
            table: "__drizzle_migrations".to_owned(),
            schema: schema::PUBLIC.to_owned(),
            prefix: Prefix::default(),
            drift: Drift::default(),
            out_of_order: OutOfOrder::default(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DatabaseTable {
    url: String,
    migration_url: String,
}

impl Default for DatabaseTable {
    fn default() -> Self {
        DatabaseTable { url: "DATABASE_URL".to_owned(), migration_url: "MIGRATION_DATABASE_URL".to_owned() }
    }
}

fn enabled() -> bool {
    true
}

impl Config {
    /// Reads the file of the workspace that `folder` is in.
    pub(crate) fn find(folder: &Path) -> Result<Self, Error> {
        let root = folder.ancestors().find(|ancestor| ancestor.join(FILE).is_file());
        let root = root.ok_or_else(|| Error::NotFound { from: folder.to_owned() })?;
        let path = root.join(FILE);
        let text = fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        Self::parse(&text, root, path)
    }

    fn parse(text: &str, root: &Path, path: PathBuf) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|error| {
            let reason = error.to_string();
            Error::Invalid { hint: nearest_key(&reason), reason: reason.trim_end().to_owned(), path: path.clone() }
        })?;
        if file.dialect != schema::snapshot::DIALECT {
            return Err(Error::Dialect { path, found: file.dialect });
        }
        Ok(Config {
            root: root.to_owned(),
            schema: root.join(file.schema),
            out: root.join(file.out),
            breakpoints: file.breakpoints,
            strict: file.strict,
            ledger_schema: file.migrations.schema,
            ledger_table: file.migrations.table,
            prefix: file.migrations.prefix,
            drift: file.migrations.drift,
            out_of_order: file.migrations.out_of_order,
            url_variable: file.database.url,
            migration_url_variable: file.database.migration_url,
            filters: filters::read(file.tables_filter, file.schema_filter, file.entities),
            generate: file.generate,
            lint: file.lint,
        })
    }

    /// The file itself, which is also what commands lock.
    pub(crate) fn file(&self) -> PathBuf {
        self.root.join(FILE)
    }

    /// A path as messages name it: relative to the workspace.
    pub(crate) fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// The known key or value that an unknown one is probably meant to be, from the parser's message, which
/// lists both in backticks: the unknown one first.
fn nearest_key(reason: &str) -> Option<String> {
    let (_, rest) = reason.split_once("unknown field `").or_else(|| reason.split_once("unknown variant `"))?;
    let mut names = rest.split('`').step_by(2);
    let unknown = names.next()?;
    let nearest = names.max_by(|a, b| strsim::jaro_winkler(unknown, a).total_cmp(&strsim::jaro_winkler(unknown, b)))?;
    Some(format!("\nnext: did you mean `{nearest}`?"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::filters::RoleFilter;
    use super::*;

    fn check(text: &str, expected: Expect) {
        let parsed = Config::parse(text, Path::new("/w"), PathBuf::from("drizzle.toml"));
        expected.assert_eq(&match parsed {
            Ok(config) => format!("{config:#?}"),
            Err(error) => error.to_string(),
        });
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place_and_the_nearest_known_key() {
        check(
            "dialect = \"postgresql\"\nschema = \"s.rs\"\nout = \"m\"\nbreakpoint = true\n",
            expect![[r#"
                drizzle.toml is not valid: TOML parse error at line 4, column 1
                  |
                4 | breakpoint = true
                  | ^^^^^^^^^^
                unknown field `breakpoint`, expected one of `dialect`, `schema`, `out`, `breakpoints`, `strict`, `migrations`, `database`, `tablesFilter`, `schemaFilter`, `extensionsFilters`, `entities`, `generate`, `lint`
                next: did you mean `breakpoints`?"#]],
        );
    }

    #[test]
    fn filters_go_by_drizzles_names() {
        let filters = |text: &str| {
            let text = format!("dialect = \"postgresql\"\nschema = \"s.rs\"\nout = \"m\"\n{text}");
            Config::parse(&text, Path::new("/w"), PathBuf::from("drizzle.toml")).map(|config| config.filters)
        };
        let all = "tablesFilter = [\"app_*\", \"!app_tmp\"]\nschemaFilter = \"app\"\nextensionsFilters = [\"postgis\"]\n\
                   [entities.roles]\nprovider = \"neon\"\nexclude = [\"me\"]";
        expect![[r#"
            Filters {
                tables: [
                    "app_*",
                    "!app_tmp",
                ],
                schemas: [
                    "app",
                ],
                roles: Managed {
                    include: [],
                    exclude: [
                        "me",
                        "anonymous",
                        "authenticated",
                        "cloud_admin",
                        "neon_superuser",
                    ],
                },
            }"#]]
        .assert_eq(&format!("{:#?}", filters(all).unwrap()));
        assert_eq!(filters("entities.roles = false").unwrap().roles, RoleFilter::Off);
        let managed = RoleFilter::Managed { include: Vec::new(), exclude: Vec::new() };
        assert_eq!(filters("entities.roles = true").unwrap().roles, managed);
        for (wrong, named) in [
            ("tableFilter = []", "next: did you mean `tablesFilter`?"),
            ("extensionsFilters = [\"postgres\"]", "next: did you mean `postgis`?"),
            ("[entities.roles]\nincludes = []", "next: did you mean `include`?"),
            ("[entities.roles]\nprovider = \"supbase\"", "next: did you mean `supabase`?"),
            ("tablesFilter = 1", "expected a text or a list of texts"),
            ("entities.roles = 1", "expected true, false, or a table"),
        ] {
            let error = filters(wrong).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn another_dialect_is_refused() {
        check(
            "dialect = \"mysql\"\nschema = \"s.rs\"\nout = \"m\"\n",
            expect![[
                r#"drizzle.toml: dialect is "mysql", and this workspace is for PostgreSQL; write dialect = "postgresql""#
            ]],
        );
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        check(
            "dialect = \"postgresql\"\nschema = \"s.rs\"\nout = \"m\"\n",
            expect![[r#"
                Config {
                    root: "/w",
                    schema: "/w/s.rs",
                    out: "/w/m",
                    breakpoints: true,
                    strict: false,
                    ledger_schema: "public",
                    ledger_table: "__drizzle_migrations",
                    prefix: Index,
                    drift: Warn,
                    out_of_order: Refuse,
                    url_variable: "DATABASE_URL",
                    migration_url_variable: "MIGRATION_DATABASE_URL",
                    filters: Filters {
                        tables: [],
                        schemas: [],
                        roles: Declared,
                    },
                    generate: Generate {
                        safe: false,
                        prove: Auto,
                    },
                    lint: {},
                }"#]],
        );
    }

    #[test]
    fn a_level_that_does_not_exist_is_named_with_the_nearest() {
        check(
            "dialect = \"postgresql\"\nschema = \"s.rs\"\nout = \"m\"\n[lint]\nrenaming-table = \"warning\"\n",
            expect![[r#"
                drizzle.toml is not valid: TOML parse error at line 5, column 18
                  |
                5 | renaming-table = "warning"
                  |                  ^^^^^^^^^
                unknown variant `warning`, expected one of `off`, `warn`, `error`
                next: did you mean `warn`?"#]],
        );
    }

    #[test]
    fn the_workspace_is_found_from_a_folder_inside() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(FILE), "dialect = \"postgresql\"\nschema = \"s.rs\"\nout = \"m\"\n").unwrap();
        let inside = root.path().join("apps/api");
        fs::create_dir_all(&inside).unwrap();
        assert_eq!(Config::find(&inside).unwrap().root, root.path());
    }
}
