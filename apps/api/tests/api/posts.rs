//! `/posts`.

use serde_json::{Value, json};

use crate::harness::App;

const NOTHING: &str = "/posts/00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn a_created_post_has_its_defaults_and_is_found_where_the_answer_says() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let created = app.post("/posts", json!({"author_id": ann, "title": "Hello"})).await;
    assert_eq!(created.status, 201, "{created}");
    assert_eq!((&created.body["body"], &created.body["status"]), (&json!(""), &json!("draft")));
    assert_eq!((&created.body["tags"], &created.body["published_at"]), (&json!([]), &Value::Null));
    let found = app.get(created.headers["location"].to_str().unwrap()).await;
    assert_eq!((found.status, found.body), (200, created.body));
}

#[tokio::test]
async fn a_post_keeps_what_is_written() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let body = json!({"author_id": ann, "title": "It's \"ö\" \\", "body": "one\ntwo", "tags": ["a,b", "{c}", "\"d\\"]});
    let post = app.post("/posts", body.clone()).await;
    for field in ["title", "body", "tags"] {
        assert_eq!(post.body[field], body[field], "{post}");
    }
    let path = format!("/posts/{}", post.text("id"));
    let changed = app.patch(&path, json!({"title": "New", "body": "", "tags": []})).await;
    assert_eq!((&changed.body["title"], &changed.body["body"]), (&json!("New"), &json!("")), "{changed}");
    assert_eq!((&changed.body["tags"], &changed.body["author_id"]), (&json!([]), &json!(ann)));
}

#[tokio::test]
async fn a_post_has_the_time_of_its_first_publication_until_it_is_a_draft_again() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let path = format!("/posts/{}", app.article(&ann, "Hello").await);
    let published = app.patch(&path, json!({"status": "published"})).await;
    let time = published.text("published_at");
    let again = app.patch(&path, json!({"status": "published"})).await;
    assert_eq!(again.text("published_at"), time);
    let draft = app.patch(&path, json!({"status": "draft"})).await;
    assert_eq!((&draft.body["status"], &draft.body["published_at"]), (&json!("draft"), &Value::Null), "{draft}");
    let born = app.post("/posts", json!({"author_id": ann, "title": "Now", "status": "published"})).await;
    assert_eq!(born.text("published_at"), born.text("created_at"));
}

#[tokio::test]
async fn a_list_is_filtered_by_status_and_author() {
    let app = App::new().await;
    let (ann, bob) = (app.user("ann@example.com").await, app.user("bob@example.com").await);
    let first = app.article(&ann, "First").await;
    let second = app.article(&ann, "Second").await;
    let third = app.article(&bob, "Third").await;
    app.patch(&format!("/posts/{second}"), json!({"status": "published"})).await;
    for (path, expected) in [
        ("/posts".to_owned(), vec![&third, &second, &first]),
        ("/posts?status=published".to_owned(), vec![&second]),
        (format!("/posts?author_id={ann}&status=draft"), vec![&first]),
        (format!("/posts?author_id={bob}"), vec![&third]),
        (format!("/users/{ann}/posts"), vec![&second, &first]),
    ] {
        let answer = app.get(&path).await;
        let items = answer.body["items"].as_array().unwrap();
        let ids: Vec<_> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_filter_is_named() {
    let app = App::new().await;
    app.get("/posts?status=hidden").await.assert_problem(422, &["status"]);
    app.get("/posts?author_id=ann").await.assert_problem(422, &["author_id"]);
    app.get("/posts?status=draft&status=draft").await.assert_problem(422, &["status"]);
}

#[tokio::test]
async fn a_user_without_posts_has_an_empty_list() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let posts = app.get(&format!("/users/{ann}/posts")).await;
    assert_eq!((posts.status, posts.body), (200, json!({"items": [], "next_cursor": null})));
}

#[tokio::test]
async fn an_author_must_exist() {
    let app = App::new().await;
    let post = json!({"author_id": "00000000-0000-4000-8000-000000000000", "title": "Hello"});
    app.post("/posts", post).await.assert_problem(422, &["author_id"]);
}

#[tokio::test]
async fn a_wrong_value_is_named() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    for (body, fields) in [
        (json!({"title": "Hello"}), &["author_id"][..]),
        (json!({"author_id": "ann", "title": "Hello"}), &["author_id"]),
        (json!({"author_id": ann, "title": ""}), &["title"]),
        (json!({"author_id": ann, "title": "a".repeat(201)}), &["title"]),
        (json!({"author_id": ann, "title": "Hello", "status": "hidden"}), &["status"]),
        (json!({"author_id": ann, "title": "Hello", "tags": ["a", ""]}), &["tags[1]"]),
        (json!({"author_id": ann, "title": "Hello", "tags": ["a", 1]}), &["tags[1]"]),
        (json!({"author_id": ann, "title": "Hello", "tags": vec!["a"; 21]}), &["tags"]),
        (json!({"author_id": ann, "title": "Hello", "published_at": null}), &["published_at"]),
    ] {
        app.post("/posts", body).await.assert_problem(422, fields);
    }
    let path = format!("/posts/{}", app.article(&ann, "Hello").await);
    app.patch(&path, json!({"title": null})).await.assert_problem(422, &["title"]);
    app.patch(&path, json!({"author_id": ann})).await.assert_problem(422, &["author_id"]);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let app = App::new().await;
    app.get(NOTHING).await.assert_problem(404, &[]);
    app.patch(NOTHING, json!({"title": "Hello"})).await.assert_problem(404, &[]);
    app.delete(NOTHING).await.assert_problem(404, &[]);
    let ann = app.user("ann@example.com").await;
    let path = format!("/posts/{}", app.article(&ann, "Hello").await);
    assert_eq!(app.delete(&path).await.status, 204);
    app.delete(&path).await.assert_problem(404, &[]);
}

#[tokio::test]
async fn a_list_is_filtered_by_a_tag() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    app.post("/posts", json!({"author_id": ann, "title": "Both", "tags": ["a", "b"]})).await;
    app.post("/posts", json!({"author_id": ann, "title": "One", "tags": ["b"]})).await;
    for (tag, count) in [("a", 1), ("b", 2), ("c", 0)] {
        assert_eq!(app.get(&format!("/posts?tag={tag}")).await.body["items"].as_array().unwrap().len(), count, "{tag}");
    }
}

#[tokio::test]
async fn a_batch_is_created_whole_and_in_order() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let posts: Vec<_> = (0..500).map(|n| json!({"author_id": ann, "title": format!("Post {n}")})).collect();
    let created = app.post("/posts/batch", json!({ "items": posts })).await;
    assert_eq!(created.status, 201, "{created}");
    let titles: Vec<_> = created.body["items"].as_array().unwrap().iter().map(|post| post["title"].clone()).collect();
    assert_eq!(titles, posts.iter().map(|post| post["title"].clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_batch_with_a_mistake_creates_nothing_and_names_every_one() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let good = json!({"author_id": ann, "title": "Good"});
    let items = json!([good, {"author_id": ann, "title": ""}, {"author_id": ann, "title": "a", "tags": [""]}]);
    let fields = &["items[1].title", "items[2].tags[0]"];
    app.post("/posts/batch", json!({ "items": items })).await.assert_problem(422, fields);
    let nobody = json!({"author_id": "00000000-0000-4000-8000-000000000000", "title": "Hello"});
    app.post("/posts/batch", json!({ "items": [good, nobody] })).await.assert_problem(422, &["author_id"]);
    app.post("/posts/batch", json!({ "items": [{"author_id": ann}] })).await.assert_problem(422, &["items[0].title"]);
    app.post("/posts/batch", json!({ "items": [] })).await.assert_problem(422, &["items"]);
    app.post("/posts/batch", json!({ "items": vec![good; 501] })).await.assert_problem(422, &["items"]);
    assert_eq!(app.get("/posts").await.body["items"], json!([]));
}
