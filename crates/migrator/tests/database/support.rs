//! A database of its own for each test, and folders of migrations.

use std::fs;
use std::path::Path;
use std::time::Duration;

use devdb::Url;
use devdb::test::Database;
use migrator::tokio_postgres::{Client, Config, NoTls};
use migrator::{Migrations, Migrator};
use tempfile::TempDir;

/// Migrations that need nothing but each other.
pub(crate) const USERS: (&str, &str) = ("0000_users", "CREATE TABLE users (id int PRIMARY KEY);\n");
pub(crate) const POSTS: (&str, &str) = (
    "0001_posts",
    "CREATE TABLE posts (id int);--> statement-breakpoint\n\
     ALTER TABLE posts ADD COLUMN author int REFERENCES users;",
);
pub(crate) const TAGS: (&str, &str) = ("0002_tags", "CREATE TABLE tags (id int);");

/// A database that belongs to one test, and goes with it.
pub(crate) struct TestDatabase {
    pub(crate) config: Config,
    url: Url,
    /// Dropped by the server when the value is.
    database: Option<Database>,
}

/// Creates an empty database.
pub(crate) async fn database() -> TestDatabase {
    let database = Database::empty().await.unwrap();
    let url = database.url().clone();
    TestDatabase { database: Some(database), ..TestDatabase::at(&url) }
}

impl TestDatabase {
    /// One that stays when the value goes.
    pub(crate) fn at(url: &Url) -> Self {
        Self { config: url.reveal().parse().unwrap(), url: url.clone(), database: None }
    }

    /// The database that goes with the value.
    pub(crate) fn database(&self) -> &Database {
        self.database.as_ref().unwrap()
    }

    /// The same database by another role.
    pub(crate) fn with(config: &Config, other: &Self) -> Self {
        Self { config: config.clone(), url: other.url.clone(), database: None }
    }

    /// The URL, with its password.
    pub(crate) fn url(&self) -> &str {
        self.url.reveal()
    }

    /// A session in the database.
    pub(crate) async fn client(&self) -> Client {
        connect(&self.config).await
    }

    /// A migrator of the folder's migrations for this database.
    pub(crate) fn migrator(&self, folder: &Folder) -> Migrator {
        Migrator::new(folder.migrations(), self.config.clone())
    }

    /// The text of the first column of the first row; NULL and no row are `-`.
    pub(crate) async fn value(&self, query: &str) -> String {
        let row = self.client().await.query_opt(query, &[]).await.unwrap();
        row.and_then(|row| row.get::<_, Option<String>>(0)).unwrap_or_else(|| "-".to_owned())
    }

    /// The names of the tables in `public`, the ledger among them.
    pub(crate) async fn tables(&self) -> String {
        self.value(
            "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
        )
        .await
    }

    /// The ledger: `created_at` of its rows, oldest first.
    pub(crate) async fn ledger(&self) -> String {
        self.value(
            "SELECT string_agg(created_at::text, ' ' ORDER BY id) \
             FROM public.__drizzle_migrations",
        )
        .await
    }
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A folder of migrations in Drizzle's layout.
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    /// Writes the files and their journal; `when` counts up from 1000.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let numbered: Vec<_> = (1000..).zip(files).map(|(when, (tag, text))| (when, *tag, *text)).collect();
        Self::at(&numbered)
    }

    /// Writes the files and their journal with the given `when`.
    pub(crate) fn at(files: &[(i64, &str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("meta")).unwrap();
        let mut entries = Vec::new();
        for (idx, (when, tag, text)) in files.iter().enumerate() {
            fs::write(folder.path().join(format!("{tag}.sql")), text).unwrap();
            entries.push(format!(r#"{{"idx":{idx},"version":"7","when":{when},"tag":"{tag}","breakpoints":true}}"#));
        }
        let journal = format!(r#"{{"version":"7","dialect":"postgresql","entries":[{}]}}"#, entries.join(","));
        fs::write(folder.path().join("meta/_journal.json"), journal).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Replaces a text of the journal.
    pub(crate) fn edit_journal(&self, from: &str, to: &str) {
        let path = self.path().join("meta/_journal.json");
        let journal = fs::read_to_string(&path).unwrap();
        assert!(journal.contains(from), "{journal}");
        fs::write(path, journal.replacen(from, to, 1)).unwrap();
    }

    pub(crate) fn migrations(&self) -> Migrations {
        Migrations::from_folder(self.path()).unwrap()
    }
}

/// The tags of the migrations that a run applies.
pub(crate) async fn run(migrator: &Migrator) -> Vec<String> {
    migrator.run().await.unwrap().applied.into_iter().map(|applied| applied.tag).collect()
}

/// Waits until a query yields a row and returns its value.
pub(crate) async fn eventually(database: &TestDatabase, query: &str) -> String {
    for _ in 0..500 {
        let value = database.value(query).await;
        if value != "-" {
            return value;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no row within 5 s: {query}");
}
