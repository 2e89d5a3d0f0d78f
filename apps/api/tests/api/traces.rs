//! Spans, as a collector gets them.
#![cfg(unix)]

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use crate::binary::{Service, api, get_as, read};
use crate::harness::{admin, migrated};

/// A collector: what is sent to it, one after the other, and where it listens.
async fn collector() -> (Arc<Mutex<Vec<u8>>>, String) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let kept = sent.clone();
    let routes = Router::new().route("/v1/traces", post(async move |body: Bytes| kept.lock().await.extend(body)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, routes).await });
    (sent, url)
}

/// A text stands in protobuf as it is, and so do the bytes of an id.
fn has(sent: &[u8], part: impl AsRef<[u8]>) -> bool {
    sent.windows(part.as_ref().len()).any(|window| window == part.as_ref())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_span_of_a_request_arrives_in_the_trace_that_the_client_began() {
    let database = migrated().await;
    let token = admin(&database).await;
    let (sent, url) = collector().await;
    let mut service = Service::start(api(database.url()).env("OTEL_EXPORTER_OTLP_ENDPOINT", url));
    let headers = "Host: api\r\nX-Request-Id: the-id-of-it\r\n\
                   traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = get_as(&token, "/users/00000000-0000-4000-8000-000000000000");
    let answer = read(service.send(&request.replacen("Host: api", headers, 1)));
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    // Spans wait for others, up to five seconds: what is left is sent at the end.
    service.terminate();
    assert_eq!(service.ended().0, Some(0));

    let sent = sent.lock().await;
    for text in [
        "GET /users/{id}",
        "http.route",
        "the-id-of-it",
        "http.response.status_code",
        "db.query.text",
        "FROM \"users\"",
    ] {
        assert!(has(&sent, text), "{text} is not in {}", String::from_utf8_lossy(&sent));
    }
    let trace = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    let parent = 0xb7ad_6b71_6920_3331_u64.to_be_bytes();
    assert!(has(&sent, trace) && has(&sent, parent), "{}", String::from_utf8_lossy(&sent));
    assert!(!has(&sent, &token), "no span has a secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_holds_nothing_up() {
    let database = migrated().await;
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut service = Service::start(
        api(database.url())
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{away}"))
            .env("OTEL_EXPORTER_OTLP_TIMEOUT", "500"),
    );
    assert!(read(service.send(&crate::binary::get("/readyz"))).starts_with("HTTP/1.1 200"));
    service.terminate();
    let (code, waited) = service.ended();
    assert_eq!(code, Some(0));
    assert!(waited < std::time::Duration::from_secs(10), "{waited:?}");
}
