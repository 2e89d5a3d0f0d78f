//! Databases for tests, for real.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::Scratch;
use devdb::test::{Database, Error, Template, server};
use devdb::{Server, Url, test_server};
use tokio_postgres::{Client, NoTls};

async fn connect(url: &Url) -> Client {
    let (client, connection) = tokio_postgres::connect(url.reveal(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn exists(server: &Server, database: &str) -> bool {
    let client = connect(server.url()).await;
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    client.query_opt(sql, &[&database]).await.unwrap().is_some()
}

async fn create_users(url: Url) -> Result<(), tokio_postgres::Error> {
    let client = connect(&url).await;
    client.batch_execute("CREATE TABLE users (id int); INSERT INTO users VALUES (7)").await
}

#[tokio::test]
async fn a_clone_has_what_the_template_has_and_is_its_own() {
    let template = Template::new("devdb", ["users with a row"], create_users);
    let (first, second) = (template.database().await, template.database().await);
    let (first, second) = (first.unwrap(), second.unwrap());
    let client = first.connect().await.unwrap();
    client.execute("DELETE FROM users", &[]).await.unwrap();

    let client = second.connect().await.unwrap();
    let rows = client.query("SELECT id FROM users", &[]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<i32>>(), [7]);
}

#[tokio::test]
async fn an_empty_database_has_no_tables_and_is_dropped_with_its_value() {
    let server = server().await.unwrap();
    let database = Database::empty().await.unwrap();
    let client = database.connect().await.unwrap();
    let sql = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 0);

    let name = database.name().to_owned();
    assert_eq!(database.url().database(), Some(name.clone()));
    assert!(exists(server, &name).await);
    drop(database); // while a client is connected
    assert!(!exists(server, &name).await);
}

#[tokio::test]
async fn a_panic_drops_the_database_too() {
    let server = server().await.unwrap();
    let database = Database::empty().await.unwrap();
    let name = database.name().to_owned();
    let unwound = std::panic::catch_unwind(AssertUnwindSafe(move || {
        let _database = database;
        panic!("a test fails");
    }));
    assert!(unwound.is_err());
    assert!(!exists(server, &name).await);
}

#[tokio::test]
async fn a_database_that_is_kept_outlives_its_value() {
    let scratch = Scratch::new();
    let server = test_server(&scratch.options()).unwrap();
    let database = Database::empty_on(&server).await.unwrap();
    let url = database.keep();
    assert!(exists(&server, &url.database().unwrap()).await);
}

#[test]
fn a_template_is_set_up_once_however_many_ask_at_once() {
    let scratch = Scratch::new();
    let server = test_server(&scratch.options()).unwrap();
    let set_up = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (server, set_up) = (server.clone(), Arc::clone(&set_up));
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let template = Template::new("once", ["x"], async |url| {
                        set_up.fetch_add(1, Ordering::SeqCst);
                        create_users(url).await
                    });
                    let database = template.database_on(&server).await.unwrap();
                    let client = database.connect().await.unwrap();
                    client.query_one("SELECT id FROM users", &[]).await.unwrap();
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(set_up.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_template_whose_set_up_failed_half_way_is_made_again() {
    let scratch = Scratch::new();
    let server = test_server(&scratch.options()).unwrap();
    let failing = Template::new("half", ["x"], async |url: Url| {
        create_users(url).await?;
        Err::<(), Box<dyn std::error::Error + Send + Sync>>("the second half fails".into())
    });
    match failing.database_on(&server).await.unwrap_err() {
        Error::Setup { source, .. } => assert_eq!(source.to_string(), "the second half fails"),
        other => panic!("{other:?}"),
    }
    // Without starting afresh, the table would be there already.
    let working = Template::new("half", ["x"], create_users);
    drop(working.database_on(&server).await.unwrap());
}

#[tokio::test]
async fn other_content_is_another_template() {
    let scratch = Scratch::new();
    let server = test_server(&scratch.options()).unwrap();
    for (content, expected) in [("empty", 0), ("users", 1), ("empty", 0)] {
        let template = Template::new("content", [content], async |url| match content {
            "users" => create_users(url).await,
            _ => Ok(()),
        });
        let database = template.database_on(&server).await.unwrap();
        let client = database.connect().await.unwrap();
        let sql = "SELECT count(*) FROM pg_tables WHERE tablename = 'users'";
        let count: i64 = client.query_one(sql, &[]).await.unwrap().get(0);
        assert_eq!(count, expected, "{content}");
    }
}

#[tokio::test]
async fn left_overs_of_crashed_runs_are_swept_and_others_are_not() {
    let scratch = Scratch::new();
    let server = test_server(&scratch.options()).unwrap();
    let client = connect(server.url()).await;
    let left = "devdb_test_00000001_1_1000000000_0";
    let (foreign, template) = ("devdb_test_notes", "devdb_template_old_0000000000000001");
    for database in [left, foreign, template] {
        let sql = format!("CREATE DATABASE {database}");
        client.batch_execute(&sql).await.unwrap();
    }
    let finish = format!("COMMENT ON DATABASE {template} IS '1000000000'");
    client.batch_execute(&finish).await.unwrap();
    let finish = format!("ALTER DATABASE {template} IS_TEMPLATE true");
    client.batch_execute(&finish).await.unwrap();

    // One process sweeps once: this may not be the first test of this process.
    let program = std::env::current_exe().unwrap();
    let swept = std::process::Command::new(program)
        .args(["--exact", "child_process", "--ignored"])
        .env("TEST_DATABASE_URL", server.url().reveal())
        .output()
        .unwrap();
    assert!(swept.status.success(), "{swept:?}");
    assert!(!exists(&server, left).await);
    assert!(!exists(&server, template).await);
    assert!(exists(&server, foreign).await);
}

#[tokio::test]
#[ignore = "runs in the child process of another test"]
async fn child_process() {
    drop(Database::empty().await.unwrap());
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_shown() {
    let scratch = Scratch::new();
    let server = test_server(&scratch.options()).unwrap();
    let (before, after) = server.url().reveal().split_once('@').unwrap();
    let (scheme_and_user, _) = before.rsplit_once(':').unwrap();
    let mut options = scratch.options();
    options.url = Some(format!("{scheme_and_user}:wr0ng@{after}"));
    let server = test_server(&options).unwrap();

    let error = Database::empty_on(&server).await.unwrap_err();
    assert_eq!(error.code().map(|code| code.code()), Some("28P01"));
    assert!(!format!("{error} {error:?}").contains("wr0ng"));
}
