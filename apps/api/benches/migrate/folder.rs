//! The same migrations in the layout of each program.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// All statements in one file.
pub(crate) const SCRIPT: &str = "all.sql.txt";
/// The folder with refinery's names.
pub(crate) const REFINERY: &str = "refinery";
/// The folder with sqlx's names.
pub(crate) const SQLX: &str = "sqlx";

/// Every so many there is a new table; the others add a column to it.
const TABLE: usize = 5;

/// A folder of migrations in Drizzle's layout, with the others' folders in it.
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for subfolder in ["meta", REFINERY, SQLX] {
            fs::create_dir(path.join(subfolder)).unwrap();
        }
        let (mut entries, mut all) = (Vec::new(), String::new());
        for number in 0..count {
            let sql = statement(number);
            let tag = format!("{number:04}_small");
            fs::write(path.join(format!("{tag}.sql")), &sql).unwrap();
            fs::write(path.join(REFINERY).join(format!("V{}__small.sql", number + 1)), &sql).unwrap();
            fs::write(path.join(SQLX).join(format!("{:04}_small.sql", number + 1)), &sql).unwrap();
            all.push_str(&sql);
            let when = 1_700_000_000_000 + number;
            entries.push(format!(r#"{{"idx":{number},"version":"7","when":{when},"tag":"{tag}","breakpoints":true}}"#));
        }
        fs::write(path.join(SCRIPT), all).unwrap();
        let journal = format!(r#"{{"version":"7","dialect":"postgresql","entries":[{}]}}"#, entries.join(","));
        fs::write(path.join("meta/_journal.json"), journal).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn statement(number: usize) -> String {
    let table = number / TABLE;
    match number % TABLE {
        0 => format!("CREATE TABLE small_{table} (id int PRIMARY KEY, name text NOT NULL DEFAULT '');\n"),
        column => format!("ALTER TABLE small_{table} ADD COLUMN column_{column} text;\n"),
    }
}

/// How many columns so many migrations make, those of the primary keys' indexes among them.
pub(crate) fn columns(count: usize) -> i64 {
    let tables = count.div_ceil(TABLE);
    i64::try_from(count - tables + 3 * tables).unwrap()
}

/// A configuration for drizzle-kit, which takes paths from its own folder on.
pub(crate) fn drizzle_config(peer: &Path, migrations: &Path) -> PathBuf {
    let up = "../".repeat(peer.canonicalize().unwrap().components().count() - 1);
    let out = format!("{up}{}", migrations.display().to_string().trim_start_matches('/'));
    let text = format!(
        "export default {{ dialect: 'postgresql', out: {out:?}, migrations: {{ table: '__drizzle_migrations', \
         schema: 'public' }}, dbCredentials: {{ url: process.env.DATABASE_URL }} }};\n"
    );
    let path = peer.join("bench-migrate.config.ts");
    fs::write(&path, text).unwrap();
    PathBuf::from("bench-migrate.config.ts")
}
