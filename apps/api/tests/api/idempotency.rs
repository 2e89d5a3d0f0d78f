//! Requests that are sent again.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::harness::{Answer, App};

async fn post(app: &App, path: &str, key: &str, body: Value) -> Answer {
    let request = Request::post(path).header("content-type", "application/json").header("idempotency-key", key);
    app.request(request.body(Body::from(body.to_string())).unwrap()).await
}

/// How many users there are with an address that begins like that.
async fn count(app: &App, name: &str) -> i64 {
    let client = app.database.connect().await.unwrap();
    client.query_one("select count(*) from users where starts_with(email, $1)", &[&name]).await.unwrap().get(0)
}

async fn create(app: &App, key: &str, name: &str) -> Answer {
    post(app, "/users", key, json!({ "email": format!("{name}@example.com") })).await
}

#[tokio::test]
async fn what_is_sent_again_is_done_once_and_answered_alike() {
    let app = App::new().await;
    let (first, again) = (create(&app, "1", "ann").await, create(&app, "1", "ann").await);
    assert_eq!((first.status, again.status), (201, 201), "{first} {again}");
    assert_eq!(first.body, again.body);
    for name in ["location", "etag", "content-type"] {
        assert!(first.headers.contains_key(name) && first.headers[name] == again.headers[name], "{name}");
    }
    assert!(!first.headers.contains_key("idempotency-replayed"));
    assert_eq!(again.headers["idempotency-replayed"], "true");
}

// [sample]
#[tokio::test]
async fn posts_are_created_once_alone_and_together() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let item = |title: &str| json!({"author_id": ann, "title": title});
    for (path, body, posts) in
        [("/posts", item("Hello"), 1), ("/posts/batch", json!({"items": [item("a"), item("b")]}), 3)]
    {
        let first = post(&app, path, path, body.clone()).await;
        assert_eq!((first.status, post(&app, path, path, body).await.body), (201, first.body));
        assert_eq!(app.get("/posts").await.body["items"].as_array().unwrap().len(), posts);
    }
}
// [/sample]

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let app = App::new().await;
    assert_eq!(create(&app, "1", "ann").await.status, 201);
    create(&app, "1", "bob").await.assert_problem(422, &["idempotency-key"]);
    assert_eq!(create(&app, "2", "bob").await.status, 201);
    create(&app, "two words", "eve").await.assert_problem(400, &[]);
    let other = app.post("/users", json!({"email": "other@example.com", "role": "admin"})).await.text("id");
    let token = app.token_of(&other).await;
    let app = app.seen_by(token);
    assert_eq!(create(&app, "1", "eve").await.status, 201);
}

#[tokio::test]
async fn what_was_refused_leaves_its_key_free() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    post(&app, "/users", "1", json!({"email": "ann"})).await.assert_problem(422, &["email"]);
    create(&app, "1", "ann").await.assert_problem(409, &["email"]);
    app.delete(&format!("/users/{ann}")).await;
    assert_eq!(create(&app, "1", "ann").await.status, 201);
}

#[tokio::test]
async fn of_many_at_once_one_creates() {
    let app = App::new().await;
    let create = async || create(&app, "1", "ann").await;
    let answers: [Answer; 4] = tokio::join!(create(), create(), create(), create()).into();
    assert_eq!(count(&app, "ann").await, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.assert_problem(409, &[]);
    }
    assert!(answers.iter().any(|answer| answer.status == 201 && !answer.headers.contains_key("idempotency-replayed")));
}

#[tokio::test]
async fn while_the_first_runs_the_second_is_told_to_wait() {
    let app = App::new().await;
    let locker = app.database.connect().await.unwrap();
    // Rows can still be read, and so tokens.
    locker.batch_execute("begin; lock table users in share mode").await.unwrap();
    let second = async {
        let client = app.database.connect().await.unwrap();
        let blocked = "select count(*) from pg_locks where not granted and relation = 'users'::regclass";
        while client.query_one(blocked, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let answer = create(&app, "1", "ann").await;
        locker.batch_execute("rollback").await.unwrap();
        answer
    };
    let (first, second) = tokio::join!(create(&app, "1", "ann"), second);
    assert_eq!(first.status, 201, "{first}");
    second.assert_problem(409, &[]);
    assert_eq!(second.headers["retry-after"], "1");
    assert_eq!(create(&app, "1", "ann").await.body, first.body);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let app = App::new().await;
    for (key, name) in [("1", "ann"), ("2", "bob")] {
        assert_eq!(create(&app, key, name).await.status, 201);
    }
    app.sql("update idempotency_keys set created_at = now() - interval '24 hours 1 s'").await;
    assert_eq!(create(&app, "1", "eve").await.status, 201);
    create(&app, "1", "ann").await.assert_problem(422, &["idempotency-key"]);
    let client = app.database.connect().await.unwrap();
    let kept = client.query("select key from idempotency_keys", &[]).await.unwrap();
    let kept: Vec<String> = kept.iter().map(|row| row.get(0)).collect();
    assert_eq!(kept, ["1"], "what is forgotten is removed, too");
}
