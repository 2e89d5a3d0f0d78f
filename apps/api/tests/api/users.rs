//! `/users`.

use serde_json::{Value, json};

use crate::harness::{ADMIN, App};

const NOBODY: &str = "/users/00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn a_created_user_has_its_defaults_and_is_found_where_the_answer_says() {
    let app = App::new().await;
    let created = app.post("/users", json!({"email": "Ann@example.com"})).await;
    assert_eq!(created.status, 201, "{created}");
    assert_eq!(created.body["email"], "Ann@example.com");
    assert_eq!((&created.body["name"], &created.body["role"]), (&Value::Null, &json!("member")));
    assert_eq!(created.body["created_at"], created.body["updated_at"]);
    let found = app.get(created.headers["location"].to_str().unwrap()).await;
    assert_eq!((found.status, found.body), (200, created.body));
}

#[tokio::test]
async fn a_user_is_created_with_what_is_given() {
    let app = App::new().await;
    let user = app.post("/users", json!({"email": "ann@example.com", "name": "Ann", "role": "admin"})).await;
    assert_eq!((&user.body["name"], &user.body["role"]), (&json!("Ann"), &json!("admin")), "{user}");
}

#[tokio::test]
async fn an_address_is_taken_whatever_its_case() {
    let app = App::new().await;
    app.user("ann@example.com").await;
    app.post("/users", json!({"email": "ann@example.com"})).await.assert_problem(409, &["email"]);
    app.post("/users", json!({"email": "ANN@example.com"})).await.assert_problem(409, &["email"]);
    let bob = app.user("bob@example.com").await;
    app.patch(&format!("/users/{bob}"), json!({"email": "Ann@Example.com"})).await.assert_problem(409, &["email"]);
}

#[tokio::test]
async fn an_update_tells_null_from_absent() {
    let app = App::new().await;
    let user = app.post("/users", json!({"email": "ann@example.com", "name": "Ann"})).await;
    let path = format!("/users/{}", user.text("id"));
    let kept = app.patch(&path, json!({"role": "admin"})).await;
    assert_eq!((&kept.body["name"], &kept.body["role"]), (&json!("Ann"), &json!("admin")), "{kept}");
    let removed = app.patch(&path, json!({"name": null})).await;
    assert_eq!((&removed.body["name"], &removed.body["role"]), (&Value::Null, &json!("admin")), "{removed}");
    assert_eq!(app.get(&path).await.body, removed.body);
}

#[tokio::test]
async fn an_update_sets_its_time_and_one_of_nothing_does_not() {
    let app = App::new().await;
    let path = format!("/users/{}", app.user("ann@example.com").await);
    let before = app.get(&path).await.body;
    let same = app.patch(&path, json!({})).await;
    assert_eq!((same.status, &same.body), (200, &before));
    let after = app.patch(&path, json!({"name": "Ann"})).await;
    assert!(after.text("updated_at").as_str() > before["updated_at"].as_str().unwrap(), "{after}");
    assert_eq!(after.body["created_at"], before["created_at"]);
}

#[tokio::test]
async fn null_is_refused_where_a_value_must_be() {
    let app = App::new().await;
    let path = format!("/users/{}", app.user("ann@example.com").await);
    app.patch(&path, json!({"email": null})).await.assert_problem(422, &["email"]);
    app.patch(&path, json!({"role": null})).await.assert_problem(422, &["role"]);
}

#[tokio::test]
async fn an_address_has_at_most_the_254_characters_that_a_mail_server_takes() {
    let app = App::new().await;
    let address = |length: usize| "a".repeat(length - "@example.com".len()) + "@example.com";
    assert_eq!(app.post("/users", json!({"email": address(254)})).await.status, 201);
    app.post("/users", json!({"email": address(255)})).await.assert_problem(422, &["email"]);
}

#[tokio::test]
async fn a_wrong_value_is_named() {
    let app = App::new().await;
    for (body, fields) in [
        (json!({}), &["email"][..]),
        (json!({"email": "ann"}), &["email"]),
        (json!({"email": 1}), &["email"]),
        (json!({"email": format!("{}@example.com", "a".repeat(255))}), &["email"]),
        (json!({"email": "ann@example.com", "role": "owner"}), &["role"]),
        (json!({"email": "ann@example.com", "nmae": "Ann"}), &["nmae"]),
        (json!({"email": "ann@example.com", "id": NOBODY}), &["id"]),
        (json!({"email": "ann@example.com", "name": "a\0"}), &["name"]),
        (json!({"email": "ann", "name": ""}), &["email", "name"]),
    ] {
        app.post("/users", body).await.assert_problem(422, fields);
    }
    assert_eq!(app.get("/users?email=ann@example.com").await.body["items"], json!([]));
}

// [sample]
#[tokio::test]
async fn a_deleted_user_is_gone_with_all_posts() {
    let app = App::new().await;
    let (ann, bob) = (app.user("ann@example.com").await, app.user("bob@example.com").await);
    let (hers, his) = (app.article(&ann, "Hers").await, app.article(&bob, "His").await);
    assert_eq!(app.delete(&format!("/users/{ann}")).await.status, 204);
    app.get(&format!("/users/{ann}")).await.assert_problem(404, &[]);
    app.get(&format!("/posts/{hers}")).await.assert_problem(404, &[]);
    assert_eq!(app.get(&format!("/posts/{his}")).await.status, 200);
}
// [/sample]

#[tokio::test]
async fn who_does_not_exist_is_not_found() {
    let app = App::new().await;
    app.get(NOBODY).await.assert_problem(404, &[]);
    app.patch(NOBODY, json!({"name": "Ann"})).await.assert_problem(404, &[]);
    app.patch(NOBODY, json!({})).await.assert_problem(404, &[]);
    app.delete(NOBODY).await.assert_problem(404, &[]);
    // [sample]
    app.get(&format!("{NOBODY}/posts")).await.assert_problem(404, &[]);
    // [/sample]
    app.get("/users/ann").await.assert_problem(400, &[]);
}

#[tokio::test]
async fn a_list_is_filtered_by_role_and_address() {
    let app = App::new().await;
    app.user("ann@example.com").await;
    app.post("/users", json!({"email": "Bob@example.com", "role": "admin"})).await;
    for (query, emails) in [
        ("role=admin", &["Bob@example.com", ADMIN][..]),
        ("email=bob@EXAMPLE.com", &["Bob@example.com"]),
        ("email=ann@example.com&role=admin", &[]),
    ] {
        let page = app.get(&format!("/users?{query}")).await;
        let found: Vec<_> = page.body["items"].as_array().unwrap().iter().map(|user| user["email"].clone()).collect();
        assert_eq!(found, emails, "{query}");
    }
}
