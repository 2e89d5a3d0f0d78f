//! What surrounds each answer.

use api::config::{Http, Origins};
use axum::body::Body;
use axum::http::{HeaderValue, Request};

use crate::harness::{App, http, migrated};

#[tokio::test]
async fn no_answer_is_shown_as_a_page_or_kept_by_a_proxy() {
    let app = App::new().await;
    for path in ["/users", "/livez", "/nowhere"] {
        let headers = app.get(path).await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'", "{path}");
        assert_eq!(headers["cache-control"], "private, no-cache", "{path}");
    }
}

/// What a browser asks before it lets a page of `origin` change something.
fn preflight(origin: &str) -> Request<Body> {
    let request = Request::builder().method("OPTIONS").uri("/users").header("origin", origin);
    let request = request.header("access-control-request-method", "PATCH");
    request.header("access-control-request-headers", "authorization,if-match").body(Body::empty()).unwrap()
}

#[tokio::test]
async fn pages_of_the_configured_origins_alone_may_use_the_api() {
    let ours = "https://app.example.com";
    let cors_origins = Origins::These(vec![HeaderValue::from_static(ours)]);
    let app = App::on(migrated().await, Http { cors_origins, ..http() });
    let headers = app.request(preflight(ours)).await.headers;
    assert_eq!(headers["access-control-allow-origin"], ours);
    assert!(headers["access-control-allow-methods"].to_str().unwrap().contains("PATCH"));
    assert!(headers["access-control-allow-headers"].to_str().unwrap().contains("if-match"));
    let others = app.request(preflight("https://evil.example")).await.headers;
    assert!(!others.contains_key("access-control-allow-origin"));
    let error = Request::get("/nowhere").header("origin", ours).body(Body::empty()).unwrap();
    assert_eq!(app.request(error).await.headers["access-control-allow-origin"], ours);
}

#[tokio::test]
async fn without_a_configured_origin_there_is_no_cors() {
    let app = App::new().await;
    let answer = app.request(preflight("https://app.example.com")).await;
    answer.assert_problem(405, &[]);
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[cfg(feature = "compression")]
#[tokio::test]
async fn an_answer_is_compressed_for_a_client_that_takes_it() {
    use tower::ServiceExt as _;

    let app = App::new().await;
    app.sql("insert into users (email) select 'user' || n || '@example.com' from generate_series(1, 100) n").await;
    let length = async |encoding: &str| {
        let request = Request::get("/users?limit=100").header("accept-encoding", encoding);
        let request = request.header("authorization", format!("Bearer {}", app.token)).body(Body::empty()).unwrap();
        let response = app.router.clone().oneshot(request).await.unwrap();
        let encoding = response.headers().get("content-encoding").cloned();
        (encoding, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().len())
    };
    let (none, plain) = length("identity").await;
    let (gzip, small) = length("gzip").await;
    assert_eq!((none, gzip), (None, Some(HeaderValue::from_static("gzip"))));
    assert!(small * 2 < plain, "{small} of {plain} bytes");
}
