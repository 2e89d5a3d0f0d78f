//! What `export` prints as DBML and for Mermaid, read by the parsers of those languages and compared with the catalog.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use devdb::test::Database;
use serde_json::{Value, json};

use crate::installed;
use crate::support::{Project, workspace};

/// Tables with names and texts that the languages would stumble over.
const ODD: &str = include_str!("diagrams.sql");

const TABLES: &str = "SELECT n.nspname::text, c.relname::text, \
    coalesce(array_agg(a.attname::text ORDER BY attnum) FILTER (WHERE attnum > 0), '{}') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN pg_attribute a ON attrelid = c.oid \
    WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') AND relname <> '__drizzle_migrations' \
    GROUP BY 1, 2";

const ENUMS: &str = "SELECT n.nspname || '.' || typname, array_agg(enumlabel::text ORDER BY enumsortorder) \
    FROM pg_enum JOIN pg_type t ON t.oid = enumtypid JOIN pg_namespace n ON n.oid = typnamespace GROUP BY 1";

/// What the language's own parser finds in an export of this source.
fn read(project: &Project, from: &str, language: &str) -> Value {
    let (packages, _lock) = installed("diagrams", "diagrams/package.json");
    std::fs::copy(workspace().join("crates/xtask/peers/diagrams/read.mjs"), packages.join("read.mjs")).unwrap();
    let exported = project.run(&["export", "--from", from, "--format", language]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    project.write("diagram", &exported.stdout);
    let mut node = Command::new("node");
    let node = node.arg("read.mjs").arg(language).arg(project.path("diagram")).current_dir(packages).output().unwrap();
    assert!(node.status.success(), "{}\n{}", String::from_utf8_lossy(&node.stderr), exported.stdout);
    serde_json::from_slice(&node.stdout).unwrap()
}

/// The same of the catalog, in both languages.
async fn catalog(database: &Database) -> (Value, Value) {
    let client = database.connect().await.unwrap();
    let (mut columns, mut counts) = (BTreeMap::new(), BTreeMap::new());
    for row in client.query(TABLES, &[]).await.unwrap() {
        let (schema, name, names): (String, String, Vec<String>) = (row.get(0), row.get(1), row.get(2));
        let title = if schema == "public" { name.clone() } else { format!("{schema}.{name}") };
        counts.insert(title, names.len());
        // DBML has no table without columns.
        if !names.is_empty() {
            columns.insert(format!("{schema}.{name}"), names);
        }
    }
    let enums = client.query(ENUMS, &[]).await.unwrap();
    // Nor has it a label without a letter.
    let label = |label: String| if label.is_empty() { "(empty)".to_owned() } else { label };
    let labels = |labels: Vec<String>| labels.into_iter().map(label).collect::<Vec<_>>();
    let enums: BTreeMap<String, Vec<String>> = enums.iter().map(|row| (row.get(0), labels(row.get(1)))).collect();
    let references = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'";
    let references: i64 = client.query_one(references, &[]).await.unwrap().get(0);
    (
        json!({"tables": columns, "enums": enums, "references": references}),
        json!({"tables": counts, "references": references}),
    )
}

async fn check(project: &Project, from: &str, database: &Database) {
    let (dbml, mermaid) = catalog(database).await;
    assert_eq!(read(project, from, "dbml"), dbml);
    assert_eq!(read(project, from, "mermaid"), mermaid);
}

#[tokio::test]
#[ignore = "needs the parsers of DBML and Mermaid from npm: cargo xtask test --peers"]
async fn diagrams_of_the_sample_schema_are_read_as_the_schema() {
    let database = Database::empty().await.unwrap();
    let migrations: &Path = &workspace().join("drizzle/migrations");
    let project = Project::of_the_api(migrations);
    assert_eq!(project.run(&["migrate", "--url", database.url().reveal()]).code, 0);
    check(&project, "code", &database).await;
}

#[tokio::test]
#[ignore = "needs the parsers of DBML and Mermaid from npm: cargo xtask test --peers"]
async fn diagrams_of_odd_names_and_texts_are_read_as_the_schema() {
    let database = Database::empty().await.unwrap();
    database.connect().await.unwrap().batch_execute(ODD).await.unwrap();
    check(&Project::bare(), database.url().reveal(), &database).await;
}
