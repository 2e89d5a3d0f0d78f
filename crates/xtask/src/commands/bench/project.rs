//! One project twice: tables in Rust for this workspace's `generate`, and their twin in TypeScript
//! for drizzle-kit's.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, io};
use crate::config::Config;

/// A scratch project with so many tables.
pub(super) struct Project {
    /// The folder with `drizzle.toml`.
    pub(super) rust: PathBuf,
    /// The folder, below the one with drizzle-kit's packages, that has its configuration.
    pub(super) typescript: PathBuf,
    tables: usize,
}

impl Project {
    /// Writes the project anew.
    pub(super) fn create(config: &Config, target: &Path, peer: &Path, tables: usize) -> Result<Self, Error> {
        let project = Project {
            rust: target.join(format!("loop-{tables}")),
            typescript: peer.join(format!("loop-{tables}")),
            tables,
        };
        for folder in [&project.rust, &project.typescript] {
            // The Rust project keeps its own target folder, as a project in use would have it.
            for stale in ["migrations", "src"] {
                let stale = folder.join(stale);
                if stale.exists() {
                    fs::remove_dir_all(&stale).map_err(io("remove", &stale))?;
                }
            }
            let source = folder.join("src/bin");
            fs::create_dir_all(&source).map_err(io("create", &source))?;
        }
        write(&project.rust.join("Cargo.toml"), &manifest(config)?)?;
        let lock = config.root.join("Cargo.lock");
        fs::copy(&lock, project.rust.join("Cargo.lock")).map_err(io("copy", &lock))?;
        write(&project.rust.join("drizzle.toml"), SETTINGS)?;
        let printer = config.root.join("apps/api/src/bin/schema.rs");
        let text = fs::read_to_string(&printer).map_err(io("read", &printer))?;
        write(&project.rust.join("src/bin/schema.rs"), &text)?;
        write(&project.rust.join("src/lib.rs"), "")?;
        write(&project.typescript.join("drizzle.config.ts"), &typescript_settings(tables))?;
        project.edit(0)?;
        Ok(project)
    }

    /// Writes the schema with so many columns added to the first table.
    pub(super) fn edit(&self, added: usize) -> Result<(), Error> {
        let db = self.rust.join("src/db");
        fs::create_dir_all(&db).map_err(io("create", &db))?;
        write(&db.join("schema.rs"), &rust_schema(self.tables, added))?;
        write(&self.typescript.join("schema.ts"), &typescript_schema(self.tables, added))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(io("write", path))
}

const SETTINGS: &str = r#"dialect = "postgresql"
schema = "src/db/schema.rs"
out = "migrations"
"#;

/// The package as `apps/api` is without its server, built as the workspace builds that.
fn manifest(config: &Config) -> Result<String, Error> {
    let schema = config.root.join("crates/schema");
    let profile = dev_profile(config)?;
    Ok(format!(
        r#"[workspace]

[package]
name = "bench-loop"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
chrono = {{ version = "0.4", default-features = false, features = ["clock", "serde", "std"] }}
schema = {{ path = {schema:?}, default-features = false, features = ["chrono", "derive", "uuid"] }}
uuid = {{ version = "1", features = ["serde", "v4"] }}

[features]
default = []

{profile}"#
    ))
}

/// `[profile.dev]` of the workspace's manifest.
fn dev_profile(config: &Config) -> Result<String, Error> {
    let path = config.root.join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(io("read", &path))?;
    let not_toml = |error: &dyn std::fmt::Display| io("read", &path)(std::io::Error::other(error.to_string()));
    let mut manifest: toml::Table = text.parse().map_err(|error| not_toml(&error))?;
    let profile = manifest.get_mut("profile").and_then(|profiles| profiles.get_mut("dev"));
    let profile = profile.ok_or_else(|| not_toml(&"it has no [profile.dev]"))?;
    let only = toml::Table::from_iter([(
        "profile".to_owned(),
        toml::Table::from_iter([("dev".to_owned(), profile.clone())]).into(),
    )]);
    toml::to_string(&only).map_err(|error| not_toml(&error))
}

fn typescript_settings(tables: usize) -> String {
    format!(
        "export default {{ dialect: 'postgresql', schema: './loop-{tables}/schema.ts', out: './loop-{tables}/migrations' }};\n"
    )
}

fn rust_schema(tables: usize, added: usize) -> String {
    let mut text = String::from(
        "use chrono::{DateTime, Utc};\nuse schema::{PgEnum, PgTable};\nuse uuid::Uuid;\n\n\
         #[derive(PgEnum)]\n#[pg_enum(\"status\")]\npub enum Status {\n    Draft,\n    Published,\n}\n",
    );
    for number in 0..tables {
        let parent = number.saturating_sub(1);
        let columns: String = (0..if number == 0 { added } else { 0 })
            .map(|extra| format!("    pub extra_{extra}: Option<String>,\n"))
            .collect();
        let _ = write!(
            text,
            "\n#[derive(PgTable)]\n#[table(\"table_{number}\")]\n#[index(on(title, created_at))]\npub struct Table{number} {{\n    \
             #[column(primary_key, default_random)]\n    pub id: Uuid,\n    \
             #[column(references(Table{parent}::id, on_delete = cascade))]\n    pub parent_id: Option<Uuid>,\n    \
             #[column(varchar(255), unique)]\n    pub slug: String,\n    pub title: String,\n    \
             #[column(default = Status::Draft)]\n    pub status: Status,\n    \
             #[column(default = 0)]\n    pub views: i32,\n    pub body: Option<String>,\n    \
             #[column(default_now)]\n    pub created_at: DateTime<Utc>,\n{columns}}}\n"
        );
    }
    text
}

fn typescript_schema(tables: usize, added: usize) -> String {
    let mut text = String::from(
        "import { index, integer, pgEnum, pgTable, text, timestamp, uuid, varchar, AnyPgColumn } from 'drizzle-orm/pg-core';\n\
         export const status = pgEnum('status', ['draft', 'published']);\n",
    );
    for number in 0..tables {
        let parent = number.saturating_sub(1);
        let columns: String = (0..if number == 0 { added } else { 0 })
            .map(|extra| format!("  extra_{extra}: text('extra_{extra}'),\n"))
            .collect();
        let _ = write!(
            text,
            "export const table{number} = pgTable('table_{number}', {{\n  \
             id: uuid('id').primaryKey().defaultRandom(),\n  \
             parentId: uuid('parent_id').references((): AnyPgColumn => table{parent}.id, {{ onDelete: 'cascade' }}),\n  \
             slug: varchar('slug', {{ length: 255 }}).notNull().unique(),\n  title: text('title').notNull(),\n  \
             status: status('status').notNull().default('draft'),\n  \
             views: integer('views').notNull().default(0),\n  body: text('body'),\n  \
             createdAt: timestamp('created_at', {{ withTimezone: true }}).notNull().defaultNow(),\n{columns}\
             }}, t => [index().on(t.title, t.createdAt)]);\n"
        );
    }
    text
}
