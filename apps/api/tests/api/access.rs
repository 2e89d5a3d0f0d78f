//! Who may do what.

use std::time::Duration;

use api::config::Mode;
use api::startup;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::harness::{App, admin, migrated, serving};

const COMMITTED: &str = include_str!("../../openapi.json");

/// The service as a member sees it, and that member's id.
async fn as_member(email: &str) -> (App, String) {
    let app = App::new().await;
    let id = app.user(email).await;
    let token = app.token_of(&id).await;
    (app.seen_by(token), id)
}

#[tokio::test]
async fn nothing_but_health_documents_and_the_login_is_open() {
    let app = App::new().await.seen_by(String::new());
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    let mut closed = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let known = path.replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{token_id}", "x");
        for (method, operation) in operations.as_object().unwrap() {
            let answer = app.send(&method.to_uppercase(), &known, None).await;
            if ["/livez", "/readyz"].contains(&path.as_str()) {
                assert_eq!(answer.status, 200, "{path}");
            } else if path == "/login" {
                answer.assert_problem(400, &[]);
                assert!(operation.get("security").is_none(), "{method} {path}");
            } else {
                answer.assert_problem(401, &[]);
                assert_eq!(answer.headers["www-authenticate"], "Bearer", "{method} {path}");
                assert!(operation["security"].is_array(), "{method} {path}");
                closed += 1;
            }
        }
    }
    assert!(closed >= 10, "{closed}");
}

#[tokio::test]
async fn a_token_holds_until_it_ends_or_is_deleted() {
    let (app, ann) = as_member("ann@example.com").await;
    let path = format!("/users/{ann}/tokens");
    let made = app.post(&path, json!({"name": "laptop", "expires_at": "2999-01-01T00:00:00Z"})).await;
    assert_eq!(made.status, 201, "{made}");
    let secret = made.text("secret");
    let listed = app.get(&path).await;
    assert_eq!(listed.body["items"][0]["name"], "laptop", "{listed}");
    assert!(!listed.body.to_string().contains(&secret) && listed.body["items"][0].get("hash").is_none());

    let as_laptop = async || {
        let request = Request::get("/users").header("authorization", format!("Bearer {secret}"));
        app.request(request.body(Body::empty()).unwrap()).await.status
    };
    assert_eq!(as_laptop().await, 200);
    app.sql("update api_tokens set expires_at = now() - interval '1 s' where name = 'laptop'").await;
    assert_eq!(as_laptop().await, 401);
    app.sql("update api_tokens set expires_at = null where name = 'laptop'").await;
    assert_eq!(as_laptop().await, 200);
    let token = format!("{path}/{}", made.text("id"));
    assert_eq!(app.delete(&token).await.status, 204);
    assert_eq!(as_laptop().await, 401);
    app.delete(&token).await.assert_problem(404, &[]);
}

#[tokio::test]
async fn a_token_needs_a_name_and_a_future() {
    let (app, ann) = as_member("ann@example.com").await;
    let wrong = json!({"name": "", "expires_at": "2001-01-01T00:00:00Z"});
    app.post(&format!("/users/{ann}/tokens"), wrong).await.assert_problem(422, &["name", "expires_at"]);
}

#[tokio::test]
async fn the_table_of_tokens_has_no_secret() {
    let (app, _) = as_member("ann@example.com").await;
    let client = app.database.connect().await.unwrap();
    let rows = client.query("select api_tokens::text from api_tokens", &[]).await.unwrap();
    assert!(rows.len() >= 2 && rows.iter().all(|row| !row.get::<_, String>(0).contains("api_")));
}

#[tokio::test]
async fn a_member_changes_what_is_their_own_and_no_role() {
    let (app, ann) = as_member("ann@example.com").await;
    app.sql("insert into users (email) values ('bob@example.com')").await;
    let bob = app.get("/users?email=bob@example.com").await.body["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(app.patch(&format!("/users/{ann}"), json!({"name": "Ann"})).await.status, 200);
    app.patch(&format!("/users/{ann}"), json!({"role": "admin"})).await.assert_problem(403, &[]);
    app.post("/users", json!({"email": "eve@example.com"})).await.assert_problem(403, &[]);
    app.patch(&format!("/users/{bob}"), json!({"name": "Bob"})).await.assert_problem(403, &[]);
    app.delete(&format!("/users/{bob}")).await.assert_problem(403, &[]);
    app.get(&format!("/users/{bob}/tokens")).await.assert_problem(403, &[]);
    app.post(&format!("/users/{bob}/tokens"), json!({"name": "mine"})).await.assert_problem(403, &[]);
    // [sample]
    let theirs = json!({"author_id": bob, "title": "Hello"});
    app.post("/posts", theirs.clone()).await.assert_problem(403, &[]);
    app.post("/posts/batch", json!({ "items": [theirs] })).await.assert_problem(403, &[]);
    // [/sample]
    assert_eq!(app.delete(&format!("/users/{ann}")).await.status, 204);
    app.get("/users").await.assert_problem(401, &[]);
}

// [sample]
#[tokio::test]
async fn a_draft_is_seen_by_its_author_alone() {
    let app = App::new().await;
    let (ann, bob) = (app.user("ann@example.com").await, app.user("bob@example.com").await);
    let (as_ann, as_bob) = (app.token_of(&ann).await, app.token_of(&bob).await);
    let app = app.seen_by(as_ann);
    let draft = format!("/posts/{}", app.article(&ann, "Draft").await);
    let public = app.post("/posts", json!({"author_id": ann, "title": "Public", "status": "published"})).await;
    let public = format!("/posts/{}", public.text("id"));
    assert_eq!(app.get("/posts").await.body["items"].as_array().unwrap().len(), 2);

    let app = app.seen_by(as_bob);
    for list in ["/posts".to_owned(), format!("/users/{ann}/posts"), format!("/posts?author_id={ann}")] {
        assert_eq!(app.get(&list).await.body["items"].as_array().unwrap().len(), 1, "{list}");
    }
    app.get(&draft).await.assert_problem(404, &[]);
    app.patch(&draft, json!({"title": "Mine"})).await.assert_problem(404, &[]);
    app.delete(&draft).await.assert_problem(404, &[]);
    assert_eq!(app.get(&public).await.status, 200);
    app.patch(&public, json!({"title": "Mine"})).await.assert_problem(403, &[]);
    app.delete(&public).await.assert_problem(403, &[]);
}
// [/sample]

/// A service that knows for a minute who called, and a token of its admin.
async fn with_memory() -> App {
    let database = migrated().await;
    let mut config = serving(database.url(), Mode::Verify);
    config.http.token_cache = Duration::from_secs(60);
    let token = admin(&database).await;
    let router = startup::start(&config).await.unwrap().router;
    App { router, database, token }
}

#[tokio::test]
async fn a_token_is_looked_up_once_in_a_while() {
    let app = with_memory().await;
    assert_eq!(app.get("/users").await.status, 200);
    let locker = app.database.connect().await.unwrap();
    locker.batch_execute("begin; lock table api_tokens in access exclusive mode").await.unwrap();
    assert_eq!(app.get("/users").await.status, 200);
    locker.batch_execute("rollback").await.unwrap();
}

#[tokio::test]
async fn what_this_process_ends_ends_at_once() {
    let app = with_memory().await;
    let (ann, bob) = (app.user("ann@example.com").await, app.user("bob@example.com").await);
    let (hers, his) = (app.token_of(&ann).await, app.token_of(&bob).await);
    let as_holder = async |token: &str, method: &str, path: &str, body: Value| {
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json").body(Body::from(body.to_string()));
        app.request(request.unwrap()).await.status
    };
    // Nobody is an admin any more, or for the first time, one request late.
    let eve = json!({"email": "eve@example.com"});
    assert_eq!(as_holder(&hers, "POST", "/users", eve.clone()).await, 403);
    app.patch(&format!("/users/{ann}"), json!({"role": "admin"})).await;
    assert_eq!(as_holder(&hers, "POST", "/users", eve).await, 201);
    // A token that is deleted.
    let tokens = format!("/users/{ann}/tokens");
    let id = app.get(&tokens).await.body["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(app.delete(&format!("{tokens}/{id}")).await.status, 204);
    assert_eq!(as_holder(&hers, "GET", "/users", Value::Null).await, 401);
    // A user who is.
    assert_eq!(as_holder(&his, "GET", "/users", Value::Null).await, 200);
    assert_eq!(app.delete(&format!("/users/{bob}")).await.status, 204);
    assert_eq!(as_holder(&his, "GET", "/users", Value::Null).await, 401);
    // A logout.
    assert_eq!(app.send("POST", "/logout", None).await.status, 204);
    app.get("/users").await.assert_problem(401, &[]);
}
