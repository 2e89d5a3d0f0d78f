//! What the pools are told.

use std::time::{Duration, Instant};

use api::config::{DatabaseUrl, Mode};
use api::startup;
use axum::body::Body;
use axum::http::Request;

use crate::harness::{App, admin, answer, migrated, serving};

#[tokio::test]
async fn lists_are_read_from_the_replica_and_single_rows_from_the_database() {
    let (database, replica) = (migrated().await, migrated().await);
    let mut config = serving(database.url(), Mode::Verify);
    config.database.read_url = Some(DatabaseUrl::parse(replica.url().reveal()).unwrap());
    let token = admin(&database).await;
    let router = startup::start(&config).await.unwrap().router;
    let app = App { router, database, token };
    let ann = app.user("ann@example.com").await;
    assert_eq!(app.get(&format!("/users/{ann}")).await.status, 200);
    assert_eq!(app.get("/users").await.body["items"].as_array().unwrap().len(), 0);
    let sql = "insert into users (email) values ('bob@example.com'), ('eve@example.com')";
    replica.connect().await.unwrap().batch_execute(sql).await.unwrap();
    assert_eq!(app.get("/users").await.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_given_up_by_the_server() {
    let database = migrated().await;
    let mut config = serving(database.url(), Mode::Verify);
    config.database.statement_timeout = Duration::from_millis(100);
    let token = admin(&database).await;
    let router = startup::start(&config).await.unwrap().router;
    let locker = database.connect().await.unwrap();
    locker.batch_execute("begin; lock table users in access exclusive mode").await.unwrap();
    let get = || Request::get("/users").header("authorization", format!("Bearer {token}")).body(Body::empty());
    let refused = answer(router.clone(), get().unwrap()).await;
    refused.assert_problem(503, &[]);
    assert_eq!(refused.text("detail"), "the database took too long");
    locker.batch_execute("rollback").await.unwrap();
    assert_eq!(answer(router, get().unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_cancelled_and_holds_no_connection() {
    let database = migrated().await;
    let mut config = serving(database.url(), Mode::Verify);
    config.http.request_timeout = Duration::from_millis(300);
    config.database.pool_size = 1;
    let token = admin(&database).await;
    let router = startup::start(&config).await.unwrap().router;
    let locker = database.connect().await.unwrap();
    locker.batch_execute("begin; lock table posts in access exclusive mode").await.unwrap();
    let get =
        |path: &str| Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    answer(router.clone(), get("/posts")).await.assert_problem(503, &[]);
    // The only connection of the pool is free although the table is still locked.
    let users = answer(router.clone(), get("/users")).await;
    assert_eq!(users.status, 200, "{users}");
    let waiting =
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let started = Instant::now();
    while locker.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(started.elapsed() < Duration::from_secs(10), "the statement still waits for its lock");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_url_that_demands_encryption_gets_no_connection_without() {
    let database = migrated().await;
    let url = |mode| DatabaseUrl::parse(database.url().with_parameter("sslmode", mode).reveal()).unwrap();
    let mut config = serving(database.url(), Mode::Off);
    config.database.url = url("require");
    // The server of the tests has none.
    let error = startup::start(&config).await.unwrap_err();
    assert!(matches!(error, startup::Error::Database(_)), "{error}");
    assert!(migrator::chain(&error).contains("TLS"), "{}", migrator::chain(&error));
    config.database.url = url("prefer");
    startup::start(&config).await.unwrap();
}
