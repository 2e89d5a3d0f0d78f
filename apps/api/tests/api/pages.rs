//! Lists in pages.

use serde_json::{Value, json};

use crate::harness::App;

/// The ids of all pages, read with `limit` at a time, and how many pages there were.
async fn walk(app: &App, path: &str, limit: usize) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = app.get(&format!("{path}{}limit={limit}{cursor}", if path.contains('?') { '&' } else { '?' })).await;
        assert_eq!(page.status, 200, "{page}");
        let items = page.body["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        pages += 1;
        match &page.body["next_cursor"] {
            Value::Null => return (ids, pages),
            next => cursor = format!("&cursor={}", next.as_str().unwrap()),
        }
    }
}

#[tokio::test]
async fn pages_have_every_row_once_newest_first() {
    let app = App::new().await;
    let mut expected = Vec::new();
    for number in 0..7 {
        expected.insert(
            0,
            app.post("/users", json!({"email": format!("{number}@example.com"), "role": "admin"})).await.text("id"),
        );
    }
    let (ids, pages) = walk(&app, "/users?role=admin", 3).await;
    // Before them all, the admin of the tests was made.
    assert_eq!((&ids[..7], pages), (&expected[..], 3));
    // The last page is full, and still the last.
    assert_eq!(walk(&app, "/users?role=admin", 8).await, (ids, 1));
}

#[tokio::test]
async fn rows_of_one_moment_are_parted_by_their_ids() {
    let app = App::new().await;
    app.sql(
        "insert into users (email, created_at)
         select n || '@example.com', timestamptz '2024-01-01 00:00:00.123456' from generate_series(1, 25) n",
    )
    .await;
    let (ids, pages) = walk(&app, "/users?role=member", 10).await;
    let mut sorted = ids.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!((ids.len(), pages), (25, 3));
    assert_eq!(ids, sorted);
}

#[tokio::test]
async fn a_page_is_not_moved_by_rows_that_come_or_go() {
    let app = App::new().await;
    let mut users = Vec::new();
    for number in 0..4 {
        users.push(app.user(&format!("user{number}@example.com")).await);
    }
    let first = app.get("/users?limit=2").await;
    let cursor = first.text("next_cursor");
    app.user("new@example.com").await;
    app.delete(&format!("/users/{}", users[2])).await;
    let second = app.get(&format!("/users?limit=2&cursor={cursor}")).await;
    let ids: Vec<_> =
        second.body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&users[1], &users[0]]);
}

#[tokio::test]
async fn a_page_has_twenty_rows_unless_told_otherwise() {
    let app = App::new().await;
    app.sql("insert into users (email) select 'user' || n || '@example.com' from generate_series(1, 120) n").await;
    for (path, count) in [("/users", 20), ("/users?limit=1", 1), ("/users?limit=100", 100)] {
        assert_eq!(app.get(path).await.body["items"].as_array().unwrap().len(), count, "{path}");
    }
}

#[tokio::test]
async fn limits_and_cursors_that_make_no_sense_are_refused() {
    let app = App::new().await;
    for limit in ["0", "101", "-1", "ten", "1e1", ""] {
        app.get(&format!("/users?limit={limit}")).await.assert_problem(422, &["limit"]);
    }
    for cursor in ["", "next", "%00", &"f".repeat(48), &"7".repeat(48)] {
        app.get(&format!("/users?cursor={cursor}")).await.assert_problem(422, &["cursor"]);
    }
    app.get("/users?limit=0&cursor=x").await.assert_problem(422, &["limit", "cursor"]);
}

// [sample]
#[tokio::test]
async fn a_list_is_sorted_by_a_column_either_way_and_page_by_page() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    let mut posts = Vec::new();
    for title in ["b", "a", "aa", "a", "c"] {
        posts.push(app.article(&ann, title).await);
    }
    for limit in [1, 2, 5] {
        let (ids, _) = walk(&app, "/posts?sort=title", limit).await;
        let (back, _) = walk(&app, "/posts?sort=-title", limit).await;
        assert_eq!(ids.iter().rev().collect::<Vec<_>>(), back.iter().collect::<Vec<_>>());
        let mut twins = [&posts[1], &posts[3]];
        twins.sort();
        assert_eq!([&ids[0], &ids[1], &ids[3], &ids[4]], [twins[0], twins[1], &posts[0], &posts[4]]);
        assert_eq!(walk(&app, "/posts?sort=created_at", limit).await.0, posts);
    }
    app.get("/posts?sort=body").await.assert_problem(422, &["sort"]);
    let cursor = app.get("/posts?sort=title&limit=1").await.text("next_cursor");
    app.get(&format!("/posts?cursor={cursor}")).await.assert_problem(422, &["cursor"]);
}
// [/sample]

#[tokio::test]
async fn a_list_is_narrowed_to_a_time() {
    let app = App::new().await;
    app.sql(
        "insert into users (email, created_at)
         select 'user' || n || '@example.com', timestamptz '2024-01-01' + n * interval '1 day' from generate_series(1, 5) n",
    )
    .await;
    let page =
        app.get("/users?created_after=2024-01-03T00:00:00Z&created_before=2024-01-05T00:00:00Z&sort=email").await;
    let emails: Vec<_> =
        page.body["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["user2@example.com", "user3@example.com"]);
    app.get("/users?created_after=yesterday").await.assert_problem(422, &["created_after"]);
}
