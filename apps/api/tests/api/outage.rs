//! The database goes away and comes back under the running service.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use api::config::Mode;
use api::startup;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use devdb::test::PrivateServer;
use serde_json::json;

use crate::harness::{Answer, answer, serving, token_at};

/// Asks until the answer has this status.
pub(crate) async fn until(router: &Router, token: &str, path: &str, status: u16) -> Answer {
    let started = Instant::now();
    loop {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let answer = answer(router.clone(), request.body(Body::empty()).unwrap()).await;
        if answer.status == status {
            return answer;
        }
        // Nothing else is seen on the way: no 500, and no token that is suddenly unknown.
        assert!([200, 503].contains(&answer.status), "{path}: {answer}");
        assert!(started.elapsed() < Duration::from_secs(10), "{path}: {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_answers_are_503_and_nobody_restarts_the_service_when_it_is_back() {
    let server = PrivateServer::start().unwrap();
    let url = server.url();
    let router = startup::start(&serving(url, Mode::Apply)).await.unwrap().router;
    let token = token_at(url).await;
    let paths = ["/users", "/readyz"];
    for path in paths {
        until(&router, &token, path, 200).await;
    }
    server.stop().unwrap();
    for path in paths {
        let answer = until(&router, &token, path, 503).await;
        answer.assert_problem(503, &[]);
        assert_eq!(answer.headers["retry-after"], "1", "{path}");
    }
    assert_eq!(until(&router, &token, "/livez", 200).await.body["status"], "alive");
    server.start_again().unwrap();
    for path in paths {
        until(&router, &token, path, 200).await;
    }
}

/// Creates one user after the other until it is told to end. The addresses of those that were acknowledged, and how
/// many were refused.
async fn create_users(router: Router, token: String, client: usize, ends: Arc<AtomicBool>) -> (Vec<String>, usize) {
    let (mut created, mut refused) = (Vec::new(), 0);
    while !ends.load(Ordering::Relaxed) {
        let email = format!("{}@{client}.example.com", created.len() + refused);
        let request = Request::post("/users").header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json");
        let answer =
            answer(router.clone(), request.body(Body::from(json!({"email": email}).to_string())).unwrap()).await;
        if answer.status == 201 {
            created.push(email);
        } else {
            answer.assert_problem(503, &[]);
            assert_eq!(answer.headers["retry-after"], "1", "{answer}");
            refused += 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    (created, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_under_load_is_there_after_the_database_was_away() {
    let server = PrivateServer::start().unwrap();
    let url = server.url();
    let router = startup::start(&serving(url, Mode::Apply)).await.unwrap().router;
    let token = token_at(url).await;
    let ends = Arc::new(AtomicBool::new(false));
    let clients = (0..8).map(|client| tokio::spawn(create_users(router.clone(), token.clone(), client, ends.clone())));
    let clients: Vec<_> = clients.collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.stop().unwrap();
    until(&router, &token, "/users", 503).await;
    server.start_again().unwrap();
    until(&router, &token, "/users", 200).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    ends.store(true, Ordering::Relaxed);

    let (db, connection) = tokio_postgres::connect(url.reveal(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    for client in clients {
        let (created, refused) = client.await.unwrap();
        assert!(!created.is_empty() && refused > 0, "{created:?}, {refused} refused");
        let sql = "select count(*) from users where email = any($1)";
        let there: i64 = db.query_one(sql, &[&created]).await.unwrap().get(0);
        assert_eq!(there, created.len() as i64);
    }
}
