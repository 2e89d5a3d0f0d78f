//! `/metrics`, as Prometheus reads it.

use std::sync::Arc;

use api::config::Mode;
use api::metrics::Metrics;
use api::startup;
use api::state::AppState;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::json;
use tower::ServiceExt as _;

use crate::harness::{App, admin, answer, empty, http, migrated, serving, state};

/// The value of a line that begins with this name and these labels.
#[track_caller]
fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} is not in {text}")).parse().unwrap()
}

/// A service on a migrated database, what it counts, and an admin's token.
async fn counted() -> (App, Arc<Metrics>) {
    let database = migrated().await;
    let token = admin(&database).await;
    let state = state(database.url());
    let metrics = state.metrics.clone();
    (App { router: api::app::router(state, &http()), database, token }, metrics)
}

#[tokio::test]
async fn requests_are_counted_by_their_route_and_not_by_their_path() {
    let (app, metrics) = counted().await;
    let ann = app.user("ann@example.com").await;
    for _ in 0..3 {
        app.get(&format!("/users/{ann}")).await;
    }
    app.get("/users/00000000-0000-4000-8000-000000000000").await;
    app.post("/users", json!({})).await;
    app.get("/nowhere").await;
    app.send("BREW", "/users", None).await;
    let text = metrics.text().await;
    let requests = |method, route, status| {
        let labels = format!("{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}");
        value(&text, &format!("http_requests_total{labels}"))
    };
    assert_eq!(requests("GET", "/users/{id}", 200), 3.0);
    assert_eq!(requests("GET", "/users/{id}", 404), 1.0);
    assert_eq!(requests("POST", "/users", 201), 1.0);
    assert_eq!(requests("POST", "/users", 422), 1.0);
    assert_eq!(requests("GET", "none", 404), 1.0);
    assert_eq!(requests("other", "/users", 405), 1.0);
    let route = "{method=\"GET\",route=\"/users/{id}\"}";
    assert_eq!(value(&text, &format!("http_request_duration_seconds_count{route}")), 4.0);
    assert!(value(&text, &format!("http_request_duration_seconds_sum{route}")) > 0.0);
    assert!(!text.contains(&ann), "{text}");
}

#[tokio::test]
async fn the_pool_and_the_build_are_told() {
    let (app, metrics) = counted().await;
    app.get("/users").await;
    let text = metrics.text().await;
    assert_eq!(value(&text, "database_pool_connections_max{pool=\"primary\"}"), 4.0);
    assert_eq!(value(&text, "database_pool_waiting{pool=\"primary\"}"), 0.0);
    let open = value(&text, "database_pool_connections{pool=\"primary\"}");
    assert_eq!(value(&text, "database_pool_connections_idle{pool=\"primary\"}"), open);
    assert!(text.contains(concat!("build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1")), "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[tokio::test]
async fn pending_migrations_are_counted_as_long_as_they_are() {
    let (app, metrics) = counted().await;
    assert_eq!(value(&metrics.text().await, "migrations_pending"), 0.0);
    assert_eq!(value(&metrics.text().await, "ready"), 1.0);
    app.sql("delete from __drizzle_migrations").await;
    let text = metrics.text().await;
    assert!(value(&text, "migrations_pending") >= 1.0, "{text}");
    assert_eq!(value(&text, "ready"), 0.0);
}

#[tokio::test]
async fn they_have_a_listener_of_their_own_and_no_place_in_the_service() {
    let database = empty().await;
    let mut config = serving(database.url(), Mode::Apply);
    config.http.metrics_port = Some(0);
    let service = startup::start(&config).await.unwrap();
    let get = || Request::get("/metrics").body(Body::empty()).unwrap();
    answer(service.router, get()).await.assert_problem(404, &[]);
    let (listener, routes) = service.aside.unwrap();
    assert_ne!(listener.local_addr().unwrap(), service.listener.local_addr().unwrap());
    let response = routes.oneshot(get()).await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    assert!(value(&text, "migrations_applied") >= 1.0, "{text}");
    assert!(value(&text, "migrations_duration_seconds") > 0.0, "{text}");
    let AppState { metrics, .. } = state(database.url());
    assert_eq!(value(&metrics.text().await, "migrations_applied"), 0.0);
}
