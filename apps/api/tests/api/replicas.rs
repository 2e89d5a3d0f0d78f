//! Many processes that start at once on an empty database, as a deployment does.
//!
//! `API_ROUNDS=50` repeats each test so often.
#![cfg(unix)]

use std::path::Path;
use std::{fs, thread};

use devdb::test::{Database, PoolMode, Pooler};
use tempfile::TempDir;

use crate::binary::{Service, api, get, read};
use crate::harness::empty;

/// Processes that start at once.
const REPLICAS: usize = 16;

/// A process that migrates has a session for the lock and one for the work.
const SESSIONS: u16 = 3 * REPLICAS as u16;

/// What the processes apply: among others an index that is built outside of a transaction, which
/// must not wait for those who wait for it.
const FILES: [(&str, &str); 4] = [
    ("0000_books", "CREATE TABLE books (id int PRIMARY KEY, title text);"),
    ("0001_rows", "INSERT INTO books SELECT i, 'title ' || i FROM generate_series(1, 1000) i;"),
    ("0002_index", "CREATE INDEX CONCURRENTLY books_title ON books (title);"),
    ("0003_more_rows", "INSERT INTO books VALUES (0, NULL);"),
];

fn rounds() -> usize {
    std::env::var("API_ROUNDS").map_or(1, |rounds| rounds.parse().expect("API_ROUNDS is a number"))
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let entry = |(idx, (tag, _)): (usize, &(&str, &str))| {
        format!(r#"{{"idx":{idx},"version":"7","when":{},"tag":"{tag}","breakpoints":true}}"#, 1000 + idx)
    };
    let entries: Vec<_> = FILES.iter().enumerate().map(entry).collect();
    let journal = format!(r#"{{"version":"7","dialect":"postgresql","entries":[{}]}}"#, entries.join(","));
    fs::create_dir(folder.path().join("meta")).unwrap();
    fs::write(folder.path().join("meta/_journal.json"), journal).unwrap();
    for (tag, sql) in FILES {
        fs::write(folder.path().join(format!("{tag}.sql")), sql).unwrap();
    }
    folder
}

/// Starts all processes at once and waits until each of them listens.
fn start(url: &devdb::Url, migrations: &Path, variables: &[(&str, &str)]) -> Vec<Service> {
    thread::scope(|scope| {
        let one = || {
            let mut command = api(url);
            command.env("MIGRATIONS_DIR", migrations).env("DATABASE_POOL_SIZE", "1").envs(variables.iter().copied());
            Service::start(&mut command)
        };
        let starting: Vec<_> = (0..REPLICAS).map(|_| scope.spawn(one)).collect();
        starting.into_iter().map(|service| service.join().unwrap()).collect()
    })
}

/// That each process is ready and that each migration was applied once, and whole.
async fn assert_up(services: &[Service], database: &Database) {
    for service in services {
        let answer = read(service.send(&get("/readyz")));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let client = database.connect().await.unwrap();
    let sql = "SELECT count(*), count(DISTINCT hash), max(id)::bigint FROM public.__drizzle_migrations";
    let ledger = client.query_one(sql, &[]).await.unwrap();
    let applied = i64::try_from(FILES.len()).unwrap();
    assert_eq!((ledger.get(0), ledger.get(1), ledger.get(2)), (applied, applied, applied));
    let sql =
        "SELECT (SELECT count(*) FROM books), indisvalid FROM pg_index WHERE indexrelid = 'books_title'::regclass";
    let books = client.query_one(sql, &[]).await.unwrap();
    assert_eq!((books.get::<_, i64>(0), books.get::<_, bool>(1)), (1001, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_processes_apply_each_migration_once_and_all_are_ready() {
    let folder = folder();
    for _ in 0..rounds() {
        let database = empty().await;
        assert_up(&start(database.url(), folder.path(), &[]), &database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs pgbouncer: cargo xtask test --peers"]
async fn through_a_pool_of_whole_sessions_they_do_so_too() {
    let folder = folder();
    for _ in 0..rounds() {
        let database = empty().await;
        let pooler = Pooler::start(&database, PoolMode::Session, SESSIONS).unwrap();
        assert_up(&start(pooler.url(), folder.path(), &[]), &database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs pgbouncer: cargo xtask test --peers"]
async fn through_a_pool_of_transactions_each_refuses_and_says_the_way_out() {
    let folder = folder();
    for _ in 0..rounds() {
        let database = empty().await;
        let pooler = Pooler::start(&database, PoolMode::Transaction, SESSIONS).unwrap();
        let start = || api(pooler.url()).env("MIGRATIONS_DIR", folder.path()).output().unwrap();
        let outputs: Vec<_> = thread::scope(|scope| {
            let starting: Vec<_> = (0..REPLICAS).map(|_| scope.spawn(start)).collect();
            starting.into_iter().map(|output| output.join().unwrap()).collect()
        });
        for output in outputs {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{text}");
            assert!(text.contains("MIGRATION_DATABASE_URL"), "{text}");
        }
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        let tables = database.connect().await.unwrap().query_one(tables, &[]).await.unwrap();
        assert_eq!(tables.get::<_, i64>(0), 0);
    }
}
