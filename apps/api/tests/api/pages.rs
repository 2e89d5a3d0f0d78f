//! Lists in pages.

use serde_json::Value;

use crate::harness::App;

/// The ids of all pages, read with `limit` at a time, and how many pages there were.
async fn walk(app: &App, path: &str, limit: usize) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = app.get(&format!("{path}?limit={limit}{cursor}")).await;
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
        expected.insert(0, app.user(&format!("user{number}@example.com")).await);
    }
    assert_eq!(walk(&app, "/users", 3).await, (expected.clone(), 3));
    // The last page is full, and still the last.
    assert_eq!(walk(&app, "/users", 7).await, (expected, 1));
}

#[tokio::test]
async fn rows_of_one_moment_are_parted_by_their_ids() {
    let app = App::new().await;
    let ann = app.user("ann@example.com").await;
    app.sql(&format!(
        "insert into posts (author_id, title, created_at)
         select '{ann}', 'Post ' || n, timestamptz '2024-01-01 00:00:00.123456' from generate_series(1, 25) n"
    ))
    .await;
    for path in ["/posts".to_owned(), format!("/users/{ann}/posts")] {
        let (ids, pages) = walk(&app, &path, 10).await;
        let mut sorted = ids.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        sorted.dedup();
        assert_eq!((ids.len(), pages), (25, 3));
        assert_eq!(ids, sorted);
    }
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
        app.get(&format!("/posts?cursor={cursor}")).await.assert_problem(422, &["cursor"]);
    }
    app.get("/posts?limit=0&cursor=x").await.assert_problem(422, &["limit", "cursor"]);
}
