//! Entity tags: nobody's change is lost.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::harness::{Answer, App};

/// A request with one more header.
async fn send(app: &App, method: &str, path: &str, (name, value): (&str, &str), body: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    app.request(request.header(name, value).body(Body::from(body.to_owned())).unwrap()).await
}

fn tag(answer: &Answer) -> String {
    answer.headers["etag"].to_str().unwrap().to_owned()
}

/// Two change what the first has seen.
async fn the_second_is_refused(app: &App, path: &str, first: &str, second: &str) {
    let seen = tag(&app.get(path).await);
    let changed = send(app, "PATCH", path, ("if-match", &seen), first).await;
    assert_eq!(changed.status, 200, "{changed}");
    assert_ne!(tag(&changed), seen);
    send(app, "PATCH", path, ("if-match", &seen), second).await.assert_problem(412, &[]);
    send(app, "PATCH", path, ("if-match", &seen), "{}").await.assert_problem(412, &[]);
    send(app, "DELETE", path, ("if-match", &seen), "").await.assert_problem(412, &[]);
    send(app, "DELETE", path, ("if-match", "\"x\""), "").await.assert_problem(412, &[]);
    let both = format!("{seen}, {}", tag(&changed));
    assert_eq!(send(app, "PATCH", path, ("if-match", &both), second).await.status, 200);
    assert_eq!(send(app, "DELETE", path, ("if-match", "*"), "").await.status, 204);
    send(app, "PATCH", path, ("if-match", &seen), first).await.assert_problem(404, &[]);
}

#[tokio::test]
async fn of_two_who_change_the_same_version_of_a_user_the_second_is_refused() {
    let app = App::new().await;
    let path = format!("/users/{}", app.user("ann@example.com").await);
    the_second_is_refused(&app, &path, r#"{"name": "Ann"}"#, r#"{"name": "Anna"}"#).await;
}

// [sample]
#[tokio::test]
async fn of_two_who_change_the_same_version_of_a_post_the_second_is_refused() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let path = format!("/posts/{}", app.article(&ann, "Hello").await);
    the_second_is_refused(&app, &path, r#"{"title": "One"}"#, r#"{"title": "Two"}"#).await;
}
// [/sample]

#[tokio::test]
async fn of_many_changes_at_once_one_is_made() {
    let app = App::new().await;
    let path = format!("/users/{}", app.user("ann@example.com").await);
    let seen = tag(&app.get(&path).await);
    let change = async |name: &str| {
        send(&app, "PATCH", &path, ("if-match", &seen), &json!({ "name": name }).to_string()).await.status
    };
    let (a, b, c, d) = tokio::join!(change("a"), change("b"), change("c"), change("d"));
    let mut statuses = [a, b, c, d];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412]);
}

#[tokio::test]
async fn every_change_makes_a_new_version_also_where_the_clock_was_set_back() {
    let app = App::new().await;
    let id = app.user("ann@example.com").await;
    app.sql("update users set updated_at = '2999-01-01'").await;
    let path = format!("/users/{id}");
    let before = tag(&app.get(&path).await);
    let after = tag(&app.patch(&path, json!({"name": "Ann"})).await);
    assert!(after > before, "{before} {after}");
}

#[tokio::test]
async fn what_the_client_has_already_is_not_sent_again() {
    let app = App::new().await;
    let created = app.post("/users", json!({"email": "ann@example.com"})).await;
    let path = format!("/users/{}", created.text("id"));
    let same = send(&app, "GET", &path, ("if-none-match", &tag(&created)), "").await;
    assert_eq!((same.status, same.body.is_null(), tag(&same)), (304, true, tag(&created)));
    app.patch(&path, json!({"name": "Ann"})).await;
    assert_eq!(send(&app, "GET", &path, ("if-none-match", &tag(&created)), "").await.status, 200);
}
