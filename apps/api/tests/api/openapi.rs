//! The OpenAPI document is committed, and is what the routes answer.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use crate::harness::{App, admin};

const COMMITTED: &str = include_str!("../../openapi.json");

const NOTHING: &str = "00000000-0000-4000-8000-000000000000";

#[test]
fn the_committed_document_is_that_of_the_routes() {
    assert!(
        api::openapi::document() == COMMITTED,
        "apps/api/openapi.json is not up to date; run `cargo run -p {} -- openapi > apps/api/openapi.json`",
        env!("CARGO_PKG_NAME")
    );
}

#[test]
fn the_document_bears_the_services_name() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    assert_eq!(document["info"]["title"], env!("CARGO_PKG_NAME"));
}

#[tokio::test]
async fn a_path_answers_to_the_methods_of_the_document_and_to_no_other() {
    let mut app = App::new().await;
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", NOTHING).replace("{token_id}", NOTHING);
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let known = operations.get(method.as_str().to_lowercase()).is_some();
            let answer = app.send(method.as_str(), &path, None).await;
            assert_eq!(answer.status != 405, known, "{method} {path}: {answer}");
            assert_ne!(answer.text_or_none("detail"), Some("there is no such path"), "{method} {path}");
        }
        // One of them is the logout.
        app.token = admin(&app.database).await;
    }
}

#[test]
fn every_operation_is_described_and_says_how_it_fails() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    let mut ids = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path} has no words");
            let content = &operation["responses"]["default"]["content"];
            assert!(content["application/problem+json"].is_object(), "{method} {path} does not say how it fails");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path} shares its id");
        }
    }
}

#[cfg(feature = "docs")]
#[tokio::test]
async fn the_page_asks_nobody_but_its_own_server() {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    let app = App::new().await;
    let get = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        assert_eq!(parts.status, 200, "{path}");
        (parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    };
    let (headers, page) = get("/docs").await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"), "{policy}");
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains(concat!("<title>", env!("CARGO_PKG_NAME"), "</title>")), "{page}");
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    for path in ["/docs/rapidoc.js", "/openapi.json"] {
        assert!(page.contains(path));
    }
    let (headers, script) = get("/docs/rapidoc.js").await;
    assert_eq!((&headers["content-encoding"], &script[..2]), (&"gzip".parse().unwrap(), &b"\x1f\x8b"[..]));
    let (_, document) = get("/openapi.json").await;
    assert_eq!(serde_json::from_slice::<Value>(&document).unwrap(), serde_json::from_str::<Value>(COMMITTED).unwrap());
}
