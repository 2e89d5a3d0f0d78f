//! What a start does about the database.

use std::fs;
use std::path::Path;
use std::time::Duration;

use api::config::Mode;
use api::db::ConnectError;
use api::startup::{self, Error};
use tokio::net::TcpListener;

use crate::harness::{empty, migrated, serving};

async fn tables(database: &devdb::test::Database) -> i64 {
    let sql = "select count(*) from pg_tables where schemaname = 'public'";
    database.connect().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn apply_brings_an_empty_database_up_to_date() {
    let database = empty().await;
    startup::start(&serving(database.url(), Mode::Apply)).await.unwrap();
    assert!(tables(&database).await >= 3);
    // And again, with nothing to do.
    startup::start(&serving(database.url(), Mode::Apply)).await.unwrap();
}

#[tokio::test]
async fn many_that_start_at_once_apply_each_migration_once() {
    let database = empty().await;
    let config = serving(database.url(), Mode::Apply);
    let (first, second, third) =
        tokio::join!(startup::start(&config), startup::start(&config), startup::start(&config));
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
}

#[tokio::test]
async fn verify_refuses_pending_migrations_and_changes_nothing() {
    let database = empty().await;
    let error = startup::start(&serving(database.url(), Mode::Verify)).await.unwrap_err();
    assert!(matches!(&error, Error::Migrations(migrator::Error::Pending { .. })), "{error}");
    assert!(error.to_string().contains("0000_"), "{error}");
    assert_eq!(tables(&database).await, 0);
}

#[tokio::test]
async fn verify_serves_where_nothing_is_pending() {
    let database = migrated().await;
    startup::start(&serving(database.url(), Mode::Verify)).await.unwrap();
}

#[tokio::test]
async fn off_serves_whatever_is_pending() {
    let database = empty().await;
    startup::start(&serving(database.url(), Mode::Off)).await.unwrap();
    assert_eq!(tables(&database).await, 0);
}

#[tokio::test]
async fn a_failed_migration_stops_the_start_with_the_whole_message() {
    let database = empty().await;
    let folder = tempfile::tempdir().unwrap();
    folder_with(folder.path(), "create table a (id int);\n--> statement-breakpoint\ncreate table b (id nonsense);\n");
    let mut config = serving(database.url(), Mode::Apply);
    config.migrations.folder = Some(folder.path().to_owned());
    let message = startup::start(&config).await.unwrap_err().to_string();
    for part in ["0000_broken", "statement 2 of 2", "nonsense", "42704", "Rolled back"] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
}

#[tokio::test]
async fn a_folder_takes_the_place_of_what_is_embedded() {
    let database = empty().await;
    let folder = tempfile::tempdir().unwrap();
    folder_with(folder.path(), "create table alone (id int);");
    let mut config = serving(database.url(), Mode::Apply);
    config.migrations.folder = Some(folder.path().to_owned());
    startup::start(&config).await.unwrap();
    // The table and the ledger.
    assert_eq!(tables(&database).await, 2);
}

#[tokio::test]
async fn a_taken_port_is_named_with_what_to_do() {
    let database = migrated().await;
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = serving(database.url(), Mode::Verify);
    config.http.address = taken.local_addr().unwrap();
    let message = startup::start(&config).await.unwrap_err().to_string();
    assert!(message.contains(&config.http.address.to_string()) && message.contains("PORT"), "{message}");
}

#[tokio::test]
async fn the_wait_for_a_server_is_bounded() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let url = devdb::Url::parse(&format!("postgres://app:s3cret@127.0.0.1:{port}/app")).unwrap();
    for mode in [Mode::Apply, Mode::Verify, Mode::Off] {
        let mut config = serving(&url, mode);
        config.database.connect_timeout = Duration::from_millis(500);
        config.migrations.connect_timeout = Duration::from_millis(500);
        let start = tokio::time::timeout(Duration::from_secs(3), startup::start(&config));
        let message = start.await.unwrap().unwrap_err().to_string();
        assert!(message.contains(&format!("127.0.0.1:{port}")) && !message.contains("s3cret"), "{message}");
    }
}

#[tokio::test]
async fn a_refused_login_is_not_waited_for() {
    let database = migrated().await;
    let missing =
        devdb::Url::parse(&database.url().reveal().replace(database.name(), "devdb_no_such_database")).unwrap();
    let mut config = serving(&missing, Mode::Off);
    config.database.connect_timeout = Duration::from_secs(60);
    let start = tokio::time::timeout(Duration::from_secs(10), startup::start(&config));
    let error = start.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Database(ConnectError::Refused { .. })), "{error:?}");
    assert!(error.to_string().ends_with("Check user, password, database and sslmode of DATABASE_URL"), "{error}");
}

#[tokio::test]
async fn a_start_for_development_makes_one_admin_with_one_token_however_often() {
    let database = empty().await;
    let mut config = serving(database.url(), Mode::Apply);
    config.development_user = Some("dev@example.com".to_owned());
    startup::start(&config).await.unwrap();
    startup::start(&config).await.unwrap();
    let sql = "select u.role::text, t.name from users u join api_tokens t on t.user_id = u.id";
    let rows = database.connect().await.unwrap().query(sql, &[]).await.unwrap();
    let found: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(found, [("admin".to_owned(), "development".to_owned())]);
}

/// A folder of one migration, as drizzle-kit writes it.
fn folder_with(folder: &Path, sql: &str) {
    fs::create_dir(folder.join("meta")).unwrap();
    fs::write(folder.join("0000_broken.sql"), sql).unwrap();
    let journal = r#"{"version": "7", "dialect": "postgresql", "entries":
        [{"idx": 0, "version": "7", "when": 1700000000000, "tag": "0000_broken", "breakpoints": true}]}"#;
    fs::write(folder.join("meta/_journal.json"), journal).unwrap();
}
