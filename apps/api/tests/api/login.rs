//! Tokens for passwords.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Answer, App};

const PASSWORD: &str = "correct horse";

/// A service with a member who has a password, and the member's id.
async fn with_member() -> (App, String) {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let set = app.put(&format!("/users/{ann}/password"), json!({ "password": PASSWORD })).await;
    assert_eq!(set.status, 204, "{set}");
    (app, ann)
}

async fn login(app: &App, email: &str, password: &str) -> Answer {
    app.post("/login", json!({"email": email, "password": password})).await
}

#[tokio::test]
async fn a_password_gives_a_token_that_ends() {
    let (app, ann) = with_member().await;
    let app = app.seen_by(String::new());
    let answer = login(&app, "Ann@Example.com", PASSWORD).await;
    assert_eq!((answer.status, answer.text("user_id")), (201, ann.clone()), "{answer}");
    assert_eq!((answer.text("name").as_str(), answer.body.get("hash")), ("login", None));
    assert!(answer.text("expires_at") > answer.text("created_at"), "{answer}");
    let app = app.seen_by(answer.text("secret"));
    assert_eq!(app.get(&format!("/users/{ann}")).await.status, 200);
    app.post("/users", json!({"email": "eve@example.com"})).await.assert_problem(403, &[]);
    app.sql("update api_tokens set expires_at = now() where name = 'login'").await;
    app.get("/users").await.assert_problem(401, &[]);
}

#[tokio::test]
async fn what_has_ended_is_removed_with_the_next_login() {
    let (app, _) = with_member().await;
    login(&app, "ann@example.com", PASSWORD).await;
    app.sql("update api_tokens set expires_at = now() - interval '1 s' where name = 'login'").await;
    login(&app, "ann@example.com", PASSWORD).await;
    let client = app.database.connect().await.unwrap();
    let sql = "select count(*) from api_tokens where name = 'login'";
    assert_eq!(client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_logout_ends_its_own_token_and_no_other() {
    let (app, _) = with_member().await;
    let (one, other) = (login(&app, "ann@example.com", PASSWORD).await, login(&app, "ann@example.com", PASSWORD).await);
    let app = app.seen_by(one.text("secret"));
    assert_eq!(app.send("POST", "/logout", None).await.status, 204);
    app.send("POST", "/logout", None).await.assert_problem(401, &[]);
    assert_eq!(app.seen_by(other.text("secret")).get("/users").await.status, 200);
}

#[tokio::test]
async fn nobody_learns_from_a_refusal_whether_there_is_an_account() {
    let (app, _) = with_member().await;
    app.user("bob@example.com").await;
    let wrong = login(&app, "ann@example.com", "correct horsf").await;
    wrong.assert_problem(401, &[]);
    for email in ["bob@example.com", "nobody@example.com", "no address", "%"] {
        let answer = login(&app, email, PASSWORD).await;
        answer.assert_problem(401, &[]);
        assert_eq!(answer.body["detail"], wrong.body["detail"], "{email}");
    }
    app.post("/login", json!({"email": "ann@example.com"})).await.assert_problem(422, &["password"]);
    app.post("/login", json!({"email": "", "password": ""})).await.assert_problem(422, &["email", "password"]);
    let long = "a".repeat(129);
    app.post("/login", json!({"email": "ann@example.com", "password": long})).await.assert_problem(422, &["password"]);
}

#[tokio::test]
async fn an_account_that_is_none_takes_as_long() {
    let (app, _) = with_member().await;
    let mut times = [Duration::MAX; 2];
    for _ in 0..5 {
        for (email, time) in ["ann@example.com", "nobody@example.com"].into_iter().zip(&mut times) {
            let started = Instant::now();
            login(&app, email, "wrong password").await;
            *time = started.elapsed().min(*time);
        }
    }
    // Hashing is most of it: without, it would be a twentieth.
    let [known, unknown] = times;
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");
}

#[tokio::test]
async fn guessing_is_slowed_down_for_the_account_and_not_for_others() {
    let (app, _) = with_member().await;
    for _ in 0..10 {
        login(&app, "ann@example.com", "wrong password").await.assert_problem(401, &[]);
    }
    let refused = login(&app, "ANN@example.com", PASSWORD).await;
    refused.assert_problem(429, &[]);
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    login(&app, "bob@example.com", PASSWORD).await.assert_problem(401, &[]);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_ends_the_other_logins() {
    let (app, ann) = with_member().await;
    let path = format!("/users/{ann}/password");
    let (mine, lost) = (login(&app, "ann@example.com", PASSWORD).await, login(&app, "ann@example.com", PASSWORD).await);
    let kept = app.token_of(&ann).await;
    let app = app.seen_by(mine.text("secret"));
    app.put(&path, json!({"password": "short", "current": PASSWORD})).await.assert_problem(422, &["password"]);
    app.put(&path, json!({"password": "battery staple"})).await.assert_problem(422, &["current"]);
    let wrong = json!({"password": "battery staple", "current": "wrong password"});
    app.put(&path, wrong).await.assert_problem(422, &["current"]);
    let right = json!({"password": "battery staple", "current": PASSWORD});
    assert_eq!(app.put(&path, right).await.status, 204);

    login(&app, "ann@example.com", PASSWORD).await.assert_problem(401, &[]);
    assert_eq!(login(&app, "ann@example.com", "battery staple").await.status, 201);
    assert_eq!(app.get("/users").await.status, 200);
    let app = app.seen_by(lost.text("secret"));
    app.get("/users").await.assert_problem(401, &[]);
    assert_eq!(app.seen_by(kept).get("/users").await.status, 200, "a token that no login made stays");
}

#[tokio::test]
async fn nobody_sets_the_password_of_another_but_an_admin() {
    let (app, ann) = with_member().await;
    let nobody = "/users/00000000-0000-4000-8000-000000000000/password";
    app.put(nobody, json!({ "password": PASSWORD })).await.assert_problem(404, &[]);
    let bob = app.user("bob@example.com").await;
    let as_bob = app.token_of(&bob).await;
    let app = app.seen_by(as_bob);
    app.put(&format!("/users/{ann}/password"), json!({ "password": PASSWORD })).await.assert_problem(403, &[]);
    let mine = format!("/users/{bob}/password");
    assert_eq!(app.put(&mine, json!({ "password": PASSWORD })).await.status, 204, "a first one replaces none");
}
