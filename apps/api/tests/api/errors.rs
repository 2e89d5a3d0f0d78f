//! Errors have one format, whoever finds them.

use std::time::Duration;

use api::app::with_layers;
use api::db::{Database, Rule};
use api::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use sea_query::Query;
use serde_json::json;

use crate::harness::{App, answer, http, migrated, state};

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let app = App::new().await;
    for body in ["", "{", "{\"email\": }", "email=ann", "\u{feff}{}"] {
        app.send("POST", "/users", Some(body.to_owned())).await.assert_problem(400, &[]);
    }
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let answer = app.send("POST", "/users", Some(deep)).await;
    assert!(matches!(answer.status, 400 | 422), "{answer}");
    let request =
        Request::post("/users").header("content-type", "application/json").body(Body::from(&b"{\"\xff\"}"[..]));
    app.request(request.unwrap()).await.assert_problem(400, &[]);
}

#[tokio::test]
async fn a_body_must_be_called_json() {
    let app = App::new().await;
    let body = json!({"email": "ann@example.com"}).to_string();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
        let request = Request::post("/users").header("content-type", content_type).body(Body::from(body.clone()));
        app.request(request.unwrap()).await.assert_problem(415, &[]);
    }
    app.request(Request::post("/users").body(Body::from(body.clone())).unwrap()).await.assert_problem(415, &[]);
    let request = Request::post("/users").header("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(app.request(request.body(Body::from(body)).unwrap()).await.status, 201);
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let app = App::with(api::config::Http { body_limit: 100, ..http() }).await;
    let email = format!("{}@example.com", "a".repeat(100));
    app.post("/users", json!({ "email": email })).await.assert_problem(413, &[]);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_same_format() {
    let app = App::new().await;
    app.get("/").await.assert_problem(404, &[]);
    app.get("/users/").await.assert_problem(404, &[]);
    for (path, allowed) in [("/users", "GET,HEAD,POST"), ("/livez", "GET,HEAD")] {
        let answer = app.send("PUT", path, None).await;
        answer.assert_problem(405, &[]);
        assert_eq!(answer.headers["allow"], allowed);
    }
}

#[tokio::test]
async fn a_rule_of_the_database_names_its_field() {
    let database = migrated().await;
    let AppState { db, .. } = state(database.url());
    let insert = |email: &str, name: &str| {
        Query::insert().into_table("users").columns(["email", "name"]).values_panic([email.into(), name.into()]).take()
    };
    let violation = async |db: &Database, statement: &_| db.execute(statement).await.unwrap_err().violation().unwrap();
    let found = violation(&db, &insert("ann", "Ann")).await;
    assert_eq!((found.rule, found.fields), (Rule::Check, vec!["email".to_owned()]));
    let found = violation(&db, &insert("ann@example.com", "")).await;
    assert_eq!((found.rule, found.constraint.as_str()), (Rule::Check, "users_name_length"));
    let null = Query::update().table("users").value("role", Option::<String>::None).take();
    db.execute(&insert("ann@example.com", "Ann")).await.unwrap();
    let found = db.execute(&null).await.unwrap_err().violation().unwrap();
    assert_eq!((found.rule, found.fields), (Rule::NotNull, vec!["role".to_owned()]));
}

#[tokio::test]
async fn every_answer_has_the_requests_id() {
    let app = App::new().await;
    let request = Request::get("/nowhere").header("x-request-id", "mine").body(Body::empty()).unwrap();
    assert_eq!(app.request(request).await.headers["x-request-id"], "mine");
    for path in ["/users", "/livez", "/readyz"] {
        assert_eq!(app.get(path).await.headers["x-request-id"].len(), 36, "{path}");
    }
}

/// A route in the layers of the service, and no database.
async fn with_route(path: &str, routes: Router, limit: Duration) -> crate::harness::Answer {
    let routes = with_layers(routes, &api::config::Http { request_timeout: limit, ..http() });
    answer(routes, Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_panic_is_an_internal_error_that_leaks_nothing() {
    let routes = Router::new().route("/", get(async || -> () { panic!("the secret is out") }));
    let answer = with_route("/", routes, Duration::from_secs(5)).await;
    answer.assert_problem(500, &[]);
    assert!(!answer.body.to_string().contains("secret"), "{answer}");
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_given_up() {
    let routes = Router::new().route("/", get(async || tokio::time::sleep(Duration::from_secs(60)).await));
    let answer = with_route("/", routes, Duration::from_millis(50)).await;
    answer.assert_problem(503, &[]);
    assert_eq!(answer.headers["retry-after"], "1");
}

#[tokio::test]
async fn a_broken_query_is_an_internal_error_that_leaks_nothing() {
    let app = App::new().await;
    app.sql("alter table users rename column name to label").await;
    let answer = app.get("/users").await;
    answer.assert_problem(500, &[]);
    assert!(!answer.body.to_string().contains("name"), "{answer}");
}

#[tokio::test]
async fn what_another_transaction_has_stopped_may_be_tried_again() {
    let app = App::new().await;
    for (condition, detail) in [
        ("deadlock_detected", "it met another change; try again"),
        ("serialization_failure", "it met another change; try again"),
        ("lock_not_available", "the database took too long"),
    ] {
        app.sql(&format!(
            "create or replace function stop() returns trigger language plpgsql as
             $$ begin raise exception 'internal' using errcode = '{condition}'; end $$;
             create or replace trigger stop before insert on users for each row execute function stop()"
        ))
        .await;
        let answer = app.post("/users", json!({"email": "ann@example.com"})).await;
        answer.assert_problem(503, &[]);
        assert_eq!((answer.text("detail").as_str(), &answer.headers["retry-after"]), (detail, &"1".parse().unwrap()));
    }
}
