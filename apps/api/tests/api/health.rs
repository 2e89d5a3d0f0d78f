//! `/livez` and `/readyz`.

use std::time::{Duration, Instant};

use api::config::{DatabaseUrl, Mode};
use api::migrations::Migrations;
use api::readiness::Readiness;
use api::state::AppState;
use axum::body::Body;
use axum::http::Request;
use tokio::net::TcpListener;

use crate::harness::{App, answer, empty, http, migrated, migrating, state};

#[tokio::test]
async fn a_migrated_database_is_ready() {
    let app = App::new().await;
    assert_eq!(app.get("/readyz").await.status, 200);
    assert_eq!(app.get("/livez").await.status, 200);
}

#[tokio::test]
async fn pending_migrations_are_not_ready_until_somebody_applies_them() {
    let app = App::on(empty().await, http());
    let answer = app.get("/readyz").await;
    answer.assert_problem(503, &[]);
    assert!(answer.text("detail").starts_with("migrations are pending: 0000_"), "{answer}");
    assert_eq!(app.get("/livez").await.status, 200);
    Migrations::embedded().unwrap().apply(&migrating(app.database.url(), Mode::Off)).await.unwrap();
    assert_eq!(app.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn a_ledger_that_lost_a_migration_is_not_ready_any_more() {
    let app = App::new().await;
    assert_eq!(app.get("/readyz").await.status, 200);
    app.sql("delete from __drizzle_migrations").await;
    app.get("/readyz").await.assert_problem(503, &[]);
}

#[tokio::test]
async fn an_edited_migration_is_not_ready() {
    let app = App::new().await;
    app.sql("update __drizzle_migrations set hash = repeat('0', 64)").await;
    let answer = app.get("/readyz").await;
    answer.assert_problem(503, &[]);
    assert!(answer.text("detail").contains("edited"), "{answer}");
}

#[tokio::test]
async fn a_migration_of_a_newer_release_changes_nothing() {
    let app = App::new().await;
    app.sql("insert into __drizzle_migrations (hash, created_at) values (repeat('0', 64), 9999999999999)").await;
    assert_eq!(app.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn a_database_that_is_gone_is_not_ready_and_the_process_still_lives() {
    let app = App::new().await;
    assert_eq!(app.get("/readyz").await.status, 200);
    let App { router, database, .. } = app;
    drop(database); // also ends the connections of the pool
    let get = |path: &str| answer(router.clone(), Request::get(path).body(Body::empty()).unwrap());
    get("/readyz").await.assert_problem(503, &[]);
    assert_eq!(get("/livez").await.status, 200);
}

#[tokio::test]
async fn a_server_that_is_away_is_answered_with_503() {
    // Bound and dropped: nothing listens there.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let answer = ready_on(port, "/users").await;
    answer.assert_problem(503, &[]);
    assert_eq!(answer.headers["retry-after"], "1");
    ready_on(port, "/readyz").await.assert_problem(503, &[]);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_within_two_seconds() {
    // Takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let started = Instant::now();
    ready_on(silent.local_addr().unwrap().port(), "/readyz").await.assert_problem(503, &[]);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

/// The answer of a service whose database is at this port.
async fn ready_on(port: u16, path: &str) -> crate::harness::Answer {
    let url = devdb::Url::parse(&format!("postgres://app:secret@127.0.0.1:{port}/app")).unwrap();
    assert!(DatabaseUrl::parse(url.reveal()).is_ok());
    let router = api::app::router(state(&url), &http());
    let request = Request::get(path).header("authorization", "Bearer api_unknown").body(Body::empty()).unwrap();
    answer(router, request).await
}

#[tokio::test]
async fn an_answer_holds_for_a_while_and_the_database_is_not_asked_again() {
    let database = migrated().await;
    let AppState { db, .. } = state(database.url());
    let readiness = Readiness::new(db, Migrations::embedded().unwrap()).fresh_for(Duration::from_secs(600));
    assert_eq!(readiness.check().await, Ok(()));
    database.connect().await.unwrap().batch_execute("delete from __drizzle_migrations").await.unwrap();
    assert_eq!(readiness.check().await, Ok(()));
}

#[tokio::test]
async fn a_process_that_drains_is_not_ready_and_asks_its_clients_to_leave() {
    let database = migrated().await;
    let state = state(database.url());
    state.readiness.drain();
    let router = api::app::router(state, &http());
    let get = |path: &str| answer(router.clone(), Request::get(path).body(Body::empty()).unwrap());
    let ready = get("/readyz").await;
    ready.assert_problem(503, &[]);
    assert_eq!(ready.text("detail"), "the process is stopping");
    let live = get("/livez").await;
    assert_eq!((live.status, live.headers["connection"].to_str().unwrap()), (200, "close"));
}
